package prompt

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// Wherever the input ends, the interview does, with the draft kept; the error
// names the question that waits, which was asked last.
func TestEnds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mistakes", "vetoed", "goals", "lists", "over", "quit"} { // together they see every step
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := script(t, name)
			for n := range lines {
				endsEarly(t, dialogues[name], lines[:n])
			}
		})
	}
}

func endsEarly(t *testing.T, d dialogue, lines []string) {
	t.Helper()
	c, out, w, err := d.run(t, lines)
	var e *EndedError
	if !errors.As(err, &e) {
		t.Fatalf("after %q: %v", lines, err)
	}
	if e.Question == "" || e.Answer == "" || !strings.Contains(err.Error(), e.Question) || out.Quit || out.Written != nil {
		t.Errorf("after %q: %+v, %+v", lines, e, out)
	}
	if out.State.Draft == nil {
		return
	}
	if w.Kept() != string(out.State.Draft.Bytes()) && w.Broken == nil {
		t.Errorf("after %q the draft is not kept", lines)
	}
	if w.Broken == nil && (!strings.Contains(e.Hint(), "sendplan wizard --resume") || !strings.Contains(strings.Join(strings.Fields(c.said()), ""), interviewtest.KeptAt)) {
		t.Errorf("after %q: nothing tells how to go on: %q", lines, e.Hint())
	}
}

// words are what people type, and what they do not.
var words = []string{
	"", "", "", "", "?", "back", "quit", "next", "next", "next", "add", "edit 1", "edit 2", "edit 99", "copy 1", "delete 1", "paste", ".", "import list.csv", "import", "recommended", "recommended 2",
	"questions", "show 1", "show all", "show 1, 2", "yes 1", "yes all", "yes 1 2", "retry", "list", "1", "2", "3", "99", "-1", "yes", "no", "y", "n", "all", "none", "-", "unknown",
	"nordwind.example", "escape.example, nordwind.example", "no-such-domain.example", "hq", "203.0.113.10", "10.0.0.1", "scan@nordwind.example", "scanner", "direct", "smtp-auth", "connector-ip",
	"\x1b[A", "bücher.example", "a\xffb", "\t", "inventory.yaml", strings.Repeat("x", 300), "scanner, hq, scan@nordwind.example, smtp-auth",
}

// Whatever is typed, the interview ends, and says what can be read aloud.
func TestAnything(t *testing.T) {
	t.Parallel()
	states := map[string]interview.State{"empty": empty(t), "office": interviewtest.Office(t), "long": interviewtest.Long(t), "failing": interviewtest.Failing(t)}
	rapid.Check(t, func(rt *rapid.T) {
		s := states[rapid.SampledFrom([]string{"empty", "office", "long", "failing"}).Draw(rt, "state")]
		d := dialogue{state: func(testing.TB) interview.State { return s }, width: rapid.IntRange(20, 140).Draw(rt, "width"),
			files: map[string]string{"list.csv": "scanner-9 scan9@nordwind.example\n\x1b[2J evil@nordwind.example\n"}}
		if rapid.Bool().Draw(rt, "dead") {
			d.world = interviewtest.Dead
		}
		lines := rapid.SliceOfN(rapid.SampledFrom(words), 0, 15).Draw(rt, "lines")
		c, out, _, err := d.run(t, lines)
		finished(rt, out, err)
		plainText(rt, c.said(), d.width)
	})
}

// finished fails unless an interview ended in one of the ways that it has.
func finished(t reporter, out Outcome, err error) {
	var e *EndedError
	if (err != nil || !out.Quit && out.State.At != interview.Export) && !errors.As(err, &e) {
		t.Errorf("it ended by %v at %s", err, out.State.At)
	}
}

func FuzzRun(f *testing.F) {
	f.Add("nordwind.example\n\n\n\n\nadd\nquit\n", uint8(80))
	f.Add("nordwind.example\r\nback\r\n?\r\n", uint8(0))
	f.Add("\x1b[A\n\xff\n", uint8(20))
	s := interviewtest.Office(f)
	f.Fuzz(func(t *testing.T, in string, width uint8) {
		in = in[:min(len(in), 4096)] // nobody types more
		lines := strings.SplitAfter(in, "\n")
		d := dialogue{state: func(testing.TB) interview.State { return s }, width: int(width)}
		for i, l := range lines {
			lines[i] = strings.TrimSuffix(l, "\n")
		}
		c, out, _, err := d.run(t, lines)
		finished(t, out, err)
		plainText(t, c.said(), int(width))
	})
}
