package spf

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func merge(texts ...string) Merger {
	records := make([]Record, len(texts))
	for i, text := range texts {
		records[i] = Parse(text)
	}
	return Merge(records)
}

func TestMerge(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		texts []string
		want  string
		lists string // dropped, widened, records with +all
	}{
		{"one", []string{"v=spf1  a -all "}, "v=spf1  a -all ", "[] [] []"},
		{"equal ones", []string{"v=spf1 a -all", "v=spf1 a -all"}, "v=spf1 a -all", "[] [] []"},
		{"addresses first, names before all, the base's text as it is",
			[]string{"v=spf1 include:a.example ip4:192.0.2.1 -all", "V=SPF1  ip4:192.0.2.2  mx  include:B.example A -ALL exp=e.example "},
			"V=SPF1  ip4:192.0.2.2  ip4:192.0.2.1 mx  include:B.example A include:a.example -ALL exp=e.example ", "[] [] []"},
		{"equal in another spelling", []string{"v=spf1 +IP4:192.0.2.1/32 include:A.Example. a -all", "v=spf1 include:a.example ip4:192.0.2.1 -all"},
			"v=spf1 +IP4:192.0.2.1/32 include:A.Example. a -all", "[] [] []"},
		{"the base does not depend on the order", []string{"v=spf1 b:x -all", "v=spf1 mx -all", "v=spf1 a -all"}, "v=spf1 a b:x mx -all", "[] [] []"},
		{"the softest all", []string{"v=spf1 a mx -all", "v=spf1 a ~all", "v=spf1 ptr"}, "v=spf1 a mx ptr ~all", "[0 -all] [] []"},
		{"+all of one", []string{"v=spf1 a mx +all", "v=spf1 a -all"}, "v=spf1 a mx -all", "[0 +all] [] [0]"},
		{"+all of all", []string{"v=spf1 a mx +all", "v=spf1 a all"}, "v=spf1 a mx +all", "[] [] [0 1]"},
		{"+all and no all", []string{"v=spf1 a mx +all ptr", "v=spf1 a"}, "v=spf1 a mx ?all ptr", "[0 +all] [] [0]"},
		{"+all of all overrules", []string{"v=spf1 -a mx +all", "v=spf1 a -ptr all"}, "v=spf1 mx a +all", "[0 -a 1 -ptr] [0 -a 1 -ptr] [0 1]"},
		{"no all anywhere", []string{"v=spf1 a mx", "v=spf1 ptr x=y"}, "v=spf1 a mx ptr x=y", "[] [] []"},
		{"behind all", []string{"v=spf1 a mx ~all ptr", "v=spf1 ptr ~all exists:e.example"}, "v=spf1 a mx ptr ~all", "[1 exists:e.example] [] []"},

		{"a redirect beside an all", []string{"v=spf1 a mx redirect=r.example", "v=spf1 a ~all"}, "v=spf1 a mx include:r.example ~all", "[0 redirect=r.example] [] []"},
		{"a redirect into a record with all", []string{"v=spf1 a mx ~all", "v=spf1 redirect=r.example"}, "v=spf1 a mx include:r.example ~all", "[1 redirect=r.example] [] []"},
		{"one redirect", []string{"v=spf1 a mx", "v=spf1 x=y redirect=r.example ip4:192.0.2.1"}, "v=spf1 ip4:192.0.2.1 a mx redirect=r.example x=y", "[] [] []"},
		{"equal redirects", []string{"v=spf1 mx redirect=R.example", "v=spf1 ptr redirect=r.example"}, "v=spf1 mx ptr redirect=R.example", "[] [] []"},
		{"two redirects", []string{"v=spf1 mx redirect=r.example", "v=spf1 redirect=s.example"}, "v=spf1 mx include:r.example include:s.example", "[0 redirect=r.example 1 redirect=s.example] [] []"},
		{"a redirect without effect", []string{"v=spf1 mx ~all", "v=spf1 redirect=s.example ~all"}, "v=spf1 mx ~all", "[1 redirect=s.example] [] []"},
		{"a redirect that is an include already", []string{"v=spf1 mx include:r.example ~all", "v=spf1 redirect=r.example"}, "v=spf1 mx include:r.example ~all", "[1 redirect=r.example] [] []"},
		{"a redirect behind a term that keeps out", []string{"v=spf1 mx ptr", "v=spf1 -a redirect=r.example"}, "v=spf1 mx ptr -a redirect=r.example", "[] [] []"},
		{"a redirect behind another's term that keeps out", []string{"v=spf1 mx ptr -a", "v=spf1 redirect=r.example"}, "v=spf1 mx ptr include:r.example -a", "[1 redirect=r.example] [] []"},
		{"a second redirect does not come to life", []string{"v=spf1 mx redirect=r.example redirect=s.example", "v=spf1 a"}, "v=spf1 mx a redirect=r.example redirect=s.example", "[] [] []"},
		{"nor where the first becomes an include", []string{"v=spf1 mx redirect=r.example redirect=s.example", "v=spf1 redirect=t.example redirect=u.example"},
			"v=spf1 mx include:r.example include:t.example", "[0 redirect=r.example 0 redirect=s.example 1 redirect=t.example 1 redirect=u.example] [] []"},
		{"a broken redirect", []string{"v=spf1 mx redirect=foo", "v=spf1 redirect=r.example"}, "v=spf1 mx include:r.example redirect=foo", "[1 redirect=r.example] [] []"},

		{"the exp of the base", []string{"v=spf1 a exp=f.example ~all", "v=spf1 a mx exp=e.example ~all"}, "v=spf1 a mx exp=e.example ~all", "[0 exp=f.example] [] []"},
		{"the only exp", []string{"v=spf1 a exp=f.example ~all", "v=spf1 a mx ~all"}, "v=spf1 a mx ~all exp=f.example", "[] [] []"},
		{"unknown modifiers, once", []string{"v=spf1 a mx x=y ~all", "v=spf1 a X=y z=Y ~all"}, "v=spf1 a mx x=y ~all z=Y", "[] [] []"},
		{"broken terms, once", []string{"v=spf1 a mx foo ~all", "v=spf1 foo -bar ip4:192.0.2 ~all"}, "v=spf1 a mx foo ip4:192.0.2 -bar ~all", "[] [] []"},
		{"a broken all, behind the right one", []string{"v=spf1 a mx ptr ~all", "v=spf1 a -all:x ip4:192.0.2.1"}, "v=spf1 ip4:192.0.2.1 a mx ptr ~all -all:x", "[] [] []"},

		{"before the base's terms that keep out", []string{"v=spf1 ?a mx ptr ~all", "v=spf1 include:r.example ~all"}, "v=spf1 include:r.example ?a mx ptr ~all", "[] [] []"},
		{"terms that keep out, at the end", []string{"v=spf1 a mx ptr ~all", "v=spf1 include:r.example ?include:s.example ~all"}, "v=spf1 a mx ptr include:r.example ?include:s.example ~all", "[] [] []"},
		{"one that keeps out in its own order", []string{"v=spf1 a mx ptr -exists:e.example ~all", "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 ~all"},
			"v=spf1 a mx ptr -ip4:192.0.2.1 ip4:192.0.2.0/24 -exists:e.example ~all", "[] [] []"},
		{"of one record nothing changes", []string{"v=spf1 -a -all:x redirect=r.example +all ptr"}, "v=spf1 -a -all:x redirect=r.example +all ptr", "[] [] [0]"},
		{"nor of this", []string{"v=spf1 -a -all:x redirect=r.example"}, "v=spf1 -a -all:x redirect=r.example", "[] [] []"},
		{"two orders cannot both stay", []string{"v=spf1 -a mx ptr ~all", "v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 ~all"},
			"v=spf1 ip4:192.0.2.0/24 -a mx ptr -ip4:192.0.2.1 ~all", "[] [1 -ip4:192.0.2.1] []"},
		{"what another passes is not kept out", []string{"v=spf1 ?a mx ptr ~all", "v=spf1 a ~all"}, "v=spf1 a mx ptr ~all", "[0 ?a] [] []"},
		{"nor the other way", []string{"v=spf1 a mx ptr ~all", "v=spf1 ?a ~all"}, "v=spf1 a mx ptr ~all", "[1 ?a] [] []"},
		{"an equal term too far behind moves", []string{"v=spf1 -mx a ptr ~all", "v=spf1 a ~all"}, "v=spf1 a -mx ptr ~all", "[] [] []"},

		{"others than SPF records are passed over", []string{"v=spf10 a", "v=spf1 mx"}, "v=spf1 mx", "[] [] []"},
		{"nothing", nil, "", "[] [] []"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := merge(tt.texts...)
			if lists := fmt.Sprint(origins(m.Dropped), origins(m.Widened), m.PassAll); m.Record.Text() != tt.want || lists != tt.lists {
				t.Errorf("got  %q %s\nwant %q %s", m.Record.Text(), lists, tt.want, tt.lists)
			}
			checkMerger(t, tt.texts, m)
		})
	}
}

