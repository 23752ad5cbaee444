package planner

import (
	"slices"

	"sendplan/internal/dns"
)

// Placed is a change with the stage that it belongs to.
type Placed struct {
	dns.Change
	Stage int    // from 1
	State string // why it is not to be published now; "" if it is
}

// HeldBack is the state of a change that a block holds back.
const HeldBack = "held back by what blocks the plan"

// Placed returns the changes of all stages, in their order.
func (p Plan) Placed() []Placed {
	var list []Placed
	awaiting := map[dns.Key]bool{} // a stage before changes the set, and has to wait
	for i, s := range p.Stages {
		for _, c := range s.Changes {
			placed := Placed{Change: c, Stage: i + 1}
			switch {
			case p.Held(c.Key):
				placed.State = HeldBack
			case awaiting[c.Key]:
				placed.State = "waits for an earlier stage"
			case !s.Open():
				placed.State = "waits for the conditions of its stage"
			}
			list = append(list, placed)
			awaiting[c.Key] = awaiting[c.Key] || !s.Open()
		}
	}
	return list
}

// Accepts returns the IDs of all that the plan offers to say yes to, in its
// order, each once.
func (p Plan) Accepts() []AcceptID {
	var list []AcceptID
	add := func(id AcceptID) {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	for _, b := range p.Blocked {
		add(b.Accept)
	}
	for _, s := range p.Stages {
		for _, c := range s.Conditions {
			if !c.Met {
				add(c.Accept)
			}
		}
	}
	for _, o := range p.Offers {
		add(o.Accept)
	}
	return list
}
