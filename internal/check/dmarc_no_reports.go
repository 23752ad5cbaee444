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
	if !ok || hasKind(step.Record, dmarc.MissingSemicolon) || d.mayBeParked() {
		return nil // a domain that never sends has little to learn from reports
	}
	if slices.ContainsFunc(step.Record.RUA, func(u dmarc.URI) bool { return u.Valid }) {
		return nil
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, "rua"),
		"the record names no usable address for aggregate reports",
		"add rua=mailto:<an address that you read> to the record")}
}
