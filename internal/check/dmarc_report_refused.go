package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcReportRefused = Check{
	ID:       "dmarc-report-refused",
	Severity: finding.Warning,
	Title:    "reports are to go to another organisation that does not agree",
	Explain: `Reports that leave the organisation of the record are sent only if the destination says in its DNS that it wants
them; otherwise anybody could have others flooded. That record is missing, so the reports are not sent.

The owner of the destination's zone must publish it. Services that evaluate reports do so when you register the domain.`,
	Refs: []string{"RFC 9990 §4", "RFC 9991 §5"},
	Run:  runDMARCReportRefused,
}

func runDMARCReportRefused(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	if !ok {
		return nil
	}
	var faults []finding.Finding
	seen := make(map[dns.Name]bool)
	for _, r := range d.DMARC.Reports {
		if r.Outside != dmarc.Yes || r.Authorised != dmarc.No || seen[r.URI.Host] {
			continue
		}
		seen[r.URI.Host] = true
		fix := "let the reports go to an address of " + step.Domain.Unicode()
		if r.Name != "" && !d.takesNoReports(r.URI.Host) {
			fix += ", or ask the operator of " + r.URI.Host.Unicode() + " to publish " + txtRecord(r.Name, "v=DMARC1")
		}
		faults = append(faults, failAt(step.Name, step.Record.Text(), finding.Span(r.URI.Span),
			fmt.Sprintf("%s does not agree to get reports about %s, so they are not sent there", r.URI.Host.Unicode(), step.Domain.Unicode()), fix))
	}
	return faults
}
