package dns

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// Places say where authoritative servers are reached that the DNS does not
// tell: hidden primaries, servers behind an address translation, tests.
type Places map[Name]netip.AddrPort

// Nameserver is an authoritative server at one of its addresses.
type Nameserver struct {
	Host Name
	Addr netip.AddrPort // not valid if none is known
	Err  *Error         // why it is not asked; nil if it can be
}

// Authority is the zone that a name belongs to on the internet.
type Authority struct {
	Zone    Name
	Servers []Nameserver // of the delegation and of the zone itself, by host and address
	Partial bool         // the zone's own list of its servers could not be got: there may be more
	Err     *Error       // why the zone or its servers could not be found
}

const (
	maxReferrals   = 8  // from the top to the zone
	maxNameservers = 13 // hosts of a zone that are looked at, as many as the root has
	maxPerHost     = 4  // addresses of one of them
	maxWalkHosts   = 3  // hosts of a zone that are asked for a referral or an answer
)

// FindAuthority finds the zone of a name and its servers as the internet sees
// them, whatever view of that zone r has: r says who serves the top-level
// domain, and from there on each zone's servers are asked directly (RFC 1034
// §5.3.3). Addresses that only a private network can reach are not asked. Where
// that way is barred, those of places are asked that serve the zone.
//
// On a survey that grows, Err has the cause NotAsked until everything is known.
func FindAuthority(ctx context.Context, r Resolver, name Name, places Places) Authority {
	f := finder{ctx, r, places}
	above := f.fromAbove(name)
	if above.Err == nil || above.Err.Cause == NotAsked || len(places) == 0 {
		return above
	}
	if given := f.fromPlaces(name); given.Err == nil || given.Err.Cause == NotAsked {
		return given
	}
	return above
}

// fromAbove follows the delegations down to the zone.
func (f finder) fromAbove(name Name) Authority {
	top, failed := f.top(name)
	if failed != nil {
		return Authority{Err: failed}
	}
	found, failed := f.descend(top, Key{name, TypeSOA})
	if failed != nil {
		return Authority{Zone: found.zone, Err: failed}
	}
	return f.complete(apexOf(found.answer, found.zone), found.level)
}

// fromPlaces asks the servers that the user named, each by itself because they
// may serve different zones, and begins with those of the deepest.
func (f finder) fromPlaces(name Name) Authority {
	best := level{zone: Root}
	key := Key{name, TypeSOA}
	for _, host := range slices.Sorted(maps.Keys(f.places)) {
		server := Nameserver{Host: host, Addr: f.places[host]}
		a, failed := f.ask([]Nameserver{server}, key)
		switch {
		case failed != nil && failed.Cause == NotAsked:
			return Authority{Err: failed}
		case failed != nil || len(a.Referral) > 0:
			continue
		}
		switch apex := apexOf(a, Root); {
		case apex == best.zone:
			best.servers = append(best.servers, server)
		case apex.Below(best.zone):
			best = level{zone: apex, servers: []Nameserver{server}}
		}
	}
	if best.zone == Root {
		return Authority{Err: aboutKey(nil, key)}
	}
	return f.complete(best.zone, best)
}

// finder follows delegations.
type finder struct {
	ctx    context.Context
	r      Resolver
	places Places
}

// level is a zone and some of those who serve it.
type level struct {
	zone       Name
	servers    []Nameserver
	delegation []Record // NS records and addresses, of all servers
}

// level returns the zone that NS records, with or without addresses beside
// them, delegate.
func (f finder) level(zone Name, delegation []Record) (level, *Error) {
	servers, failed := f.hosts(delegation, maxWalkHosts, f.base)
	return level{zone, servers, delegation}, failed
}

// found is an answer and the level that gave it.
type found struct {
	level
	answer Answer
}

