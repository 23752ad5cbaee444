package interview

import (
	"slices"

	"sendplan/internal/dns"
)

// Scope returns the domains to look at, in order: those that were asked for and
// those that the draft holds besides.
func (s State) Scope() []dns.Name {
	scope := slices.Clone(s.Domains)
	if s.Draft == nil {
		return scope
	}
	for _, d := range s.Draft.Domains {
		if !slices.Contains(scope, d.Name) {
			scope = append(scope, d.Name)
		}
	}
	return scope
}

// Looked reports whether all domains of the scope were looked at. Some may be
// new since the last look.
func (s State) Looked() bool {
	if s.Found == nil {
		return false
	}
	var seen []dns.Name
	for _, r := range s.Found.Reports {
		seen = append(seen, r.Domain.Name)
	}
	return !slices.ContainsFunc(s.Scope(), func(d dns.Name) bool { return !slices.Contains(seen, d) })
}

// Lacks reports whether the step cannot be shown before the DNS is asked: nothing
// was yet, or it is about all domains of the scope and some are new.
func (s State) Lacks() bool {
	switch s.At {
	case Domains:
		return false
	case Look, Verify:
		return !s.Looked()
	}
	return s.Found == nil
}
