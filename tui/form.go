package tui

import (
	"fmt"
	"maps"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// form asks questions one below the other, the focused one open. It ends with
// a formDoneMsg.
type form struct {
	st    *styles
	title string
	ask   func(interview.Answers) []interview.Question
	given interview.Answers // never changed in place

	questions []interview.Question
	at        int    // the focused question
	field     field  // its editor, if it is a text
	choice    choice // its editor, if it has options

	changed bool // anything was answered here
	why     bool // say why the question is asked, even if there is no room for the answer then
	mistake *interview.Mistake
	mending bool // all was gone through, only the mistake is left
}

// newForm returns a form that begins at the first question. ask is called anew
// after each answer, because questions depend on it.
func newForm(st *styles, title string, ask func(interview.Answers) []interview.Question, given interview.Answers) form {
	f := form{st: st, title: title, ask: ask, given: maps.Clone(given)}
	if f.given == nil {
		f.given = interview.Answers{}
	}
	f.questions = ask(f.given)
	return f.focused(0)
}

// focused opens a question, with an editor for it.
func (f form) focused(at int) form {
	f.at = clamp(at, 0, len(f.questions)-1)
	f.field, f.choice = field{}, choice{}
	if q, ok := f.question(); ok {
		if isChoice(q) {
			f.choice = newChoice(q)
		} else {
			f.field = newField(q)
		}
	}
	return f
}

// question is the one with the focus.
func (f form) question() (interview.Question, bool) {
	if f.at < 0 || f.at >= len(f.questions) {
		return interview.Question{}, false
	}
	return f.questions[f.at], true
}

func isChoice(q interview.Question) bool {
	return q.Kind == interview.Choice || q.Kind == interview.Choices
}

// typing reports whether letters go into a text.
func (f form) typing() bool {
	q, ok := f.question()
	return ok && (!isChoice(q) || f.choice.searching)
}

// takesEsc reports whether esc is for the form now: it ends the search within
// the options. Else it is for who holds the form.
func (f form) takesEsc() bool { return f.choice.searching }

// touched reports whether anything was answered in this form.
func (f form) touched() bool { return f.changed || f.pending() }

// pending reports whether the focused question holds what is not answered yet.
func (f form) pending() bool { return f.field.touched || f.choice.touched }

// withMistake focuses the question that the mistake is about and shows it.
func (f form) withMistake(m *interview.Mistake) form {
	if i := f.index(m.ID); i >= 0 {
		f = f.focused(i)
	}
	f.mistake, f.mending = m, true
	return f
}

func (f form) index(id interview.ID) int {
	return slices.IndexFunc(f.questions, func(q interview.Question) bool { return q.ID == id })
}

// answers are what was given and what was answered here, with what is being
// typed.
func (f form) answers() interview.Answers { return f.kept().given }

// kept takes what is being typed as the answer.
func (f form) kept() form {
	switch {
	case f.field.touched:
		return f.answered(f.field.value())
	case f.choice.touched:
		return f.answered(f.choice.value())
	}
	return f
}

// answered writes down the answer to the focused question.
func (f form) answered(value string) form {
	f.given = maps.Clone(f.given)
	f.given[f.questions[f.at].ID] = value
	f.changed = true
	return f
}

func (f form) Update(msg tea.Msg) (form, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return f, nil
	}
	f.why = !f.why && key.Matches(press, keys.why)
	switch {
	case key.Matches(press, keys.why):
		return f, nil
	case key.Matches(press, keys.done):
		return f.finished()
	case key.Matches(press, keys.after):
		return f.left(1), nil
	case key.Matches(press, keys.before):
		return f.left(-1), nil
	}
	q, ok := f.question()
	switch {
	case !ok && key.Matches(press, keys.take):
		return f.finished()
	case !ok:
		return f, nil
	case isChoice(q):
		return f.updateChoice(press)
	}
	return f.updateField(press)
}

func (f form) updateField(press tea.KeyMsg) (form, tea.Cmd) {
	switch press.Type {
	case tea.KeyEnter:
		return f.taken(f.field.value())
	case tea.KeyUp:
		return f.left(-1), nil
	case tea.KeyDown:
		return f.left(1), nil
	}
	f.field = f.field.update(press)
	return f, nil
}

func (f form) updateChoice(press tea.KeyMsg) (form, tea.Cmd) {
	var out outcome
	f.choice, out = f.choice.update(press)
	if out.taken {
		return f.taken(out.value)
	}
	f.mistake = out.mistake
	return f, nil
}

// left goes to another question with what is typed kept; that of a choice
// without its cursor's being an answer.
func (f form) left(by int) form {
	return f.kept().asked(by)
}

// asked asks anew with what is answered now, and goes on from the question
// that had the focus, wherever it is now.
func (f form) asked(by int) form {
	q, ok := f.question()
	f.mistake, f.mending = nil, false
	f.questions = f.ask(f.given)
	if i := f.index(q.ID); ok && i >= 0 {
		return f.focused(i + by)
	}
	return f.focused(f.at + min(by, 0))
}

// taken takes an answer and goes on to the next question. After the last one,
// or once a mistake is mended and nothing new is asked, the form is done.
func (f form) taken(value string) (form, tea.Cmd) {
	before, mending, id := f.questions, f.mending, f.questions[f.at].ID
	f = f.answered(value).asked(0)
	if mending {
		if i := firstNew(before, f.questions); i >= 0 {
			return f.focused(i), nil
		}
		return f.finished()
	}
	at := f.index(id) + 1
	if at == 0 { // it is not asked any more: what came after it has its place
		at = slices.IndexFunc(before, func(q interview.Question) bool { return q.ID == id })
	}
	if at >= len(f.questions) {
		return f.finished()
	}
	return f.focused(at), nil
}

// firstNew is the first question that was not asked before, or -1.
func firstNew(before, now []interview.Question) int {
	return slices.IndexFunc(now, func(q interview.Question) bool {
		return !slices.ContainsFunc(before, func(old interview.Question) bool { return old.ID == q.ID })
	})
}

// finished sends the answers.
func (f form) finished() (form, tea.Cmd) {
	f = f.kept()
	f.mistake = nil
	given := f.given
	return f, func() tea.Msg { return formDoneMsg{given} }
}

// keys are those that do something now.
func (f form) keys() []key.Binding {
	q, ok := f.question()
	if !ok {
		return []key.Binding{does(keys.take, "done")}
	}
	rest := []key.Binding{
		when(keys.after, f.at+1 < len(f.questions)), when(keys.before, f.at > 0),
		does(keys.done, "done with all"), when(keys.why, q.Why != ""),
	}
	if !isChoice(q) {
		return append([]key.Binding{keys.take, when(keys.fill, f.field.proposing())}, rest...)
	}
	return append(f.choice.keys(), rest...)
}

func (c choice) keys() []key.Binding {
	if c.searching {
		return []key.Binding{keys.take, does(keys.back, "end the search"), keys.arrowUp, keys.arrowDown}
	}
	take, pick := keys.take, keys.pick
	if c.q.Kind == interview.Choices {
		take, pick = does(take, "take the marked"), does(pick, "mark")
	}
	if n := len(c.q.Options); n < 9 {
		pick.SetKeys(pick.Keys()[:n]...)
		pick.SetHelp(fmt.Sprintf("1-%d", n), pick.Help().Desc)
	}
	many := len(c.q.Options) > 1
	return []key.Binding{
		take, when(keys.up, many), when(keys.down, many), when(pick, many),
		when(keys.toggle, c.q.Kind == interview.Choices), when(keys.search, c.canSearch()),
	}
}
