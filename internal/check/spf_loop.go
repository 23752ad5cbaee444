package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfLoop = Check{
	ID:       "spf-loop",
	Severity: finding.Error,
	Title:    "an SPF record includes itself",
	Explain: `Following the includes leads back to a record that is being evaluated. That has no end, so each evaluation
runs into the limit of ten lookups and is permerror, for every sender that no earlier term matches. A record never
needs to include its own name.

Take out the term that leads back. To use one record for several domains, let them all include a third name.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §11.1"},
	Run:  runSPFLoop,
}

func runSPFLoop(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		loops := func(n *spf.Node) bool { return n.State == spf.StateLoop }
		for n := range r.terms() {
			if loops(n) {
				faults = append(faults, r.fail(n.Term,
					fmt.Sprintf("%q leads back to the record of %s, which never ends: permerror for every sender that no earlier term matches",
						n.Term.Text, n.Target.Unicode()),
					d.dropFix(r, n, "take the term out", loops)))
			}
		}
	}
	return faults
}
