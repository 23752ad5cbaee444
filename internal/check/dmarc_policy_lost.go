package check

import (
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcPolicyLost = Check{
	ID:       "dmarc-policy-lost",
	Severity: finding.Error,
	Title:    "a missing or invalid policy switches DMARC off",
	Explain: `The record's p=, sp= or np= holds something else than none, quarantine and reject, or it has neither p= nor a
usable rua=. One such mistake counts for the whole record: if rua= holds a usable address, receivers act as if it said
p=none, else as if there were no record. A typing error in sp= thus undoes p=reject.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §4.10.1"},
	Run:  runDMARCPolicyLost,
}

func runDMARCPolicyLost(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	if !ok || step.Record.Use == dmarc.UsePolicy || impliesNone(step.Record) || hasKind(step.Record, dmarc.MissingSemicolon) {
		return nil
	}
	return d.recordFaults(isKind(dmarc.PolicyMissing, dmarc.PolicyInvalid), func(p dmarc.Problem) string {
		tag := "p"
		for _, t := range step.Record.Tags {
			if t.ValueSpan == p.Span {
				tag = strings.ToLower(t.Name)
			}
		}
		return "write " + tag + "=none, " + tag + "=quarantine or " + tag + "=reject in the record"
	})
}

// impliesNone reports whether a record leaves p= out and so says p=none, which
// RFC 9989 §4.7 allows where rua= is there.
func impliesNone(r dmarc.Record) bool {
	return r.Use == dmarc.UseAsNone && hasKind(r, dmarc.PolicyMissing) && !hasKind(r, dmarc.PolicyInvalid)
}
