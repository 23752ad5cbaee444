package spf

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"sendplan/internal/dns"
)

// DriftState says how a term compares with the networks that stand in its place.
type DriftState string

// The states of a [Drift].
const (
	DriftNone    DriftState = "unchanged" // the term matches exactly the networks
	DriftChanged DriftState = "changed"   // it matches others
	DriftBroken  DriftState = "broken"    // as far as it can be read it matches the same, but receivers cannot evaluate it
	DriftUnknown DriftState = "unknown"   // what could be asked is unchanged, but not all could
)

// Drift is how a term differs from the networks that were written in its place.
// Gained and Lost are certain: an address of which it is not known whether the
// term matches it is in neither.
type Drift struct {
	Gained AddressSet // the term matches these now, and they are not among the networks
	Lost   AddressSet // these are among the networks, and the term no longer matches them

	Unknown []*Node // terms that could not be asked, or depend on the message
	Broken  []*Node // terms that are an error to receivers
}

// CheckTerm says why the text is no term that [Tree.Flatten] could have
// replaced, or returns nil.
func CheckTerm(term string) *Refusal {
	record := Parse(alone(term))
	if len(record.Terms) != 1 || !record.Valid() {
		return &Refusal{Why: show(term) + " is not one valid term"}
	}
	if !flattens(record.Terms[0].Kind) {
		return &Refusal{Why: fmt.Sprintf("%s is no include, a, mx or redirect", show(term))}
	}
	return nil
}

// ExpandTerm is the tree of a term as it stands in the record of domain, be it
// there or not; it is what [DriftOf] wants.
func ExpandTerm(ctx context.Context, r dns.Resolver, domain dns.Name, term string) Tree {
	return ExpandText(ctx, r, domain, alone(term))
}

// alone is a record with a term alone. The qualifier does not stand in it: it
// says what becomes of the addresses, not which they are.
func alone(term string) string { return versionTag + " " + strings.TrimLeft(term, "+-~?") }

// DriftOf compares the networks that stand in the place of a term with what the
// term matches now, by the tree of [ExpandTerm]. Of a redirect only the
// addresses that pass are compared.
func DriftOf(pinned []netip.Prefix, now Tree) Drift {
	c := now.Coverage()
	before := NewAddressSet(pinned...)
	d := Drift{Gained: c.Pass.Subtract(before), Lost: before.Subtract(c.Pass).Subtract(c.Open)}
	for _, n := range unproved(now.Root) {
		switch n.State {
		case StateNone, StatePermError, StateLoop:
			d.Broken = append(d.Broken, n)
		default:
			d.Unknown = append(d.Unknown, n)
		}
	}
	return d
}

// State sums the drift up.
func (d Drift) State() DriftState {
	switch {
	case !d.Gained.IsEmpty() || !d.Lost.IsEmpty():
		return DriftChanged
	case len(d.Broken) > 0:
		return DriftBroken
	case len(d.Unknown) > 0:
		return DriftUnknown
	}
	return DriftNone
}