// top returns the servers of the top-level domain, or of the root if the
// resolver knows none.
func (f finder) top(name Name) (level, *Error) {
	labels := name.Labels()
	tops := []Name{Root}
	if len(labels) > 1 {
		tops = []Name{Name(labels[len(labels)-1]), Root}
	}
	for _, top := range tops {
		a, err := f.r.Lookup(f.ctx, top, TypeNS)
		if err != nil {
			return level{}, AsError(err)
		}
		if !a.Void() {
			return f.level(top, a.Records)
		}
	}
	return level{}, &Error{Key: Key{tops[0], TypeNS}, Cause: Unreachable, Detail: "the resolver knows no name servers of " + tops[0].String()}
}

// descend asks the servers of a level, then those that they refer to, and so
// on, until one answers.
func (f finder) descend(l level, key Key) (found, *Error) {
	for range maxReferrals {
		a, failed := f.ask(l.servers, key)
		if failed != nil || len(a.Referral) == 0 {
			return found{l, a}, failed
		}
		child := a.Referral[0].Name
		if child == l.zone || !child.Below(l.zone) { // it would lead back, or round and round
			return found{level: l}, &Error{Key: key, Cause: Lame, Server: a.Server, Detail: fmt.Sprintf("a server of %s refers to those of %s", l.zone, child)}
		}
		if l, failed = f.level(child, a.Referral); failed != nil {
			return found{level: l}, failed
		}
	}
	return found{level: l}, &Error{Key: key, Cause: Loop, Detail: fmt.Sprintf("more than %d referrals", maxReferrals)}
}

// ask puts a question to a few servers at the same time and returns the first
// answer in their order; all fail alike as long as it is open.
func (f finder) ask(servers []Nameserver, key Key) (Answer, *Error) {
	var open, last *Error
	for _, s := range few(servers) {
		if s.Err != nil {
			last = s.Err
			continue
		}
		a, err := At(f.r, SourceAt(s.Addr)).Lookup(f.ctx, key.Name, key.Type)
		failed := AsError(err)
		switch {
		case failed == nil && open == nil:
			return a, nil
		case failed == nil:
		case failed.Cause == NotAsked:
			open = failed
		default:
			last = failed
		}
	}
	if open != nil {
		return Answer{}, open
	}
	return Answer{}, aboutKey(last, key)
}

// few returns an IPv4 and an IPv6 address of the first hosts that can be asked.
func few(servers []Nameserver) []Nameserver {
	type half struct {
		host Name
		four bool
	}
	seen := map[half]bool{}
	hosts := map[Name]bool{}
	var chosen []Nameserver
	for _, s := range servers {
		h := half{s.Host, s.Addr.Addr().Is4()}
		if s.Err != nil || seen[h] || !hosts[s.Host] && len(hosts) == maxWalkHosts {
			continue
		}
		seen[h], hosts[s.Host] = true, true
		chosen = append(chosen, s)
	}
	if chosen == nil && len(servers) > 0 {
		return servers[:1] // to say why not
	}
	return chosen
}

// aboutKey gives a failure that was met on the way to a question the question.
func aboutKey(e *Error, key Key) *Error {
	if e == nil {
		return &Error{Key: key, Cause: Unreachable, Detail: "no address of an authoritative server is known"}
	}
	if e.Key == key {
		return e
	}
	detail := e.Detail
	if detail == "" {
		detail = e.Cause.String()
	}
	return &Error{Key: key, Cause: e.Cause, Server: e.Server, Detail: "the name server " + e.Key.Name.String() + ": " + detail}
}

// apexOf returns the zone that an answer to an SOA question comes from, or the
// one whose servers were asked if it does not say.
func apexOf(a Answer, asked Name) Name {
	switch {
	case len(a.Records) > 0:
		return a.Records[0].Name
	case a.Negative != nil && a.Negative.Name.Below(asked):
		return a.Negative.Name
	}
	return asked
}

