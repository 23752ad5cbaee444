package render

import (
	"fmt"
	"io"
	"strings"

	"sendplan/internal/term"
)

// Text draws lines for people. Its methods take text that may come from the
// network: they make it safe and break it to the page's width.
type Text struct {
	Page
	b strings.Builder
}

func writeText(w io.Writer, p Page, _ any, text func(*Text)) error {
	t := &Text{Page: p}
	text(t)
	return t.flush(w)
}

func (t *Text) flush(w io.Writer) error {
	_, err := io.WriteString(w, t.b.String())
	t.b.Reset()
	return err
}

// maxLines bounds one paragraph: what a hostile record may fill of a screen.
const maxLines = 24

// Para writes text from column indent on, after a label that stands there.
// Long text is broken at blanks, very long text is cut.
func (t *Text) Para(indent int, label, text string, pen term.Pen) {
	label = strings.Repeat(" ", indent) + label
	column := term.Cells(label)
	room := max(t.Width-column, 20)
	safe := term.SafeMax(text, room*maxLines)
	t.b.WriteString(label)
	for i, line := range strings.Split(term.Wrap(safe, t.Width, column), "\n") {
		if i > 0 {
			t.b.WriteString("\n" + strings.Repeat(" ", column))
			line = strings.TrimLeft(line, " ")
		}
		t.b.WriteString(pen.Draw(line))
	}
	t.b.WriteByte('\n')
}

// Line writes text that is ours and fits.
func (t *Text) Line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }

// Blank writes an empty line.
func (t *Text) Blank() { t.b.WriteByte('\n') }

// Mark writes a record and underlines the span from start to end, in octets.
// A record that does not fit on the line is cut around the span.
func (t *Text) Mark(indent int, record string, start, end int, pen term.Pen) {
	room := max(t.Width-indent, 20)
	if start < 0 || end > len(record) || start >= end {
		t.Para(indent, "", record, t.Style.Dim)
		return
	}
	span := term.SafeMax(record[start:end], room*2/3)
	side := (room - term.Cells(span)) / 2
	before := lastCells(term.Safe(record[:start]), side)
	after := term.SafeMax(record[end:], room-term.Cells(before)-term.Cells(span))
	pad := strings.Repeat(" ", indent)
	t.Line("%s%s%s%s", pad, t.Style.Dim.Draw(before), span, t.Style.Dim.Draw(after))
	t.Line("%s%s%s", pad, strings.Repeat(" ", term.Cells(before)), pen.Draw(strings.Repeat("^", max(term.Cells(span), 1))))
}

// lastCells keeps the end of safe text.
func lastCells(s string, n int) string {
	if term.Cells(s) <= n {
		return s
	}
	runes := []rune(s)
	i := max(len(runes)-n, 0)
	for i < len(runes) && term.Cells(string(runes[i:])) > n-1 {
		i++
	}
	return "…" + string(runes[i:])
}
