package term

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	xterm "golang.org/x/term"
)

const (
	defaultWidth = 80
	minWidth     = 20 // narrower than this, text is unreadable anyway
	minRoom      = 8  // what Wrap leaves beside the widest indent
)

// cond measures the same in every locale: what sendplan prints shall not depend
// on LANG. Ambiguous runes count one cell, as in all but old East Asian fonts.
var cond = &runewidth.Condition{StrictEmojiNeutral: true}

// Cells returns how many terminal cells s takes. It is meant for text that
// [Safe] has passed and that carries no colour yet.
func Cells(s string) int { return cond.StringWidth(s) }

// runeCells adds up the cells of the single runes: what a terminal needs that
// knows no grapheme clusters, and never less than [Cells].
func runeCells(s string) int {
	n := 0
	for _, r := range s {
		n += cond.RuneWidth(r)
	}
	return n
}

// Pad fills s up to n cells with spaces; longer text stays as it is.
func Pad(s string, n int) string {
	if w := Cells(s); w < n {
		return s + strings.Repeat(" ", n-w)
	}
	return s
}

// IsTerminal reports whether w is a file that is a terminal.
func IsTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && xterm.IsTerminal(int(f.Fd()))
}

// Width returns how many cells a line of w has: COLUMNS if it holds a number,
// else the terminal's own width, else 80. It is at least 20.
func Width(w io.Writer, env func(string) string) int {
	if n, err := strconv.Atoi(env("COLUMNS")); err == nil && n > 0 {
		return max(n, minWidth)
	}
	if f, ok := w.(*os.File); ok {
		if n, _, err := xterm.GetSize(int(f.Fd())); err == nil && n > 0 {
			return max(n, minWidth)
		}
	}
	return defaultWidth
}

// Wrap breaks s into lines for a column that starts at cell indent of lines of
// width cells: the first line comes without indent, because the caller has
// written something there, those after it start with indent spaces. Lines
// break at spaces, which go; a word that is longer than a line is broken after
// the last dot, comma or semicolon on it, as names and records have them, or
// else where the line ends. Line ends in s stay. However wide the indent, 8 cells are
// used for text.
func Wrap(s string, width, indent int) string {
	room := max(width-indent, minRoom)
	var lines []string
	for _, para := range strings.Split(s, "\n") {
		lines = append(lines, wrapLine(para, room)...)
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", max(indent, 0)))
}

// wrapLine breaks one paragraph into lines of at most room cells.
func wrapLine(s string, room int) []string {
	var lines []string
	start, used := 0, 0 // the line that is being filled: s[start:pos]
	for pos := 0; pos < len(s); {
		word := pos + len(s[pos:]) - len(strings.TrimLeft(s[pos:], " "))
		end := word + wordEnd(s[word:])
		cells := runeCells(s[word:end])
		if used+word-pos+cells <= room {
			used, pos = used+word-pos+cells, end
			continue
		}
		if used > 0 {
			lines = append(lines, s[start:pos])
		}
		for start = word; cells > room; {
			cut := start + seam(s[start:start+fit(s[start:end], room)])
			lines = append(lines, s[start:cut])
			cells -= runeCells(s[start:cut])
			start = cut
		}
		used, pos = cells, end
	}
	return append(lines, strings.TrimRight(s[start:], " "))
}

// fit returns how many octets of s fit into room cells; runes without a width
// stay with the rune before them.
func fit(s string, room int) int {
	used := 0
	for i, r := range s {
		used += cond.RuneWidth(r)
		if used > room {
			return i
		}
	}
	return len(s)
}

// seam returns where to break a line that one long word fills: after its last
// dot, comma or semicolon, unless that would leave more than half of it empty.
func seam(line string) int {
	if i := strings.LastIndexAny(line, ".,;") + 1; i > len(line)/2 {
		return i
	}
	return len(line)
}

// wordEnd returns where the first space of s stands, or its length.
func wordEnd(s string) int {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return i
	}
	return len(s)
}
