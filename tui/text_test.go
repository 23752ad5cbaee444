package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// nastyText draws text that is hard on terminals.
func nastyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := []string{"a", " ", "打", "é", "e\u0301", "👍", "🏽", "🇩", "🇪", "\t", "\x1b[31m", "\x00", "\n", "ש", "\u202e", "\u200b", "word", "192.0.2.1;", strings.Repeat("x", 90)}
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 30).Draw(t, "parts"), "")
	})
}

func TestCellsAreEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := term.Safe(nastyText().Draw(t, "s"))
		if got := cells(s); got < ansi.StringWidth(s) || got < term.Cells(s) {
			t.Fatalf("%q: %d cells, but terminals count %d and %d", s, got, ansi.StringWidth(s), term.Cells(s))
		}
		n := rapid.IntRange(0, 60).Draw(t, "n")
		if short := cut(s, n); cells(short) > n {
			t.Fatalf("cut to %d: %q", n, short)
		}
		if full := pad(s, n); cells(full) != n {
			t.Fatalf("padded to %d: %q", n, full)
		}
		if end := cutLeft(s, n); n > 0 && cells(end) > n {
			t.Fatalf("the end in %d: %q", n, end)
		}
	})
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		s    string
		n    int
		want string
	}{
		{"device", 6, "device"}, {"device", 5, "devi…"}, {"device", 1, "…"}, {"device", 0, ""}, {"two words", 5, "two…"}, {"打印机", 4, "打…"},
	} {
		if got := cut(test.s, test.n); got != test.want {
			t.Errorf("%q in %d: %q, want %q", test.s, test.n, got, test.want)
		}
	}
}

func TestChopLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, n := nastyText().Draw(t, "s"), rapid.IntRange(2, 40).Draw(t, "n")
		lines := chop(s, n)
		if got := strings.Join(lines, ""); got != term.Safe(s) {
			t.Fatalf("%q became %q", s, got)
		}
		for _, line := range lines {
			if cells(line) > n {
				t.Fatalf("%q is wider than %d", line, n)
			}
		}
	})
}

func TestMarked(t *testing.T) {
	t.Parallel()
	lines := []interview.Line{
		{Mark: interview.Heading, Text: "SPF"}, {Text: "plain"}, {Mark: interview.Warn, Indent: 1, Text: "it needs more look-ups than receivers make, and ends in a permanent error"},
		{Mark: interview.Heading, Text: "Records"}, {Mark: interview.Code, Text: "v=spf1 -all"}, {Mark: interview.Added, Text: "a"}, {Mark: interview.Removed, Text: "b"}, {Mark: interview.Good, Text: "\x1b[2Jfine"},
	}
	const wide = `SPF
plain
  warning  it needs more look-ups than receivers make, and
           ends in a permanent error

Records
v=spf1 -all
+ a
- b
ok       \x1b[2Jfine`
	if got := strings.Join(plainStyles().marked(lines, 60), "\n"); got != wide {
		t.Errorf("wide:\n%s", got)
	}
	const narrow = `warning: it needs
         more
         look-ups`
	if got := strings.Join(plainStyles().marked([]interview.Line{{Mark: interview.Warn, Text: "it needs more look-ups"}}, 18), "\n"); got != narrow {
		t.Errorf("narrow:\n%s", got)
	}
}

func TestScrolled(t *testing.T) {
	t.Parallel()
	lines := strings.Fields("a b c d e f g h i j")
	for _, test := range []struct {
		top, h int
		want   string
	}{
		{0, 10, "a b c d e f g h i j"}, {5, 12, "a b c d e f g h i j"},
		{0, 5, "a b c d   … 6 lines below"}, {3, 5, "d e f g   … 3 above, 3 lines below"},
		{99, 5, "g h i j   … 6 lines above"}, {2, 3, "c d e"}, {1, 0, ""}, {-3, 9, "a b c d e f g h   … 2 lines below"},
	} {
		if got := strings.Join(plainStyles().scrolled(lines, test.top, test.h), " "); got != test.want {
			t.Errorf("from %d, %d lines: %q, want %q", test.top, test.h, got, test.want)
		}
	}
}
