package spf

import (
	"context"
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// The bounds of a tree. A record within the limits of RFC 7208 stays far below.
const (
	maxTreeLookups   = 200     // terms that ask the DNS
	maxTreeNodes     = 20000   // terms
	maxTreeOctets    = 1 << 19 // of TXT records
	maxTreeQuestions = 2000
	maxTreeDepth     = 20
	maxTreeHosts     = 20 // MX hosts of one term that are asked for addresses
)

// The limits of RFC 7208 §4.6.4.
const (
	MaxLookups = 10 // terms of an evaluation that ask the DNS
	MaxMXHosts = 10 // hosts of one mx term
	MaxVoids   = 2  // lookups of an evaluation without an answer
)

// Expand follows a domain's record through all its includes and redirects,
// whoever the sender is. A question that r cannot answer leaves that place
// unknown and does not keep the others from being asked.
func Expand(ctx context.Context, r dns.Resolver, domain dns.Name) Tree {
	return grow(ctx, r, domain, func(x *expander, root *Node, t target) { x.record(root, t, nil) })
}

// ExpandText is [Expand] for a record that need not be published: as if text
// were the one SPF record at the domain. Of several records there it tells what
// each of them means.
func ExpandText(ctx context.Context, r dns.Resolver, domain dns.Name, text string) Tree {
	return grow(ctx, r, domain, func(x *expander, root *Node, t target) {
		x.octets += len(text)
		root.Selection.Records = []string{text}
		x.parsed(root, text, t, nil)
	})
}

// grow makes the tree of a root that begin fills.
func grow(ctx context.Context, r dns.Resolver, domain dns.Name, begin func(*expander, *Node, target)) Tree {
	x := &expander{ctx: ctx, r: r, origin: domain.String()}
	root := &Node{Domain: domain, Target: domain}
	// RFC 7208 §4.3: a single label is no domain to check.
	if len(domain.Labels()) < 2 {
		x.none(root, fmt.Sprintf("%s is no domain name of two or more labels", domain))
	} else {
		begin(x, root, target{domain.String(), domain})
	}
	t := Tree{Domain: domain, Selection: root.Selection, Counts: root.Counts, Truncated: x.truncated, Root: root}
	x.limits(&t)
	t.Problems = x.problems
	t.Result = x.validity(root)
	return t
}

type expander struct {
	ctx    context.Context
	r      dns.Resolver
	origin string // the sender's domain, for %{o}

	lookups, nodes, octets, questions int
	voids4, voids6                    int
	eleventh                          *Node // the first term beyond the limit
	thirdVoid4, thirdVoid6            *Node // the term with the first void beyond the limit
	truncated                         bool
	problems                          []Problem
}

func (x *expander) ask(name dns.Name, t dns.Type) (dns.Answer, *dns.Error) {
	if x.questions >= maxTreeQuestions {
		x.truncated = true
		return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: dns.Budget, Detail: "the SPF tree grew too large"}
	}
	x.questions++
	return lookup(x.ctx, x.r, name, t)
}

// problem notes what is wrong with the term of n, or with the record it led to
// if n is the root.
func (x *expander) problem(n *Node, kind ProblemKind, message string, failed *dns.Error) {
	p := Problem{Kind: kind, Domain: n.Domain, Span: n.Term.Span, Message: message, Err: failed}
	if n.Parent != nil {
		p.Record = n.Parent.Text()
	}
	x.problems = append(x.problems, p)
}

func (x *expander) unanswered(n *Node, failed *dns.Error) {
	n.State, n.Err, n.Note = StateTempError, failed, failed.Error()
	n.PartialVoids = true
	x.problem(n, ProblemUnanswered, failed.Error(), failed)
}

// void counts an empty answer, for clients of the families given.
func (x *expander) void(n *Node, v4, v6 bool) {
	if v4 {
		n.Voids4++
		if x.voids4++; x.voids4 == MaxVoids+1 {
			x.thirdVoid4 = n
		}
	}
	if v6 {
		n.Voids6++
		if x.voids6++; x.voids6 == MaxVoids+1 {
			x.thirdVoid6 = n
		}
	}
}

// record fetches the record of t and expands its terms below n; path holds the
// names whose records lead here.
func (x *expander) record(n *Node, t target, path []dns.Name) {
	ans, failed := x.ask(t.name, dns.TypeTXT)
	if failed != nil {
		x.unanswered(n, failed)
		n.Partial = true
		return
	}
	found := texts(ans)
	for _, text := range found {
		x.octets += len(text)
	}
	if n.Parent != nil && len(found) > 0 && x.octets > maxTreeOctets {
		x.cut(n)
		return
	}
	n.Selection = Select(found)
	if n.Parent != nil && ans.Void() {
		x.void(n, true, true)
	}
	switch found := n.Selection.Records; len(found) {
	case 0:
		x.none(n, noRecord(t.name, ans))
	case 1:
		x.parsed(n, found[0], t, path)
	default:
		n.State = StatePermError
		n.Note = fmt.Sprintf("%s has %d SPF records, one is allowed", t.name, len(found))
		x.problems = append(x.problems, Problem{Kind: ProblemMultiple, Domain: t.name, Message: n.Note})
	}
}

