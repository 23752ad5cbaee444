package dmarc

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestParsePolicy(t *testing.T) {
	t.Parallel()
	const rua = "; rua=mailto:a@example.com"
	for _, tt := range []struct {
		text      string
		use       Use
		p, sp, np Policy
		problems  string
	}{
		{"v=DMARC1; p=reject", UsePolicy, Reject, Reject, Reject, ""},
		{"v=DMARC1;p=reject;", UsePolicy, Reject, Reject, Reject, ""},
		{"v = DMARC1 ; p = none ; ", UsePolicy, None, None, None, ""},
		{"V=DMARC1; P=Reject; Sp=NONE", UsePolicy, Reject, None, None, "tag-case tag-case value-case tag-case value-case"},
		{"v=DMARC1; p=reject; sp=quarantine", UsePolicy, Reject, Quarantine, Quarantine, ""},
		{"v=DMARC1; p=none; sp=quarantine; np=reject", UsePolicy, None, Quarantine, Reject, ""},
		{"v=DMARC1; p=quarantine; np=reject", UsePolicy, Quarantine, Quarantine, Reject, ""},
		{"v=DMARC1; sp=none; p=reject", UsePolicy, Reject, None, None, "policy-not-second"},
		// §4.10.1
		{"v=DMARC1", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-missing"},
		{"v=DMARC1" + rua, UseAsNone, None, None, None, "policy-missing"},
		{"v=DMARC1; p=rejct", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-invalid"},
		{"v=DMARC1; p=", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-invalid"},
		{"v=DMARC1; p=rejct" + rua, UseAsNone, None, None, None, "policy-invalid"},
		{"v=DMARC1; p=reject; sp=bogus" + rua, UseAsNone, None, None, None, "policy-invalid"},
		{"v=DMARC1; p=reject; np=bogus", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-invalid"},
		{"v=DMARC1; p=reject; np=bogus; rua=a@example.com", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-invalid uri-no-scheme"},
		{"v=DMARC1; p=bogus; rua=a@example.com, mailto:a@example.com", UseAsNone, None, None, None, "policy-invalid uri-no-scheme"},
		{"v=DMARC1; p=rej\u0435ct", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-invalid bad-character"},
		// §4.8: the first of duplicates counts
		{"v=DMARC1; p=none; p=reject", UsePolicy, None, None, None, "duplicate-tag"},
		{"v=DMARC1; p=reject; v=DMARC1", UsePolicy, Reject, Reject, Reject, "duplicate-tag"},
		// Not DMARC
		{"v=dmarc1; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong"},
		{"v=DMARC10; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong"},
		{"v=DMARC2; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong"},
		{"p=reject; v=DMARC1", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-not-first"},
		{"; v=DMARC1; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "empty-tag version-not-first"},
		{"p=reject" + rua, UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-missing"},
		{" v=DMARC1; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "leading-space"},
		{"\ufeffv=DMARC1; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "leading-space bad-character unknown-tag"},
		{"v=DMARC1 p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong missing-semicolon"},
		{`v=DMARC1\; p=reject`, UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong quotes"},
		{`"v=DMARC1; p=reject"`, UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-missing quotes unknown-tag"},
		{"v=DMARC1;\np=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "policy-missing bad-character unknown-tag"},
		{"v=DMARC1\n; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-wrong bad-character"},
		{"DMARC1; p=reject", UseNothing, NoPolicy, NoPolicy, NoPolicy, "version-missing junk"},
		{"v=spf1 -all", UseNothing, NoPolicy, NoPolicy, NoPolicy, "not-dmarc"},
		{"dmarc-1234=verification", UseNothing, NoPolicy, NoPolicy, NoPolicy, "not-dmarc"},
		{"", UseNothing, NoPolicy, NoPolicy, NoPolicy, "not-dmarc"},
	} {
		r := Parse(tt.text)
		if r.Use != tt.use || r.P != tt.p || r.SP != tt.sp || r.NP != tt.np || kinds(r) != tt.problems {
			t.Errorf("Parse(%q) = %s, p %s, sp %s, np %s, problems %q; want %s, %s, %s, %s, %q",
				tt.text, r.Use, r.P, r.SP, r.NP, kinds(r), tt.use, tt.p, tt.sp, tt.np, tt.problems)
		}
	}
}

func TestParseValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ tags, want, problems string }{
		{"", "r r u false 0 100", ""},
		{"adkim=s; aspf=s", "s s u false 0 100", ""},
		{"adkim=x; aspf=strict", "r r u false 0 100", "invalid-value invalid-value"},
		{"adkim=S", "s r u false 0 100", "value-case"},
		{"adkim=; t=", "r r u false 0 100", "invalid-value invalid-value"},
		{"psd=y", "r r y false 0 100", ""},
		{"psd=n; t=y", "r r n true 0 100", ""},
		{"psd=u; t=n", "r r u false 0 100", ""},
		{"t=yes", "r r u false 0 100", "invalid-value"},
		{"fo=1:d:s; ruf=mailto:a@example.com", "r r u false 1:d:s 100", ""},
		{"fo=d; ruf=mailto:a@example.com", "r r u false d 100", ""},
		{"fo=1", "r r u false 1 100", "no-effect"},
		{"fo=0:1; ruf=mailto:a@example.com", "r r u false 0 100", "invalid-value"},
		{"fo=1:1; ruf=mailto:a@example.com", "r r u false 0 100", "invalid-value"},
		{"fo=x; ruf=mailto:a@example.com", "r r u false 0 100", "invalid-value"},
		{"ruf=mailto:a@example.com; psd=y", "r r y false 0 100", "no-effect"},
		{"pct=100", "r r u false 0 100", "removed-tag"},
		{"pct=0; rf=afrf; ri=86400", "r r u false 0 0", "removed-tag removed-tag removed-tag"},
		{"pct=101", "r r u false 0 100", "removed-tag"},
		{"pct=-1", "r r u false 0 100", "removed-tag"},
		{"pct=+5", "r r u false 0 100", "removed-tag"},
		{"pct=", "r r u false 0 100", "removed-tag"},
		{"foo=bar; x", "r r u false 0 100", "unknown-tag junk"},
		{"; ;", "r r u false 0 100", "empty-tag empty-tag"},
		{"aspf=\u017f", "r r u false 0 100", "bad-character invalid-value"}, // a letter that folds to s
	} {
		r := Parse("v=DMARC1; p=none; " + tt.tags)
		got := fmt.Sprintf("%s %s %s %v %s %d", r.ADKIM, r.ASPF, r.PSD, r.T, r.FO, r.PCT)
		if got != tt.want || kinds(r) != tt.problems {
			t.Errorf("%q gives %q, problems %q; want %q, %q", tt.tags, got, kinds(r), tt.want, tt.problems)
		}
	}
}

func TestParseURIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rua, want, problems string }{
		{"mailto:a@example.com", "a@example.com@example.com", ""},
		{"mailto:a@example.com , mailto:b%21c@Example.NET", "a@example.com@example.com b!c@Example.NET@example.net", ""},
		{"MAILTO:a@example.com?subject=x", "a@example.com@example.com", ""},
		{"mailto:a@example.com!10m", "a@example.com@example.com", "uri-size"},
		{"mailto:a@example.com!10x", "-", "uri-invalid"},
		{"mailto:a!b@example.com", "-", "uri-invalid"},
		{"a@example.com", "-", "uri-no-scheme"},
		{"mailto:a@example.com,b@example.com", "a@example.com@example.com -", "uri-no-scheme"},
		{"mailto:a@example.com,", "a@example.com@example.com", "uri-invalid"},
		{"mailto:", "-", "uri-invalid"},
		{"mailto:example.com", "-", "uri-invalid"},
		{"mailto: a@example.com", "-", "uri-invalid"},
		{"mailto://a@example.com", "-", "uri-invalid"},
		{"mailto:a@example.com mailto:b@example.com", "-", "uri-invalid"},
		{"mailto:a@b@example.com", "-", "uri-invalid"},
		{"mailto:a%0a@example.com", "-", "uri-invalid"},
		{"mailto:a@ex%61mple.com", "-", "uri-invalid"},
		{"mailto:ä@example.com", "-", "bad-character uri-invalid"},
		{"mailto:<a@example.com>", "-", "uri-invalid"},
		{"none", "-", "uri-invalid"},
		{"https://example.com/dmarc", "@example.com", "uri-not-mailto"},
		{"http:", "-", "uri-invalid"},
		{"malto:a@example.com", "@", "uri-not-mailto"},
		{"", "", "invalid-value"},
	} {
		r := Parse("v=DMARC1; p=none; rua=" + tt.rua)
		var got []string
		for _, u := range r.RUA {
			if u.Valid {
				got = append(got, u.Address+"@"+string(u.Host))
			} else {
				got = append(got, "-")
			}
			if r.Text()[u.Span.Start:u.Span.End] != u.Text {
				t.Errorf("%q: span of %q is wrong", tt.rua, u.Text)
			}
		}
		ks := strings.Fields(kinds(r))
		slices.Sort(ks)
		if g := strings.Join(got, " "); g != tt.want || strings.Join(ks, " ") != tt.problems {
			t.Errorf("rua=%q gives %q, problems %q; want %q, %q", tt.rua, g, ks, tt.want, tt.problems)
		}
	}
}

// TestMissingSemicolonOfMicrosoft reads the record as Microsoft's own page has
// printed it. Nothing of its policy is left: p is invalid and there is no rua.
func TestMissingSemicolonOfMicrosoft(t *testing.T) {
	t.Parallel()
	const text = "v=DMARC1; p=reject rua=mailto:d@contoso.com"
	r := Parse(text)
	if !r.DMARC || r.Use != UseNothing || kinds(r) != "policy-invalid missing-semicolon" {
		t.Fatalf("use %s, problems %q", r.Use, kinds(r))
	}
	at := r.Problems[1].Span
	if got := text[at.Start:at.End]; got != " rua" {
		t.Errorf("the semicolon is missed at %q, want %q", got, " rua")
	}
	for _, other := range []string{
		"v=DMARC1; p=reject, rua=mailto:d@contoso.com",
		"v=DMARC1; p=reject; rua=mailto:d@contoso.com ruf=mailto:d@contoso.com",
		"v=DMARC1; p=reject; rua=mailto:d@contoso.com,fo = 1",
		"v=DMARC1; p=reject; adkim=s pct=50",
	} {
		if r := Parse(other); !strings.Contains(kinds(r), "missing-semicolon") {
			t.Errorf("%q: problems %q", other, kinds(r))
		}
	}
	if r := Parse("v=DMARC1; p=reject; rua=mailto:d@contoso.com?subject=p=1"); kinds(r) != "" {
		t.Errorf("problems %q", kinds(r))
	}
}

func TestPolicyIsNotASubstring(t *testing.T) {
	t.Parallel()
	if r := Parse("v=DMARC1; p=none; sp=reject;"); r.P != None || r.SP != Reject {
		t.Errorf("p %s, sp %s", r.P, r.SP)
	}
	if r := Parse("v=DMARC1; p=reject"); r.P != Reject {
		t.Errorf("p %s", r.P)
	}
	if r := Parse("v=DMARC1; fop=reject; p=none"); r.P != None {
		t.Errorf("p %s", r.P)
	}
}

func TestTagOrder(t *testing.T) {
	t.Parallel()
	r := Parse("v=DMARC1; rua=mailto:a@example.com; sp=none; p=reject")
	if r.Use != UsePolicy || r.P != Reject || r.SP != None || kinds(r) != "policy-not-second" {
		t.Errorf("use %s, p %s, sp %s, problems %q", r.Use, r.P, r.SP, kinds(r))
	}
}

func TestNearSpelling(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"rau": "rua", "ruaa": "rua", "adkm": "adkim", "dkim": "adkim", "spf": "aspf", "ps": "sp", "pc": "pct",
		"policy": "", "x": "", "q": "", "foo": "", "verylongnameofatagthatmeansnothing": "",
	} {
		if got := near(name, slices.Concat(known, removed)); got != want {
			t.Errorf("near(%q) = %q, want %q", name, got, want)
		}
	}
	r := Parse("v=DMARC1; p=qurantine")
	if !strings.Contains(r.Problems[0].Message, `"quarantine" was probably meant`) {
		t.Errorf("%+v", r.Problems)
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, tt := range [][2]string{
		{"V = DMARC1 ;P=reject ; ; junk;rua = mailto:a@example.com;", "v=DMARC1; p=reject; rua=mailto:a@example.com"},
		{"v=DMARC1; p=none; foo=Bar", "v=DMARC1; p=none; foo=Bar"},
		{"v=spf1 -all", "v=spf1 -all"},
	} {
		if got := Parse(tt[0]).String(); got != tt[1] {
			t.Errorf("%q becomes %q, want %q", tt[0], got, tt[1])
		}
	}
}

func TestHostileRecordIsBounded(t *testing.T) {
	t.Parallel()
	for _, s := range []string{";", "p=x;", "rua=a@b,", "v=DMARC1;x y=", "\"", " rua="} {
		r := Parse("v=DMARC1; " + strings.Repeat(s, 1<<16/len(s)))
		if len(r.Problems) > maxProblems {
			t.Errorf("%q: %d problems", s, len(r.Problems))
		}
	}
}

// checkRecord holds what is true of every text.
func checkRecord(t *testing.T, text string) Record {
	t.Helper()
	r := Parse(text)
	if r.Text() != text {
		t.Fatalf("%q became %q", text, r.Text())
	}
	inside := func(what string, s Span) {
		if s.Start < 0 || s.End < s.Start || s.End > len(text) {
			t.Fatalf("%q: span of %s is %v", text, what, s)
		}
	}
	last := 0
	for _, tag := range r.Tags {
		inside("name", tag.NameSpan)
		inside("value", tag.ValueSpan)
		if text[tag.NameSpan.Start:tag.NameSpan.End] != tag.Name || text[tag.ValueSpan.Start:tag.ValueSpan.End] != tag.Value {
			t.Fatalf("%q: spans of %+v", text, tag)
		}
		if tag.NameSpan.Start < last || tag.ValueSpan.Start < tag.NameSpan.End {
			t.Fatalf("%q: tags are not in order: %+v", text, tag)
		}
		last = tag.ValueSpan.End
	}
	last = 0
	for _, p := range r.Problems {
		inside(string(p.Kind), p.Span)
		if p.Span.Start < last || p.Message == "" {
			t.Fatalf("%q: problem %+v", text, p)
		}
		last = p.Span.Start
	}
	for _, u := range slices.Concat(r.RUA, r.RUF) {
		inside("URI", u.Span)
		if text[u.Span.Start:u.Span.End] != u.Text || u.Valid && u.Scheme == "mailto" && u.Host == "" {
			t.Fatalf("%q: URI %+v", text, u)
		}
	}
	if r.DMARC != IsDMARC(text) || r.DMARC && LooksLikeDMARC(text) || !r.DMARC && len(r.Problems) == 0 {
		t.Fatalf("%q: DMARC %v, problems %v", text, r.DMARC, r.Problems)
	}
	if (r.Use == UseNothing) != (r.P == NoPolicy) || !r.DMARC && r.Use != UseNothing {
		t.Fatalf("%q: use %s, p %s", text, r.Use, r.P)
	}
	again := Parse(r.String())
	if again.Use != r.Use || again.P != r.P || again.SP != r.SP || again.NP != r.NP || again.String() != r.String() {
		t.Fatalf("%q: the canonical form %q means something else", text, r.String())
	}
	return r
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"v=DMARC1; p=reject", "v = DMARC1 ; p = none; rua = mailto:a@example.com , mailto:b@example.net!10m;; x; =;",
		"v=DMARC1; p=reject rua=mailto:a@example.com", " v=DMARC1;p=none", "p=reject; v=DMARC1", "v=DMARC1; p=none; p=reject; RUA=https://x/",
		"v=DMARC1;p=none;fo=1:d:s;pct=50;adkim=s;aspf=x;psd=y;t=y;np=reject;sp=quarantine;ruf=mailto:%41@b.c", "\ufeffv=DMARC1\\;", "v=dmarc1",
		"\"v=DMARC1\" \"; p=none\"", "=;=,=:v=DMARC1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkRecord(t, text) })
}

// TestPublishedRecords reads the records that real domains published at _dmarc
// names, foreign ones included.
func TestPublishedRecords(t *testing.T) {
	file, err := os.Open("../../shared/corpora/records/dmarc.tsv.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("corpora are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")
	found, uses := map[string]int{}, map[Use]int{}
	records, dmarc, meant := 0, 0, 0
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(lines.Text(), "#") || len(fields) < 2 {
			continue
		}
		r := checkRecord(t, unescape.Replace(fields[1]))
		records++
		if r.DMARC {
			dmarc++
			uses[r.Use]++
		} else if LooksLikeDMARC(r.Text()) {
			meant++
		}
		once := map[Kind]bool{}
		for _, p := range r.Problems {
			once[p.Kind] = true
		}
		for k := range once {
			found[string(k)]++
		}
	}
	if err := lines.Err(); err != nil || records == 0 {
		t.Fatal(records, err)
	}
	t.Logf("%d texts: %d DMARC records (%d as published, %d as p=none, %d no DMARC), %d meant as DMARC, %d foreign",
		records, dmarc, uses[UsePolicy], uses[UseAsNone], uses[UseNothing], meant, records-dmarc-meant)
	for _, k := range slices.Sorted(maps.Keys(found)) {
		t.Logf("%5d texts with %s", found[k], k)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("v=DMARC1; p=reject; sp=reject; fo=1; adkim=s; aspf=r; rua=mailto:american@rua.agari.com,mailto:dmarc@aa.com; ruf=mailto:dmarc@aa.com")
	}
}
