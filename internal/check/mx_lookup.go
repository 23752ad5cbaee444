package check

import "sendplan/internal/finding"

var mxLookup = Check{
	ID:       "mx-lookup",
	Severity: finding.Error,
	Title:    "the MX records could not be read",
	Explain: `A question about the domain's mail exchangers, or about one of their addresses, was not answered. That is a
failure of the name servers or of the way to them; it does not mean that the record is missing, so nothing is concluded
from it.

Ask again, with another --resolver if need be. If it lasts, mail to the domain is likely to be delayed too, because
senders ask the same question.`,
	Refs: []string{"RFC 5321 §5.1", "RFC 2308 §7"},
	Run:  runMXLookup,
}

func runMXLookup(d *Domain) []finding.Finding {
	if err := d.Exchange.MX.Err; err != nil {
		return []finding.Finding{unknown(d.Name, "could not find out where mail for the domain goes", err)}
	}
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if err := h.Err(); err != nil {
			faults = append(faults, unknown(h.Name, "could not find out the addresses of a mail exchanger", err))
		}
	}
	return orPass(faults, d.Name, "all questions about mail exchangers were answered")
}
