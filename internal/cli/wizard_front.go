package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sendplan/internal/prompt"
	"sendplan/internal/term"
	"sendplan/planner/interview"
	"sendplan/tui"
)

// fullScreen asks in full screen. What stays of it is printed when the screen is
// gone.
func (w *wizard) fullScreen(ctx context.Context, streams Streams, s interview.State, colour bool) error {
	out, err := tui.Run(ctx, s, w, tui.Options{In: streams.In, Out: streams.Out, Colour: colour})
	printed := printLines(streams.Out, term.Width(streams.Out, streams.Getenv), out.Farewell)
	switch {
	case err != nil:
		return err
	case out.Interrupted:
		return status(exitInterrupted)
	}
	return printed
}

// plain asks on plain lines.
func (w *wizard) plain(ctx context.Context, streams Streams, s interview.State) error {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	_, err := prompt.Run(ctx, s, w, prompt.Options{
		In: streams.In, Out: streams.Out, Width: term.Width(streams.Out, streams.Getenv),
		Terminal: term.IsTerminal(streams.In) && term.IsTerminal(streams.Out), Tick: tick.C,
	})
	if ended := new(prompt.EndedError); errors.As(err, &ended) {
		return usageError(ended.Hint(), "%v", ended)
	}
	return err
}

// tellEvery is how often plain lines tell how far the asking is: often enough to
// see that it goes on, and seldom enough to be read aloud.
const tellEvery = 3 * time.Second

// printLines writes lines as they stay on the screen.
func printLines(w io.Writer, width int, lines []interview.Line) error {
	for i, line := range lines {
		text := lineText(line, width)
		if line.Mark == interview.Heading && i > 0 {
			text = "\n" + text
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}

// lineText is one line with the word of its mark. What is to be copied is not
// broken.
func lineText(line interview.Line, width int) string {
	dent := strings.Repeat("  ", line.Indent)
	if word := line.Mark.Word(); word != "" && len(word) > 1 {
		dent += word + ": "
	} else if word != "" {
		dent += word + " "
	}
	text := term.Safe(line.Text)
	if line.Mark == interview.Code {
		return dent + text
	}
	return dent + term.Wrap(text, width, term.Cells(dent))
}
