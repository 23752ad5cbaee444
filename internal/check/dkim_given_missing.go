package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimGivenMissing = Check{
	ID:       "dkim-given-missing",
	Severity: finding.Error,
	Title:    "nothing is published for a selector that was named",
	Explain: `You named this selector, but nothing is published for it, so signatures that carry it cannot be verified. If a
message carries it, the record was deleted or never made; else the selector has a typing error. The selector is the value
of s= in the header DKIM-Signature, and the domain that of d=.`,
	Refs: []string{"RFC 6376 §3.5", "RFC 6376 §6.1.2"},
	Run:  runDKIMGivenMissing,
}

func runDKIMGivenMissing(d *Domain) []finding.Finding {
	if !d.isPresent() {
		return nil
	}
	var faults []finding.Finding
	for _, s := range d.DKIM.Selectors[:min(d.DKIM.Given, len(d.DKIM.Selectors))] {
		switch {
		case s.Name == "" && len(s.Problems) > 0:
			faults = append(faults, fail(d.Name, "no name can be made of the selector: "+s.Problems[0].Message, "give the value of s= in the header DKIM-Signature"))
		case s.State == dkim.Missing:
			faults = append(faults, fail(s.Name, "nothing is published for the selector "+s.Selector,
				"publish the record that the service that signs asks for at "+s.Name.Zone()+", or correct the selector"))
		case s.State == dkim.Wildcard:
			faults = append(faults, fail(s.Name, "for the selector "+s.Selector+" only a wildcard record answers",
				"publish the record that the service that signs asks for at "+s.Name.Zone()+", or correct the selector"))
		}
	}
	return faults
}
