package inventory

import (
	"fmt"
	"net/netip"
	"strings"

	"sendplan/internal/dns"
)

const (
	prefixWant = "an address or a range such as 203.0.113.10 or 203.0.113.8/29"

	// The widest ranges that a site may have; no office has more, and a slip
	// such as 203.0.113.10/2 must not become an SPF record.
	widestSite4 = 16
	widestSite6 = 32

	// Exchange Online takes single addresses and /24 to /32 (m365.md §3).
	widestConnector = 24
)

// ParsePrefix reads an address, or a range in CIDR form without host bits.
func ParsePrefix(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" || a.Is4In6() {
			return netip.Prefix{}, fmt.Errorf("%q is no IP address: expected %s", s, prefixWant)
		}
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil || p.Addr().Is4In6():
		return netip.Prefix{}, fmt.Errorf("%q is no range of IP addresses: expected %s", s, prefixWant)
	case p != p.Masked():
		return netip.Prefix{}, fmt.Errorf("%q has bits of a host: the range that holds it is %s, the address alone %s", s, p.Masked(), p.Addr())
	}
	return p, nil
}

// prefixText writes a single address without its length.
func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// parseSource reads a range from which mail can reach the internet.
func parseSource(s string) (netip.Prefix, error) {
	p, err := ParsePrefix(s)
	switch {
	case err != nil:
		return p, err
	case dns.PrivateAddr(p.Addr()):
		return p, fmt.Errorf("%q is private: nobody on the internet sees it; expected the public address that the site's mail leaves from", s)
	case p.Addr().Is4() && p.Bits() < widestSite4, p.Addr().Is6() && p.Bits() < widestSite6:
		return p, fmt.Errorf("%q is wider than any site: expected a range no wider than /%d (IPv4) or /%d (IPv6)", s, widestSite4, widestSite6)
	}
	return p, nil
}

// parseConnectorRange reads a range that an inbound connector can be told.
func parseConnectorRange(s string) (netip.Prefix, error) {
	p, err := ParsePrefix(s)
	switch {
	case err != nil:
		return p, err
	case !p.Addr().Is4():
		return p, fmt.Errorf("%q is IPv6: a connector knows IPv4 addresses only", s)
	case dns.PrivateAddr(p.Addr()):
		return p, fmt.Errorf("%q is private: Exchange Online never sees it; expected a public IPv4 address", s)
	case p.Bits() < widestConnector:
		return p, fmt.Errorf("%q is too wide for a connector: expected a single address or a range of /%d to /32", s, widestConnector)
	}
	return p, nil
}
