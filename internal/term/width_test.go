package term

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		what, in      string
		width, indent int
		want          string
	}{
		{"fits", "one two", 20, 0, "one two"},
		{"breaks at a space", "one two three", 9, 0, "one two\nthree"},
		{"lines after the first are indented", "one two three four", 14, 4, "one two\n    three four"},
		{"exactly full", "12345678 abcdefgh", 8, 0, "12345678\nabcdefgh"},
		{"inner spaces stay", "a  b", 20, 0, "a  b"},
		{"spaces at a break go", "12345678   abc", 8, 0, "12345678\nabc"},
		{"spaces at the end go", "abc   ", 20, 0, "abc"},
		{"a long word is broken", "abcdefghijkl mn", 8, 0, "abcdefgh\nijkl mn"},
		{"a long name is broken after a dot", "abcdef.ghijk.l", 8, 0, "abcdef.\nghijk.l"},
		{"but not if the line stays nearly empty", "ab.cdefghijk", 8, 0, "ab.cdefg\nhijk"},
		{"a long word starts its own line", "ab cdefghijklm", 8, 0, "ab\ncdefghij\nklm"},
		{"wide runes", "中文 中文 中文", 9, 0, "中文 中文\n中文"},
		{"a wide rune is not halved", "中文中文中", 9, 0, "中文中文\n中"},
		{"line ends stay", "one\ntwo", 20, 2, "one\n  two"},
		{"an empty line", "one\n\ntwo", 20, 0, "one\n\ntwo"},
		{"empty", "", 20, 2, ""},
		{"indent wider than the line", "one two three", 10, 40, "one two\n" + strings.Repeat(" ", 40) + "three"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			if got := Wrap(tt.in, tt.width, tt.indent); got != tt.want {
				t.Errorf("Wrap(%q, %d, %d) =\n%q, want\n%q", tt.in, tt.width, tt.indent, got, tt.want)
			}
		})
	}
}

// TestWrapHolds: no line is too long, and nothing but spaces is lost.
func TestWrapHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := Safe(rapid.StringOf(rapid.SampledFrom([]rune("ab c中\u0301é –\x1b🇩"))).Draw(t, "text"))
		width, indent := rapid.IntRange(0, 40).Draw(t, "width"), rapid.IntRange(0, 12).Draw(t, "indent")
		out := Wrap(in, width, indent)
		for i, line := range strings.Split(out, "\n") {
			if i > 0 {
				rest, ok := strings.CutPrefix(line, strings.Repeat(" ", indent))
				if !ok {
					t.Fatalf("line %d of %q has no indent", i+1, out)
				}
				line = rest
			}
			if Cells(line) > max(width-indent, minRoom) {
				t.Fatalf("line %q of %q is %d cells wide", line, out, Cells(line))
			}
		}
		bare := strings.NewReplacer(" ", "", "\n", "")
		if bare.Replace(out) != bare.Replace(in) {
			t.Fatalf("Wrap(%q) = %q lost text", in, out)
		}
	})
}

func TestCells(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "中文": 4, "u\u0308": 1, "…": 1, "–": 1, "é": 1} {
		if got := Cells(s); got != want {
			t.Errorf("Cells(%q) = %d, want %d", s, got, want)
		}
	}
	for _, tt := range []struct{ in, want string }{{"中", "中  "}, {"abcd", "abcd"}, {"abcde", "abcde"}} {
		if got := Pad(tt.in, 4); got != tt.want {
			t.Errorf("Pad(%q, 4) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for columns, want := range map[string]int{"": 80, "120": 120, "5": 20, "0": 80, "-3": 80, "wide": 80, "99999999999999999999": 80} {
		env := func(name string) string { return map[string]string{"COLUMNS": columns}[name] }
		if got := Width(new(bytes.Buffer), env); got != want {
			t.Errorf("COLUMNS=%q: width %d, want %d", columns, got, want)
		}
	}
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := Width(f, func(string) string { return "" }); got != 80 {
		t.Errorf("width of %s: %d, want 80", os.DevNull, got)
	}
	if IsTerminal(f) || IsTerminal(new(bytes.Buffer)) || IsTerminal(nil) {
		t.Error("no terminal, but taken for one")
	}
}
