package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// AddressSet is a set of IPv4 and IPv6 addresses. The zero value is empty, and
// a set never changes. An IPv4-mapped IPv6 address counts as the IPv4 address,
// and a network of such addresses as the IPv4 network.
type AddressSet struct {
	// ranges are sorted, IPv4 first, without overlaps, and no two that could be
	// one.
	ranges []addressRange
}

// addressRange is all addresses from first to last, of one family.
type addressRange struct{ first, last netip.Addr }

// NewAddressSet returns the set of all addresses in the networks; invalid ones
// hold none.
func NewAddressSet(prefixes ...netip.Prefix) AddressSet {
	ranges := make([]addressRange, 0, len(prefixes))
	for _, p := range prefixes {
		if !p.IsValid() {
			continue
		}
		if mapped(p) {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		ranges = append(ranges, addressRange{p.Masked().Addr(), lastOf(p)})
	}
	return collect(ranges)
}

// Everywhere returns the set of all addresses.
func Everywhere() AddressSet { return NewAddressSet(everything4, everything6) }

// mapped reports whether all of p are IPv4-mapped addresses.
func mapped(p netip.Prefix) bool { return p.Addr().Is4In6() && p.Bits() >= 96 }

// lastOf returns the highest address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	octets := p.Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(octets); bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(octets)
	return last
}

// collect makes a set of ranges in any order, which it takes over.
func collect(ranges []addressRange) AddressSet {
	slices.SortFunc(ranges, func(a, b addressRange) int { return a.first.Compare(b.first) })
	var s AddressSet
	for _, r := range ranges {
		s.add(r)
	}
	return s
}

// add puts a range at the end, of a set that is being made: it must not begin
// before the last one does.
func (s *AddressSet) add(r addressRange) {
	if n := len(s.ranges); n > 0 {
		// After the highest address of a family comes the invalid one.
		if last := &s.ranges[n-1].last; !last.Less(r.first) || last.Next() == r.first {
			if last.Less(r.last) {
				*last = r.last
			}
			return
		}
	}
	s.ranges = append(s.ranges, r)
}

// Union returns the addresses in either set.
func (s AddressSet) Union(o AddressSet) AddressSet {
	if s.IsEmpty() {
		return o
	}
	u := AddressSet{make([]addressRange, 0, len(s.ranges)+len(o.ranges))}
	for a, b := s.ranges, o.ranges; len(a)+len(b) > 0; {
		if len(b) == 0 || len(a) > 0 && !b[0].first.Less(a[0].first) {
			u.add(a[0])
			a = a[1:]
		} else {
			u.add(b[0])
			b = b[1:]
		}
	}
	return u
}

// ending returns the index of the first range that does not end before ip.
func ending(ranges []addressRange, ip netip.Addr) int {
	i, _ := slices.BinarySearchFunc(ranges, ip, func(r addressRange, ip netip.Addr) int { return r.last.Compare(ip) })
	return i
}

// Intersect returns the addresses in both sets.
func (s AddressSet) Intersect(o AddressSet) AddressSet {
	var both AddressSet
	for a, b := s.ranges, o.ranges; len(a) > 0 && len(b) > 0; {
		first, last := later(a[0].first, b[0].first), earlier(a[0].last, b[0].last)
		if !last.Less(first) {
			both.ranges = append(both.ranges, addressRange{first, last})
		}
		if a[0].last.Less(b[0].last) {
			a = a[1:]
			a = a[ending(a, b[0].first):]
		} else {
			b = b[1:]
			b = b[ending(b, a[0].first):]
		}
	}
	return both
}

// Subtract returns the addresses of s that are not in o.
func (s AddressSet) Subtract(o AddressSet) AddressSet {
	ranges, rest := s.ranges, make([]addressRange, 0, len(s.ranges)+len(o.ranges))
	for _, hole := range o.ranges {
		// What the last hole left of a range may meet this one.
		if n := len(rest); n > 0 && !rest[n-1].last.Less(hole.first) {
			rest = rest[n-1].without(hole, rest[:n-1])
		}
		i := ending(ranges, hole.first)
		rest, ranges = append(rest, ranges[:i]...), ranges[i:]
		for len(ranges) > 0 && !hole.last.Less(ranges[0].first) {
			rest, ranges = ranges[0].without(hole, rest), ranges[1:]
		}
	}
	return AddressSet{append(rest, ranges...)}
}

// without adds to rest what a hole leaves of the range.
func (r addressRange) without(hole addressRange, rest []addressRange) []addressRange {
	if r.first.Less(hole.first) {
		rest = append(rest, addressRange{r.first, hole.first.Prev()})
	}
	if hole.last.Less(r.last) {
		rest = append(rest, addressRange{hole.last.Next(), r.last})
	}
	return rest
}

func later(a, b netip.Addr) netip.Addr {
	if a.Less(b) {
		return b
	}
	return a
}

func earlier(a, b netip.Addr) netip.Addr {
	if a.Less(b) {
		return a
	}
	return b
}

// Contains reports whether the address is in the set.
func (s AddressSet) Contains(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	i := ending(s.ranges, ip)
	return ip.IsValid() && i < len(s.ranges) && !ip.Less(s.ranges[i].first)
}

// Covers reports whether all of o is in the set.
func (s AddressSet) Covers(o AddressSet) bool { return o.Subtract(s).IsEmpty() }

// IsEmpty reports whether no address is in the set.
func (s AddressSet) IsEmpty() bool { return len(s.ranges) == 0 }

// Equal reports whether the same addresses are in both sets.
func (s AddressSet) Equal(o AddressSet) bool { return slices.Equal(s.ranges, o.ranges) }

// Prefixes returns the set as networks, the fewest that will do: IPv4 first,
// then by address.
func (s AddressSet) Prefixes() []netip.Prefix {
	var ps []netip.Prefix
	for _, r := range s.ranges {
		for from := r.first; from.IsValid() && !r.last.Less(from); {
			p := r.widest(from)
			ps = append(ps, p)
			from = lastOf(p).Next()
		}
	}
	return ps
}

// widest returns the widest network that begins at from and ends in the range.
func (r addressRange) widest(from netip.Addr) netip.Prefix {
	p := netip.PrefixFrom(from, from.BitLen())
	for p.Bits() > 0 {
		wider := netip.PrefixFrom(from, p.Bits()-1)
		if wider.Masked().Addr() != from || r.last.Less(lastOf(wider)) {
			break
		}
		p = wider
	}
	return p
}

// String lists the networks, single addresses without a length.
func (s AddressSet) String() string {
	if s.IsEmpty() {
		return "no address"
	}
	var words []string
	for _, p := range s.Prefixes() {
		if p.IsSingleIP() {
			words = append(words, p.Addr().String())
		} else {
			words = append(words, p.String())
		}
	}
	return strings.Join(words, ", ")
}
