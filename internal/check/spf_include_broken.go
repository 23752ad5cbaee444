package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfIncludeBroken = Check{
	ID:       "spf-include-broken",
	Severity: finding.Error,
	Title:    "an include or redirect leads to a record that is broken",
	Explain: `The included record, or one that it includes in turn, has a mistake that makes its evaluation end in
permerror. That result is handed on: your own record is permerror too, for every sender that no term before the
include matches.

The mistake itself is named in its own finding. If the record belongs to somebody else, tell them, and take the term
out until it is repaired, or put the terms that match your most important senders before it.`,
	Refs: []string{"RFC 7208 §5.2", "RFC 7208 §6.1"},
	Run:  runSPFIncludeBroken,
}

func runSPFIncludeBroken(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		for n := range r.terms() {
			reason := brokenReason(n)
			if n.State != spf.StatePermError || reason == "" || d.own(n.Target) && onlyBelow(n) {
				continue
			}
			faults = append(faults, r.fail(n.Term,
				fmt.Sprintf("%q leads to a record that cannot be evaluated (%s): permerror for every sender that no earlier term matches", n.Term.Text, reason),
				brokenFix(d, r, n)))
		}
	}
	return faults
}

func brokenFix(d *Domain, r spfRecord, n *spf.Node) string {
	if d.own(n.Target) {
		return "repair the record of " + n.Target.Unicode()
	}
	advice := fmt.Sprintf("ask the operator of %s to repair it, or take the term out", n.Target.Unicode())
	return d.propose(r, withoutTerms(r.Record, n.Term), advice)
}

// onlyBelow reports whether a record of one's own is all right but for what an
// include of it leads to, which has its own finding.
func onlyBelow(n *spf.Node) bool {
	if n.Record == nil || !n.Record.Valid() {
		return false
	}
	for _, c := range n.Children {
		if c.State == spf.StatePermError && c.Term.Kind != spf.KindInclude && c.Term.Kind != spf.KindRedirect {
			return false
		}
	}
	return true
}

// brokenReason words the first mistake in what an include or redirect leads to,
// "" if the term itself is at fault.
func brokenReason(n *spf.Node) string {
	switch {
	case n.Term.Kind != spf.KindInclude && n.Term.Kind != spf.KindRedirect || !n.Term.Valid:
		return ""
	case n.Record == nil:
		return n.Note
	case !n.Record.Valid():
		return n.Record.Errors[0].Message + ", in the record of " + n.Target.Unicode()
	}
	for _, c := range n.Children {
		switch c.State {
		case spf.StateNone, spf.StateLoop:
			return c.Note
		case spf.StatePermError:
			if reason := brokenReason(c); reason != "" {
				return reason
			}
			return c.Note
		}
	}
	return ""
}
