package proof

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/provider"
	"sendplan/spf"
)

const (
	maxSamples = 64  // addresses of a service that are judged
	maxListed  = 256 // addresses that are judged where the hop itself lists them
	smallBits  = 3   // host bits of a block of which every address is judged: /29 and /125
)

// source is where the mail of a hop leaves from.
type source struct {
	points []point
	gap    string     // why there are, or may be, other addresses; "" if there are none
	err    *dns.Error // of the gap
	notes  []string
}

// point is an address and the block that it stands for.
type point struct {
	addr  netip.Addr
	block netip.Prefix
}

// open notes that some addresses are not known. The first reason is kept.
func (s *source) open(err *dns.Error, format string, args ...any) {
	if s.gap == "" {
		s.gap = fmt.Sprintf(format, args...)
	}
	if s.err == nil {
		s.err = err
	}
}

// words says why some addresses are not known.
func (s *source) words() string {
	if s.err == nil {
		return s.gap
	}
	return s.gap + ": " + s.err.Error()
}

// add takes samples of a block: receivers never see a private one.
func (s *source) add(block netip.Prefix) {
	block = block.Masked()
	for _, addr := range ends(block) {
		if !dns.PrivateAddr(addr) {
			s.points = append(s.points, point{addr, block})
		}
	}
}

// ends returns the first and the last address of a block, or all of a small one.
func ends(block netip.Prefix) []netip.Addr {
	first := block.Addr()
	if host := first.BitLen() - block.Bits(); host > smallBits {
		return []netip.Addr{first, last(block)}
	}
	var all []netip.Addr
	for a := first; a.IsValid() && block.Contains(a); a = a.Next() {
		all = append(all, a)
	}
	return all
}

// last returns the last address of a block.
func last(block netip.Prefix) netip.Addr {
	octets := block.Addr().AsSlice()
	for bit := block.Bits(); bit < 8*len(octets); bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(octets)
	return a
}

// source returns the addresses that a hop leaves from. Those of a service may
// depend on what the domain of MAIL FROM names for it.
func (r *Receiver) source(h method.Hop, mailFrom dns.Name) source {
	var s source
	for _, block := range h.Addresses {
		switch {
		case !block.IsValid():
		case dns.PrivateAddr(block.Addr()):
			s.open(nil, "%s is not an address that receivers see", block)
		default:
			s.add(block)
		}
	}
	if h.Service != "" || len(h.Includes) > 0 {
		r.service(&s, h, mailFrom)
	}
	if len(s.points) == 0 {
		s.open(nil, "the addresses that it leaves from are not known")
	}
	limit := maxSamples
	if len(h.Addresses) > 0 {
		limit = maxListed
	}
	parts := r.parts(&s, mailFrom)
	s.thin(limit)
	s.points = append(parts, s.points...)
	return s
}

// maxParts bounds how many parts of blocks are judged apart.
const maxParts = 48

// parts takes a sample of each part of the blocks that the sender's record judges
// apart, as far as its terms tell: a block that passes at both ends need not pass
// as a whole.
func (r *Receiver) parts(s *source, mailFrom dns.Name) []point {
	if mailFrom == "" {
		return nil
	}
	c := r.tree(mailFrom).Coverage()
	var list []point
	seen := map[netip.Prefix]bool{}
	for _, p := range s.points {
		if seen[p.block] || p.block.IsSingleIP() {
			continue
		}
		seen[p.block] = true
		block := spf.NewAddressSet(p.block)
		for _, set := range []spf.AddressSet{c.Pass, c.Fail, c.SoftFail, c.Neutral, c.Open} {
			inside := set.Intersect(block)
			if inside.IsEmpty() || inside.Equal(block) {
				continue // it is one part
			}
			for _, network := range inside.Prefixes() {
				if len(list) == maxParts {
					s.notes = append(s.notes, fmt.Sprintf("%s judges more parts of the blocks apart than were looked at", mailFrom))
					return list
				}
				list = append(list, point{network.Addr(), p.block})
			}
		}
	}
	return list
}

