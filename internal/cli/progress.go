package cli

import (
	"fmt"
	"io"
	"sync"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/internal/term"
)

// progress keeps one line on standard error while questions are out, if that is
// a terminal. Several surveys may report at the same time.
type progress struct {
	mu    sync.Mutex
	w     io.Writer // nil: show nothing
	width int
	shown bool
}

func newProgress(streams Streams) *progress {
	p := &progress{width: term.Width(streams.Err, streams.Getenv)}
	if term.IsTerminal(streams.Err) && streams.Getenv("TERM") != "dumb" {
		p.w = streams.Err
	}
	return p
}

func (p *progress) show(name dns.Name, step survey.Progress) { p.line(name.Unicode(), step) }

// line shows how far the survey of something is.
func (p *progress) line(what string, step survey.Progress) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("%s: %d of %d: %s", what, step.Answered, step.Asked, step.Last)
	fmt.Fprintf(p.w, "\r%s\x1b[K", term.SafeMax(line, p.width-1))
	p.shown = true
}

// clear takes the line away, before something else is printed.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
