package zone

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/planner"
)

// Batches parts the changes of a plan by zone, in the order in which the plan
// names the zones. stage is the number of a stage, from 1; 0 folds all stages
// together, so that of a set that changes in several its first Old and its last
// New remain.
//
// A set that a block holds back, or that waits for the conditions of its stage or
// of an earlier change of its own, is in Held.
//
// An undo is the way back, in the opposite order.
func Batches(p planner.Plan, stage int, undo bool) []Batch {
	g := gathering{title: titleOf(p, stage)}
	waiting := map[dns.Key]string{}
	for i, s := range p.Stages {
		for _, c := range s.Changes {
			if why := conditionsOf(i+1, s); why != "" && waiting[c.Key] == "" {
				waiting[c.Key] = why
			}
			if stage == 0 || stage == i+1 {
				g.add(c, heldWhy(p, c.Key, waiting[c.Key]))
			}
		}
	}
	list := g.finish()
	if undo {
		reverse(list)
	}
	return list
}

func titleOf(p planner.Plan, stage int) string {
	switch {
	case stage == 0:
		return "all stages that may be carried out"
	case 1 <= stage && stage <= len(p.Stages):
		return fmt.Sprintf("stage %d: %s", stage, p.Stages[stage-1].Title)
	}
	return fmt.Sprintf("stage %d", stage)
}

// heldWhy says why a set is not to be published, "" if it is.
func heldWhy(p planner.Plan, k dns.Key, waits string) string {
	var why []string
	for _, b := range p.Blocked {
		if slices.Contains(b.Holds, k) {
			why = append(why, string(b.ID)+": "+b.Message)
		}
	}
	if waits != "" {
		why = append(why, waits)
	}
	return strings.Join(why, "; ")
}

// conditionsOf says what a stage waits for, "" if for nothing.
func conditionsOf(number int, s planner.Stage) string {
	var unmet []string
	for _, c := range s.Conditions {
		if !c.Met {
			unmet = append(unmet, c.Text)
		}
	}
	if len(unmet) == 0 {
		return ""
	}
	return fmt.Sprintf("stage %d waits: %s", number, strings.Join(unmet, "; "))
}

// gathering collects batches.
type gathering struct {
	title string
	list  []Batch
}

func (g *gathering) add(c dns.Change, held string) {
	b := g.batch(c.Zone)
	if held != "" {
		if h := (Held{c.Key, held}); !slices.Contains(b.Held, h) {
			b.Held = append(b.Held, h)
		}
		return
	}
	at := slices.IndexFunc(b.Changes, func(d dns.Change) bool { return d.Key == c.Key })
	if at < 0 {
		c.Why = slices.Clone(c.Why)
		b.Changes = append(b.Changes, c)
		return
	}
	folded := &b.Changes[at]
	folded.New = c.New
	for _, why := range c.Why {
		if !slices.Contains(folded.Why, why) {
			folded.Why = append(folded.Why, why)
		}
	}
}

func (g *gathering) batch(zone dns.Name) *Batch {
	at := slices.IndexFunc(g.list, func(b Batch) bool { return b.Zone == zone })
	if at < 0 {
		at, g.list = len(g.list), append(g.list, Batch{Zone: zone, Stage: g.title})
	}
	return &g.list[at]
}

// finish leaves out what came to nothing when it was folded.
func (g *gathering) finish() []Batch {
	for i := range g.list {
		g.list[i].Changes = slices.DeleteFunc(g.list[i].Changes, func(c dns.Change) bool { return sameSet(c.Old, c.New) })
	}
	return slices.DeleteFunc(g.list, func(b Batch) bool { return len(b.Changes)+len(b.Held) == 0 })
}

// reverse turns batches into the way back.
func reverse(list []Batch) {
	slices.Reverse(list)
	for i := range list {
		b := &list[i]
		b.Stage = "undo of " + b.Stage
		slices.Reverse(b.Changes)
		for j := range b.Changes {
			c := &b.Changes[j]
			c.Old, c.New = c.New, c.Old
			for k := range c.Why {
				c.Why[k] = "the undo of: " + c.Why[k]
			}
		}
	}
}
