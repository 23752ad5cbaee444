package fleet

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/provider"
)

// Seen is what the DNS tells of the domains of an inventory, as far as devices
// depend on it. The zero value is that nothing was asked.
type Seen struct{ domains map[dns.Name]receiving }

// receiving is how a domain takes mail.
type receiving struct {
	hosts []dns.Name   // by preference
	mx    method.Truth // there are MX records
	addr  method.Truth // the name itself has an IPv4 address
}

// Look asks for what [Judge] needs: where the domains of the inventory and of
// its devices take mail. A question that fails leaves what it would tell
// unknown.
func Look(r dns.Resolver, inv *inventory.Inventory) Seen {
	seen := Seen{map[dns.Name]receiving{}}
	for _, name := range names(inv) {
		seen.domains[name] = look(r, name)
	}
	return seen
}

// maxNames is how many domains are asked about.
const maxNames = 500

func names(inv *inventory.Inventory) []dns.Name {
	var list []dns.Name
	for _, d := range inv.Devices {
		list = append(list, domains(d)...)
	}
	for _, d := range inv.Domains {
		list = append(list, d.Name)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), maxNames)]
}

func look(r dns.Resolver, name dns.Name) receiving {
	var got receiving
	mx, err := r.Lookup(context.Background(), name, dns.TypeMX)
	if err == nil {
		got.mx = method.False
		got.hosts = exchangers(mx.Records)
		if len(mx.Records) > 0 {
			got.mx = method.True
		}
	}
	addr, err := r.Lookup(context.Background(), name, dns.TypeA)
	if err == nil {
		got.addr = method.False
		if len(addr.Records) > 0 {
			got.addr = method.True
		}
	}
	return got
}

// exchangers returns the hosts of MX records by preference, then name.
func exchangers(records []dns.Record) []dns.Name {
	var list []dns.MX
	for _, r := range records {
		if mx, ok := r.Data.(dns.MX); ok {
			list = append(list, mx)
		}
	}
	slices.SortFunc(list, func(a, b dns.MX) int {
		if a.Preference != b.Preference {
			return int(a.Preference) - int(b.Preference)
		}
		return strings.Compare(string(a.Host), string(b.Host))
	})
	hosts := make([]dns.Name, len(list))
	for i, mx := range list {
		hosts[i] = mx.Host
	}
	return hosts
}

// receives reports whether all the domains have an MX record or an address.
func (s Seen) receives(domains []dns.Name) method.Truth {
	all := method.True
	for _, name := range domains {
		got := s.domains[name]
		switch {
		case got.mx == method.True || got.addr == method.True:
		case got.mx == method.False && got.addr == method.False:
			return method.False
		default:
			all = method.Unknown
		}
	}
	if len(domains) == 0 {
		return method.Unknown
	}
	return all
}

// host returns the tenant's own host of Exchange Online: that of the device's
// domain, or else of another domain of the inventory.
func (s Seen) host(inv *inventory.Inventory, d inventory.Device) dns.Name {
	ask := domains(d)
	for _, known := range inv.Domains {
		ask = append(ask, known.Name)
	}
	for _, name := range ask {
		for _, host := range s.domains[name].hosts {
			if _, ok := provider.ParseMX(host); ok {
				return host
			}
		}
	}
	return ""
}

// inbound returns how mail for the domains enters the tenant, if their MX
// records tell: straight, or through a gateway of the catalogue.
func (s Seen) inbound(domains []dns.Name) method.Path {
	found := method.PathUnknown
	for _, name := range domains {
		for _, host := range s.domains[name].hosts {
			path := pathOf(host)
			if path == method.PathUnknown || found != method.PathUnknown && found != path {
				return method.PathUnknown
			}
			found = path
		}
	}
	return found
}

// unasked reports whether a question failed that would have told how mail for the
// domains enters the tenant.
func (s Seen) unasked(domains []dns.Name) bool {
	for _, name := range domains {
		if got, asked := s.domains[name]; asked && got.mx == method.Unknown {
			return true
		}
	}
	return false
}

func pathOf(host dns.Name) method.Path {
	if _, ok := provider.ParseMX(host); ok {
		return method.PathDirect
	}
	entries := provider.ByMX(host)
	if len(entries) == 1 && entries[0].Is(provider.Gateway) {
		return method.Path("gateway:" + string(entries[0].ID))
	}
	return method.PathUnknown
}

func isIPv6(p netip.Prefix) bool { return !p.Addr().Unmap().Is4() }

func sameAddress(a, b inventory.Address) bool {
	return a.Domain == b.Domain && strings.EqualFold(a.Local, b.Local)
}
