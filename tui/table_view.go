package tui

import (
	"strings"

	"sendplan/planner/interview"
)

const (
	leastPane  = 36 // cells of a pane beside the table
	leastLines = 5  // lines of one below it
)

// View draws the table, and where there is room what there is to say of the row
// at the cursor.
func (v tableView) View(w, h int) string {
	v = v.sized(w, h)
	if v.opened != nil {
		return v.opened.View(w, h)
	}
	if len(v.table.Rows) == 0 {
		return frame(indent(styled(v.st.dim, wrap(v.table.Empty, w-2*margin)), margin), w, h)
	}
	if left := v.beside(w); left > 0 {
		return frame(v.split(v.columns(left), w, h), w, h)
	}
	c := v.columns(w)
	lines := v.drawRows(c, v.heightOf(h))
	if h-len(lines) >= leastLines {
		lines = append(lines, v.below(c, h-len(lines))...)
	}
	return frame(lines, w, h)
}

// columns are those of the table as they fit into w cells.
type columns struct {
	w      int
	widths []int
}

func (v tableView) columns(w int) columns {
	return columns{w, fitColumns(v.natural, w-2*margin-v.tagRoom())}
}

// tagRoom is what the words behind the rows take, with their gap.
func (v tableView) tagRoom() int {
	if v.tag == 0 {
		return 0
	}
	return v.tag + columnGap
}

// beside is how wide the table is with a pane at its right; 0: there is no room
// for one.
func (v tableView) beside(w int) int {
	if w < sideBySide {
		return 0
	}
	natural := 2*margin + v.tagRoom() - columnGap
	for _, n := range v.natural {
		natural += n + columnGap
	}
	return min(natural, w-leastPane, w*13/20)
}

// heightOf is how many of h lines the rows take where a pane stands below them:
// all they need, but no more than leave room for it.
func (v tableView) heightOf(h int) int {
	all := len(v.rows)
	pane := max(h*2/5, leastLines)
	switch {
	case h-all >= leastLines:
		return all
	case h-pane >= leastLines:
		return h - pane
	}
	return h
}

// drawRows draws headings and rows in h lines.
func (v tableView) drawRows(c columns, h int) []string {
	var lines []string
	if len(v.table.Columns) > 0 && h > 1 {
		lines = append(lines, spaces(margin)+v.st.dim.Render(inColumns(v.rows[0], c.widths)))
		h--
	}
	b := block{from: v.at, to: v.at + 1, lines: make([]string, len(v.table.Rows))}
	top := around(b, h)
	for i := top; i < min(top+bodyHeight(len(b.lines), h), len(b.lines)); i++ {
		b.lines[i] = v.drawRow(c, i)
	}
	return append(lines, v.st.scrolled(b.lines, top, h)...)
}

// drawRow draws a row behind its sign, and its word behind that.
func (v tableView) drawRow(c columns, i int) string {
	st, r := v.st, v.table.Rows[i]
	sign, word, style := spaces(margin), st.mark(r.Mark), st.plain
	if r.Suggested {
		word, style = st.dim, st.dim
	}
	if i == v.at {
		sign, style = st.accent.Render("> "), st.accent
	}
	row := inColumns(v.rows[i+1], c.widths)
	line := sign + style.Render(row)
	if tag := rowWord(r); tag != "" {
		line += spaces(widthOf(c.widths)-cells(row)+columnGap) + word.Render(tag)
	}
	return line
}

// split draws the table at the left and what there is to say at its right.
func (v tableView) split(c columns, w, h int) []string {
	rows := v.drawRows(c, h)
	pane := v.pane(c, w-c.w-2-margin, h)
	return v.st.joined(rows, pane, c.w, "│ ")
}

// below draws what there is to say below the table, under a line.
func (v tableView) below(c columns, h int) []string {
	pane := v.pane(c, c.w-2*margin, h-2)
	if len(pane) == 0 {
		return nil
	}
	lines := make([]string, 0, h)
	if h >= airy/2 {
		lines = append(lines, "")
	}
	rule := spaces(margin) + v.st.dim.Render(strings.Repeat("─", max(c.w-2*margin, 0)))
	return append(append(lines, rule), indent(pane, margin)...)
}

// pane says of the row at the cursor what its columns do not, as much as fits
// into w cells and h lines.
func (v tableView) pane(c columns, w, h int) []string {
	cut := missing(v.rows[v.at+1], c.widths)
	if len(cut) > 0 && cut[0] == 0 { // the title tells it
		cut = cut[1:]
	}
	about := v.about(cut)
	if len(about) == 0 {
		return nil
	}
	title := interview.Line{Mark: interview.Heading, Text: v.rows[v.at+1][0]}
	lines := v.st.marked(append([]interview.Line{title}, about...), w)
	if len(lines) <= h || h < 1 {
		return lines
	}
	rest := countLines(len(lines)-h+1) + " more: space shows all"
	return append(lines[:h-1:h-1], v.st.dim.Render("… "+rest))
}
