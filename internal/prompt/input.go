package prompt

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendplan/internal/term"
)

// maxLine bounds a line: nobody types more, and nothing else shall fill the memory.
const maxLine = 64 << 10

// EndedError says that the input ended before the interview did.
type EndedError struct {
	Question string // that waits for an answer
	Answer   string // what can be answered: "a number from 1 to 3"
	Resume   string // the command that goes on with the draft; "" if none is kept
}

// Error names the question.
func (e *EndedError) Error() string {
	return fmt.Sprintf("the input ended, but a question is open: %s (it takes %s)", term.Safe(e.Question), term.Safe(e.Answer))
}

// Hint says how to get to the end.
func (e *EndedError) Hint() string {
	const all = "give a line for each question; an empty one takes what is proposed"
	if e.Resume == "" {
		return all
	}
	return all + "; to go on with the draft: " + e.Resume
}

// input reads lines. All of them come through one buffer, so that none is lost
// between two questions.
type input struct {
	buffer  *bufio.Reader
	pending chan typed // of the line that is being read; nil if none is
	first   bool       // no line was read yet
}

// typed is a line, or why there is none.
type typed struct {
	text string
	err  error
}

func newInput(r io.Reader) *input {
	return &input{buffer: bufio.NewReaderSize(r, maxLine), first: true}
}

// next returns where the next line arrives. Asking again before [input.take] is
// waiting for the same line.
func (in *input) next() <-chan typed {
	if in.pending == nil {
		pending := make(chan typed, 1)
		in.pending = pending
		go func() {
			text, err := in.read()
			pending <- typed{text, err}
		}()
	}
	return in.pending
}

// take says that the line of [input.next] was received.
func (in *input) take() { in.pending = nil }

// put gives a line back that was received, to be received again.
func (in *input) put(t typed) {
	in.pending = make(chan typed, 1)
	in.pending <- t
}

// read returns a line without its end. What stands before the end of the input
// is a line too.
func (in *input) read() (string, error) {
	line, err := in.buffer.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fmt.Errorf("a line of the input is longer than %d KB; put lists into a file and give its name", maxLine>>10)
	case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
	default:
		return "", err
	}
	text := strings.TrimRight(string(line), "\r\n")
	if in.first {
		text = strings.TrimPrefix(text, "\ufeff") // that some shells begin a pipe with
		in.first = false
	}
	return text, nil
}

// garbled says why a line cannot be an answer; "" if it can.
func garbled(line string) string {
	switch {
	case !utf8.ValidString(line):
		return "the line is not UTF-8; set the terminal or the file to UTF-8 and type it again"
	case strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		return "the line holds control characters, perhaps of an arrow key; type it again"
	}
	return ""
}

// line asks for one line under a prompt and returns it without blanks around it.
// about is what to say if the input ends here.
func (r *session) line(label string, about EndedError) (string, error) {
	for {
		r.out.prompt(label)
		text, err := r.raw(about)
		if err != nil {
			return "", err
		}
		why := garbled(text)
		if why == "" {
			return strings.TrimSpace(text), nil
		}
		r.out.text("Not taken: " + sentences(why))
	}
}

// raw waits for a line as it was typed.
func (r *session) raw(about EndedError) (string, error) {
	if r.out.err != nil {
		return "", r.out.err
	}
	if r.ctx.Err() != nil {
		r.out.end()
		return "", r.ctx.Err()
	}
	select {
	case <-r.ctx.Done():
		r.out.end()
		return "", r.ctx.Err()
	case got := <-r.in.next():
		r.in.take()
		switch {
		case errors.Is(got.err, io.EOF):
			r.out.end()
			return "", &about
		case got.err != nil:
			r.out.end()
			return "", got.err
		}
		r.out.typed(got.text, !r.terminal)
		return got.text, nil
	}
}
