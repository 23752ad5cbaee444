package world

import (
	"context"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func load(t *testing.T) *dns.Zones {
	t.Helper()
	z, err := Zones()
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// records calls f with every record of the world.
func records(z *dns.Zones, f func(dns.Record)) {
	for _, apex := range z.Apexes() {
		for _, r := range z.Records(apex) {
			f(r)
		}
	}
}

// missing are the names that records lead to and that do not exist, because
// that is the mistake.
var missing = []dns.Name{
	"mail.mx-unresolvable.example",
	"203.0.113.25",
	"69827364.msv1.invalid.outlook.com",
	"mail.void-lookups.example", "fax.void-lookups.example", "crm.void-lookups.example",
	"spf.microsoftonline.com",
	"spf.protection.outlook.com-all",
	"dkim1.cancelled-service.example", "dkim2.cancelled-service.example",
}

// dormant reports whether a name is a Microsoft 365 target, which has no key
// until it is used.
func dormant(n dns.Name) bool {
	return strings.Contains(string(n), "._domainkey.") && strings.HasPrefix(string(n), "selector")
}

var spfTarget = regexp.MustCompile(`(?i)\b(include|a|mx|redirect)[:=]([^\s/]+)`)

// TestClosed: no question of a demo leaves the world.
func TestClosed(t *testing.T) {
	t.Parallel()
	z := load(t)
	seen := map[dns.Name]bool{}
	reach := func(from dns.Record, target dns.Name, types ...dns.Type) {
		found := false
		for _, typ := range types {
			a, err := z.Lookup(context.Background(), target, typ)
			if err != nil && dns.AsError(err).Cause == dns.Timeout {
				found = true
			} else if err != nil {
				t.Errorf("%s: %v", from, err)
			}
			found = found || !a.Void()
		}
		seen[target] = true
		if expected := !slices.Contains(missing, target); found != expected && !dormant(target) {
			t.Errorf("%s: target found: %t, expected: %t", from, found, expected)
		}
	}
	records(z, func(r dns.Record) {
		switch d := r.Data.(type) {
		case dns.CNAME:
			reach(r, d.Target, dns.TypeA, dns.TypeTXT)
		case dns.NS:
			reach(r, d.Host, dns.TypeA)
		case dns.PTR:
			reach(r, d.Target, dns.TypeA, dns.TypeAAAA)
		case dns.MX:
			if d.Host != dns.Root {
				reach(r, d.Host, dns.TypeA)
			}
		case dns.TXT:
			if !strings.HasPrefix(d.Joined(), "v=spf1") || strings.Contains(d.Joined(), "%{") {
				return
			}
			for _, m := range spfTarget.FindAllStringSubmatch(d.Joined(), -1) {
				typ := dns.TypeTXT
				if m[1] == "a" {
					typ = dns.TypeA
				}
				reach(r, dns.MustName(m[2]), typ)
			}
		}
	})
	for _, n := range missing {
		if !seen[n] {
			t.Errorf("nothing leads to %s, which is said to be missing", n)
		}
	}
	a, err := z.Lookup(context.Background(), "www.elsewhere.org", dns.TypeA)
	if err != nil || a.Exists {
		t.Errorf("a name outside: %+v, %v; want that it does not exist", a, err)
	}
}

var allowed = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), // RFC 5737
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // RFC 2544
	netip.MustParsePrefix("2001:db8::/32"), // RFC 3849
	netip.MustParsePrefix("127.0.0.2/32"),  // RFC 5782: a listing, no address
}

// TestAddresses: nothing here is anybody's address.
func TestAddresses(t *testing.T) {
	t.Parallel()
	check := func(r dns.Record, p netip.Prefix) {
		if !slices.ContainsFunc(allowed, func(a netip.Prefix) bool { return a.Bits() <= p.Bits() && a.Contains(p.Addr()) }) {
			t.Errorf("%s: %s is not for documentation or tests", r, p)
		}
		if p != p.Masked() {
			t.Errorf("%s: %s has host bits", r, p)
		}
	}
	literal := regexp.MustCompile(`\bipv?[46]:(\S+)`)
	records(load(t), func(r dns.Record) {
		switch d := r.Data.(type) {
		case dns.Addr:
			check(r, netip.PrefixFrom(d.IP, d.IP.BitLen()))
		case dns.TXT:
			for _, m := range literal.FindAllStringSubmatch(d.Joined(), -1) {
				p, err := netip.ParsePrefix(m[1])
				if ip, err2 := netip.ParseAddr(m[1]); err2 == nil {
					p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
				}
				if err != nil {
					t.Errorf("%s: %v", r, err)
					continue
				}
				check(r, p)
			}
		}
	})
}

// TestReverse: each reverse name belongs to an address of the host it names.
func TestReverse(t *testing.T) {
	t.Parallel()
	z := load(t)
	records(z, func(r dns.Record) {
		d, ok := r.Data.(dns.PTR)
		if !ok {
			return
		}
		for _, typ := range []dns.Type{dns.TypeA, dns.TypeAAAA} {
			a, err := z.Lookup(context.Background(), d.Target, typ)
			if err != nil {
				t.Fatal(err)
			}
			for _, host := range a.Records {
				if reverse(host.Data.(dns.Addr).IP) == r.Name {
					return
				}
			}
		}
		t.Errorf("%s: the host has no such address", r)
	})
}

func reverse(ip netip.Addr) dns.Name {
	const hex = "0123456789abcdef"
	var labels []string
	for _, c := range ip.AsSlice() {
		if ip.Is4() {
			labels = append(labels, netip.AddrFrom4([4]byte{3: c}).String()[len("0.0.0."):])
		} else {
			labels = append(labels, hex[c>>4:c>>4+1], hex[c&15:c&15+1])
		}
	}
	slices.Reverse(labels)
	suffix := ".ip6.arpa"
	if ip.Is4() {
		suffix = ".in-addr.arpa"
	}
	return dns.Name(strings.Join(labels, ".") + suffix)
}

func TestDomains(t *testing.T) {
	t.Parallel()
	z := load(t)
	apexes := z.Apexes()
	seen := map[dns.Name]bool{}
	for _, n := range Domains() {
		if seen[n] {
			t.Errorf("%s is there twice", n)
		}
		seen[n] = true
		if !slices.Contains(apexes, n) {
			t.Errorf("%s has no zone", n)
		}
		if parsed, err := dns.ParseName(string(n)); err != nil || parsed != n {
			t.Errorf("%s is no name: %v", n, err)
		}
		if about := About(n); about == "" || strings.HasSuffix(about, ".") || strings.Contains(about, "\n") {
			t.Errorf("%s: about %q: must be one sentence without full stop", n, about)
		}
	}
	for _, apex := range apexes { // the others are providers
		if apex.Parent() == "example" && !seen[apex] && !slices.Contains([]dns.Name{"dns-kontor.example", "dmarc-lotse.example", "consultant.example"}, apex) {
			t.Errorf("zone %s is in no demo", apex)
		}
	}
	if got := About("example.com"); got != "" {
		t.Errorf("about a foreign name: %q", got)
	}
}

// TestFaults: the planned faults are failures, not absences.
func TestFaults(t *testing.T) {
	t.Parallel()
	z := load(t)
	for _, tt := range []struct {
		name dns.Name
		want dns.Cause
	}{{"_dmarc.servfail.example", dns.ServFail}, {"_spf.slow.example", dns.Timeout}} {
		_, err := z.Lookup(context.Background(), tt.name, dns.TypeTXT)
		if e := dns.AsError(err); e == nil || e.Cause != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
