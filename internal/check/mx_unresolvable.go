package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var mxUnresolvable = Check{
	ID:       "mx-unresolvable",
	Severity: finding.Error,
	Title:    "a mail exchanger has no address",
	Explain: `The host in the MX record has neither an A nor an AAAA record. Nothing can be delivered to it; if it is the
only one, or the one with the lowest preference, mail is delayed or lost. Usual causes are a typing error, a label of the
wrong Microsoft 365 tenant, and a service that was cancelled.`,
	Refs: []string{"RFC 5321 §5.1"},
	Run:  runMXUnresolvable,
}

func runMXUnresolvable(d *Domain) []finding.Finding {
	if d.Exchange.MX.Err != nil || d.Exchange.Implicit() || d.Exchange.Null() {
		return nil
	}
	var faults []finding.Finding
	known := true
	for _, h := range d.Exchange.Hosts {
		known = known && h.Err() == nil
		if h.Name == dns.Root || h.Literal.IsValid() || h.Leftover || h.Err() != nil || len(h.Addresses()) > 0 {
			continue
		}
		why := "has no address"
		if !h.A.Answer.Exists {
			why = "does not exist"
		}
		faults = append(faults, fail(h.Name, fmt.Sprintf("the mail exchanger %s %s", h.Name, why),
			fmt.Sprintf("correct or remove the record %s IN MX %d %s", d.Name.Zone(), h.Preference, h.Name.Zone())))
	}
	if !known {
		return faults // mx-lookup speaks of the others
	}
	return orPass(faults, d.Name, "the mail exchangers have addresses")
}
