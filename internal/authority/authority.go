// Package authority reads record sets as the authoritative servers of their
// zone hold them.
//
// A plan replaces whole record sets, so it needs the old one exactly: every
// record with the TTL that the zone has, from all servers. A resolver cannot
// tell that: its TTLs count down, and it asks one server.
package authority

import (
	"context"
	"slices"

	"sendplan/internal/dns"
)

// Options say whose zones are read, and how.
type Options struct {
	// Own are the domains of which the caller has charge. Zones are looked for
	// from them downwards, and [Reader.View] shows them.
	Own []dns.Name
	// Places say where servers are reached that the DNS does not tell.
	Places dns.Places
	// Suffix returns the public suffix of a name; nil: its top-level domain.
	Suffix func(dns.Name) dns.Name
}

// Reader reads zones and record sets. It remembers what it read, a question that
// a survey lacks included, so each pass over a growing survey takes a new one.
// It is not for concurrent use.
type Reader struct {
	r       dns.Resolver
	options Options
	zones   map[dns.Name]Zone // of a domain, found from above
	holders map[dns.Name]Zone // of any name
	sets    map[dns.Key]Set
}

// New returns a reader over r, which must be a [dns.Asker] as well for the
// servers to be asked.
func New(r dns.Resolver, o Options) *Reader {
	if o.Suffix == nil {
		o.Suffix = topLevel
	}
	o.Own = slices.Compact(slices.Sorted(slices.Values(o.Own)))
	return &Reader{r: r, options: o, zones: map[dns.Name]Zone{}, holders: map[dns.Name]Zone{}, sets: map[dns.Key]Set{}}
}

func topLevel(name dns.Name) dns.Name {
	for name.Parent() != dns.Root {
		name = name.Parent()
	}
	return name
}

// View returns a resolver for proofs: names in the zones of the own domains are
// asked of their authoritative servers, the first that answers, and all others
// of the reader's resolver. It fails for a zone whose servers cannot be asked.
func (a *Reader) View() dns.Resolver {
	var zones []dns.Authority
	for _, own := range a.options.Own {
		z := a.from(own)
		shown := dns.Authority{Zone: z.Apex, Servers: z.Servers, Err: z.unfound}
		if z.registry || z.unfound != nil { // all that is known is that the own domain lies in it
			shown.Zone = own
		}
		zones = append(zones, shown)
	}
	return dns.PublicZones(a.r, zones, a.options.Places)
}

// at asks one server.
func (a *Reader) at(s dns.Nameserver, k dns.Key) answer {
	if s.Err != nil {
		return answer{server: s, err: s.Err}
	}
	said, err := dns.At(a.r, dns.SourceAt(s.Addr)).Lookup(context.Background(), k.Name, k.Type)
	return answer{server: s, said: said, err: dns.AsError(err)}
}

// all asks every server at every address, so that all questions that a survey
// lacks are known at once.
func (a *Reader) all(servers []dns.Nameserver, k dns.Key) answers {
	var got answers
	for _, s := range servers {
		got = append(got, a.at(s, k))
	}
	return got
}

// first asks one server after the other until one answers.
func (a *Reader) first(servers []dns.Nameserver, k dns.Key) answer {
	last := answer{err: &dns.Error{Key: k, Cause: dns.Unreachable, Detail: "no server of the zone answers"}}
	for _, s := range servers {
		if last = a.at(s, k); last.err == nil || last.err.Cause == dns.NotAsked {
			return last
		}
	}
	return last
}
