package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcInherited = Check{
	ID:       "dmarc-inherited",
	Severity: finding.Note,
	Title:    "the DMARC policy comes from a parent domain",
	Explain: `The domain has no DMARC record, so the one of its organizational domain applies, or else that of the public
suffix above: with sp= if the name exists, with np= if it does not, and with p= where these are not given. Nothing is wrong
with that; a change of the parent's record changes this domain too.`,
	Refs: []string{"RFC 9989 §4.10.1"},
	Run:  runDMARCInherited,
}

func runDMARCInherited(d *Domain) []finding.Finding {
	step, ok := d.policyStep()
	p := d.DMARC.Discovery
	if !ok || p.Err != nil || p.Source != dmarc.FromOrg && p.Source != dmarc.FromPSD {
		return nil
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, p.Tag),
		fmt.Sprintf("the policy %s for %s comes from %s (%s=)", p.Policy, d.Name.Unicode(), step.Domain.Unicode(), policyTag(p)),
		fmt.Sprintf("publish a record at _dmarc.%s only if the domain needs a policy of its own", d.Name.Zone()))}
}
