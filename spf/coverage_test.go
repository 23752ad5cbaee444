package spf

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"

	"pgregory.net/rapid"
)

// set makes a set of networks with blanks between.
func set(networks string) AddressSet {
	var ps []netip.Prefix
	for _, n := range strings.Fields(networks) {
		ps = append(ps, netip.MustParsePrefix(n))
	}
	return NewAddressSet(ps...)
}

// coverage works out the coverage of d.example and checks what always holds.
func coverage(t tester, tree Tree) Coverage {
	t.Helper()
	c := tree.Coverage()
	var union, decided AddressSet
	for _, s := range []AddressSet{c.Pass, c.Fail, c.SoftFail, c.Neutral, c.Open} {
		if !s.Intersect(union).IsEmpty() {
			t.Fatalf("%s is in two sets", s.Intersect(union))
		}
		union = union.Union(s)
		checkSet(t, s)
	}
	if !union.Equal(Everywhere()) {
		t.Fatalf("in no set: %s", Everywhere().Subtract(union))
	}
	for _, s := range c.Shares {
		if !s.Addresses.Intersect(decided).IsEmpty() || s.Addresses.IsEmpty() || s.Node == nil {
			t.Fatalf("%+v: nothing is left, or two shares", s)
		}
		decided = decided.Union(s.Addresses)
		if all := c.getting(s.Result).Union(c.Open); !all.Covers(s.Addresses) {
			t.Fatalf("%s decides %s, the sets say otherwise", s.Node.Term.Text, s.Addresses)
		}
	}
	if rest := c.Pass.Union(c.Fail).Union(c.SoftFail).Subtract(decided); len(c.OpenNodes) == 0 && !rest.IsEmpty() {
		t.Fatalf("no term decides %s", rest)
	}
	if c.Open.IsEmpty() != (len(c.OpenNodes) == 0) || c.Strict && !c.Open.IsEmpty() {
		t.Fatalf("%s is open, because of %d terms; strict %v", c.Open, len(c.OpenNodes), c.Strict)
	}
	return c
}

func (c Coverage) getting(r Result) AddressSet {
	return map[Result]AddressSet{Pass: c.Pass, Fail: c.Fail, SoftFail: c.SoftFail, Neutral: c.Neutral}[r]
}

// resultOf returns the certain result of an address, or "".
func (c Coverage) resultOf(ip netip.Addr) Result {
	for _, r := range results {
		if c.getting(r).Contains(ip) {
			return r
		}
	}
	return ""
}

