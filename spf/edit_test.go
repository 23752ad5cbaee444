package spf

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEdits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		edit       func(Record) Record
		want       string
	}{
		{"insert at the start", "V=SPF1  a  -ALL ", func(r Record) Record { return r.Insert(0, "mx", "ptr") }, "V=SPF1  mx ptr a  -ALL "},
		{"insert at the end, before trailing blanks", "v=spf1 a  ", func(r Record) Record { return r.Insert(1, "mx") }, "v=spf1 a mx  "},
		{"insert into nothing", "v=spf1", func(r Record) Record { return r.Insert(0, "-all") }, "v=spf1 -all"},
		{"insert into blanks", "v=spf1  ", func(r Record) Record { return r.Insert(0, "-all") }, "v=spf1 -all  "},
		{"beyond the end", "v=spf1 a", func(r Record) Record { return r.Insert(9, "mx") }, "v=spf1 a mx"},
		{"nothing", "v=spf1  a", func(r Record) Record { return r.Insert(0, "", " ") }, "v=spf1  a"},
		{"remove with the blanks before", "v=spf1 a   mx  -all", func(r Record) Record { return r.Remove(1) }, "v=spf1 a  -all"},
		{"remove several", "v=spf1 a mx ptr -all", func(r Record) Record { return r.Remove(3, 0, 2, 7) }, "v=spf1 mx"},
		{"remove all", "v=spf1 a mx", func(r Record) Record { return r.Remove(0, 1) }, "v=spf1"},
		{"a TAB cannot follow the version", "v=spf1 a\tmx", func(r Record) Record { return r.Remove(0) }, "v=spf1 \tmx"},
		{"nor at the end", "v=spf1 a\t", func(r Record) Record { return r.Remove(0) }, "v=spf1 \t"},
		{"replace", "v=spf1  a\tmx -all", func(r Record) Record { return r.Replace(0, "ip4:192.0.2.1 ptr") }, "v=spf1  ip4:192.0.2.1 ptr\tmx -all"},
		{"replace by nothing", "v=spf1 a mx", func(r Record) Record { return r.Replace(1, "") }, "v=spf1 a"},
		{"replace what is not there", "v=spf1 a", func(r Record) Record { return r.Replace(1, "mx") }, "v=spf1 a"},
		{"no SPF record", "v=spf10 a", func(r Record) Record { return r.Insert(0, "mx") }, "v=spf10 a"},

		{"the qualifier of all", "v=spf1 a -ALL mx", func(r Record) Record { return r.WithAll(QualifierSoftFail) }, "v=spf1 a ~ALL mx"},
		{"no qualifier", "v=spf1 a all", func(r Record) Record { return r.WithAll(QualifierFail) }, "v=spf1 a -all"},
		{"the same", "v=spf1 +all", func(r Record) Record { return r.WithAll(QualifierPass) }, "v=spf1 +all"},
		{"to pass", "v=spf1 -all", func(r Record) Record { return r.WithAll(QualifierPass) }, "v=spf1 all"},
		{"the first of two", "v=spf1 ?all -all", func(r Record) Record { return r.WithAll(QualifierFail) }, "v=spf1 -all -all"},
		{"no all", "v=spf1 a x=y mx exp=e.example", func(r Record) Record { return r.WithAll(QualifierSoftFail) }, "v=spf1 a x=y mx ~all exp=e.example"},
		{"a redirect stays", "v=spf1 redirect=d.example a", func(r Record) Record { return r.WithAll(QualifierSoftFail) }, "v=spf1 redirect=d.example a"},
		{"a redirect beside all", "v=spf1 redirect=d.example ?all", func(r Record) Record { return r.WithAll(QualifierSoftFail) }, "v=spf1 redirect=d.example ~all"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.edit(Parse(tt.text)).Text(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text     string
		address, name2 string // the term before which each goes
	}{
		{"the common record", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:a.example ip4:192.0.2.2 -all", "include:a.example", "-all"},
		{"nothing", "v=spf1", "", ""},
		{"all only", "v=spf1 -all", "-all", "-all"},
		{"not behind a term that does not pass", "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.2 ~all", "-ip4:192.0.2.1", "~all"},
		{"nor behind a broken one", "v=spf1 ip4:192.0.2.300 ip4:192.0.2.2 ~all", "ip4:192.0.2.300", "~all"},
		{"past an unknown modifier", "v=spf1 x=y ip4:192.0.2.1 a", "a", ""},
		{"but not to the end for one", "v=spf1 ip4:192.0.2.1 exp=e.example", "exp=e.example", "exp=e.example"},
		{"redirect in the middle", "v=spf1 redirect=d.example ip4:192.0.2.1 x=y", "redirect=d.example", "x=y"},
		{"redirect at the end", "v=spf1 mx redirect=d.example", "mx", "redirect=d.example"},
		{"the first all", "v=spf1 a ?all mx -all", "a", "?all"},
		{"upper case", "v=spf1 IP4:192.0.2.1 INCLUDE:A.EXAMPLE -ALL", "INCLUDE:A.EXAMPLE", "-ALL"},
		{"behind a broken last term", "v=spf1 a foo exp=e.example", "a", "exp=e.example"},
	}
	at := func(r Record, i int) string {
		if i == len(r.Terms) {
			return ""
		}
		return r.Terms[i].Text
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := Parse(tt.text)
			if address, name := at(r, r.PlaceForAddress()), at(r, r.PlaceForName()); address != tt.address || name != tt.name2 {
				t.Errorf("an address goes before %q, a name before %q", address, name)
			}
		})
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		left             int
	}{
		{"right", "v=spf1  a -all ", "v=spf1  a -all ", 0},
		{"a name", "v=spf1 ipv4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", 0},
		{"separators", "v=spf1 a\tmx -all", "v=spf1 a mx -all", 0},
		{"the version", "v=spf1;a -all", "v=spf1 a -all", 0},
		{"a doubt is no error", "v=spf1 include=a.example -all", "v=spf1 include=a.example -all", 0},
		{"one that cannot be guessed stays", "v=spf1 ipv4:192.0.2.1 ip4:192.0.2 -all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2 -all", 1},
		{"run together", "v=spf1 include:a.example~all", "v=spf1 include:a.example ~all", 0},
		{"two mistakes in one term, of which one stays", "v=spf1 a:a.example/99//200 -all", "v=spf1 a:a.example/99//200 -all", 2},
		{"nothing like it", "hello", "hello", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, left := Parse(tt.text).Repair()
			if got.Text() != tt.want || len(left) != tt.left {
				t.Errorf("got %q and %d faults, want %q", got.Text(), len(left), tt.want)
			}
		})
	}
}

