package authority

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// describe returns a set in one line each of what matters.
func describe(s Set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "in %s", s.Zone)
	if s.Delegated {
		b.WriteString(" delegated")
	}
	if s.Err != nil {
		return b.String() + " error " + s.Err.Error()
	}
	if s.Differs != "" {
		return b.String() + " differs " + s.Differs
	}
	if s.Wildcard {
		b.WriteString(" wildcard")
	}
	if s.Alias != nil {
		b.WriteString(" | alias " + s.Alias.String())
	}
	for _, r := range s.Records {
		b.WriteString(" | " + r.String())
	}
	for _, r := range s.Materialise {
		b.WriteString(" | gives " + r.String())
	}
	if !s.Exists {
		b.WriteString(" nothing")
	}
	for _, n := range s.Notes {
		b.WriteString(" | note " + n)
	}
	return strings.ReplaceAll(b.String(), "\t", " ")
}

func TestSet(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	a := w.reader()
	for question, want := range map[string]string{
		"TXT contoso.example":             `in contoso.example | contoso.example. 300 IN TXT "other" | contoso.example. 300 IN TXT "v=spf1 " "-all"`,
		"MX contoso.example":              `in contoso.example`,
		"NS contoso.example":              `in contoso.example | contoso.example. 3600 IN NS ns1.host.example. | contoso.example. 3600 IN NS ns2.host.example.`,
		"TXT none.contoso.example":        `in contoso.example nothing`,
		"TXT b.contoso.example":           `in contoso.example`, // exists because of a name below
		"TXT alias.contoso.example":       `in contoso.example | alias alias.contoso.example. 60 IN CNAME www.contoso.example.`,
		"CNAME alias.contoso.example":     `in contoso.example | alias.contoso.example. 60 IN CNAME www.contoso.example.`,
		"TXT _dmarc.sub.contoso.example":  `in sub.contoso.example delegated | _dmarc.sub.contoso.example. 3600 IN TXT "v=DMARC1; p=none"`,
		"NS sub.contoso.example":          `in sub.contoso.example delegated | sub.contoso.example. 3600 IN NS ns.deep.example.`,
		"TXT x.wild.contoso.example":      `in contoso.example wildcard | gives x.wild.contoso.example. 120 IN TXT "wild"`,
		"A x.wild.contoso.example":        `in contoso.example`,
		"TXT y.x.wild.contoso.example":    `in contoso.example wildcard | gives y.x.wild.contoso.example. 120 IN TXT "wild"`,
		"TXT real.wild.contoso.example":   `in contoso.example | real.wild.contoso.example. 120 IN TXT "wild"`, // the same as the wildcard, but there
		"TXT own.wild.contoso.example":    `in contoso.example | own.wild.contoso.example. 120 IN TXT "own"`,
		"TXT *.wild.contoso.example":      `in contoso.example | *.wild.contoso.example. 120 IN TXT "wild"`,
		"TXT x.links.contoso.example":     `in contoso.example wildcard | gives x.links.contoso.example. 3600 IN CNAME www.contoso.example.`,
		"TXT web.links.contoso.example":   `in contoso.example | alias web.links.contoso.example. 3600 IN CNAME web.contoso.example.`,
		"CNAME x.links.contoso.example":   `in contoso.example wildcard | gives x.links.contoso.example. 3600 IN CNAME www.contoso.example.`,
		"TXT there.fabrikam.example":      `in fabrikam.example | there.fabrikam.example. 3600 IN TXT "there"`, // of nobody's own
		"TXT _dmarc.unregistered.example": `in example error TXT _dmarc.unregistered.example: not authoritative (asking for SOA unregistered.example: it is in no zone of its own but in example, as a domain that is not registered)`,
		"TXT example":                     `in example error TXT example: not authoritative (asking for SOA example: it is in no zone of its own but in example, as a domain that is not registered)`,
	} {
		if got := describe(a.Set(key(question))); got != want {
			t.Errorf("%s:\n got %s\nwant %s", question, got, want)
		}
		if a.Set(key(question)).Problem() == "" != !strings.Contains(want, "error") {
			t.Errorf("%s: problem %q", question, a.Set(key(question)).Problem())
		}
	}
}

