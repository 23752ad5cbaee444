package check

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// Lookup is a question's outcome: an answer, or the failure to get one.
type Lookup struct {
	Answer dns.Answer
	Err    *dns.Error
}

func lookup(r dns.Resolver, name dns.Name, t dns.Type) Lookup {
	answer, err := r.Lookup(context.Background(), name, t)
	return Lookup{answer, dns.AsError(err)}
}

// Exchange is where mail for a domain goes (RFC 5321 §5.1).
type Exchange struct {
	MX    Lookup
	Hosts []Host // by preference, then name; without MX records the domain itself: the implicit MX
}

// Host is one mail exchanger.
type Host struct {
	Preference uint16
	Name       dns.Name
	Literal    netip.Addr // set where an address stands in the place of the name
	A, AAAA    Lookup
	Microsoft  provider.MX // the zero value for hosts of others
	Provider   string      // who operates it; "" if not known
	Leftover   bool        // a proof of ownership that was left over: it takes no mail
}

// Addresses returns the host's addresses that are known, IPv4 first.
func (h Host) Addresses() []netip.Addr {
	var addrs []netip.Addr
	for _, l := range []Lookup{h.A, h.AAAA} {
		for _, r := range l.Answer.Records {
			addrs = append(addrs, r.Data.(dns.Addr).IP)
		}
	}
	return addrs
}

// Err returns why the host's addresses are not fully known, or nil.
func (h Host) Err() *dns.Error {
	if h.A.Err != nil {
		return h.A.Err
	}
	return h.AAAA.Err
}

// Null reports whether the domain refuses all mail by a null MX (RFC 7505 §3).
func (x Exchange) Null() bool { return len(x.Hosts) == 1 && x.Hosts[0].Name == dns.Root }

// Implicit reports whether the domain has no MX record, so that its own address
// stands in (RFC 5321 §5.1).
func (x Exchange) Implicit() bool { return x.MX.Err == nil && x.MX.Answer.Void() }

func lookExchange(r dns.Resolver, domain dns.Name) Exchange {
	x := Exchange{MX: lookup(r, domain, dns.TypeMX)}
	switch {
	case x.MX.Err != nil:
		return x
	case x.MX.Answer.Void():
		x.Hosts = []Host{lookHost(r, dns.MX{Host: x.MX.Answer.Target(domain)})}
		return x
	}
	for _, record := range x.MX.Answer.Records {
		x.Hosts = append(x.Hosts, lookHost(r, record.Data.(dns.MX)))
	}
	slices.SortStableFunc(x.Hosts, func(a, b Host) int {
		if a.Preference != b.Preference {
			return int(a.Preference) - int(b.Preference)
		}
		return strings.Compare(string(a.Name), string(b.Name))
	})
	return x
}

func lookHost(r dns.Resolver, mx dns.MX) Host {
	h := Host{Preference: mx.Preference, Name: mx.Host}
	h.Microsoft, _ = provider.ParseMX(mx.Host)
	_, h.Leftover = provider.OwnershipProof(mx.Host)
	if entries := provider.ByMX(mx.Host); len(entries) > 0 {
		h.Provider = entries[0].ShortName()
	}
	if mx.Host == dns.Root {
		return h
	}
	if ip, err := netip.ParseAddr(mx.Host.String()); err == nil {
		h.Literal = ip
		return h
	}
	h.A = lookup(r, mx.Host, dns.TypeA)
	h.AAAA = lookup(r, mx.Host, dns.TypeAAAA)
	return h
}
