package interview_test

import (
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// The DNS is asked before anything is shown that rests on it, and again where
// domains have come since.
func TestLacks(t *testing.T) {
	t.Parallel()
	looked := interviewtest.Office(t)
	grown := looked
	grown.Domains = append(grown.Domains[:1:1], "weide.example")
	var begun interview.State
	for _, step := range interview.Steps {
		first := step == interview.Domains
		all := step == interview.Look || step == interview.Verify
		for what, c := range map[string]struct {
			s    interview.State
			want bool
		}{"begun": {begun, !first}, "looked": {looked, false}, "grown": {grown, all}} {
			c.s.At = step
			if got := c.s.Lacks(); got != c.want {
				t.Errorf("%s, %s: %v", what, step, got)
			}
		}
	}
}
