package check

import (
	"net/netip"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/dnsbl"
	"sendplan/spf"
)

// Source is an address that sends for the domain, as receivers look it up.
type Source struct {
	IP    netip.Addr
	PTR   Lookup
	Names []SourceName // of the PTR records, the first few
	Lists []Listing
}

// SourceName is a name of an address, and what addresses that name has.
type SourceName struct {
	Name      dns.Name
	Addresses Lookup // of the family of the source
}

// Listing is what one block list says about an address.
type Listing struct {
	List    dnsbl.List
	Name    dns.Name // that was asked for
	Reading dnsbl.Reading
	Err     *dns.Error // the list did not answer, or its answers mean nothing
}

// The bounds of what is asked about sources.
const (
	maxSources     = 16
	maxSourceNames = 5
)

// lookSources looks up the addresses that the user named, and, if asked to, those
// that the domain's own SPF records name one by one.
func lookSources(r dns.Resolver, d *Domain, opts Options) []Source {
	addrs := slices.Clone(opts.Sources)
	if opts.Lists {
		addrs = append(addrs, d.spfAddresses()...)
	}
	var sources []Source
	for _, ip := range addrs {
		known := func(s Source) bool { return s.IP == ip }
		if len(sources) < maxSources && !slices.ContainsFunc(sources, known) {
			sources = append(sources, lookSource(r, ip))
		}
	}
	return sources
}

// spfAddresses returns the single addresses in ip4 and ip6 of the domain's own
// records. Networks are left out: who sends from which address in them is not
// said.
func (d *Domain) spfAddresses() []netip.Addr {
	var addrs []netip.Addr
	for _, rec := range d.ownSPF() {
		for n := range rec.terms() {
			p := n.Term.Prefix
			ip4or6 := n.Term.Kind == spf.KindIP4 || n.Term.Kind == spf.KindIP6
			if ip4or6 && n.Term.Valid && n.Term.Qualifier == spf.QualifierPass && p.IsSingleIP() {
				addrs = append(addrs, p.Addr())
			}
		}
	}
	return addrs
}

func lookSource(r dns.Resolver, ip netip.Addr) Source {
	s := Source{IP: ip, PTR: lookup(r, dnsbl.Reverse(ip), dns.TypePTR)}
	family := dns.Addr{IP: ip}.Type()
	for _, record := range s.PTR.Answer.Records {
		if ptr, ok := record.Data.(dns.PTR); ok && len(s.Names) < maxSourceNames {
			s.Names = append(s.Names, SourceName{ptr.Target, lookup(r, ptr.Target, family)})
		}
	}
	for _, list := range dnsbl.Lists {
		if name, ok := list.Query(ip); ok {
			s.Lists = append(s.Lists, lookListing(r, list, name))
		}
	}
	return s
}

// lookListing asks a list, but first for its test points: without them its
// answer means nothing (RFC 5782 §5).
func lookListing(r dns.Resolver, list dnsbl.List, name dns.Name) Listing {
	l := Listing{List: list, Name: name}
	in, out := list.TestPoints()
	listed, unlisted := lookup(r, in, dns.TypeA), lookup(r, out, dns.TypeA)
	for _, test := range []Lookup{listed, unlisted} {
		if test.Err != nil {
			l.Err = test.Err
			return l
		}
	}
	refuse := func(key dns.Name, server, why string) {
		l.Err = &dns.Error{Key: dns.Key{Name: key, Type: dns.TypeA}, Cause: dns.Refused, Server: server, Detail: why}
	}
	if why := list.Works(listed.Answer, unlisted.Answer); why != "" {
		refuse(in, listed.Answer.Server, why)
		return l
	}
	asked := lookup(r, name, dns.TypeA)
	l.Err, l.Reading = asked.Err, list.Read(asked.Answer)
	if l.Err == nil && l.Reading.Refused != "" {
		refuse(name, asked.Answer.Server, l.Reading.Refused)
	}
	return l
}

// confirmed reports whether one of the source's names leads back to it; known is
// false if a question was not answered that may tell.
func (s Source) confirmed() (confirmed, known bool) {
	known = len(s.Names) < maxSourceNames
	for _, n := range s.Names {
		if n.Addresses.Err != nil {
			known = false
		}
		for _, record := range n.Addresses.Answer.Records {
			if d, ok := record.Data.(dns.Addr); ok && d.IP.Unmap() == s.IP.Unmap() {
				return true, true
			}
		}
	}
	return false, known
}
