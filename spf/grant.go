package spf

import (
	"net/netip"
	"slices"
)

// Grant is a network that a record lets send.
type Grant struct {
	Prefix netip.Prefix
	Path   []*Node // the terms that lead to it, the domain's own first
}

// Authorized is what a tree lets send.
type Authorized struct {
	Grants []Grant // in the order of evaluation; may overlap and repeat

	// Open are the terms that let more send, which cannot be told as
	// networks: they depend on the message or could not be asked.
	Open []*Node
}

var (
	everything4 = netip.MustParsePrefix("0.0.0.0/0")
	everything6 = netip.MustParsePrefix("::/0")
)

// Authorized lists the networks for which the record gives pass, each with the
// terms that lead to it. Limits and broken terms are passed over: it is what
// the record is meant to allow. Earlier terms that match the same addresses
// with another qualifier are not taken off.
func (t Tree) Authorized() Authorized {
	var a Authorized
	a.walk(t.Root, nil)
	return a
}

func (a *Authorized) walk(n *Node, path []*Node) {
	var redirect *Node
	for _, c := range n.Children {
		switch {
		case c.State == StateIgnored || !c.Term.Valid:
		case c.Term.Kind == KindRedirect:
			redirect = c
		case c.Term.Qualifier == QualifierPass:
			a.term(c, append(slices.Clip(path), c))
		}
	}
	if redirect != nil {
		a.term(redirect, append(slices.Clip(path), redirect))
	}
}

func (a *Authorized) term(n *Node, path []*Node) {
	grant := func(ps ...netip.Prefix) {
		for _, p := range ps {
			a.Grants = append(a.Grants, Grant{p, path})
		}
	}
	if n.State == StateSender || n.Err != nil && n.Children == nil || n.State == StateTruncated {
		a.Open = append(a.Open, n)
	}
	switch n.Term.Kind {
	case KindAll:
		grant(everything4, everything6)
	case KindIP4, KindIP6:
		grant(n.Term.Prefix)
	case KindA, KindMX:
		for _, h := range n.Hosts {
			grant(h.prefixes(n.Term)...)
		}
	case KindExists:
		// With an answer it matches every client.
		if len(n.Hosts) > 0 && len(n.Hosts[0].V4) > 0 {
			grant(everything4, everything6)
		}
	default:
		a.walk(n, path)
	}
}

// prefixes returns the host's addresses as networks of the term's lengths.
func (h Host) prefixes(t Term) []netip.Prefix {
	var ps []netip.Prefix
	for _, ip := range h.V4 {
		if p, err := ip.Prefix(t.Bits4()); err == nil {
			ps = append(ps, p)
		}
	}
	for _, ip := range h.V6 {
		if p, err := ip.Prefix(t.Bits6()); err == nil {
			ps = append(ps, p)
		}
	}
	return ps
}
