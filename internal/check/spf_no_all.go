package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var spfNoAll = Check{
	ID:       "spf-no-all",
	Severity: finding.Warning,
	Title:    `the SPF record has neither "all" nor "redirect"`,
	Explain: `When no term matches and the record does not say what then, the result is neutral: a forged message is
treated as if the domain had no SPF record.

End the record in "~all", or in "-all" if the domain sends nothing.`,
	Refs: []string{"RFC 7208 §4.7", "RFC 7208 §5.1"},
	Run:  runSPFNoAll,
}

func runSPFNoAll(d *Domain) []finding.Finding {
	r, ok := d.spfEnd()
	switch {
	case !ok || !r.Record.Valid() || r.lostAll():
		return nil // permerror, whatever stands at the end
	case r.Record.All() >= 0:
		return []finding.Finding{pass(r.Name, fmt.Sprintf("the SPF record ends in %q", r.Record.Terms[r.Record.All()].Text))}
	}
	fix := d.askOperator(r.Name, "end it in ~all")
	if end := d.ownEnd(); end != "" {
		fix = end
	}
	if d.own(r.Name) {
		fix = d.propose(r, beforeAll(r.Record, "~all"), "end the record in ~all")
	}
	return []finding.Finding{failAt(r.Name, r.Record.Text(), finding.Span{},
		fmt.Sprintf("the SPF record of %s has neither all nor redirect, so it says nothing about servers that it does not name", r.Name.Unicode()), fix)}
}
