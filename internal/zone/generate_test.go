package zone

import (
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// hostile are texts that try to be more than data.
var hostile = []string{
	"'; Remove-Item -Recurse C:\\ #", "$(whoami)", "${HOME}", "`n`whoami`", "\"", "\\", "\\\"", "';'", "a\nsend\nupdate delete example. TXT\n", "a\r\nb",
	"*/ evil", "--> evil", "#> evil", "; comment", ";- x", "=cmd|' /C calc'!A0", "v=DMARC1; p=none;=1+1", "\u202e\u2028", "\x00\x01\xff\xfe", "$INCLUDE /etc/passwd", "@", "(", ")", "",
	"v=spf1 ip4:192.0.2.0/24 -all", "google-site-verification=abc", "‘quoted’", "{{.}}", "'''", "''", "%s%n", "\t",
}

func genText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom(hostile),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, dns.MaxString), func(b []byte) string { return string(b) }),
		rapid.StringMatching(`[ -~]{0,255}`),
	).Draw(t, "text")
}

func genLabel(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z0-9_-]{1,20}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 12), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{"*", "_dmarc", "selector1._domainkey", "=x", "-a", "+b", "$generate", "a b", "'", "';x", "@", "\\", "\"", "TXT", "IN", "300"}),
	).Filter(func(s string) bool { return s[0] != '.' && s[len(s)-1] != '.' }).Draw(t, "label")
}

// genName draws a name below zone, or the zone's own.
func genName(t *rapid.T, zone dns.Name) dns.Name {
	n, err := dns.RawName(genLabel(t) + "." + zone.String())
	if err != nil || rapid.Bool().Draw(t, "apex") {
		return zone
	}
	return n
}

func genData(t *rapid.T, kind dns.Type, zone dns.Name) dns.Data {
	u16 := func(what string) uint16 { return rapid.Uint16().Draw(t, what) }
	switch kind {
	case dns.TypeA:
		return dns.Addr{IP: netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "ip")))}
	case dns.TypeAAAA:
		return dns.Addr{IP: netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "ip")))}
	case dns.TypeMX:
		return dns.MX{Preference: u16("preference"), Host: rapid.SampledFrom([]dns.Name{dns.Root, "mail.example.net", genName(t, zone)}).Draw(t, "host")}
	case dns.TypeCNAME:
		return dns.CNAME{Target: genName(t, zone)}
	case dns.TypeNS:
		return dns.NS{Host: genName(t, zone)}
	case dns.TypePTR:
		return dns.PTR{Target: genName(t, zone)}
	case dns.TypeSRV:
		return dns.SRV{Priority: u16("priority"), Weight: u16("weight"), Port: u16("port"), Target: genName(t, zone)}
	case dns.TypeTLSA:
		return dns.TLSA{Usage: 3, Selector: 1, Matching: 1, Data: "00ff"}
	case dns.TypeCAA:
		return dns.CAA{Flags: 128, Tag: "issue", Value: genText(t)}
	}
	strs := []string{genText(t)}
	for range rapid.IntRange(0, 2).Draw(t, "more strings") {
		strs = append(strs, genText(t))
	}
	return dns.NewTXT(strs...)
}

func genSet(t *rapid.T, k dns.Key, zone dns.Name, most int, ttl uint32) []dns.Record {
	var set []dns.Record
	if k.Type == dns.TypeCNAME {
		most = min(most, 1)
	}
	for range rapid.IntRange(0, most).Draw(t, "records") {
		r := dns.Record{Name: k.Name, TTL: ttl, Data: genData(t, k.Type, zone)}
		if !slices.Contains(set, r) {
			set = append(set, r)
		}
	}
	return set
}

var genTypes = []dns.Type{dns.TypeTXT, dns.TypeTXT, dns.TypeTXT, dns.TypeCNAME, dns.TypeMX, dns.TypeA, dns.TypeAAAA, dns.TypeNS, dns.TypePTR, dns.TypeSRV, dns.TypeTLSA, dns.TypeCAA}

// genBatch draws a batch that [check] lets pass, its words hostile as well.
func genBatch(t *rapid.T) Batch {
	b := Batch{Zone: rapid.SampledFrom([]dns.Name{"contoso.example", "xn--bcher-kva.example", "2.0.192.in-addr.arpa", "a\\.b.example", dns.Root}).Draw(t, "zone"), Stage: genText(t)}
	for range rapid.IntRange(1, 4).Draw(t, "changes") {
		k := dns.Key{Name: genName(t, b.Zone), Type: rapid.SampledFrom(genTypes).Draw(t, "type")}
		c := dns.Change{Zone: b.Zone, Key: k, Why: []string{genText(t), "scanner-2og"}}
		c.Old = genSet(t, k, b.Zone, 3, rapid.Uint32Max(maxTTL).Draw(t, "old TTL"))
		ttl := rapid.Uint32Max(maxTTL).Draw(t, "TTL")
		if len(c.Old) > 0 && rapid.Bool().Draw(t, "same TTL") {
			ttl = c.Old[0].TTL
		}
		for _, r := range c.Old { // some stay
			if k.Type != dns.TypeCNAME && rapid.Bool().Draw(t, "stays") {
				r.TTL = ttl
				c.New = append(c.New, r)
			}
		}
		for _, r := range genSet(t, k, b.Zone, 2, ttl) {
			if !slices.Contains(c.New, r) {
				c.New = append(c.New, r)
			}
		}
		with := b
		with.Changes = append(slices.Clone(b.Changes), c)
		if check(with) == nil {
			b = with
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "held") {
		b.Held = append(b.Held, Held{dns.Key{Name: genName(t, b.Zone), Type: dns.TypeTXT}, genText(t)})
	}
	return b
}

// record reads a record for a test.
func record(t testing.TB, line string) dns.Record {
	t.Helper()
	r, err := readRecord(line)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func recordList(t testing.TB, lines ...string) []dns.Record {
	t.Helper()
	var list []dns.Record
	for _, line := range lines {
		list = append(list, record(t, line))
	}
	return list
}