// parsed is the record of t with its text.
func (x *expander) parsed(n *Node, text string, t target, path []dns.Name) {
	rec := Parse(text)
	n.Record = &rec
	x.terms(n, t, append(slices.Clip(path), t.name))
}

// none is a domain without a record: an error where an include or redirect
// leads to it (RFC 7208 §5.2, §6.1).
func (x *expander) none(n *Node, why string) {
	n.State, n.Note = StateNone, why
	switch n.Term.Kind {
	case KindInclude:
		x.problem(n, ProblemIncludeNone, "include leads to a name without an SPF record: "+why, nil)
	case KindRedirect:
		x.problem(n, ProblemRedirect, "redirect leads to a name without an SPF record: "+why, nil)
	}
}

// terms expands the record of n.
func (x *expander) terms(n *Node, t target, path []dns.Name) {
	rec := n.Record
	n.State = StateOK
	for _, f := range rec.Errors {
		n.State = StatePermError
		x.problems = append(x.problems, Problem{Kind: ProblemSyntax, Domain: t.name, Record: rec.Text(), Span: f.Span, Message: f.Message})
	}
	if x.nodes += len(rec.Terms); x.nodes > maxTreeNodes {
		x.cut(n)
		return
	}
	n.Children = make([]*Node, len(rec.Terms))
	// Mechanisms come before redirect wherever it stands (RFC 7208 §4.6.3).
	for _, mechanisms := range []bool{true, false} {
		for i, term := range rec.Terms {
			if mechanisms == (term.Kind != KindRedirect) {
				c := &Node{Domain: t.name, Parent: rec, Term: term, State: StateOK}
				n.Children[i] = c
				x.term(c, rec.Reached(i), t, path)
			}
		}
	}
	n.sum()
}

// cut marks n as not followed.
func (x *expander) cut(n *Node) {
	n.State, n.Note = StateTruncated, "not followed: the tree is too large"
	n.Partial, n.PartialVoids = true, true
	x.truncated = true
}

// sum adds up what is below n and takes over the worst state.
func (n *Node) sum() {
	for _, c := range n.Children {
		n.Lookups += c.Lookups
		n.Voids4 += c.Voids4
		n.Voids6 += c.Voids6
		n.Partial = n.Partial || c.Partial
		n.PartialVoids = n.PartialVoids || c.PartialVoids
		switch {
		case n.State == StatePermError:
		case c.State == StateTempError:
			n.State = StateTempError
			if n.Err == nil {
				n.Err = c.Err
			}
		case c.State == StatePermError, c.State == StateNone, c.State == StateLoop:
			n.State, n.Err = StatePermError, nil
		}
	}
}

// limits adds the problems that only the whole tree shows.
func (x *expander) limits(t *Tree) {
	if n := x.eleventh; n != nil {
		x.problem(n, ProblemLookups, fmt.Sprintf("%s needs %s lookups, at most %d are allowed: %s is one too many",
			t.Domain, number(t.Lookups, t.Partial), MaxLookups, show(n.Term.Text)), nil)
	}
	if n := x.thirdVoid4; n != nil {
		x.problem(n, ProblemVoids, fmt.Sprintf("%s lookups have no answer, at most %d are allowed: %s is one too many",
			number(t.Voids4, t.PartialVoids), MaxVoids, show(n.Term.Text)), nil)
	}
	if n := x.thirdVoid6; n != nil && x.thirdVoid4 == nil {
		x.problem(n, ProblemVoids6, fmt.Sprintf("for IPv6 clients %s lookups have no answer, at most %d are allowed: %s is one too many",
			number(t.Voids6, t.PartialVoids), MaxVoids, show(n.Term.Text)), nil)
	}
	if x.truncated {
		x.problem(t.Root, ProblemTruncated, "the tree is too large and was not followed to its end", nil)
	}
}

func number(n int, more bool) string {
	if more {
		return fmt.Sprintf("at least %d", n)
	}
	return fmt.Sprint(n)
}

// validity judges the tree: an error that is there for certain weighs more than
// what is not known.
func (x *expander) validity(root *Node) Validity {
	result := Valid
	for _, p := range x.problems {
		switch p.Kind {
		case ProblemVoids6:
		case ProblemUnanswered, ProblemTruncated:
			result = UnknownErrors
		default:
			return PermanentErr
		}
	}
	if root.State == StateNone {
		return NoRecord
	}
	return result
}
