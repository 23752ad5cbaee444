package dmarc

import (
	"bufio"
	"compress/gzip"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

func TestWith(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, tag, value, want string }{
		{"in place", "v=DMARC1;p = none ; rua=mailto:a@x.example", "p", "reject", "v=DMARC1;p = reject ; rua=mailto:a@x.example"},
		{"p behind v", "v=DMARC1; rua=mailto:a@x.example", "p", "none", "v=DMARC1; p=none; rua=mailto:a@x.example"},
		{"p behind a bare v", "v=DMARC1", "p", "none", "v=DMARC1; p=none"},
		{"semicolon at the end", "v=DMARC1;", "p", "none", "v=DMARC1; p=none;"},
		{"sp behind p", "v=DMARC1; p=none; fo=1", "sp", "none", "v=DMARC1; p=none; sp=none; fo=1"},
		{"np behind sp", "v=DMARC1; p=none; sp=none;", "np", "reject", "v=DMARC1; p=none; sp=none; np=reject;"},
		{"np behind p", "v=DMARC1; fo=1; p=none", "np", "reject", "v=DMARC1; fo=1; p=none; np=reject"},
		{"sp without p", "v=DMARC1; rua=mailto:a@x.example", "sp", "none", "v=DMARC1; sp=none; rua=mailto:a@x.example"},
		{"at the end", "v=DMARC1; p=none", "adkim", "s", "v=DMARC1; p=none; adkim=s"},
		{"at the end, before the semicolon", "v=DMARC1; p=none; ", "adkim", "s", "v=DMARC1; p=none; adkim=s; "},
		{"behind two semicolons", "v=DMARC1; p=none;;", "adkim", "s", "v=DMARC1; p=none; adkim=s;;"},
		{"of two the first", "v=DMARC1; p=none; x=1; p=reject; y=2", "p", "quarantine", "v=DMARC1; p=quarantine; x=1; y=2"},
		{"of two at the end", "v=DMARC1; p=none; P=reject", "p", "quarantine", "v=DMARC1; p=quarantine"},
		{"any case", "v=DMARC1; P=none", "p", "reject", "v=DMARC1; P=reject"},
		{"empty value", "v=DMARC1; p= ; x=1", "p", "reject", "v=DMARC1; p=reject ; x=1"},
		{"no record", "v=DMARC2; p=none", "p", "reject", "v=DMARC2; p=none"},
		{"version", "v=DMARC1; p=none", "v", "DMARC2", "v=DMARC1; p=none"},
		{"no tag name", "v=DMARC1; p=none", "a=b;c", "d", "v=DMARC1; p=none"},
		{"value with a semicolon", "v=DMARC1; p=none", "p", "reject; sp=none", "v=DMARC1; p=none"},
		{"value with a blank at the end", "v=DMARC1; p=none", "p", "reject ", "v=DMARC1; p=none"},
		{"value that is not ASCII", "v=DMARC1; p=none", "x", "é", "v=DMARC1; p=none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Parse(c.text).With(c.tag, c.value).Text(); got != c.want {
				t.Errorf("With(%q, %q) of %q is\n%q, want\n%q", c.tag, c.value, c.text, got, c.want)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, tags, want string }{
		{"v=DMARC1; p=none; pct=100; rua=mailto:a@x.example", "pct", "v=DMARC1; p=none; rua=mailto:a@x.example"},
		{"v=DMARC1; p=none; pct=100", "pct", "v=DMARC1; p=none"},
		{"v=DMARC1; p=none; pct=100;", "pct", "v=DMARC1; p=none;"},
		{"v=DMARC1; p=none; pct=100; ", "pct", "v=DMARC1; p=none; "},
		{"v=DMARC1;p=none;rf=afrf;x=1;ri=86400", "rf ri", "v=DMARC1;p=none;x=1"},
		{"v=DMARC1; PCT=5; p=none; pct=100", "pct", "v=DMARC1; p=none"},
		{"v=DMARC1; rf=afrf; ri=1", "rf ri", "v=DMARC1"},
		{"v=DMARC1; p=none", "v sp", "v=DMARC1; p=none"},
		{"v=DMARC1; p=none; v=DMARC1", "v", "v=DMARC1; p=none"},
		{"pct=1; p=none", "pct", "pct=1; p=none"},
	} {
		if got := Parse(c.text).Without(strings.Fields(c.tags)...).Text(); got != c.want {
			t.Errorf("%q without %s is %q, want %q", c.text, c.tags, got, c.want)
		}
	}
}

func TestWithURI(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, uri, want string }{
		{"first", "v=DMARC1; p=none;", "mailto:a@x.example", "v=DMARC1; p=none; rua=mailto:a@x.example;"},
		{"beside others", "v=DMARC1; rua = mailto:a@x.example ; p=none", "mailto:b@x.example", "v=DMARC1; rua = mailto:a@x.example,mailto:b@x.example ; p=none"},
		{"there", "v=DMARC1; rua=mailto:a@x.example", "mailto:a@x.example", "v=DMARC1; rua=mailto:a@x.example"},
		{"there in another form", "v=DMARC1; rua=MAILTO:a@X.example!10m", "mailto:a@x.example", "v=DMARC1; rua=MAILTO:a@X.example!10m"},
		{"another local part", "v=DMARC1; rua=mailto:A@x.example", "mailto:a@x.example", "v=DMARC1; rua=mailto:A@x.example,mailto:a@x.example"},
		{"there, but not valid", "v=DMARC1; rua=a@x.example", "mailto:a@x.example", "v=DMARC1; rua=a@x.example,mailto:a@x.example"},
		{"empty value", "v=DMARC1; rua=; p=none", "mailto:a@x.example", "v=DMARC1; rua=mailto:a@x.example; p=none"},
		{"comma at the end", "v=DMARC1; rua=mailto:a@x.example, ; p=none", "mailto:b@x.example", "v=DMARC1; rua=mailto:a@x.example,mailto:b@x.example ; p=none"},
		{"to be encoded", "v=DMARC1; p=none", "mailto:a,b!@x.example", "v=DMARC1; p=none; rua=mailto:a%2Cb%21@x.example"},
		{"no URI", "v=DMARC1; p=none", "a@x.example", "v=DMARC1; p=none"},
		{"two tags", "v=DMARC1; p=none", "mailto:a@x.example; p=reject", "v=DMARC1; p=none"},
		{"no record", "p=none", "mailto:a@x.example", "p=none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Parse(c.text).WithURI("rua", c.uri).Text(); got != c.want {
				t.Errorf("%q with %q is\n%q, want\n%q", c.text, c.uri, got, c.want)
			}
		})
	}
	rec := Parse("v=DMARC1; p=none; ruf=mailto:a@x.example").WithURI("ruf", "https://x.example/report")
	if want := "v=DMARC1; p=none; ruf=mailto:a@x.example,https://x.example/report"; rec.Text() != want {
		t.Errorf("ruf: %q, want %q", rec.Text(), want)
	}
	if got := rec.WithURI("fo", "mailto:a@x.example"); got.Text() != rec.Text() {
		t.Errorf("fo is no list of URIs, but became one: %q", got.Text())
	}
}

