package tui

import (
	"errors"
	"io"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// Nothing is written over without a yes of its own.
func TestOverwrite(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	drive(t, func(d *driver) {
		d.press("ctrl+s")
		d.sees("inventory.yaml", "WILL BE OVERWRITTEN")
		d.press("w", "enter")
		if text, _ := w.File("inventory.yaml"); text != "mine\n" {
			d.t.Fatal("enter writes over it")
		}
		d.press("n", "w", "y")
		if text, _ := w.File("inventory.yaml"); text == "mine\n" || !d.m.done {
			d.t.Errorf("it is not written:\n%s", d.screen())
		}
		d.press("q")
		if o := d.m.outcome(); !d.quit || o.Quit || len(o.Written) == 0 || !strings.Contains(text(o.Farewell), "sendplan validate -i inventory.yaml") {
			d.t.Errorf("%+v", o)
		}
	}, func() (interview.State, interview.World) {
		s, world := office(t, interview.Export)()
		w = world.(*interviewtest.World)
		w.Put("inventory.yaml", "mine\n")
		return s, w
	})
}

// What cannot be made or written is told, and everything stays as it was.
func TestExportFails(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	full := errors.New("the disk is full")
	drive(t, func(d *driver) {
		w.Broken = full
		d.press("ctrl+s")
		d.sees("the disk is full", "Where shall the inventory be written?")
		w.Broken = nil
		d.press("ctrl+s", "w")
		w.Broken = full
		d.press("y")
		d.sees("the disk is full", "Nothing is written yet")
		if d.m.done || len(w.Files()) != 0 {
			d.t.Errorf("%v %q", d.m.done, w.Files())
		}
	}, func() (interview.State, interview.World) {
		s, world := office(t, interview.Export)()
		w = world.(*interviewtest.World)
		return s, w
	})
}

// A change after all was written is work to lose again.
func TestChangeAfterFarewell(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.press("ctrl+s", "w", "y", "esc", "esc", "esc", "esc", "esc")
		d.at(interview.Devices)
		d.press("x", "y", "q")
		d.sees("Quit?")
	}, office(t, interview.Export))
}

// The question says how many files are lost, once.
func TestWritingCounts(t *testing.T) {
	t.Parallel()
	lost, fresh := interview.Piece{Path: "plan.md", Exists: true}, interview.Piece{Path: "new.md"}
	for want, pieces := range map[string][]interview.Piece{
		"Overwrite 1 file?":                       {lost},
		"Write 2 files, and overwrite 1 of them?": {lost, fresh},
		"Write 1 file?":                           {fresh},
	} {
		m := model{st: newStyles(renderer(Options{Out: io.Discard}))}
		if got := m.writing(pieces).View(80, 24); !strings.Contains(got, want) {
			t.Errorf("%q is not asked:\n%s", want, got)
		}
	}
}
