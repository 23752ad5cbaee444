package cli

import (
	"net/netip"

	"sendplan/internal/check"
	"sendplan/internal/dns"
)

// purpose parses what the domain is said to be for, and what sends for it.
func (flags *checkFlags) purpose(look *check.Options) error {
	look.Profile, look.Lists = check.Profile(flags.profile), flags.lists
	switch look.Profile {
	case "", check.Parked, check.Sending:
	default:
		return usageError("", "--profile %q: must be parked or sending", flags.profile)
	}
	for _, text := range flags.sources {
		ip, err := netip.ParseAddr(text)
		if err != nil || ip.Zone() != "" {
			return usageError("write it as 203.0.113.10", "--source %q is not an address", text)
		}
		if dns.PrivateAddr(ip) {
			return usageError("name the address that receivers see, that of the firewall or the connector", "--source %s is an address that the internet cannot reach", ip)
		}
		look.Sources = append(look.Sources, ip.Unmap())
	}
	return nil
}
