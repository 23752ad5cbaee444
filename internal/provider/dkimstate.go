package provider

import (
	"slices"

	"sendplan/dkim"
	"sendplan/internal/dns"
)

// MicrosoftSelector is one of the two selectors of Microsoft 365, judged
// together with its sibling.
type MicrosoftSelector struct {
	Selector    dkim.Selector // State is final: dormant and not-enabled included; zero when it was not looked up
	Target      DKIMTarget    // the CNAME's target, taken apart; zero without Form
	Form        bool          // the CNAME leads to a name of Microsoft's form, of whatever domain
	Owner       Owner         // whose label the target carries; "" without Form
	OtherLabel  bool          // the target carries the label of another domain
	WrongNumber bool          // selector1 leads to a selector2 target, or the other way round
}

// MicrosoftDKIM is what the DNS says about a domain's DKIM with Microsoft 365.
// That a key is published does not prove that the tenant signs.
type MicrosoftDKIM struct {
	First, Second MicrosoftSelector
	Swapped       bool // each selector leads to the other's target
}

// The names of the selectors that Microsoft 365 uses, for every domain.
const (
	Selector1 = "selector1"
	Selector2 = "selector2"
)

// RefineDKIM judges the two selectors of Microsoft 365 among the selectors of
// domain, after [dkim.Guard]. Only one of them has a key until the first
// rotation, so a CNAME of the right form that leads to no key is judged by its
// sibling: dormant beside a live one, not-enabled beside none, and unknown when
// the sibling is.
//
// Names that do not exist and names without data are alike here: Microsoft's
// servers give both for a key that is not there.
func RefineDKIM(domain dns.Name, selectors []dkim.Selector) MicrosoftDKIM {
	var m MicrosoftDKIM
	for _, s := range selectors {
		switch s.Selector {
		case Selector1:
			m.First = newMicrosoftSelector(domain, s, 1)
		case Selector2:
			m.Second = newMicrosoftSelector(domain, s, 2)
		}
	}
	m.Swapped = m.First.WrongNumber && m.Second.WrongNumber
	first, second := m.First.refine(m.Second), m.Second.refine(m.First)
	m.First, m.Second = first, second
	return m
}

// newMicrosoftSelector looks for a target of Microsoft's form along the chain:
// a customer's own alias may come before it.
func newMicrosoftSelector(domain dns.Name, s dkim.Selector, number int) MicrosoftSelector {
	m := MicrosoftSelector{Selector: s}
	for _, r := range s.Chain {
		c, ok := r.Data.(dns.CNAME)
		if !ok {
			continue
		}
		if m.Target, m.Form = ParseDKIMTarget(c.Target); m.Form {
			m.Owner = m.Target.Owner(domain)
			m.OtherLabel = m.Owner == OtherDomain
			m.WrongNumber = m.Target.Number != number
			break
		}
	}
	return m
}

// refine returns m with the state that it has beside its sibling.
func (m MicrosoftSelector) refine(sibling MicrosoftSelector) MicrosoftSelector {
	// A target of another domain, or of the other selector, is not of the right
	// form: without a key it stays dangling.
	if m.Selector.State != dkim.Dangling || !m.Form || m.OtherLabel || m.WrongNumber {
		return m
	}
	switch sibling.Selector.State {
	case dkim.Live:
		m.Selector.State = dkim.Dormant
	case dkim.Unknown, "":
		m.Selector.State = dkim.Unknown
		m.Selector.Err = sibling.Selector.Err
	default:
		m.Selector.State = dkim.NotEnabled
	}
	return m
}

// Merge returns the selectors with the final states of Microsoft's two.
func (m MicrosoftDKIM) Merge(selectors []dkim.Selector) []dkim.Selector {
	merged := slices.Clone(selectors)
	for i, s := range merged {
		switch s.Selector {
		case Selector1:
			merged[i] = m.First.Selector
		case Selector2:
			merged[i] = m.Second.Selector
		}
	}
	return merged
}
