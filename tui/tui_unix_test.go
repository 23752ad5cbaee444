//go:build unix

package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// terminal is a pseudo-terminal with the wizard on it.
type terminal struct {
	t      *testing.T
	glass  *os.File // what the person sees and types on
	tty    *os.File
	before *term.State
	out    Outcome
	err    error
	ended  chan struct{}

	mu   sync.Mutex
	seen bytes.Buffer
	more chan struct{} // something new was seen
}

// onTerminal starts the wizard on a terminal of 80 by 24.
func onTerminal(t *testing.T, ctx context.Context, s interview.State, w interview.World) *terminal {
	t.Helper()
	glass, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { glass.Close(); tty.Close() })
	if err := pty.Setsize(glass, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, glass: glass, tty: tty, before: before, ended: make(chan struct{}), more: make(chan struct{}, 1)}
	go x.watch()
	go func() {
		defer close(x.ended)
		x.out, x.err = Run(ctx, s, w, Options{In: tty, Out: tty})
	}()
	return x
}

func (x *terminal) watch() {
	chunk := make([]byte, 4096)
	for {
		n, err := x.glass.Read(chunk)
		x.mu.Lock()
		x.seen.Write(chunk[:n])
		x.mu.Unlock()
		select {
		case x.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.seen.String()
}

// waits until a text is seen. A minute without it tells what was seen instead.
func (x *terminal) waits(text string) {
	x.t.Helper()
	watchdog := time.After(time.Minute)
	for !strings.Contains(x.text(), text) {
		select {
		case <-x.more:
		case <-watchdog:
			x.t.Fatalf("%q is not seen: %q", text, x.text())
		case <-x.ended:
			x.t.Fatalf("it ended without %q: %v\n%q", text, x.err, x.text())
		}
	}
}

func (x *terminal) types(s string) {
	if _, err := io.WriteString(x.glass, s); err != nil {
		x.t.Fatal(err)
	}
}

// restored waits for the end, and fails the test unless the terminal is then as
// it was.
func (x *terminal) restored() {
	x.t.Helper()
	<-x.ended
	after, err := term.GetState(int(x.tty.Fd()))
	if err != nil {
		x.t.Fatal(err)
	}
	if *after != *x.before {
		x.t.Error("the terminal's modes are not restored")
	}
	for _, off := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l"} {
		x.waitsAfter(off)
	}
}

// waitsAfter is waits once the program has ended.
func (x *terminal) waitsAfter(text string) {
	for !strings.Contains(x.text(), text) {
		<-x.more
	}
}

func TestTerminalIsRestored(t *testing.T) {
	t.Parallel()
	tests := []struct {
		what string
		end  func(x *terminal, cancel context.CancelFunc)
		err  error
	}{
		{"by q", func(x *terminal, _ context.CancelFunc) { x.types("q") }, nil},
		{"by ctrl+c", func(x *terminal, _ context.CancelFunc) { x.types("\x03") }, nil},
		{"by a signal", func(_ *terminal, cancel context.CancelFunc) { cancel() }, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			s, w := office(t, interview.Devices)()
			x := onTerminal(t, ctx, s, w)
			x.waits("scanner-2og")
			tt.end(x, cancel)
			x.restored()
			if !errors.Is(x.err, tt.err) || !x.out.Quit {
				t.Errorf("%v, %+v", x.err, x.out)
			}
		})
	}
}

// worse is a world that panics.
type worse struct{ interview.World }

func (worse) Look(context.Context, []dns.Name, bool, func(survey.Progress)) interview.Found {
	panic("the sky falls")
}

func TestPanic(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	s.Found = nil
	x := onTerminal(t, context.Background(), s, worse{interviewtest.New(t)})
	<-x.ended
	if x.err == nil || !strings.Contains(x.err.Error(), "the sky falls") {
		t.Errorf("%v", x.err)
	}
	x.waitsAfter("\x1b[?1049l")
}