func TestCoverage(t *testing.T) {
	host := "h.example. 60 IN A 192.0.2.9\nh.example. 60 IN AAAA 2001:db8::9\n"
	tests := []struct {
		name, record, zone string
		pass               string // networks
		open               string // "*" for all that do not pass
		openTerms          string
		strict             bool
	}{
		{"first match wins", "-ip4:192.0.2.1 ip4:192.0.2.0/30 -all", "", "192.0.2.0/32 192.0.2.2/31", "", "", true},
		{"an include is its pass set", "include:i.example -all", txt("i.example.", "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/31 ?all"), "192.0.2.0/32", "", "", true},
		{"a qualified include", "-include:i.example ip4:192.0.2.0/30 ~all", txt("i.example.", "v=spf1 ip4:192.0.2.0/31 -all"), "192.0.2.2/31", "", "", true},
		{"an include inside an include", "include:i.example -all", txt("i.example.", "v=spf1 include:j.example +all") + txt("j.example.", "v=spf1 -all"), "0.0.0.0/0 ::/0", "", "", true},
		{"redirect, wherever it stands", "redirect=i.example ip4:192.0.2.0/32", txt("i.example.", "v=spf1 -ip4:192.0.2.0/31 +all"), "0.0.0.0/0 ::/0 -192.0.2.1/32", "", "", true},
		{"redirect beside all", "redirect=i.example -all", txt("i.example.", "v=spf1 +all"), "", "", "", true},
		{"hosts with prefix lengths", "a:h.example/31//127 mx/30 -all", host + "d.example. 60 IN MX 1 h.example.\n", "192.0.2.8/30 2001:db8::8/127 2001:db8::9/128", "", "", true},
		{"a mapped address in an AAAA record", "a:m.example -all", "m.example. 60 IN AAAA ::ffff:192.0.2.5\nm.example. 60 IN A 192.0.2.6\n", "192.0.2.6/32", "", "", true},
		{"a mapped network is nobody's", "ip6:::ffff:192.0.2.0/120 -all", "", "", "", "", true},
		{"exists", "ip4:192.0.2.1 exists:nx.example -exists:h.example +all", host, "192.0.2.1/32", "", "", true},
		{"a macro of the domain", "a:h.%{d2} include:%{o} -all", host, "", "", "", false},

		{"a sick host, for one family", "a:s.example ip4:192.0.2.1 -all", ";! servfail s.example. A\ns.example. 60 IN AAAA 2001:db8::7\n", "192.0.2.1/32 2001:db8::7/128", "0.0.0.0/0 -192.0.2.1/32", "a:s.example", false},
		{"what does not matter is not open", "~a:s.example ~all", ";! servfail s.example. ANY\n", "", "", "", false},
		{"nor behind all", "ip4:192.0.2.1 -all a:s.example", ";! servfail s.example. ANY\n", "192.0.2.1/32", "", "", true},
		{"an included record is not got", "include:s.example ip4:192.0.2.1 -all", ";! timeout s.example. TXT\n", "192.0.2.1/32", "*", "include:s.example", false},
		{"a redirect is not got", "ip4:192.0.2.1 redirect=s.example", ";! timeout s.example. TXT\n", "192.0.2.1/32", "*", "redirect=s.example", false},
		{"fail or softfail in an include is no pass", "include:i.example -all", txt("i.example.", "v=spf1 -a:s.example ~all") + ";! servfail s.example. ANY\n", "", "", "", false},
		{"the sick term of an include is named", "ip4:192.0.2.1 include:i.example -all", txt("i.example.", "v=spf1 ip4:192.0.2.2 mx:s.example -all") + ";! servfail s.example. MX\n", "192.0.2.1/32 192.0.2.2/32", "*", "mx:s.example", false},
		{"macros of the message", "exists:%{i}.x.example ip4:192.0.2.1 -all", "", "192.0.2.1/32", "*", "exists:%{i}.x.example", false},
		{"ptr", "ptr -all", "", "", "*", "ptr", false},

		{"a broken term is passed over", "ip4:192.0.2.300 ip4:192.0.2.1 -all", "", "192.0.2.1/32", "", "", false},
		{"so is a broken all", "-all:x ip4:192.0.2.1 -all", "", "192.0.2.1/32", "", "", false},
		{"what a broken all hid is not known", "-all:x a:h.example redirect=h.example", host, "", "*", "a:h.example redirect=h.example", false},
		{"an include without a record", "include:h.example ip4:192.0.2.1 -all", host, "192.0.2.1/32", "", "", false},
		{"a redirect without a record", "ip4:192.0.2.1 redirect=h.example", host, "192.0.2.1/32", "", "", false},
		{"a circle", "include:d.example ip4:192.0.2.1 -all", "", "192.0.2.1/32", "", "", false},
		{"a broken record in an include", "include:i.example -all", txt("i.example.", "v=spf1 ip4:x ip4:192.0.2.1 -all"), "192.0.2.1/32", "", "", false},
		{"two records in an include", "ip4:192.0.2.1 include:i.example -all", txt("i.example.", "v=spf1 ip4:192.0.2.2") + txt("i.example.", "v=spf1 ip4:192.0.2.3"), "192.0.2.1/32", "*", "include:i.example", false},
		{"beyond ten lookups", numbered(11, "a:h#.example ") + "-all", "h11.example. 60 IN A 192.0.2.1\n", "192.0.2.1/32", "", "", false},
		{"eleven MX hosts", "mx -all", numbered(11, "d.example. 60 IN MX # h.example.\n") + host, "192.0.2.9/32 2001:db8::9/128", "", "", false},
		{"more MX hosts than are asked", "mx -all", numbered(21, "d.example. 60 IN MX # h#.example.\n") + "h1.example. 60 IN A 192.0.2.9\n", "192.0.2.9/32", "*", "mx", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := coverage(t, expand(t, zones(t, txt("d.example.", "v=spf1 "+tt.record)+tt.zone)))
			pass := subtracting(tt.pass)
			open := Everywhere().Subtract(pass)
			if tt.open != "*" {
				open = subtracting(tt.open)
			}
			var terms []string
			for _, n := range c.OpenNodes {
				terms = append(terms, n.Term.Text)
			}
			if !c.Pass.Equal(pass) || !c.Open.Equal(open) || strings.Join(terms, " ") != tt.openTerms || c.Strict != tt.strict {
				t.Errorf("pass %s; open %s by %q; strict %v", c.Pass, c.Open, terms, c.Strict)
			}
		})
	}
}

