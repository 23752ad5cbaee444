package spf

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"

	"pgregory.net/rapid"
)

// flattened replaces the term of d.example that is written so.
func flattened(t tester, r dns.Resolver, term string) (Tree, Flattening, *Refusal) {
	t.Helper()
	tree := expand(t, r)
	f, refused := tree.Flatten(topTerm(t, tree, term))
	return tree, f, refused
}

func topTerm(t tester, tree Tree, term string) *Node {
	t.Helper()
	for _, n := range tree.Root.Children {
		if n.Term.Text == term {
			return n
		}
	}
	t.Fatalf("%s is no term of the record", term)
	return nil
}

const flatHosts = "h.example. 60 IN A 192.0.2.1\nh.example. 60 IN A 192.0.2.129\nh.example. 60 IN AAAA 2001:db8::1\n" +
	"four.example. 60 IN A 198.51.100.4\nsix.example. 60 IN AAAA 2001:db8:6::6\nmapped.example. 60 IN AAAA ::ffff:203.0.113.9\n" +
	"m.example. 60 IN MX 10 h.example.\nm.example. 60 IN MX 20 four.example.\nm.example. 60 IN MX 30 gone.example.\n"

// Each zone has a record with a term to flatten, and what then stands there.
// The names are of mistakes that other programs make.
var flattenings = []struct {
	name, zone, term string
	want             string
}{
	{"Flatten child without all, or with a/mx: every term is kept",
		txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 ip4:198.51.100.0/24"),
		"include:i.example", "v=spf1 ip4:192.0.2.7 ip4:198.51.100.0/24 -all"},
	{"Flatten child without all, or with a/mx: a means the child's host",
		txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:203.0.113.0/28 a mx -all") +
			"i.example. 60 IN A 192.0.2.80\ni.example. 60 IN MX 1 four.example.\nd.example. 60 IN A 203.0.113.200\nd.example. 60 IN MX 1 six.example.\n" + flatHosts,
		"include:i.example", "v=spf1 ip4:192.0.2.80 ip4:198.51.100.4 ip4:203.0.113.0/28 -all"},
	{"Flatten ?include / ~: not a pass",
		txt("d.example.", "v=spf1 ?include:i.example ~include:j.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 ~ip4:192.0.2.8 ?ip4:192.0.2.9 -all") + txt("j.example.", "v=spf1 -all"),
		"?include:i.example", "v=spf1 ?ip4:192.0.2.7 ~include:j.example -all"},
	{"Flatten ?include / ~: softfail of the child is no match",
		txt("d.example.", "v=spf1 ~include:i.example -all") + txt("i.example.", "v=spf1 ~ip4:192.0.2.8 ip4:192.0.2.8/30 ?all"),
		"~include:i.example", "v=spf1 ~ip4:192.0.2.9 ~ip4:192.0.2.10/31 -all"},
	{"Flatten with redirect: terms before it are kept",
		txt("d.example.", "v=spf1 ip4:192.0.2.7 -ip4:198.51.100.4 redirect=r.example") + txt("r.example.", "v=spf1 a:four.example a:h.example ~all") + flatHosts,
		"redirect=r.example", "v=spf1 ip4:192.0.2.7 -ip4:198.51.100.4 ip4:192.0.2.1 ip4:192.0.2.129 ip6:2001:db8::1 ~all"},
	{"Flatten with redirect: -include: is recognised",
		txt("d.example.", "v=spf1 redirect=r.example") + txt("r.example.", "v=spf1 -include:i.example ip4:192.0.2.0/29 ~all") + txt("i.example.", "v=spf1 ip4:192.0.2.4/31 ~all"),
		"redirect=r.example", "v=spf1 ip4:192.0.2.0/30 ip4:192.0.2.6/31 -ip4:192.0.2.4/31 ~all"},
	{"Flatten always ends ~all: the owner's all is kept",
		txt("d.example.", "v=spf1 include:i.example ?all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.7 ?all"},
	{"Flatten always ends ~all: no all stays none",
		txt("d.example.", "v=spf1 include:i.example exp=e.example x=y") + txt("i.example.", "v=spf1 ip4:192.0.2.7 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.7 exp=e.example x=y"},
	{"Flatten order: stable, IPv4 first, ascending, joined",
		txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip6:2001:db8:1::/48 ip4:203.0.113.128/25 ip4:203.0.113.0/25 ip6:2001:db8:: ip4:192.0.2.9 ip4:203.0.113.5 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.9 ip4:203.0.113.0/24 ip6:2001:db8:: ip6:2001:db8:1::/48 -all"},
	{"Merge matches all as substring: include:smallbiz stays",
		txt("d.example.", "v=spf1 include:i.example include:spf.smallbiz.example ?all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 -all") + txt("spf.smallbiz.example.", "v=spf1 ip4:192.0.2.9 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.7 include:spf.smallbiz.example ?all"},

	{"terms behind the child's all do not count",
		txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 -all ip4:192.0.2.8 include:nx.example"),
		"include:i.example", "v=spf1 ip4:192.0.2.7 -all"},
	{"a child that takes away before it gives",
		txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 -ip4:192.0.2.4 ip4:192.0.2.0/29 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.0/30 ip4:192.0.2.5 ip4:192.0.2.6/31 -all"},
	{"a child that redirects",
		txt("d.example.", "v=spf1 include:i.example ~all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 redirect=j.example") + txt("j.example.", "v=spf1 ?include:k.example a:six.example -all") + txt("k.example.", "v=spf1 ip6:2001:db8:6::/64 -all") + flatHosts,
		"include:i.example", "v=spf1 ip4:192.0.2.7 ~all"},
	{"grandchildren with qualifiers",
		txt("d.example.", "v=spf1 include:i.example ~all") + txt("i.example.", "v=spf1 -include:j.example include:k.example ~all") + txt("j.example.", "v=spf1 ip4:192.0.2.0/30 ?all") + txt("k.example.", "v=spf1 ip4:192.0.2.0/28 ?all"),
		"include:i.example", "v=spf1 ip4:192.0.2.4/30 ip4:192.0.2.8/29 ~all"},
	{"a with lengths",
		txt("d.example.", "v=spf1 ~a:h.example/25//64 -all") + flatHosts,
		"~a:h.example/25//64", "v=spf1 ~ip4:192.0.2.0/24 ~ip6:2001:db8::/64 -all"},
	{"mx with a host that is gone",
		txt("d.example.", "v=spf1 mx:m.example -all") + flatHosts,
		"mx:m.example", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.129 ip4:198.51.100.4 ip6:2001:db8::1 -all"},
	{"a mapped address is never a client",
		txt("d.example.", "v=spf1 a:mapped.example include:i.example -all") + txt("i.example.", "v=spf1 ip6:::ffff:203.0.113.8/125 ip4:203.0.113.8 -all") + flatHosts,
		"include:i.example", "v=spf1 a:mapped.example ip4:203.0.113.8 -all"},
	{"a mapped address in the record decides no IPv4 client",
		txt("d.example.", "v=spf1 ip6:::ffff:203.0.113.8 include:i.example -all") + txt("i.example.", "v=spf1 ip4:203.0.113.8 -all"),
		"include:i.example", "v=spf1 ip6:::ffff:203.0.113.8 ip4:203.0.113.8 -all"},
	{"a term that matches nobody",
		txt("d.example.", "v=spf1 ip4:192.0.2.7 a:gone.example -all") + flatHosts,
		"a:gone.example", "v=spf1 ip4:192.0.2.7 -all"},
	{"what stands in the record already is not written again",
		txt("d.example.", "v=spf1 ip4:192.0.2.0/24 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.7 ip4:198.51.100.7 -all"),
		"include:i.example", "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.7 -all"},
	{"a redirect in front of mechanisms comes after them",
		txt("d.example.", "v=spf1 redirect=r.example -ip4:192.0.2.4/30 x=y") + txt("r.example.", "v=spf1 ip4:192.0.2.0/29 -all"),
		"redirect=r.example", "v=spf1 -ip4:192.0.2.4/30 ip4:192.0.2.0/29 -all x=y"},
	{"a redirect to all results",
		txt("d.example.", "v=spf1 redirect=r.example") + txt("r.example.", "v=spf1 ?ip4:192.0.2.1 ~ip4:192.0.2.2 -ip4:192.0.2.0/30 +ip6:2001:db8::/32 redirect=s.example") + txt("s.example.", "v=spf1 ip4:198.51.100.0/24 ~all"),
		"redirect=r.example", "v=spf1 ip4:198.51.100.0/24 ip6:2001:db8::/32 ?ip4:192.0.2.1 -ip4:192.0.2.0 -ip4:192.0.2.3 ~all"},
	{"a redirect to a record without all",
		txt("d.example.", "v=spf1 redirect=r.example") + txt("r.example.", "v=spf1 -ip4:192.0.2.0/30 a:six.example") + flatHosts,
		"redirect=r.example", "v=spf1 ip6:2001:db8:6::6 -ip4:192.0.2.0/30"},
}

func TestFlatten(t *testing.T) {
	t.Parallel()
	for i, test := range flattenings {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			samples := 10000
			if i >= 14 {
				samples = 1000
			}
			z := zones(t, test.zone)
			tree, f, refused := flattened(t, z, test.term)
			if refused != nil {
				t.Fatal(refused)
			}
			if got := f.Record.Text(); got != test.want {
				t.Errorf("\ngot  %s\nwant %s", got, test.want)
			}
			after := ExpandText(context.Background(), z, tree.Domain, f.Record.Text())
			if d, differs := tree.Coverage().Differ(after.Coverage()); differs {
				t.Errorf("%+v", d)
			}
			if tree.Lookups-after.Lookups != f.Lookups || f.Lookups == 0 {
				t.Errorf("%d lookups became %d, said to be %d fewer", tree.Lookups, after.Lookups, f.Lookups)
			}
			sameVerdicts(t, z, tree, f.Record.Text(), samples)
		})
	}
}

// sameVerdicts evaluates n clients, those beside the borders of all networks
// first, by the published record and by the one that shall replace it.
func sameVerdicts(t tester, z *dns.Zones, tree Tree, text string, n int) {
	t.Helper()
	after := replaced(z, text)
	unbound := Limits{Lookups: -1, MXHosts: -1, Voids: -1}
	for _, client := range clients(tree, n) {
		q := Query{IP: client, MailFrom: "user@d.example", Helo: "mail.d.example", Limits: unbound}
		before, now := Evaluate(context.Background(), z, q), Evaluate(context.Background(), after, q)
		if before.Result != now.Result {
			t.Fatalf("%s: %s became %s by %s", client, before.Result, now.Result, text)
		}
	}
}

// replaced is z with another record at d.example.
func replaced(z dns.Resolver, text string) dns.Resolver {
	key := dns.Key{Name: "d.example", Type: dns.TypeTXT}
	return dns.NewOverlay(z, []dns.Change{{Zone: "example", Key: key, New: []dns.Record{{Name: key.Name, TTL: 60, Data: dns.NewTXT(text)}}}})
}

// clients samples addresses: the borders of everything in the tree and their
// neighbours, then at random, half of it close to those.
func clients(tree Tree, n int) []netip.Addr {
	var list []netip.Addr
	add := func(ip netip.Addr) {
		if ip.IsValid() && len(list) < n {
			list = append(list, ip)
		}
	}
	c := tree.Coverage()
	for _, j := range c.judged() {
		for _, r := range j.addresses.ranges {
			for _, ip := range []netip.Addr{r.first.Prev(), r.first, r.first.Next(), r.last.Prev(), r.last, r.last.Next()} {
				add(ip)
			}
		}
	}
	borders := len(list)
	random := rand.New(rand.NewPCG(7208, 9989))
	for i := 0; len(list) < n; i++ {
		octets := list[random.IntN(borders)].AsSlice()
		from := 0
		if i%2 == 0 {
			from = len(octets) - 1 - random.IntN(len(octets)/2)
		}
		for j := from; j < len(octets); j++ {
			octets[j] = byte(random.Uint32())
		}
		ip, _ := netip.AddrFromSlice(octets)
		add(ip)
	}
	return list
}

// What else stands in the text stays as it is written.
func TestFlattenKeepsText(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "V=SPF1  IP4:192.0.2.7   +Include:I.example  x-y=%{d}  ~ALL  ip4:192.0.2.9 ")+txt("i.example.", "v=spf1 ip4:192.0.2.8 -all"))
	_, f, refused := flattened(t, z, "+Include:I.example")
	if refused != nil {
		t.Fatal(refused)
	}
	if got, want := f.Record.Text(), "V=SPF1  IP4:192.0.2.7   ip4:192.0.2.8  x-y=%{d}  ~ALL  ip4:192.0.2.9 "; got != want {
		t.Errorf("\ngot  %q\nwant %q", got, want)
	}
}

func TestFlattenRefuses(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 2*maxFlattened + 2 {
		fmt.Fprintf(&many, " ip4:10.%d.%d.1", i/250, i%250)
	}
	for _, test := range []struct{ name, zone, term, want string }{
		{"Macros in include", txt("d.example.", "v=spf1 include:%{i}.x.example -all"), "include:%{i}.x.example", "depends on the message"},
		{"a macro below", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.1 include:j.example -all") + txt("j.example.", "v=spf1 a:%{l}.x.example -all"),
			"include:i.example", `"a:%{l}.x.example" in the record of j.example`},
		{"exists below", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 exists:h.example -all") + flatHosts, "include:i.example", "exists"},
		{"ptr below", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ptr -all"), "include:i.example", `"ptr"`},
		{"the sender's domain", txt("d.example.", "v=spf1 include:%{o} -all") + txt("d.example.", "not SPF"), "include:%{o}", "cannot be proved"},
		{"SERVFAIL or timeout on include", txt("d.example.", "v=spf1 include:i.example -all") + ";! servfail i.example. TXT\n", "include:i.example", "SERVFAIL"},
		{"timeout of one family", txt("d.example.", "v=spf1 a:h.example -all") + flatHosts + ";! timeout h.example. AAAA\n", "a:h.example", "h.example"},
		{"Include of name without SPF, or NXDOMAIN", txt("d.example.", "v=spf1 include:nx.example -all"), "include:nx.example", "does not exist"},
		{"Include loop", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.1 include:d.example -all"), "include:i.example", "leads back"},
		{"a broken term below", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 ip4:192.0.2.1 ipv4:192.0.2.2 -all"), "include:i.example", "ipv4"},
		{"two records below", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 -all") + txt("i.example.", "v=spf1 ~all"), "include:i.example", "2 SPF records"},
		{"mx with 11 hosts", txt("d.example.", "v=spf1 mx:x.example -all") + numbered(11, "x.example. 60 IN MX # m#.example.\nm#.example. 60 IN A 192.0.2.#\n"), "mx:x.example", "11 MX records"},
		{"redirect beside all followed", txt("d.example.", "v=spf1 redirect=r.example -all") + txt("r.example.", "v=spf1 +all"), "redirect=r.example", "no effect"},
		{"Terms after all counted", txt("d.example.", "v=spf1 -all include:i.example") + txt("i.example.", "v=spf1 +all"), "include:i.example", "no effect"},
		{"not for networks", txt("d.example.", "v=spf1 ip4:192.0.2.1 -all"), "ip4:192.0.2.1", "cannot be written as networks"},
		{"exists", txt("d.example.", "v=spf1 exists:h.example -all") + flatHosts, "exists:h.example", "cannot be written as networks"},
		{"too many", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1"+many.String()+" -all"), "include:i.example", "at most 400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, f, refused := flattened(t, zones(t, test.zone), test.term)
			if refused == nil {
				t.Fatalf("became %s", f.Record.Text())
			}
			if !strings.Contains(refused.Error(), test.want) || f.Record.Text() != "" {
				t.Errorf("%s, want %q in it; record %q", refused, test.want, f.Record.Text())
			}
		})
	}
	tree := expand(t, zones(t, txt("d.example.", "v=spf1 include:i.example -all")+txt("i.example.", "v=spf1 a:h.example -all")+flatHosts))
	if _, refused := tree.Flatten(tree.Root.Children[0].Children[0]); refused == nil {
		t.Error("a term of an included record was replaced")
	}
}

// The proof does not rest on how the record was made: a wrong one is found.
func TestDiffer(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 include:i.example ~include:j.example -all")+txt("i.example.", "v=spf1 ip4:192.0.2.0/29 -all")+txt("j.example.", "v=spf1 a:sick.example -all")+";! servfail sick.example. ANY\n")
	before := expand(t, z).Coverage()
	for _, test := range []struct {
		text string
		want Difference
	}{
		{"v=spf1 include:i.example ~include:j.example -all", Difference{}},
		{"v=spf1 ip4:192.0.2.0/30 ip4:192.0.2.4/30 ~include:j.example -all", Difference{}},
		{"v=spf1 ip4:192.0.2.0/30 ip4:192.0.2.4/31 ip4:192.0.2.6 ~include:j.example -all", Difference{netip.MustParsePrefix("192.0.2.7/32"), Pass, ""}},
		{"v=spf1 ip4:192.0.2.0/28 ~include:j.example -all", Difference{netip.MustParsePrefix("192.0.2.8/29"), "", Pass}},
		{"v=spf1 ?ip4:192.0.2.0/29 ~include:j.example -all", Difference{netip.MustParsePrefix("192.0.2.0/29"), Pass, Neutral}},
		{"v=spf1 ip4:192.0.2.0/29 -all", Difference{netip.MustParsePrefix("0.0.0.0/1"), "", Fail}},
	} {
		after := ExpandText(context.Background(), z, "d.example", test.text).Coverage()
		if got, differs := before.Differ(after); got != test.want || differs != (test.want != Difference{}) {
			t.Errorf("%s: %+v, want %+v", test.text, got, test.want)
		}
		if back, _ := after.Differ(before); back.Before != test.want.After || back.After != test.want.Before {
			t.Errorf("%s: the other way round %+v", test.text, back)
		}
	}
}

// Whatever the zones: what can be flattened judges as before, term by term and
// one after the other, and the tree that the proof makes is the one that the
// DNS would give.
func TestFlattenProperty(t *testing.T) {
	done := 0
	rapid.Check(t, func(t *rapid.T) {
		text := drawZone(t, rapid.Bool().Draw(t, "faults"))
		z := zones(t, text)
		tree := expand(t, z)
		for i := range tree.Root.Children {
			f, refused := tree.Flatten(tree.Root.Children[i])
			if refused != nil {
				continue
			}
			done++
			after := ExpandText(context.Background(), z, "d.example", f.Record.Text())
			if d, differs := tree.Coverage().Differ(after.Coverage()); differs {
				t.Fatalf("%+v: %s became %s\n%s", d, tree.Root.Record.Text(), f.Record.Text(), text)
			}
			if d, differs := after.Coverage().Differ(tree.graft(f.Record).Coverage()); differs {
				t.Fatalf("%+v: the tree of the proof differs\n%s", d, text)
			}
			if tree.Result == Valid {
				sameVerdicts(t, z, tree, f.Record.Text(), 40)
			}
		}
	})
	if done == 0 {
		t.Error("nothing was ever flattened")
	}
}
