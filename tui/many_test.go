package tui

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// Many devices are added away from the screen, which says so meanwhile, and at
// once in the draft.
func TestImportMany(t *testing.T) {
	t.Parallel()
	const many = 30
	var list strings.Builder
	for i := range many {
		fmt.Fprintf(&list, "Gerät %d, geraet%d@nordwind.example\n", i, i)
	}
	drive(t, func(d *driver) {
		had := len(d.m.state.Draft.Devices)
		d.press("p")
		d.send(pasteOf(list.String()))
		d.press("ctrl+s")
		d.sees("Which of these devices shall be taken?")
		next, cmd := d.m.update(keyNamed("ctrl+s"))
		d.m = next
		if cmd == nil {
			d.t.Fatal("the form is not sent")
		}
		next, cmd = d.m.update(cmd())
		d.m = next
		if d.m.run == nil || len(d.m.state.Draft.Devices) != had {
			d.t.Fatal("the screen waits until all are added")
		}
		d.take(cmd())
		d.settle()
		if got := len(d.m.state.Draft.Devices); got != had+many {
			d.t.Errorf("there are %d devices, not %d", got, had+many)
		}
		d.sees("Gerät 0")
	}, func() (interview.State, interview.World) {
		s := interviewtest.Office(t)
		return s, interviewtest.New(t)
	})
}

// The name of a file is one line: enter reads it. A list has many: there it begins
// the next one.
func TestEnterReadsOneLine(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.press("i")
		d.write("dkim.json")
		d.press("enter")
		d.sees("dkim.json", "it was asked for")
		d.press("esc", "p")
		d.write("ups")
		d.press("enter")
		d.write("nas")
		d.sees("2 lines")
	}, func() (interview.State, interview.World) {
		s := interviewtest.Office(t)
		return s, reader{interviewtest.New(t), interview.Import{Lead: []interview.Line{{Text: "it was asked for"}}}}
	})
}

// All that stands in one message has an end.
func TestTextEnds(t *testing.T) {
	t.Parallel()
	got := text([]interview.Line{{Text: "2 rows were read"}, {}, {Text: "one is left out."}, {Text: "none is new"}})
	if want := "2 rows were read; one is left out; none is new"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
