package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcForeignText = Check{
	ID:       "dmarc-foreign-text",
	Severity: finding.Note,
	Title:    "other TXT records stand at the DMARC name",
	Explain: `At _dmarc there is a TXT record that is no DMARC record. Receivers ignore it. Often it is the answer of a wildcard
record for all names of the domain, or a proof of ownership that was put at the wrong place.`,
	Refs: []string{"RFC 9989 §4.10", "RFC 4592 §2.1"},
	Run:  runDMARCForeignText,
}

func runDMARCForeignText(d *Domain) []finding.Finding {
	step, ok := d.ownStep()
	if !ok || step.Err != nil || !d.isPresent() {
		return nil
	}
	var faults []finding.Finding
	for _, t := range step.Texts {
		if t.Fate == dmarc.Foreign || t.Fate == dmarc.NearMiss && step.Kept {
			faults = append(faults, failAt(step.Name, t.Text, finding.Span{},
				fmt.Sprintf("%s holds a TXT record that is no DMARC record", step.Name),
				"remove the record; if a wildcard record answers, that is the one to look at"))
		}
	}
	return faults
}
