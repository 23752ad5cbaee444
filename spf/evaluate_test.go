package spf

import (
	"context"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

func TestEvaluateSender(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 ip4:192.0.2.1 -all")+txt("xn--mnchen-3ya.example.", "v=spf1 exists:%{o}.x.example -all")+"xn--mnchen-3ya.example.x.example. 60 IN A 127.0.0.2\n"+
		txt("l.example.", "v=spf1 exists:%{l}.x.example ?all")+"*.x.example. 60 IN A 127.0.0.2\n")
	tests := []struct {
		from, helo string
		want       Result
		sender     string
	}{
		{"user@d.example", "", Pass, "user@d.example"},
		{"user@D.Example.", "", Pass, "user@D.Example"},
		{"", "d.example", Pass, "postmaster@d.example"},
		{"<>", "d.example", Pass, "postmaster@d.example"},
		{"d.example", "", Pass, "postmaster@d.example"},
		{"@d.example", "", Pass, "postmaster@d.example"},
		{`"a@b"@d.example`, "", Pass, `"a@b"@d.example`},
		{"user@münchen.example", "", Pass, "user@xn--mnchen-3ya.example"},
		{"", "[192.0.2.1]", None, ""},
		{"", "localhost", None, ""},
		{"user@", "", None, ""},
		{"user@a b.example", "", None, ""},
		{"", "", None, ""},
		// RFC 8616 §4: a term with a local part that is not US-ASCII never matches.
		{"user@l.example", "", Pass, "user@l.example"},
		{"jürgen@l.example", "", Neutral, "jürgen@l.example"},
	}
	for _, tt := range tests {
		v := Evaluate(context.Background(), z, Query{IP: netip.MustParseAddr("192.0.2.1"), MailFrom: tt.from, Helo: tt.helo})
		checkEvaluation(t, v)
		if v.Result != tt.want || v.Sender != tt.sender {
			t.Errorf("%q, %q: %s for %q, want %s for %q", tt.from, tt.helo, v.Result, v.Sender, tt.want, tt.sender)
		}
	}
	if v := Evaluate(context.Background(), z, Query{MailFrom: "user@d.example"}); v.Result != TempError {
		t.Errorf("without an address: %s", v.Result)
	}
}

