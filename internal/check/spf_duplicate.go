package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfDuplicate = Check{
	ID:       "spf-duplicate",
	Severity: finding.Warning,
	Title:    "the SPF record holds the same term twice",
	Explain: `The second of two equal terms can never match, because the first would have. If it asks the DNS it costs
its lookups a second time, and an include all those inside it too: receivers do not skip a name that they have seen.

Take the second one out.`,
	Refs: []string{"RFC 7208 §4.6.4"},
	Run:  runSPFDuplicate,
}

func runSPFDuplicate(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		second := repeatedTerms(r)
		repeats := func(n *spf.Node) bool { _, ok := second[n]; return ok }
		for n := range r.terms() {
			if !repeats(n) {
				continue
			}
			message := fmt.Sprintf("%q repeats an earlier term", n.Term.Text)
			if t := second[n]; t.Text != n.Term.Text {
				message = fmt.Sprintf("%q means the same as %q before it", n.Term.Text, t.Text)
			}
			if n.Lookups > 0 {
				message += fmt.Sprintf(", and costs %s of the %d DNS lookups again", atLeast(n.Lookups, n.Partial), maxLookups)
			}
			faults = append(faults, r.fail(n.Term, message, d.dropFix(r, n, "take the second one out", repeats)))
		}
	}
	return faults
}

// repeatedTerms returns the terms of a record that repeat another, and which.
func repeatedTerms(r spfRecord) map[*spf.Node]spf.Term {
	first := make(map[string]spf.Term)
	second := make(map[*spf.Node]spf.Term)
	for n := range r.terms() {
		key := sameAs(n)
		if key == "" {
			continue
		}
		if t, seen := first[key]; seen {
			second[n] = t
		} else {
			first[key] = n.Term
		}
	}
	return second
}

// sameAs is equal for terms that match the same senders, and "" for those that
// are not compared. The qualifier does not matter: the second never matches.
func sameAs(n *spf.Node) string {
	t := n.Term
	switch {
	case !t.Valid || !t.Kind.Mechanism():
		return ""
	case t.Kind == spf.KindA || t.Kind == spf.KindMX:
		if n.Target != "" { // "a" and "a:" with the domain's own name
			return fmt.Sprintf("%s:%s/%d//%d", t.Kind, n.Target, t.Bits4(), t.Bits6())
		}
	}
	return strings.TrimLeft(t.String(), "+-~?")
}
