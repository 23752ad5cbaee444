package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

// paste opens a box for a list of devices, load one for the name of a file.
func (m model) paste() (model, tea.Cmd) {
	return m.box(newPasteBox(m.st, "Paste a list of devices",
		"One device on each line, or lines copied out of a spreadsheet. ctrl+s reads it.",
		"scanner-2og, scan@example.com, 10.0.0.7"))
}

func (m model) load() (model, tea.Cmd) {
	return m.box(newPasteBox(m.st, "Import a file",
		"The name of a file: a list of devices, a CSV export of Exchange, or the JSON of one of its commands.",
		"devices.csv").ofOneLine())
}

func (m model) box(b pasteBox) (model, tea.Cmd) {
	return m.push(layer{view: held[pasteBox]{b}, name: b.title, escape: popped, pasted: model.read}), nil
}

// read has the world read what was pasted.
func (m model) read(text string) (model, tea.Cmd) {
	s := m.state
	return m.start(task{doing: "reading", escape: func(m model) (model, tea.Cmd) { return m.leave(), nil },
		work: func(context.Context, func(survey.Progress)) then {
			read, err := m.world.Read(s, text)
			return func(m model) (model, tea.Cmd) { return m.imported(read, err) }
		},
	})
}

// imported offers what was read.
func (m model) imported(read interview.Import, err error) (model, tea.Cmd) {
	switch {
	case err != nil:
		return m.unread(err.Error()), nil
	case len(read.Devices) == 0 && read.Draft == nil:
		return m.unread(text(read.Lead)), nil
	}
	ask := func(a interview.Answers) []interview.Question { return offered(read, a) }
	const name = "What was read"
	return m.pop().push(layer{
		view: held[form]{newForm(m.st, name, ask, nil)}, name: name, escape: popped,
		answers: func(m model, a interview.Answers) (model, tea.Cmd) { return m.pop().taken(read, a) },
	}), nil
}

// unread shows in the box why nothing was read.
func (m model) unread(why string) model {
	if b, ok := m.top().view.(held[pasteBox]); ok {
		return m.withTop(held[pasteBox]{b.c.withProblem(why)})
	}
	return m.noted(interview.Bad, why)
}

// text is lines in one, each with an end.
func text(lines []interview.Line) string {
	var all []string
	for _, l := range lines {
		if s := strings.TrimRight(l.Text, ". "); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, "; ")
}

// The questions about what was read.
const (
	askTenant  interview.ID = "tenant"
	askDevices interview.ID = "devices"
	no                      = "no"
)

// offered asks what shall be taken of what was read.
func offered(read interview.Import, given interview.Answers) []interview.Question {
	var list []interview.Question
	if read.Draft != nil {
		list = append(list, interview.Question{
			ID: askTenant, Kind: interview.Choice, Label: "Tenant", Text: "Shall what it says of the tenant be taken over?", Why: text(read.Lead), Answer: "yes",
			Options: []interview.Option{{Value: "yes", Text: "yes"}, {Value: no, Text: "no"}},
		})
	}
	if len(read.Devices) > 0 {
		list = append(list, offeredDevices(read))
	}
	for i, q := range list {
		if answer, ok := given[q.ID]; ok {
			list[i].Answer = answer
		}
	}
	return list
}

// offeredDevices asks which devices shall be taken, by their numbers.
func offeredDevices(read interview.Import) interview.Question {
	q := interview.Question{
		ID: askDevices, Kind: interview.Choices, Label: "Devices", Text: "Which of these devices shall be taken?", Why: text(read.Lead),
	}
	var take []string
	for i, d := range read.Devices {
		o := interview.Option{Value: strconv.Itoa(i + 1), Text: d.Title, Note: d.Why}
		if d.Refused {
			o.Note, o.Against = "", []string{d.Why}
		} else if d.Take {
			take = append(take, o.Value)
		}
		q.Options = append(q.Options, o)
	}
	q.Answer = strings.Join(take, ", ")
	return q
}

// taken takes of what was read what the answers say.
func (m model) taken(read interview.Import, a interview.Answers) (model, tea.Cmd) {
	var given interview.Answers = map[interview.ID]string{}
	for _, q := range offered(read, a) {
		given[q.ID] = q.Answer
	}
	var list []interview.Offered
	for i, d := range read.Devices {
		if slices.Contains(strings.Split(given[askDevices], ", "), strconv.Itoa(i+1)) {
			list = append(list, d)
		}
	}
	if read.Draft == nil || given[askTenant] == no {
		return m.added(list)
	}
	s := m.state
	s.Draft, s.Plan = read.Draft, nil
	m, kept := m.changed(s)
	m, more := m.added(list)
	return m, tea.Batch(kept, more)
}

// added puts devices into the draft, away from the screen: of hundreds that takes
// its time.
func (m model) added(list []interview.Offered) (model, tea.Cmd) {
	if len(list) == 0 {
		return m, nil
	}
	s := m.state
	return m.start(task{doing: "adding the devices", escape: func(m model) (model, tea.Cmd) { return m.leave(), nil },
		work: func(context.Context, func(survey.Progress)) then {
			s, n, err := s.AddDevices(list)
			return func(m model) (model, tea.Cmd) {
				m, kept := m.changed(s)
				if err == nil {
					return m, kept
				}
				m, more := m.unadded(list[n], list[n+1:], err)
				return m, tea.Batch(kept, more)
			}
		},
	})
}

// unadded asks the questions about a device that cannot be put as it was read, and
// goes on with the rest. To leave its form is to leave it out.
func (m model) unadded(d interview.Offered, others []interview.Offered, err error) (model, tea.Cmd) {
	rest := func(m model) (model, tea.Cmd) { return m.pop().added(others) }
	l := m.form(start{interview.Subject{Of: interview.OfDevice}, d.Title}, d.Answers, rest)
	l.escape = rest
	return m.push(l).mistaken(err), nil
}
