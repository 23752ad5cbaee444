package check

import (
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimDormant = Check{
	ID:       "dkim-dormant",
	Severity: finding.Note,
	Title:    "a Microsoft 365 selector waits for its key",
	Explain: `Microsoft 365 signs with one of its two selectors at a time. The other one is in use, and this one has no key
until the next rotation. Nothing is wrong; keep the CNAME record.`,
	Refs: []string{"Microsoft: set up DKIM to sign mail from your cloud domain"},
	Run:  runDKIMDormant,
}

func runDKIMDormant(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, s := range d.inState(dkim.Dormant) {
		faults = append(faults, fail(s.Name,
			fmt.Sprintf("%s has no key yet, which is as it should be: the other selector is in use", s.Selector),
			"keep the CNAME record: Microsoft 365 makes the key at the next rotation"))
	}
	return faults
}
