package dns

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func mustZones(t testing.TB, text string) *Zones {
	t.Helper()
	z, err := ParseZones(text, "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// ask writes the outcome of a question in one line, so that tables can hold it.
func ask(t testing.TB, r Resolver, name Name, typ Type) string {
	t.Helper()
	a, err := r.Lookup(context.Background(), name, typ)
	return outcome(a, err)
}

func outcome(a Answer, err error) string {
	if e := AsError(err); e != nil {
		return "error " + e.Cause.String()
	}
	var b strings.Builder
	for _, c := range a.Chain {
		fmt.Fprintf(&b, "%s > %s | ", c.Name, c.Data.(CNAME).Target)
	}
	var data []string
	for _, r := range a.Records {
		data = append(data, r.Data.String())
	}
	slices.Sort(data)
	switch {
	case len(data) > 0:
		b.WriteString(strings.Join(data, " / "))
	case a.Exists:
		b.WriteString("no data")
	default:
		b.WriteString("nxdomain")
	}
	return b.String()
}

const soa = " SOA ns.test. root.test. 1 7200 3600 1209600 300\n"

func TestZonesLookup(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "$TTL 600\n"+
		"example."+soa+
		"example. MX 10 mail.example.\nexample. TXT \"a\" \"b\"\n"+
		"mail.example. A 192.0.2.1\nmail.example. AAAA ::ffff:192.0.2.1\n"+
		"deep.er.example. TXT x\n"+
		"www.example. CNAME mail.example.\n"+
		"far.example. CNAME www.other.\n"+
		"gone.example. CNAME nothing.example.\n"+
		"out.example. CNAME host.elsewhere.\n"+
		"l1.example. CNAME l2.example.\nl2.example. CNAME l1.example.\n"+
		"self.example. CNAME self.example.\n"+
		"sub.example. NS ns.sub.example.\nns.sub.example. A 192.0.2.9\n"+
		"tosub.example. CNAME x.sub.example.\n"+
		"dn.example. DNAME other.\n"+
		"ds.example. DS 1 8 2 00\n"+
		"two.example. TXT \"v=spf1 -all\"\ntwo.example. TXT \"other\"\ntwo.example. TXT other\n"+
		"Upper.Example. TXT Case\n"+
		"www.other. A 192.0.2.2\nother."+soa+
		"a.b.example."+soa+"a.b.example. TXT child\n")
	for _, tt := range []struct {
		name string
		typ  Type
		want string
	}{
		{"example", TypeMX, "10 mail.example."},
		{"example", TypeTXT, `"a" "b"`},
		{"example", TypeA, "no data"},
		{"mail.example", TypeA, "192.0.2.1"},
		{"mail.example", TypeAAAA, "::ffff:192.0.2.1"},
		{"er.example", TypeTXT, "no data"}, // an empty non-terminal exists
		{"x.er.example", TypeTXT, "nxdomain"},
		{"x.deep.er.example", TypeTXT, "nxdomain"},
		{"nope.example", TypeA, "nxdomain"},
		{"www.example", TypeA, "www.example > mail.example | 192.0.2.1"},
		{"www.example", TypeMX, "www.example > mail.example | no data"},
		{"www.example", TypeCNAME, "mail.example."},
		{"far.example", TypeA, "far.example > www.other | 192.0.2.2"},
		{"gone.example", TypeA, "gone.example > nothing.example | nxdomain"},
		{"out.example", TypeA, "error REFUSED"},
		{"out.example", TypeCNAME, "host.elsewhere."},
		{"l1.example", TypeA, "error CNAME loop"},
		{"self.example", TypeA, "error CNAME loop"},
		{"sub.example", TypeA, "error REFUSED"},
		{"sub.example", TypeNS, "error REFUSED"},
		{"ns.sub.example", TypeA, "error REFUSED"}, // glue is not an answer
		{"tosub.example", TypeA, "error REFUSED"},
		{"dn.example", TypeA, "no data"},
		{"x.dn.example", TypeA, "error REFUSED"},
		{"ds.example", TypeTXT, "no data"},           // a type that is not read makes its name exist
		{"ds.example", 43, "error malformed answer"}, // but nobody may take it for absent
		{"mail.example", 43, "no data"},
		{"mail.example", 255, "error malformed answer"},
		{"two.example", TypeTXT, `"other" / "v=spf1 -all"`}, // equal records are one
		{"upper.example", TypeTXT, `"Case"`},
		{"elsewhere", TypeA, "error REFUSED"},
		{".", TypeNS, "error REFUSED"},
		{"a.b.example", TypeTXT, `"child"`},
		{"b.example", TypeTXT, "no data"}, // the zone below hangs from it
		{"x.a.b.example", TypeTXT, "nxdomain"},
	} {
		t.Run(Key{MustName(tt.name), tt.typ}.String(), func(t *testing.T) {
			if got := ask(t, z, MustName(tt.name), tt.typ); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The zone and the questions of RFC 4592 §2.2.1.
func TestZonesWildcardRFC4592(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "$ORIGIN example.\n@"+soa+`
@                3600 NS    ns.example.com.
@                     NS    ns.example.net.
*                3600 TXT   "this is a wildcard"
*                     MX    10 host1.example.
sub.*                 TXT   "this is not a wildcard"
host1                 A     192.0.2.1
_ssh._tcp.host1       SRV   0 0 22 host1.example.
_ssh._tcp.host2       SRV   0 0 22 host2.example.
subdel                NS    ns.example.com.
subdel                NS    ns.example.net.
`)
	for _, tt := range []struct {
		name string
		typ  Type
		want string
	}{
		{"host3.example", TypeMX, "10 host1.example."},
		{"host3.example", TypeA, "no data"},
		{"foo.bar.example", TypeTXT, `"this is a wildcard"`},
		{"host1.example", TypeMX, "no data"},
		{"sub.*.example", TypeMX, "no data"},
		{"_telnet._tcp.host1.example", TypeSRV, "nxdomain"},
		{"host.subdel.example", TypeA, "error REFUSED"},
		{"ghost.*.example", TypeMX, "nxdomain"},
		{"*.example", TypeMX, "10 host1.example."},
		{"host2.example", TypeMX, "no data"}, // an empty non-terminal stops the wildcard
	} {
		t.Run(Key{MustName(tt.name), tt.typ}.String(), func(t *testing.T) {
			if got := ask(t, z, MustName(tt.name), tt.typ); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestZonesWildcardAlias(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "$ORIGIN example.\n@"+soa+"*.w CNAME host\nhost A 192.0.2.1\n*.d NS ns.test.\n*.deep.only TXT x\n*.z"+soa)
	for _, tt := range []struct {
		name string
		typ  Type
		want string
	}{
		{"x.w.example", TypeA, "x.w.example > host.example | 192.0.2.1"},
		{"x.y.w.example", TypeA, "x.y.w.example > host.example | 192.0.2.1"},
		{"x.w.example", TypeCNAME, "host.example."},
		{"w.example", TypeA, "no data"},
		{"x.d.example", TypeA, "error REFUSED"},
		{"x.z.example", TypeA, "error REFUSED"},
		{"y.deep.only.example", TypeTXT, `"x"`},
		{"y.only.example", TypeTXT, "nxdomain"},
	} {
		t.Run(Key{MustName(tt.name), tt.typ}.String(), func(t *testing.T) {
			if got := ask(t, z, MustName(tt.name), tt.typ); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("synthesised records have the name asked for", func(t *testing.T) {
		a, err := z.Lookup(t.Context(), "x.w.example", TypeCNAME)
		if err != nil || a.Records[0].Name != "x.w.example" {
			t.Errorf("got %v, %v", a, err)
		}
	})
}

func TestZonesChainLength(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("example." + soa)
	for i := range 17 {
		fmt.Fprintf(&b, "c%d.example. CNAME c%d.example.\n", i, i+1)
	}
	z := mustZones(t, b.String()+"c17.example. TXT end\n")
	a, err := z.Lookup(t.Context(), "c1.example", TypeTXT)
	if err != nil || len(a.Chain) != 16 || a.Target("c1.example") != "c17.example" {
		t.Errorf("16 links: %v, %v", a, err)
	}
	if got := ask(t, z, "c0.example", TypeTXT); got != "error CNAME loop" {
		t.Errorf("17 links: %s", got)
	}
}

func TestZonesNegative(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "example. 3600"+soa+"example. A 192.0.2.1\na.example. 60"+soa)
	for name, ttl := range map[Name]uint32{"example": 300, "x.example": 300, "x.a.example": 60} {
		a, err := z.Lookup(t.Context(), name, TypeTXT)
		if err != nil || a.Negative == nil || a.Negative.TTL != ttl || a.Server != "zone" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if a, _ := z.Lookup(t.Context(), "example", TypeA); a.Negative != nil {
		t.Error("an answer with records came with a negative SOA")
	}
}

func TestZonesFaults(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "example."+soa+`
;! servfail broken.example TXT
;! timeout slow.example. ANY
   ;! refused Gone.Elsewhere A   
;! malformed bad.example CAA
;! refused slow.example MX
;just a comment, ! no fault
broken.example. TXT x ;! servfail side.example A
broken.example. A 192.0.2.1
alias.example. CNAME broken.example.
text.example. TXT ";! nonsense in a string"
`)
	for _, tt := range []struct {
		name Name
		typ  Type
		want string
	}{
		{"broken.example", TypeTXT, "error SERVFAIL"},
		{"broken.example", TypeA, "192.0.2.1"},
		{"alias.example", TypeTXT, "error SERVFAIL"},
		{"alias.example", TypeA, "alias.example > broken.example | 192.0.2.1"},
		{"slow.example", TypeA, "error timeout"},
		{"slow.example", TypeMX, "error REFUSED"},
		{"gone.elsewhere", TypeA, "error REFUSED"},
		{"bad.example", TypeCAA, "error malformed answer"},
		{"side.example", TypeA, "error SERVFAIL"},
		{"text.example", TypeTXT, `";! nonsense in a string"`},
	} {
		if got := ask(t, z, tt.name, tt.typ); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.name, tt.typ, got, tt.want)
		}
	}
	_, err := z.Lookup(t.Context(), "alias.example", TypeTXT)
	if e := AsError(err); e.Key.Name != "alias.example" || !strings.Contains(e.Detail, "broken.example") {
		t.Errorf("the error is about %v (%s)", e.Key, e.Detail)
	}
}

func TestParseZonesErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for name, tt := range map[string]struct{ text, want string }{
		"string over 255 octets":     {"e." + soa + "\ne. TXT \"" + long + "\"\n", "f:3: character-string of 256 octets, at most 255"},
		"unquoted over 255 octets":   {"e." + soa + "e. TXT " + long, "f:2: character-string of 256 octets"},
		"escapes count once":         {"e." + soa + "e. TXT (\n\"" + strings.Repeat(`\065`, 256) + "\" )", "f:3: character-string of 256 octets"},
		"quote not closed":           {"e." + soa + "e. TXT \"abc\ne. A 192.0.2.1\n", "f:2: quoted string does not end on its line"},
		"quote not closed at end":    {"e. TXT \"abc", "f:1: quoted string"},
		"escape that is no octet":    {"e." + soa + `e. TXT "\256"`, `f:2: e TXT: escape \256 is no octet`},
		"outside every zone":         {"e." + soa + "\n\nf. A 192.0.2.1\n", "f:4: f is in no zone"},
		"above the zone":             {"a.e." + soa + "e. A 192.0.2.1\n", "f:2: e is in no zone"},
		"alias and data":             {"e." + soa + "a.e. CNAME b.e.\na.e. TXT x\n", "f:3: a.e has a CNAME record and can hold no TXT record"},
		"alias at the apex":          {"e." + soa + "e. CNAME b.e.\n", "f:1: e has a CNAME record and can hold no SOA"},
		"two aliases":                {"e." + soa + "a.e. CNAME b.e.\na.e. CNAME c.e.\n", "f:3: a.e has two CNAME records"},
		"two SOA records":            {"e." + soa + "e. SOA a. b. 2 2 2 2 2\n", "f:2: second SOA record of zone e"},
		"no rdata":                   {"e." + soa + "e. TXT\n", "f:2: record without data"},
		"no address":                 {"e." + soa + "e. A\n", "f:2: record without data"},
		"no host":                    {"e." + soa + "e. MX\ne. A 192.0.2.1\n", "f:2: record without data"},
		"bad address":                {"e." + soa + "e. A 1.2.3\n", `f:2: bad A A: "1.2.3"`},
		"bad type":                   {"e." + soa + "e. TEXT x\n", `f:2: `},
		"other class":                {"e." + soa + "e. CH TXT x\n", "f:2: e: class CH, only IN is known"},
		"relative name, no origin":   {"e SOA a. b. 1 1 1 1 1\n", `f:1: bad owner name: "e"`},
		"include":                    {"$INCLUDE /etc/passwd\n", "f:1: $INCLUDE directive not allowed"},
		"error inside a generate":    {"e." + soa + "\n\n$GENERATE 1-3 h$.e. A 300.0.0.$\n", "f:4: bad A A"},
		"generate without end":       {"e." + soa + "$GENERATE 0-9999999 h$.e. A 192.0.2.1\n", "f:2: bad range in $GENERATE"},
		"name too long":              {"e." + soa + strings.Repeat(strings.Repeat("a", 63)+".", 3) + strings.Repeat("a", 61) + ".e. TXT x", "f:2: "},
		"unknown fault":              {"\n;! nxdomain a.e TXT\n", `f:2: fault "nxdomain": expected servfail`},
		"fault without type":         {";! servfail a.e\n", "f:1: \";! servfail a.e\" is no fault"},
		"fault with an unknown type": {";! servfail a.e SPF\n", `f:1: fault: "SPF" is no type that is read`},
		"fault with a bad name":      {";! servfail a..e TXT\n", "f:1: fault: domain name \"a..e\" has an empty label"},
		"fault after a record":       {"e." + soa + "e. TXT x ;!later a TXT\n", `f:2: fault "later"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseZones(tt.text, "f")
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s...", err, tt.want)
			}
		})
	}
	if _, err := ParseZones("x", ""); err == nil || !strings.HasPrefix(err.Error(), "line 1: ") {
		t.Errorf("without a file name: %v", err)
	}
}

func TestParseZonesText(t *testing.T) {
	t.Parallel()
	z := mustZones(t, `$ORIGIN example.
@ SOA ns root 1 7200 3600 1209600 300
  NS ns
$TTL 60
s TXT "" "two" three "\"q\" \\ ; \009 ü"   ; comment "with an open quote
p ( 30 IN TXT ( "a"   ; first (
      "b" ) )
$GENERATE 1-3 h$ 90 A 192.0.2.$
$ORIGIN other.
@ SOA ns root 1 7200 3600 1209600 300
q TXT \# 2 0178
r.Example. CAA 0 issue "a \"\\\000 b"
_25._tcp.m TLSA 3 1 1 ABCDEF
dot\.ted\032x TXT "`+strings.Repeat("y", 255)+`" "`+strings.Repeat("z", 255)+`"`)
	var got []string
	for _, apex := range z.Apexes() {
		for _, r := range z.Records(apex) {
			got = append(got, r.String())
		}
	}
	want := []string{
		"example. 3600 IN SOA ns.example. root.example. 1 7200 3600 1209600 300",
		"example. 3600 IN NS ns.example.",
		`s.example. 60 IN TXT "" "two" "three" "\"q\" \\ ; \009 \195\188"`,
		`p.example. 30 IN TXT "a" "b"`,
		"h1.example. 90 IN A 192.0.2.1", "h2.example. 90 IN A 192.0.2.2", "h3.example. 90 IN A 192.0.2.3",
		`r.example. 60 IN CAA 0 issue "a \"\\\000 b"`,
		"other. 60 IN SOA ns.other. root.other. 1 7200 3600 1209600 300",
		`q.other. 60 IN TXT "x"`,
		"_25._tcp.m.other. 60 IN TLSA 3 1 1 abcdef",
		`dot\.ted\032x.other. 60 IN TXT "` + strings.Repeat("y", 255) + `" "` + strings.Repeat("z", 255) + `"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i, line := range got { // what we print is read again as the same record
		line = strings.Join(got[:1], "") + "\n" + got[8] + "\n" + line
		back, err := ParseZones(line, "")
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		all := slices.Concat(back.Records("example"), back.Records("other"))
		if !slices.ContainsFunc(all, func(r Record) bool { return r.String() == got[i] }) {
			t.Errorf("%s came back as %v", got[i], all)
		}
	}
}

func TestParseZonesAt(t *testing.T) {
	t.Parallel()
	z, err := ParseZonesAt("@"+soa+"www A 192.0.2.1\n", "f", "example.org")
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, z, "www.example.org", TypeA); got != "192.0.2.1" {
		t.Error(got)
	}
}

func TestMergeZones(t *testing.T) {
	t.Parallel()
	a := mustZones(t, "a."+soa+"x.a. CNAME y.b.\n;! timeout z.b A\n")
	b := mustZones(t, "b."+soa+"y.b. A 192.0.2.1\nz.b. A 192.0.2.2\n")
	z, err := MergeZones(a, b, a)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, z, "x.a", TypeA); got != "x.a > y.b | 192.0.2.1" {
		t.Error(got)
	}
	if got := ask(t, z, "z.b", TypeA); got != "error timeout" {
		t.Error(got)
	}
	if got := ask(t, b, "z.b", TypeA); got != "192.0.2.2" {
		t.Error("merging changed its argument:", got)
	}
	if got := z.Apexes(); !slices.Equal(got, []Name{"a", "b"}) {
		t.Error(got)
	}
	other := mustZones(t, "a. SOA x. y. 9 9 9 9 9\n")
	if _, err := MergeZones(a, other); err == nil || err.Error() != "test.zone:1: second SOA record of zone a" {
		t.Error(err)
	}
}

func FuzzParseZones(f *testing.F) {
	f.Add("$ORIGIN e.\n@" + soa + "a TXT \"x\" y\n*.w CNAME a\n;! timeout x TXT\n")
	f.Add("e." + soa + "$GENERATE 1-9 h$.e. A 192.0.2.$\ns.e. NS n.\n")
	f.Add("e." + soa + `e. TXT "\000\"" ( "b" )` + "\nd.e. DNAME x.\n_s.e. SRV 0 0 0 .\n")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToUpper(text), "GENERATE") && len(text) > 500 {
			t.Skip("many large ranges take long and teach nothing")
		}
		z, err := ParseZones(text, "")
		if err != nil {
			return
		}
		var lines []string
		for _, apex := range z.Apexes() {
			for _, r := range z.Records(apex) {
				lines = append(lines, r.String())
				if _, err := z.Lookup(t.Context(), r.Name, r.Data.Type()); err != nil {
					continue // delegated or at fault
				}
				if a, _ := z.Lookup(t.Context(), r.Name, r.Data.Type()); !slices.ContainsFunc(a.Records, func(x Record) bool { return x.Data == r.Data }) {
					t.Errorf("%v is not in the answer %v", r, a)
				}
			}
		}
		back, err := ParseZones(strings.Join(lines, "\n"), "")
		if err != nil {
			t.Fatalf("what was read and printed is refused: %v", err)
		}
		var again []string
		for _, apex := range back.Apexes() {
			for _, r := range back.Records(apex) {
				again = append(again, r.String())
			}
		}
		if !slices.Equal(lines, again) {
			t.Errorf("round trip:\n%q\n%q", lines, again)
		}
	})
}

func BenchmarkParseZones(b *testing.B) {
	var text strings.Builder
	text.WriteString("example." + soa)
	for i := range 1000 {
		fmt.Fprintf(&text, "h%d.example. TXT \"v=spf1 ip4:192.0.2.%d -all\"\n", i, i%256)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := ParseZones(text.String(), ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkZonesLookup(b *testing.B) {
	z := mustZones(b, "example."+soa+"a.example. CNAME b.example.\nb.example. TXT x\n")
	for b.Loop() {
		if _, err := z.Lookup(b.Context(), "a.example", TypeTXT); err != nil {
			b.Fatal(err)
		}
	}
}
