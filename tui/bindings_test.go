package tui

import (
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"sendplan/planner/interview"
)

// ways lead to what can lie upon a step.
var ways = [][]string{nil, {"enter"}, {"tab"}, {"down", "enter"}, {"a"}, {"a", "tab"}, {"d"}, {"x"}, {"p"}, {"i"}, {"o"}, {" "}, {"e"}, {"y"}, {"ctrl+s"}, {"ctrl+s", "w"}, {"ctrl+s", "w", "y"}, {"q"}}

// Every key that is offered does something, and no key is offered twice.
func TestBindings(t *testing.T) {
	t.Parallel()
	each(t, []string{"empty", "loading", "office", "error"}, func(t *testing.T, _ string, begin func() (interview.State, interview.World)) {
		drive(t, func(d *driver) {
			start := d.m
			for _, way := range ways {
				d.back(start)
				if d.press(way...); d.quit {
					continue
				}
				d.way = way
				d.offersNoKeyTwice()
				there := d.m
				for _, b := range there.bindings() {
					if b.Enabled() && !d.doesSomething(there, b) {
						d.t.Errorf("after %q: %q (%s) does nothing:\n%s", way, b.Keys(), b.Help().Desc, d.screen())
					}
				}
			}
		}, begin)
	})
}

// back has the driver go on from a moment before.
func (d *driver) back(m model) {
	if d.m.run != nil && d.m.run != m.run {
		d.m.run.cancel()
	}
	d.m, d.quit = m, false
}

func (d *driver) offersNoKeyTwice() {
	seen := make(map[string]string)
	for _, b := range d.m.bindings() {
		for _, k := range b.Keys() {
			if !b.Enabled() {
				continue
			}
			if other, twice := seen[k]; twice {
				d.t.Errorf("after %q: %s is both %q and %q:\n%s", d.way, k, other, b.Help().Desc, d.screen())
			}
			seen[k] = b.Help().Desc
		}
	}
}

// doesSomething reports whether one of the keys of a binding does something, from
// here or, for what only moves, from near by.
func (d *driver) doesSomething(from model, b key.Binding) bool {
	for _, move := range []string{"", "down", "end", "up", "right"} {
		for _, k := range b.Keys() {
			d.back(from)
			if move != "" {
				d.press(move)
			}
			before, runs, cut := d.screen(), d.m.runs, d.m.run != nil && d.m.run.cut
			d.press(k)
			if d.quit || d.screen() != before || d.m.runs != runs || (d.m.run != nil && d.m.run.cut) != cut {
				return true
			}
		}
	}
	d.back(from)
	return false
}
