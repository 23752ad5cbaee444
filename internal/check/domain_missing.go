package check

import "sendplan/internal/finding"

var domainMissing = Check{
	ID:       "domain-missing",
	Severity: finding.Error,
	Title:    "the domain does not exist",
	Explain: `The DNS says that the name does not exist (NXDOMAIN): there is a typing error, the registration has expired, or
the name was not added to its zone. Mail to it is refused, mail from it is refused by most receivers, and every other check
would only repeat that. Subdomains that were made for devices, such as printers.example.com, are often forgotten in the DNS;
Exchange Online sends mail whose sender domain has neither A nor MX through its high-risk delivery pool.`,
	Refs: []string{"RFC 2308 §2.1", "RFC 8020", "Microsoft: outbound spam protection, high-risk delivery pool"},
	Run:  runDomainMissing,
}

func runDomainMissing(d *Domain) []finding.Finding {
	if d.Exists() {
		return nil
	}
	fix := "check the spelling, and with the registrar whether the domain is registered and delegated"
	if soa := d.Exchange.MX.Answer.Negative; soa != nil && soa.Name.Below(d.registered()) && soa.Name != d.Name {
		// The zone that denies the name is the owner's own.
		fix = "check the spelling; if mail is sent from the name, add it to the zone " + soa.Name.Unicode() +
			" with an MX and an SPF record, or let the devices send from a domain that has them"
	}
	return []finding.Finding{fail(d.Name, "the name "+d.Name.Unicode()+" does not exist in the DNS", fix)}
}
