package tui

import (
	"context"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// stubborn is a world that goes on looking after it was told to stop.
type stubborn struct {
	interview.World
	stop chan struct{}
}

func (s stubborn) Look(ctx context.Context, domains []dns.Name, again bool, progress func(survey.Progress)) interview.Found {
	<-ctx.Done()
	<-s.stop
	return s.World.Look(ctx, domains, again, progress)
}

// While a look that was cut short does not end, that is told, and esc leaves it.
func TestStubborn(t *testing.T) {
	t.Parallel()
	var w stubborn
	drive(t, func(d *driver) {
		defer close(w.stop)
		d.write("nordwind.example")
		d.press("ctrl+s", "n")
		d.sees("looking at nordwind.example, going on with what is known")
		for _, b := range d.m.bindings() {
			if b.Enabled() && b.Help().Key == "n" {
				d.t.Error("it can be cut short twice")
			}
		}
		d.press("esc")
		d.at(interview.Domains)
	}, func() (interview.State, interview.World) {
		w = stubborn{interviewtest.New(t), make(chan struct{})}
		return interviewtest.Empty(), w
	})
}

// While it is planned again the plan before is shown, until that takes long.
func TestPlanStaysInSight(t *testing.T) {
	t.Parallel()
	var w *interviewtest.World
	drive(t, func(d *driver) {
		before := d.m.content(80, 20)
		w.Gate = make(chan struct{})
		d.send(editMsg{interview.Subject{Of: interview.OfDevice, Name: "erp"}})
		d.press("ctrl+s")
		if d.m.run == nil || d.m.content(80, 20) != before {
			d.t.Fatalf("the plan is out of sight:\n%s", d.screen())
		}
		d.sees("planning for nordwind.example")
		d.pass(time.Second)
		if d.m.content(80, 20) == before {
			d.t.Errorf("how far it is does not show:\n%s", d.screen())
		}
	}, func() (interview.State, interview.World) {
		s, world := office(t, interview.Plan)()
		w = world.(*interviewtest.World)
		return s, w
	})
}

// A step that is a form keeps what was typed too.
func TestBackKeepsStep(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.write("elsewhere.yaml")
		d.press("esc")
		d.at(interview.Plan)
		d.press("n")
		d.sees("elsewhere.yaml")
	}, office(t, interview.Export))
}
