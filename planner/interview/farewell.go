package interview

import (
	"fmt"
	"slices"
	"time"

	"sendplan/internal/method"
	"sendplan/internal/shell"
	"sendplan/internal/words"
	"sendplan/planner"
)

// maxWritten is how many of the files that were written are named, so that the
// farewell fits a small screen.
const maxWritten = 4

// Farewell is what stays on the screen at the end.
func (s State) Farewell(written []Piece) []Line {
	written = slices.DeleteFunc(slices.Clone(written), func(p Piece) bool { return p.Path == "" })
	var text lines
	if len(written) == 0 {
		text.add(Note, 0, "nothing was written")
	} else {
		text.add(Heading, 0, "Written")
	}
	for i, p := range written {
		if left := len(written) - i; i == maxWritten-1 && left > 1 {
			text.add(Plain, 1, "and "+words.Plural(left, "more file"))
			break
		}
		text.add(Plain, 1, p.Path+"  "+p.What)
	}
	s.verdict(&text)
	if path := s.Export["inventory"]; len(written) > 0 && path != "" {
		s.commands(&text, path)
	}
	return text
}

// verdict says what the plan comes to, and until when there is time.
func (s State) verdict(text *lines) {
	if s.Plan == nil {
		text.add(Note, 0, "no plan was made of these answers yet")
		return
	}
	p := *s.Plan
	switch {
	case len(p.Blocked) > 0 && len(p.Unknown) > 0:
		text.add(Bad, 0, fmt.Sprintf("the plan is blocked in %s, and %s not known", words.Plural(len(p.Blocked), "place"), things(len(p.Unknown))))
	case len(p.Blocked) > 0:
		text.add(Bad, 0, "the plan is blocked in "+words.Plural(len(p.Blocked), "place"))
	case len(p.Unknown) > 0:
		text.add(Unknown, 0, "the plan is made, but "+things(len(p.Unknown))+" not known")
	case p.Right() == method.True:
		text.add(Good, 0, "every device is right after the plan")
	default:
		text.add(Warn, 0, "the plan is made, but not every device is right after it")
	}
	if name, day := soonest(p); name != "" {
		text.add(Warn, 0, fmt.Sprintf("first to stop, if nothing is done: %s, on %s", name, day.Format(dayForm)))
	}
}

func things(n int) string {
	if n == 1 {
		return "1 thing is"
	}
	return fmt.Sprintf("%d things are", n)
}

// soonest returns the device that stops first, on the day on which it does; with
// how many others, if there are any. The method of today counts: until the device
// is changed it is what stops.
func soonest(p planner.Plan) (name string, day time.Time) {
	others := 0
	for _, d := range p.Devices {
		until := ends(d)
		switch {
		case until.IsZero() || !day.IsZero() && until.After(day):
		case until.Equal(day):
			others++
		default:
			name, day, others = d.Name, until, 0
		}
	}
	if others > 0 {
		name += fmt.Sprintf(" (with %s)", words.Plural(others, "other device"))
	}
	return name, day
}

// ends is the day on which what a device does today stops, or may stop; zero
// where none is known to come.
func ends(d planner.Device) time.Time {
	e, ok := d.Advice.Deadline()
	if !ok || e.Past || e.ID == method.EventRefused {
		return time.Time{}
	}
	return e.Day
}

// commands are what to run next, with the inventory at a path.
func (s State) commands(text *lines, path string) {
	run := func(command string, words ...string) {
		text.add(Code, 1, shell.Line(slices.Concat([]string{"sendplan", command, "-i", path}, words, s.Args)...))
	}
	text.add(Heading, 0, "Next")
	publishes := s.Plan == nil || len(s.Plan.Changes()) > 0
	switch {
	case !publishes && s.hasTasks():
		text.add(Muted, 0, "no record is to be changed now: do the tasks of the plan")
	case !publishes && len(s.Plan.Unknown) > 0:
		text.add(Muted, 0, "nothing is planned yet: find out what is not known")
	case !publishes:
		text.add(Muted, 0, "nothing is to be changed")
	case s.writesChanges():
		text.add(Muted, 0, "publish the changes, and keep the way back that is written beside them")
	default:
		text.add(Muted, 0, "write the way back first, then the changes")
		run("emit", "--as", "panel", "--undo", "--out", s.Export["folder"])
		run("emit", "--as", "panel", "--out", s.Export["folder"])
	}
	if publishes && s.hasTasks() {
		text.add(Muted, 0, "the plan has tasks besides, in the tenant or at the devices: do them in its order")
	}
	if publishes {
		text.add(Muted, 0, "after publishing: is it live?")
		run("verify", "--wait")
	}
	if n := s.undecided(); n > 0 {
		text.add(Muted, 0, words.Count(n, "device has", "devices have")+" no method yet: go on with them here")
		run("wizard")
	}
	text.add(Muted, 0, "then what comes next, and whether every device is right")
	run("plan")
	run("validate")
}

// undecided is how many devices have no method.
func (s State) undecided() int {
	n := 0
	for _, d := range s.inventory().Devices {
		if d.Method == "" {
			n++
		}
	}
	return n
}

// hasTasks reports whether the plan has something to do outside the DNS.
func (s State) hasTasks() bool {
	return s.Plan != nil && slices.ContainsFunc(s.Plan.Stages, func(st planner.Stage) bool { return len(st.Tasks) > 0 })
}

// writesChanges reports whether the changes were asked for in some form.
func (s State) writesChanges() bool {
	chosen := split(s.Export["forms"])
	return slices.ContainsFunc(s.Forms, func(o Option) bool { return slices.Contains(chosen, o.Value) })
}
