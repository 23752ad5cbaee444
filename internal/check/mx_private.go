package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxPrivate = Check{
	ID:       "mx-private",
	Severity: finding.Error,
	Title:    "a mail exchanger has an address that the internet cannot reach",
	Explain: `The host's address is private, of the loopback or link-local, so nobody outside can deliver to it. Either the
record is wrong, or you are looking at the internal view of a split DNS: then ask a public resolver (--resolver) and judge
that view, because it is the one that receivers see.`,
	Refs: []string{"RFC 1918 §3", "RFC 6890 §2.2"},
	Run:  runMXPrivate,
}

func runMXPrivate(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		for _, ip := range h.Addresses() {
			if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() {
				faults = append(faults, fail(h.Name,
					fmt.Sprintf("the mail exchanger %s has the address %s, which cannot be reached from the internet", h.Name, ip),
					"check with a public resolver (--resolver) whether this is an internal view; if not, publish the public address"))
				break
			}
		}
	}
	return faults
}
