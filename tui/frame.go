package tui

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/planner/interview"
)

const (
	leastWidth, leastHeight = 40, 10 // below, nothing useful can be shown
	railFrom                = 110    // the width from which on the steps stand on the left
	railCells               = 24     // of the steps, with the line beside them
	spacious                = 20     // the height from which on there are empty lines
	enlarge                 = "please enlarge, or run sendplan wizard --plain"
)

// small reports whether the terminal is too small.
func (m model) small() bool { return m.size.Width < leastWidth || m.size.Height < leastHeight }

func (m model) railed() bool { return m.size.Width >= railFrom }

// body is the size of what lies between header and footer.
func (m model) body() (w, h int) {
	w, h = m.size.Width, m.size.Height-len(m.header())-len(m.footer())
	if m.railed() {
		w -= railCells
	}
	return w, h
}

// View draws the screen. Before its size is known there is nothing to draw.
func (m model) View() string {
	if m.size.Width <= 0 || m.size.Height <= 0 || len(m.layers) == 0 {
		return ""
	}
	if m.small() {
		return frame(wrap(enlarge, m.size.Width), m.size.Width, m.size.Height)
	}
	w, h := m.body()
	body := filled(strings.Split(m.content(w, h), "\n"), h)
	if m.railed() {
		body = m.beside(body)
	}
	lines := slices.Concat(m.header(), body, m.footer())
	return frame(lines, m.size.Width, m.size.Height)
}

// filled is lines, h of them.
func filled(lines []string, h int) []string {
	lines = lines[:min(len(lines), h)]
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

// content is what the body shows.
func (m model) content(w, h int) string {
	switch {
	case m.help:
		return keyHelp(m.st, "Keys: "+m.top().name, m.bindings(), w, h)
	case m.modal == nil && m.run != nil && m.run.covering():
		return m.st.title.Render(cut(spaces(margin)+m.run.title(), w)) + "\n\n" + m.run.page.View(w, h-2)
	}
	return m.top().View(w, h)
}

// header is the program, what it is about, and which step it is at.
func (m model) header() []string {
	w := m.size.Width
	at := slices.Index(interview.Steps, m.state.At)
	where := fmt.Sprintf("%s  %d of %d", m.state.At.Title(), at+1, len(interview.Steps))
	left := "sendplan"
	if domains := m.state.Scope(); len(domains) > 0 {
		left += "  " + names(domains)
	}
	if cells(left) > w-cells(where)-2 {
		left = strings.TrimPrefix(left, "sendplan  ")
	}
	left = cut(left, w-cells(where)-2)
	line := m.st.strong.Render(left) + spaces(w-cells(left)-cells(where)) + m.st.accent.Render(where)
	if m.size.Height < spacious {
		return []string{line}
	}
	return []string{line, m.st.dim.Render(strings.Repeat("─", w))}
}

// footer is what there is to tell, and the keys.
func (m model) footer() []string {
	var lines []string
	if m.size.Height >= spacious {
		lines = append(lines, "")
	}
	if told := m.tells(); len(told) > 0 {
		lines = told
	}
	return append(lines, keyLine(m.st, m.bindings(), m.size.Width))
}

// tells is the notice, or else what is under way behind what is shown.
func (m model) tells() []string {
	line := interview.Line{Mark: m.notice.mark, Text: m.notice.text}
	if line.Text == "" && m.run != nil && !m.run.covering() {
		line = interview.Line{Mark: interview.Muted, Text: m.run.title()}
	}
	if line.Text == "" {
		return nil
	}
	lines := m.st.marked([]interview.Line{line}, m.size.Width-margin)
	return indent(lines[:min(len(lines), 2)], margin)
}

// beside sets the body to the right of the steps.
func (m model) beside(body []string) []string {
	rail := m.rail()
	lines := make([]string, len(body))
	for i, line := range body {
		left := spaces(railCells - 2)
		if i < len(rail) {
			left = rail[i]
		}
		lines[i] = left + m.st.dim.Render("│") + " " + line
	}
	return lines
}

// rail lists the steps: which are done, which one is on, and what they hold.
func (m model) rail() []string {
	at := slices.Index(interview.Steps, m.state.At)
	lines := []string{spaces(railCells - 2)}
	for i, s := range interview.Steps {
		sign, style := "  ", m.st.dim
		switch {
		case i == at:
			sign, style = "> ", m.st.accent
		case i < at:
			sign, style = "✓ ", m.st.plain
		}
		held := m.holds(s)
		text := pad(sign+s.Title(), railCells-3-cells(held)) + held + " "
		lines = append(lines, style.Render(text))
	}
	return lines
}

// holds is how much a step holds, as far as that can be counted.
func (m model) holds(s interview.Step) string {
	n := 0
	switch {
	case s == interview.Domains:
		n = len(m.state.Domains)
	case m.state.Draft == nil:
	case s == interview.Sites:
		n = len(m.state.Draft.Sites)
	case s == interview.Devices:
		n = len(m.state.Draft.Devices)
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
