package inventory

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// planned is a file with what plans ask for, as people write it.
const planned = `version: 1
domains: # both
  - name: a.example # first
    spf: {all: keep}     # keep, softfail or fail
  - name: b.example
    spf: # its terms
      # the newsletter
      flattened: # as agreed
        - term: "include:spf.b.example" # quoted
          date: '2026-01-02' # old
          addresses: # all of them
            - 192.0.2.1 # first
            - 198.51.100.0/24 # second
          # the end of the entry
    # the end of b
  - {name: c.example, parked: unknown} # third
  - name: d.example

# what I said yes to
accepted: # by ID
  - id: spf-drop/b.example/mx # the old one
    date: 2026-01-02
    # until spring
# the end
`

// many returns networks that cannot be joined.
func many(n int) []netip.Prefix {
	list := make([]netip.Prefix, n)
	for i := range list {
		list[i] = netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, byte(i >> 7), byte(i << 1)}), 32)
	}
	return list
}

func TestPlanEdits(t *testing.T) {
	t.Parallel()
	accept := func(id string) func(*File) error {
		return func(f *File) error { return f.Accept(id, today) }
	}
	put := func(domain dns.Name, list ...Flattened) func(*File) error {
		return func(f *File) error { return f.PutFlattened(domain, list...) }
	}
	one := Flattened{"include:x.example", today, prefixes("192.0.2.0/24", "2001:db8::/48")}
	old := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	const entry = "+      flattened:\n+        - term: include:x.example\n+          date: \"2026-11-22\"\n+          addresses: [192.0.2.0/24, 2001:db8::/48]\n"
	for _, c := range []struct {
		name string
		edit func(*File) error
		want string // the changed lines: "-" taken away, "+" new
	}{
		{"accept", accept("spf-flatten/a.example/include:x.example"),
			"+  - id: spf-flatten/a.example/include:x.example\n+    date: \"2026-11-22\"\n"},
		{"accept an ID that needs quotes", accept("#0"), "+  - id: \"#0\"\n+    date: \"2026-11-22\"\n"},
		{"accept what is accepted", accept("spf-drop/b.example/mx"), ""},
		{"a domain without spf", put("d.example", one), "+    spf:\n" + entry},
		{"a domain in braces", put("c.example", one),
			"-  - {name: c.example, parked: unknown} # third\n+  - {name: c.example, parked: unknown, spf: {flattened: [{term: include:x.example, date: \"2026-11-22\", addresses: [192.0.2.0/24, 2001:db8::/48]}]}} # third\n"},
		{"spf in braces", put("a.example", Flattened{"a", today, prefixes("192.0.2.1/32")}),
			"-    spf: {all: keep}     # keep, softfail or fail\n+    spf: {all: keep, flattened: [{term: a, date: \"2026-11-22\", addresses: [192.0.2.1]}]}     # keep, softfail or fail\n"},
		{"many addresses in braces", put("a.example", Flattened{"a", today, many(9)}),
			"-    spf: {all: keep}     # keep, softfail or fail\n+    spf: {all: keep, flattened: [\n+        {term: a, date: \"2026-11-22\", addresses: [\n" +
				"+          198.18.0.0,\n+          198.18.0.2,\n+          198.18.0.4,\n+          198.18.0.6,\n+          198.18.0.8,\n+          198.18.0.10,\n+          198.18.0.12,\n+          198.18.0.14,\n+          198.18.0.16\n" +
				"+        ]}\n+      ]}     # keep, softfail or fail\n"},
		{"another term", put("b.example", one),
			"+        - term: include:x.example\n+          date: \"2026-11-22\"\n+          addresses: [192.0.2.0/24, 2001:db8::/48]\n"},
		{"new addresses of a term", put("b.example", Flattened{"include:spf.B.example", today, prefixes("198.51.100.0/24", "203.0.113.0/24")}),
			"-          date: '2026-01-02' # old\n-            - 192.0.2.1 # first\n+          date: \"2026-11-22\" # old\n+            - 203.0.113.0/24\n"},
		{"the same again", put("b.example", Flattened{"include:spf.b.example", old, prefixes("192.0.2.1/32", "198.51.100.0/24")}), ""},
		{"a term that matches nothing", put("b.example", Flattened{"mx", today, nil}),
			"+        - term: mx\n+          date: \"2026-11-22\"\n+          addresses: []\n"},
		{"a domain that is not listed", put("new.example", one), "+  - name: new.example\n+    spf:\n" + entry},
		{"nothing", put("new.example"), ""},
		{"twice, the last counts", put("d.example", Flattened{"A", old, nil}, Flattened{"a", today, nil}),
			"+    spf:\n+      flattened:\n+        - term: a\n+          date: \"2026-11-22\"\n+          addresses: []\n"},
	} {
		for name, text := range map[string]string{c.name: planned, c.name + ", CRLF": bom + strings.ReplaceAll(planned, "\n", "\r\n")} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f := parse(t, text)
				if err := c.edit(f); err != nil {
					t.Fatal(err)
				}
				got := diff(text, string(f.Bytes()))
				if text != planned {
					if strings.Count(got, "\r\n") != strings.Count(got, "\n") {
						t.Errorf("line ends: %q", got)
					}
					got = strings.ReplaceAll(got, "\r\n", "\n")
				}
				if got != c.want {
					t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
				}
			})
		}
	}
}