// termTexts returns the texts of the terms.
func termTexts(r Record) []string {
	texts := make([]string, len(r.Terms))
	for i, t := range r.Terms {
		texts[i] = t.Text
	}
	return texts
}

// grown reports whether long is short with one part put in.
func grown(short, long string) bool {
	n := 0
	for n < len(short) && n < len(long) && short[n] == long[n] {
		n++
	}
	return len(long) >= len(short) && strings.HasSuffix(long[n:], short[n:])
}

// checkEdits makes one edit of each kind, and checks that the terms are those
// intended and that the text is the same but for one place.
func checkEdits(t tester, r Record, at int, terms ...string) {
	t.Helper()
	before := termTexts(r)
	inserted := r.Insert(at, terms...)
	if want := slices.Insert(slices.Clone(before), at, terms...); !slices.Equal(termTexts(inserted), want) || !grown(r.Text(), inserted.Text()) {
		t.Fatalf("%q with %q put in at %d: %q", r.Text(), terms, at, inserted.Text())
	}
	if all := r.WithAll(QualifierNeutral); r.All() >= 0 && (len(all.Terms) != len(before) || all.Terms[r.All()].Qualifier != QualifierNeutral) {
		t.Fatalf("%q with ?all: %q", r.Text(), all.Text())
	}
	if at == len(before) {
		return
	}
	removed := r.Remove(at)
	if want := slices.Delete(slices.Clone(before), at, at+1); !slices.Equal(termTexts(removed), want) || !grown(removed.Text(), r.Text()) {
		t.Fatalf("%q without term %d: %q", r.Text(), at, removed.Text())
	}
	replaced := r.Replace(at, strings.Join(terms, " "))
	if want := slices.Replace(slices.Clone(before), at, at+1, terms...); !slices.Equal(termTexts(replaced), want) {
		t.Fatalf("%q with %q for term %d: %q", r.Text(), terms, at, replaced.Text())
	}
	if s := r.Terms[at].Span; !strings.HasPrefix(replaced.Text(), r.Text()[:s.Start]) || !strings.HasSuffix(replaced.Text(), r.Text()[s.End:]) {
		t.Fatalf("%q with %q for term %d: %q", r.Text(), terms, at, replaced.Text())
	}
}

func TestEditsOfCorpus(t *testing.T) {
	t.Parallel()
	edited := 0
	for i, text := range slices.Concat(corpusRecords(t), corpus(t, "spf-include-target-texts.txt.gz")) {
		r := Parse(text)
		if !IsSPF(text) || r.Valid() && i%20 > 0 {
			continue
		}
		edited++
		for _, at := range []int{0, len(r.Terms) / 2, len(r.Terms), r.PlaceForAddress(), r.PlaceForName()} {
			checkEdits(t, r, at, "ip4:192.0.2.1", "include:a.example")
		}
		repaired, left := r.Repair()
		if len(left) > len(r.Errors) || r.Valid() && repaired.Text() != text {
			t.Fatalf("%q became %q, with %d faults for %d", text, repaired.Text(), len(left), len(r.Errors))
		}
	}
	t.Logf("%d records", edited)
}

func TestEditsOfAnyRecord(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{" ", "  ", "\t", "a", "-ALL", "ip4:192.0.2.1", "x=y", "redirect=d.example", "foo", "\xc2", "\xa0", "\u2003", "+", "%{i}", "v=spf1"})
	term := rapid.SampledFrom([]string{"ip4:192.0.2.1", "-all", "+", "foo", "x=y"})
	rapid.Check(t, func(t *rapid.T) {
		r := Parse("v=spf1 " + strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), ""))
		checkEdits(t, r, rapid.IntRange(0, len(r.Terms)).Draw(t, "at"), rapid.SliceOfN(term, 1, 3).Draw(t, "terms")...)
	})
}

func FuzzEdit(f *testing.F) {
	f.Add("v=spf1 a\tmx  -all ", 1)
	f.Add("v=spf1 ipv4:192.0.2.1 include=a.example\u00a0?ALL", 9)
	f.Add("v=spf", 0)
	f.Fuzz(func(t *testing.T, text string, at int) {
		r := Parse(text)
		at = min(max(at, 0), len(r.Terms))
		if IsSPF(text) {
			checkEdits(t, r, at, "ip4:192.0.2.1", "include:a.example")
		} else if r.Insert(at, "a").Text() != text || r.WithAll(QualifierFail).Text() != text {
			t.Fatalf("%q was changed", text)
		}
		repaired, left := r.Repair()
		if len(left) != len(repaired.Errors) || r.Valid() && repaired.Text() != text {
			t.Fatalf("%q became %q with %d faults", text, repaired.Text(), len(left))
		}
		checkRecord(t, repaired.Text(), repaired)
	})
}
