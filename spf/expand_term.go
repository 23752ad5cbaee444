package spf

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// term expands a term of the record of t.
func (x *expander) term(n *Node, reached bool, t target, path []dns.Name) {
	switch kind := n.Term.Kind; {
	case !reached:
		n.State, n.Note = StateIgnored, "after all, which always matches"
		if kind == KindRedirect {
			n.Note = "redirect has no effect in a record with all"
		}
		return
	case !n.Term.Valid:
		n.State = StatePermError
	case kind == KindExp, kind == KindUnknownModifier:
		n.State = StateIgnored
	}
	if !n.Term.Kind.Counts() {
		return
	}
	n.Cost, n.Lookups = 1, 1
	if x.lookups++; x.lookups > MaxLookups {
		n.Beyond = true
		if x.eleventh == nil {
			x.eleventh = n
		}
	}
	switch {
	case !n.Term.Valid:
		n.Partial, n.PartialVoids = true, true
	case x.lookups > maxTreeLookups || len(path) > maxTreeDepth:
		x.cut(n)
	default:
		x.follow(n, t, path)
	}
}

// follow asks what the term asks.
func (x *expander) follow(n *Node, t target, path []dns.Name) {
	to, ok := x.target(n.Term, t)
	kind := n.Term.Kind
	nested := kind == KindInclude || kind == KindRedirect
	switch {
	case !ok:
		n.State, n.Note = StateSender, "the name to ask for depends on the message"
		n.Partial, n.PartialVoids = nested, true
		return
	case nested && len(to.name.Labels()) < 2:
		x.none(n, show(to.text)+" is no domain name of two or more labels")
		return
	case to.name == "":
		n.State, n.Note = StateVoid, show(to.text)+" is no domain name: the term never matches"
		return
	}
	n.Target = to.name
	switch kind {
	case KindInclude, KindRedirect:
		x.nested(n, to, path)
	case KindA:
		x.addresses(n, to.name)
	case KindMX:
		x.mx(n, to.name)
	case KindExists:
		x.exists(n, to.name)
	case KindPTR:
		n.State, n.Note, n.PartialVoids = StateSender, "the name of the client decides", true
	}
}

// target expands the term's domain-spec; ok is false if that depends on the
// message.
func (x *expander) target(term Term, t target) (to target, ok bool) {
	if !term.HasDomain() {
		return t, true
	}
	if parts, _ := scanMacros(term.Domain, macroDomain); !senderFree(parts) {
		return target{}, false
	}
	text, _ := expandDomain(term.Domain, func(letter byte) (string, *stop) {
		if letter == 'o' {
			return x.origin, nil
		}
		return t.text, nil
	})
	return newTarget(text), true
}

// nested follows include and redirect. A target by two paths is followed twice,
// as an evaluation does; one that contains itself never ends.
func (x *expander) nested(n *Node, to target, path []dns.Name) {
	if slices.Contains(path, to.name) {
		n.State, n.Partial, n.PartialVoids = StateLoop, true, true
		n.Note = fmt.Sprintf("%s leads back to %s, which is being evaluated", n.Term.Kind, to.name)
		x.problem(n, ProblemLoop, n.Note, nil)
		return
	}
	x.record(n, to, path)
}

// addresses is for a: a question for each family.
func (x *expander) addresses(n *Node, name dns.Name) {
	h := x.host(n, name, true)
	n.Hosts = []Host{h}
	if len(h.V4)+len(h.V6) == 0 && n.State == StateOK {
		n.State, n.Note = StateVoid, fmt.Sprintf("%s has no address", name)
	}
}

// host asks for the addresses of a name, of both families.
func (x *expander) host(n *Node, name dns.Name, countVoids bool) Host {
	h := Host{Name: name}
	for _, t := range []dns.Type{dns.TypeA, dns.TypeAAAA} {
		ans, failed := x.ask(name, t)
		ips := addrs(ans)
		if t == dns.TypeA {
			h.V4, h.Err4 = ips, failed
		} else {
			h.V6, h.Err6 = ips, failed
		}
		if failed != nil {
			x.unanswered(n, failed)
		} else if ans.Void() && countVoids {
			x.void(n, t == dns.TypeA, t == dns.TypeAAAA)
		}
	}
	return h
}

// mx asks for the hosts, then for the addresses of each.
func (x *expander) mx(n *Node, name dns.Name) {
	ans, failed := x.ask(name, dns.TypeMX)
	if failed != nil {
		x.unanswered(n, failed)
		return
	}
	if ans.Void() {
		x.void(n, true, true)
	}
	hosts, count := mxHosts(ans)
	// RFC 7208 §4.6.4. An evaluation asks for no address then; what the record
	// is meant to allow is of interest all the same.
	over := count > MaxMXHosts
	found := 0
	for _, h := range hosts[:min(len(hosts), maxTreeHosts)] {
		host := x.host(n, h, !over)
		found += len(host.V4) + len(host.V6)
		n.Hosts = append(n.Hosts, host)
	}
	switch {
	case over:
		n.State = StatePermError
		n.Note = fmt.Sprintf("%s has %d MX records, at most %d are allowed", name, count, MaxMXHosts)
		x.problem(n, ProblemMXHosts, n.Note, nil)
	case found == 0 && n.State == StateOK:
		n.State, n.Note = StateVoid, fmt.Sprintf("%s has no MX host with an address", name)
	}
}

// exists asks for A only (RFC 7208 §5.7).
func (x *expander) exists(n *Node, name dns.Name) {
	ans, failed := x.ask(name, dns.TypeA)
	if failed != nil {
		x.unanswered(n, failed)
		return
	}
	n.Hosts = []Host{{Name: name, V4: addrs(ans)}}
	if ans.Void() {
		x.void(n, true, true)
		n.State, n.Note = StateVoid, fmt.Sprintf("%s has no IPv4 address", name)
	}
}
