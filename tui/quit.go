package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// interrupted is ctrl+c: it asks like q, and a second one asks nothing.
func (m model) interrupted() (model, tea.Cmd) {
	m.signal = true
	if m.modal != nil && m.modal.quits || m.small() {
		return m, tea.Quit
	}
	m.help = false
	return m.end()
}

// leaving is q.
func (m model) leaving() (model, tea.Cmd) {
	m.signal = false
	return m.end()
}

// end quits, and asks before where there is work to lose.
func (m model) end() (model, tea.Cmd) {
	if !m.unsaved() {
		return m, tea.Quit
	}
	m, cmd := m.ask(newConfirm(m.st, "Quit?", m.staying(), "quit"), func(m model) (model, tea.Cmd) { return m, tea.Quit })
	m.modal.quits = true
	return m, cmd
}

// unsaved reports whether there is work that is not written yet.
func (m model) unsaved() bool {
	if m.done {
		return false
	}
	if m.work {
		return true
	}
	for _, l := range m.layers {
		if f, ok := l.view.(held[form]); ok && f.c.touched() {
			return true
		}
	}
	return false
}

// staying says what becomes of the work.
func (m model) staying() []interview.Line {
	switch {
	case !m.work:
		return []interview.Line{{Text: "What was typed here is lost."}}
	case m.keptAt == "":
		return []interview.Line{{Mark: interview.Warn, Text: "The draft could not be kept: what was answered is lost."}}
	}
	return m.resuming(m.keptAt)
}

// resuming says where the draft is, and how to go on with it.
func (m model) resuming(path string) []interview.Line {
	return []interview.Line{
		{Text: "The draft is kept at " + path + ". This takes it up again:"},
		{Mark: interview.Code, Indent: 1, Text: m.state.Resume()},
	}
}
