package prompt

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// Whatever a line holds, it is written so that it fits and can be read aloud.
// Only what is to be copied is never broken.
func TestPrinter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(20, 140).Draw(t, "width")
		l := interview.Line{
			Mark: interview.Mark(rapid.IntRange(0, int(interview.Removed)).Draw(t, "mark")), Indent: rapid.IntRange(0, 3).Draw(t, "indent"),
			Text: rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x1b[2J", "a\r\nb", "\u2800 \u2500", strings.Repeat("v=spf1 ", 40)})).Draw(t, "text"),
		}
		var out strings.Builder
		p := newPrinter(&out, width)
		p.line(1, l)
		p.prompt(l.Text)
		said := out.String()
		if l.Mark == interview.Code {
			first, rest, _ := strings.Cut(said, "\n")
			if strings.TrimLeft(first, " ") != strings.TrimLeft(term.Safe(l.Text), " ") {
				t.Errorf("%q was written as %q", l.Text, first)
			}
			said = rest
		}
		for line := range strings.Lines(said) {
			if line = strings.TrimSuffix(line, "\n"); term.Cells(line) > width+1 { // a prompt ends with a blank
				t.Errorf("%q is wider than %d", line, width)
			}
			if strings.ContainsAny(line, "\x1b\r\u2800") {
				t.Errorf("%q cannot be read aloud", line)
			}
		}
	})
}

func TestMarked(t *testing.T) {
	t.Parallel()
	for want, mark := range map[string]interview.Mark{
		"x": interview.Plain, "ok: x": interview.Good, "warning: x": interview.Warn, "error: x": interview.Bad, "unknown: x": interview.Unknown, "+ x": interview.Added, "- x": interview.Removed,
	} {
		if got := marked(mark, "x"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Empty lines part what belongs together; two of them say nothing more.
func TestBlank(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := newPrinter(&out, 0)
	p.text("a")
	p.blank()
	p.blank()
	p.line(0, interview.Line{Mark: interview.Heading, Text: "b"})
	p.prompt("c")
	p.typed("", false)
	p.blank()
	if got, want := out.String(), "a\n\nb\nc: \n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
