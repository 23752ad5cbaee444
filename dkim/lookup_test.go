package dkim

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

const domain = dns.Name("example.com")

// fake answers TXT questions; what it does not know does not exist.
type fake map[dns.Name]struct {
	answer dns.Answer
	err    error
}

func (f fake) Lookup(_ context.Context, name dns.Name, _ dns.Type) (dns.Answer, error) {
	return f[name].answer, f[name].err
}

func txt(texts ...string) dns.Answer {
	a := dns.Answer{Exists: true}
	for _, t := range texts {
		a.Records = append(a.Records, dns.Record{Data: dns.NewTXT(t)})
	}
	return a
}

// via puts a chain of CNAME records before the answer.
func via(a dns.Answer, targets ...dns.Name) dns.Answer {
	for _, t := range targets {
		a.Chain = append(a.Chain, dns.Record{Data: dns.CNAME{Target: t}})
	}
	return a
}

var (
	servfail = &dns.Error{Key: dns.Key{Name: domain, Type: dns.TypeTXT}, Cause: dns.ServFail, Server: "192.0.2.53:53"}
	nodata   = dns.Answer{Exists: true}
	nxdomain = dns.Answer{}
	goodKey  = "v=DKIM1; k=rsa; p=" + key1024
)

func lookup(selector string, a dns.Answer, err error) Selector {
	r := fake{dns.Name(selector + "._domainkey.example.com"): {a, err}}
	return Lookup(context.Background(), r, domain, selector)
}

func TestStates(t *testing.T) {
	t.Parallel()
	const target = "selector1-example-com._domainkey.contoso.onmicrosoft.com"
	for _, tc := range []struct {
		name   string
		answer dns.Answer
		err    error
		state  State
		codes  string
	}{
		{"key", txt(goodKey), nil, Live, "key-short"},
		{"key without v", txt("p=" + key1024), nil, Live, "key-short"},
		{"key behind CNAMEs", via(txt(goodKey), target, "other.example"), nil, Live, "key-short"},
		{"NXDOMAIN", nxdomain, nil, Missing, ""},
		{"no data proves nothing: other names may be below", nodata, nil, Missing, ""},
		{"CNAME to NXDOMAIN", via(nxdomain, target), nil, Dangling, ""},
		{"CNAME to no data", via(nodata, target), nil, Dangling, ""},
		{"SERVFAIL", nxdomain, servfail, Unknown, ""},
		{"SERVFAIL after a CNAME", via(nxdomain, target), servfail, Unknown, ""},
		{"some other error is a failure too", nxdomain, errors.New("odd"), Unknown, ""},
		{"revoked", txt("v=DKIM1; p="), nil, KeyRevoked, "key-revoked"},
		{"too short", txt("v=DKIM1; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALgSoqXVSEmfcIsOzw7oRuCCOwsmtX/SJnTWxYyj2leFxfS/AVJ+dYfY+hXqMsT7l+MZvvh/R1WzN4MO/kI/7XsCAwEAAQ=="), nil, Invalid, "key-too-short"},
		{"broken", txt("v=DKIM1; p=***"), nil, Invalid, "base64"},
		{"empty", txt(""), nil, Invalid, "not-a-key"},
		{"foreign text", txt("google-site-verification=abc"), nil, Invalid, "not-a-key"},
		{"target as text", txt(target), nil, WrongType, "target-as-text"},
		{"target as text, dotted and quoted", txt(` "` + target + `." `), nil, WrongType, "target-as-text"},
		{"another provider's target as text", txt("s1.domainkey.u123.wl045.sendgrid.net"), nil, WrongType, "target-as-text"},
		{"a sentence is no target", txt("Hello there."), nil, Invalid, "not-a-key"},
		{"an address is no target", txt("192.0.2.1"), nil, Invalid, "not-a-key"},
		{"two keys", txt(goodKey, "v=DKIM1; p="), nil, Invalid, "key-short several-texts"},
		{"one key, once cut in two and once whole", dns.Answer{Exists: true, Records: []dns.Record{
			{Data: dns.NewTXT(goodKey)}, {Data: dns.NewTXT(goodKey[:20], goodKey[20:])}}}, nil, Live, "key-short"},
		{"key beside foreign text", txt("v=spf1 -all", goodKey), nil, Live, "key-short several-texts"},
		{"two foreign texts", txt("one", "two"), nil, Invalid, "not-a-key several-texts"},
		{"key beside its target as text", txt(target, goodKey), nil, Live, "key-short several-texts"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := lookup("selector1", tc.answer, tc.err)
			if s.State != tc.state || codes(s.Problems) != tc.codes {
				t.Errorf("got %s %q, want %s %q", s.State, codes(s.Problems), tc.state, tc.codes)
			}
			if (s.Err != nil) != (tc.state == Unknown) {
				t.Errorf("error is %v", s.Err)
			}
			if len(tc.answer.Chain) > 0 && s.Target != target {
				t.Errorf("target %q", s.Target)
			}
			if s.State == Live && (s.KeyType != RSA || s.KeyBits != 1024) {
				t.Errorf("key %s %d", s.KeyType, s.KeyBits)
			}
		})
	}
}

// The order in which servers put records must not show.
func TestTextOrder(t *testing.T) {
	t.Parallel()
	a, b := lookup("s", txt("v=spf1 -all", "b", "a"), nil), lookup("s", txt("a", "b", "v=spf1 -all"), nil)
	if a.pattern() != b.pattern() || a.Record.Text() != b.Record.Text() {
		t.Errorf("%q and %q differ", a.Texts, b.Texts)
	}
}

func TestParseSelector(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	for in, want := range map[string]string{
		"selector1":                        "selector1",
		"MBO0001":                          "mbo0001",
		"20230601":                         "20230601",
		"a.b":                              "a.b",
		"aweber_key_a":                     "aweber_key_a",
		"schlüssel":                        "xn--schlssel-95a",
		long:                               long,
		long + "a":                         "",
		"":                                 "",
		".":                                "",
		"a.":                               "",
		"a..b":                             "",
		"*":                                "",
		"a b":                              "",
		"a\n":                              "",
		`a\.b`:                             "",
		"a=b":                              "",
		"{label}":                          "",
		"selector1._domainkey.example.com": "",
	} {
		got, err := ParseSelector(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

// A name that cannot be is not asked for, and holds nothing.
func TestLookupOfNoName(t *testing.T) {
	t.Parallel()
	long := dns.Name(strings.Repeat(strings.Repeat("a", 60)+".", 4) + "de")
	for _, tc := range []struct {
		domain   dns.Name
		selector string
	}{{domain, "a b"}, {long, "selector1"}} {
		s := Lookup(context.Background(), nil, tc.domain, tc.selector)
		if s.State != Missing || codes(s.Problems) != "selector-not-a-name" {
			t.Errorf("%+v", s)
		}
	}
}
