package check

import (
	"fmt"
	"net/netip"

	"sendplan/internal/finding"
)

var mxPrivate = Check{
	ID:       "mx-private",
	Severity: finding.Error,
	Title:    "a mail exchanger has an address that the internet cannot reach",
	Explain: `The host's address is private, shared (carrier-grade NAT), of the loopback or link-local, so nobody outside can
deliver to it. Either the record is wrong, or you are looking at the internal view of a split DNS: then ask a public
resolver (--resolver) and judge that view, because it is the one that receivers see.`,
	Refs: []string{"RFC 1918 §3", "RFC 6598 §7", "RFC 6890 §2.2"},
	Run:  runMXPrivate,
}

func runMXPrivate(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, h := range d.Exchange.Hosts {
		if !d.View.shows(h.A.Answer.Target(h.Name)) {
			continue // who sees an inside view of the host's zone knows nothing about it
		}
		for _, ip := range h.Addresses() {
			if inside(netip.PrefixFrom(ip, ip.BitLen())) {
				faults = append(faults, fail(h.Name,
					fmt.Sprintf("the mail exchanger %s has the address %s, which cannot be reached from the internet", h.Name, ip),
					"check with a public resolver (--resolver) whether this is an internal view; if not, publish the public address"))
				break
			}
		}
	}
	return faults
}
