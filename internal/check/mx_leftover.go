package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxLeftover = Check{
	ID:       "mx-leftover",
	Severity: finding.Warning,
	Title:    "an MX record is a left-over proof of ownership",
	Explain: `Microsoft 365 and Google can prove the ownership of a domain by an MX record that names no mail server
(NNN.msv1.invalid.outlook.com, TOKEN.mx-verification.google.com). Once the domain is verified the record serves no
purpose, and a sender that tries it loses time.`,
	Refs: []string{"RFC 5321 §5.1"},
	Run:  runMXLeftover,
}

func runMXLeftover(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if h.Leftover {
			faults = append(faults, fail(h.Name,
				fmt.Sprintf("the mail exchanger %s is a left-over proof of ownership and takes no mail", h.Name),
				fmt.Sprintf("remove the record %s IN MX %d %s once the domain is verified", d.Name.Zone(), h.Preference, h.Name.Zone())))
		}
	}
	return faults
}
