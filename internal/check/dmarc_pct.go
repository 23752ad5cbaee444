package check

import (
	"fmt"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcPCT = Check{
	ID:       "dmarc-pct",
	Severity: finding.Warning,
	Title:    "the policy is meant for a part of the mail, but applies to all",
	Explain: `pct= asked receivers to apply the policy to that percentage of failing mail, to raise it step by step. RFC 9989
removed the tag: receivers that follow it apply the policy to all failing mail, older ones still to a part. So the step is
no step any more.

Remove pct= if all your senders pass. If not, lower p= until they do: that is what all receivers understand.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §9.3"},
	Run:  runDMARCPCT,
}

func runDMARCPCT(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	if !ok {
		return nil
	}
	return d.recordFaults(d.isPartial, func(dmarc.Problem) string {
		return fmt.Sprintf("remove pct= if all your senders pass, else publish a lower policy than %s", max(step.Record.P, step.Record.SP))
	})
}

// isPartial reports whether a problem of the record that applies is a pct= that
// older receivers act on.
func (d *Domain) isPartial(p dmarc.Problem) bool {
	rec := d.DMARC.Record
	return p.Kind == dmarc.RemovedTag && rec.PCT < 100 && max(rec.P, rec.SP, rec.NP) > dmarc.None &&
		strings.HasPrefix(strings.ToLower(rec.Text()[p.Span.Start:]), "pct")
}
