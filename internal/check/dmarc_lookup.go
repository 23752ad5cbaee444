package check

import (
	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcLookup = Check{
	ID:       "dmarc-lookup",
	Severity: finding.Error,
	Title:    "the DMARC policy could not be looked up",
	Explain: `A question about the domain's DMARC policy was not answered. That is a failure of the name servers or of the way
to them; it does not mean that there is no policy, so nothing is concluded from it. For a domain without a record of its own
receivers walk up the DNS tree, so a failing name server of a parent domain matters then too.

Ask again, with another --resolver if need be.`,
	Refs: []string{"RFC 9989 §4.10", "RFC 9989 §5.3.6"},
	Run:  runDMARCLookup,
}

func runDMARCLookup(d *Domain) []finding.Finding {
	p := d.DMARC.Discovery
	var faults []finding.Finding
	if p.Err != nil {
		faults = append(faults, unknown(d.Name, "could not find out which DMARC policy applies", p.Err))
	}
	// A failure above the record that decides the policy leaves open only which
	// domain is the organizational one. That is no reason to call the check
	// unknown: dmarc lookup shows it.
	seen := make(map[dns.Name]bool)
	for _, r := range d.DMARC.Reports {
		asked := r.Name
		if asked == "" {
			asked = r.URI.Host
		}
		if r.Err == nil || p.OrgErr != nil && r.Err.Key == p.OrgErr.Key || r.Authorised != dmarc.NotKnown || seen[asked] {
			continue
		}
		seen[asked] = true
		faults = append(faults, unknown(asked, "could not find out whether "+r.URI.Host.Unicode()+" accepts reports about "+d.Name.Unicode(), r.Err))
	}
	if p.OrgErr != nil {
		return faults
	}
	return orPass(faults, d.Name, "all questions about DMARC were answered")
}
