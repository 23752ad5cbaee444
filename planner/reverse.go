package planner

import (
	"fmt"
	"net/netip"

	"sendplan/internal/dns"
	"sendplan/internal/dnsbl"
	"sendplan/internal/method"
)

// reverse judges the names of the IPv6 addresses that a device sends from by
// itself: over IPv6, Exchange Online and other large receivers refuse mail from
// an address without a PTR record, whatever SPF says.
func (m *maker) reverse(hops []method.Hop) (method.Truth, string) {
	right, why := method.True, ""
	for _, p := range networks6(hops) {
		switch one, words := m.named(p); one {
		case method.False:
			return one, words
		case method.Unknown:
			right, why = one, words
		}
	}
	return right, why
}

// askForNames asks for the names that IPv6 addresses of devices lack.
func (m *maker) askForNames() {
	for _, d := range m.fleet.Devices {
		for _, p := range networks6(method.Route(d.Input, after(d))) {
			if named, _ := m.named(p); named == method.False {
				m.task(stagePrepare, Task{Who: "provider of the line at " + d.Site, Subject: d.Name, Text: "have a PTR record made for " + show(p) + ", or keep the device on IPv4",
					Why: "receivers refuse mail over IPv6 from an address without a name"})
			}
		}
	}
}

// networks6 returns the IPv6 networks that a device sends from by itself.
func networks6(hops []method.Hop) []netip.Prefix {
	var list []netip.Prefix
	for _, hop := range hops {
		if hop.Judged == method.False || hop.Service != "" {
			continue
		}
		for _, p := range hop.Addresses {
			if !p.Addr().Unmap().Is4() {
				list = append(list, p)
			}
		}
	}
	return list
}

// named reports whether every address of a network has a name.
func (m *maker) named(p netip.Prefix) (method.Truth, string) {
	if !small(p) {
		return method.Unknown, fmt.Sprintf("whether the address of %s that it leaves from has a PTR record cannot be told; list the address itself in the inventory", p)
	}
	for _, ip := range samples(p) {
		answer, err := m.now.Lookup(m.ctx, dnsbl.Reverse(ip), dns.TypePTR)
		switch {
		case err != nil:
			return method.Unknown, fmt.Sprintf("whether %s has a PTR record is not known", ip)
		case answer.Void():
			return method.False, fmt.Sprintf("%s has no PTR record, without which receivers refuse mail over IPv6", ip)
		}
	}
	return method.True, ""
}
