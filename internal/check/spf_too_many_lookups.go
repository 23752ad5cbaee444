package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfTooManyLookups = Check{
	ID:       "spf-too-many-lookups",
	Severity: finding.Error,
	Title:    "the SPF record needs more than 10 DNS lookups",
	Explain: `Each include, a, mx, ptr, exists and redirect costs one DNS lookup, and so does each of them in the records
that are included. At the eleventh a receiver stops with permerror. Who is affected depends on the place: a sender
that a term before it matches still passes, everybody after it fails, forged or not. That is why such a record seems
to work for some.

Take out what no longer sends, name addresses by "ip4:" and "ip6:" (they are free) in place of "a" and "mx", and give
services that send much a subdomain of their own with its own record.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §10.1.1"},
	Run:  runSPFTooManyLookups,
}

func runSPFTooManyLookups(d *Domain) []finding.Finding {
	if !d.Exists() || d.SPF.Root.Record == nil {
		return nil
	}
	if d.SPF.Lookups <= maxLookups {
		if d.SPF.Result != spf.Valid || d.SPF.Partial {
			return nil
		}
		return []finding.Finding{pass(d.Name, fmt.Sprintf("the SPF record needs %d of the %d DNS lookups", d.SPF.Lookups, maxLookups))}
	}
	eleventh, top := eleventhLookup(d.SPF.Root)
	where := fmt.Sprintf("%q", eleventh.Term.Text)
	if eleventh.Parent != top.Parent {
		where += fmt.Sprintf(" in the record of %s, inside %q", eleventh.Domain.Unicode(), top.Term.Text)
	}
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span(top.Term.Span),
		fmt.Sprintf("the SPF record needs %s DNS lookups, %d are allowed; the eleventh is %s, so every sender that no term before it matches gets permerror",
			atLeast(d.SPF.Lookups, d.SPF.Partial || d.SPF.Truncated), maxLookups, where),
		tooManyFix(d))}
}

// tooManyFix tells what the terms cost, and whether it would do to take out
// those that are of no use.
func tooManyFix(d *Domain) string {
	own := spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}
	fix := fmt.Sprintf("save at least %d by taking out or replacing terms; they cost: %s", d.SPF.Lookups-maxLookups, lookupCosts(d.SPF.Root))
	repeated := repeatedTerms(own)
	useless := func(n *spf.Node) bool {
		_, repeats := repeated[n]
		return repeats || n.State == spf.StateVoid || deadInclude(n)
	}
	if less := d.dropAll(own, "", useless); less != "" {
		fix += "; the record without the terms that have no effect" + less
	}
	return fix
}

// eleventhLookup returns the term at which an evaluation that matched nothing
// stops, and the term of the domain's own record that leads to it.
func eleventhLookup(root *spf.Node) (eleventh, top *spf.Node) {
	lookups := 0
	walkSPF(root, func(n *spf.Node) bool {
		if n.Parent == root.Record {
			top = n
		}
		lookups += n.Cost
		eleventh = n
		return lookups <= maxLookups
	})
	return eleventh, top
}

// lookupCosts lists what the terms of a record cost.
func lookupCosts(n *spf.Node) string {
	var costs []string
	for _, c := range n.Children {
		if c.Lookups > 0 {
			costs = append(costs, fmt.Sprintf("%s %s", c.Term.Text, atLeast(c.Lookups, c.Partial)))
		}
	}
	return strings.Join(costs, ", ")
}

// atLeast writes a number that may be a lower bound.
func atLeast(n int, bound bool) string {
	if bound {
		return fmt.Sprintf("at least %d", n)
	}
	return fmt.Sprint(n)
}
