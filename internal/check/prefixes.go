package check

import "net/netip"

// covered reports whether every address of p is in one of set.
func covered(p netip.Prefix, set []netip.Prefix) bool {
	inside := false
	for _, s := range set {
		if s.Bits() <= p.Bits() && s.Contains(p.Addr()) {
			return true
		}
		inside = inside || p.Contains(s.Addr())
	}
	if !inside {
		return false
	}
	low, high := halves(p)
	return covered(low, set) && covered(high, set)
}

// halves splits a network of more than one address.
func halves(p netip.Prefix) (low, high netip.Prefix) {
	bits := p.Bits() + 1
	octets := p.Addr().AsSlice()
	octets[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
	upper, _ := netip.AddrFromSlice(octets)
	return netip.PrefixFrom(p.Addr(), bits), netip.PrefixFrom(upper, bits)
}