// A yes where nothing was accepted before.
func TestFirstAccept(t *testing.T) {
	t.Parallel()
	const entry = "  - id: a/b\n    date: \"2026-11-22\"\n"
	for text, want := range map[string]string{
		"version: 1\n# end":              "version: 1\n# end\naccepted:\n" + strings.TrimSuffix(entry, "\n"),
		"version: 1\naccepted: # none\n": "version: 1\naccepted: # none\n" + entry,
		"version: 1\naccepted: [] # x\n": "version: 1\naccepted:  # x\n" + entry,
		"{version: 1}\n":                 "{version: 1, accepted: [{id: a/b, date: \"2026-11-22\"}]}\n",
	} {
		f := parse(t, text)
		if err := f.Accept("a/b", today); err != nil || !f.Accepts("a/b") {
			t.Fatalf("%q: %v", text, err)
		}
		if got := string(f.Bytes()); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if err := f.Accept("a/b", today.AddDate(0, 0, 1)); err != nil || string(f.Bytes()) != want {
			t.Errorf("the second time: %v\n%s", err, f.Bytes())
		}
	}
}

func TestPlanEditRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*File) error
		want string
	}{
		{"an empty ID", func(f *File) error { return f.Accept("", today) }, "has no id"},
		{"an ID with a line end", func(f *File) error { return f.Accept("a\nb", today) }, `id: "a\nb" is not allowed`},
		{"no day", func(f *File) error { return f.Accept("a", time.Time{}) }, "has no date"},
		{"a term that is none", func(f *File) error { return f.PutFlattened("d.example", Flattened{"all", today, nil}) }, `"all" is no include:`},
		{"a term without a day", func(f *File) error { return f.PutFlattened("d.example", Flattened{Term: "a"}) }, "has no date"},
		{"the second term of a new domain", func(f *File) error {
			return f.PutFlattened("new.example", Flattened{"a", today, nil}, Flattened{"mx", today, prefixes("0.0.0.0/0")})
		}, `"0.0.0.0/0" is wider than any sender`},
		{"a known term, then a bad one", func(f *File) error {
			return f.PutFlattened("b.example", Flattened{"include:spf.b.example", today, many(1)}, Flattened{"x", today, nil})
		}, `"x" is no include:`},
		{"too many addresses", func(f *File) error { return f.PutFlattened("d.example", Flattened{"a", today, many(501)}) }, "501 items, at most 500"},
		{"no domain", func(f *File) error { return f.PutFlattened("x", Flattened{"a", today, nil}) }, `"x" is no domain`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, planned)
			err := c.edit(f)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if string(f.Bytes()) != planned || !reflect.DeepEqual(f.Inventory, parse(t, planned).Inventory) {
				t.Error("the file changed")
			}
		})
	}
}

// As many addresses as there may be are written, in any form of the file, and
// lines stay short.
func TestFlattenedForms(t *testing.T) {
	t.Parallel()
	forms := []string{
		"", "domains:\n", "domains: []\n", "domains:\n  - name: x.example\n", "domains: [{name: x.example}]\n", "domains:\n- {name: x.example, spf: {}} # c\n",
		"domains:\n  - {name: x.example, spf: {all: fail}} # c\n  - name: y.example\n", "domains:\n  - name: x.example\n    spf:\n    # c\n", "domains:\n  - name: x.example\n    spf: {flattened: []} # c\n",
		"domains:\n  - name: x.example\n    spf: {\n      all: fail, # c\n    }\n", "domains:\n  - name: x.example\n    spf:\n      flattened:\n        - {term: a, date: 2026-01-01, addresses: [192.0.2.1]} # c\n    dmarc: {target: none}\n",
		"domains:\n  - name: x.example\n    spf: {flattened: [{term: mx, date: 2026-01-01, addresses: [\n      192.0.2.1, # c\n      192.0.2.2\n      ]}]}\n",
	}
	terms := []string{"a", "mx", "include:spf.b.example", "?include:_spf.c.example", "redirect=d.example"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll("version: 1\n"+rapid.SampledFrom(forms).Draw(t, "form"), "\n", anEnding().Draw(t, "ending"))
		f, err := Parse([]byte(text), "x", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		d, _ := f.Domain("x.example")
		want := map[string]Flattened{}
		for _, flat := range d.SPF.Flattened {
			want[flat.Term] = flat
		}
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			pool := many(500)
			from := rapid.IntRange(0, 500).Draw(t, "from")
			flat := Flattened{rapid.SampledFrom(terms).Draw(t, "term"), today, pool[from:rapid.IntRange(from, 500).Draw(t, "to")]}
			want[flat.Term] = flat
			if err := f.PutFlattened("x.example", flat); err != nil {
				t.Fatalf("%v\n%s", err, f.Bytes())
			}
		}
		d, _ = f.Domain("x.example")
		if len(d.SPF.Flattened) != len(want) {
			t.Fatalf("%d terms, want %d", len(d.SPF.Flattened), len(want))
		}
		for _, got := range d.SPF.Flattened {
			if w := want[got.Term]; fmt.Sprint(got) != fmt.Sprint(w) {
				t.Fatalf("got  %v\nwant %v", got, w)
			}
		}
		for _, l := range f.source.lines {
			if len(l.text) > 400 {
				t.Fatalf("a line of %d bytes: %s", len(l.text), l.text)
			}
		}
		keepsComments(t, text, string(f.Bytes()))
		sameEndings(t, text, string(f.Bytes()))
	})
}
