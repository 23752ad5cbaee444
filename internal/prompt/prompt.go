// Package prompt leads through the interview on plain lines: a question, its
// options with numbers, and one line of input. It is for screen readers, for
// pipes and for terminals that can do no more. Nothing that was printed is
// drawn over, and no escape sequence is written.
package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"sendplan/planner/interview"
)

// Options are the streams of an interview and how to use them.
type Options struct {
	In  io.Reader
	Out io.Writer
	// Width is how many cells a line has; 0 means 80. Records and commands are
	// never broken, whatever their length.
	Width int
	// Terminal says that a person types In and sees what is typed. Elsewhere each
	// line that is read is printed too, so that the output tells the whole story.
	Terminal bool
	// Tick tells when to say how far the asking is; nil: never.
	Tick <-chan time.Time
}

// Outcome is how an interview ended.
type Outcome struct {
	State   interview.State
	Written []interview.Piece // nil if nothing was written
	Quit    bool              // the person stopped it
}

// The ways in which a person leaves a question without an answer to it.
var (
	errBack = errors.New("back")
	errQuit = errors.New("quit")
)

const introduction = "Each question takes one line. An empty line takes what stands in square brackets. " +
	"Some words work at every question: ? tells why it is asked and what can be typed, back goes to the question before, " +
	"done takes what is proposed for it and those that follow, and quit stops and keeps what was answered."

// Run asks its way from the state to the end. It ends early, with the draft kept,
// when the person quits, which is no error; when the input ends, with an
// *[EndedError]; and when ctx does, with its error, even while a line is awaited. A
// panic is an error too, and the draft is then kept.
func Run(ctx context.Context, s interview.State, w interview.World, o Options) (Outcome, error) {
	r := &session{
		ctx: ctx, world: w, state: s,
		in: newInput(o.In), out: newPrinter(o.Out, o.Width),
		terminal: o.Terminal, tick: o.Tick,
		begun: make(map[interview.Subject]interview.Answers),
	}
	r.out.text(introduction)
	err := r.caught()
	out := Outcome{State: r.state, Written: r.written, Quit: errors.Is(err, errQuit)}
	if err == nil {
		return out, r.out.err
	}
	resume := r.leave()
	var ended *EndedError
	switch {
	case out.Quit:
		return out, r.out.err
	case errors.As(err, &ended):
		ended.Resume = resume
	}
	return out, err
}

// session is one run of an interview.
type session struct {
	ctx      context.Context
	world    interview.World
	in       *input
	out      *printer
	terminal bool
	tick     <-chan time.Time

	state   interview.State
	begun   map[interview.Subject]interview.Answers // forms that were left before their end
	kept    string                                  // where the draft is kept; "" if it is not
	unkept  string                                  // why it could not be, as said last
	written []interview.Piece
}

// move is where to go after a step.
type move uint8

const (
	stay move = iota
	on
	back
	end
)

// steps goes through the steps until the last is done.
func (r *session) steps() error {
	for {
		to, err := r.step()
		switch {
		case err != nil:
			return err
		case to == on:
			r.state = r.state.Next()
		case to == back && r.state.At == interview.Domains:
			r.out.text("This is the first question; quit leaves.")
		case to == back:
			r.state = r.state.Back()
		case to == end:
			return nil
		}
	}
}

// caught is steps with a panic as an error.
func (r *session) caught() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return r.steps()
}

// panicked is a panic as an error, with where it was.
func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }

// step does what is to be done at the step where the state stands.
func (r *session) step() (move, error) {
	at := r.state.At
	r.out.blank()
	r.out.text(fmt.Sprintf("Step %d of %d: %s", slices.Index(interview.Steps, at)+1, len(interview.Steps), at.Title()))
	if r.state.Lacks() {
		if ok, err := r.look(false); !ok {
			r.state.At = interview.Domains
			return stay, err
		}
	}
	switch at {
	case interview.Domains:
		return r.asked(interview.OfDomains)
	case interview.Tenant:
		return r.asked(interview.OfTenant)
	case interview.Sites, interview.Devices, interview.Wishes:
		return r.table()
	case interview.Export:
		return r.export()
	}
	return r.page()
}

// asked is a step that is one form.
func (r *session) asked(of interview.Of) (move, error) {
	switch err := r.form(interview.Subject{Of: of}, nil); {
	case errors.Is(err, errBack):
		return back, nil
	case err != nil:
		return stay, err
	}
	return on, nil
}

// taken makes s the state and keeps its draft.
func (r *session) taken(s interview.State) {
	r.state = s
	r.keep()
}

// keep saves the draft. That it cannot be saved is said, once, and stops nobody.
func (r *session) keep() {
	if r.state.Draft == nil {
		return
	}
	path, err := r.world.Keep(r.state)
	if err == nil {
		r.kept, r.unkept = path, ""
		return
	}
	r.kept = ""
	if err.Error() != r.unkept {
		r.unkept = err.Error()
		r.out.text("warning: the draft could not be saved: " + r.unkept)
	}
}

// leave keeps the draft where the interview stops. It says where, and returns the
// command that goes on with it; "" if nothing is kept.
func (r *session) leave() (resume string) {
	r.keep()
	r.out.blank()
	if r.kept == "" {
		r.out.text("Stopped. Nothing is kept.")
		return ""
	}
	resume = r.state.Resume()
	r.out.text("Stopped. The draft is kept in " + r.kept + ". To go on with it:")
	r.out.code(1, resume)
	return resume
}

// refused says why an answer is not taken. It returns err if it is something
// else than a mistake of the person.
func (r *session) refused(err error) error {
	var m *interview.Mistake
	if !errors.As(err, &m) {
		return err
	}
	r.out.text("Not taken: " + sentences(m.Message, m.Fix))
	return nil
}
