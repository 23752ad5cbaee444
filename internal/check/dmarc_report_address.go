package check

import (
	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcReportAddress = Check{
	ID:       "dmarc-report-address",
	Severity: finding.Warning,
	Title:    "a report address cannot be used",
	Explain: `rua= and ruf= hold URIs with commas between, in practice mailto:address. An address without mailto: in front, or
with a comma, an exclamation mark or a blank inside, gets no reports. Other schemes, such as https:, are allowed, but hardly
any receiver supports them.`,
	Refs: []string{"RFC 9989 §4.8", "RFC 6068 §2"},
	Run:  runDMARCReportAddress,
}

func runDMARCReportAddress(d *Domain) []finding.Finding {
	if step, ok := d.ownPolicy(); ok && hasKind(step.Record, dmarc.MissingSemicolon) {
		return nil // the text of the next tag is what makes the address invalid
	}
	return d.recordFaults(isKind(dmarc.URIInvalid, dmarc.URINoScheme, dmarc.URINotMailto), func(p dmarc.Problem) string {
		if p.Kind == dmarc.URINoScheme {
			return "write mailto: before the address"
		}
		return "give a URI of the form mailto:name@domain, or remove this one"
	})
}
