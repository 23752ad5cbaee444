package tui

import (
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// form is a layer that asks about something. What was typed before the form was
// left is there again. after is what comes once the answers are taken.
func (m model) form(of start, given interview.Answers, after then) layer {
	if begun, ok := m.begun[of]; ok {
		given = begun
	}
	s := m.state
	ask := func(a interview.Answers) []interview.Question { return s.Questions(of.about, a) }
	title := formTitle(of.about)
	return layer{
		view: held[form]{newForm(m.st, title, ask, given)},
		name: title, of: of,
		escape:  func(m model) (model, tea.Cmd) { return m.remembering().pop(), nil },
		answers: func(m model, a interview.Answers) (model, tea.Cmd) { return m.put(of, a, after) },
	}
}

// remembering keeps what was typed into the form on top, if one is there.
func (m model) remembering() model {
	if f, ok := m.top().view.(held[form]); ok && f.c.touched() {
		m.begun[m.top().of] = f.c.answers()
	}
	return m
}

// formTitle says what a form is about.
func formTitle(about interview.Subject) string {
	switch {
	case about.Of == interview.OfDomains, about.Of == interview.OfTenant, about.Of == interview.OfExport:
		return interview.Step(about.Of).Title()
	case about.Of == interview.OfOpen:
		return "Open questions"
	case about.Name == "":
		return "New " + string(about.Of)
	case about.Of == interview.OfDomain:
		return "Goals of " + about.Name
	}
	return strings.ToUpper(string(about.Of[:1])) + string(about.Of[1:]) + " " + about.Name
}

// put takes the answers of a form.
func (m model) put(of start, a interview.Answers, after then) (model, tea.Cmd) {
	s, err := m.state.Put(of.about, a)
	if err != nil {
		return m.mistaken(err), nil
	}
	delete(m.begun, of)
	m, changed := m.changed(s)
	if t, ok := m.layers[0].view.(held[tableView]); ok {
		m = m.withLayer(0, held[tableView]{t.c.onRow(interview.Subject{Of: of.about.Of, Name: a["name"]})})
	}
	m, more := after(m)
	return m, tea.Batch(changed, more)
}

// mistaken lets the form on top go on, with what is wrong.
func (m model) mistaken(err error) model {
	var mistake *interview.Mistake
	f, isForm := m.top().view.(held[form])
	if !isForm || !errors.As(err, &mistake) {
		return m.failed(err)
	}
	return m.withTop(held[form]{f.c.withMistake(mistake)})
}

// edit opens a form upon the step.
func (m model) edit(of start, given interview.Answers) (model, tea.Cmd) {
	return m.push(m.form(of, given, popped)), nil
}

// changed takes a state in which something was changed, keeps it, and asks for
// what it needs.
func (m model) changed(s interview.State) (model, tea.Cmd) {
	m.state, m.done = s, false
	m.work = m.work || s.Draft != nil
	if s.At != interview.Plan { // there the plan before is shown until the new one is made
		m = m.refreshed()
	}
	m, asked := m.needs(false)
	m, kept := m.keep()
	return m, tea.Batch(asked, kept)
}

// failed tells an error in the footer.
func (m model) failed(err error) model {
	text := err.Error()
	var mistake *interview.Mistake
	if errors.As(err, &mistake) && mistake.Fix != "" {
		text += "; " + mistake.Fix
	}
	return m.noted(interview.Bad, text)
}

// noted tells something in the footer.
func (m model) noted(mark interview.Mark, text string) model {
	m.notice = notice{mark, text}
	return m
}
