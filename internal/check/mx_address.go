package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxAddress = Check{
	ID:       "mx-address",
	Severity: finding.Error,
	Title:    "an MX record holds an address instead of a name",
	Explain: `An MX record names a host. An address in its place is read as a domain name such as "192.0.2.25.", which does
not exist, so mail cannot be delivered there.

Give the address a name (an A or AAAA record) and publish that name.`,
	Refs: []string{"RFC 1035 §3.3.9", "RFC 5321 §5.1"},
	Run:  runMXAddress,
}

func runMXAddress(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if h.Literal.IsValid() {
			faults = append(faults, fail(d.Name,
				fmt.Sprintf("the MX record holds the address %s where a host name belongs", h.Literal),
				fmt.Sprintf("publish mail.%s IN A %s and %s IN MX %d mail.%s", d.Name.Zone(), h.Literal, d.Name.Zone(), h.Preference, d.Name.Zone())))
		}
	}
	return faults
}