// thin drops repeated addresses, and evenly chosen ones where there are more
// than limit.
func (s *source) thin(limit int) {
	seen := make(map[netip.Addr]bool)
	s.points = slices.DeleteFunc(s.points, func(p point) bool {
		again := seen[p.addr]
		seen[p.addr] = true
		return again
	})
	n := len(s.points)
	if n <= limit {
		return
	}
	chosen := make([]point, limit)
	for i := range chosen {
		chosen[i] = s.points[i*(n-1)/(limit-1)]
	}
	s.points = chosen
	s.notes = append(s.notes, fmt.Sprintf("of %d addresses at the ends of blocks, %d were judged", n, limit))
}

// service adds the addresses of a service, by its own SPF records.
func (r *Receiver) service(s *source, h method.Hop, mailFrom dns.Name) {
	names, named, err := r.named(h, mailFrom)
	switch {
	case len(names) == 0:
		s.open(err, "no name is known that lists the addresses of %s", h.From)
	case named:
		s.notes = append(s.notes, fmt.Sprintf("the addresses are those of %s, which the record of %s names", names[0], mailFrom))
	case err != nil:
		s.open(err, "whether %s names another part of the service could not be found out", mailFrom)
	}
	for _, name := range names {
		r.expand(s, name)
	}
}

// named returns the names that stand for a service: the usual ones, unless the
// domain's own record names others of the same service instead, such as those of
// another region.
func (r *Receiver) named(h method.Hop, mailFrom dns.Name) (names []dns.Name, own bool, err *dns.Error) {
	if mailFrom == "" || h.Service == "" {
		return h.Includes, false, nil
	}
	t := r.tree(mailFrom)
	names = namesOf(t.Root, mailFrom, h.Service)
	switch {
	case slices.ContainsFunc(names, func(n dns.Name) bool { return slices.Contains(h.Includes, n) }):
		return h.Includes, false, nil
	case len(names) > 0:
		return names, true, nil
	}
	if e, ok := provider.ByID(h.Service); ok && len(e.SPF.Also) == 0 {
		return h.Includes, false, nil // it has no other names
	}
	return h.Includes, false, failureOf(t)
}

// namesOf returns what a domain's own records include of a service. What others
// include says nothing about the domain.
func namesOf(n *spf.Node, domain dns.Name, service provider.ID) []dns.Name {
	var names []dns.Name
	for _, c := range n.Children {
		kind := c.Term.Kind
		if kind != spf.KindInclude && kind != spf.KindRedirect || c.State == spf.StateIgnored {
			continue
		}
		e, ok := provider.ByInclude(c.Target)
		switch {
		case ok && e.ID == service:
			names = append(names, c.Target)
		case kind == spf.KindRedirect, c.Target.Below(domain), domain.Below(c.Target):
			names = append(names, namesOf(c, domain, service)...)
		}
	}
	return names
}

// failureOf returns the first question of a tree that was not answered.
func failureOf(t spf.Tree) *dns.Error {
	for _, p := range t.Problems {
		if p.Err != nil {
			return p.Err
		}
	}
	return nil
}

// expand adds what the SPF record of a name authorises.
func (r *Receiver) expand(s *source, name dns.Name) {
	t := r.tree(name)
	switch {
	case t.Root.Err != nil && t.Root.Record == nil:
		s.open(t.Root.Err, "the addresses that %s lists could not be asked", name)
		return
	case t.Root.Record == nil:
		s.open(nil, "%s lists no addresses: it has not exactly one SPF record", name)
		return
	case t.Truncated:
		s.open(nil, "%s lists more addresses than were followed", name)
	}
	a := t.Authorized()
	for _, n := range a.Open {
		s.open(n.Err, "part of the addresses that %s lists cannot be told: %s", name, n.Term.Text)
	}
	for _, g := range a.Grants {
		if g.Prefix.Bits() == 0 {
			s.open(nil, "%s lists every address: which are its own cannot be told", name)
			continue
		}
		s.add(g.Prefix)
	}
	if len(a.Grants) == 0 {
		s.open(nil, "%s lists no addresses", name)
	}
}

// tree expands the SPF record of a name, once.
func (r *Receiver) tree(name dns.Name) spf.Tree {
	t, ok := r.trees[name]
	if !ok {
		t = spf.Expand(context.Background(), r.r, name) // r answers from memory
		r.trees[name] = t
	}
	return t
}
