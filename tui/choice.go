package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// searchable is from how many options on a search is offered.
const searchable = 7

// choice is the editor of a question with options.
type choice struct {
	q         interview.Question
	at        int      // the option with the cursor; -1 where the search finds none
	marked    []string // the values taken, of Choices
	touched   bool     // they are no longer what they were
	searching bool
	input     editor // what is searched for
}

func newChoice(q interview.Question) choice {
	c := choice{q: q}
	if q.Kind == interview.Choices {
		c.marked = splitAnswer(q.Answer)
		return c
	}
	c.at = startOption(q)
	return c
}

// splitAnswer takes the answer of Choices apart.
func splitAnswer(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// startOption is where the cursor starts: at the answer, else at the best, else
// at the first that can be taken.
func startOption(q interview.Question) int {
	tests := []func(interview.Option) bool{
		func(o interview.Option) bool { return o.Value == q.Answer && (q.Answer != "" || !hasBest(q)) },
		func(o interview.Option) bool { return o.Recommended && len(o.Against) == 0 },
		func(o interview.Option) bool { return len(o.Against) == 0 },
	}
	for _, test := range tests {
		if i := slices.IndexFunc(q.Options, test); i >= 0 {
			return i
		}
	}
	return 0
}

func hasBest(q interview.Question) bool {
	return slices.ContainsFunc(q.Options, func(o interview.Option) bool { return o.Recommended })
}

// value is the answer as it is marked; only of Choices.
func (c choice) value() string {
	var values []string
	for _, o := range c.q.Options {
		if slices.Contains(c.marked, o.Value) {
			values = append(values, o.Value)
		}
	}
	return strings.Join(values, ", ")
}

// outcome is what a key did to a choice beyond moving in it.
type outcome struct {
	taken   bool
	value   string
	mistake *interview.Mistake
}

func (c choice) update(msg tea.KeyMsg) (choice, outcome) {
	switch {
	case key.Matches(msg, keys.take) && !msg.Paste:
		return c.take()
	case key.Matches(msg, keys.arrowUp), !c.searching && key.Matches(msg, keys.up):
		return c.move(-1), outcome{}
	case key.Matches(msg, keys.arrowDown), !c.searching && key.Matches(msg, keys.down):
		return c.move(1), outcome{}
	case c.searching:
		return c.search(msg), outcome{}
	case key.Matches(msg, keys.search) && c.canSearch():
		c.searching = true
		c.input = editor{}
	case key.Matches(msg, keys.home):
		return c.move(-len(c.q.Options)), outcome{}
	case key.Matches(msg, keys.end):
		return c.move(len(c.q.Options)), outcome{}
	case key.Matches(msg, keys.toggle) && c.q.Kind == interview.Choices:
		return c.mark()
	case key.Matches(msg, keys.pick):
		return c.pick(int(msg.Runes[0] - '1'))
	}
	return c, outcome{}
}

func (c choice) canSearch() bool { return len(c.q.Options) >= searchable }

// move moves the cursor among what the search found.
func (c choice) move(by int) choice {
	found := c.found()
	if len(found) == 0 {
		return c
	}
	c.at = found[clamp(slices.Index(found, c.at)+by, 0, len(found)-1)]
	return c
}

// found are the options that hold what is searched for.
func (c choice) found() []int {
	want := strings.ToLower(strings.TrimSpace(c.input.String()))
	var found []int
	for i, o := range c.q.Options {
		if !c.searching || strings.Contains(strings.ToLower(o.Text+"\n"+o.Value), want) {
			found = append(found, i)
		}
	}
	return found
}

func (c choice) search(msg tea.KeyMsg) choice {
	if key.Matches(msg, keys.back) {
		c.searching = false
		c.at = max(c.at, 0)
		return c
	}
	c.input = c.input.update(cleanKey(msg, " "))
	if found := c.found(); len(found) == 0 {
		c.at = -1
	} else if !slices.Contains(found, c.at) {
		c.at = found[0]
	}
	return c
}

// pick takes an option by its number; of Choices it marks it.
func (c choice) pick(i int) (choice, outcome) {
	if i >= len(c.q.Options) {
		return c, outcome{}
	}
	c.at = i
	if c.q.Kind == interview.Choices {
		return c.mark()
	}
	return c.take()
}

// take takes the option at the cursor; of Choices those that are marked.
func (c choice) take() (choice, outcome) {
	if c.q.Kind == interview.Choices {
		return c, outcome{taken: true, value: c.value()}
	}
	if c.at < 0 || c.at >= len(c.q.Options) {
		return c, outcome{}
	}
	if m := c.refusal(); m != nil {
		return c, outcome{mistake: m}
	}
	return c, outcome{taken: true, value: c.q.Options[c.at].Value}
}

// mark marks the option at the cursor, or no longer.
func (c choice) mark() (choice, outcome) {
	if c.at < 0 || c.at >= len(c.q.Options) {
		return c, outcome{}
	}
	value := c.q.Options[c.at].Value
	c.marked = slices.Clone(c.marked)
	switch i := slices.Index(c.marked, value); {
	case i >= 0:
		c.marked = slices.Delete(c.marked, i, i+1)
	case c.refusal() != nil:
		return c, outcome{mistake: c.refusal()}
	default:
		c.marked = append(c.marked, value)
	}
	c.touched = true
	return c, outcome{}
}

// refusal says that the option at the cursor cannot be taken, and what can; nil:
// it can be. Why it cannot stands below it.
func (c choice) refusal() *interview.Mistake {
	o := c.q.Options[c.at]
	if len(o.Against) == 0 {
		return nil
	}
	m := &interview.Mistake{ID: c.q.ID, Message: fmt.Sprintf("%q cannot be taken here", o.Text)}
	if o.Instead != "" {
		m.Fix = "take " + optionText(c.q, o.Instead) + " instead"
	}
	return m
}

// optionText is what the option with a value is called.
func optionText(q interview.Question, value string) string {
	for _, o := range q.Options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}
