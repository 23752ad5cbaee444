package prompt

import (
	"strings"
	"unicode"

	"sendplan/internal/term"
)

// reporter is what a test and a property have in common.
type reporter interface{ Errorf(string, ...any) }

// plainText fails unless what was printed can be read aloud: no escapes or other
// controls, no frames or Braille, and no line but a record that is too long.
func plainText(t reporter, said string, width int) {
	if width == 0 {
		width = defaultWidth
	}
	for line := range strings.SplitSeq(said, "\n") {
		if strings.HasPrefix(line, strings.TrimSpace(sign)) {
			continue
		}
		if strings.ContainsFunc(line, unspeakable) {
			t.Errorf("%q cannot be read aloud", line)
		}
		if term.Cells(line) > width && !strings.HasPrefix(line, "  ") {
			t.Errorf("%q is %d cells wide", line, term.Cells(line))
		}
	}
}

func unspeakable(r rune) bool {
	return unicode.IsControl(r) || r >= 0x2500 && r <= 0x259f || r >= 0x2800 && r <= 0x28ff
}
