package render

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/planner"
)

// planRecords shows the changes by domain, record by record.
func (t *Text) planRecords(p Planned) {
	head := false
	for _, g := range p.byDomain() {
		if g.silent() {
			continue
		}
		if !head {
			t.planPart("Records (- goes, + comes, = stays)", 1)
			head = true
		}
		t.Para(2, "", shownName(g.Name), t.Style.Bold)
		for _, c := range g.Changes {
			t.change(c)
		}
		if words.Changed(g.SPF) {
			t.planSPF(g.SPF)
		}
		items(t, 4, g.Notes, func(note string) { t.Para(4, "note: ", note, t.Style.Yellow) })
	}
}

// change is one record set: its records that stay, go and come.
func (t *Text) change(c planner.Placed) {
	t.Para(4, "", words.Key(c.Key)+" ("+placedWords(c)+")", t.statePen(c))
	t.records(6, differenceOf(c.Change))
	for _, why := range c.Why {
		t.Para(6, "for: ", why, t.Style.Dim)
	}
}

// placedWords say where a set stands and what befalls it as a whole.
func placedWords(c planner.Placed) string {
	parts := []string{fmt.Sprintf("stage %d", c.Stage)}
	if c.Zone != c.Key.Name {
		parts = append(parts, "zone "+c.Zone.String())
	}
	parts = append(parts, words.Set(c.Change))
	if c.State != "" {
		parts = append(parts, c.State)
	}
	return strings.Join(parts, ", ")
}

func (t *Text) statePen(c planner.Placed) term.Pen {
	if c.State != "" {
		return t.Style.Yellow
	}
	return term.Pen{}
}

func (t *Text) records(indent int, d difference) {
	for _, part := range []struct {
		sign    string
		pen     term.Pen
		records []dns.Record
	}{{"= ", t.Style.Dim, d.kept}, {"- ", t.Style.Red, d.gone}, {"+ ", t.Style.Green, d.come}} {
		items(t, indent, part.records, func(r dns.Record) { t.whole(indent, part.sign, r.Data.String(), part.pen) })
	}
}

// planSPF is what becomes of an SPF record, term by term.
func (t *Text) planSPF(s planner.SPF) {
	t.Line("    SPF, term by term")
	items(t, 6, s.Terms, func(one planner.Term) {
		t.whole(6, term.Pad(string(one.Action), 8), words.Term(one), t.actionPen(one.Action))
		if one.Why != "" {
			t.Para(14, "", one.Why, t.Style.Dim)
		}
	})
	t.Para(6, term.Pad("cost", 8), words.Costs(s), term.Pen{})
	items(t, 6, s.Gained, func(d planner.Difference) { t.Para(6, term.Pad("gained", 8), words.Gain(d), term.Pen{}) })
	items(t, 6, s.Lost, func(d planner.Difference) { t.Para(6, term.Pad("lost", 8), words.Loss(d), t.Style.Red) })
	items(t, 6, s.Warnings, func(w string) { t.Para(6, "warning: ", w, t.Style.Yellow) })
}

func (t *Text) actionPen(a planner.Action) term.Pen {
	switch a {
	case planner.Add:
		return t.Style.Green
	case planner.Remove:
		return t.Style.Red
	case planner.Replace:
		return t.Style.Yellow
	}
	return term.Pen{}
}
