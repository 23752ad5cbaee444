package spf

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// corpus reads the lines of a compressed file of the corpora.
func corpus(t testing.TB, name string) []string {
	f, err := os.Open("../../shared/corpora/records/" + name)
	if err != nil {
		t.Skip("the corpora are not here")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return lines
}

func corpusRecords(t testing.TB) []string {
	var texts []string
	for _, line := range corpus(t, "spf.tsv.gz") {
		if !strings.HasPrefix(line, "#") {
			texts = append(texts, strings.Split(line, "\t")[1])
		}
	}
	return texts
}

// checkRecord checks what holds for every parsed text.
func checkRecord(t testing.TB, text string, r Record) {
	t.Helper()
	if r.Text() != text {
		t.Fatalf("%q became %q", text, r.Text())
	}
	inside := func(s Span) bool { return 0 <= s.Start && s.Start <= s.End && s.End <= len(text) }
	last := 0
	for i, term := range r.Terms {
		for _, s := range []Span{term.Span, term.NameSpan, term.DomainSpan, term.AddrSpan, term.CIDR4Span, term.CIDR6Span} {
			if !inside(s) || s != (Span{}) && (s.Start < term.Span.Start || s.End > term.Span.End) {
				t.Fatalf("%q: term %d %+v: span %v", text, i, term, s)
			}
		}
		if term.Span.Start < last || term.Text != term.Span.Of(text) || term.Name != term.NameSpan.Of(text) || term.Domain != term.DomainSpan.Of(text) {
			t.Fatalf("%q: term %d %+v", text, i, term)
		}
		if term.Kind == KindBroken && term.Valid {
			t.Fatalf("%q: term %d is broken, but valid", text, i)
		}
		last = term.Span.End
	}
	for _, f := range slices.Concat(r.Errors, r.Doubts) {
		if !inside(f.Span) || f.Message == "" || f.Term >= len(r.Terms) {
			t.Fatalf("%q: %+v", text, f)
		}
	}
	if r.Valid() && IsSPF(text) {
		checkCanonical(t, r)
	}
}

// checkCanonical checks that the canonical form means the same and is its own
// canonical form.
func checkCanonical(t testing.TB, r Record) {
	t.Helper()
	again := Parse(r.String())
	if !again.Valid() || again.String() != r.String() || len(again.Terms) != len(r.Terms) {
		t.Fatalf("%q: canonical form %q is not stable: %q %v", r.Text(), r, again, again.Errors)
	}
	for i, a := range r.Terms {
		b := again.Terms[i]
		if a.Kind != b.Kind || a.Qualifier != b.Qualifier || a.Prefix != b.Prefix || a.Bits4() != b.Bits4() || a.Bits6() != b.Bits6() {
			t.Fatalf("%q: %q became %q", r.Text(), a.Text, b.Text)
		}
	}
}

func TestCorpus(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
	}{
		{"records", corpusRecords(t)},
		{"include targets", corpus(t, "spf-include-target-texts.txt.gz")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := map[string]int{}
			for _, text := range c.texts {
				r := Parse(text)
				checkRecord(t, text, r)
				summarize(found, text, r)
			}
			t.Logf("%d records: %s", len(c.texts), counts(found))
		})
	}
}

// summarize counts the record under each kind of mistake that it has.
func summarize(found map[string]int, text string, r Record) {
	kinds := map[string]bool{}
	if r.Valid() {
		kinds["valid"] = true
	}
	for _, f := range slices.Concat(r.Errors, r.Doubts) {
		kinds[string(f.Code)] = true
	}
	if _, ok := LooksLikeSPF(text); ok {
		kinds["near miss"] = true
	}
	for k := range kinds {
		found[k]++
	}
}

func counts(found map[string]int) string {
	var s []string
	for _, k := range slices.Sorted(maps.Keys(found)) {
		s = append(s, fmt.Sprintf("%s %d", k, found[k]))
	}
	return strings.Join(s, ", ")
}
