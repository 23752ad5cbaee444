package interview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendplan/internal/finding"
)

func TestMarked(t *testing.T) {
	t.Parallel()
	long := "v=spf1 include:spf.protection.outlook.com ip4:203.0.113.10 ~all"
	for _, test := range []struct {
		record string
		part   string
		want   []string
	}{
		{"v=spf1 +all", "+all", []string{"v=spf1 +all", "       ^^^^"}},
		{"v=spf1 \x1b[2Jä ~all", "~all", []string{"v=spf1 \x1b[2Jä ~all", "v=spf1 ?[2J? ~all", "             ^^^^"}},
		{long, "ip4:203.0.113.10", []string{long, "look.com ip4:203.0.113.10 ~all", "         ^^^^^^^^^^^^^^^^"}},
		{"v=spf1 ~all", "", []string{"v=spf1 ~all"}},
		{"", "", nil},
	} {
		at := strings.Index(test.record, test.part)
		got := marked(finding.Finding{Record: test.record, Span: finding.Span{Start: at, End: at + len(test.part)}})
		if len(got) != len(test.want) {
			t.Errorf("%q: %v", test.record, got)
			continue
		}
		for i, l := range got {
			if l.Mark != Code || !strings.HasSuffix(l.Text, test.want[i][max(0, len(test.want[i])-30):]) {
				t.Errorf("%q: line %d is %q, want %q", test.record, i, l.Text, test.want[i])
			}
		}
	}
}

// The carets stand below the part that is meant, on the narrowest screen too.
func TestMarkedAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		record := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z:. ]{0,300}`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "record")
		start := rapid.IntRange(-2, len(record)+2).Draw(t, "start")
		span := finding.Span{Start: start, End: start + rapid.IntRange(0, 60).Draw(t, "length")}
		got := marked(finding.Finding{Record: record, Span: span})
		span = span.Whole(record)
		if span.Start >= span.End {
			if len(got) > 1 {
				t.Fatalf("%v", got)
			}
			return
		}
		carets, shown := got[len(got)-1].Text, got[len(got)-2].Text
		from, n := strings.IndexByte(carets, '^'), strings.Count(carets, "^")
		if len(carets) > maxMarked || n == 0 || strings.Trim(carets, " ") != strings.Repeat("^", n) || len(carets) > len([]rune(shown)) {
			t.Fatalf("%q below %q", carets, shown)
		}
		want := plainText(record[span.Start:span.End])
		if part := shown[from : from+n]; part != want && (n != maxMarked-2 || !strings.HasPrefix(want, part)) {
			t.Fatalf("%q is marked, not %q", part, want)
		}
	})
}

func TestBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(4, 50).Draw(t, "most")
		got := bounded(text, most)
		if rest, cut := strings.CutSuffix(got, "…"); got != text && (!cut || !strings.HasPrefix(text, rest) || len(rest) > most || len(rest) < most-3) || !utf8.ValidString(got) {
			t.Fatalf("%q of %d became %q", text, most, got)
		}
	})
	var l lines
	for range maxMore + 12 {
		l.add(Plain, 0, "x")
	}
	if more := l.more(); len(more) != maxMore || more[maxMore-1].Text != "and 13 more" || len(l) != maxMore+12 {
		t.Errorf("%d lines, the last %+v", len(more), more[len(more)-1])
	}
}
