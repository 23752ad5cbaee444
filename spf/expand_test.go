package spf

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func TestExpandStates(t *testing.T) {
	host := "h.example. 60 IN A 192.0.2.1\nh.example. 60 IN AAAA 2001:db8::1\n"
	tests := []struct {
		name, zone string
		want       string
		voids4     int
		voids6     int
		partial    bool
	}{
		{"one family only", txt("d.example.", "v=spf1 a:four.example -all") + "four.example. 60 IN A 192.0.2.1\n",
			"a:four.example=ok/1 -all=ok/0", 0, 1, false},
		{"void", txt("d.example.", "v=spf1 a:nx.example mx:nx.example exists:nx.example ~all"),
			"a:nx.example=void/1 mx:nx.example=void/1 exists:nx.example=void/1 ~all=ok/0", 3, 3, false},
		{"voids of MX hosts", txt("d.example.", "v=spf1 mx -all") + "d.example. 60 IN MX 1 nx1.example.\nd.example. 60 IN MX 2 nx2.example.\nd.example. 60 IN MX 3 h.example.\n" + host,
			"mx=ok/1 -all=ok/0", 2, 2, false},
		{"null MX", txt("d.example.", "v=spf1 mx -all") + "d.example. 60 IN MX 0 .\n",
			"mx=void/1 -all=ok/0", 0, 0, false},
		{"macros of the sender", txt("d.example.", "v=spf1 exists:%{i}.x.example a:%{l}.example ptr include:%{i}.y.example -all"),
			"exists:%{i}.x.example=depends-on-sender/1 a:%{l}.example=depends-on-sender/1 ptr=depends-on-sender/1 include:%{i}.y.example=depends-on-sender/1 -all=ok/0", 0, 0, true},
		{"a redirect by macro makes a lower bound", txt("d.example.", "v=spf1 redirect=%{l}.example"),
			"redirect=%{l}.example=depends-on-sender/1", 0, 0, true},
		{"macros of the domain are followed", txt("d.example.", "v=spf1 include:_%{d} redirect=%{o2}.r.%{d1}") + txt("_d.example.", "v=spf1 a:h.%{d1} -all") + txt("d.example.r.example.", "v=spf1 -all") + host,
			"include:_%{d}=ok/2(a:h.%{d1}=ok/1 -all=ok/0) redirect=%{o2}.r.%{d1}=ok/1(-all=ok/0)", 0, 0, false},
		{"ignored", txt("d.example.", "v=spf1 ?all include:x.example redirect=y.example exp=z.example"),
			"?all=ok/0 include:x.example=ignored/0 redirect=y.example=ignored/0 exp=z.example=ignored/0", 0, 0, false},
		{"redirect before the mechanisms", txt("d.example.", "v=spf1 redirect=r.example a:h.example") + txt("r.example.", "v=spf1 -all") + host,
			"redirect=r.example=ok/1(-all=ok/0) a:h.example=ok/1", 0, 0, false},
		{"a broken term beside good ones", txt("d.example.", "v=spf1 ipv4:192.0.2.1 a:h.example include:bad -all") + host,
			"ipv4:192.0.2.1=permerror/0 a:h.example=ok/1 include:bad=permerror/1 -all=ok/0", 0, 0, true},
		{"temperror goes up", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 a:sick.example a:h.example -all") + host + ";! servfail sick.example. A\n",
			"include:i.example=temperror/3(a:sick.example=temperror/1 a:h.example=ok/1 -all=ok/0) -all=ok/0", 0, 1, false},
		{"permerror goes up, over temperror", txt("d.example.", "v=spf1 include:i.example -all") + txt("i.example.", "v=spf1 a:sick.example include:nx.example -all") + ";! servfail sick.example. ANY\n",
			"include:i.example=permerror/3(a:sick.example=temperror/1 include:nx.example=none/1 -all=ok/0) -all=ok/0", 1, 1, false},
		{"a name that cannot be", txt("d.example.", "v=spf1 a:x..example include:y..example -all"),
			"a:x..example=void/1 include:y..example=none/1 -all=ok/0", 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree := expand(t, zones(t, tt.zone))
			if got := states(tree.Root); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if tree.Voids4 != tt.voids4 || tree.Voids6 != tt.voids6 || tree.Partial != tt.partial {
				t.Errorf("voids %d and %d, partial %v", tree.Voids4, tree.Voids6, tree.Partial)
			}
		})
	}
}

