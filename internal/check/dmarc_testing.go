package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcTesting = Check{
	ID:       "dmarc-testing",
	Severity: finding.Warning,
	Title:    "the DMARC policy is in test mode",
	Explain: `t=y asks receivers to apply the policy one level lower: reject becomes quarantine, and quarantine becomes none.
Receivers that follow the older RFC 7489 do not know the tag and apply the policy as it stands.

Remove t=y when the reports show that all your senders pass.`,
	Refs: []string{"RFC 9989 §4.7"},
	Run:  runDMARCTesting,
}

func runDMARCTesting(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	p := d.DMARC.Discovery
	if !ok || p.Err != nil || !step.Record.T || p.Effective == p.Policy {
		return nil
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, "t"),
		fmt.Sprintf("t=y turns %s=%s into %s", policyTag(p), p.Policy, p.Effective),
		"remove t=y when the reports show that all your senders pass")}
}

// enforces reports whether receivers that follow RFC 9989 act on failures.
func enforces(p dmarc.Discovery) bool {
	return p.Err == nil && (p.Effective == dmarc.Quarantine || p.Effective == dmarc.Reject)
}
