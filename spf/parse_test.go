package spf

import (
	"slices"
	"strings"
	"testing"
)

// faults lists what is wrong with a record: code, the text at fault, and what is
// suggested in its place.
func faults(text string, fs []Fault) []string {
	var s []string
	for _, f := range fs {
		one := string(f.Code) + " <" + f.Span.Of(text) + ">"
		if f.Suggest != "" {
			one += " <" + f.Suggest + ">"
		}
		s = append(s, one)
	}
	return s
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		terms string // after "v=spf1 "
		want  string // faults, joined with "; "
		words string // in the first message
	}{
		{"ipv4:192.0.2.1 -all", "unknown-mechanism <ipv4:192.0.2.1> <ip4:192.0.2.1>", "did you mean ip4?"},
		{"-IPv6:2001:db8::1", "unknown-mechanism <-IPv6:2001:db8::1> <-ip6:2001:db8::1>", "did you mean ip6?"},
		{"ip:192.0.2.1", "unknown-mechanism <ip:192.0.2.1> <ip4:192.0.2.1>", "ip4"},
		{"inlcude:x.example", "unknown-mechanism <inlcude:x.example> <include:x.example>", "did you mean include?"},
		{"–all", "character <–> <->", "dash"},
		{"~all.", "unknown-mechanism <~all.> <~all>", "must not follow all"},
		{"-all;", "unknown-mechanism <-all;> <-all>", "must not follow all"},
		{"-all:x", "unwanted-argument <:x>", "takes no value"},
		{"- all", "qualifier <->", "stands alone"},
		{"--all", "qualifier <-->", "two qualifiers"},
		{"+redirect=x.example", "qualifier <+redirect=x.example>", "takes no qualifier"},
		{"+include=x.example", "unknown-mechanism <+include=x.example> <+include:x.example>", "colon"},
		{"redirect:x.example", "unknown-mechanism <redirect:x.example>", "redirect="},
		{"192.0.2.1", "unknown-mechanism <192.0.2.1> <ip4:192.0.2.1>", "address alone"},
		{"~2001:db8::/32", "unknown-mechanism <~2001:db8::/32> <~ip6:2001:db8::/32>", "ip6"},
		{"spf.example.com", "unknown-mechanism <spf.example.com>", "domain name alone"},
		{"include.example.com", "unknown-mechanism <include.example.com>", "colon"},
		{"ip4:", "missing-argument <ip4:>", "ip4:192.0.2.1"},
		{"include", "missing-argument <include>", "needs a value"},
		{"include:", "missing-argument <include:>", "needs a value"},
		{"a: mx:", "missing-argument <a:>; missing-argument <mx:>", "a:example.com"},
		{"redirect=", "missing-argument <redirect=>", "needs a value"},
		{"exp=", "missing-argument <exp=>", "needs a value"},
		{"ip4:192.0.2", "address <192.0.2>", "all four numbers"},
		{"ip4:192.0.2.01", "address <192.0.2.01>", "no IPv4 address"},
		{"ip4:192.0.2.256", "address <192.0.2.256>", "no IPv4 address"},
		{"ip4:192.0.2.1,192.0.2.2", "address <192.0.2.1,192.0.2.2>", "term of its own"},
		{"ip4:2001:db8::1", "address <2001:db8::1>", "ip6:"},
		{"ip6:192.0.2.1", "address <192.0.2.1>", "ip4:"},
		{"ip6:fe80::1%eth0", "address <fe80::1%eth0>", "no IPv6 address"},
		{"ip4:mail.example.com", "address <mail.example.com>", "a: before a host name"},
		{"ip4:192.0.2.0/33", "cidr </33>", "from 0 to 32"},
		{"ip4:192.0.2.0/", "cidr </>", "missing"},
		{"ip4:192.0.2.0/024", "cidr </024>", "leading zeros"},
		{"ip4:192.0.2.0/255.255.255.0", "cidr </255.255.255.0>", "net mask"},
		{"ip4:192.0.2.0//24", "cidr <//24>", "no prefix length"},
		{"ip6:2001:db8::/129", "cidr </129>", "from 0 to 128"},
		{"a/33 a//129 a/ a/1/2", "cidr </33>; cidr <//129>; cidr </>; cidr </1/2>", "from 0 to 32"},
		{"ptr/24", "unwanted-argument </24>", "no prefix length"},
		{"include:x.example/24", "domain <x.example/24>", "no prefix length"},
		{"a:192.0.2.1", "domain <192.0.2.1>", "write ip4:192.0.2.1"},
		{"a:192.0.2.1/24", "domain <192.0.2.1>", "write ip4:192.0.2.1"},
		{"mx:2001:db8::1", "domain <2001:db8::1>", "write ip6:"},
		{"a:museum", "domain <museum>", "only one label"},
		{"a:museum.", "domain <museum.>", "only one label"},
		{"a:x.123", "domain <x.123>", "is a number"},
		{"include:x.example,", "domain <x.example,> <x.example>", "must not follow"},
		{"include:x.example~all", "domain <x.example~all> <x.example ~all>", "blank is missing"},
		{"include:x.examplev=spf1", "domain <x.examplev=spf1>", "blank is missing"},
		{"exists:%{i}.%(d).example", "macro <%(>", "after %"},
		{"exists:%{x}.example", "macro <%{x}>", "no macro letter"},
		{"exists:%{d0}.example", "macro <%{d0}>", "zero"},
		{"exists:%{d!}.example", "macro <%{d!}>", "delimiters"},
		{"exists:%{d", "macro <%{d>", "not closed"},
		{"exists:%{}.example", "macro <%{}>", "names no macro"},
		{"exists:%{c}.example", "macro <%{c}>", "explanation"},
		{"exists:x.example%", "macro <%>", "after %"},
		{"foo=%", "macro <%>", "after %"},
		{"redirect=a.example redirect=b.example", "repeated-modifier <redirect=b.example>", "twice"},
		{"exp=a.example exp=b.example exp=c.example", "repeated-modifier <exp=b.example>; repeated-modifier <exp=c.example>", "twice"},
		{"a\tmx", "separator <\t> < >", "TAB"},
		{"a -all\r\n", "separator <\r> < >; separator <\n> < >", "line break"},
		{"a\u00a0mx", "separator <\u00a0> < >", "no-break space"},
		{"in\u200bclude:x.example", "character <\u200b>", "invisible"},
		{"a:\xffx.example", "character <\xff>", "0xFF"},
		{"a:“x.example”", "character <“>; character <”>", "quote"},
		{`-all\n`, `unknown-mechanism <-all\n>`, "the two characters"},
		{"=all 1up=x", "unknown-mechanism <=all> <all>; unknown-mechanism <1up=x>", "unknown mechanism"},
		{"moo.cow:far_out=x", "unknown-mechanism <moo.cow:far_out=x>", "unknown mechanism"},
	}
	for _, tt := range tests {
		t.Run(tt.terms, func(t *testing.T) {
			t.Parallel()
			text := "v=spf1 " + tt.terms
			r := Parse(text)
			checkRecord(t, text, r)
			if got := strings.Join(faults(text, r.Errors), "; "); !strings.HasPrefix(got, tt.want) || len(r.Errors) != strings.Count(tt.want, "; ")+1 && tt.terms != "- all" {
				t.Fatalf("got %s, want %s", got, tt.want)
			}
			if got := r.Errors[0].Message; !strings.Contains(got, tt.words) {
				t.Errorf("message %q lacks %q", got, tt.words)
			}
		})
	}
}

