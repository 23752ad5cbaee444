// Package tui leads through the interview in full screen.
//
// One model holds the screen; what fills it are components that know neither
// each other nor the world. The world is asked in runs, away from the screen,
// and what a run that was left still tells is dropped.
package tui

import (
	"cmp"
	"context"
	"io"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"sendplan/planner/interview"
)

// Options are the terminal and how to use it.
type Options struct {
	In     io.Reader // the terminal's keys
	Out    io.Writer // where it draws; both must be terminals
	Colour bool
}

// Outcome is how an interview ended.
type Outcome struct {
	State       interview.State
	Written     []interview.Piece // nil if nothing was written
	Quit        bool              // it was left before its end
	Interrupted bool              // by ctrl+c
	Kept        string            // where the draft is kept; "" if it is not
	Farewell    []interview.Line  // to be printed now: the screen takes all else with it
}

// Run leads through the interview. It ends early, with the draft kept, when the
// person quits, which is no error, and when ctx does, with its error. A panic is
// an error too; the terminal is then as it was before, and the draft kept.
func Run(ctx context.Context, s interview.State, w interview.World, o Options) (Outcome, error) {
	lipgloss.SetHasDarkBackground(true) // else the terminal is asked for it
	inner, cancel := context.WithCancel(ctx)
	defer cancel() // whatever ended the program, no run outlives it
	first := newModel(inner, s, w, newStyles(renderer(o)))
	p := tea.NewProgram(first, tea.WithInput(o.In), tea.WithOutput(o.Out), tea.WithAltScreen(), tea.WithoutSignalHandler())
	stop := context.AfterFunc(ctx, func() { p.Send(endMsg{}) })
	defer stop()
	last, err := p.Run()
	cancel()
	first.busy.Lock() // a file that is being written is written to its end
	defer first.busy.Unlock()
	end, ok := last.(model)
	if !ok { // a panic took it
		end = first
	}
	return end.outcome(), cmp.Or(err, end.failure, ctx.Err())
}

// The colours of a terminal as lipgloss counts them.
const (
	sixteen = 2
	none    = 3
)

// renderer draws with the sixteen colours that the terminal's theme sets, or
// with none.
func renderer(o Options) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(o.Out)
	r.SetHasDarkBackground(true)
	if r.SetColorProfile(none); o.Colour {
		r.SetColorProfile(sixteen)
	}
	return r
}

// outcome is how it ended, once the screen is gone. What was not saved is saved
// now.
func (m model) outcome() Outcome {
	o := Outcome{State: m.state, Written: m.written, Quit: !m.done, Interrupted: !m.done && m.signal}
	if m.written != nil {
		o.Farewell = m.state.Farewell(m.written)
	}
	var err error
	if o.Kept, err = m.keeper.save(); err != nil {
		o.Farewell = append(o.Farewell, interview.Line{Mark: interview.Bad, Text: err.Error()})
	}
	if o.Quit && o.Kept != "" {
		o.Farewell = append(o.Farewell, m.resuming(o.Kept)...)
	}
	return o
}