// What servers say that do not agree, or not all.
func TestSetOfServersThatDiffer(t *testing.T) {
	t.Parallel()
	const question = "TXT contoso.example"
	agreed := `in contoso.example | contoso.example. 300 IN TXT "other" | contoso.example. 300 IN TXT "v=spf1 " "-all"`
	without6 := func(s *servers) { delete(s.at, six) }
	for name, test := range map[string]struct {
		change  string // of ns2's zone: OLD => NEW
		prepare func(*servers)
		want    string
	}{
		"serial lag, same set": {"b. 7 => b. 6", nil, agreed},
		"serial lag, another set": {`"other" => "newer"`, nil,
			`in contoso.example differs ns1.host.example (192.0.2.1), ns1.host.example (2001:db8::1) have "other"; ns2.host.example (192.0.2.2) has "newer"; besides, all have 1 in common`},
		"other character-strings": {`"v=spf1 " "-all" => "v=spf1 -all"`, without6,
			`in contoso.example differs ns1.host.example (192.0.2.1) has "v=spf1 " "-all"; ns2.host.example (192.0.2.2) has "v=spf1 -all"; besides, all have 1 in common`},
		"one record is missing": {`contoso.example. 300 IN TXT "other" => `, without6,
			`in contoso.example differs ns1.host.example (192.0.2.1) has "other"; ns2.host.example (192.0.2.2) has nothing; besides, all have 1 in common`},
		"TTLs differ": {`300 IN TXT "other" => 900 IN TXT "other"`, nil,
			`in contoso.example | contoso.example. 900 IN TXT "other" | contoso.example. 300 IN TXT "v=spf1 " "-all" | note the authoritative servers have different TTLs for TXT contoso.example, the largest counts`},
		"one is silent": {"", func(s *servers) { s.outcome = without(dns.Timeout, two) },
			`in contoso.example error TXT contoso.example: timeout (asking for SOA contoso.example: not every authoritative server answers: ns2.host.example (192.0.2.2): timeout) from 192.0.2.2:53`},
		"one is lame": {"", func(s *servers) { s.outcome = without(dns.Lame, two) },
			`in contoso.example error TXT contoso.example: not authoritative (asking for SOA contoso.example: not every authoritative server answers: ns2.host.example (192.0.2.2): not authoritative) from 192.0.2.2:53`},
		"one is silent about this set only": {"", func(s *servers) {
			s.outcome = func(q dns.Question) *dns.Error {
				if q == (dns.Question{Source: two, Key: key(question)}) {
					return &dns.Error{Key: q.Key, Cause: dns.ServFail, Server: two}
				}
				return nil
			}
		}, `in contoso.example error TXT contoso.example: SERVFAIL (not every authoritative server answers: ns2.host.example (192.0.2.2): SERVFAIL) from 192.0.2.2:53`},
		"no route by IPv6": {"", without6, agreed},
		"IPv6 is silent": {"", func(s *servers) { s.outcome = without(dns.Timeout, six) },
			agreed + ` | note no answer about TXT contoso.example from ns1.host.example (2001:db8::1): timeout`},
		"IPv6 works, but not to one": {"", func(s *servers) {
			s.given = zones(t, givenText+"ns2.host.example. IN AAAA 2001:db8::2\n")
		}, agreed + ` | note no answer about TXT contoso.example from ns2.host.example (2001:db8::2): unreachable, no route to host`},
		"only IPv6, and no route": {"", func(s *servers) {
			without6(s)
			s.given = zones(t, strings.ReplaceAll(givenText, "ns1.host.example. IN A 192.0.2.1\n", ""))
		}, `in contoso.example error TXT contoso.example: unreachable (asking for SOA contoso.example: not every authoritative server answers: ns1.host.example (2001:db8::1): unreachable, no route to host; this machine may have no way there by IPv6) from [2001:db8::1]:53`},
		"a server without address": {"", func(s *servers) {
			s.given = zones(t, strings.ReplaceAll(givenText, "ns2.host.example. IN A 192.0.2.2\n", ""))
		}, `in contoso.example error TXT contoso.example: unreachable (asking for SOA contoso.example: not every authoritative server answers: ns2.host.example: unreachable, the name server has no address)`},
		"all are barred": {"", func(s *servers) { s.outcome = without(dns.Timeout, top, one, two, six) },
			`in example error TXT contoso.example: timeout (asking for SOA contoso.example) from 192.0.2.100:53`},
		"an alias on one": {"contoso.example. 300 IN TXT \"v=spf1 \" \"-all\"\ncontoso.example. 300 IN TXT \"other\"\n => ", without6,
			`in contoso.example differs ns1.host.example (192.0.2.1) has "other", "v=spf1 " "-all"; ns2.host.example (192.0.2.2) has nothing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			second := contosoText
			if old, with, ok := strings.Cut(test.change, " => "); ok {
				if second = strings.ReplaceAll(contosoText, old, with); second == contosoText {
					t.Fatal("nothing was changed")
				}
			}
			w := internet(t, contosoText, second)
			if test.prepare != nil {
				test.prepare(w)
			}
			if got := describe(w.reader().Set(key(question))); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAliasAndDelegationDiffer(t *testing.T) {
	t.Parallel()
	second := strings.ReplaceAll(contosoText, "alias.contoso.example. 60 IN CNAME www", "alias.contoso.example. 60 IN CNAME web")
	second = strings.ReplaceAll(second, "www.contoso.example. 3600 IN TXT \"public www\"", "www.contoso.example. IN NS ns.deep.example.")
	w := internet(t, contosoText, second)
	delete(w.at, six)
	a := w.reader()
	for question, want := range map[string]string{
		"TXT alias.contoso.example": `ns1.host.example (192.0.2.1) has an alias to www.contoso.example.; ns2.host.example (192.0.2.2) has an alias to web.contoso.example.`,
		"TXT www.contoso.example":   `ns1.host.example (192.0.2.1) has "public www"; ns2.host.example (192.0.2.2) has a delegation to ns.deep.example.`,
	} {
		if got := a.Set(key(question)).Differs; got != want {
			t.Errorf("%s: %s, want %s", question, got, want)
		}
	}
}

// Of a name without records one server may know that it exists, and another not.
func TestExistenceDiffers(t *testing.T) {
	t.Parallel()
	s := internet(t, contosoText, strings.ReplaceAll(contosoText, "a.b.contoso.example.", "a.c.contoso.example.")).reader().Set(key("TXT b.contoso.example"))
	if !s.Exists || s.Problem() != "" || len(s.Records) > 0 {
		t.Errorf("%+v", s)
	}
}

// Servers that say that a name is theirs, and refer to others for its records.
func TestAllRefer(t *testing.T) {
	t.Parallel()
	l := liar{internet(t, contosoText, contosoText), key("TXT www.contoso.example"), func(dns.Question) dns.Answer {
		return dns.Answer{Exists: true, Referral: []dns.Record{{Name: "www.contoso.example", Data: dns.NS{Host: "a"}}}}
	}}
	s := New(l, Options{}).Set(l.key)
	if s.Err == nil || !strings.Contains(s.Err.Error(), "refer to others") {
		t.Errorf("%+v", s)
	}
}

// Signature records and the like are no part of any set.
func TestSigned(t *testing.T) {
	t.Parallel()
	signed := contosoText + `
contoso.example. 300 IN RRSIG TXT 13 2 300 20300101000000 20200101000000 1 contoso.example. AAAA
contoso.example. 300 IN NSEC a.contoso.example. TXT RRSIG NSEC
alias.contoso.example. 60 IN RRSIG CNAME 13 3 60 20300101000000 20200101000000 1 contoso.example. AAAA
`
	plain, with := internet(t, contosoText, contosoText).reader(), internet(t, signed, signed).reader()
	for _, question := range []string{"TXT contoso.example", "TXT alias.contoso.example", "TXT none.contoso.example"} {
		if a, b := describe(plain.Set(key(question))), describe(with.Set(key(question))); a != b {
			t.Errorf("%s: %s, signed %s", question, a, b)
		}
	}
}

// Every server of zone text is the same.
func TestSetOfZoneText(t *testing.T) {
	t.Parallel()
	z := zones(t, strings.ReplaceAll(givenText, "example. IN SOA a. b. 1 2 3 4 5\nexample.", "example.")+topText+contosoText+fabrikamText+deepText)
	a := New(z, Options{})
	for question, want := range map[string]string{
		"TXT www.contoso.example":        `in contoso.example | www.contoso.example. 3600 IN TXT "public www"`,
		"TXT _dmarc.sub.contoso.example": `in sub.contoso.example delegated | _dmarc.sub.contoso.example. 3600 IN TXT "v=DMARC1; p=none"`, // no referral leads there
		"TXT alias.sub.contoso.example":  `in sub.contoso.example delegated | alias alias.sub.contoso.example. 3600 IN CNAME www.contoso.example.`,
		"TXT x.wild.contoso.example":     `in contoso.example wildcard | gives x.wild.contoso.example. 120 IN TXT "wild"`,
	} {
		if got := describe(a.Set(key(question))); got != want {
			t.Errorf("%s:\n got %s\nwant %s", question, got, want)
		}
	}
}

func TestDNAME(t *testing.T) {
	t.Parallel()
	// What servers make of "t.contoso.example. DNAME fabrikam.example."
	made := func(label string) string {
		return label + ".t.contoso.example. IN CNAME " + label + ".fabrikam.example.\n"
	}
	text := contosoText + made("there") + made(unlikely)
	got := internet(t, text, text).reader().Set(key("TXT there.t.contoso.example"))
	if got.Err == nil || !strings.Contains(got.Err.Error(), "DNAME") {
		t.Errorf("%+v", got)
	}
	// Microsoft's pattern of targets is none.
	text = contosoText + "s1._domainkey.contoso.example. IN CNAME s1-contoso._domainkey.tenant.example.\n"
	if got := internet(t, text, text).reader().Set(key("TXT s1._domainkey.contoso.example")); got.Alias == nil || got.Err != nil {
		t.Errorf("%+v", got)
	}
}

func TestSynthesised(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		mine, other dns.Data
		want        bool
	}{
		{dns.CNAME{Target: "a.x"}, dns.CNAME{Target: unlikely + ".x"}, true},
		{dns.CNAME{Target: "a.x"}, dns.CNAME{Target: unlikely + ".y"}, false},
		{dns.CNAME{Target: "b.x"}, dns.CNAME{Target: unlikely + ".x"}, false},
		{dns.CNAME{Target: "a.x"}, dns.CNAME{Target: "a.x"}, false},
		{dns.CNAME{Target: dns.Root}, dns.CNAME{Target: dns.Root}, false},
		{dns.CNAME{Target: "a.x"}, dns.NewTXT("x"), false},
		{dns.NewTXT("x"), dns.CNAME{Target: unlikely + ".x"}, false},
	} {
		mine := []dns.Record{{Name: "a.example", Data: test.mine}}
		if got := synthesised("a.example", mine, []dns.Record{{Data: test.other}}); got != test.want {
			t.Errorf("%v and %v: %v", test.mine, test.other, got)
		}
	}
}

func TestHostileSets(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "many.contoso.example. IN TXT \"%d\"\n", i)
		}
		return b.String()
	}
	for n, fails := range map[int]bool{maxRecords: false, maxRecords + 1: true} {
		text := contosoText + many(n)
		s := internet(t, text, text).reader().Set(key("TXT many.contoso.example"))
		if (s.Err != nil) != fails || !fails && len(s.Records) != n || fails && len(s.Records) > 0 {
			t.Errorf("%d records: %d, %v", n, len(s.Records), s.Err)
		}
	}
	s := internet(t, contosoText+many(3000), contosoText).reader().Set(key("TXT many.contoso.example"))
	if s.Differs == "" || len(s.Differs) > 2*maxTold {
		t.Errorf("%d octets of words", len(s.Differs))
	}
	label := strings.Repeat("a", 60)
	long := strings.Repeat(label+".", 3) + strings.Repeat("b", 50) + ".contoso.example" // no room for a label below
	text := contosoText + long + ". IN TXT \"long\"\n"
	if s := internet(t, text, text).reader().Set(key("TXT " + long)); len(s.Records) != 1 || s.Err != nil {
		t.Errorf("a long name: %+v", s)
	}
	text = contosoText + "*.contoso.example. IN TXT \"long\"\n"
	if s := internet(t, text, text).reader().Set(key("TXT " + long)); s.Problem() == "" {
		t.Errorf("a long name below a wildcard: %+v", s)
	}
}

// However one question fails, nothing else is said than before, or nothing.
func TestNoFailureChangesASet(t *testing.T) {
	t.Parallel()
	questions := []string{
		"TXT contoso.example", "TXT alias.contoso.example", "TXT x.wild.contoso.example", "TXT real.wild.contoso.example",
		"TXT _dmarc.sub.contoso.example", "TXT none.contoso.example", "TXT y.unregistered.example",
	}
	for _, question := range questions {
		before := internet(t, contosoText, contosoText)
		want := before.reader().Set(key(question))
		want.Notes = nil
		for _, q := range slices.Collect(maps.Keys(before.asked)) {
			for _, cause := range []dns.Cause{dns.Timeout, dns.Unreachable, dns.Lame, dns.NotAsked} {
				w := internet(t, contosoText, contosoText)
				w.outcome = func(asked dns.Question) *dns.Error {
					if asked == q {
						return &dns.Error{Key: q.Key, Cause: cause, Server: string(q.Source)}
					}
					return nil
				}
				got := w.reader().Set(key(question))
				got.Notes = nil
				if got.Problem() == "" && describe(got) != describe(want) {
					t.Errorf("%s without %s: %s, before %s", question, q, describe(got), describe(want))
				}
				if cause == dns.NotAsked && (got.Err == nil || got.Err.Cause != dns.NotAsked) {
					t.Errorf("%s: %s is open, but not told: %s", question, q, describe(got))
				}
			}
		}
	}
}
