package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var mxDuplicate = Check{
	ID:       "mx-duplicate",
	Severity: finding.Note,
	Title:    "one host stands in several MX records",
	Explain: `The same host is named twice, with different preferences. A second entry adds no redundancy: a sender that
cannot reach the host tries it again at once.`,
	Refs: []string{"RFC 5321 §5.1"},
	Run:  runMXDuplicate,
}

func runMXDuplicate(d *Domain) []finding.Finding {
	first := make(map[dns.Name]uint16)
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if p, seen := first[h.Name]; seen {
			faults = append(faults, fail(h.Name,
				fmt.Sprintf("the mail exchanger %s is listed with the preferences %d and %d", h.Name, p, h.Preference),
				fmt.Sprintf("remove the record %s IN MX %d %s", d.Name.Zone(), h.Preference, h.Name.Zone())))
			continue
		}
		first[h.Name] = h.Preference
	}
	return faults
}
