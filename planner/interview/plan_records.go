package interview

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/words"
	"sendplan/planner"
)

// changes are the record sets that the plan changes, in the order of its stages.
func (p planned) changes() []Item {
	var items []Item
	for _, c := range p.Plan.Placed() {
		items = append(items, changeItem(c))
	}
	return items
}

// changeItem is one record set, whole, before and after.
func changeItem(c planner.Placed) Item {
	var more lines
	more.add(Plain, 0, "zone "+c.Zone.String())
	for _, why := range c.Why {
		more.add(Plain, 0, "for: "+why)
	}
	mark := Plain
	if c.State != "" {
		mark = Warn
		more.add(Warn, 0, c.State)
	}
	one := item(mark, fmt.Sprintf("%s (stage %d, %s)", words.Key(c.Key), c.Stage, words.Set(c.Change)), more)
	one.Old, one.New = records(c.Old), records(c.New)
	return one
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