// origins words terms as the index of the record and the term.
func origins(terms []Dropped) []string {
	var words []string
	for _, d := range terms {
		words = append(words, fmt.Sprintf("%d %s", d.From, d.Term.Text))
	}
	return words
}

// checkMerger checks what holds for every merged record: no term is lost
// without a word, none comes from nowhere, and no mistake is new.
func checkMerger(t tester, texts []string, m Merger) {
	t.Helper()
	terms := termTexts(m.Record)
	if len(m.From) != len(terms) || len(texts) > 0 && IsSPF(texts[0]) && m.Base < 0 {
		t.Fatalf("%q: %d origins for %q", texts, len(m.From), terms)
	}
	known := Parse("v=spf1 ?all").Terms
	faults := 0
	for i, text := range texts {
		if !IsSPF(text) {
			continue
		}
		r := Parse(text)
		faults += len(r.Errors)
		for _, term := range r.Terms {
			known = append(known, term)
			same := func(o Term) bool { return o.String() == term.String() }
			if !slices.ContainsFunc(m.Record.Terms, same) && !slices.ContainsFunc(m.Dropped, func(d Dropped) bool { return d.From == i && same(d.Term) }) {
				t.Fatalf("%q: %q is lost: %q", texts, term.Text, m.Record.Text())
			}
			if term.Kind == KindRedirect {
				known = append(known, Parse("v=spf1 include:"+term.Domain).Terms...)
			}
		}
	}
	for _, term := range m.Record.Terms {
		if !slices.ContainsFunc(known, func(k Term) bool { return k.Text == term.Text }) {
			t.Fatalf("%q: %q comes from nowhere", texts, term.Text)
		}
	}
	if len(m.Record.Errors) > faults {
		t.Fatalf("%q: new mistakes in %q: %+v", texts, m.Record.Text(), m.Record.Errors)
	}
	for _, d := range slices.Concat(m.Dropped, m.Widened) {
		if d.Why == "" {
			t.Fatalf("%q: no reason", d.Term.Text)
		}
	}
}

