package authority

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func TestZone(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	a := w.reader()
	for name, want := range map[dns.Name]struct {
		apex     dns.Name
		servers  int
		negative uint32
	}{
		"contoso.example":                 {"contoso.example", 3, 600},
		"a.b.c.contoso.example":           {"contoso.example", 3, 600},
		"alias.contoso.example":           {"contoso.example", 3, 600},
		"x.links.contoso.example":         {"contoso.example", 3, 600},
		"sub.contoso.example":             {"sub.contoso.example", 1, 60},
		"_dmarc.deep.sub.contoso.example": {"sub.contoso.example", 1, 60},
		"there.fabrikam.example":          {"fabrikam.example", 1, 600},
	} {
		z := a.Zone(name)
		if z.Err != nil || z.Apex != want.apex || len(z.Servers) != want.servers || z.NegativeTTL != want.negative || z.TTL != 3600 || z.SOA.Serial != 7 || z.Serials != "" || z.Notes != nil {
			t.Errorf("%s: %+v", name, z)
		}
	}
	for q, n := range w.asked {
		if q.Key.Type == dns.TypeSOA && q.Key.Name == "contoso.example" && q.Source == six && n > 1 {
			t.Errorf("%s was asked %d times", q, n)
		}
	}
}

func TestZoneOfServersThatDiffer(t *testing.T) {
	t.Parallel()
	start := "contoso.example. 3600 IN SOA ns1.host.example. b. 7 2 3 4 600"
	for name, test := range map[string]struct {
		with     string // ns2's SOA record
		serial   uint32
		negative uint32
		serials  string
	}{
		"behind":            {"contoso.example. 3600 IN SOA ns1.host.example. b. 6 2 3 4 600", 7, 600, "ns1.host.example (192.0.2.1) has 7; ns2.host.example (192.0.2.2) has 6"},
		"ahead":             {"contoso.example. 3600 IN SOA ns1.host.example. b. 9 2 3 4 600", 9, 600, "ns1.host.example (192.0.2.1) has 7; ns2.host.example (192.0.2.2) has 9"},
		"wrapped around":    {"contoso.example. 3600 IN SOA ns1.host.example. b. 4294967295 2 3 4 600", 7, 600, "ns1.host.example (192.0.2.1) has 7; ns2.host.example (192.0.2.2) has 4294967295"},
		"longer MINIMUM":    {"contoso.example. 3600 IN SOA ns1.host.example. b. 7 2 3 4 1200", 7, 1200, ""},
		"shorter MINIMUM":   {"contoso.example. 3600 IN SOA ns1.host.example. b. 7 2 3 4 60", 7, 600, ""},
		"MINIMUM above TTL": {"contoso.example. 900 IN SOA ns1.host.example. b. 7 2 3 4 86400", 7, 900, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := internet(t, contosoText, strings.Replace(contosoText, start, test.with, 1))
			delete(w.at, six)
			z := w.reader().Zone("contoso.example")
			if z.Err != nil || z.SOA.Serial != test.serial || z.NegativeTTL != test.negative || z.Serials != test.serials {
				t.Errorf("%+v", z)
			}
		})
	}
}

func TestZoneFails(t *testing.T) {
	t.Parallel()
	says := func(apex dns.Name) func(dns.Question) dns.Answer {
		return func(q dns.Question) dns.Answer {
			return dns.Answer{Negative: &dns.Record{Name: apex, Data: dns.SOA{MName: "a", RName: "b"}}}
		}
	}
	for name, test := range map[string]struct {
		name dns.Name
		said func(dns.Question) dns.Answer // to SOA questions about it
		want string
	}{
		"another zone": {"x.contoso.example", says("example"), "a server of contoso.example says that the name lies in example"},
		"refers to itself": {"x.contoso.example", func(dns.Question) dns.Answer {
			return dns.Answer{Exists: true, Referral: []dns.Record{{Name: "contoso.example", Data: dns.NS{Host: "a"}}}}
		}, "lies in contoso.example"},
		"a zone nobody knows":  {"x.sub.contoso.example", says("x.sub.contoso.example"), "not authoritative"},
		"a zone unknown above": {"y.x.contoso.example", says("x.contoso.example"), "those above it know none"},
		"no SOA record":        {"contoso.example", func(dns.Question) dns.Answer { return dns.Answer{Exists: true} }, "it gives no SOA record of the zone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := internet(t, contosoText, contosoText)
			z := New(liar{w, dns.Key{Name: test.name, Type: dns.TypeSOA}, test.said}, Options{Own: []dns.Name{"contoso.example"}}).Zone(test.name)
			if z.Err == nil || !strings.Contains(z.Err.Error(), test.want) {
				t.Errorf("%+v", z)
			}
		})
	}
}

