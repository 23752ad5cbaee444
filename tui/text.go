package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

const (
	margin   = 2 // left of all text; the > of what has the focus stands in it
	tagCells = 9 // of a column of words: "warning", "suggested"
	roomy    = 50
	measure  = 100 // cells of a line of prose; longer ones are hard to read
)

// cells is how many cells s takes on the terminal that is worst for it: one
// that draws each rune for itself, and the halves of a flag two cells wide. s
// is safe and has no style yet.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case r < 0x7f:
		return 1
	case r >= 0x1f1e6 && r <= 0x1f1ff: // regional indicators
		return 2
	}
	return term.Cells(string(r))
}

// cut returns s, which is safe, in at most n cells; it ends in … where
// something is missing.
func cut(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	if n <= 0 {
		return ""
	}
	return strings.TrimRight(s[:fitting(s, n-1)], " ") + "…"
}

// fitting is how many octets of s take at most n cells.
func fitting(s string, n int) int {
	used := 0
	for i, r := range s {
		if used += runeCells(r); used > n {
			return i
		}
	}
	return len(s)
}

// pad is cut, filled up to n cells.
func pad(s string, n int) string {
	s = cut(s, n)
	return s + spaces(n-cells(s))
}

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// wrap makes s safe and breaks it into lines of n cells.
func wrap(s string, n int) []string {
	return strings.Split(term.Wrap(term.Safe(s), n, 0), "\n")
}

// chop makes s safe and breaks it wherever a line is full, so that what is
// copied from the screen is what is meant.
func chop(s string, n int) []string {
	s, n = term.Safe(s), max(n, 2)
	var lines []string
	for {
		at := fitting(s, n)
		lines = append(lines, s[:at])
		if s = s[at:]; s == "" {
			return lines
		}
	}
}

// beside writes label before the first of the lines and indents the others
// below it. labelCells is how wide the label is on the screen.
func beside(label string, labelCells int, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if i == 0 {
			out[i] = label + line
			continue
		}
		out[i] = spaces(labelCells) + line
	}
	return out
}

// indent sets lines off to the right; empty ones stay empty.
func indent(lines []string, by int) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if line != "" {
			out[i] = spaces(by) + line
		}
	}
	return out
}

// styled draws each line in a style.
func styled(style interface{ Render(...string) string }, lines []string) []string {
	for i, line := range lines {
		lines[i] = style.Render(line)
	}
	return lines
}

// marked draws lines of the interview in w cells, without a margin.
func (st *styles) marked(lines []interview.Line, w int) []string {
	var out []string
	for i, line := range lines {
		if line.Mark == interview.Heading && i > 0 {
			out = append(out, "")
		}
		out = append(out, st.markedLine(line, w)...)
	}
	return out
}

func (st *styles) markedLine(line interview.Line, w int) []string {
	left := min(2*max(line.Indent, 0), w/3)
	room := w - left
	switch line.Mark {
	case interview.Code:
		return indent(styled(st.code, chop(line.Text, room)), left)
	case interview.Plain, interview.Heading, interview.Muted:
		return indent(styled(st.mark(line.Mark), wrap(line.Text, min(room, measure))), left)
	}
	room = min(room, measure)
	word := line.Mark.Word()
	label := tagOf(word, w)
	var text []string
	if len(word) == 1 { // the sign of an added or removed text, coloured with it
		text = styled(st.mark(line.Mark), wrap(line.Text, room-cells(label)))
	} else {
		text = wrap(line.Text, room-cells(label))
	}
	return indent(beside(st.mark(line.Mark).Render(label), cells(label), text), left)
}

// tagOf is the word before a line: in a column of its own where there is room.
func tagOf(word string, w int) string {
	switch {
	case len(word) <= 1:
		return word + " "
	case w < roomy:
		return word + ": "
	}
	return pad(word, tagCells)
}

// frame makes a view of lines: at most h of them, none wider than w.
func frame(lines []string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	lines = lines[:min(len(lines), h)]
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		if ansi.StringWidth(line) > w {
			out[i] = ansi.Truncate(line, w, "")
		}
	}
	return strings.Join(out, "\n")
}

// bodyHeight is how many of all lines are seen at once in h lines: where not
// all fit, the last line tells how many there are above and below.
func bodyHeight(all, h int) int {
	if all <= h || h < 4 {
		return max(h, 0)
	}
	return h - 1
}

// scrolled returns what is seen of lines from top on in h lines.
func (st *styles) scrolled(lines []string, top, h int) []string {
	body := bodyHeight(len(lines), h)
	top = clamp(top, 0, len(lines)-body)
	end := min(top+body, len(lines))
	seen := append([]string(nil), lines[top:end]...)
	if body == h {
		return seen
	}
	return append(seen, spaces(margin)+st.dim.Render(whereabouts(top, len(lines)-end)))
}

// whereabouts says what is above and below of what is seen.
func whereabouts(above, below int) string {
	switch {
	case below == 0:
		return fmt.Sprintf("… %s above", countLines(above))
	case above == 0:
		return fmt.Sprintf("… %s below", countLines(below))
	}
	return fmt.Sprintf("… %d above, %s below", above, countLines(below))
}

func countLines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}

// keepVisible moves top as little as is needed to see lines from…to-1, and
// rather their beginning than their end.
func keepVisible(top, from, to, body int) int {
	if to > top+body {
		top = to - body
	}
	if from < top {
		top = from
	}
	return max(top, 0)
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
