package tui

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sendplan/planner"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// office is an interview about an office that is some way through, at a step.
func office(t *testing.T, at interview.Step) func() (interview.State, interview.World) {
	return func() (interview.State, interview.World) {
		w := interviewtest.New(t)
		s := interviewtest.Office(t)
		s.At = at
		return s, w
	}
}

// begin is an interview of which nothing is known, in a world.
func begin(w *interviewtest.World) func() (interview.State, interview.World) {
	return func() (interview.State, interview.World) { return interviewtest.Empty(), w }
}

// From nothing to an exported plan for three devices.
func TestWholeWay(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	drive(t, func(d *driver) {
		d.at(interview.Domains)
		d.write("nordwind.example")
		d.press("ctrl+s")
		d.at(interview.Look)
		d.sees("nordwind.example")
		d.press("n")
		d.at(interview.Tenant)
		d.press("ctrl+s")
		d.at(interview.Sites)
		d.press("enter")
		d.write("hq")
		d.press("ctrl+s", "n")
		d.at(interview.Devices)
		for _, name := range []string{"scanner-2og", "copier-ground", "erp"} {
			d.press("a")
			d.write(name)
			d.press("ctrl+s")
		}
		if n := len(d.m.state.Draft.Devices); n != 3 {
			d.t.Fatalf("%d devices:\n%s", n, d.screen())
		}
		d.press("n")
		d.at(interview.Verify)
		d.press("n")
		d.at(interview.Wishes)
		d.press("n")
		d.at(interview.Plan)
		d.press("n")
		d.at(interview.Export)
		d.press("ctrl+s")
		d.sees("Nothing is written yet")
		d.press("w", "y")
		if !d.m.done || len(w.Files()) == 0 {
			d.t.Fatalf("nothing was written: %q\n%s", w.Files(), d.screen())
		}
		if w.Kept() != "" {
			d.t.Error("the draft is kept although all is written")
		}
		d.press("enter")
		if !d.quit {
			d.t.Error("it does not end")
		}
		if d.pressed >= 30 {
			d.t.Errorf("it took %d keys", d.pressed)
		}
	}, func() (interview.State, interview.World) {
		w = interviewtest.New(t)
		return interviewtest.Empty(), w
	})
}

// What a look that was left still tells does not show up in the next.
func TestGhosts(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	drive(t, func(d *driver) {
		d.write("nordwind.example")
		d.press("ctrl+s")
		d.at(interview.Look)
		first := *d.m.run
		w.Gate <- struct{}{}
		d.settle()
		d.press("esc")
		d.at(interview.Domains)
		if d.m.run != nil {
			d.t.Fatal("the look goes on")
		}
		d.send(progressMsg{run: first.number})
		d.send(tickMsg{run: first.number})
		d.send(doneMsg{run: first.number, then: func(m model) (model, tea.Cmd) { d.t.Error("an old look is taken"); return m, nil }})
		d.press("ctrl+s")
		if d.m.run == nil || d.m.run.number == first.number {
			d.t.Fatal("no second look")
		}
		before := d.screen()
		d.send(progressMsg{run: first.number})
		if d.screen() != before {
			d.t.Errorf("the old look shows:\n%s", d.screen())
		}
		close(w.Gate)
		d.settle()
		if d.m.state.Found == nil || d.m.run != nil {
			d.t.Errorf("the second look does not end:\n%s", d.screen())
		}
	}, func() (interview.State, interview.World) {
		w = interviewtest.New(t)
		w.Gate = make(chan struct{})
		return interviewtest.Empty(), w
	})
}

// While nothing answers, all keys work, and it goes on with what is known.
func TestCutShort(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.write("nordwind.example")
		d.press("ctrl+s")
		d.sees("looking at nordwind.example")
		before := d.screen()
		d.pass(time.Second)
		if d.screen() == before {
			d.t.Error("nothing moves while it looks")
		}
		d.press("?")
		d.sees("go on with what is known")
		d.press("?", "n")
		if d.m.run != nil || d.m.state.Found == nil {
			d.t.Fatalf("it does not go on:\n%s", d.screen())
		}
		d.sees("unknown")
		d.press("n")
		d.at(interview.Tenant)
	}, func() (interview.State, interview.World) {
		w := interviewtest.New(t)
		w.Gate = make(chan struct{})
		return interviewtest.Empty(), w
	})
}

// A dead resolver makes unknowns, which r asks for again.
func TestRetry(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	drive(t, func(d *driver) {
		d.write("nordwind.example")
		d.press("ctrl+s")
		d.sees("unknown")
		w.Fails = nil
		d.press("r")
		if strings.Contains(d.screen(), "unknown") {
			d.t.Errorf("it stays unknown:\n%s", d.screen())
		}
	}, func() (interview.State, interview.World) {
		w = interviewtest.Dead(t)
		return interviewtest.Empty(), w
	})
}

// Going back and forth, and leaving a form, loses nothing.
func TestBack(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.press("a")
		d.write("nas-cellar")
		d.press("esc")
		if len(d.m.layers) != 1 {
			d.t.Fatal("esc does not leave the form")
		}
		d.press("a")
		d.sees("nas-cellar")
		d.press("esc", "esc")
		d.at(interview.Sites)
		d.press("n", "a")
		d.sees("nas-cellar")
		d.press("ctrl+s")
		d.at(interview.Devices)
		d.sees("nas-cellar")
		d.press("a")
		if strings.Contains(d.screen(), "nas-cellar") {
			d.t.Errorf("a new form begins with what was taken:\n%s", d.screen())
		}
		d.press("esc", "esc", "esc", "esc", "esc", "esc", "esc", "esc")
		d.at(interview.Domains)
		d.sees("nordwind.example")
	}, office(t, interview.Devices))
}