// The whole tree is there although the limit is exceeded, and what lies beyond
// is marked.
func TestExpandBeyondLimit(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1"+numbered(13, " include:i#.example")+" -all")+numbered(13, txt("i#.example.", "v=spf1 ip4:192.0.2.# -all")))
	tree := expand(t, z)
	if tree.Lookups != 13 || tree.Partial || tree.Truncated {
		t.Errorf("%+v", tree.Counts)
	}
	for i, c := range tree.Root.Children[:13] {
		if c.Record == nil || c.Beyond != (i >= 10) {
			t.Errorf("%s: record %v, beyond %v", c.Term.Text, c.Record, c.Beyond)
		}
	}
	p := tree.Problems[0]
	if p.Span.Of(p.Record) != "include:i11.example" || !strings.Contains(p.Message, "13") {
		t.Errorf("%+v", p)
	}
}

func TestExpandSyntaxErrorsOfIncludes(t *testing.T) {
	t.Parallel()
	tree := expand(t, zones(t, txt("d.example.", "v=spf1 include:i.example -all")+txt("i.example.", "v=spf1 ip4:1.2.3 ip6:x -all")))
	if len(tree.Problems) != 2 || tree.Result != PermanentErr {
		t.Fatalf("%+v", tree.Problems)
	}
	for i, want := range []string{"1.2.3", "x"} {
		if p := tree.Problems[i]; p.Domain != "i.example" || p.Span.Of(p.Record) != want {
			t.Errorf("%+v", p)
		}
	}
}

// A survey that answers "not asked" learns all questions that do not depend on
// each other in one pass.
func TestExpandAsksAllAtOnce(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 a:h.example mx include:i.example exists:e.example redirect=r.example")+
		"d.example. 60 IN MX 1 m1.example.\nd.example. 60 IN MX 2 m2.example.\n"+
		txt("i.example.", "v=spf1 include:j.example a -all")+txt("j.example.", "v=spf1 -all")+txt("r.example.", "v=spf1 -all"))
	s := survey{}
	want := []string{
		"TXT d.example",
		"A e.example, A h.example, AAAA h.example, MX d.example, TXT i.example, TXT r.example",
		"A i.example, A m1.example, A m2.example, AAAA i.example, AAAA m1.example, AAAA m2.example, TXT j.example",
		"",
	}
	for round, w := range want {
		a := &asker{Resolver: s}
		tree := expand(t, a)
		var missing []string
		for _, k := range a.asked {
			if _, ok := s[k]; !ok {
				missing = append(missing, k.String())
				s[k], _ = z.Lookup(context.Background(), k.Name, k.Type)
			}
		}
		slices.Sort(missing)
		if got := strings.Join(missing, ", "); got != w {
			t.Errorf("round %d: %s, want %s", round, got, w)
		}
		if done := w == ""; done != (tree.Result != UnknownErrors) {
			t.Errorf("round %d: %s", round, tree.Result)
		}
	}
}

// survey answers what it holds.
type survey map[dns.Key]dns.Answer

func (s survey) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	k := dns.Key{Name: name, Type: t}
	if a, ok := s[k]; ok {
		return a, nil
	}
	return dns.Answer{}, &dns.Error{Key: k, Cause: dns.NotAsked}
}

// bomb answers every TXT question with ten includes.
type bomb struct{ asked int }

func (b *bomb) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	b.asked++
	if t != dns.TypeTXT {
		return dns.Answer{}, nil
	}
	text := "v=spf1"
	for i := range 10 {
		text += fmt.Sprintf(" include:%d.%%{d}", i)
	}
	return dns.Answer{Exists: true, Records: []dns.Record{{Name: name, Data: dns.NewTXT(text)}}}, nil
}

func TestIncludeBomb(t *testing.T) {
	t.Parallel()
	b := &bomb{}
	tree := expand(t, b)
	if tree.Result != PermanentErr || !tree.Truncated || b.asked > maxTreeLookups+1 {
		t.Errorf("%s after %d questions", tree.Result, b.asked)
	}
	b.asked = 0
	if v := evaluate(t, b, "192.0.2.1"); v.Result != PermError || b.asked != 11 {
		t.Errorf("%s after %d questions", v.Result, b.asked)
	}
	b.asked = 0
	v := Evaluate(context.Background(), b, Query{IP: netip.MustParseAddr("192.0.2.1"), MailFrom: "x@d.example", Limits: Limits{Lookups: -1, Voids: -1}})
	if v.Result != PermError || b.asked > hardLookups+1 {
		t.Errorf("without limits %s after %d questions", v.Result, b.asked)
	}
}

