package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfDeadInclude = Check{
	ID:       "spf-dead-include",
	Severity: finding.Warning,
	Title:    "an include authorises nobody",
	Explain: `The included record names no server at all. Some services emptied their record when they moved to DKIM or
to an envelope sender of their own, and left it so that old includes do no harm. The include costs a DNS lookup and
does nothing.

Take it out. If the service does send with your domain in the envelope sender, ask it what to publish now.`,
	Refs: []string{"RFC 7208 §5.2"},
	Run:  runSPFDeadInclude,
}

func runSPFDeadInclude(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		for n := range r.terms() {
			if deadInclude(n) {
				faults = append(faults, r.fail(n.Term,
					fmt.Sprintf("%q authorises nobody: the record there is %q", n.Term.Text, n.Record.Text()),
					d.dropFix(r, n, "take it out", deadInclude)))
			}
		}
	}
	return faults
}

// deadInclude reports whether a term includes a record that lets nobody send.
func deadInclude(n *spf.Node) bool {
	if n.Term.Kind != spf.KindInclude || n.Record == nil || !n.Record.Valid() {
		return false
	}
	for _, t := range n.Record.Terms {
		switch t.Kind {
		case spf.KindExp, spf.KindUnknownModifier:
		case spf.KindAll:
			if t.Qualifier == spf.QualifierPass {
				return false
			}
		default:
			return false
		}
	}
	return true
}
