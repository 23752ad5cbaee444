package words

import (
	"fmt"
	"strings"

	"sendplan/internal/check"
	"sendplan/planner"
	"sendplan/spf"
)

// Changed reports whether there is something to say about what becomes of an SPF
// record, beyond that it stays.
func Changed(s planner.SPF) bool {
	for _, t := range s.Terms {
		if t.Action != planner.Keep {
			return true
		}
	}
	return len(s.Gained)+len(s.Lost)+len(s.Warnings) > 0
}

// Term is a term and what takes its place.
func Term(t planner.Term) string {
	if t.Action == planner.Replace {
		return t.Text + " -> " + t.With
	}
	return t.Text
}

// Gain is what a network got before and gets after.
func Gain(d planner.Difference) string { return difference(d, string(d.Result)+" -> pass") }

// Loss is [Gain] of one that is not allowed any more.
func Loss(d planner.Difference) string { return difference(d, "pass -> "+string(d.Result)) }

func difference(d planner.Difference, step string) string {
	text := d.Prefix.String() + ": " + step
	if d.Who != "" {
		text += ", " + d.Who
	}
	return text
}

// Costs are the lookups of a record before and after.
func Costs(s planner.SPF) string {
	after := fmt.Sprintf("%s of %d lookups, %s of %d void", lookups(s.LookupsAfter), spf.MaxLookups, voids(s.LookupsAfter), spf.MaxVoids)
	if n := len(s.Before); n > 1 { // RFC 7208 §4.5
		return fmt.Sprintf("permerror, because there are %d records -> %s", n, after)
	}
	return fmt.Sprintf("%s -> %s of %d lookups, %s -> %s of %d void",
		lookups(s.LookupsBefore), lookups(s.LookupsAfter), spf.MaxLookups, voids(s.LookupsBefore), voids(s.LookupsAfter), spf.MaxVoids)
}

func lookups(c spf.Counts) string { return atLeast(c.Lookups, c.Partial) }

// voids are those of the client that has more of them.
func voids(c spf.Counts) string { return atLeast(max(c.Voids4, c.Voids6), c.PartialVoids) }

func atLeast(n int, partial bool) string {
	if partial {
		return fmt.Sprintf("at least %d", n)
	}
	return fmt.Sprint(n)
}

// Tree is whether a record is valid, and what it costs.
func Tree(t spf.Tree) string {
	return fmt.Sprintf("%s, %s of %d lookups, %d of %d void", t.Result, atLeast(t.Lookups, t.Partial || t.Truncated), spf.MaxLookups, t.Voids4, spf.MaxVoids)
}

// Node is who is behind a term, and what is wrong with it; "" if there is nothing to
// say.
func Node(n *spf.Node) string {
	var list []string
	if operator := check.Operator(n); operator != "" {
		list = append(list, operator)
	}
	if n.State != spf.StateOK {
		list = append(list, string(n.State))
	}
	switch {
	case n.Err != nil:
		list = append(list, n.Err.Error())
	case n.Note != "":
		list = append(list, n.Note)
	}
	if n.Beyond {
		list = append(list, "beyond the limit of ten")
	}
	return strings.Join(list, "; ")
}
