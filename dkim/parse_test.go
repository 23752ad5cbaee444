package dkim

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// key1024 is a real RSA key of 1024 bits, which every usable record below gets a
// note about.
const key1024 = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

func codes(problems []Problem) string {
	var list []string
	for _, p := range problems {
		list = append(list, string(p.Code))
	}
	return strings.Join(list, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, codes string
		usable            bool
	}{
		{"the usual form", "v=DKIM1; k=rsa; p=" + key1024, "key-short", true},
		{"without v= and k=", "p=" + key1024, "key-short", true},
		{"without v=, as Mailjet and Postmark write it", "k=rsa; p=" + key1024 + ";", "key-short", true},
		{"no white space at all", "v=DKIM1;k=rsa;p=" + key1024, "key-short", true},
		{"final semicolon and blank", "v=DKIM1; p=" + key1024 + " ; ", "key-short", true},
		{"unknown tags", "v=DKIM1; x1 = extra ; p=" + key1024 + "; zz=a=b", "key-short", true},
		{"a note", `v=DKIM1; n="quoted"=20note; p=` + key1024, "key-short", true},
		{"v not first", "k=rsa; v=DKIM1; p=" + key1024, "version-not-first key-short", false},
		{"v of another version", "v=DKIM2; p=" + key1024, "version key-short", false},
		{"v in small letters", "v=dkim1; p=" + key1024, "version key-short", false},
		{"v DKIM1.0, which is not DKIM1 (RFC 6376 §3.6.1)", "v=DKIM1.0; p=" + key1024, "version key-short", false},
		{"v doubled", "v=DKIM1; v=DKIM1; p=" + key1024, "duplicate-tag key-short", false},
		{"p doubled", "v=DKIM1; p=" + key1024 + "; p=", "key-short duplicate-tag", false},
		{"tag names are case-sensitive (§3.2)", "v=DKIM1; P=" + key1024, "key-missing", false},
		{"p missing", "v=DKIM1; k=rsa", "key-missing", false},
		{"v alone", "v=DKIM1", "key-missing", false},
		{"revoked", "v=DKIM1; p=", "key-revoked", false},
		{"revoked without v", "p=;", "key-revoked", false},
		{"revoked with blanks", "v=DKIM1; k=rsa; p= \t; t=s", "key-revoked strict", false},
		{"empty tag", "v=DKIM1;; p=" + key1024, "empty-tag key-short", true},
		{"a word alone", "v=DKIM1; k=rsa; t; p=" + key1024, "syntax key-short", false},
		{"a colon for an equals sign", "v=DKIM1; k:rsa; p=" + key1024, "syntax key-short", false},
		{"an invisible character before v", "\u200bv=DKIM1; p=" + key1024, "syntax key-short", false},
		{"a no-break space inside p", "v=DKIM1; p=" + key1024[:9] + "\u00a0" + key1024[9:], "base64", false},
		{"a hyphen in a name", "v=DKIM1; a-b=c; p=" + key1024, "syntax key-short", false},
		{"h with sha256", "v=DKIM1; h=sha1:sha256; p=" + key1024, "key-short", true},
		{"h with blanks", "v=DKIM1; h = sha1 : sha256 ; p=" + key1024, "key-short", true},
		{"h of sha1 alone", "v=DKIM1; h=sha1; p=" + key1024, "hash key-short", false},
		{"h empty", "v=DKIM1; h=; p=" + key1024, "hash key-short", false},
		{"h in capitals", "v=DKIM1; h=SHA256; p=" + key1024, "letter-case key-short", true},
		{"s star", "v=DKIM1; s=*; p=" + key1024, "key-short", true},
		{"s email and more", "v=DKIM1; s=tlsrpt:email; p=" + key1024, "key-short", true},
		{"s without mail", "v=DKIM1; s=tlsrpt; p=" + key1024, "service key-short", false},
		{"testing", "v=DKIM1; t=y; p=" + key1024, "testing key-short", true},
		{"strict", "v=DKIM1; t=s; p=" + key1024, "strict key-short", true},
		{"both flags", "v=DKIM1; t=s:y; p=" + key1024, "testing strict key-short", true},
		{"unknown flag", "v=DKIM1; t=x; p=" + key1024, "key-short", true},
		{"g of RFC 4871", "v=DKIM1; g=*; p=" + key1024, "granularity key-short", true},
		{"backslashes of a panel", `v=DKIM1\; k=rsa\; p=` + key1024, "quotes", false},
		{"in quotation marks", `"v=DKIM1; k=rsa; p=` + key1024 + `"`, "quotes", false},
		{"joined marks in the key", `v=DKIM1; k=rsa; p=` + key1024[:99] + `""` + key1024[99:], "quotes", false},
		{"empty", "", "not-a-key", false},
		{"blank", " ", "not-a-key", false},
		{"SPF of a wildcard", "v=spf1 include:spf.protection.outlook.com -all", "not-a-key", false},
		{"DMARC of a wildcard, which has a p= too", "v=DMARC1; p=reject", "not-a-key", false},
		{"a target", "selector1-contoso-com._domainkey.contoso.onmicrosoft.com", "not-a-key", false},
		{"base64 alone", key1024, "not-a-key", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := Parse(tc.text)
			if got := codes(r.Problems()); got != tc.codes || r.Usable() != tc.usable {
				t.Errorf("got %q, usable %v; want %q, %v\n%+v", got, r.Usable(), tc.codes, tc.usable, r.Problems())
			}
			checkSpans(t, r)
		})
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{
		"p=":          {false, false},
		"p=; t=y":     {true, false},
		"p=; t= s : ": {false, true},
		"p=; t=Y:s":   {true, true},
		"p=; t=yes":   {false, false},
	} {
		if r := Parse(text); r.Testing() != want[0] || r.Strict() != want[1] {
			t.Errorf("%q: testing %v, strict %v", text, r.Testing(), r.Strict())
		}
	}
}

