package tui

import (
	"context"
	"slices"
	"sync"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// model is the whole wizard: where the interview stands, what lies on the
// screen, and what is under way.
type model struct {
	ctx   context.Context // ends when the program does
	world interview.World
	st    *styles
	size  tea.WindowSizeMsg // zero until it is known

	state   interview.State
	written []interview.Piece
	work    bool  // there is something that would be lost without the draft
	done    bool  // everything is written, and this is the end
	signal  bool  // ctrl+c was what asked for the end
	failure error // a panic, which ends it

	layers  []layer                 // at the bottom that of the step
	modal   *layer                  // a question upon everything
	places  map[interview.Step]view // how the tables and pages of the steps were left
	begun   map[start]interview.Answers
	planned bool // the page shows a plan, if only that of the draft before
	doubts  bool // the advice depends on what nobody knows yet
	help    bool
	notice  notice

	run    *run // nil: nothing is under way
	runs   int  // so far
	keeper *keeper
	keptAt string      // where the draft is; "" if it is not kept
	busy   *sync.Mutex // held while files are written
}

// start tells forms apart: what they are about, and what they began with.
type start struct {
	about interview.Subject
	from  string
}

// notice is what the footer tells until the next key.
type notice struct {
	mark interview.Mark
	text string
}

// endMsg tells that the program was told to end from outside.
type endMsg struct{}

func newModel(ctx context.Context, s interview.State, w interview.World, st *styles) model {
	return model{
		ctx: ctx, world: w, st: st, state: s,
		places: make(map[interview.Step]view), begun: make(map[start]interview.Answers),
		keeper: &keeper{desk: w}, busy: new(sync.Mutex),
	}
}

// Init does nothing: all begins when the size of the terminal is known.
func (m model) Init() tea.Cmd { return nil }

// Update takes a message.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) { return m.update(msg) }

func (m model) update(msg tea.Msg) (model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.resized(msg)
	case endMsg:
		return m, tea.Quit
	case panicMsg:
		m.failure = msg
		return m, tea.Quit
	case progressMsg:
		return m.progressed(msg)
	case tickMsg:
		return m.ticked(msg)
	case doneMsg:
		return m.finished(msg)
	case keptMsg:
		return m.kept(msg)
	case tea.KeyMsg:
		return m.typed(msg)
	}
	if len(m.layers) == 0 {
		return m, nil
	}
	return m.told(msg)
}

// resized takes the size of the terminal. With the first one the wizard begins.
func (m model) resized(msg tea.WindowSizeMsg) (model, tea.Cmd) {
	m.size = msg
	switch {
	case len(m.layers) == 0:
		return m.enter()
	case m.small():
		return m, nil
	}
	return m.pass(msg)
}

// told takes what a component tells. What comes of a layer that is gone is
// dropped.
func (m model) told(msg tea.Msg) (model, tea.Cmd) {
	top := m.top()
	switch msg := msg.(type) {
	case confirmedMsg:
		return m.confirmed(msg.yes)
	case formDoneMsg:
		if top.answers != nil {
			return top.answers(m, msg.answers)
		}
		return m, nil
	case pastedMsg:
		if top.pasted != nil {
			return top.pasted(m, msg.text)
		}
		return m, nil
	case acceptMsg:
		if m.modal == nil && len(m.layers) == 1 {
			return m.accept(msg.id)
		}
		return m, nil
	case editMsg:
		if m.modal == nil && len(m.layers) == 1 {
			return m.edit(start{about: msg.about}, nil)
		}
		return m, nil
	}
	return m.pass(msg)
}

// typed takes keys one at a time: over a slow line, or from fast fingers, several
// come as one message. What was typed ahead into something that is not on the
// screen yet is dropped: nobody can have meant it.
func (m model) typed(msg tea.KeyMsg) (model, tea.Cmd) {
	for runes := msg.Runes; !msg.Paste && len(runes) > 1; runes = msg.Runes {
		if len(m.layers) > 0 && m.top().typing() {
			break
		}
		one := msg
		one.Runes = runes[:1]
		var cmd tea.Cmd
		if m, cmd = m.pressed(one); cmd != nil {
			return m, cmd
		}
		msg.Runes = runes[1:]
	}
	return m.pressed(msg)
}

// pressed takes a key: to leave, then what lies upon all, then what is typed,
// then the actions, then the view.
func (m model) pressed(msg tea.KeyMsg) (model, tea.Cmd) {
	if key.Matches(msg, keys.cut) {
		return m.interrupted()
	}
	if len(m.layers) == 0 || m.small() {
		return m, nil
	}
	m.notice = notice{}
	if m.help {
		m.help = false
		return m, nil
	}
	for _, a := range m.actions() {
		if key.Matches(msg, a.Binding) {
			return a.do(m)
		}
	}
	if m.covered() {
		return m.scrolled(msg)
	}
	return m.pass(msg)
}

// pass hands a message to the view on top.
func (m model) pass(msg tea.Msg) (model, tea.Cmd) {
	w, h := m.body()
	v, cmd := m.top().update(msg, w, h)
	return m.withTop(v), cmd
}

// scrolled hands a key to the page of the run.
func (m model) scrolled(msg tea.KeyMsg) (model, tea.Cmd) {
	w, h := m.body()
	r := *m.run
	r.page, _ = r.page.sized(w, h-1).Update(msg)
	m.run = &r
	return m, nil
}

// covered reports whether a run has the keys: nothing may be changed under what
// is being read or written.
func (m model) covered() bool {
	return m.modal == nil && m.run != nil && (m.run.covering() || !m.run.asks)
}

// actions are what can be done now besides the keys of the view.
func (m model) actions() []action {
	if m.modal != nil {
		return nil
	}
	if m.covered() {
		return append(m.run.actions(), onHelp, onQuit)
	}
	top := m.top()
	var list []action
	if top.actions != nil {
		list = top.actions(m)
	}
	return append(list,
		on(keys.back, "back", top.escape).when(top.escape != nil && !top.takesEsc()),
		onHelp.when(!top.typing()),
		onQuit.when(!top.typing()),
	)
}

var (
	onHelp = on(keys.help, "help", model.helped)
	onQuit = on(keys.quit, "quit", model.leaving)
)

// bindings are the keys that do something now, for footer and help: first what
// goes on, last what only moves.
func (m model) bindings() []key.Binding {
	var list []key.Binding
	if m.covered() {
		list = m.run.page.keys()
	} else {
		list = m.top().keys()
	}
	for _, a := range m.actions() {
		list = append(list, a.Binding)
	}
	slices.SortStableFunc(list, func(a, b key.Binding) int { return rank(a) - rank(b) })
	return list
}

// rank is smaller for keys that are wanted more.
func rank(b key.Binding) int {
	ranks := [][]string{{"enter"}, {"y"}, {"n"}, {"ctrl+s"}, {"esc"}, {}, {"?"}, {"q"}, {" "}, {"up", "down", "pgup", "pgdown", "home", "end", "[", "]"}}
	for i, rank := range ranks {
		for _, k := range b.Keys() {
			if slices.Contains(rank, k) {
				return i
			}
		}
	}
	return slices.IndexFunc(ranks, func(rank []string) bool { return len(rank) == 0 })
}

func (m model) helped() (model, tea.Cmd) {
	m.help = true
	return m, nil
}
