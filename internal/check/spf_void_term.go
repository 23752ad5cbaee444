package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfVoidTerm = Check{
	ID:       "spf-void-term",
	Severity: finding.Warning,
	Title:    "a term of the SPF record finds nothing",
	Explain: `The term leads to a name without an address, so it never matches: it authorises nobody, and costs one of
ten DNS lookups and one of two void lookups. Usual causes are "a" or "mx" in the record of a domain that has no such
record, a server that was switched off, and a typing error.

Take the term out, or correct the name.`,
	Refs: []string{"RFC 7208 §4.6.4"},
	Run:  runSPFVoidTerm,
}

func runSPFVoidTerm(d *Domain) []finding.Finding {
	if !d.spfAnswered() || d.SPF.Voids4 > maxVoids {
		return nil
	}
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		void := func(n *spf.Node) bool { return n.State == spf.StateVoid }
		for n := range r.terms() {
			if void(n) {
				faults = append(faults, r.fail(n.Term, fmt.Sprintf("%q finds nothing: %s", n.Term.Text, n.Note),
					d.dropFix(r, n, "correct the name, or take the term out", void)))
			}
		}
	}
	return faults
}