// TestMergePasses: what one of the records passes the merged one passes, and
// without a word nothing else.
func TestMergePasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return drawRecord(t, worldNames) }), 1, 4).Draw(t, "texts")
		m := merge(texts...)
		checkMerger(t, texts, m)
		z := zones(t, drawWorld(t, true))
		covered := func(text string) Coverage {
			return coverage(t, ExpandText(context.Background(), z, "d.example", text))
		}
		var union, open AddressSet
		for i, text := range texts {
			c := covered(text)
			if lost := len(m.PassAll) > 0 && len(m.PassAll) < len(texts) && slices.Contains(m.PassAll, i); lost {
				return // it is said that +all is not taken over
			}
			union, open = union.Union(c.Pass), open.Union(c.Open)
		}
		got := covered(m.Record.Text())
		if !got.Pass.Covers(union) {
			t.Fatalf("%q\nbecame %q\nlost: %s", texts, m.Record.Text(), union.Subtract(got.Pass))
		}
		if gained := got.Pass.Subtract(union); len(m.Widened) == 0 && !open.Covers(gained) {
			t.Fatalf("%q\nbecame %q\ngained: %s", texts, m.Record.Text(), gained)
		}
		slices.Reverse(texts)
		if other := merge(texts...); other.Record.Text() != m.Record.Text() {
			t.Fatalf("%q\nbecame %q\nand %q", texts, m.Record.Text(), other.Record.Text())
		}
		if again := merge(m.Record.Text()); again.Record.Text() != m.Record.Text() {
			t.Fatalf("%q became %q", m.Record.Text(), again.Record.Text())
		}
	})
}

func TestMergeOfCorpus(t *testing.T) {
	t.Parallel()
	texts := corpusRecords(t)
	for i := 0; i+3 <= len(texts); i += 60 {
		checkMerger(t, texts[i:i+3], merge(texts[i:i+3]...))
	}
}

func FuzzMerge(f *testing.F) {
	f.Add("v=spf1 -a mx redirect=r.example redirect=s.example", "v=spf1 include:a.example\t-all:x ~all exp=e.example")
	f.Add("v=spf1 exp= exp=x.example +all", "v=spf1 ?mx redirect=x redirect=s.example")
	f.Fuzz(func(t *testing.T, a, b string) {
		checkMerger(t, []string{a, b}, merge(a, b))
	})
}

func BenchmarkMerge(b *testing.B) {
	var texts []string
	for i := range 4 {
		texts = append(texts, "v=spf1"+numbered(2000, fmt.Sprintf(" -ip4:10.%d.#.1 a:h#.r%d.example", i, i))+" -all")
	}
	for b.Loop() {
		if m := merge(texts...); !strings.HasPrefix(m.Record.Text(), versionTag) {
			b.Fatal(m.Record.Text())
		}
	}
}
