package render

import (
	"sendplan/internal/dns"
	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/planner"
)

// stages shows what is to be done, in order.
func (t *Text) stages(p Planned) {
	t.planPart("Stages", len(p.Stages))
	for i, s := range p.Stages {
		t.stage(i+1, s, p)
	}
}

func (t *Text) stage(n int, s planner.Stage, p Planned) {
	pen := t.Style.Bold
	if !s.Current {
		pen = term.Pen{}
	}
	t.Para(2, "", words.Stage(n, s), pen)
	for _, c := range s.Conditions {
		t.Para(4, "when: ", words.Condition(c), t.conditionPen(c))
		if !c.Met {
			t.accept(c.Accept)
		}
	}
	items(t, 4, s.Changes, func(c dns.Change) {
		held := ""
		if p.Held(c.Key) {
			held = ", " + planner.HeldBack
		}
		t.Para(4, "change: ", words.Key(c.Key)+held, term.Pen{})
	})
	if words := words.Wait(s); words != "" {
		t.Para(4, "then: ", words, term.Pen{})
	}
	items(t, 4, s.Tasks, t.task)
}

func (t *Text) conditionPen(c planner.Condition) term.Pen {
	if c.Met {
		return t.Style.Green
	}
	return t.Style.Yellow
}

func (t *Text) task(task planner.Task) {
	t.Para(4, "task: ", words.Task(task), term.Pen{})
	if task.Command != "" {
		t.whole(8, "", task.Command, t.Style.Cyan)
	}
	if task.Why != "" {
		t.Para(8, "", task.Why, t.Style.Dim)
	}
}
