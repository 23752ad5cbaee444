package check

import (
	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfMissing = Check{
	ID:       "spf-missing",
	Severity: finding.Error,
	Title:    "the domain has no SPF record",
	Explain: `An SPF record says which servers may send mail with the domain in the envelope sender. Without one, nobody
can tell a forged message from a real one by SPF, and DMARC can pass by DKIM only. Large receivers such as
Outlook.com, Gmail and Yahoo demand SPF of those who send much, and treat mail without it with suspicion.

A subdomain does not inherit the record of the domain above it: each name that stands in an envelope sender needs its
own. A domain that sends nothing should say so with "v=spf1 -all".`,
	Refs: []string{"RFC 7208 §3", "RFC 7208 §4.5", "RFC 7208 §10.1.2", "Microsoft: set up SPF for Microsoft 365"},
	Run:  runSPFMissing,
}

func runSPFMissing(d *Domain) []finding.Finding {
	found := d.SPF.Selection
	switch {
	case !d.Exists(), len(found.Misses) > 0, len(found.Records) > 1:
		return nil
	case len(found.Records) == 1:
		return []finding.Finding{pass(d.Name, "the domain has an SPF record")}
	case d.SPF.Root.State != spf.StateNone:
		return nil // it could not be asked
	case d.Exchange.MX.Err != nil && len(found.Others) == 0:
		return nil // the domain may not even exist
	}
	return []finding.Finding{fail(d.Name, "the domain has no SPF record, so every server on the internet may claim to send for it", spfToStart(d))}
}

// spfToStart proposes the first record of a domain, by where its mail goes.
func spfToStart(d *Domain) string {
	nothing := txtRecord(d.Name, "v=spf1 -all")
	switch {
	case d.Exchange.MX.Err != nil:
	case d.Exchange.Null():
		return "say that nothing sends from the domain: " + nothing
	case d.Exchange.Implicit():
		return "say that nothing sends from the domain, if that is so: " + nothing
	}
	if cloud := d.exchangeCloud(); cloud != "" {
		return "publish a record that names Microsoft 365, and add what else sends for the domain: " +
			txtRecord(d.Name, "v=spf1 include:"+cloud.SPFInclude().String()+" ~all")
	}
	advice := "publish one TXT record that names everything that sends for the domain and ends in ~all"
	for _, h := range d.Exchange.Hosts {
		for _, e := range provider.ByMX(h.Name) {
			for _, term := range e.SPF.Mechanisms {
				if text := "v=spf1 " + term + " ~all"; e.SPF.Where == provider.CustomerDomain && spf.Parse(text).Valid() {
					return advice + "; for the mail service behind its MX records (" + e.Name + ") that is " + term
				}
			}
		}
	}
	return advice
}
