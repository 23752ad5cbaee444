package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var spfRedirectIgnored = Check{
	ID:       "spf-redirect-ignored",
	Severity: finding.Warning,
	Title:    `"redirect" stands beside "all" and is ignored`,
	Explain: `A redirect takes effect only in a record without "all", wherever the two stand. Here it does nothing:
whatever the other record authorises is not authorised.

Write an include before "all" if the servers of the other record are to send, or take the redirect out.`,
	Refs: []string{"RFC 7208 §6.1"},
	Run:  runSPFRedirectIgnored,
}

func runSPFRedirectIgnored(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		i, all := r.Record.Redirect(), r.Record.All()
		if i < 0 || all < 0 {
			continue
		}
		t, end := r.Record.Terms[i], r.Record.Terms[all].Text
		advice := fmt.Sprintf("if its servers are to send, put %q before %q; if not, take it out", "include:"+t.Domain, end)
		faults = append(faults, r.fail(t, fmt.Sprintf("%q has no effect, because the record has %q", t.Text, end),
			d.propose(r, withoutTerms(r.Record, t), advice)))
	}
	return faults
}
