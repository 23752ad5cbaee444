package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxUnregistered = Check{
	ID:       "mx-unregistered",
	Severity: finding.Error,
	Title:    "an MX record leads to a domain that anybody can register",
	Explain: `The mail exchanger is in a domain that does not exist: it expired, or the name was never right. Whoever registers it
can receive mail for your domain, with every password reset and invoice that is sent there.

Delete the MX record, or correct its host.`,
	Refs: []string{"RFC 5321 §5.1", "RFC 8020 §2"},
	Run:  runMXUnregistered,
}

func runMXUnregistered(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if g, gone := d.gone(h.Name); gone && !d.Exchange.Implicit() && g.Unregistered() {
			faults = append(faults, fail(d.Name,
				fmt.Sprintf("mail goes to %s, %s: whoever registers it gets the mail", h.Name.Unicode(), g.words()),
				fmt.Sprintf("delete the MX record of %s that leads to %s, or correct the host", d.Name.Unicode(), h.Name.Unicode())))
		}
	}
	return faults
}
