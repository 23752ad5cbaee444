package spf

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func TestDrift(t *testing.T) {
	t.Parallel()
	i := func(record string) string { return txt("i.example.", record) }
	for _, test := range []struct {
		name, zone, term, pinned string
		state                    DriftState
		gained, lost             string
		nodes                    string // unknown, then broken
	}{
		{"unchanged", i("v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ip6:2001:db8::1 -all"), "include:i.example", "192.0.2.0/24 2001:db8::1/128", DriftNone, "no address", "no address", ""},
		{"written another way", i("v=spf1 include:j.example ~all") + txt("j.example.", "v=spf1 a:four.example ?all") + flatHosts, "include:i.example", "198.51.100.4/32", DriftNone, "no address", "no address", ""},
		{"gained", i("v=spf1 ip4:192.0.2.0/24 ip4:203.0.113.9 -all"), "include:i.example", "192.0.2.0/24", DriftChanged, "203.0.113.9", "no address", ""},
		{"lost a part", i("v=spf1 ip4:192.0.2.0/25 -all"), "include:i.example", "192.0.2.0/24", DriftChanged, "no address", "192.0.2.128/25", ""},
		{"lost by a term in front", i("v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/31 -all"), "include:i.example", "192.0.2.0/31", DriftChanged, "no address", "192.0.2.1", ""},
		{"the qualifier is not compared", i("v=spf1 ip4:192.0.2.0/24 -all"), "?include:i.example", "192.0.2.0/24", DriftNone, "no address", "no address", ""},
		{"could not be asked", ";! timeout i.example. TXT\n", "include:i.example", "192.0.2.0/24", DriftUnknown, "no address", "no address", "include:i.example;"},
		{"a part could not be asked: what it may hold is not lost", i("v=spf1 include:j.example ip4:203.0.113.0/24 -all") + ";! servfail j.example. TXT\n", "include:i.example", "192.0.2.0/24 203.0.113.0/24", DriftUnknown, "no address", "no address", "include:j.example;"},
		{"a part could not be asked: what is certain is said", i("v=spf1 ip4:198.51.100.0/24 -ip4:192.0.2.0/25 include:j.example -all") + ";! servfail j.example. TXT\n", "include:i.example", "192.0.2.0/24", DriftChanged, "198.51.100.0/24", "192.0.2.0/25", "include:j.example;"},
		{"one family could not be asked", "h6.example. 60 IN A 192.0.2.1\n;! timeout h6.example. AAAA\n", "a:h6.example", "192.0.2.1/32 2001:db8::1/128", DriftUnknown, "no address", "no address", "a:h6.example;"},
		{"one family could not be asked, the other changed", "h6.example. 60 IN A 192.0.2.1\n;! timeout h6.example. AAAA\n", "a:h6.example", "192.0.2.2/32 2001:db8::1/128", DriftChanged, "192.0.2.1", "192.0.2.2", "a:h6.example;"},
		{"a macro since then", i("v=spf1 exists:%{i}.x.example -all"), "include:i.example", "192.0.2.0/24", DriftUnknown, "no address", "no address", "exists:%{i}.x.example;"},
		{"the record is gone", "", "include:i.example", "192.0.2.0/24", DriftChanged, "no address", "192.0.2.0/24", ";include:i.example"},
		{"broken, with the same addresses", i("v=spf1 ip4:192.0.2.0/24 include:gone.example -all"), "include:i.example", "192.0.2.0/24", DriftBroken, "no address", "no address", ";include:gone.example"},
		{"two records", i("v=spf1 -all") + i("v=spf1 ~all"), "include:i.example", "192.0.2.0/24", DriftBroken, "no address", "no address", ";include:i.example"},
		{"broken and not asked", i("v=spf1 include:gone.example include:j.example ip4:192.0.2.0/24 -all") + ";! servfail j.example. TXT\n", "include:i.example", "192.0.2.0/24", DriftBroken, "no address", "no address", "include:j.example;include:gone.example"},
		{"mx", flatHosts, "mx:m.example", "192.0.2.1/32", DriftChanged, "192.0.2.129, 198.51.100.4, 2001:db8::1", "no address", ""},
		{"a with lengths", flatHosts, "a:four.example/28", "198.51.100.0/28", DriftNone, "no address", "no address", ""},
		{"the domain's own host", "d.example. 60 IN A 192.0.2.9\n", "a", "192.0.2.9/32", DriftNone, "no address", "no address", ""},
		{"redirect", txt("r.example.", "v=spf1 ?ip4:192.0.2.1 ip4:192.0.2.0/30 ~all"), "redirect=r.example", "192.0.2.0/32 192.0.2.2/31", DriftNone, "no address", "no address", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var pinned []netip.Prefix
			for _, p := range strings.Fields(test.pinned) {
				pinned = append(pinned, netip.MustParsePrefix(p))
			}
			if refused := CheckTerm(test.term); refused != nil {
				t.Fatal(refused)
			}
			d := DriftOf(pinned, ExpandTerm(context.Background(), zones(t, test.zone), "d.example", test.term))
			nodes := ""
			if len(d.Unknown)+len(d.Broken) > 0 {
				nodes = termsOf(d.Unknown) + ";" + termsOf(d.Broken)
			}
			got := fmt.Sprint(d.State(), " + ", d.Gained, " - ", d.Lost, " ? ", nodes)
			if want := fmt.Sprint(test.state, " + ", test.gained, " - ", test.lost, " ? ", test.nodes); got != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

func termsOf(nodes []*Node) string {
	var terms []string
	for _, n := range nodes {
		terms = append(terms, n.Term.Text)
	}
	return strings.Join(terms, " ")
}

// What was flattened has not drifted, and only terms that can be flattened have
// a drift.
func TestDriftAfterFlatten(t *testing.T) {
	t.Parallel()
	for _, test := range flattenings {
		z := zones(t, test.zone)
		tree, f, refused := flattened(t, z, test.term)
		if refused != nil {
			t.Fatal(refused)
		}
		d := DriftOf(f.Addresses.Prefixes(), ExpandTerm(context.Background(), z, tree.Domain, test.term))
		if d.State() != DriftNone {
			t.Errorf("%s: %s, gained %s, lost %s", test.name, d.State(), d.Gained, d.Lost)
		}
	}
	for _, term := range []string{"", "all", "-all", "ip4:192.0.2.1", "exists:x.example", "ptr", "exp=x.example", "x=y", "include:x.example -all", "include:", "include:x", "mx/33", "\x00", "  ", "include:x.example\nall"} {
		if CheckTerm(term) == nil {
			t.Errorf("%q is taken", term)
		}
	}
}
