package tui

import (
	"strings"
	"testing"

	"sendplan/planner/interview"
)

func confirmStates(st *styles) map[string]confirm {
	return map[string]confirm{
		"bare":    newConfirm(st, "Quit?", nil, "quit"),
		"careful": newConfirm(st, "Write 3 files, and overwrite 1?", []interview.Line{{Mark: interview.Warn, Text: "inventory.yaml exists and differs"}, {Text: "zone.txt"}}, "overwrite").carefully(),
		"many":    newConfirm(st, "Delete the site?", make([]interview.Line, 80), "delete"),
		"nasty":   newConfirm(st, nasty+long, []interview.Line{{Text: nasty}, {Mark: interview.Code, Text: long}}, nasty),
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	states := confirmStates(plainStyles())
	for _, test := range []struct {
		name, key string
		want      any
	}{
		{"bare", "y", confirmedMsg{true}}, {"bare", "enter", confirmedMsg{true}}, {"bare", "n", confirmedMsg{false}}, {"bare", "esc", confirmedMsg{false}}, {"bare", "x", nil},
		{"careful", "y", confirmedMsg{true}}, {"careful", "enter", nil}, {"careful", "esc", confirmedMsg{false}}, {"careful", " ", nil},
	} {
		if _, said := after(states[test.name], test.key); said != test.want {
			t.Errorf("%s: %q says %#v, want %#v", test.name, test.key, said, test.want)
		}
	}
}

// However small the screen is, question and keys are seen, and all that the
// answer is about can be.
func TestConfirmShowsItsKeys(t *testing.T) {
	t.Parallel()
	c := newConfirm(plainStyles(), "Overwrite?", []interview.Line{{Text: "first"}, {Text: "second"}, {Text: "third"}, {Text: "fourth"}}, "overwrite").carefully()
	for h := 3; h < 20; h++ {
		view, all := c.View(40, h), ""
		if !strings.Contains(view, "Overwrite?") || !strings.Contains(view, "y overwrite") || !strings.Contains(view, "n/esc no") {
			t.Errorf("in %d lines:\n%s", h, view)
		}
		at := c.sized(40, h)
		for range 8 {
			all += at.View(40, h)
			at = pressed(at, "down")
		}
		for _, want := range []string{"first", "second", "third", "fourth"} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is never seen in %d lines", want, h)
			}
		}
	}
}
