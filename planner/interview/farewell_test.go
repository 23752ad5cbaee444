package interview_test

import (
	"strings"
	"testing"

	"sendplan/internal/method"
	"sendplan/planner"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func shownLines(lines []interview.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.Repeat("  ", l.Indent))
		if word := l.Mark.Word(); word != "" {
			b.WriteString(word + ": ")
		}
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

func pieces(paths ...string) []interview.Piece {
	var list []interview.Piece
	for _, p := range paths {
		list = append(list, interview.Piece{What: "something", Path: p})
	}
	return list
}

func TestFarewell(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	s.Forms, s.Args = someForms, []string{"--demo", "--resolver", "9.9.9.9"}
	s = put(t, s, aboutExport, interview.Answers{"inventory": "it's mine.yaml", "folder": "out", "forms": "csv, bind, plan"})
	s = interviewtest.Planned(t, interviewtest.New(t), s)
	checkText(t, "farewell", shownLines(s.Farewell(pieces("it's mine.yaml", "out/a", "out/b", "out/c", "out/d"))), `Written
  it's mine.yaml  something
  out/a  something
  out/b  something
  and 2 more files
unknown: the plan is made, but 2 things are not known
warning: first to stop, if nothing is done: scanner-2og, on 31 December 2026
Next
no record is to be changed now: do the tasks of the plan
2 devices have no method yet: go on with them here
  sendplan wizard -i 'it'\''s mine.yaml' --demo --resolver 9.9.9.9
then what comes next, and whether every device is right
  sendplan plan -i 'it'\''s mine.yaml' --demo --resolver 9.9.9.9
  sendplan validate -i 'it'\''s mine.yaml' --demo --resolver 9.9.9.9
`)
}

// What is written to be published comes first.
func TestFarewellWithChanges(t *testing.T) {
	t.Parallel()
	s := begun(t, "no-dmarc.example")
	s.Forms = someForms
	s = put(t, s, aboutWishes("no-dmarc.example"), nil)
	s = put(t, s, aboutExport, nil)
	s = interviewtest.Planned(t, interviewtest.New(t), s)
	text := shownLines(s.Farewell(pieces("inventory.yaml")))
	if _, next, _ := strings.Cut(text, "Next\n"); !strings.HasPrefix(next, `publish the changes, and keep the way back that is written beside them
the plan has tasks besides, in the tenant or at the devices: do them in its order
after publishing: is it live?
  sendplan verify -i inventory.yaml --wait
`) {
		t.Errorf("farewell:\n%s", text)
	}
}

// Without the changes among the files they are the first thing to write.
func TestFarewellWithoutChanges(t *testing.T) {
	t.Parallel()
	s := interviewtest.Office(t)
	s.Forms = someForms
	s = put(t, s, aboutExport, interview.Answers{"folder": "my mail", "forms": "plan"})
	checkText(t, "farewell", shownLines(s.Farewell(append(pieces("inventory.yaml"), interview.Piece{What: "no change"}))), `Written
  inventory.yaml  something
note: no plan was made of these answers yet
Next
write the way back first, then the changes
  sendplan emit -i inventory.yaml --as panel --undo --out 'my mail'
  sendplan emit -i inventory.yaml --as panel --out 'my mail'
after publishing: is it live?
  sendplan verify -i inventory.yaml --wait
2 devices have no method yet: go on with them here
  sendplan wizard -i inventory.yaml
then what comes next, and whether every device is right
  sendplan plan -i inventory.yaml
  sendplan validate -i inventory.yaml
`)
}

// A plan with nothing in it because nothing is known has no tasks to do.
func TestFarewellNothingPlanned(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		plan planner.Plan
		want string
	}{
		{planner.Plan{Unknown: make([]planner.Unknown, 1)}, "nothing is planned yet: find out what is not known\n"},
		{planner.Plan{}, "nothing is to be changed\n"},
	} {
		s := interview.State{Plan: &c.plan, Export: interview.Answers{"inventory": "x"}}
		if text := shownLines(s.Farewell(pieces("x"))); !strings.Contains(text, "Next\n"+c.want+"then what") {
			t.Errorf("%s", text)
		}
	}
}

func TestFarewellShort(t *testing.T) {
	t.Parallel()
	checkText(t, "nothing written", shownLines(interviewtest.Empty().Farewell(nil)), "note: nothing was written\nnote: no plan was made of these answers yet\n")
	four := shownLines(interviewtest.Empty().Farewell(pieces("a", "b", "c", "d")))
	checkText(t, "as many as fit", four, "Written\n  a  something\n  b  something\n  c  something\n  d  something\nnote: no plan was made of these answers yet\n")
	s := interviewtest.Many(t)
	s = put(t, s, aboutExport, nil)
	s = interviewtest.Planned(t, interviewtest.New(t), s)
	var paths []string
	for range 40 {
		paths = append(paths, "x")
	}
	if n := len(s.Farewell(pieces(paths...))); n > 16 {
		t.Errorf("%d lines: too many for a small screen", n)
	}
}

// The sentence about the plan says the worst that there is.
func TestFarewellVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		plan planner.Plan
		want string
	}{
		{planner.Plan{Blocked: make([]planner.Block, 2), Unknown: make([]planner.Unknown, 1)}, "error: the plan is blocked in 2 places, and 1 thing is not known\n"},
		{planner.Plan{Blocked: make([]planner.Block, 1)}, "error: the plan is blocked in 1 place\n"},
		{planner.Plan{Unknown: make([]planner.Unknown, 1)}, "unknown: the plan is made, but 1 thing is not known\n"},
		{planner.Plan{}, "ok: every device is right after the plan\n"},
		{planner.Plan{Devices: []planner.Device{{Right: method.False}}}, "warning: the plan is made, but not every device is right after it\n"},
	} {
		s := interview.State{Plan: &c.plan}
		checkText(t, "verdict", shownLines(s.Farewell(nil)), "note: nothing was written\n"+c.want)
	}
}
