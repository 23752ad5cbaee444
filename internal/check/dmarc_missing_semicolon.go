package check

import (
	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcMissingSemicolon = Check{
	ID:       "dmarc-missing-semicolon",
	Severity: finding.Error,
	Title:    "a semicolon is missing in the DMARC record",
	Explain: `Tags are parted by semicolons. Where one is missing, the next tag becomes part of the value before it: in
"v=DMARC1; p=reject rua=mailto:..." the policy is "reject rua=mailto:...", which is no policy, and there is no address for
reports either. Receivers then apply no DMARC at all.

This very mistake stands in a tip of Microsoft's own documentation.`,
	Refs: []string{"RFC 9989 §4.8", "Microsoft: set up DMARC to validate the From address domain"},
	Run:  runDMARCMissingSemicolon,
}

func runDMARCMissingSemicolon(d *Domain) []finding.Finding {
	if !d.isPresent() {
		return nil
	}
	var faults []finding.Finding
	if step, ok := d.ownPolicy(); ok {
		faults = semicolonFaults(step.Name, step.Record)
	}
	for _, miss := range d.nearMisses() {
		faults = append(faults, semicolonFaults(miss.step.Name, dmarc.Parse(miss.text))...)
	}
	return faults
}

func semicolonFaults(name dns.Name, rec dmarc.Record) []finding.Finding {
	var faults []finding.Finding
	for _, p := range rec.Problems {
		if p.Kind == dmarc.MissingSemicolon {
			message := p.Message
			if rec.Use == dmarc.UseNothing {
				message += ", so no DMARC policy applies"
			}
			faults = append(faults, failAt(name, rec.Text(), finding.Span(p.Span), message,
				publishRepaired(name, rec.Text(), "put a semicolon before the tag")))
		}
	}
	return faults
}
