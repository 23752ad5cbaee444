package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcDelegated = Check{
	ID:       "dmarc-delegated",
	Severity: finding.Note,
	Title:    "the DMARC record is kept by somebody else",
	Explain: `The name _dmarc is a CNAME: the record is that of its target, and whoever runs the target sets the policy. That is
usual with services that manage DMARC, and some hosters preset it. To set a policy or a report address of your own, replace
the CNAME by a TXT record: the two cannot stand side by side. When such a service is left, the CNAME must go, or the policy
vanishes with it.`,
	Refs: []string{"RFC 1034 §3.6.2", "RFC 9989 §4.10"},
	Run:  runDMARCDelegated,
}

func runDMARCDelegated(d *Domain) []finding.Finding {
	step, ok := d.ownStep()
	if !ok || step.Err != nil || len(step.Chain) == 0 || !d.isPresent() {
		return nil
	}
	target, ok := step.Chain[len(step.Chain)-1].Data.(dns.CNAME)
	if !ok {
		return nil
	}
	what := "which sets the policy"
	if !step.Kept {
		what = "where there is no DMARC record"
	}
	return []finding.Finding{fail(step.Name, fmt.Sprintf("%s is an alias of %s, %s", step.Name, target.Target, what),
		"keep the CNAME only if the operator of "+target.Target.String()+" is to set the policy; for one of your own, replace it by a TXT record")}
}
