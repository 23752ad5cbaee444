package tui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

const widestBox = 76

// confirmLayout is how a confirm is divided: the cells and lines of what it is
// about, and what is around that.
type confirmLayout struct {
	question, answers []string
	room              int  // cells between the sides
	lines             int  // of what it is about
	box, gaps         bool // whether there is room for them
}

func (c confirm) layout(w, h int) confirmLayout {
	l := confirmLayout{room: max(min(w-2*margin, widestBox)-4, 1)}
	l.question = styled(c.st.title, wrap(c.question, l.room))
	l.answers = c.st.keyFlow(shownKeys(c.keys()[:2]), l.room)
	l.lines = h - len(l.question) - len(l.answers)
	if l.box = l.lines >= 4 && w >= 16; l.box {
		l.lines -= 2
	}
	if l.gaps = l.lines >= 5; l.gaps {
		l.lines -= 2
	}
	return l
}

// View draws the question, what it is about, and the keys that answer it.
func (c confirm) View(w, h int) string {
	l := c.layout(w, h)
	gap := make([]string, 0, 1)
	if l.gaps {
		gap = append(gap, "")
	}
	lines := append(l.question, gap...)
	if len(c.page.page.Lead) > 0 && l.lines > 0 {
		about := strings.Split(c.page.View(l.room+margin, l.lines), "\n")
		lines = append(append(lines, about...), gap...)
	}
	lines = append(lines, l.answers...)
	if l.box {
		lines = c.st.boxed(lines, l.room)
	}
	return frame(indent(lines, margin), w, h)
}

// boxed draws lines in a box that is inner cells wide within.
func (st *styles) boxed(lines []string, inner int) []string {
	side := strings.Repeat("─", inner+2)
	out := []string{st.dim.Render("╭" + side + "╮")}
	for _, line := range lines {
		fill := spaces(inner - lipgloss.Width(line))
		out = append(out, st.dim.Render("│ ")+line+fill+st.dim.Render(" │"))
	}
	return append(out, st.dim.Render("╰"+side+"╯"))
}
