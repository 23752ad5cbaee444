package prompt

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func TestInput(t *testing.T) {
	t.Parallel()
	in := newInput(strings.NewReader("\ufeffone\r\n\n\ttwo \nlast"))
	for _, want := range []string{"one", "", "\ttwo ", "last"} {
		in.next()
		got := <-in.next() // asking twice reads one line
		in.take()
		if got.err != nil || got.text != want {
			t.Errorf("got %q, %v, want %q", got.text, got.err, want)
		}
	}
	if got := <-in.next(); !errors.Is(got.err, io.EOF) {
		t.Errorf("after the last line: %+v", got)
	}
}

// A line that comes at a bad time is not lost.
func TestInputPut(t *testing.T) {
	t.Parallel()
	in := newInput(strings.NewReader("one\ntwo\n"))
	in.put(<-in.next())
	for _, want := range []string{"one", "two"} {
		got := <-in.next()
		in.take()
		if got.text != want {
			t.Errorf("got %q, want %q", got.text, want)
		}
	}
}

func TestLongLine(t *testing.T) {
	t.Parallel()
	const fits = maxLine - 1
	for n, long := range map[int]bool{fits: false, fits + 1: true, 10 * maxLine: true} {
		got := <-newInput(strings.NewReader(strings.Repeat("x", n) + "\n")).next()
		if long != (got.err != nil && strings.Contains(got.err.Error(), "longer than 64 KB")) {
			t.Errorf("a line of %d octets: %v", n, got.err)
		}
	}
}

func TestGarbled(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"büro\t1": "", "": "", "\x1b[A": "control characters", "a\x00": "control characters", "b\xfcro": "not UTF-8", "\u009b31m": "control characters",
	} {
		if got := garbled(line); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("garbled(%q) = %q, want %q", line, got, want)
		}
	}
}

// silent is an input at which nobody types.
type silent struct{ read chan struct{} }

func (s silent) Read([]byte) (int, error) {
	close(s.read)
	select {}
}

// The interview ends with its context, though a line is awaited, and the draft
// is kept.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	in := silent{make(chan struct{})}
	w := interviewtest.New(t)
	var out bytes.Buffer
	go func() {
		<-in.read
		cancel()
	}()
	got, err := Run(ctx, interviewtest.Office(t), w, Options{In: in, Out: &out})
	if !errors.Is(err, context.Canceled) || got.Quit {
		t.Errorf("%v, quit %v", err, got.Quit)
	}
	if w.Kept() == "" || !strings.Contains(out.String(), interviewtest.KeptAt) {
		t.Errorf("kept %q, said %q", w.Kept(), out.String())
	}
}

// It ends as well while the DNS is asked, though no answer comes.
func TestInterruptedLook(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	w := interviewtest.New(t)
	w.Gate = make(chan struct{})
	s := interviewtest.Office(t)
	s.At, s.Found = interview.Look, nil
	go func() {
		w.Gate <- struct{}{}
		cancel()
	}()
	if _, err := Run(ctx, s, w, Options{In: strings.NewReader(""), Out: io.Discard}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// typist types a line each time it is told to.
type typist chan string

func (c typist) Read(p []byte) (int, error) {
	line, ok := <-c
	if !ok {
		return 0, io.EOF
	}
	return copy(p, line+"\n"), nil
}

// On a terminal, an empty line ends the asking: what was not answered is unknown,
// and the interview goes on.
func TestCutShort(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	w.Gate = make(chan struct{})
	s := interviewtest.Office(t)
	s.At, s.Found = interview.Look, nil
	in, out := make(typist), new(bytes.Buffer)
	go func() {
		w.Gate <- struct{}{}
		in <- ""
		in <- "quit"
	}()
	got, err := Run(context.Background(), s, w, Options{In: in, Out: out, Terminal: true})
	if err != nil || !got.Quit {
		t.Fatalf("%v, quit %v", err, got.Quit)
	}
	if got.State.Found == nil || !got.State.Found.Reports[0].Unknown() || !strings.Contains(out.String(), "The asking stops.") {
		t.Errorf("found %v, said:\n%s", got.State.Found, out)
	}
}

// What is typed while the DNS is asked is the answer to the question after it.
func TestTypedAhead(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	w.Gate = make(chan struct{})
	s := interviewtest.Office(t)
	s.At, s.Found = interview.Look, nil
	in := make(typist)
	go func() {
		in <- "quit"
		close(w.Gate)
	}()
	got, err := Run(context.Background(), s, w, Options{In: in, Out: io.Discard, Terminal: true})
	if err != nil || !got.Quit || got.State.Found == nil || got.State.Found.Reports[0].Unknown() {
		t.Errorf("%v, quit %v, found %v", err, got.Quit, got.State.Found)
	}
}

// Each tick tells how far the asking is, and nothing twice.
func TestProgress(t *testing.T) {
	t.Parallel()
	w := interviewtest.Dead(t)
	w.Gate = make(chan struct{})
	s := interviewtest.Office(t)
	s.At, s.Found = interview.Look, nil
	tick := make(chan time.Time)
	var out bytes.Buffer
	go func() {
		for range 3 {
			w.Gate <- struct{}{}
			for range 3 {
				tick <- interviewtest.Date
			}
		}
		close(w.Gate)
	}()
	_, err := Run(context.Background(), s, w, Options{In: strings.NewReader("quit\n"), Out: &out, Tick: tick})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	said, _, _ := strings.Cut(out.String(), "Commands:")
	for line := range strings.Lines(said) {
		if strings.Contains(line, " answered, ") {
			if seen[line] {
				t.Errorf("%q is said twice", line)
			}
			seen[line] = true
		}
	}
	if len(seen) == 0 || len(seen) > 4 || !strings.Contains(said, interviewtest.Server) {
		t.Errorf("said %d times how far it is:\n%s", len(seen), said)
	}
}

// broken is an output that takes a while to break.
type broken int

func (b *broken) Write(p []byte) (int, error) {
	if *b--; *b < 0 {
		return 0, errTest
	}
	return len(p), nil
}

// What cannot be said is not gone on with, whatever is typed.
func TestBrokenOutput(t *testing.T) {
	t.Parallel()
	s, w := interviewtest.Office(t), interviewtest.New(t)
	for n := range 20 {
		b := broken(n)
		if _, err := Run(context.Background(), s, w, Options{In: forever{}, Out: &b}); !errors.Is(err, errTest) {
			t.Fatalf("after %d writes: %v", n, err)
		}
	}
}

// forever is an input that never ends.
type forever struct{}

func (forever) Read(p []byte) (int, error) { return copy(p, "list\n"), nil }
