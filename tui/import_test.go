package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// reader is a world that reads the same whatever is pasted.
type reader struct {
	interview.World
	read interview.Import
}

func (r reader) Read(interview.State, string) (interview.Import, error) { return r.read, nil }

func pasteOf(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}

// What is pasted is offered, and what is chosen of it taken; of a device that
// needs an answer its questions are asked.
func TestImport(t *testing.T) {
	t.Parallel()
	device := func(name string) interview.Answers {
		return interview.Answers{"name": name, "kind": "printer", "site": "hq"}
	}
	read := interview.Import{
		Lead: []interview.Line{{Text: "Four lines were read."}},
		Devices: []interview.Offered{
			{Answers: device("ups-cellar"), Title: "the UPS", Take: true},
			{Answers: device("erp"), Title: "one that is there", Take: true},
			{Answers: device("nas-attic"), Title: "the NAS", Why: "it was quiet"},
			{Answers: device("ghost"), Title: "a ghost", Why: "it has no name", Refused: true},
		},
	}
	drive(t, func(d *driver) {
		d.press("p")
		d.send(pasteOf("a\nb\n"))
		d.press("ctrl+s")
		d.sees("Which of these devices shall be taken?", "the UPS", "the NAS", "a ghost", "Four lines were read")
		d.press("ctrl+s")
		d.sees("What is it called?", `"erp"`)
		if len(d.m.state.Draft.Devices) != 4 {
			d.t.Fatalf("%d devices", len(d.m.state.Draft.Devices))
		}
		d.press("esc")
		if len(d.m.layers) != 1 || len(d.m.state.Draft.Devices) != 4 {
			d.t.Fatalf("what is left is not left out:\n%s", d.screen())
		}
		d.sees("ups-cellar")
		if strings.Contains(d.screen(), "nas-attic") {
			d.t.Errorf("what is not chosen is taken:\n%s", d.screen())
		}
	}, func() (interview.State, interview.World) {
		s := interviewtest.Office(t)
		return s, reader{interviewtest.New(t), read}
	})
}

// What cannot be read is said in the box, with the text still there.
func TestUnread(t *testing.T) {
	t.Parallel()
	drive(t, func(d *driver) {
		d.press("p")
		d.write("nonsense")
		d.press("ctrl+s")
		d.sees("nonsense", "nothing of it is a device")
		d.press("esc")
		d.at(interview.Devices)
	}, func() (interview.State, interview.World) {
		s := interviewtest.Office(t)
		return s, reader{interviewtest.New(t), interview.Import{Lead: []interview.Line{{Text: "nothing of it is a device"}}}}
	})
}

// What it says of the tenant is taken or not.
func TestImportTenant(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"yes": true, "no": false} {
		drive(t, func(d *driver) {
			d.press("i")
			d.write("dkim.json")
			d.press("ctrl+s")
			d.sees("Shall what it says of the tenant be taken over?")
			if answer == "no" {
				d.press("down")
			}
			d.press("enter")
			if got := string(d.m.state.Draft.Bytes()) == "version: 1\n"; got != want {
				d.t.Errorf("%s: taken is %v\n%s", answer, got, d.screen())
			}
		}, func() (interview.State, interview.World) {
			s := interviewtest.Office(t)
			return s, reader{interviewtest.New(t), interview.Import{Draft: interviewtest.Draft(t, "version: 1\n")}}
		})
	}
}