// subtracting makes a set of networks, without those after a minus sign.
func subtracting(networks string) AddressSet {
	plus, minus, _ := strings.Cut(networks, " -")
	return set(plus).Subtract(set(minus))
}

func TestCoverageWithoutOneRecord(t *testing.T) {
	t.Parallel()
	one, two := txt("d.example.", "v=spf1 ip4:192.0.2.1 -all"), txt("d.example.", "v=spf1 ip4:192.0.2.2 -all")
	for zone, open := range map[string]bool{"": false, one + two: true, ";! servfail d.example. TXT\n": true} {
		c := coverage(t, expand(t, zones(t, zone)))
		if c.Open.Equal(Everywhere()) != open || c.Neutral.Equal(Everywhere()) == open {
			t.Errorf("%q: open %s, neutral %s", zone, c.Open, c.Neutral)
		}
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	tree := expand(t, zones(t, txt("d.example.", "v=spf1 ip4:192.0.2.0/31 a:s.example ip4:192.0.2.0/30 -ip4:192.0.2.0/29 include:i.example redirect=r.example exp=e.example")+
		txt("i.example.", "v=spf1 ip4:192.0.2.0/28 -all")+txt("r.example.", "v=spf1 ip4:192.0.2.0/27 ~all")+";! servfail s.example. AAAA\ns.example. 60 IN A 192.0.2.1\n"))
	var got []string
	for _, s := range coverage(t, tree).Shares {
		if s.Result != SoftFail {
			got = append(got, fmt.Sprintf("%s %s %s", s.Node.Term.Text, s.Result, s.Addresses))
		}
	}
	want := []string{
		"ip4:192.0.2.0/31 pass 192.0.2.0/31",
		"ip4:192.0.2.0/30 pass 192.0.2.2/31",
		"-ip4:192.0.2.0/29 fail 192.0.2.4/30",
		"include:i.example pass 192.0.2.8/29",
		"redirect=r.example pass 192.0.2.16/28",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestExpandText(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 -all")+txt("d.example.", "v=spf1 mx -all")+"d.example. 60 IN MX 1 d.example.\nd.example. 60 IN A 192.0.2.1\n")
	tree := ExpandText(context.Background(), z, "d.example", "v=spf1 mx include:d.example -all")
	checkTree(t, tree)
	if got := coverage(t, tree).Pass.String(); got != "192.0.2.1" || problems(tree) != "loop" || tree.Lookups != 2 {
		t.Errorf("%s passes, problems %s, %d lookups", got, problems(tree), tree.Lookups)
	}
}

// drawTerms draws mechanisms that ask only for the hosts of drawWorld and for
// the names given.
func drawTerms(t *rapid.T, targets []string) []string {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		q := rapid.SampledFrom([]string{"", "", "", "-", "~", "?"}).Draw(t, "qualifier")
		host := rapid.SampledFrom([]string{"h1.example", "h2.example", "h3.example", "nx.example"}).Draw(t, "host")
		length := rapid.SampledFrom([]string{"", "", "/30", "//120", "/29//64", "/0"}).Draw(t, "length")
		switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
		case kind < 3 && len(targets) > 0:
			return q + "include:" + rapid.SampledFrom(targets).Draw(t, "target")
		case kind == 3:
			return q + "a:" + host + length
		case kind == 4:
			return q + "mx" + length
		case kind == 5:
			return q + "exists:" + rapid.SampledFrom([]string{"nx.example", "nx.example", "h3.example", "h2.example"}).Draw(t, "exists")
		case kind == 6:
			return q + fmt.Sprintf("ip6:2001:db8::%x/%d", rapid.IntRange(0, 15).Draw(t, "six"), rapid.SampledFrom([]int{128, 126, 64}).Draw(t, "bits"))
		case kind == 7:
			return q + rapid.SampledFrom([]string{"ip4:192.0.2", "ip6:::1:2:3:4:5:6:7:8:9", "include:h1", "foo", "all:x"}).Draw(t, "broken")
		}
		return q + fmt.Sprintf("ip4:192.0.2.%d/%d", rapid.IntRange(0, 31).Draw(t, "four"), rapid.SampledFrom([]int{32, 31, 29}).Draw(t, "bits"))
	}), 0, 6).Draw(t, "terms")
}

