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
// tenant by way of the others. What receives their mail is only known if it is
// the same for all.
func seen(reports []check.Report) inventory.Seen {
	var all inventory.Seen
	for i, r := range reports {
		one := intake.Domain(r.Domain)
		if i == 0 {
			all = one
			continue
		}
		if all.InitialDomain == "" {
			all.InitialDomain = one.InitialDomain
		}
		if all.Cloud == "" {
			all.Cloud = one.Cloud
		}
		if one.Inbound != all.Inbound {
			all.Inbound, all.Gateway = "", ""
		}
	}
	return all
}