// What looks wrong and is not an error.
func TestParseValid(t *testing.T) {
	for _, terms := range []string{
		"", "  a  mx   -all  ", "a:foo:bar/baz.example.com", "a/0//0 mx/32//128", "a:x.example./24//64",
		"exists:%{ir}.%{v}._spf.%{d2}", "exists:%{l16r+-.,/_=}.example", "include:%{d}", "a:x%%", "a:x%_y%-.example",
		"ip6:::1.1.1.1/0", "ip6:::ffff:192.0.2.1/96", "default=pass", "foo=", "moo.cow-far_out=man:dog/cat", "x=%{c}%{r}%{t}",
		"a:example.xn--zckzah", "a:1-1.1-1", "include:.example.com", "exp=x.example redirect=y.example", "ip4:192.0.2.1/0",
		"a:%{d}/24", "INCLUDE:X.EXAMPLE", "a:x.e-x", "exists:_spf.%{h}",
	} {
		text := "v=spf1 " + terms
		r := Parse(text)
		checkRecord(t, text, r)
		if !r.Valid() {
			t.Errorf("%q: %+v", text, r.Errors)
		}
	}
}

func TestParseDoubts(t *testing.T) {
	tests := []struct{ terms, want string }{
		{"include=x.example", "mechanism-as-modifier <include=x.example> <include:x.example>"},
		{"ip4=192.0.2.1", "mechanism-as-modifier <ip4=192.0.2.1> <ip4:192.0.2.1>"},
		{"ipv4=192.0.2.1", "mechanism-as-modifier <ipv4=192.0.2.1> <ip4:192.0.2.1>"},
		{"a v=spf1 mx", "second-version <v=spf1>"},
		{"allv=spf1", "second-version <allv=spf1>"},
		{"redirct=x.example", "misspelled-modifier <redirct=x.example>"},
		{"ra=postmaster", ""},
	}
	for _, tt := range tests {
		text := "v=spf1 " + tt.terms
		r := Parse(text)
		checkRecord(t, text, r)
		if got := strings.Join(faults(text, r.Doubts), "; "); got != tt.want || !r.Valid() {
			t.Errorf("%s: got %s, want %s; %v", text, got, tt.want, r.Errors)
		}
	}
}

