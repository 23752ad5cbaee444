package planner

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
)

// enabling is that the tenant shall sign for a domain, which Exchange Online
// refuses to do before both aliases lead to its keys.
type enabling struct {
	inventory.DKIM
	Task
}

// enablingStages makes a stage of its own for each domain for which signing cannot
// be switched on with the plan, and a task for the others.
func (m *maker) enablingStages() []Stage {
	var stages []Stage
	for _, s := range m.enablings {
		conditions, ready := m.aliases(s.DKIM)
		if ready {
			m.task(stageRecords, s.Task)
			continue
		}
		stage := Stage{Title: "Switch DKIM signing on for " + s.Subject, Conditions: conditions, Tasks: []Task{s.Task}}
		m.press(&stage, func(d fleet.Device) bool { return sendsBelow(d, s.Domain) })
		stages = append(stages, stage)
	}
	return stages
}

// aliases are the conditions that both selectors of a domain lead to the tenant's
// keys, now or after the plan.
func (m *maker) aliases(k inventory.DKIM) (list []Condition, ready bool) {
	ready = true
	for _, s := range []struct {
		selector string
		target   dns.Name
	}{{provider.Selector1, k.Selector1}, {provider.Selector2, k.Selector2}} {
		name, err := k.Domain.Child(s.selector + "._domainkey")
		if err != nil {
			continue
		}
		c := Condition{Text: fmt.Sprintf("%s is an alias to the key of Microsoft 365", name)}
		c.Met, c.Why, c.Accept = m.leads(name, s.target)
		list, ready = append(list, c), ready && c.Met
	}
	return list, ready
}

// leads reports whether a selector's name leads to where it must. Where that is not
// known, an alias in the form of Microsoft's will do: Exchange Online looks itself.
func (m *maker) leads(name, target dns.Name) (met bool, why string, accept AcceptID) {
	k := dns.Key{Name: name, Type: dns.TypeCNAME}
	for _, c := range m.changes() {
		if c.Key == k && !m.plan.Held(k) {
			return true, "it is published with the plan", ""
		}
	}
	set := m.zones.Set(k)
	for _, r := range set.Records {
		to := r.Data.(dns.CNAME).Target
		if _, microsoft := provider.ParseDKIMTarget(to); to == target || target == "" && microsoft {
			return true, "it leads to " + string(to), ""
		}
	}
	switch b, blocked := m.blockOf(k); {
	case blocked:
		return false, b.Message, b.Accept
	case set.Problem() != "":
		return false, set.Problem(), ""
	case target == "":
		return false, "where it must lead only Exchange Online can say", ""
	}
	return false, "it does not lead to " + string(target), ""
}

// blockOf returns a block that is about a set.
func (m *maker) blockOf(k dns.Key) (Block, bool) {
	for _, b := range m.plan.Blocked {
		if b.Subject == string(k.Name) || slices.Contains(b.Holds, k) {
			return b, true
		}
	}
	return Block{}, false
}
