package interview

import (
	"fmt"
	"slices"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
)

// Learn takes what the DNS told; without a draft it begins one. A draft that
// somebody has worked on stays as it is: what the DNS tells is only proposed. The
// error is a *[Mistake]: a domain does not exist.
func (s State) Learn(f Found) (State, error) {
	if err := s.exist(f.Reports); err != nil {
		return s, err
	}
	next := s
	if s.Draft == nil || s.begun() {
		first, err := draft(f.Reports)
		if err != nil {
			return s, mistake(err)
		}
		next.Draft = first
	}
	next.Found, next.Plan, next.Answered = &f, nil, nil
	return next, nil
}

// exist returns a *[Mistake] for domains that were asked for and do not exist. One
// that only the draft has is no reason to go no further.
func (s State) exist(reports []check.Report) error {
	asked := s.domains()
	var gone []string
	for _, r := range reports {
		if !r.Domain.Exists() && (len(asked) == 0 || slices.Contains(asked, r.Domain.Name)) {
			gone = append(gone, fmt.Sprintf("%q", r.Domain.Name.Unicode()))
		}
	}
	switch len(gone) {
	case 0:
		return nil
	case 1:
		return &Mistake{ID: "domains", Message: "the domain " + gone[0] + " does not exist", Fix: "correct its spelling, or take it off the list"}
	}
	return &Mistake{ID: "domains", Message: "the domains " + both(gone) + " do not exist", Fix: "correct their spelling, or take them off the list"}
}

// draft begins an inventory of what the DNS told.
func draft(reports []check.Report) (*inventory.File, error) {
	if len(reports) == 0 {
		return nil, &Mistake{ID: "domains", Message: "no domain was looked at", Fix: "name one"}
	}
	f, err := inventory.Parse(inventory.Draft(seen(reports)), draftName, intake.Catalogue)
	if err != nil {
		return nil, err
	}
	names := make([]dns.Name, len(reports))
	for i, r := range reports {
		names[i] = r.Domain.Name
	}
	return f, addDomains(f, names)
}

// seen is what the DNS tells of the first domain, with what it tells of the
// tenant by way of the others. Where they contradict each other nothing is told.
func seen(reports []check.Report) inventory.Seen {
	var all inventory.Seen
	var initials []dns.Name
	var clouds []inventory.Cloud
	var inbound []inventory.Path
	for i, r := range reports {
		one := intake.Domain(r.Domain)
		if i == 0 {
			all = one
		}
		if one.Gateway != "" {
			all.Gateway = one.Gateway
		}
		initials, clouds = append(initials, one.InitialDomain), append(clouds, one.Cloud)
		if len(reports) == 1 || !r.Domain.Exchange.Null() { // what takes no mail has no way in
			inbound = append(inbound, one.Inbound)
		}
	}
	all.InitialDomain, all.Cloud = agreed(initials), agreed(clouds)
	if all.Inbound = ""; len(slices.Compact(inbound)) == 1 {
		all.Inbound = inbound[0]
	}
	if family, _ := all.Inbound.Of(); family != inventory.Gateway {
		all.Gateway = ""
	}
	return all
}

// agreed is what all say that say something, or nothing.
func agreed[T ~string](said []T) T {
	all := distinct(said)
	if len(all) != 1 {
		return ""
	}
	return all[0]
}

// distinct are the words that are said, each once, in their order.
func distinct[T ~string](said []T) []T {
	var list []T
	for _, word := range said {
		if word != "" && !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// tenants are the initial domains that the DNS names: more than one where domains
// of several tenants were looked at.
func tenants(reports []check.Report) []dns.Name {
	var all []dns.Name
	for _, r := range reports {
		all = append(all, intake.Domain(r.Domain).InitialDomain)
	}
	return distinct(all)
}
