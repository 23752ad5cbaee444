package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcAlmost = Check{
	ID:       "dmarc-almost",
	Severity: finding.Error,
	Title:    "a TXT record was meant as a DMARC policy, but is none",
	Explain: `A DMARC record must begin with exactly v=DMARC1, in capitals, with nothing before it. Receivers ignore any other
text, so this policy does not exist for them.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §4.8"},
	Run:  runDMARCAlmost,
}

// nearMiss is a text that was meant as a DMARC record where none is.
type nearMiss struct {
	step dmarc.Step
	text string
}

// nearMisses returns the texts that would decide the domain's policy if they
// were DMARC records: the domain's own, and those of its parents where no policy
// of the owner applies.
func (d *Domain) nearMisses() []nearMiss {
	var found []nearMiss
	source := d.DMARC.Source
	for i, step := range d.ownSteps() {
		if step.Kept || i > 0 && source != dmarc.FromNowhere && source != dmarc.FromPSD {
			continue
		}
		for _, t := range step.Texts {
			if t.Fate == dmarc.NearMiss {
				found = append(found, nearMiss{step, t.Text})
			}
		}
	}
	return found
}

func runDMARCAlmost(d *Domain) []finding.Finding {
	if !d.isPresent() {
		return nil
	}
	var faults []finding.Finding
	for _, miss := range d.nearMisses() {
		rec := dmarc.Parse(miss.text)
		if hasKind(rec, dmarc.MissingSemicolon) {
			continue // dmarc-missing-semicolon tells what is behind it
		}
		message, span := "receivers ignore this text: it is no DMARC record", finding.Span{}
		for _, p := range rec.Problems {
			if isKind(dmarc.VersionMissing, dmarc.VersionNotFirst, dmarc.VersionWrong, dmarc.LeadingSpace)(p) {
				message, span = p.Message, finding.Span(p.Span)
				break
			}
		}
		faults = append(faults, failAt(miss.step.Name, miss.text, span, message,
			publishRepaired(miss.step.Name, miss.text, fmt.Sprintf("publish at %s a record that begins with v=DMARC1; and a policy", miss.step.Name.Zone()))))
	}
	return faults
}