// complete returns the servers that the zone at apex names itself, and those of
// the delegation if it led there.
func (f finder) complete(apex Name, from level) Authority {
	a, failed := f.ask(from.servers, Key{apex, TypeNS})
	if failed != nil && (failed.Cause == NotAsked || apex != from.zone) {
		return Authority{Zone: apex, Err: failed}
	}
	partial := failed != nil
	own, failed := f.hosts(a.Records, maxNameservers, func(host Name, t Type) (Answer, *Error) {
		if !host.Below(apex) {
			return f.base(host, t)
		}
		// What the resolver says of this zone may be another view of it.
		below, failed := f.descend(from, Key{host, t})
		return below.answer, failed
	})
	if failed != nil {
		return Authority{Zone: apex, Err: failed}
	}
	if apex == from.zone || len(own) == 0 {
		delegated, failed := f.hosts(from.delegation, maxNameservers, f.base)
		if failed != nil {
			return Authority{Zone: apex, Err: failed}
		}
		own = append(own, delegated...)
	}
	slices.SortStableFunc(own, func(a, b Nameserver) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), a.Addr.Compare(b.Addr))
	})
	own = slices.CompactFunc(own, func(a, b Nameserver) bool { return a.Host == b.Host && a.Addr == b.Addr })
	if !slices.ContainsFunc(own, func(s Nameserver) bool { return s.Err == nil }) {
		// Also what a network shows that answers in place of the servers asked.
		_, failed := f.ask(own, Key{apex, TypeSOA})
		return Authority{Zone: apex, Servers: own, Err: failed}
	}
	return Authority{Zone: apex, Servers: own, Partial: partial}
}

// base asks the resolver, of which the addresses of hosts are expected that no
// zone above told.
func (f finder) base(host Name, t Type) (Answer, *Error) {
	a, err := f.r.Lookup(f.ctx, host, t)
	return a, AsError(err)
}

// hosts returns where the first hosts of NS records are reached: by Places, by
// the address records that stand among records, or by lookup. It fails only
// while a question is open.
func (f finder) hosts(records []Record, most int, lookup func(Name, Type) (Answer, *Error)) ([]Nameserver, *Error) {
	var servers []Nameserver
	var open *Error
	hosts := 0
	for _, r := range records {
		ns, ok := r.Data.(NS)
		if !ok || hosts == most {
			continue
		}
		hosts++
		at, failed := f.addresses(ns.Host, records, lookup)
		if failed != nil && failed.Cause == NotAsked {
			open = failed
		}
		servers = append(servers, at...)
	}
	if open != nil {
		return nil, open
	}
	return servers, nil
}

// addresses returns a host's addresses, or the host without one and why; open
// questions are returned as a failure as well.
func (f finder) addresses(host Name, glue []Record, lookup func(Name, Type) (Answer, *Error)) ([]Nameserver, *Error) {
	if place, ok := f.places[host]; ok {
		return []Nameserver{{Host: host, Addr: place}}, nil
	}
	var known []Record
	for _, r := range glue {
		if _, ok := r.Data.(Addr); ok && r.Name == host {
			known = append(known, r)
		}
	}
	var failed *Error
	if known == nil {
		for _, t := range []Type{TypeA, TypeAAAA} {
			a, err := lookup(host, t)
			if err != nil && (failed == nil || err.Cause == NotAsked) {
				failed = err
			}
			known = append(known, a.Records...)
		}
	}
	if known == nil {
		if failed == nil {
			failed = &Error{Key: Key{host, TypeA}, Cause: Unreachable, Detail: "the name server has no address"}
		}
		return []Nameserver{{Host: host, Err: failed}}, failed
	}
	return onInternet(host, known), failed
}

// onInternet turns address records into servers; private addresses are not
// asked, because whoever answers there is not who the internet would ask.
func onInternet(host Name, known []Record) []Nameserver {
	var servers []Nameserver
	for _, r := range known[:min(len(known), maxPerHost)] {
		ip := r.Data.(Addr).IP
		s := Nameserver{Host: host, Addr: netip.AddrPortFrom(ip, defaultPort)}
		if PrivateAddr(ip) {
			s.Err = &Error{Key: Key{host, r.Data.Type()}, Cause: Unreachable, Server: s.Addr.String(), Detail: "the internet cannot reach this address"}
		}
		servers = append(servers, s)
	}
	return servers
}
