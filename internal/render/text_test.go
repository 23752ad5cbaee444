package render

import (
	"strings"
	"testing"

	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// drawn returns what draw writes on a page without colour.
func drawn(width int, draw func(*Text)) string {
	var b strings.Builder
	if err := writeText(&b, Page{Width: width}, nil, draw); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}

func TestMark(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100) + "<bad>" + strings.Repeat("z", 100)
	for _, tt := range []struct {
		what, record  string
		width, indent int
		start, end    int
		want          string
	}{
		{"the whole fits", "v=spf1 -al", 40, 2, 7, 10, "  v=spf1 -al\n         ^^^\n"},
		{"at the start", "bad rest", 40, 0, 0, 3, "bad rest\n^^^\n"},
		{"cut on both sides", long, 25, 0, 100, 105, "…aaaaaaaaa<bad>zzzzzzzzz…\n          ^^^^^\n"},
		{"wide characters before it", "中文 bad", 40, 0, 7, 10, "中文 bad\n     ^^^\n"},
		{"a wide character", "a中b", 40, 0, 1, 4, "a中b\n ^^\n"},
		{"an escape sequence", "a\x1bb", 40, 0, 1, 2, "a\\x1bb\n ^^^^\n"},
		{"empty: no mark", "v=spf1 -all", 40, 1, 0, 0, " v=spf1 -all\n"},
		{"past the end: no mark", "abc", 40, 0, 1, 9, "abc\n"},
		{"negative: no mark", "abc", 40, 0, -1, 2, "abc\n"},
		{"upside down: no mark", "abc", 40, 0, 2, 1, "abc\n"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			got := drawn(tt.width, func(x *Text) { x.Mark(tt.indent, tt.record, tt.start, tt.end, term.Pen{}) })
			if got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

// FuzzMark: the marks stand under the span, and no line is too long.
func FuzzMark(f *testing.F) {
	f.Add("v=spf1 ipv4:192.0.2.1 -all", 7, 21, 40)
	f.Add("中文\x1b[2J\u202e", 3, 6, 20)
	f.Add(strings.Repeat("é\u0301", 90), 90, 92, 30)
	f.Fuzz(func(t *testing.T, record string, start, end, width int) {
		width = 20 + (width%200+200)%200
		got := drawn(width, func(x *Text) { x.Mark(0, record, start, end, term.Pen{}) })
		lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		for _, line := range lines {
			if term.Cells(line) > width {
				t.Fatalf("%q is %d cells wide, of %d", line, term.Cells(line), width)
			}
		}
		if start < 0 || end > len(record) || start >= end {
			return
		}
		if len(lines) != 2 || strings.Trim(lines[1], " ^") != "" || !strings.HasSuffix(lines[1], "^") {
			t.Fatalf("%q", lines)
		}
	})
}

// A finding keeps to the width, and says the same whatever that is.
func TestFindingAtAllWidths(t *testing.T) {
	t.Parallel()
	record := "v=spf1 ipv4:192.0.2.1 include:_spf.google.com include:spf.protection.outlook.com -all"
	f := finding.Finding{
		ID: "spf-syntax", Severity: finding.Error, Status: finding.Fail, Subject: "contoso.example",
		Record: record, Span: finding.Span{Start: 7, End: 21},
		Message: `unknown mechanism "ipv4", did you mean ip4?`,
		Fix:     `write "ip4:192.0.2.1" in place of "ipv4:192.0.2.1"`,
		Refs:    []string{"RFC 7208 §4.6", "RFC 7208 §5.2"},
	}
	for _, width := range []int{20, 40, 80, 140} {
		got := drawn(width, func(x *Text) { x.Finding(f) })
		words := strings.Join(strings.Fields(got), "")
		for _, want := range []string{"error", string(f.ID), "contoso.example", f.Message, "fix:" + f.Fix, strings.Join(f.Refs, ","), "^^^^"} {
			if !strings.Contains(words, strings.ReplaceAll(want, " ", "")) {
				t.Errorf("at width %d there is no %q:\n%s", width, want, got)
			}
		}
		for _, line := range strings.Split(got, "\n") {
			if cells := term.Cells(line); cells > max(width, labelWidth+2+20) {
				t.Errorf("at width %d a line has %d cells: %q", width, cells, line)
			}
		}
	}
}

// However long a text is, a paragraph ends.
func TestParagraphIsBounded(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("word ", 20000), strings.Repeat("x", 1<<16), strings.Repeat("\n", 1<<16)} {
		if got := strings.Count(drawn(40, func(x *Text) { x.Para(2, "", text, term.Pen{}) }), "\n"); got > 3*maxLines {
			t.Errorf("%d lines of %.10q", got, text)
		}
	}
}