func TestEvaluateMatch(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 ip4:192.0.2.1 ~include:i.example redirect=r.example")+
		txt("i.example.", "v=spf1 ip4:192.0.2.2 -all exp=no.example")+txt("r.example.", "v=spf1 ip6:2001:db8::/32 -all exp=e.r.example")+
		txt("e.r.example.", "%{i} is not one of %{d}, %{s}"))
	for client, want := range map[string]string{
		"192.0.2.1":        "pass ip4:192.0.2.1 d.example",
		"::ffff:192.0.2.1": "pass ip4:192.0.2.1 d.example",
		"192.0.2.2":        "softfail ~include:i.example d.example",
		"2001:db8::1":      "pass ip6:2001:db8::/32 r.example",
		"192.0.2.3":        "fail -all r.example 192.0.2.3 is not one of r.example, user@d.example",
	} {
		v := evaluate(t, z, client)
		got := strings.TrimSpace(strings.Join([]string{string(v.Result), v.Mechanism, v.MatchDomain.String(), v.Explanation}, " "))
		if got != want {
			t.Errorf("%s: got %q, want %q", client, got, want)
		}
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1 a:nx.example include:i.example -all")+txt("i.example.", "v=spf1 ip4:192.0.2.0/24 ?all"))
	v := evaluate(t, z, "192.0.2.9")
	want := strings.Join([]string{
		"d.example [] d.example has one SPF record, its syntax is right (0 lookups, 0 voids, asked [TXT d.example])",
		"d.example [a:nx.example] nx.example has no address: no match (1 lookups, 1 voids, asked [A nx.example])",
		`d.example [include:i.example] the record of "i.example" is evaluated (2 lookups, 1 voids, asked [])`,
		"  i.example [] i.example has one SPF record, its syntax is right (2 lookups, 1 voids, asked [TXT i.example])",
		"  i.example [ip4:192.0.2.0/24] 192.0.2.9 is in 192.0.2.0/24: match, pass (2 lookups, 1 voids, asked [])",
		"d.example [include:i.example] i.example gives pass: match, pass (2 lookups, 1 voids, asked [])",
		`pass by "include:i.example" at d.example, explanation ""`,
	}, "\n")
	if got := storyOf(v); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTraceIsBounded(t *testing.T) {
	t.Parallel()
	k := dns.Key{Name: "d.example", Type: dns.TypeTXT}
	huge := dns.NewTXT("v=spf1" + strings.Repeat(" ip4:1.1.1.1", 5000) + " -all")
	v := evaluate(t, survey{k: {Exists: true, Records: []dns.Record{{Name: k.Name, Data: huge}}}}, "192.0.2.1")
	if n := len(v.Trace); v.Result != Fail || n > maxSteps+2 || v.Trace[n-1].Term() != "-all" {
		t.Errorf("%s, %d steps, last %+v", v.Result, n, v.Trace[n-1])
	}
}

// A reverse lookup that the DNS fails is no match; one that was not made leaves
// the result open.
func TestPTRFailures(t *testing.T) {
	t.Parallel()
	base := txt("d.example.", "v=spf1 ptr -all") + "1.2.0.192.in-addr.arpa. 60 IN PTR h.d.example.\n"
	if v := evaluate(t, zones(t, base+"h.d.example. 60 IN A 192.0.2.1\n"), "192.0.2.1"); v.Result != Pass {
		t.Errorf("%s\n%s", v.Result, storyOf(v))
	}
	for _, fault := range []string{";! servfail 1.2.0.192.in-addr.arpa. PTR\n", ";! timeout h.d.example. A\n"} {
		v := evaluate(t, zones(t, base+fault), "192.0.2.1")
		if v.Result != Fail {
			t.Errorf("%s: %s\n%s", fault, v.Result, storyOf(v))
		}
	}
	z := zones(t, base)
	s := survey{}
	for range 2 {
		v := evaluate(t, s, "192.0.2.1")
		if v.Result != TempError || v.Cause.Cause != dns.NotAsked {
			t.Fatalf("%s\n%s", v.Result, storyOf(v))
		}
		s[v.Cause.Key], _ = z.Lookup(context.Background(), v.Cause.Key.Name, v.Cause.Key.Type)
	}
	s[dns.Key{Name: "1.2.0.192.in-addr.arpa", Type: dns.TypePTR}] = dns.Answer{}
	if v := evaluate(t, s, "192.0.2.1"); v.Result != Fail || v.Voids != 1 {
		t.Errorf("%s\n%s", v.Result, storyOf(v))
	}
}

func TestVoids(t *testing.T) {
	tests := []struct {
		name, zone string
		want       Result
		voids      int
	}{
		{"the domain's own TXT is free", "d.example. 60 IN A 192.0.2.1\n", None, 0},
		{"hosts of mx count", txt("d.example.", "v=spf1 mx -all") + numbered(3, "d.example. 60 IN MX # nx#.example.\n"), PermError, 3},
		{"an MX host that matches ends the search", txt("d.example.", "v=spf1 mx -all") + "d.example. 60 IN MX 1 h.example.\nh.example. 60 IN A 192.0.2.1\n" + numbered(3, "d.example. 60 IN MX 1# nx#.example.\n"), Pass, 0},
		{"names of ptr count", txt("d.example.", "v=spf1 ptr -all") + numbered(3, "1.2.0.192.in-addr.arpa. 60 IN PTR nx#.example.\n"), PermError, 3},
		{"an include without TXT counts", txt("d.example.", "v=spf1 include:nx.example -all"), PermError, 1},
		{"no data is void like NXDOMAIN", txt("d.example.", "v=spf1 a:t.example a:t.example a:t.example -all") + txt("t.example.", "x"), PermError, 3},
		{"exp is free", txt("d.example.", "v=spf1 a:nx1.example a:nx2.example -all exp=nx3.example"), Fail, 2},
		{"macros of exp are free", txt("d.example.", "v=spf1 a:nx1.example a:nx2.example -all exp=e.example") + txt("e.example.", "%{p}"), Fail, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if v := evaluate(t, zones(t, tt.zone), "192.0.2.1"); v.Result != tt.want || v.Voids != tt.voids {
				t.Errorf("%s with %d voids, want %s with %d\n%s", v.Result, v.Voids, tt.want, tt.voids, storyOf(v))
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	z := zones(t, txt("d.example.", "v=spf1"+numbered(12, " a:nx#.example")+" ip4:192.0.2.1 -all"))
	for _, tt := range []struct {
		limits Limits
		want   Result
	}{
		{Limits{}, PermError},
		{Limits{Lookups: -1}, PermError},
		{Limits{Voids: -1}, PermError},
		{Limits{Lookups: -1, Voids: -1}, Pass},
		{Limits{Lookups: 12, Voids: 12}, Pass},
		{Limits{Lookups: 11, Voids: 12}, PermError},
		{Limits{Lookups: 12, Voids: 11}, PermError},
	} {
		v := Evaluate(context.Background(), z, Query{IP: netip.MustParseAddr("192.0.2.1"), MailFrom: "u@d.example", Limits: tt.limits})
		if v.Result != tt.want {
			t.Errorf("%+v: %s, want %s", tt.limits, v.Result, tt.want)
		}
	}
}

// Every failure is temperror with its cause, whatever could have matched later.
func TestEvaluateFailures(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"a:x.example", "mx:x.example", "exists:x.example", "include:x.example", "redirect=x.example", "exists:%{p}.x.example"} {
		for _, c := range []dns.Cause{dns.ServFail, dns.Refused, dns.BadRcode, dns.Timeout, dns.Unreachable, dns.Malformed, dns.Loop, dns.Budget, dns.Canceled, dns.NotAsked} {
			v := evaluate(t, failing{record, c}, "192.0.2.1")
			if v.Result != TempError || v.Cause == nil || v.Cause.Cause != c {
				t.Errorf("%s, %s: %s, cause %v", record, c, v.Result, v.Cause)
			}
		}
	}
}

// failing holds the record of d.example; every other question fails.
type failing struct {
	term  string
	cause dns.Cause
}

func (f failing) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	if name == "d.example" {
		rest := " ip4:192.0.2.1 -all"
		if strings.HasPrefix(f.term, "redirect") {
			rest = ""
		}
		return dns.Answer{Exists: true, Records: []dns.Record{{Name: name, Data: dns.NewTXT("v=spf1 " + f.term + rest)}}}, nil
	}
	return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: f.cause}
}

// puppet answers from octets: some that choose the kind of answer, and texts.
type puppet struct {
	choices []byte
	texts   []string
	asked   int
}

func (p *puppet) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	p.asked++
	choice := byte(0)
	if len(p.choices) > 0 {
		choice = p.choices[p.asked%len(p.choices)]
	}
	switch choice % 8 {
	case 0:
		return dns.Answer{}, nil
	case 1:
		return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: dns.Cause(1 + choice/8%10)}
	}
	var d dns.Data
	switch t {
	case dns.TypeTXT:
		d = dns.NewTXT(p.texts[int(choice)%len(p.texts)])
	case dns.TypeMX:
		d = dns.MX{Host: name}
	case dns.TypePTR:
		d = dns.PTR{Target: "h.d.example"}
	default:
		d = dns.Addr{IP: netip.AddrFrom4([4]byte{192, 0, 2, choice})}
	}
	records := make([]dns.Record, 1+choice/32)
	for i := range records {
		records[i] = dns.Record{Name: name, Data: d}
	}
	return dns.Answer{Exists: true, Records: records[:max(1, len(records)-3)]}, nil
}