// A revoked key and a record that verifiers cannot read are two things.
func TestRevoked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"v=DKIM1; p=":           true,
		"v=DKIM1; k=foo; p=":    true,
		"v=DKIM3; p=":           false,
		"v=DKIM1; p=; p=":       false,
		"v=DKIM1; t; p=":        false,
		"v=DKIM1; p=" + key1024: false,
	} {
		if got := Parse(text).Revoked(); got != want {
			t.Errorf("%q: revoked %v", text, got)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	if got := Parse(" v = DKIM1;; n=a  note ;p= QU JD\t; ").String(); got != "v=DKIM1; n=a  note; p=QUJD" {
		t.Errorf("got %q", got)
	}
}

// checkSpans asserts what holds for every record: the text comes back, tags and
// problems point into it, and a fatal problem or a missing key forbids use.
func checkSpans(t *testing.T, r Record) {
	t.Helper()
	end := 0
	for _, tag := range r.Tags() {
		if tag.NameSpan.Start < end || r.text[tag.NameSpan.Start:tag.NameSpan.End] != tag.Name ||
			tag.ValueSpan.Start < tag.NameSpan.End || r.text[tag.ValueSpan.Start:tag.ValueSpan.End] != tag.Value {
			t.Errorf("tag %+v does not lie where it says", tag)
		}
		end = tag.ValueSpan.End
	}
	fatal := r.KeyBits() == 0
	for _, p := range r.Problems() {
		if p.Span.Start < 0 || p.Span.End < p.Span.Start || p.Span.End > len(r.text) || p.Message == "" {
			t.Errorf("problem %+v is outside the text", p)
		}
		if utf8.ValidString(r.text) && !utf8.ValidString(p.Message) {
			t.Errorf("message %q is not text", p.Message)
		}
		fatal = fatal || p.Fatal
	}
	if r.Usable() == fatal {
		t.Errorf("usable %v with %d bits and %q", r.Usable(), r.KeyBits(), codes(r.Problems()))
	}
	if !slices.IsSortedFunc(r.Problems(), func(a, b Problem) int { return a.Span.Start - b.Span.Start }) {
		t.Errorf("problems out of order: %+v", r.Problems())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", ";", "=", "v=DKIM1; k=rsa; p=" + key1024, "v=DKIM1; h=sha1:; s=::; t=y:s; p=", `"v=DKIM1\; p=`,
		"k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "p=MIIB", "p=MIIBIjANBgkqhkiG9w0BAQ=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Parse(s)
		if r.Text() != s {
			t.Fatalf("%q came back as %q", s, r.Text())
		}
		checkSpans(t, r)
		// The canonical form says the same; only empty tags and blanks go.
		again := Parse(r.String())
		if r.Usable() && (!again.Usable() || again.KeyBits() != r.KeyBits() || again.KeyType() != r.KeyType()) {
			t.Errorf("%q is usable, its canonical form %q is not the same", s, r.String())
		}
		if again.String() != r.String() {
			t.Errorf("canonical form %q of %q is not stable: %q", r.String(), s, again.String())
		}
	})
}
