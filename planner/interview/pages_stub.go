package interview

import (
	"sendplan/internal/survey"
	"sendplan/planner"
)

func (s State) lookPage() Page   { return Page{} }
func (s State) verifyPage() Page { return Page{} }
func (s State) planPage() Page   { return Page{} }

// Accept writes the yes to what the plan offers under an ID into the draft.
func (s State) Accept(id planner.AcceptID) (State, error) { return s, nil }

// Tally counts the answers of a look by what they are for.
type Tally struct{}

// Add returns the tally with one more answer.
func (t Tally) Add(p survey.Progress) Tally { return t }

// Lines says how far the look is, in words.
func (t Tally) Lines() []Line { return nil }
