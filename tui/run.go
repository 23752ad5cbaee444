package tui

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

// run is something that was asked of the world and is not answered yet. Every
// run has a number: what arrives of a run that was left is dropped.
type run struct {
	task
	number  int
	cut     bool // the asking was cut short, the rest is unknown
	tally   interview.Tally
	page    pageView // of the tally
	ticks   int      // since it began
	cancel  context.CancelFunc
	events  chan survey.Progress
	stopped <-chan struct{}
}

// task is what a run is to do.
type task struct {
	doing  string // in words: "looking at nordwind.example"
	asks   bool   // it asks the DNS, and can be cut short
	covers bool   // there is nothing else to show meanwhile
	escape then   // what esc does meanwhile; nil: nothing
	// work is done away from the screen. It returns what becomes of the wizard
	// with its result.
	work func(ctx context.Context, progress func(survey.Progress)) then
}

// page shows how far the task is.
func (t task) page(far []interview.Line) interview.Page {
	if !t.asks {
		return interview.Page{}
	}
	wait := interview.Line{Mark: interview.Muted, Text: "You need not wait: n goes on with what is known. The rest is unknown then, and can be asked again."}
	return interview.Page{Lead: append(slices.Clone(far), interview.Line{}, wait)}
}

// then is what becomes of the wizard after something.
type then func(model) (model, tea.Cmd)

// The messages of runs.
type (
	progressMsg struct {
		run int
		survey.Progress
	}
	doneMsg struct {
		run  int
		then then
	}
	tickMsg struct{ run int }
	// panicMsg ends the program. It is here because that of the library prints its
	// trace onto a screen that then goes away.
	panicMsg struct{ error }
)

const (
	tick = 120 * time.Millisecond
	// slow is the number of ticks after which a run takes the screen: one that is
	// answered from what was asked before ends sooner, and nothing flickers.
	slow = 4
)

// start begins a run, in place of the one that is on.
func (m model) start(t task) (model, tea.Cmd) {
	m = m.leave()
	ctx, cancel := context.WithCancel(m.ctx)
	m.runs++
	r := run{task: t, number: m.runs, page: newPageView(m.st, t.page(interview.Tally{}.Lines())), cancel: cancel, events: make(chan survey.Progress, 16), stopped: ctx.Done()}
	m.run = &r
	ask := func() (msg tea.Msg) {
		defer func() {
			if p := recover(); p != nil {
				msg = panicMsg{fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
			}
		}()
		return doneMsg{r.number, t.work(ctx, func(p survey.Progress) {
			select {
			case r.events <- p:
			case <-ctx.Done():
			}
		})}
	}
	return m, tea.Batch(ask, r.next(), r.tick())
}

// next waits for one event of the run.
func (r run) next() tea.Cmd {
	return func() tea.Msg {
		select {
		case p := <-r.events:
			return progressMsg{r.number, p}
		case <-r.stopped:
			return nil
		}
	}
}

// tick lets the spinner turn, for as long as the run is on.
func (r run) tick() tea.Cmd {
	return tea.Tick(tick, func(time.Time) tea.Msg { return tickMsg{r.number} })
}

// covering reports whether the run has the screen.
func (r run) covering() bool { return r.covers || r.ticks >= slow }

// title says what is being done, behind a sign that turns.
func (r run) title() string {
	title := string(`|/-\`[r.ticks%4]) + " " + r.doing
	if r.cut {
		title += ", going on with what is known"
	}
	return title
}

// actions are what can be done while the run has the screen.
func (r run) actions() []action {
	return []action{
		on(keys.next, "go on with what is known", model.cutShort).when(r.asks && !r.cut),
		on(keys.back, "back", r.escape).when(r.escape != nil),
	}
}

// leave gives up the run that is on, if there is one.
func (m model) leave() model {
	if m.run != nil {
		m.run.cancel()
		m.run = nil
	}
	return m
}

// cutShort stops asking: what is not answered yet will come back as unknown.
func (m model) cutShort() (model, tea.Cmd) {
	r := *m.run
	r.cancel()
	r.cut = true
	m.run = &r
	return m, nil
}

// current reports whether a message is of the run that is on.
func (m model) current(number int) bool { return m.run != nil && m.run.number == number }

// progressed takes an event of a run.
func (m model) progressed(msg progressMsg) (model, tea.Cmd) {
	if !m.current(msg.run) {
		return m, nil
	}
	r := *m.run
	r.tally = r.tally.Add(msg.Progress)
	r.page = r.page.withPage(r.task.page(r.tally.Lines()))
	m.run = &r
	return m, r.next()
}

// ticked takes a tick of a run.
func (m model) ticked(msg tickMsg) (model, tea.Cmd) {
	if !m.current(msg.run) {
		return m, nil
	}
	r := *m.run
	r.ticks++
	m.run = &r
	return m, r.tick()
}

// finished takes the end of a run. One that ended because the program is to end
// has nothing to tell.
func (m model) finished(msg doneMsg) (model, tea.Cmd) {
	if !m.current(msg.run) || m.ctx.Err() != nil {
		return m, nil
	}
	return msg.then(m.leave())
}
