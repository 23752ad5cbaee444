package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

// listed is what the table of a step lists.
func (m model) listed() interview.Of {
	return map[interview.Step]interview.Of{
		interview.Sites: interview.OfSite, interview.Devices: interview.OfDevice, interview.Wishes: interview.OfDomain,
	}[m.state.At]
}

// listActions are what can be done at a step that shows a table.
func (m model) listActions() []action {
	row, found := m.row()
	devices, grows := m.state.At == interview.Devices, m.state.At != interview.Wishes
	own := grows && found && !row.Suggested
	opens := bind("enter/e", "edit", "enter", "e")
	switch {
	case !found:
		opens = does(keys.open, "add")
	case row.Suggested:
		opens = does(opens, "take it up")
	}
	return []action{
		action{opens, model.openRow}.when(found || grows),
		on(keys.add, "add", model.add).when(grows),
		on(keys.recommend, "recommended method", model.recommend).when(devices && own),
		on(keys.questions, "open questions", model.openQuestions).when(devices && m.doubts),
		on(keys.paste, "paste a list", model.paste).when(devices),
		on(keys.load, "import a file", model.load).when(devices),
		on(keys.duplicate, "duplicate", model.duplicate).when(own),
		on(keys.remove, "delete", model.remove).when(own),
		on(bind("M", "", "M"), "recommended methods for all", model.recommendAll).when(devices && found),
		on(keys.next, "next step", model.next),
	}
}

// open is what the advice about devices depends on.
var open = interview.Subject{Of: interview.OfOpen}

// doubting finds out whether that advice depends on what nobody knows yet.
func (m model) doubting() model {
	m.doubts = m.state.At == interview.Devices && len(m.state.Questions(open, nil)) > 0
	return m
}

// row is the row at the cursor of the table at the bottom.
func (m model) row() (interview.Row, bool) {
	t, ok := m.layers[0].view.(held[tableView])
	if !ok {
		return interview.Row{}, false
	}
	return t.c.selected()
}

// onRow moves the cursor to what a row is about, if there is such a row.
func (v tableView) onRow(about interview.Subject) tableView {
	if i := slices.IndexFunc(v.table.Rows, func(r interview.Row) bool { return r.About == about && !r.Suggested }); i >= 0 {
		v.at = i
	}
	return v
}

// openRow opens the form of the row at the cursor, or where there is none that
// of a new one.
func (m model) openRow() (model, tea.Cmd) {
	row, found := m.row()
	switch {
	case !found:
		return m.add()
	case row.Suggested:
		return m.edit(start{row.About, strings.Join(row.Cells, "\n")}, row.Answers)
	}
	return m.edit(start{about: row.About}, nil)
}

func (m model) add() (model, tea.Cmd) {
	return m.edit(start{about: interview.Subject{Of: m.listed()}}, nil)
}

func (m model) duplicate() (model, tea.Cmd) {
	row, _ := m.row()
	return m.edit(start{interview.Subject{Of: m.listed()}, row.About.Name}, m.state.Copy(row.About))
}

// remove asks, and deletes what the row at the cursor is about.
func (m model) remove() (model, tea.Cmd) {
	row, _ := m.row()
	question := newConfirm(m.st, fmt.Sprintf("Delete the %s %q?", row.About.Of, row.About.Name), nil, "delete").carefully()
	return m.ask(question, func(m model) (model, tea.Cmd) {
		s, err := m.state.Delete(row.About)
		if err != nil {
			return m.failed(err), nil
		}
		return m.changed(s)
	})
}

// recommend takes the recommended method for the device at the cursor,
// recommendAll for each for which none is decided.
func (m model) recommend() (model, tea.Cmd) {
	row, _ := m.row()
	s, err := m.state.Recommend(row.About.Name)
	if err != nil {
		return m.failed(err), nil
	}
	m, cmd := m.changed(s)
	return m.noted(interview.Good, row.About.Name+" takes the recommended method"), cmd
}

func (m model) recommendAll() (model, tea.Cmd) {
	s := m.state
	return m.start(task{doing: "looking for the best methods", escape: func(m model) (model, tea.Cmd) { return m.leave(), nil },
		work: func(context.Context, func(survey.Progress)) then {
			s, err := s.Recommend("")
			return func(m model) (model, tea.Cmd) {
				if err != nil {
					return m.failed(err), nil
				}
				return m.recommended(s)
			}
		},
	})
}

// recommended takes a state in which all devices have a method for which one could
// be recommended.
func (m model) recommended(s interview.State) (model, tea.Cmd) {
	before := m.undecided()
	m, cmd := m.changed(s)
	rest := m.undecided()
	told := fmt.Sprintf("took the recommended method: %d", before-rest)
	if rest == 0 {
		return m.noted(interview.Good, told), cmd
	}
	return m.noted(interview.Note, fmt.Sprintf("%s; still without one: %d, answer what is open about them", told, rest)), cmd
}

// undecided counts the devices that have no method.
func (m model) undecided() int {
	n := 0
	for _, d := range m.state.Draft.Devices {
		if d.Method == "" {
			n++
		}
	}
	return n
}

func (m model) openQuestions() (model, tea.Cmd) { return m.edit(start{about: open}, nil) }