// pairs lists the tags of a record, first occurrences only.
func pairs(r Record) map[string]string {
	m := map[string]string{}
	for _, t := range r.Tags {
		if _, ok := m[lower(t.Name)]; !ok {
			m[lower(t.Name)] = t.Value
		}
	}
	return m
}

// edits holds what every record and edit must keep to.
func edits(t interface {
	Helper()
	Errorf(string, ...any)
}, text, tag, value string) {
	t.Helper()
	rec := Parse(text)
	want := pairs(rec)
	with := rec.With(tag, value)
	if rec.DMARC && isTagName(tag) && lower(tag) != "v" && isTagValue(value) {
		want[lower(tag)] = value
	}
	if got := pairs(with); !equalPairs(got, want) {
		t.Errorf("%q with %s=%s is %q", text, tag, value, with.Text())
	}
	if again := with.With(tag, value); again.Text() != with.Text() {
		t.Errorf("%q changed to %q when the same was set again", with.Text(), again.Text())
	}
	without := with.Without(tag)
	delete(want, lower(tag))
	if lower(tag) == "v" || !rec.DMARC {
		want = pairs(rec)
	}
	if got := pairs(without); !equalPairs(got, want) {
		t.Errorf("%q without %s is %q", with.Text(), tag, without.Text())
	}
	if _, had := rec.Tag(lower(tag)); !had && without.Text() != text {
		t.Errorf("%q with %s=%s and without it is %q", text, tag, value, without.Text())
	}
}

func equalPairs(a, b map[string]string) bool {
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return len(a) == len(b)
}

func FuzzEdit(f *testing.F) {
	for _, text := range []string{"v=DMARC1", "v=DMARC1;", " v=DMARC1; p=none", "v=DMARC1 ; =x; p= ;;p=a; ", "v=DMARC1;p=none;v=DMARC1;=;x"} {
		f.Add(text, "p", "reject")
		f.Add(text, "X", "a=b")
	}
	f.Fuzz(func(t *testing.T, text, tag, value string) {
		if len(text) < 2000 {
			edits(t, text, tag, value)
		}
	})
}

// corpus returns real DMARC texts, or skips the test.
func corpus(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("../../shared/corpora/records/dmarc.tsv.gz")
	if err != nil {
		t.Skip("no corpus")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for lines := bufio.NewScanner(z); lines.Scan(); {
		if fields := strings.Split(lines.Text(), "\t"); len(fields) > 1 && fields[0][0] != '#' {
			texts = append(texts, fields[1])
		}
	}
	if len(texts) < 1000 {
		t.Fatalf("the corpus has only %d texts", len(texts))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func TestEditCorpus(t *testing.T) {
	t.Parallel()
	for _, text := range corpus(t) {
		for _, tag := range []string{"p", "sp", "np", "pct", "rua", "xyz"} {
			edits(t, text, tag, "reject")
		}
	}
}

func TestEditProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "v=DMARC1" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{";", " ", "p=none", "; sp=none", "; X=1", "=", "rua=mailto:a@b.example", "\t"}), 0, 8).Draw(t, "parts"), "")
		edits(t, text, rapid.SampledFrom([]string{"p", "sp", "np", "x", "rua", "V"}).Draw(t, "tag"), rapid.StringMatching(`[a-z =:;]{0,6}`).Draw(t, "value"))
	})
}

func TestAuthorisationName(t *testing.T) {
	t.Parallel()
	name, err := AuthorisationName("example.com", "reports.example.net")
	if want := dns.Name("example.com._report._dmarc.reports.example.net"); name != want || err != nil {
		t.Errorf("got %q, %v, want %q", name, err, want)
	}
	long := dns.MustName(strings.Repeat(strings.Repeat("a", 40)+".", 5) + "example")
	if name, err := AuthorisationName(long, long); err == nil {
		t.Errorf("a name of more than 255 octets was made: %q", name)
	}
	if !IsDMARC(AuthorisationRecord) {
		t.Errorf("%q is no agreement", AuthorisationRecord)
	}
}
