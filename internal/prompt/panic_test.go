package prompt

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sendplan/internal/inventory"
	"sendplan/internal/survey"
	"sendplan/planner"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// falling is a world that panics: where it plans, which is elsewhere, or where it
// reads, which is here.
type falling struct{ *interviewtest.World }

func (falling) Plan(context.Context, *inventory.Inventory, bool, func(survey.Progress)) planner.Plan {
	panic("out of reach")
}

func (falling) Read(interview.State, string) (interview.Import, error) { panic("out of reach") }

// A panic ends the interview with an error, wherever it is, and the draft is kept.
func TestPanic(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{"elsewhere": "next\nnext\ndone\nnext\n", "here": "import list.csv\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := interviewtest.New(t)
			var said strings.Builder
			out, err := Run(context.Background(), interviewtest.Office(t), falling{w}, Options{In: strings.NewReader(lines + strings.Repeat("\n", 20)), Out: &said})
			if err == nil || !strings.Contains(err.Error(), "panic: out of reach") || !strings.Contains(err.Error(), "panic_test.go") || errors.As(err, new(*EndedError)) {
				t.Fatalf("%v\n%s", err, said.String())
			}
			if out.Quit || w.Kept() == "" || w.Kept() != string(out.State.Draft.Bytes()) {
				t.Errorf("the draft is not kept: %+v", out)
			}
		})
	}
}