// drawRecord draws a record, mostly without syntax errors.
func drawRecord(t *rapid.T, targets []string) string {
	terms := drawTerms(t, targets)
	if rapid.IntRange(0, 3).Draw(t, "broken") > 0 {
		terms = slices.DeleteFunc(terms, func(s string) bool { return !validTerm(s) })
	}
	ends := []string{"-all", "~all", "?all", "", "all"}
	for _, name := range targets {
		ends = append(ends, "redirect="+name, "redirect="+name+" ~all")
	}
	terms = append(terms, rapid.SampledFrom(ends).Draw(t, "end"))
	if len(terms) > 1 && rapid.IntRange(0, 5).Draw(t, "swapped") == 0 {
		terms[len(terms)-1], terms[len(terms)-2] = terms[len(terms)-2], terms[len(terms)-1]
	}
	return strings.TrimRight("v=spf1 "+strings.Join(terms, " "), " ")
}

// drawWorld draws the hosts and records that drawn records speak of: r1 leads to
// r2 and r3, and so on, so that there is no circle. A host or record may fail.
func drawWorld(t *rapid.T, faults bool) string {
	var b strings.Builder
	names := []string{"r1.example", "r2.example", "r3.example"}
	for i, name := range names {
		if rapid.IntRange(0, 9).Draw(t, "missing") > 0 {
			b.WriteString(txt(name+".", drawRecord(t, names[i+1:])))
		}
		fmt.Fprintf(&b, "%s. 60 IN MX 10 h%d.example.\n", name, 1+i)
	}
	b.WriteString("d.example. 60 IN MX 10 h1.example.\nd.example. 60 IN MX 20 h2.example.\n")
	b.WriteString("h1.example. 60 IN A 192.0.2.1\nh1.example. 60 IN AAAA 2001:db8::1\nh2.example. 60 IN A 192.0.2.9\nh3.example. 60 IN AAAA 2001:db8::9\n")
	if faults {
		all := []string{"r2.example. TXT", "r3.example. TXT", "h1.example. A", "h2.example. A", "h3.example. AAAA", "h2.example. AAAA", "d.example. MX"}
		for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 3, rapid.ID[string]).Draw(t, "faults") {
			b.WriteString(";! servfail " + f + "\n")
		}
	}
	return b.String()
}

var worldNames = []string{"r1.example", "r2.example", "r3.example", "nx.example"}

