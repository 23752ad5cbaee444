package interview

import (
	"fmt"
	"net/netip"
	"slices"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/words"
	"sendplan/planner"
)

// dayForm is how days are written for people.
const dayForm = "2 January 2006"

// planPage is the plan: what it comes to, what keeps it from being carried out,
// what it changes, and what becomes of each device and sender.
func (s State) planPage() Page {
	if s.Plan == nil {
		return Page{Lead: []Line{{Text: "The plan is not made yet."}}}
	}
	p := planned{s, *s.Plan}
	return Page{
		Lead: p.lead(),
		Sections: []Section{
			section("What blocks it", p.blocked()),
			section("What you can say yes to", p.offers()),
			section("What is not known", p.unknown()),
			section("Record changes", p.changes()),
			section("SPF, term by term", p.terms()),
			section("Notes", p.notes()),
			p.devices(),
			p.senders(),
			section("Stages", p.stages()),
		},
	}
}

// planned is a plan with the interview that it was made in.
type planned struct {
	State
	planner.Plan
}

// lead is the verdict, with the day that it is about.
func (p planned) lead() []Line {
	mark := Good
	switch {
	case len(p.Blocked) > 0 || p.Right() == method.False:
		mark = Bad
	case len(p.Plan.Unknown) > 0 || p.Right() == method.Unknown:
		mark = Unknown
	}
	var lead lines
	lead.add(mark, 0, words.Plan(p.Plan))
	lead.add(Muted, 0, "As of "+p.Plan.Date.Format(dayForm)+". Nothing is changed by looking at it.")
	return lead
}

// about finds what the inventory holds under a subject of the plan, so that it
// can be edited.
func (p planned) about(subject string) Subject {
	if p.Draft == nil {
		return Subject{}
	}
	if d, ok := p.Draft.Device(subject); ok {
		return Subject{OfDevice, d.Name}
	}
	at := slices.IndexFunc(p.Draft.Domains, func(d inventory.Domain) bool { return d.Name.String() == subject })
	if at < 0 {
		return Subject{}
	}
	return Subject{OfDomain, subject}
}

// titled is a message with what it is about before it.
func titled(subject, message string) string {
	if subject == "" {
		return message
	}
	return subject + ": " + message
}

func (p planned) blocked() []Item {
	var items []Item
	for _, b := range p.Blocked {
		var more lines
		more.fix(b.Fix)
		more.yes(b.Accept)
		for _, k := range b.Holds {
			more.add(Plain, 0, "holds back: "+words.Key(k))
		}
		more.add(Muted, 0, string(b.ID))
		one := item(Bad, titled(b.Subject, b.Message), more)
		one.Accept, one.About = b.Accept, p.about(b.Subject)
		items = append(items, one)
	}
	return items
}

func (l *lines) fix(text string) {
	if text != "" {
		l.add(Plain, 0, "fix: "+text)
	}
}

func (l *lines) yes(id planner.AcceptID) {
	if id != "" {
		l.add(Plain, 0, "or say yes to it, which is written into the inventory:")
		l.add(Code, 1, string(id))
		l.add(Warn, 1, riskOf(id))
	}
}

// offers are what a yes is wanted for, conditions of stages included.
func (p planned) offers() []Item {
	var items []Item
	has := func(id planner.AcceptID) bool {
		return slices.ContainsFunc(items, func(i Item) bool { return i.Accept == id })
	}
	for _, o := range p.Offers {
		var more lines
		if o.Pin != nil {
			more.add(Plain, 0, fmt.Sprintf("%s is then held as %s, as of %s: %s", o.Pin.Term, words.Plural(len(o.Pin.Addresses), "network"),
				o.Pin.Date.Format(dayForm), list(o.Pin.Addresses, netip.Prefix.String)))
		}
		items = append(items, offered(titled(o.Subject, o.Text), more, o.Accept))
	}
	for i, s := range p.Plan.Stages {
		for _, c := range s.Conditions {
			if c.Met || c.Accept == "" || has(c.Accept) {
				continue
			}
			title := fmt.Sprintf("stage %d may begin though it is not so that %s", i+1, c.Text)
			var more lines
			more.add(Plain, 0, c.Why)
			items = append(items, offered(title, more, c.Accept))
		}
	}
	return items
}

func offered(title string, more lines, id planner.AcceptID) Item {
	more.add(Warn, 0, riskOf(id))
	more.add(Code, 0, string(id))
	one := item(Note, title, more)
	one.Accept = id
	return one
}

func (p planned) unknown() []Item {
	var items []Item
	for _, u := range p.Plan.Unknown {
		var more lines
		if u.Cause != nil {
			more.add(Unknown, 0, "cause: "+failure(u.Cause))
			more.add(Muted, 0, again)
		}
		more.fix(u.Fix)
		one := item(Unknown, titled(u.Subject, u.Message), more)
		one.About = p.about(u.Subject)
		items = append(items, one)
	}
	return items
}

// terms are the SPF records of which something changes, term by term.
func (p planned) terms() []Item {
	var items []Item
	for _, d := range p.Plan.Domains {
		if !words.Changed(d.SPF) {
			continue
		}
		items = append(items, item(Plain, shownName(d.Name)+": "+words.Costs(d.SPF), termLines(d.SPF)))
	}
	return items
}

// termLines say what becomes of the terms of a record, and who gains and loses
// by it.
func termLines(s planner.SPF) lines {
	var more lines
	for _, t := range s.Terms {
		mark := map[planner.Action]Mark{planner.Keep: Muted, planner.Add: Added, planner.Remove: Removed, planner.Replace: Warn}[t.Action]
		text := string(t.Action) + " " + t.Text
		if t.Action == planner.Replace {
			text += " -> " + t.With
		}
		more.add(mark, 0, text)
		more.add(Muted, 1, t.Why)
	}
	for _, d := range s.Gained {
		more.add(Added, 0, "gained "+words.Gain(d))
	}
	for _, d := range s.Lost {
		more.add(Removed, 0, "lost "+words.Loss(d))
	}
	for _, w := range s.Warnings {
		more.add(Warn, 0, "warning: "+w)
	}
	return more
}

func (p planned) notes() []Item {
	var items []Item
	for _, d := range p.Plan.Domains {
		for _, n := range d.Notes {
			one := item(Note, titled(d.Name.Unicode(), n), nil)
			one.About = p.about(d.Name.String())
			items = append(items, one)
		}
	}
	return items
}

// stages are what is to be done, in order.
func (p planned) stages() []Item {
	var items []Item
	for i, s := range p.Plan.Stages {
		mark := Plain
		switch {
		case s.Overdue:
			mark = Warn
		case !s.Open():
			mark = Muted
		}
		one := item(mark, words.Stage(i+1, s), p.stage(s))
		one.Open = s.Current
		items = append(items, one)
	}
	return items
}

// stage is what belongs to one stage.
func (p planned) stage(s planner.Stage) lines {
	var more lines
	for _, c := range s.Conditions {
		mark := Warn
		if c.Met {
			mark = Good
		}
		more.add(mark, 0, "when: "+words.Condition(c))
	}
	for _, c := range s.Changes {
		held := ""
		if p.Held(c.Key) {
			held = ", " + planner.HeldBack
		}
		more.add(Plain, 0, "change: "+words.Key(c.Key)+held)
	}
	if words := words.Wait(s); words != "" {
		more.add(Plain, 0, "then: "+words)
	}
	for _, task := range s.Tasks {
		more.add(Plain, 0, "task: "+words.Task(task))
		more.add(Code, 1, task.Command)
		more.add(Muted, 1, task.Why)
	}
	return more
}
