package check

import (
	"fmt"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcSubdomains = Check{
	ID:       "dmarc-subdomains",
	Severity: finding.Warning,
	Title:    "subdomains are protected less than the domain",
	Explain: `sp= is the policy for subdomains without a record of their own, np= the one for names that do not exist. Here one
of them is weaker than p=, so a forger takes any subdomain, such as accounts.example.com, and gets through.

Remove the tag, or raise it. Subdomains that do send and are not ready yet can have a DMARC record of their own.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §4.10.1"},
	Run:  runDMARCSubdomains,
}

func runDMARCSubdomains(d *Domain) []finding.Finding {
	step, ok := d.ownPolicy()
	p := d.DMARC.Discovery
	// RFC 9989 §4.7: sp and np have a meaning at the organizational domain only.
	if !ok || p.Source != dmarc.FromAuthor || p.Org != step.Domain || step.Record.Use != dmarc.UsePolicy {
		return nil
	}
	rec := step.Record
	for _, sub := range []struct {
		tag    string
		policy dmarc.Policy
		who    string
	}{{"sp", rec.SP, "subdomains"}, {"np", rec.NP, "subdomains that do not exist"}} {
		span := tagSpan(rec, sub.tag)
		if sub.policy >= rec.P || span == (finding.Span{}) {
			continue
		}
		return []finding.Finding{failAt(step.Name, rec.Text(), span,
			fmt.Sprintf("mail from %s gets the policy %s, mail from the domain itself %s", sub.who, sub.policy, rec.P),
			fmt.Sprintf("remove %s= from the record, or write %s=%s", sub.tag, sub.tag, strings.ToLower(rec.P.String())))}
	}
	return nil
}