func TestParseTerm(t *testing.T) {
	text := "v=spf1 ~MX:Mail.Example/24//64 ip4:192.0.2.77/24 redirect=_spf.example ptr"
	r := Parse(text)
	checkRecord(t, text, r)
	mx, ip4, redirect, ptr := r.Terms[0], r.Terms[1], r.Terms[2], r.Terms[3]
	if mx.Kind != KindMX || mx.Qualifier != QualifierSoftFail || !mx.Explicit || mx.Name != "MX" || mx.Domain != "Mail.Example" ||
		mx.CIDR4 != 24 || mx.CIDR6 != 64 || mx.CIDR4Span.Of(text) != "/24" || mx.CIDR6Span.Of(text) != "//64" {
		t.Errorf("%+v", mx)
	}
	if ip4.Prefix.String() != "192.0.2.0/24" || ip4.AddrSpan.Of(text) != "192.0.2.77" || ip4.CIDR4Span.Of(text) != "/24" || ip4.Explicit {
		t.Errorf("%+v", ip4)
	}
	if redirect.Kind != KindRedirect || redirect.Domain != "_spf.example" || r.Redirect() != 2 || r.All() != -1 {
		t.Errorf("%+v", redirect)
	}
	if ptr.HasDomain() || ptr.DomainSpan != (Span{len(text), len(text)}) || ptr.CIDR4 != NoCIDR || ptr.Bits4() != 32 || ptr.Bits6() != 128 {
		t.Errorf("%+v", ptr)
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"V=SPF1  +A:Mail.Example./32//128   -ALL ":       "v=spf1 a:mail.example -all",
		"v=spf1 IP6:2001:DB8:0:0::1/64 ip4:192.0.2.9/32": "v=spf1 ip6:2001:db8::/64 ip4:192.0.2.9",
		"v=spf1 exists:%{LR-}.%{D2}.Example ?all":        "v=spf1 exists:%{Lr-}.%{D2}.example ?all",
		"v=spf1 mx//64 Foo=Bar redirect=X.example":       "v=spf1 mx//64 foo=Bar redirect=x.example",
		"v=spf1 IPv4:1.2.3.4 -ALL":                       "v=spf1 IPv4:1.2.3.4 -all",
	} {
		if got := Parse(in).String(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestReached(t *testing.T) {
	r := Parse("v=spf1 redirect=x.example a -all mx include:y.example exp=z.example foo=bar")
	var reached []string
	for i, term := range r.Terms {
		if r.Reached(i) {
			reached = append(reached, term.Text)
		}
	}
	if want := []string{"a", "-all", "exp=z.example", "foo=bar"}; !slices.Equal(reached, want) {
		t.Errorf("got %q, want %q", reached, want)
	}
}

func TestSelect(t *testing.T) {
	tests := []struct{ text, words, suggest string }{
		{"v=spf1 -all", "SPF", ""},
		{"V=sPf1", "SPF", ""},
		{"v=spf10 -all", "", ""},
		{"v=spf11", "", ""},
		{"v=DMARC1; p=none", "", ""},
		{"v=DKIM1; k=rsa; p=AAAA", "", ""},
		{"v=verifydomain MS=1234", "", ""},
		{"spf-verification=abc", "", ""},
		{"google-site-verification=spf1", "", ""},
		{"", "", ""},
		{"v", "", ""},
		{" v=spf1 -all", "a blank stands before v=spf1", "v=spf1 -all"},
		{"\ufeffv=spf1 -all", "stands before v=spf1", "v=spf1 -all"},
		{`"v=spf1 a -all"`, "stands before v=spf1", "v=spf1 a -all"},
		{"v=spf1; a -all", `"; " instead of a blank`, "v=spf1 a -all"},
		{"v=spf1\ta\t-all", "a TAB instead of a blank", "v=spf1 a -all"},
		{"v=spf1include:x.example -all", "a blank is missing", "v=spf1 include:x.example -all"},
		{"v=spf 1 a -all", `"v=spf 1"`, "v=spf1 a -all"},
		{"v= spf1 a -all", `"v= spf1"`, "v=spf1 a -all"},
		{"v=spf a -all", `"v=spf"`, "v=spf1 a -all"},
		{"v=sfp1 a -all", `"v=sfp1"`, "v=spf1 a -all"},
		{"v=spfl a -all", `"v=spfl"`, "v=spf1 a -all"},
		{"v:spf1 a -all", `"v:spf1"`, "v=spf1 a -all"},
		{"spf1 a -all", `"spf1"`, "v=spf1 a -all"},
		{"v=spf-1 a -all", `"v=spf-1"`, "v=spf1 a -all"},
		{"@ IN TXT v=spf1 a -all", "stands before v=spf1", "v=spf1 a -all"},
		{"v=spf1; nonsense", "instead of a blank", ""},
		{"spf2.0/pra a -all", "Sender ID", ""},
	}
	for _, tt := range tests {
		s := Select([]string{tt.text})
		switch {
		case tt.words == "SPF":
			if len(s.Records) != 1 {
				t.Errorf("%q: %+v", tt.text, s)
			}
		case tt.words == "":
			if len(s.Others) != 1 {
				t.Errorf("%q: %+v", tt.text, s)
			}
		case len(s.Misses) != 1 || !strings.Contains(s.Misses[0].Message, tt.words) || s.Misses[0].Suggest != tt.suggest:
			t.Errorf("%q: %+v", tt.text, s)
		}
		r := Parse(tt.text)
		checkRecord(t, tt.text, r)
		if IsSPF(tt.text) != !slices.ContainsFunc(r.Errors, func(f Fault) bool { return f.Code == BadVersion }) {
			t.Errorf("%q: %+v", tt.text, r.Errors)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"v=spf1 a:x.example/24//64 -ip4:192.0.2.0/24 ~include:%{l1r-}.%{d2} redirect=_spf.x.example exp=e.x.example foo=%%bar -all",
		"v=spf1include:x.example", "\ufeffv=spf1\ta\u00a0mx –all", "v=spf1 ip6:::1/0 ip4=1.2.3.4 v=spf1", "spf2.0/pra", "v=spf1 a//", "v=spf1 =%{",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Parse(text)
		checkRecord(t, text, r)
		if miss, ok := LooksLikeSPF(text); ok && (IsSPF(text) || miss.Message == "" || miss.Suggest != "" && !Parse(miss.Suggest).Valid()) {
			t.Fatalf("%q: %+v", text, miss)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	const text = "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx include:spf.protection.outlook.com include:_spf.example.com exists:%{i}._spf.%{d2} -all"
	b.ReportAllocs()
	for b.Loop() {
		Parse(text)
	}
}
