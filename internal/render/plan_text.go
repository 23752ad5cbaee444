package render

import (
	"fmt"
	"strings"

	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/planner"
)

// maxItems is how many items of one list are shown to people. JSON has all.
const maxItems = 60

// firsts returns as many of a list as people are shown, and what to say of the
// rest.
func firsts[T any](list []T) (shown []T, rest string) {
	if more := len(list) - maxItems; more > 0 {
		return list[:maxItems], fmt.Sprintf("and %d more, which the format json shows", more)
	}
	return list, ""
}

// items draws a list that may be long.
func items[T any](t *Text, indent int, list []T, draw func(T)) {
	shown, rest := firsts(list)
	for _, item := range shown {
		draw(item)
	}
	if rest != "" {
		t.Para(indent, "", rest, t.Style.Dim)
	}
}

// whole writes text that people copy, such as a record, on a line of its own
// that is never broken.
func (t *Text) whole(indent int, sign, text string, pen term.Pen) {
	t.Line("%s%s", strings.Repeat(" ", indent), pen.Draw(sign+term.SafeMax(text, maxWhole)))
}

// maxWhole is how many cells of a text are shown that is not broken: more than
// any record has that receivers accept.
const maxWhole = 8192

func (t *Text) plan(p Planned) {
	t.Para(0, "", "Plan of "+p.Inventory+" as of "+p.Date.Format("2 January 2006"), t.Style.Bold)
	t.Para(0, "", words.Plan(p.Plan), t.verdictPen(p.Verdict()))
	t.blocked(p)
	t.unknown(p)
	t.planRecords(p)
	t.stages(p)
	t.outcomes(p)
	t.offers(p)
}

func (t *Text) verdictPen(v PlanVerdict) term.Pen {
	return map[PlanVerdict]term.Pen{PlanBlocked: t.Style.Red, PlanUnknown: t.Style.Magenta, PlanMade: t.Style.Green}[v]
}

// planPart is the heading of a part that has something in it.
func (t *Text) planPart(title string, n int) {
	if n > 0 {
		t.Blank()
		t.Line("%s", t.Style.Bold.Draw(title))
	}
}

func (t *Text) blocked(p Planned) {
	t.planPart("What blocks it", len(p.Blocked))
	items(t, 2, p.Blocked, func(b planner.Block) {
		t.Para(2, string(b.ID)+": ", b.Subject, t.Style.Red)
		t.Para(6, "", b.Message, term.Pen{})
		t.remark("fix: ", b.Fix)
		t.accept(b.Accept)
		var held []string
		for _, k := range b.Holds {
			held = append(held, words.Key(k))
		}
		t.remark("holds back: ", strings.Join(held, ", "))
	})
}

// remark is a line below an item, if there is something to say.
func (t *Text) remark(label, text string) {
	if text != "" {
		t.Para(6, label, text, term.Pen{})
	}
}

// accept is the option that says yes to something.
func (t *Text) accept(id planner.AcceptID) {
	if id != "" {
		t.whole(6, "", "or say yes: --accept "+string(id), term.Pen{})
	}
}

func (t *Text) unknown(p Planned) {
	t.planPart("What is not known", len(p.Unknown))
	items(t, 2, p.Unknown, func(u planner.Unknown) {
		t.Para(2, "", u.Subject, t.Style.Magenta)
		t.Para(6, "", u.Message, term.Pen{})
		if u.Cause != nil {
			t.remark("cause: ", u.Cause.Error())
		}
		t.remark("fix: ", u.Fix)
	})
}

func (t *Text) offers(p Planned) {
	t.planPart("What you can say yes to", len(p.Offers))
	items(t, 2, p.Offers, func(o planner.Offer) {
		t.whole(2, "", "--accept "+string(o.Accept), t.Style.Cyan)
		t.Para(6, "", o.Subject+": "+o.Text, term.Pen{})
	})
	if len(p.Accepts()) > 0 {
		t.Blank()
		t.Para(0, "", "Each --accept is written into the inventory, and the plan is made again.", t.Style.Dim)
	}
}
