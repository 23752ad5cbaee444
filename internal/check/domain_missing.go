package check

import "sendplan/internal/finding"

var domainMissing = Check{
	ID:       "domain-missing",
	Severity: finding.Error,
	Title:    "the domain does not exist",
	Explain: `The DNS says that the name does not exist (NXDOMAIN): there is a typing error, the registration has expired, or
the name was not added to its zone. Mail to it is refused, mail from it is refused by most receivers, and every other check
would only repeat that.`,
	Refs: []string{"RFC 2308 §2.1", "RFC 8020"},
	Run:  runDomainMissing,
}

func runDomainMissing(d *Domain) []finding.Finding {
	if d.Exists() {
		return nil
	}
	return []finding.Finding{fail(d.Name, "the name "+d.Name.Unicode()+" does not exist in the DNS",
		"check the spelling, and with the registrar whether the domain is registered and delegated")}
}
