package spf

import "net/netip"

// Difference is a network that two records judge differently.
type Difference struct {
	Prefix        netip.Prefix
	Before, After Result // "" where that depends on what is not known
}

// Differ returns the first network that d judges otherwise than c does, and
// false if they agree on every address, what is not known included.
func (c Coverage) Differ(d Coverage) (Difference, bool) {
	var changed AddressSet
	after := d.judged()
	for i, s := range c.judged() {
		changed = changed.Union(s.addresses.Subtract(after[i].addresses))
	}
	for _, s := range c.judged() {
		for _, u := range after {
			both := changed.Intersect(s.addresses).Intersect(u.addresses)
			if s.result != u.result && !both.IsEmpty() {
				return Difference{both.Prefixes()[0], s.result, u.result}, true
			}
		}
	}
	return Difference{}, false
}

// judged are the addresses of one result.
type judged struct {
	result    Result // "" where it is open
	addresses AddressSet
}

// judged returns the sets of a coverage, which is a partition of all addresses.
func (c Coverage) judged() []judged {
	return []judged{{Pass, c.Pass}, {Neutral, c.Neutral}, {SoftFail, c.SoftFail}, {Fail, c.Fail}, {"", c.Open}}
}

// graft returns t with another record in the place of its domain's own. What
// lies behind a term is taken from the tree, or from added, where a term of the
// same text stands; a term that stands in neither must be one that asks nothing.
func (t Tree) graft(record Record, added ...*Node) Tree {
	pool := append(append([]*Node{}, t.Root.Children...), added...)
	root := &Node{Domain: t.Domain, Target: t.Domain, State: StateOK, Record: &record}
	for i, term := range record.Terms {
		n := &Node{Domain: t.Domain, State: StateOK}
		for j, old := range pool {
			if old != nil && old.Term.Text == term.Text {
				*n, pool[j] = *old, nil
				break
			}
		}
		n.Parent, n.Term = &record, term
		switch {
		case !record.Reached(i):
			n.State = StateIgnored
		case n.State == StateIgnored && term.Kind.Counts():
			// Nobody came here before, so nobody asked what lies behind it.
			n.State = StateTruncated
		case !term.Valid:
			n.State = StatePermError
		}
		root.Children = append(root.Children, n)
	}
	return Tree{Domain: t.Domain, Root: root}
}
