package check

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// TestCovered compares with trying every address of a small range.
func TestCovered(t *testing.T) {
	t.Parallel()
	network := rapid.Custom(func(t *rapid.T) netip.Prefix {
		last := byte(rapid.IntRange(0, 31).Draw(t, "last"))
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, last}), rapid.IntRange(27, 32).Draw(t, "bits")).Masked()
	})
	rapid.Check(t, func(t *rapid.T) {
		p, set := network.Draw(t, "p"), rapid.SliceOfN(network, 0, 8).Draw(t, "set")
		want := true
		for ip := p.Addr(); p.Contains(ip); ip = ip.Next() {
			in := false
			for _, s := range set {
				in = in || s.Contains(ip)
			}
			want = want && in
		}
		if got := covered(p, set); got != want {
			t.Errorf("%v in %v: %v, want %v", p, set, got, want)
		}
	})
}

func TestCoveredWide(t *testing.T) {
	t.Parallel()
	parse := netip.MustParsePrefix
	if !covered(everything4, []netip.Prefix{parse("0.0.0.0/1"), parse("128.0.0.0/1")}) {
		t.Error("two halves are not the whole")
	}
	if covered(parse("2001:db8::/32"), []netip.Prefix{parse("2001:db8::/33"), parse("2001:db8:8000::/34"), parse("0.0.0.0/0")}) {
		t.Error("three quarters are the whole")
	}
}

var everything4 = netip.MustParsePrefix("0.0.0.0/0")

func TestRegistrable(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"mail.example.com": "example.com", "example.co.uk": "example.co.uk", "a.b.example.co.uk": "example.co.uk",
		"com": "", "co.uk": "", "x.contoso.example": "contoso.example",
		"app.azurewebsites.net":  "azurewebsites.net", // no registry: its owner is asked for
		"tenant.onmicrosoft.com": "onmicrosoft.com",
	} {
		if got := registrableDomain(dns.MustName(name)); string(got) != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
