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
to them; it does not mean that there is no policy, so nothing is concluded from it. Receivers walk up the DNS tree for the
policy, so a failing name server of a parent domain matters too.

Ask again, with another --resolver if need be.`,
	Refs: []string{"RFC 9989 §4.10", "RFC 9989 §5.3.6"},
	Run:  runDMARCLookup,
}

func runDMARCLookup(d *Domain) []finding.Finding {
	p := d.DMARC.Discovery
	var faults []finding.Finding
	if p.Err != nil {
		faults = append(faults, unknown(d.Name, "could not find out which DMARC policy applies", p.Err))
	} else if p.OrgErr != nil {
		faults = append(faults, unknown(d.Name, "could not find out the organizational domain, which decides what aligns", p.OrgErr))
	}
	seen := make(map[dns.Name]bool)
	for _, r := range d.DMARC.Reports {
		asked := r.Name
		if asked == "" {
			asked = r.URI.Host
		}
		if r.Err == nil || r.Err == p.OrgErr || r.Authorised != dmarc.NotKnown || seen[asked] {
			continue
		}
		seen[asked] = true
		faults = append(faults, unknown(asked, "could not find out whether "+r.URI.Host.Unicode()+" accepts reports about "+d.Name.Unicode(), r.Err))
	}
	return orPass(faults, d.Name, "all questions about DMARC were answered")
}