// sampled returns addresses at which a zone's results can change, and others.
func sampled(t *rapid.T, c Coverage) []netip.Addr {
	var ps []netip.Prefix
	for _, s := range []AddressSet{c.Pass, c.Fail, c.SoftFail, c.Neutral, c.Open} {
		ps = append(ps, s.Prefixes()...)
	}
	ips := rapid.SliceOfN(rapid.SampledFrom(borders(ps)), 8, 8).Draw(t, "borders")
	for range 4 {
		ips = append(ips, netip.AddrFrom4([4]byte{192, 0, 2, rapid.Byte().Draw(t, "host")}))
	}
	return append(ips, netip.MustParseAddr("2001:db8::3"))
}

func evaluateUnlimited(z dns.Resolver, ip netip.Addr) Evaluation {
	return Evaluate(context.Background(), z, Query{IP: ip, MailFrom: "user@d.example", Helo: "mail.d.example", Limits: Limits{-1, -1, -1, -1}})
}

// TestCoverageAgreesWithEvaluation: the sets give what an evaluation of each
// address gives. Where that is temperror, they are open, or no answer would
// matter.
func TestCoverageAgreesWithEvaluation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := txt("d.example.", drawRecord(t, worldNames)) + drawWorld(t, true)
		z := zones(t, text)
		c := coverage(t, expand(t, z))
		for _, ip := range sampled(t, c) {
			v, want := evaluateUnlimited(z, ip), c.resultOf(ip)
			switch {
			case v.Result == PermError: // broken, and passed over
			case v.Result == TempError && want != "":
				checkNoMatter(t, text, ip, want)
			case v.Result != TempError && v.Result != want:
				t.Fatalf("%s: %s, the sets say %q\n%s\n%s", ip, v.Result, want, text, storyOf(v))
			}
			if !c.Strict {
				continue
			}
			if v := Evaluate(context.Background(), z, Query{IP: ip, MailFrom: "user@d.example", Helo: "mail.d.example"}); v.Result != want {
				t.Fatalf("%s: %s in the limits, the sets say %s\n%s", ip, v.Result, want, text)
			}
		}
	})
}

// checkNoMatter repairs the zone's failures in one way or another.
func checkNoMatter(t *rapid.T, text string, ip netip.Addr, want Result) {
	var healthy []string
	for _, line := range strings.SplitAfter(text, "\n") {
		name, failed := strings.CutPrefix(line, ";! servfail ")
		switch name, kind, _ := strings.Cut(strings.TrimSpace(name), " "); {
		case !failed:
			healthy = append(healthy, line)
		default:
			// Another answer than the one that the zone holds.
			healthy = slices.DeleteFunc(healthy, func(s string) bool {
				return strings.HasPrefix(s, name+" 60 IN "+kind) && rapid.Bool().Draw(t, "removed")
			})
			if kind == "TXT" && rapid.Bool().Draw(t, "all") {
				healthy = slices.DeleteFunc(healthy, func(s string) bool { return strings.HasPrefix(s, name+" 60 IN "+kind) })
				healthy = append(healthy, txt(name, "v=spf1 +all"))
			}
			if kind == "A" && rapid.Bool().Draw(t, "added") {
				healthy = append(healthy, fmt.Sprintf("%s 60 IN A %s\n", name, or4(ip)))
			}
		}
	}
	z := zones(t, strings.Join(healthy, ""))
	if v := evaluateUnlimited(z, ip); v.Result != PermError && v.Result != want {
		t.Fatalf("%s: %s with an answer, the sets said %s\n%s\n%s", ip, v.Result, want, text, strings.Join(healthy, ""))
	}
}

func or4(ip netip.Addr) netip.Addr {
	if ip.Is4() {
		return ip
	}
	return netip.MustParseAddr("192.0.2.200")
}

func BenchmarkCoverage(b *testing.B) {
	var text strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&text, " %cip4:10.%d.%d.%d", "+-"[i%2], i*7919>>16&255, i*7919>>8&255, i*7919&255)
	}
	tree := ExpandText(context.Background(), survey{}, "d.example", "v=spf1"+text.String())
	for b.Loop() {
		tree.Coverage()
	}
}
