package spf

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
)

// Split is a record whose networks stand in part in records of their own, which
// it includes.
type Split struct {
	Record   Record
	Children []Child // none if the record is short enough as it is
}

// Child is a record that holds networks of another one.
type Child struct {
	Name dns.Name
	Text string
}

// childEnd closes a child. To the including record its result means no more
// than "no match" (RFC 7208 §5.2), and nothing sends with such a name as its
// domain. Of the ends that do not pass, ~all harms least where a receiver takes
// the end of an included record for that of the whole.
const childEnd = " ~all"

// maxChildNames bounds the search for names that are free.
const maxChildNames = 99

// Children moves networks of the domain's own record into records _spf1.D,
// _spf2.D and so on, until its text has at most limit octets. Each of them stays
// below the size that RFC 7208 §3.4 advises, and costs one lookup. Names for
// which taken reports true are left alone. Only networks that pass are moved,
// the last of them first, and it is proved that every address is judged as
// before.
func (t Tree) Children(limit int, taken func(dns.Name) bool) (Split, *Refusal) {
	record := t.Root.Record
	switch {
	case record == nil:
		return Split{}, &Refusal{Why: fmt.Sprintf("%s has no record of its own", t.Domain)}
	case len(record.Text()) <= limit:
		return Split{Record: *record}, nil
	case t.Partial:
		return Split{}, &Refusal{Why: "how many lookups the record takes is not known", Nodes: unproved(t.Root)}
	}
	names := childNames(t.Domain, *record, MaxLookups-t.Lookups, taken)
	moved, children, refused := pack(*record, names, limit)
	if refused != nil {
		return Split{}, refused
	}
	s := Split{Record: record.including(moved, children), Children: children}
	if len(s.Record.Text()) > limit {
		return Split{}, &Refusal{Why: fmt.Sprintf("the record would still have %d octets", len(s.Record.Text()))}
	}
	if d, differs := t.Coverage().Differ(t.graft(s.Record, childNodes(s)...).Coverage()); differs {
		return Split{}, &Refusal{Why: fmt.Sprintf("in parts, the address %s would be judged otherwise", d.Prefix.Addr())}
	}
	return s, nil
}

// childNames returns up to n free names for children of the record at domain.
func childNames(domain dns.Name, record Record, n int, taken func(dns.Name) bool) []dns.Name {
	used := make(map[string]bool)
	for _, t := range record.Terms {
		used[canonicalDomain(t.Domain)] = true
	}
	var names []dns.Name
	for i := 1; i <= maxChildNames && len(names) < n; i++ {
		name, err := domain.Child(fmt.Sprintf("_spf%d", i))
		if err == nil && !used[name.String()] && (taken == nil || !taken(name)) {
			names = append(names, name)
		}
	}
	return names
}

// pack chooses the fewest terms to move so that the record has at most limit
// octets, and puts them into children of the names given, in the order written.
func pack(record Record, names []dns.Name, limit int) (moved []int, children []Child, refused *Refusal) {
	can := movable(record)
	for n := 1; n <= len(can); n++ {
		moved = can[len(can)-n:]
		var fit bool
		if children, fit = fill(record, moved, names); !fit {
			return nil, nil, &Refusal{Why: fmt.Sprintf("%d octets cannot be reached with the %d lookups that are left, of %d", limit, len(names), MaxLookups)}
		}
		if record.without(moved)+includesOctets(children) <= limit {
			return moved, children, nil
		}
	}
	return nil, nil, &Refusal{Why: fmt.Sprintf("%d octets cannot be reached: only %d of its terms are networks that can be moved", limit, len(can))}
}

// movable returns the terms that pass networks, up to the first mechanism that
// does not pass: behind that one their order counts.
func movable(record Record) []int {
	var can []int
	for i, t := range record.Terms {
		switch {
		case t.Kind.Mechanism() && (t.Qualifier != QualifierPass || t.Kind == KindAll):
			return can
		case t.Valid && (t.Kind == KindIP4 || t.Kind == KindIP6):
			can = append(can, i)
		}
	}
	return can
}

// fill puts terms into children one after the other; fit is false if they take
// more than there are names.
func fill(record Record, moved []int, names []dns.Name) (children []Child, fit bool) {
	var c *Child
	for _, i := range moved {
		term := " " + record.Terms[i].Text
		if c == nil || len(c.Name)+len(c.Text)+len(term)+len(childEnd) >= AdviceOctets {
			if len(children) == len(names) {
				return nil, false
			}
			children = append(children, Child{names[len(children)], versionTag})
			c = &children[len(children)-1]
		}
		c.Text += term
	}
	for i := range children {
		children[i].Text += childEnd
	}
	return children, true
}

// without returns how long the record's text is without some of its terms, with
// one blank before each.
func (r Record) without(drop []int) int {
	octets := len(r.Text())
	for _, i := range drop {
		octets -= len(r.Terms[i].Text) + 1
	}
	return octets
}

func includesOctets(children []Child) int {
	octets := 0
	for _, c := range children {
		octets += len(" " + c.include())
	}
	return octets
}

// include is the term that leads to the child.
func (c Child) include() string { return KindInclude.String() + ":" + c.Name.String() }

// including returns the record with includes of children where the first of the
// moved terms stood.
func (r Record) including(moved []int, children []Child) Record {
	var includes []string
	for _, c := range children {
		includes = append(includes, c.include())
	}
	return r.Remove(moved...).Insert(moved[0], includes...)
}

// childNodes returns the includes of a split as a tree has them.
func childNodes(s Split) []*Node {
	var nodes []*Node
	for _, c := range s.Children {
		n := Tree{Domain: c.Name, Root: &Node{}}.graft(Parse(c.Text)).Root
		n.Term = Parse(strings.Join([]string{versionTag, c.include()}, " ")).Terms[0]
		nodes = append(nodes, n)
	}
	return nodes
}
