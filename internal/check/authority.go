package check

import (
	"context"
	"slices"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

// Authority is what each authoritative server of a domain's zone says.
type Authority struct {
	Zone    dns.Name
	Servers []AuthorityServer
	Partial bool       // there may be more servers
	Err     *dns.Error // why they could not be found
}

// AuthorityServer is one address of an authoritative server and its answers.
type AuthorityServer struct {
	dns.Nameserver
	SOA  Lookup
	Sets []Set
	// NoRoute is set where it is this machine that has no way there: by IPv6,
	// when no server answers by IPv6.
	NoRoute bool
}

// Set is a question and its outcome.
type Set struct {
	Key dns.Key
	Lookup
}

// Failed returns why the server did not answer a question, or nil.
func (s AuthorityServer) Failed() *dns.Error {
	switch {
	case s.Err != nil:
		return s.Err
	case s.SOA.Err != nil:
		return s.SOA.Err
	}
	for _, set := range s.Sets {
		if set.Err != nil {
			return set.Err
		}
	}
	return nil
}

// Address returns where the server is asked, with the port if it is not that of
// DNS; "" if no address is known.
func (s AuthorityServer) Address() string {
	switch {
	case !s.Addr.IsValid():
		return ""
	case s.Addr.Port() == 53:
		return s.Addr.Addr().String()
	}
	return s.Addr.String()
}

// String returns host and address.
func (s AuthorityServer) String() string {
	if !s.Addr.IsValid() {
		return s.Host.String()
	}
	return s.Host.String() + " (" + s.Address() + ")"
}

// Start returns the SOA record that the server gave.
func (s AuthorityServer) Start() (dns.SOA, bool) {
	if len(s.SOA.Answer.Records) == 0 {
		return dns.SOA{}, false
	}
	return s.SOA.Answer.Records[0].Data.(dns.SOA), true
}

// lookAuthority asks every authoritative server of the domain's zone, at every
// address, for the sets that mail depends on.
func lookAuthority(r dns.Resolver, d *Domain, opts Options) *Authority {
	found := dns.FindAuthority(context.Background(), r, d.Name, opts.Nameservers)
	a := &Authority{Zone: found.Zone, Partial: found.Partial, Err: found.Err}
	if found.Err != nil || PublicSuffix(d.Name).Below(found.Zone) && d.Name != found.Zone { // not registered
		return a
	}
	keys := d.authorityKeys()
	for _, server := range found.Servers {
		s := AuthorityServer{Nameserver: server}
		if server.Err == nil {
			direct := dns.At(r, dns.SourceAt(server.Addr))
			s.SOA = lookup(direct, found.Zone, dns.TypeSOA)
			for _, k := range keys {
				s.Sets = append(s.Sets, Set{k, lookup(direct, k.Name, k.Type)})
			}
		}
		a.Servers = append(a.Servers, s)
	}
	a.markNoRoute()
	return a
}

// authorityKeys are the sets to compare, those of the DKIM selectors only where
// something was found.
func (d *Domain) authorityKeys() []dns.Key {
	keys := []dns.Key{{Name: d.Name, Type: dns.TypeMX}, {Name: d.Name, Type: dns.TypeTXT}}
	if policy, err := d.Name.Child("_dmarc"); err == nil {
		keys = append(keys, dns.Key{Name: policy, Type: dns.TypeTXT})
	}
	open := func(s dkim.Selector) bool { return asking(s.Err) }
	if open(d.DKIM.Probe) || slices.ContainsFunc(d.DKIM.Selectors, open) {
		return keys // which were found is not known yet
	}
	for _, s := range d.DKIM.Selectors {
		if s.State == dkim.Missing || s.State == dkim.Unknown || s.State == dkim.Wildcard {
			continue
		}
		if name, err := d.Name.Child(s.Selector + "._domainkey"); err == nil {
			keys = append(keys, dns.Key{Name: name, Type: dns.TypeTXT})
		}
	}
	return keys
}

func (a *Authority) markNoRoute() {
	six := func(s AuthorityServer) bool { return s.Addr.Addr().Is6() }
	if slices.ContainsFunc(a.Servers, func(s AuthorityServer) bool { return six(s) && s.Err == nil && s.SOA.Err == nil }) {
		return
	}
	for i, s := range a.Servers {
		a.Servers[i].NoRoute = six(s) && s.Err == nil && s.SOA.Err != nil && s.SOA.Err.Cause == dns.Unreachable
	}
}
