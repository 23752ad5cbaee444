package check

import (
	"fmt"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimWrongType = Check{
	ID:       "dkim-wrong-type",
	Severity: finding.Error,
	Title:    "a DKIM CNAME was published as a TXT record",
	Explain: `The name that the selector should lead to was published as the text of a TXT record. Verifiers read that text
as a key and find none, so every signature with this selector fails.

Delete the TXT record and publish a CNAME record with the same target.`,
	Refs: []string{"RFC 6376 §3.6.2", "Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMWrongType,
}

func runDKIMWrongType(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(dkim.WrongType) {
		text := s.Record.Text()
		faults = append(faults, failAt(s.Name, text, finding.Span{End: len(text)},
			fmt.Sprintf("a TXT record of %s holds the name that a CNAME record should lead to", s.Selector),
			fmt.Sprintf("replace the TXT record by %s IN CNAME %s.", s.Name.Zone(), strings.TrimSuffix(text, "."))))
	}
	return faults
}
