package check

import (
	"iter"

	"golang.org/x/net/publicsuffix"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// ownIncludes returns the includes of the domain's own records that an
// evaluation comes to, each with its record. A name that is made with macros is
// none that can be looked up.
func (d *Domain) ownIncludes() iter.Seq2[spfRecord, *spf.Node] {
	return func(yield func(spfRecord, *spf.Node) bool) {
		for _, r := range d.ownSPF() {
			for n := range r.terms() {
				if n.Term.Kind == spf.KindInclude && n.Target != "" && !yield(r, n) {
					return
				}
			}
		}
	}
}

// judgeIncludes returns a finding for each own include about which words knows
// something to say.
func (d *Domain) judgeIncludes(words func(*spf.Node) (message, fix string, ok bool)) []finding.Finding {
	var faults []finding.Finding
	for r, n := range d.ownIncludes() {
		if message, fix, ok := words(n); ok {
			faults = append(faults, r.fail(n.Term, message, fix))
		}
	}
	return faults
}

// Operator is who is behind the record that a term of a tree leads to, in a few
// words; "" if that is not known.
func Operator(n *spf.Node) string {
	if n.Term.Kind != spf.KindInclude && n.Term.Kind != spf.KindRedirect {
		return ""
	}
	e, ok := provider.ByInclude(n.Target)
	if !ok {
		return ""
	}
	return e.ShortName()
}

// returnsTo reports whether bounces for the domain go to the entry, so that mail of
// this entry may well have the domain in its envelope.
func (d *Domain) returnsTo(e provider.Entry) bool {
	for _, h := range d.Exchange.Hosts {
		for _, by := range provider.ByMX(h.Name) {
			if by.ID == e.ID {
				return true
			}
		}
	}
	return false
}

// organizational reports whether the domain is registered itself, and no part of
// one that is.
func (d *Domain) organizational() bool {
	registered, err := publicsuffix.EffectiveTLDPlusOne(d.Name.String())
	return err == nil && registered == d.Name.String()
}
