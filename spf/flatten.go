package spf

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// maxFlattened is how many networks may stand in the place of one term. 400 of
// them are about 8000 octets, far more than a record should have.
const maxFlattened = 400

// Flattening is a record in which networks stand in the place of a term that
// asks the DNS. It judges each address exactly as the record does, as of the
// moment in which the tree was expanded.
type Flattening struct {
	Record    Record     // the whole record as it becomes
	Terms     []string   // what stands in the term's place, in order; none if it passes no address
	Addresses AddressSet // what the term matches; of a redirect, what it passes
	Lookups   int        // how many fewer the record takes
	Notes     []string   // what else changes, which is not about addresses
}

// Flatten replaces a term of the domain's own record, an include, a, mx or
// redirect, by networks. The qualifier stays: what an include matches is what
// the included record passes, and nothing else of that record counts (RFC 7208
// §5.2). The result is proved, not trusted: a record that judged one address
// otherwise would be refused. To replace several terms, go on with the tree that
// [ExpandText] makes of the record.
func (t Tree) Flatten(n *Node) (Flattening, *Refusal) {
	at := slices.Index(t.Root.Children, n)
	if refused := flattenable(n, at); refused != nil {
		return Flattening{}, refused
	}
	f := Flattening{Lookups: n.Lookups}
	if n.Term.Kind == KindRedirect {
		f.redirect(t, n, at)
	} else {
		f.mechanism(t, n, at)
	}
	if len(f.Terms) > maxFlattened {
		return Flattening{}, &Refusal{Why: fmt.Sprintf("%s would become %d terms, at most %d are written", show(n.Term.Text), len(f.Terms), maxFlattened)}
	}
	if d, differs := t.Coverage().Differ(t.graft(f.Record).Coverage()); differs {
		return Flattening{}, &Refusal{Why: fmt.Sprintf("without %s the address %s would be judged otherwise", show(n.Term.Text), d.Prefix.Addr())}
	}
	return f, nil
}

// flattenable says why a term cannot be replaced by networks, or returns nil.
// at is its place in the domain's own record, -1 if it is not there.
func flattenable(n *Node, at int) *Refusal {
	switch kind := n.Term.Kind; {
	case at < 0:
		return &Refusal{Why: "only terms of the domain's own record can be replaced"}
	case n.State == StateIgnored:
		return &Refusal{Why: show(n.Term.Text) + " has no effect: " + n.Note}
	case !flattens(kind):
		return &Refusal{Why: show(n.Term.Text) + " cannot be written as networks"}
	}
	if open := unproved(n); len(open) > 0 {
		return &Refusal{Why: fmt.Sprintf("what %s matches cannot be proved", show(n.Term.Text)), Nodes: open}
	}
	return nil
}

// flattens reports whether terms of a kind can be replaced by networks.
func flattens(k Kind) bool {
	return k == KindInclude || k == KindA || k == KindMX || k == KindRedirect
}

// matched returns what the mechanism of n surely matches: what a record with it
// alone passes.
func matched(n *Node) AddressSet {
	only, text := *n, alone(n.Term.Text)
	only.Term.Text = strings.TrimPrefix(text, versionTag+" ")
	return Tree{Domain: n.Domain, Root: &Node{}}.graft(Parse(text), &only).Coverage().Pass
}

// mechanism puts the networks that a mechanism matches in its place.
func (f *Flattening) mechanism(t Tree, n *Node, at int) {
	f.Addresses = matched(n)
	record := t.Root.Record
	f.Terms = networkTerms(n.Term.Qualifier, f.Addresses, decided(record.Terms[:at]))
	if len(f.Terms) > 0 {
		f.Record = record.Replace(at, strings.Join(f.Terms, " "))
	} else {
		f.Record = record.Remove(at)
	}
	if f.Addresses.IsEmpty() {
		f.Notes = append(f.Notes, fmt.Sprintf("%s matches no address at present, so nothing stands in its place", show(n.Term.Text)))
	}
}

// redirect puts all that the target decides behind the mechanisms, because
// redirect comes after them wherever it stands (RFC 7208 §6.1): what differs
// from the target's end, and then that end.
func (f *Flattening) redirect(t Tree, n *Node, at int) {
	target := Tree{Domain: n.Target, Root: n}.Coverage()
	f.Addresses = target.Pass
	before := decided(t.Root.Record.Terms)
	end, written := n.end()
	for _, q := range []Qualifier{QualifierPass, QualifierNeutral, QualifierSoftFail, QualifierFail} {
		if q != end {
			f.Terms = append(f.Terms, networkTerms(q, target.judgedAs(q.Result()), before)...)
		}
	}
	if written {
		f.Terms = append(f.Terms, qualified(end, KindAll.String()))
	}
	rest := t.Root.Record.Remove(at)
	f.Record = rest.Insert(rest.afterMechanisms(), f.Terms...)
	// RFC 7208 §6.2: with a redirect, the target's exp counts and not the own.
	if n.Record.Exp() >= 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("the explanation (exp=) in the record of %s is no longer given", n.Target))
	}
	if rest.Exp() >= 0 {
		f.Notes = append(f.Notes, "the explanation (exp=) in the record is given from now on")
	}
}

// end returns the result of the addresses that no other term of n's record
// decides, as a qualifier. It is written where an all mechanism says so.
func (n *Node) end() (q Qualifier, written bool) {
	if i := n.Record.All(); i >= 0 {
		return n.Record.Terms[i].Qualifier, true
	}
	if i := n.Record.Redirect(); i >= 0 {
		return n.Children[i].end()
	}
	// RFC 7208 §4.7
	return QualifierNeutral, false
}

// judgedAs returns the addresses of a result.
func (c Coverage) judgedAs(r Result) AddressSet {
	for _, j := range c.judged() {
		if j.result == r {
			return j.addresses
		}
	}
	return AddressSet{}
}

// decided returns the networks that the terms name themselves: an evaluation
// that comes behind them does not see these any more.
func decided(terms []Term) AddressSet {
	var named []netip.Prefix
	for _, t := range terms {
		if t.Valid && t.Prefix.IsValid() {
			named = append(named, t.Prefix)
		}
	}
	return networks(named...)
}

// networkTerms writes a set as the fewest terms, without those networks that
// are decided before.
func networkTerms(q Qualifier, set, before AddressSet) []string {
	var terms []string
	for _, p := range set.Prefixes() {
		if !before.Covers(NewAddressSet(p)) {
			terms = append(terms, networkTerm(q, p))
		}
	}
	return terms
}

// networkTerm writes a network as a term.
func networkTerm(q Qualifier, p netip.Prefix) string {
	kind, address := KindIP6, p.String()
	if p.Addr().Is4() {
		kind = KindIP4
	}
	if p.IsSingleIP() {
		address = p.Addr().String()
	}
	return qualified(q, kind.String()+":"+address)
}