func FuzzEvaluate(f *testing.F) {
	f.Add("v=spf1 a mx ptr include:%{d} exists:%{p}.%{d} -all", "v=spf1 redirect=x.example exp=%{d}", "user@d.example", []byte{2, 2, 3, 0, 1, 255}, uint64(1))
	f.Add("v=spf1 include:a.example include:b.example ?all", "v=spf1 -all exp=e.example", "<>", []byte{9, 10, 11}, uint64(0))
	f.Fuzz(func(t *testing.T, one, two, from string, choices []byte, seed uint64) {
		var octets [16]byte
		binary.BigEndian.PutUint64(octets[8:], seed)
		for _, ip := range []netip.Addr{netip.AddrFrom16(octets), netip.MustParseAddr("192.0.2.1")} {
			p := &puppet{choices: choices, texts: []string{one, two}}
			v := Evaluate(context.Background(), p, Query{IP: ip, MailFrom: from, Helo: "h.d.example"})
			checkEvaluation(t, v)
			// Ten terms, each with at most its own question, ten hosts or names,
			// and a %{p}; and the explanation.
			if p.asked > 12*24 || v.Lookups > 11 || v.Voids > 3 {
				t.Fatalf("%d questions, %d lookups, %d voids", p.asked, v.Lookups, v.Voids)
			}
		}
		p := &puppet{choices: choices, texts: []string{one, two}}
		tree := Expand(context.Background(), p, "d.example")
		checkTree(t, tree)
		tree.Authorized()
		if p.asked > maxTreeQuestions {
			t.Fatalf("%d questions", p.asked)
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	z := zones(b, txt("d.example.", "v=spf1 ip4:198.51.100.0/24 include:i1.example include:i2.example a:h.example -all")+numbered(2, txt("i#.example.", "v=spf1 ip4:203.0.113.# ip4:203.0.113.1#/32 -all"))+"h.example. 60 IN A 192.0.2.1\n")
	q := Query{IP: netip.MustParseAddr("192.0.2.9"), MailFrom: "user@d.example", Helo: "mail.d.example"}
	b.ReportAllocs()
	for b.Loop() {
		Evaluate(context.Background(), z, q)
	}
}

// The domain to check may be another than the sender's: the <domain> of
// check_host is an argument of its own.
func TestEvaluateDomain(t *testing.T) {
	t.Parallel()
	r := txts{"list.example": "v=spf1 exists:%{o}.ok.list.example -all", "contoso.example": "v=spf1 +all"}
	q := Query{IP: netip.MustParseAddr("192.0.2.1"), MailFrom: "a@contoso.example", Domain: "list.example"}
	if e := Evaluate(t.Context(), r, q); e.Result != Fail || e.Domain != "list.example" || e.Sender != "a@contoso.example" {
		t.Errorf("got %s for %s of %s", e.Result, e.Domain, e.Sender)
	}
	q.Domain = "com"
	if e := Evaluate(t.Context(), r, q); e.Result != None {
		t.Errorf("a single label gives %s, RFC 7208 §4.3 wants none", e.Result)
	}
	q.Domain, q.MailFrom = "contoso.example", "a@not a domain"
	if e := Evaluate(t.Context(), r, q); e.Result != Pass {
		t.Errorf("got %s", e.Result)
	}
}

// txts answers TXT questions, and has nothing else.
type txts map[dns.Name]string

func (z txts) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	text, ok := z[name]
	if !ok || t != dns.TypeTXT {
		return dns.Answer{Exists: ok}, nil
	}
	return dns.Answer{Exists: true, Records: []dns.Record{{Name: name, Data: dns.NewTXT(text)}}}, nil
}
