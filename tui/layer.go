package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// view is what fills the screen between header and footer.
type view interface {
	update(msg tea.Msg, w, h int) (view, tea.Cmd)
	View(w, h int) string
	keys() []key.Binding
	typing() bool   // letters go into a text
	takesEsc() bool // esc is for the view
}

// component is what a view is made of.
type component[T any] interface {
	Update(tea.Msg) (T, tea.Cmd)
	View(w, h int) string
	keys() []key.Binding
}

// held makes a view of a component.
type held[T component[T]] struct{ c T }

func (h held[T]) update(msg tea.Msg, width, height int) (view, tea.Cmd) {
	c := h.c
	if s, ok := any(c).(interface{ sized(w, h int) T }); ok {
		c = s.sized(width, height)
	}
	c, cmd := c.Update(msg)
	return held[T]{c}, cmd
}

func (h held[T]) View(w, ht int) string { return h.c.View(w, ht) }
func (h held[T]) keys() []key.Binding   { return h.c.keys() }

func (h held[T]) typing() bool {
	t, ok := any(h.c).(interface{ typing() bool })
	return ok && t.typing()
}

func (h held[T]) takesEsc() bool {
	t, ok := any(h.c).(interface{ takesEsc() bool })
	return ok && t.takesEsc()
}

// layer is a view and what comes of it. The layers of the wizard lie upon each
// other: at the bottom that of the step, above it a form that was opened from
// there.
type layer struct {
	view
	name    string                                          // for the help, and what it asks for
	of      start                                           // what a form is about
	actions func(model) []action                            // what can be done besides the keys of the view
	escape  then                                            // what esc does; nil: nothing
	answers func(model, interview.Answers) (model, tea.Cmd) // takes those of a form
	pasted  func(model, string) (model, tea.Cmd)            // takes the text of a paste box
	yes     then                                            // takes the yes to a confirm
	quits   bool                                            // which ends the program
}

// action is something that can be done with a key.
type action struct {
	key.Binding
	do then
}

// on returns what a key does here.
func on(b key.Binding, what string, do then) action { return action{does(b, what), do} }

// when leaves the action possible only under a condition.
func (a action) when(possible bool) action {
	a.SetEnabled(possible)
	return a
}

// top is the layer that has the keys.
func (m model) top() layer {
	if m.modal != nil {
		return *m.modal
	}
	return m.layers[len(m.layers)-1]
}

// withTop replaces the view of the layer that has the keys.
func (m model) withTop(v view) model {
	if m.modal != nil {
		modal := *m.modal
		modal.view = v
		m.modal = &modal
		return m
	}
	return m.withLayer(len(m.layers)-1, v)
}

// withLayer replaces the view of a layer.
func (m model) withLayer(i int, v view) model {
	layers := append([]layer(nil), m.layers...)
	layers[i].view = v
	m.layers = layers
	return m
}

// push lays a layer upon the others.
func (m model) push(l layer) model {
	m.layers = append(m.layers[:len(m.layers):len(m.layers)], l)
	return m
}

// pop takes the uppermost layer away.
func (m model) pop() model {
	m.layers = m.layers[:len(m.layers)-1]
	return m
}

// popped is pop as what becomes of the wizard.
func popped(m model) (model, tea.Cmd) { return m.pop(), nil }

// ask lays a question upon everything, until it is answered.
func (m model) ask(c confirm, yes then) (model, tea.Cmd) {
	m.modal = &layer{view: held[confirm]{c}, name: "A question", yes: yes}
	return m, nil
}

// confirmed takes the answer to the question.
func (m model) confirmed(yes bool) (model, tea.Cmd) {
	if m.modal == nil {
		return m, nil
	}
	do := m.modal.yes
	m.modal = nil
	if !yes {
		return m, nil
	}
	return do(m)
}
