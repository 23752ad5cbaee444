package spf

import (
	"fmt"
	"strings"
)

// Refusal says why a record is not rewritten: the result could not be proved to
// judge every address as the record does today, or does not fit.
type Refusal struct {
	Why   string
	Nodes []*Node // the terms that cannot be told as networks, where they are the reason
}

// Error returns the reason in a line, with the first of the terms.
func (r *Refusal) Error() string {
	const most = 3
	if len(r.Nodes) == 0 {
		return r.Why
	}
	var list []string
	for _, n := range r.Nodes[:min(len(r.Nodes), most)] {
		list = append(list, fmt.Sprintf("%s in the record of %s: %s", show(n.Term.Text), n.Domain, n.Trouble()))
	}
	if more := len(r.Nodes) - most; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return r.Why + ": " + strings.Join(list, "; ")
}

// Trouble says what keeps the addresses of the term from being told for certain.
func (n *Node) Trouble() string {
	switch {
	case n.Note != "":
		return n.Note
	case n.Term.Kind == KindExists:
		return "exists is meant to change with the message"
	case namesOrigin(n.Term):
		return "%{o} is another domain where another record includes this one"
	case !n.Term.Valid:
		return "it is not valid"
	}
	return string(n.State)
}

// unproved returns the terms of n and below that keep its addresses from being
// told for certain: they depend on the message, could not be asked, or are an
// error to receivers. It is the lowest such terms.
func unproved(n *Node) []*Node {
	var found []*Node
	for _, c := range n.Children {
		found = append(found, unproved(c)...)
	}
	if len(found) > 0 {
		return found
	}
	switch n.State {
	case StateIgnored:
		return nil
	case StateOK, StateVoid:
		// An exists without macros could be told, but its answer is made to
		// differ from one moment to the next.
		if n.Term.Kind != KindExists && n.Term.Kind != KindPTR && !namesOrigin(n.Term) {
			return nil
		}
	}
	return []*Node{n}
}

// namesOrigin reports whether the name that a term asks for is made of the
// sender's domain, which is not always the domain of the tree.
func namesOrigin(t Term) bool {
	return t.Kind.Counts() && strings.Contains(strings.ToLower(t.Domain), "%{o")
}
