package dns

import "net/netip"

// sharedSpace is what carriers number their customers with, RFC 6598 §7.
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// PrivateAddr reports whether an address has a meaning only inside some network,
// so that nobody on the internet can reach it: RFC 1918, RFC 4193, RFC 6598,
// loopback, link-local, multicast and unspecified ones.
func PrivateAddr(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || a.IsMulticast() || sharedSpace.Contains(a)
}