func TestQuit(t *testing.T) {
	t.Parallel()
	t.Run("nothing to lose", func(t *testing.T) {
		t.Parallel()
		for _, key := range []string{"q", "ctrl+c"} {
			drive(t, func(d *driver) {
				if d.press(key); !d.quit {
					d.t.Errorf("%s asks:\n%s", key, d.screen())
				}
			}, office(t, interview.Plan))
		}
	})
	t.Run("work to lose", func(t *testing.T) {
		t.Parallel()
		drive(t, func(d *driver) {
			d.press("x", "y", "q")
			d.sees("Quit?", interviewtest.KeptAt, "sendplan wizard --resume")
			if d.quit {
				d.t.Fatal("it does not ask")
			}
			d.press("n")
			if d.m.modal != nil {
				d.t.Fatal("no does not go on")
			}
			d.press("q", "y")
			if !d.quit || !d.m.outcome().Quit || d.m.outcome().Kept != interviewtest.KeptAt {
				d.t.Errorf("%v %+v", d.quit, d.m.outcome())
			}
		}, office(t, interview.Devices))
	})
	t.Run("a second ctrl+c", func(t *testing.T) {
		t.Parallel()
		drive(t, func(d *driver) {
			d.press("x", "y", "a", "ctrl+c")
			if d.quit {
				d.t.Fatal("it does not ask")
			}
			if d.press("ctrl+c"); !d.quit {
				d.t.Error("a second one asks again")
			}
		}, office(t, interview.Devices))
	})
	t.Run("a broken disk", func(t *testing.T) {
		t.Parallel()
		drive(t, func(d *driver) {
			d.press("x", "y")
			d.sees("the draft could not be kept: the disk is full")
			d.press("q")
			d.sees("is lost")
			d.press("y")
			if o := d.m.outcome(); o.Kept != "" || !strings.Contains(text(o.Farewell), "the disk is full") {
				d.t.Errorf("%+v", o)
			}
		}, func() (interview.State, interview.World) {
			s, w := office(t, interview.Devices)()
			w.(*interviewtest.World).Broken = errors.New("the disk is full")
			return s, w
		})
	})
}

// A yes is asked for, written into the draft, and planned with.
func TestAccept(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		var waiting planner.AcceptID
		for _, s := range d.m.state.Page().Sections {
			for _, i := range s.Items {
				if waiting == "" {
					waiting = i.Accept
				}
			}
		}
		if waiting == "" {
			d.t.Fatal("nothing waits for a yes")
		}
		before, runs := d.m.state.Draft, d.m.runs
		d.send(acceptMsg{waiting})
		d.sees("Say yes", string(waiting))
		d.press("n")
		if d.m.state.Draft != before {
			d.t.Fatal("a no is a yes")
		}
		d.send(acceptMsg{waiting})
		d.press("y")
		if !strings.Contains(string(d.m.state.Draft.Bytes()), string(waiting)) || d.m.runs == runs || d.m.state.Plan == nil {
			d.t.Errorf("the yes is not taken:\n%s", d.screen())
		}
	}, shows(t, "long", interview.Plan))
}

// What a page asks for is answered in a form upon it, and the page made anew.
func TestEdit(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		runs := d.m.runs
		d.send(editMsg{interview.Subject{Of: interview.OfDevice, Name: "erp"}})
		d.sees("Device erp")
		d.press("ctrl+s")
		if len(d.m.layers) != 1 || d.m.runs == runs || d.m.state.Plan == nil {
			d.t.Errorf("it is not planned again:\n%s", d.screen())
		}
		d.at(interview.Plan)
	}, office(t, interview.Plan))
}

// A domain that does not exist leads back to where it can be corrected.
func TestNoSuchDomain(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.write("nordwnd.example")
		d.press("ctrl+s")
		d.at(interview.Domains)
		d.sees("does not exist")
	}, begin(interviewtest.New(t)))
}

// The draft is saved in order, and the newest last, even when saving is slow.
func TestKeepOrder(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	k := &keeper{desk: w}
	old, new := interviewtest.Office(t), interviewtest.Many(t)
	k.want(old)
	k.want(new)
	if path, err := k.save(); err != nil || path != interviewtest.KeptAt || w.Kept() != string(new.Draft.Bytes()) {
		t.Errorf("%q %v", path, err)
	}
	if err := k.drop(); err != nil || w.Kept() != "" {
		t.Errorf("dropped: %v", err)
	}
	if path, err := k.save(); err != nil || path != "" || w.Kept() != "" {
		t.Errorf("what was dropped is saved again: %q %v", path, err)
	}
}

// Colour is only where it is wanted, and changes no word.
func TestColour(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		plain := d.m.View()
		if strings.Contains(plain, "\x1b") {
			d.t.Errorf("escapes without colour: %q", plain)
		}
		d.m.st = newStyles(renderer(Options{Out: io.Discard, Colour: true}))
		d.m, _ = d.m.enter()
		if coloured := d.m.View(); !strings.Contains(coloured, "\x1b[") || ansi.Strip(coloured) != plain {
			d.t.Errorf("%q\n%q", plain, coloured)
		}
	}, office(t, interview.Verify))
}

// A slow line hands over several keys at once.
func TestKeysTogether(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		together := func(keys string) { d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(keys)}) }
		together("jjk")
		together("awarehouse")
		d.sees("New site", "> warehouse")
		d.press("enter", "enter")
		together("1221")
		d.sees("> warehouse", "yes", "no")
		if s, ok := d.m.state.Draft.Site("warehouse"); !ok || s.Static != "true" || s.Shared != "false" || s.Port25 != "blocked" {
			d.t.Errorf("%+v %v", s, ok)
		}
	}, office(t, interview.Sites))
}
