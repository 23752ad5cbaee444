package tui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sendplan/internal/dns"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// scenes are the states in which every step is looked at.
var scenes = map[string]func(testing.TB) (interview.State, *interviewtest.World){
	"empty": func(t testing.TB) (interview.State, *interviewtest.World) {
		w, s := interviewtest.New(t), interviewtest.Empty()
		s.Domains = []dns.Name{"nordwind.example"}
		s, err := s.Learn(w.Look(context.Background(), s.Domains, false, nil))
		if err != nil {
			t.Fatal(err)
		}
		return s, w
	},
	"loading": func(t testing.TB) (interview.State, *interviewtest.World) {
		w, s := interviewtest.New(t), interviewtest.Office(t)
		w.Gate = make(chan struct{})
		s.Found = nil
		return s, w
	},
	"error":  scene(interviewtest.Dead, interviewtest.Failing),
	"office": scene(interviewtest.New, interviewtest.Office),
	"long":   scene(interviewtest.New, interviewtest.Long),
	"many":   scene(interviewtest.New, interviewtest.Many),
}

func scene(world func(testing.TB) *interviewtest.World, state func(testing.TB) interview.State) func(testing.TB) (interview.State, *interviewtest.World) {
	return func(t testing.TB) (interview.State, *interviewtest.World) { return state(t), world(t) }
}

// shows begins a scene at a step. What the step needs besides is asked as it is
// for a person.
func shows(t *testing.T, name string, at interview.Step) func() (interview.State, interview.World) {
	return func() (interview.State, interview.World) {
		s, w := scenes[name](t)
		s.At = at
		return s, w
	}
}

// each runs a test for every step in scenes.
func each(t *testing.T, names []string, test func(t *testing.T, name string, begin func() (interview.State, interview.World))) {
	t.Helper()
	for _, name := range names {
		for _, at := range interview.Steps {
			t.Run(name+"/"+string(at), func(t *testing.T) {
				t.Parallel()
				test(t, name+"-"+string(at), shows(t, name, at))
			})
		}
	}
}

func everyScene() []string { return slices.Sorted(maps.Keys(scenes)) }

func TestFrames(t *testing.T) {
	t.Parallel()
	each(t, everyScene(), func(t *testing.T, name string, begin func() (interview.State, interview.World)) {
		drive(t, func(d *driver) {
			d.pass(time.Second)
			for _, size := range [][]int{{80, 24}, {140, 40}, {40, 12}} {
				d.send(sized(size[0], size[1]))
				golden(d.t, fmt.Sprintf("frames/%s-%dx%d", name, size[0], size[1]), d.screen())
			}
		}, begin)
	})
}

// No frame is larger than the terminal, whatever lies upon the step.
func TestFits(t *testing.T) {
	t.Parallel()
	each(t, everyScene(), func(t *testing.T, name string, begin func() (interview.State, interview.World)) {
		drive(t, func(d *driver) {
			start := d.m
			for _, d.way = range [][]string{nil, {"enter"}, {"a"}, {"?"}, {"x"}, {"p"}, {" "}, {"ctrl+s"}} {
				d.back(start)
				if d.press(d.way...); len(d.way) > 0 && d.screen() == start.View() {
					continue
				}
				step := 1
				if d.way != nil {
					step = 4
				}
				for w := 1; w <= 140; w += step {
					fits(d, w, 10+w%3*10)
				}
				for h := 1; h <= 50; h += step {
					fits(d, 40+h%3*35, h)
				}
			}
		}, begin)
	})
}

// fits fails the test if the frame is larger than the terminal.
func fits(d *driver, w, h int) {
	d.t.Helper()
	d.send(sized(w, h))
	frame := d.m.View()
	lines := strings.Split(frame, "\n")
	if len(lines) > h {
		d.t.Fatalf("after %q: %d lines at %dx%d:\n%s", d.way, len(lines), w, h, frame)
	}
	for _, line := range lines {
		if n := ansi.StringWidth(line); n > w {
			d.t.Fatalf("after %q: a line of %d cells at %dx%d:\n%s", d.way, n, w, h, frame)
		}
	}
	if strings.TrimSpace(frame) == "" {
		d.t.Fatalf("after %q: nothing is seen at %dx%d", d.way, w, h)
	}
}
