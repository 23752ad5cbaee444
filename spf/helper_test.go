package spf

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// tester is what testing.T, testing.B and rapid.T have in common.
type tester interface {
	Helper()
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// zones makes a resolver of zone text below example. and test., and of the
// reverse zones; what is not there does not exist.
func zones(t tester, text string) *dns.Zones {
	t.Helper()
	soa := ""
	for _, apex := range []string{"example.", "test.", "in-addr.arpa.", "ip6.arpa."} {
		soa += apex + " 60 IN SOA ns.example. host.example. 1 60 60 60 60\n"
	}
	z, err := dns.ParseZones(soa+text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// evaluate judges a message of client for the domain d.example.
func evaluate(t tester, r dns.Resolver, client string) Evaluation {
	t.Helper()
	v := Evaluate(context.Background(), r, Query{IP: netip.MustParseAddr(client), MailFrom: "user@d.example", Helo: "mail.d.example"})
	checkEvaluation(t, v)
	return v
}

// expand makes the tree of d.example.
func expand(t tester, r dns.Resolver) Tree {
	t.Helper()
	tree := Expand(context.Background(), r, "d.example")
	checkTree(t, tree)
	return tree
}

// checkTree checks what holds for every tree.
func checkTree(t tester, tree Tree) {
	t.Helper()
	var walk func(n *Node)
	walk = func(n *Node) {
		want := Counts{Lookups: n.Cost}
		for _, c := range n.Children {
			want.Lookups += c.Lookups
			walk(c)
		}
		if n.Lookups != want.Lookups || n.State == "" || n.Record == nil && n.Children != nil {
			t.Fatalf("node %q: %d lookups, want %d; state %q", n.Term.Text, n.Lookups, want.Lookups, n.State)
		}
		if (n.State == StateTempError) != (n.Err != nil) && n.State != StatePermError && n.State != StateTruncated {
			t.Fatalf("node %q: state %s with error %v", n.Term.Text, n.State, n.Err)
		}
	}
	walk(tree.Root)
	for _, p := range tree.Problems {
		if p.Message == "" || p.Span.End > len(p.Record) || (p.Err != nil) != (p.Kind == ProblemUnanswered) {
			t.Fatalf("problem %+v", p)
		}
	}
	if (tree.Result == PermanentErr || tree.Result == UnknownErrors) && len(tree.Problems) == 0 {
		t.Fatalf("%s without a problem", tree.Result)
	}
}

// problems lists the kinds of a tree's problems.
func problems(tree Tree) string {
	var kinds []string
	for _, p := range tree.Problems {
		kinds = append(kinds, string(p.Kind))
	}
	return strings.Join(kinds, " ")
}

// states lists the terms of a tree with their states and lookups.
func states(n *Node) string {
	var s []string
	for _, c := range n.Children {
		one := fmt.Sprintf("%s=%s/%d", c.Term.Text, c.State, c.Lookups)
		if below := states(c); below != "" {
			one += "(" + below + ")"
		}
		s = append(s, one)
	}
	return strings.Join(s, " ")
}

// asker answers nothing and notes what it was asked.
type asker struct {
	dns.Resolver
	asked []dns.Key
}

func (a *asker) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	k := dns.Key{Name: name, Type: t}
	if !slices.Contains(a.asked, k) {
		a.asked = append(a.asked, k)
	}
	return a.Resolver.Lookup(ctx, name, t)
}
