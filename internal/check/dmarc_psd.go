package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcPSD = Check{
	ID:       "dmarc-psd",
	Severity: finding.Warning,
	Title:    "the record declares the domain a public suffix",
	Explain: `psd=y is for registries such as those of gov.uk: it says that the names below belong to different owners. With it,
every subdomain becomes an organizational domain of its own, so a signature or a return path of the domain no longer aligns
with its subdomains, and failure reports are not sent. The public suffix list does not know this domain as a suffix.

Remove psd=y. To say that the domain is the top of one organisation, psd=n is the tag.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §4.10.2", "RFC 9991 §2"},
	Run:  runDMARCPSD,
}

func runDMARCPSD(d *Domain) []finding.Finding {
	if !d.isPresent() {
		return nil
	}
	for _, step := range d.ownSteps() {
		if step.Kept && step.Record.PSD == dmarc.PSDYes && PublicSuffix(step.Domain) != step.Domain {
			return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, "psd"),
				fmt.Sprintf("psd=y declares %s a public suffix, whose subdomains belong to others", step.Domain.Unicode()),
				"remove psd=y from the record")}
		}
	}
	return nil
}
