package check

import (
	"fmt"
	"net/netip"
	"slices"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfPrivateAddress = Check{
	ID:       "spf-private-address",
	Severity: finding.Warning,
	Title:    "the SPF record names an address that never appears on the internet",
	Explain: `The address is private, shared (carrier-grade NAT), link-local or of the loopback. Receivers see the public
address of the router behind which a device stands, so the term never matches there, and the device's mail does not
pass.

Name the public address from which the mail leaves, if it is fixed and not shared, or take the term out.`,
	Refs: []string{"RFC 7208 §5.6", "RFC 1918 §3", "RFC 6598 §7", "RFC 4193 §3.1", "RFC 6890 §2.2"},
	Run:  runSPFPrivateAddress,
}

// insideOnly are networks whose addresses never are those of a client on the
// internet.
var insideOnly = prefixes(
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // RFC 1918 §3
	"100.64.0.0/10",                              // RFC 6598 §7
	"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", // RFC 6890 §2.2.2
	"224.0.0.0/3",                                 // multicast, RFC 5771 §3, and reserved, RFC 1112 §4
	"::/127", "fc00::/7", "fe80::/10", "ff00::/8", // RFC 4291 §2.4, RFC 4193 §3.1
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		list[i] = netip.MustParsePrefix(t)
	}
	return list
}

func runSPFPrivateAddress(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		private := func(n *spf.Node) bool { return inside(n.Term.Prefix) }
		for n := range r.terms() {
			if private(n) {
				faults = append(faults, r.fail(n.Term,
					fmt.Sprintf("%q names %s, which receivers on the internet never see", n.Term.Text, n.Term.Prefix),
					d.dropFix(r, n, "name the public address from which the mail leaves, or take the term out", private)))
			}
		}
	}
	return faults
}

func inside(p netip.Prefix) bool {
	return p.IsValid() && slices.ContainsFunc(insideOnly, func(net netip.Prefix) bool {
		return net.Bits() <= p.Bits() && net.Contains(p.Addr())
	})
}
