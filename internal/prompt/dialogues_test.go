package prompt

import (
	"slices"
	"testing"

	"sendplan/internal/dns"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var dialogues = map[string]dialogue{
	// From nothing to an exported plan.
	"office": {state: empty, check: func(t *testing.T, out Outcome, w *interviewtest.World) {
		if len(out.Written) < 3 || len(out.State.Draft.Devices) != 3 || w.Kept() != "" {
			t.Errorf("%d files and %d devices, kept %q", len(out.Written), len(out.State.Draft.Devices), w.Kept())
		}
		if text, _ := w.File("inventory.yaml"); text != string(out.State.Draft.Bytes()) {
			t.Errorf("the inventory is\n%s", text)
		}
	}},
	// Going back keeps what was answered, within a form and between steps.
	"back": {state: interviewtest.Office},
	// What cannot be taken is said, and asked again.
	"mistakes": {state: empty},
	// A method that does not fit is told with its reason, and not taken.
	"vetoed": {state: interviewtest.Office},
	// Nothing answers at first; at the second try everything does.
	"dead": {state: empty, world: interviewtest.Dead, before: func(w *interviewtest.World, n int) {
		if n == 4 {
			w.Fails = func(q dns.Question) bool { return q.Key.Type == dns.TypeTXT }
		}
		if n == 5 {
			w.Fails = nil
		}
	}},
	// Records, names and files that attack whoever prints them.
	"hostile": {state: interviewtest.Long, files: map[string]string{"list": "scan\x1b[2J evil@nordwind.example\nprinter-5\tprinter5@escape.example\n"}},
	// Domains, devices and paths are not all ASCII.
	"umlauts": {state: empty},
	// Lists of devices, pasted and in files.
	"lists": {state: interviewtest.Office, files: map[string]string{"printers.csv": "name,from,ip\nprinter-1,printer-1@nordwind.example,203.0.113.10\nprinter-2,printer-2@nordwind.example,203.0.113.10\n"}},
	// Files are only written over after a yes.
	"over": {state: exporting, files: map[string]string{"inventory.yaml": "# mine\n", "sendplan-nordwind.example/plan.txt": "as plan\n"},
		check: func(t *testing.T, out Outcome, w *interviewtest.World) {
			if text, _ := w.File("inventory.yaml"); text == "# mine\n" || len(out.Written) < 3 {
				t.Errorf("%d files, the inventory is %q", len(out.Written), text)
			}
		}},
	"not-over": {state: exporting, files: map[string]string{"inventory.yaml": "# mine\n"},
		check: func(t *testing.T, out Outcome, w *interviewtest.World) {
			if text, _ := w.File("inventory.yaml"); text != "# mine\n" || !slices.Equal(w.Files(), []string{"inventory.yaml"}) || !out.Quit {
				t.Errorf("%q, the inventory is %q", w.Files(), text)
			}
		}},
	// Quitting asks where something would be lost.
	"quit": {state: interviewtest.Office, check: func(t *testing.T, out Outcome, w *interviewtest.World) {
		if !out.Quit || w.Kept() == "" {
			t.Errorf("quit %v, kept %q", out.Quit, w.Kept())
		}
	}},
	// What the domains shall publish, and the plan that comes of it.
	"goals": {state: func(t testing.TB) interview.State {
		s := exporting(t)
		s.At = interview.Wishes
		return s
	}},
	// The plan offers things that need a yes.
	"plan": {state: empty},
	// Many sites and devices, and a narrow line.
	"many":   {state: interviewtest.Many},
	"narrow": {state: interviewtest.Long, width: 24},
	// The folder for the draft cannot be written.
	"unkept": {state: interviewtest.Office, world: func(t testing.TB) *interviewtest.World {
		w := interviewtest.New(t)
		w.Broken = errTest
		return w
	}},
	"ends": {state: interviewtest.Office, ends: `a question is open: Devices: what next? (it takes a command, such as next)`},
}

// exporting is an office of which everything is answered but what to write.
func exporting(t testing.TB) interview.State {
	s := interviewtest.Planned(t, interviewtest.New(t), interviewtest.Office(t))
	s.At = interview.Export
	return s
}