// Long texts are read up to a bound; every name is asked all the same, so that
// one that does not exist is told.
func TestExpandManyLongRecords(t *testing.T) {
	t.Parallel()
	s := make(survey)
	answer := func(name dns.Name, text string) {
		record := dns.Record{Name: name, Data: dns.NewTXT(text)}
		s[dns.Key{Name: name, Type: dns.TypeTXT}] = dns.Answer{Exists: true, Records: []dns.Record{record}}
	}
	text := "v=spf1"
	for i := range 20 {
		name := dns.Name(fmt.Sprintf("i%d.d.example", i))
		answer(name, "v=spf1 x="+strings.Repeat("x", 1<<16-10))
		text += " include:" + name.String()
	}
	answer("d.example", text+" include:gone.d.example")
	s[dns.Key{Name: "gone.d.example", Type: dns.TypeTXT}] = dns.Answer{}
	tree := expand(t, s)
	read := 0
	for _, n := range tree.Root.Children {
		if n.Record != nil {
			read++
		}
	}
	if read == 0 || read > maxTreeOctets>>16 || !tree.Truncated {
		t.Errorf("%d long records were read, truncated %v", read, tree.Truncated)
	}
	if last := tree.Root.Children[20]; last.State != StateNone || tree.Result != PermanentErr {
		t.Errorf("the last include is %s, the tree %s", last.State, tree.Result)
	}
}

// A record with more terms than a tree may have is not followed.
func TestExpandHugeRecord(t *testing.T) {
	t.Parallel()
	k := dns.Key{Name: "d.example", Type: dns.TypeTXT}
	huge := dns.NewTXT("v=spf1" + strings.Repeat(" a", 30000))
	tree := expand(t, survey{k: {Exists: true, Records: []dns.Record{{Name: k.Name, Data: huge}}}})
	if !tree.Truncated || tree.Result == Valid || tree.Root.Children != nil {
		t.Errorf("%s, truncated %v", tree.Result, tree.Truncated)
	}
}

func TestAuthorized(t *testing.T) {
	t.Parallel()
	tree := expand(t, zones(t, txt("d.example.", "v=spf1 ip4:192.0.2.9/24 -ip4:198.51.100.1 a:h.example/25//64 include:i.example ?include:j.example ipv4:1.2.3.4 mx ptr a:sick.example redirect=r.example")+
		"h.example. 60 IN A 203.0.113.200\nh.example. 60 IN AAAA 2001:db8::1:2\nd.example. 60 IN MX 5 h.example.\n"+
		txt("i.example.", "v=spf1 ip6:2001:db8:5::/48 ~ip4:198.51.100.2 include:k.example -all")+
		txt("j.example.", "v=spf1 ip4:198.51.100.3 -all")+txt("k.example.", "v=spf1 ip4:198.51.100.4 -all")+
		txt("r.example.", "v=spf1 ip4:198.51.100.5 ~all")+";! servfail sick.example. A\n"))
	a := tree.Authorized()
	var got []string
	for _, g := range a.Grants {
		var path []string
		for _, n := range g.Path {
			path = append(path, n.Term.Text)
		}
		got = append(got, g.Prefix.String()+" by "+strings.Join(path, ", "))
	}
	want := []string{
		"192.0.2.0/24 by ip4:192.0.2.9/24",
		"203.0.113.128/25 by a:h.example/25//64",
		"2001:db8::/64 by a:h.example/25//64",
		"2001:db8:5::/48 by include:i.example, ip6:2001:db8:5::/48",
		"198.51.100.4/32 by include:i.example, include:k.example, ip4:198.51.100.4",
		"203.0.113.200/32 by mx",
		"2001:db8::1:2/128 by mx",
		"198.51.100.5/32 by redirect=r.example, ip4:198.51.100.5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	open := map[string]bool{}
	for _, n := range a.Open {
		open[n.Term.Text] = true
	}
	if got := slices.Sorted(maps.Keys(open)); !slices.Equal(got, []string{"a:sick.example", "ptr"}) {
		t.Errorf("open: %q", got)
	}
}

func TestExpandSingleLabel(t *testing.T) {
	t.Parallel()
	for _, name := range []dns.Name{"localhost", dns.Root, ""} {
		if tree := Expand(context.Background(), survey{}, name); tree.Result != NoRecord || tree.Root.Note == "" {
			t.Errorf("%q: %s", name, tree.Result)
		}
	}
}

func BenchmarkExpand(b *testing.B) {
	z := zones(b, txt("d.example.", "v=spf1"+numbered(9, " include:i#.example")+" -all")+numbered(9, txt("i#.example.", "v=spf1 ip4:192.0.2.#/32 ip4:198.51.100.0/24 -all")))
	for b.Loop() {
		Expand(context.Background(), z, "d.example")
	}
}
