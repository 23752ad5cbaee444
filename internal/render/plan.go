package render

import (
	"io"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/words"
	"sendplan/planner"
)

// Planned is a plan with what its reader knows it by.
type Planned struct {
	planner.Plan
	Inventory string // the name of the file that it was made from
}

// PlanVerdict says in a word what a plan is worth.
type PlanVerdict string

// The verdicts, the worst first.
const (
	PlanBlocked PlanVerdict = "blocked" // part of it cannot be carried out, or would leave a device that is not right
	PlanUnknown PlanVerdict = "unknown" // it is made, but something that it rests on is not known
	PlanMade    PlanVerdict = "made"
)

// Verdict returns what the plan is worth.
func (p Planned) Verdict() PlanVerdict {
	switch {
	case len(p.Blocked) > 0 || p.Right() == method.False:
		return PlanBlocked
	case len(p.Unknown) > 0 || p.Right() == method.Unknown:
		return PlanUnknown
	}
	return PlanMade
}

// Plan writes the changes, what they are for, and what comes of them for each
// device and sender.
func (f Format) Plan(w io.Writer, p Page, plan Planned) error {
	return f.write(w, p, newPlan(plan), func() [][]string { return planRows(plan) }, func(t *Text) { t.plan(plan) })
}

// ownChanges are the changes of one domain, or of names outside of all.
type ownChanges struct {
	planner.Domain
	Changes []planner.Placed
}

// silent reports whether there is nothing to say about the domain.
func (o ownChanges) silent() bool { return len(o.Changes)+len(o.Notes) == 0 && !words.Changed(o.SPF) }

// byDomain returns the domains with the changes at or below their names, then
// the zones of the other changes.
func (p Planned) byDomain() []ownChanges {
	var groups []ownChanges
	for _, d := range p.Domains {
		groups = append(groups, ownChanges{Domain: d})
	}
	for _, c := range p.Placed() {
		at := groupOf(groups[:len(p.Domains)], c.Key.Name)
		if at < 0 {
			at = slices.IndexFunc(groups, func(g ownChanges) bool { return g.Name == c.Zone })
		}
		if at < 0 {
			at, groups = len(groups), append(groups, ownChanges{Domain: planner.Domain{Name: c.Zone}})
		}
		groups[at].Changes = append(groups[at].Changes, c)
	}
	return groups
}

// groupOf returns the closest domain above a name, -1 if there is none.
func groupOf(groups []ownChanges, name dns.Name) int {
	best := -1
	for i, g := range groups {
		if name.Below(g.Name) && (best < 0 || g.Name.Below(groups[best].Name)) {
			best = i
		}
	}
	return best
}

// difference parts the records of a change by what becomes of them.
type difference struct{ kept, gone, come []dns.Record }

func differenceOf(c dns.Change) difference {
	var d difference
	for _, r := range c.Old {
		if holds(c.New, r.Data) {
			d.kept = append(d.kept, r)
		} else {
			d.gone = append(d.gone, r)
		}
	}
	for _, r := range c.New {
		if !holds(c.Old, r.Data) {
			d.come = append(d.come, r)
		}
	}
	return d
}

func holds(set []dns.Record, data dns.Data) bool {
	return slices.ContainsFunc(set, func(r dns.Record) bool { return r.Data == data })
}

// finalTTL is that of the set which a change leaves, or takes away.
func finalTTL(c dns.Change) uint32 {
	if len(c.New) > 0 {
		return dns.TTL(c.New)
	}
	return dns.TTL(c.Old)
}
