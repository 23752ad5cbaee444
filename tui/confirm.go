package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// confirm asks for a yes. It sends a confirmedMsg.
type confirm struct {
	st       *styles
	question string
	page     pageView // what the answer is about
	yes      string
	careful  bool // enter is no yes: something is lost by it
}

// newConfirm returns a question that is answered with y or n, and with enter for
// y. yes says in a word or two what y does: "write".
func newConfirm(st *styles, question string, lines []interview.Line, yes string) confirm {
	return confirm{st: st, question: question, page: newPageView(st, interview.Page{Lead: lines}), yes: yes}
}

// carefully makes enter no yes: for what overwrites, deletes or drops.
func (c confirm) carefully() confirm {
	c.careful = true
	return c
}

// takesEsc reports that esc is a no.
func (c confirm) takesEsc() bool { return true }

// sized tells the question how much of it will be seen.
func (c confirm) sized(w, h int) confirm {
	l := c.layout(w, h)
	c.page = c.page.sized(l.room+margin, l.lines)
	return c
}

func (c confirm) yesKey() key.Binding {
	if c.careful {
		return does(keys.yes, c.yes)
	}
	return does(keys.yesEnter, c.yes)
}

func (c confirm) Update(msg tea.Msg) (confirm, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
		return c, nil
	case key.Matches(press, c.yesKey()):
		return c, func() tea.Msg { return confirmedMsg{true} }
	case key.Matches(press, keys.no):
		return c, func() tea.Msg { return confirmedMsg{false} }
	}
	var cmd tea.Cmd
	c.page, cmd = c.page.Update(press)
	return c, cmd
}

// keys are those that do something now.
func (c confirm) keys() []key.Binding {
	return append([]key.Binding{c.yesKey(), keys.no}, c.page.keys()...)
}
