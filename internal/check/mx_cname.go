package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxCNAME = Check{
	ID:       "mx-cname",
	Severity: finding.Warning,
	Title:    "an MX record leads to an alias",
	Explain: `The name in an MX record must have addresses of its own; here it is a CNAME. Many senders follow it all the
same, some refuse or loop, and certificates and DANE are checked against the wrong name.

Name the target of the alias in the MX record.`,
	Refs: []string{"RFC 2181 §10.3", "RFC 5321 §5.1"},
	Run:  runMXCNAME,
}

func runMXCNAME(d *Domain) []finding.Finding {
	if d.Exchange.Implicit() {
		return nil
	}
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		chain := h.A.Answer.Chain
		if len(chain) == 0 {
			chain = h.AAAA.Answer.Chain
		}
		if len(chain) == 0 {
			continue
		}
		target := h.A.Answer.Target(h.Name)
		if target == h.Name {
			target = h.AAAA.Answer.Target(h.Name)
		}
		faults = append(faults, fail(h.Name,
			fmt.Sprintf("the mail exchanger %s is an alias of %s", h.Name, target),
			fmt.Sprintf("publish %s IN MX %d %s instead", d.Name.Zone(), h.Preference, target.Zone())))
	}
	return faults
}
