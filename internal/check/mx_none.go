package check

import "sendplan/internal/finding"

var mxNone = Check{
	ID:       "mx-none",
	Severity: finding.Error,
	Title:    "a domain that sends has neither an MX record nor an address",
	Explain: `The domain has neither MX nor A nor AAAA, so nothing that is sent to it can be delivered: no reply and no bounce
ever arrives. Many receivers refuse mail from such a domain, and Exchange Online sends mail whose sender domain has neither
A nor MX through its high-risk delivery pool.

This is common for subdomains that were made for devices, such as printers.example.com. Give the subdomain an MX record, or
let the devices send from a domain that has one. A domain that never sends should say so with a null MX and an SPF record
"v=spf1 -all".`,
	Refs: []string{"RFC 5321 §5.1", "Microsoft: outbound spam protection, high-risk delivery pool"},
	Run:  runMXNone,
}

func runMXNone(d *Domain) []finding.Finding {
	x := d.Exchange
	if !x.Implicit() || x.Hosts[0].Err() != nil || len(x.Hosts[0].Addresses()) > 0 || !d.sends() {
		return nil
	}
	return []finding.Finding{fail(d.Name,
		"the domain has neither an MX record nor an address, but its SPF record lets somebody send for it",
		"publish an MX record for "+d.Name.Unicode()+", or publish \"v=spf1 -all\" if nothing sends from it")}
}
