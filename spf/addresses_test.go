package spf

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawPrefix draws networks that overlap, touch and nest, at both ends of both
// families as well.
func drawPrefix(t *rapid.T) netip.Prefix {
	base := rapid.SampledFrom([]string{"0.0.0.0", "192.0.2.0", "255.255.255.0", "::", "2001:db8::", "::ffff:192.0.2.0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00"}).Draw(t, "base")
	ip := netip.MustParseAddr(base).AsSlice()
	ip[len(ip)-1] |= byte(rapid.IntRange(0, 255).Draw(t, "host"))
	addr, _ := netip.AddrFromSlice(ip)
	bits := addr.BitLen() - rapid.SampledFrom([]int{0, 0, 1, 2, 3, 5, 8, 9, addr.BitLen() - 1, addr.BitLen()}).Draw(t, "host bits")
	return netip.PrefixFrom(addr, bits)
}

func drawPrefixes(t *rapid.T, label string) []netip.Prefix {
	return rapid.SliceOfN(rapid.Custom(drawPrefix), 0, 12).Draw(t, label)
}

// in is the membership of a list of networks, address by address.
func in(ps []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(ps, func(p netip.Prefix) bool {
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		return p.Contains(ip)
	})
}

// borders returns the addresses at which membership can change.
func borders(ps []netip.Prefix) []netip.Addr {
	var ips []netip.Addr
	for _, p := range append(ps, everything4, everything6) {
		first, last := p.Masked().Addr().Unmap(), lastOf(p).Unmap()
		ips = append(ips, first, last)
		for _, ip := range []netip.Addr{first.Prev(), last.Next()} {
			if ip.IsValid() && !ip.Is4In6() {
				ips = append(ips, ip)
			}
		}
	}
	return ips
}

func TestAddressSetAgreesWithMembership(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawPrefixes(t, "p"), drawPrefixes(t, "q")
		a, b := NewAddressSet(p...), NewAddressSet(q...)
		union, both, rest := a.Union(b), a.Intersect(b), a.Subtract(b)
		inA, inB := true, true
		for _, ip := range borders(slices.Concat(p, q)) {
			x, y := in(p, ip), in(q, ip)
			inA, inB = inA && (!x || y), inB && (!y || x)
			if a.Contains(ip) != x || union.Contains(ip) != (x || y) || both.Contains(ip) != (x && y) || rest.Contains(ip) != (x && !y) {
				t.Fatalf("%s: in %v: %v, in %v: %v; union %s, both %s, rest %s", ip, p, x, q, y, union, both, rest)
			}
			if ip.Is4() && a.Contains(netip.AddrFrom16(ip.As16())) != x {
				t.Fatalf("%s: the mapped address has another result", ip)
			}
		}
		if b.Covers(a) != inA || a.Covers(b) != inB || a.Equal(b) != (inA && inB) {
			t.Fatalf("%v and %v: covers %v %v, want %v %v", p, q, b.Covers(a), a.Covers(b), inA, inB)
		}
		for _, s := range []AddressSet{a, union, both, rest} {
			checkSet(t, s)
		}
	})
}

// checkSet checks the form of a set, and that its networks make it again.
func checkSet(t tester, s AddressSet) {
	t.Helper()
	for i, r := range s.ranges {
		if r.first.BitLen() != r.last.BitLen() || r.last.Less(r.first) {
			t.Fatalf("range %v", r)
		}
		if i > 0 && (!s.ranges[i-1].last.Less(r.first) || s.ranges[i-1].last.Next() == r.first) {
			t.Fatalf("%v and %v should be one", s.ranges[i-1], r)
		}
	}
	ps := s.Prefixes()
	if again := NewAddressSet(ps...); !again.Equal(s) {
		t.Fatalf("%s became %s", s, again)
	}
	for i, p := range ps {
		if p != p.Masked() || i > 0 && !ps[i-1].Addr().Less(p.Addr()) {
			t.Fatalf("%v is out of order or not masked", ps)
		}
		// Two halves of one network would be one network.
		if i > 0 && p.Bits() > 0 && p.Bits() == ps[i-1].Bits() && netip.PrefixFrom(p.Addr(), p.Bits()-1).Contains(ps[i-1].Addr()) {
			t.Fatalf("%v holds two halves", ps)
		}
	}
}

func TestAddressSetString(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", "no address"},
		{"adjacent ones become one", "192.0.2.0/25 192.0.2.128/25", "192.0.2.0/24"},
		{"IPv4 first, single ones without a length", "2001:db8::/32 192.0.2.7/32 192.0.2.1/32", "192.0.2.1, 192.0.2.7, 2001:db8::/32"},
		{"a mapped network is an IPv4 one", "::ffff:192.0.2.9/120", "192.0.2.0/24"},
		{"a wider one is IPv6", "::ffff:192.0.2.9/64", "::/64"},
		{"the fewest", "192.0.2.1/32 192.0.2.2/31 192.0.2.4/30", "192.0.2.1, 192.0.2.2/31, 192.0.2.4/30"},
		{"the ends of IPv4 and IPv6 do not touch", "255.255.255.255/32 ::/128", "255.255.255.255, ::"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := set(tt.in).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := NewAddressSet(netip.Prefix{}); !got.IsEmpty() {
		t.Errorf("an invalid network holds %s", got)
	}
	if got := Everywhere().String(); got != "0.0.0.0/0, ::/0" {
		t.Errorf("everywhere is %s", got)
	}
}
