package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimRevoked = Check{
	ID:       "dkim-revoked",
	Severity: finding.Note,
	Title:    "a DKIM key was withdrawn",
	Explain: `An empty p= says that the key of this selector must no longer be trusted. That is right for a key that is out of
use. If the domain still signs with the selector, all its signatures fail.`,
	Refs: []string{"RFC 6376 §3.6.1"},
	Run:  runDKIMRevoked,
}

func runDKIMRevoked(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(dkim.KeyRevoked) {
		var span finding.Span
		if t, ok := s.Record.Tag("p"); ok {
			span = finding.Span(t.Span())
		}
		faults = append(faults, failAt(s.Name, s.Record.Text(), span,
			fmt.Sprintf("the key of %s was withdrawn", s.Selector),
			"make sure that nothing signs with this selector; remove the record when mail signed with it has been delivered"))
	}
	return faults
}
