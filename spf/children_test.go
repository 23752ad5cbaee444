package spf

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"

	"pgregory.net/rapid"
)

// published is z with a split published below and at d.example.
func published(z dns.Resolver, s Split) dns.Resolver {
	var changes []dns.Change
	put := func(name dns.Name, text string) {
		key := dns.Key{Name: name, Type: dns.TypeTXT}
		changes = append(changes, dns.Change{Zone: "example", Key: key, New: []dns.Record{{Name: name, TTL: 60, Data: dns.NewTXT(text)}}})
	}
	put("d.example", s.Record.Text())
	for _, c := range s.Children {
		put(c.Name, c.Text)
	}
	return dns.NewOverlay(z, changes)
}

// checkSplit checks what holds for every split, and returns the tree after it.
func checkSplit(t tester, z dns.Resolver, before Tree, s Split, limit int) Tree {
	t.Helper()
	after := Expand(context.Background(), published(z, s), "d.example")
	checkTree(t, after)
	if d, differs := before.Coverage().Differ(after.Coverage()); differs {
		t.Fatalf("%+v: %s", d, s.Record.Text())
	}
	if len(s.Record.Text()) > limit {
		t.Fatalf("%d octets, at most %d: %s", len(s.Record.Text()), limit, s.Record.Text())
	}
	if after.Lookups != before.Lookups+len(s.Children) || len(s.Children) > 0 && after.Lookups > MaxLookups {
		t.Fatalf("%d lookups became %d with %d children", before.Lookups, after.Lookups, len(s.Children))
	}
	for _, c := range s.Children {
		size := SizeOf(c.Name, c.Text)
		if size.Content >= AdviceOctets || !Parse(c.Text).Valid() || !strings.HasPrefix(c.Text, "v=spf1 ip") {
			t.Fatalf("%d octets: %s", size.Content, c.Text)
		}
	}
	return after
}

// listed writes n ip4 terms.
func listed(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " ip4:203.0.113.%d", 2*i)
	}
	return b.String()
}

func TestChildren(t *testing.T) {
	t.Parallel()
	all := txt("i.example.", "v=spf1 ip4:192.0.2.1 -all")
	for _, test := range []struct {
		name, record string
		limit        int
		want         string
		children     []string
	}{
		{"short enough", "v=spf1 ip4:192.0.2.1 -all", 25, "v=spf1 ip4:192.0.2.1 -all", nil},
		{"the last ones move, and no more than needed", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip6:2001:db8::/32 -all", 64,
			"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 include:_spf1.d.example -all", []string{"_spf1.d.example v=spf1 ip4:192.0.2.3 ip6:2001:db8::/32 ~all"}},
		{"a name in use is left alone", "v=spf1 include:_spf1.d.example ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 x=y -all", 92,
			"v=spf1 include:_spf1.d.example ip4:192.0.2.1 ip4:192.0.2.2 include:_spf3.d.example x=y -all", []string{"_spf3.d.example v=spf1 ip4:192.0.2.3 ip4:192.0.2.4 ~all"}},
		{"networks behind an include move as well", "v=spf1 include:i.example ip4:192.0.2.200 ip4:192.0.2.201 ip4:192.0.2.202 ?all", 62,
			"v=spf1 include:i.example include:_spf1.d.example ?all", []string{"_spf1.d.example v=spf1 ip4:192.0.2.200 ip4:192.0.2.201 ip4:192.0.2.202 ~all"}},
		{"what stands behind a term that does not pass stays", "v=spf1 ip4:192.0.2.128/25 ip4:192.0.2.64/26 ip4:192.0.2.32/27 -ip4:192.0.2.0/24 ip4:192.0.0.0/16 ~all", 86,
			"v=spf1 include:_spf1.d.example -ip4:192.0.2.0/24 ip4:192.0.0.0/16 ~all", []string{"_spf1.d.example v=spf1 ip4:192.0.2.128/25 ip4:192.0.2.64/26 ip4:192.0.2.32/27 ~all"}},
		{"two children", "v=spf1" + listed(60) + " -all", 80, "v=spf1 include:_spf1.d.example include:_spf3.d.example include:_spf4.d.example -all", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			z := zones(t, txt("d.example.", test.record)+all+txt("_spf1.d.example.", "v=spf1 ip4:192.0.2.77 -all")+txt("_spf2.d.example.", "taken"))
			before := expand(t, z)
			limit := max(test.limit, len(test.want))
			taken := func(n dns.Name) bool { return n == "_spf2.d.example" }
			s, refused := before.Children(limit, taken)
			if refused != nil {
				t.Fatal(refused)
			}
			checkSplit(t, z, before, s, limit)
			if s.Record.Text() != test.want {
				t.Errorf("\ngot  %s\nwant %s", s.Record.Text(), test.want)
			}
			var children []string
			for _, c := range s.Children {
				children = append(children, c.Name.String()+" "+c.Text)
			}
			if test.children != nil && !slices.Equal(children, test.children) {
				t.Errorf("\ngot  %q\nwant %q", children, test.children)
			}
		})
	}
}

func TestChildrenRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, zone string
		limit      int
		want       string
	}{
		{"no record", "", 450, "no record of its own"},
		{"no lookup left", txt("d.example.", "v=spf1"+numbered(10, " a:h.example")+listed(30)+" -all") + flatHosts, 200, "0 lookups that are left"},
		{"not enough lookups left", txt("d.example.", "v=spf1"+numbered(9, " a:h.example")+listed(60)+" -all") + flatHosts, 300, "1 lookups that are left"},
		{"lookups not known", txt("d.example.", "v=spf1 include:sick.example"+listed(30)+" -all") + ";! servfail sick.example. TXT\n", 200, "sick.example"},
		{"nothing to move", txt("d.example.", "v=spf1 -ip4:192.0.2.1"+listed(30)+" -all"), 200, "only 0 of its terms"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, refused := expand(t, zones(t, test.zone)).Children(test.limit, nil)
			if refused == nil || !strings.Contains(refused.Error(), test.want) || s.Children != nil {
				t.Errorf("%v, want %q; %+v", refused, test.want, s)
			}
		})
	}
}

// Whatever the record and the limit: a split judges as before, and its sizes
// and lookups are right.
func TestChildrenProperty(t *testing.T) {
	split := 0
	rapid.Check(t, func(t *rapid.T) {
		z := zones(t, drawZone(t, false))
		base := expand(t, z)
		n := rapid.IntRange(0, 80).Draw(t, "networks")
		at := rapid.IntRange(0, len(base.Root.Record.Terms)).Draw(t, "at")
		text := base.Root.Record.Insert(at, strings.Fields(listed(n))...).Text()
		before := ExpandText(context.Background(), z, "d.example", text)
		limit := rapid.IntRange(20, 450).Draw(t, "limit")
		s, refused := before.Children(limit, nil)
		if refused != nil {
			return
		}
		if len(s.Children) > 0 {
			split++
		}
		checkSplit(t, z, before, s, limit)
	})
	if split == 0 {
		t.Error("nothing was ever split")
	}
}
