package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// field is the editor of a text. What is proposed stands in it until something
// is typed; a key that moves or deletes takes it to be changed.
type field struct {
	q       interview.Question
	input   editor
	touched bool // what stands in the input is the answer
}

func newField(q interview.Question) field {
	f := field{q: q}
	if q.Basis == "" {
		f.input = newEditor(clean(q.Answer, " "))
	}
	return f
}

// proposing reports whether the proposal still stands.
func (f field) proposing() bool { return !f.touched && f.q.Basis != "" && f.q.Answer != "" }

// value is the answer as it stands.
func (f field) value() string {
	if f.touched {
		return strings.TrimSpace(f.input.String())
	}
	return f.q.Answer
}

func (f field) update(msg tea.KeyMsg) field {
	switch {
	case f.proposing() && key.Matches(msg, keys.fill) && !msg.Paste:
		f.touched = true
		f.input = newEditor(clean(f.q.Answer, " "))
		return f
	case f.touched && f.q.Basis != "" && f.input.String() == "" && msg.Type == tea.KeyBackspace:
		f.touched = false
		return f
	}
	old := f.input.String()
	f.input = f.input.update(cleanKey(msg, f.separator()))
	f.touched = f.touched || f.input.String() != old
	return f
}

// separator is what stands between pasted lines.
func (f field) separator() string {
	if f.q.Kind == interview.List {
		return ", "
	}
	return " "
}

// draw returns the lines of the field in w cells: the text with its cursor, and
// what is to be known of it.
func (f field) draw(st *styles, w int) []string {
	room := w - 2
	lead := st.accent.Render("> ")
	if f.proposing() {
		line := st.proposed(term.Safe(f.q.Answer), room)
		hint := "proposed: " + f.q.Basis + " (enter takes it, → changes it, typing replaces it)"
		return append([]string{lead + line}, indent(styled(st.dim, wrap(hint, room)), 2)...)
	}
	lines := []string{lead + f.input.draw(st, room)}
	if f.q.Example != "" {
		lines = append(lines, indent(styled(st.dim, wrap("for example: "+f.q.Example, room)), 2)...)
	}
	return lines
}

// proposed draws a text that is not typed yet, with the cursor on it.
func (st *styles) proposed(s string, w int) string {
	if !st.color {
		return "█" + cut(s, w-1)
	}
	s = cut(s, w)
	first := s[:firstLetter(s)]
	return st.cursor.Render(first) + st.dim.Render(s[len(first):])
}