// An alias lies in the zone of the name above it; where that leads up again, the
// way down would have no end.
func TestAliasAboveTheZone(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	w.at[deep] = zones(t, deepText+"alias.up.sub.contoso.example. IN CNAME www.contoso.example.\n")
	if z := w.reader().Zone("alias.up.sub.contoso.example"); z.Err != nil || z.Apex != "sub.contoso.example" {
		t.Errorf("%+v", z)
	}
	l := liar{w, key("SOA up.sub.contoso.example"), func(dns.Question) dns.Answer {
		return dns.Answer{Negative: &dns.Record{Name: "contoso.example", Data: dns.SOA{MName: "a", RName: "b"}}}
	}}
	z := New(l, Options{Own: []dns.Name{"contoso.example"}}).Zone("alias.up.sub.contoso.example")
	if z.Err == nil || !strings.Contains(z.Err.Error(), "a server of sub.contoso.example says that the name lies in contoso.example") {
		t.Errorf("%+v", z)
	}
}

func TestPartial(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	w.outcome = func(q dns.Question) *dns.Error {
		if q.Key == key("NS contoso.example") && q.Source != dns.Given {
			return &dns.Error{Key: q.Key, Cause: dns.ServFail}
		}
		return nil
	}
	if z := w.reader().Zone("contoso.example"); z.Err == nil || !strings.Contains(z.Err.Error(), "there may be more") {
		t.Errorf("%+v", z)
	}
}

// Where the way from above is barred, the servers that the user named count.
func TestPlaces(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	w.outcome = without(dns.Timeout, top)
	places := dns.Places{}
	for host, source := range map[dns.Name]string{"ns1.host.example": one, "ns2.host.example": two} {
		places[host] = addr(source)
	}
	own := []dns.Name{"contoso.example"}
	a := New(w, Options{Own: own, Places: places})
	if s := a.Set(key("TXT www.contoso.example")); s.Problem() != "" || len(s.Records) != 1 {
		t.Errorf("%+v", s)
	}
	if got, err := a.View().Lookup(t.Context(), "www.contoso.example", dns.TypeTXT); err != nil || len(got.Records) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSuffix(t *testing.T) {
	t.Parallel()
	text := givenText + topText + contosoText + fabrikamText
	text = strings.ReplaceAll(text, "example. IN SOA a. b. 1 2 3 4 5\nexample.", "example.")
	// As in a registry below which people register: contoso.example.
	suffix := func(dns.Name) dns.Name { return "contoso.example" }
	for _, test := range []struct {
		own  []dns.Name
		name dns.Name
		ok   bool
	}{
		{nil, "www.contoso.example", false},
		{nil, "contoso.example", false},
		{[]dns.Name{"www.contoso.example"}, "www.contoso.example", false},
		{[]dns.Name{"contoso.example"}, "www.contoso.example", true}, // the registry itself plans
	} {
		z := New(zones(t, text), Options{Own: test.own, Suffix: suffix}).Zone(test.name)
		if (z.Err == nil) != test.ok || z.Apex != "contoso.example" {
			t.Errorf("%v: %+v", test, z)
		}
	}
}

// Zones one below the other, each with a server that knows only the next.
func TestManyZonesBelow(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	given, name := givenText, dns.Name("sub.contoso.example")
	for depth := range 12 {
		below := "x." + name
		host := fmt.Sprintf("ns%d.deep.example.", depth)
		text := name.Zone() + " IN SOA a. b. 1 2 3 4 5\n" + below.Zone() + " IN NS " + host + "\n"
		if depth == 0 {
			text += name.Zone() + " IN NS ns.deep.example.\n"
			w.at[deep] = zones(t, text)
		} else {
			text += name.Zone() + fmt.Sprintf(" IN NS ns%d.deep.example.\n", depth-1)
			w.at[dns.Source(fmt.Sprintf("198.51.100.%d:53", depth-1))] = zones(t, text)
		}
		given += host + fmt.Sprintf(" IN A 198.51.100.%d\n", depth)
		name = below
	}
	w.given = zones(t, given)
	for n, want := range map[dns.Name]string{
		"sub.contoso.example":               "",
		"a.x.x.x.sub.contoso.example":       "",
		"a.x.x.x.x.sub.contoso.example":     "",
		"a.b.c.x.x.x.x.sub.contoso.example": "",
		"a." + name:                         "more than 8 referrals",
	} {
		z := w.reader().Zone(n)
		if want == "" && (z.Err != nil || n != z.Apex && !strings.HasPrefix(string(z.Apex), "x.x.x.")) || want != "" && (z.Err == nil || !strings.Contains(z.Err.Error(), want)) {
			t.Errorf("%s: %+v", n, z)
		}
	}
}

func TestWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{one: "ns (192.0.2.1)", six: "ns (2001:db8::1)", "192.0.2.1:5353": "ns (192.0.2.1:5353)", "[2001:db8::1]:5353": "ns ([2001:db8::1]:5353)"} {
		if got := where(dns.Nameserver{Host: "ns", Addr: addr(text)}); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
