package tui

import (
	"sendplan/planner"
	"sendplan/planner/interview"
)

// What components tell the step that holds them. They arrive as messages of
// their own, after the key that brought them about.
type (
	// formDoneMsg: every question of the form was gone through, or ctrl+s was
	// pressed. The step puts the answers; on a mistake the form goes on with it.
	formDoneMsg struct{ answers interview.Answers }

	// pastedMsg is the whole text of a paste box, as it was pasted.
	pastedMsg struct{ text string }

	// confirmedMsg answers a confirm.
	confirmedMsg struct{ yes bool }

	// acceptMsg is the wish to say yes to what the item at the cursor offers.
	acceptMsg struct{ id planner.AcceptID }

	// editMsg is the wish to answer again what the item at the cursor is about.
	editMsg struct{ about interview.Subject }
)
