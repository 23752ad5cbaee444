package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfAfterAll = Check{
	ID:       "spf-after-all",
	Severity: finding.Warning,
	Title:    `a term stands after "all" and is never looked at`,
	Explain: `"all" matches every sender, so the evaluation ends there. What stands after it has no effect: the service
that it names is not authorised. It happens when a term is added at the end of the record.

Put the term before "all" if it is needed, or take it out.`,
	Refs: []string{"RFC 7208 §5.1"},
	Run:  runSPFAfterAll,
}

func runSPFAfterAll(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		var dead []spf.Term
		for i, t := range r.Record.Terms {
			if !r.Record.Reached(i) && t.Kind != spf.KindRedirect {
				dead = append(dead, t)
			}
		}
		if len(dead) == 0 {
			continue
		}
		all, without := r.Record.Terms[r.Record.All()].Text, withoutTerms(r.Record, dead...)
		for _, t := range dead {
			advice := fmt.Sprintf("if %q is needed, put it before %q; if not, take it out", t.Text, all)
			faults = append(faults, r.fail(t, fmt.Sprintf("%q stands after %q and is never looked at", t.Text, all),
				d.propose(r, without, advice)))
		}
	}
	return faults
}
