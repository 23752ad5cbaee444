package check

import (
	"slices"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcNoReports = Check{
	ID:       "dmarc-no-reports",
	Severity: finding.Warning,
	Title:    "nobody gets the DMARC reports",
	Explain: `Aggregate reports are the only way to learn which of your senders fail and who forges the domain. Without a usable
address in rua= receivers send none, so the policy can only be raised blindly.

Add rua=mailto: with an address that is read, or that of a service that evaluates reports.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §5.1"},
	Run:  runDMARCNoReports,
}

func runDMARCNoReports(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	if !ok || d.mayBeParked() {
		return nil // a domain that never sends has little to learn from reports
	}
	rua := tagSpan(step.Record, "rua")
	repairable := func(p dmarc.Problem) bool {
		return p.Kind == dmarc.MissingSemicolon || p.Kind == dmarc.URINoScheme && rua.Start <= p.Span.Start && p.Span.End <= rua.End
	}
	if slices.ContainsFunc(step.Record.Problems, repairable) {
		return nil // repairing that brings the reports
	}
	if slices.ContainsFunc(step.Record.RUA, func(u dmarc.URI) bool { return u.Valid }) {
		return nil
	}
	fix := "add rua=mailto:<an address that you read> to the record"
	if len(step.Chain) > 0 {
		fix = "replace the CNAME record at " + step.Name.Zone() + " by a TXT record of your own that holds rua=mailto:<an address that you read>"
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), rua,
		"the record names no usable address for aggregate reports", fix)}
}
