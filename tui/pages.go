package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner"
	"sendplan/planner/interview"
)

// pageActions are what can be done at a step that shows a page.
func (m model) pageActions() []action {
	if m.run != nil {
		return m.run.actions()[:1]
	}
	again := "look again"
	if m.state.At == interview.Plan {
		again = "plan again"
	}
	return []action{on(keys.next, "next step", model.next), on(keys.again, again, model.again)}
}

// accept asks whether a yes is meant, and writes it.
func (m model) accept(id planner.AcceptID) (model, tea.Cmd) {
	question := newConfirm(m.st, "Say yes to this?", accepting(m.state.Page(), id), "yes")
	return m.ask(question, func(m model) (model, tea.Cmd) {
		s, err := m.state.Accept(id)
		if err != nil {
			return m.failed(err), nil
		}
		return m.changed(s)
	})
}

// accepting is what there is to read before a yes: the item that waits for it,
// and what becomes of it.
func accepting(p interview.Page, id planner.AcceptID) []interview.Line {
	for _, s := range p.Sections {
		for _, i := range s.Items {
			if i.Accept == id {
				lines := append([]interview.Line{{Mark: i.Mark, Text: i.Title}}, i.More...)
				return append(lines,
					interview.Line{},
					interview.Line{Text: "The yes is written into the inventory, with the date, as:"},
					interview.Line{Mark: interview.Code, Indent: 1, Text: string(id)})
			}
		}
	}
	return nil
}
