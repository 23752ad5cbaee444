package interview_test

import (
	"strings"
	"testing"

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
warning: first to stop, if nothing is done: scanner-2og, on 2026-12-31
Next
publish the changes, and keep the way back that is written beside them
after publishing: is it live?
  sendplan verify -i 'it'\''s mine.yaml' --wait --demo --resolver 9.9.9.9
then what comes next, and whether every device is right
  sendplan plan -i 'it'\''s mine.yaml' --demo --resolver 9.9.9.9
  sendplan validate -i 'it'\''s mine.yaml' --demo --resolver 9.9.9.9
`)
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
then what comes next, and whether every device is right
  sendplan plan -i inventory.yaml
  sendplan validate -i inventory.yaml
`)
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
