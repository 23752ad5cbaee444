package dns

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// SystemServers returns the recursive name servers that the operating system is
// set up to use: the first three, as its own resolver would take them. It reads
// /etc/resolv.conf, which macOS keeps up to date for the primary network, and on
// Windows the adapters.
func SystemServers() ([]Server, error) {
	addrs, err := systemAddrs()
	if err != nil {
		return nil, err
	}
	if len(addrs) == 0 {
		return nil, errors.New("the system has no name server set up: name one with --resolver ADDR")
	}
	return usable(addrs), nil
}

// maxSystemServers is what resolv.conf(5) allows (MAXNS).
const maxSystemServers = 3

// usable turns addresses into servers, each once.
func usable(addrs []netip.Addr) []Server {
	var servers []Server
	for _, a := range addrs {
		s := Server{Transport: UDP, Addr: netip.AddrPortFrom(a.Unmap(), defaultPort)}
		if !slices.Contains(servers, s) && len(servers) < maxSystemServers {
			servers = append(servers, s)
		}
	}
	return servers
}

// resolvConf returns the name servers of a resolv.conf(5) text. Search lists
// are of no use for absolute names, and the options for time and attempts are
// the user's to give. Lines that are not understood are passed over, as the C
// library does.
func resolvConf(text string) []netip.Addr {
	var addrs []netip.Addr
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "nameserver" {
			continue
		}
		if a, err := netip.ParseAddr(f[1]); err == nil {
			addrs = append(addrs, a)
		}
	}
	return addrs
}

// adapter is what Windows says about one network adapter.
type adapter struct {
	up      bool
	gateway bool // it has a default gateway
	metric  uint32
	servers []netip.Addr
}

// siteLocal is fec0::/10 (RFC 3879): Windows lists three such addresses for
// adapters without IPv6 name servers, and nobody answers there.
var siteLocal = netip.MustParsePrefix("fec0::/10")

// adapterServers returns the name servers of the adapters that are up: those
// with a gateway first, because the others lead to networks of virtual machines,
// then by metric as Windows prefers them.
func adapterServers(adapters []adapter) []netip.Addr {
	up := slices.DeleteFunc(slices.Clone(adapters), func(a adapter) bool { return !a.up })
	slices.SortStableFunc(up, func(a, b adapter) int {
		if a.gateway != b.gateway {
			if a.gateway {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.metric, b.metric)
	})
	var addrs []netip.Addr
	for _, a := range up {
		for _, s := range a.servers {
			if !siteLocal.Contains(s.WithZone("")) {
				addrs = append(addrs, s)
			}
		}
	}
	return addrs
}
