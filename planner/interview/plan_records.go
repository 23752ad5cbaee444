package interview

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/planner"
)

// changes are the record sets that the plan changes, in the order of its stages.
func (p planned) changes() []Item {
	var items []Item
	awaiting := map[dns.Key]bool{} // a stage before changes the set, and has to wait
	for i, s := range p.Plan.Stages {
		for _, c := range s.Changes {
			state := p.stateOf(c, s, awaiting[c.Key])
			awaiting[c.Key] = awaiting[c.Key] || !s.Open()
			items = append(items, p.change(c, i+1, state))
		}
	}
	return items
}

// stateOf says why a change is not to be published now, "" if it is.
func (p planned) stateOf(c dns.Change, s planner.Stage, behind bool) string {
	switch {
	case p.Held(c.Key):
		return heldBack
	case behind:
		return "waits for an earlier stage"
	case !s.Open():
		return "waits for the conditions of its stage"
	}
	return ""
}

// change is one record set, whole, before and after.
func (p planned) change(c dns.Change, stage int, state string) Item {
	var more lines
	more.add(Plain, 0, "zone "+c.Zone.String())
	for _, why := range c.Why {
		more.add(Plain, 0, "for: "+why)
	}
	mark := Plain
	if state != "" {
		mark = Warn
		more.add(Warn, 0, state)
	}
	title := fmt.Sprintf("%s (%s)", keyWords(c.Key), strings.Join(append([]string{fmt.Sprintf("stage %d", stage)}, setWords(c)...), ", "))
	one := item(mark, title, more)
	one.Old, one.New = records(c.Old), records(c.New)
	return one
}

// setWords say what befalls a set as a whole.
func setWords(c dns.Change) []string {
	switch before, after := ttl(c.Old), ttl(c.New); {
	case len(c.Old) == 0:
		return []string{"a new set", fmt.Sprintf("TTL %d", after)}
	case len(c.New) == 0:
		return []string{"the whole set goes"}
	case before != after:
		return []string{fmt.Sprintf("TTL %d -> %d", before, after)}
	default:
		return []string{fmt.Sprintf("TTL %d", after)}
	}
}

// records are the texts of a set as a zone file has them.
func records(set []dns.Record) []string {
	var texts []string
	for _, r := range set[:min(len(set), maxMore)] {
		texts = append(texts, bounded(r.Data.String(), maxText))
	}
	if left := len(set) - maxMore; left > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", left))
	}
	return texts
}
