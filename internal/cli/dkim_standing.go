package cli

import (
	"context"
	"fmt"

	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/provider"
	"sendplan/internal/render"
)

// standing finds out whether the selector is free, if the DNS is asked at all.
func (s *session) standing(ctx context.Context, made *render.NewKey) error {
	if s.resolver == nil {
		made.Warnings = reserved(made.Selector)
		return nil
	}
	gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { lookSelectors(ctx, r, made) })
	if err != nil {
		return err
	}
	found := lookSelectors(ctx, gathered, made)
	var words string
	made.Standing, words = judgeStanding(found[0], made.Domain)
	if made.Standing == render.NameTaken {
		made.Warnings = []string{words + another(found[1:])}
		return nil
	}
	if made.Warnings = reserved(made.Selector); words != "" {
		made.Warnings = append(made.Warnings, words)
	}
	return nil
}

// reserved warns of the names that Exchange Online signs with.
func reserved(selector string) []string {
	if selector != provider.Selector1 && selector != provider.Selector2 {
		return nil
	}
	return []string{"Exchange Online signs with the selectors selector1 and selector2 for every domain, and needs their names for CNAMEs to its own keys: take another selector for this key"}
}

// lookSelectors reads what the DNS holds at the selector, and at others that may
// be offered instead.
func lookSelectors(ctx context.Context, r dns.Resolver, made *render.NewKey) []dkim.Selector {
	probe := dkim.Lookup(ctx, r, made.Domain, dkim.ProbeLabel(made.Domain))
	var found []dkim.Selector
	for _, selector := range append([]string{made.Selector}, alternatives(made.Selector)...) {
		found = append(found, dkim.Lookup(ctx, r, made.Domain, selector))
	}
	return dkim.Guard(probe, found)
}

// judgeStanding says whether a record may be published at the name of a
// selector, and what is to be said about that. What stands there is never to be
// replaced: messages on their way are verified by it.
func judgeStanding(s dkim.Selector, domain dns.Name) (render.Standing, string) {
	switch {
	case s.State == dkim.Unknown:
		return render.NameUnknown, fmt.Sprintf("it could not be told whether something is published at %s (%v): before you publish the record, see sendplan dkim lookup --selector %s %s", s.Name, s.Err, s.Selector, domain)
	case s.State == dkim.Wildcard && s.Target != "":
		// RFC 6672 §2.4: nothing can be published below a DNAME record.
		return render.NameUnknown, fmt.Sprintf("every selector of %s leads elsewhere, as %s to %s. If that is a wildcard record, one of its own at the name goes before it; if _domainkey is delegated by a DNAME record, nothing can be published here", domain, s.Name, s.Target)
	case s.State == dkim.Wildcard:
		// RFC 1034 §4.3.3: a wildcard does not apply to a name that exists.
		return render.NameFree, fmt.Sprintf("a wildcard record answers for every selector of %s; a record of its own at %s goes before it", domain, s.Name)
	case s.Target != "":
		// RFC 1034 §3.6.2: no other data may stand beside a CNAME.
		return render.NameTaken, fmt.Sprintf("%s is a CNAME to %s: the selector belongs to another signer%s, whose signatures need it", s.Name, s.Target, signerOf(s.Target))
	case s.State == dkim.Missing:
		return render.NameFree, ""
	case s.State == dkim.Live:
		return render.NameTaken, fmt.Sprintf("a key is published at %s already: in its place a new one would break the signatures that it verifies, beside it a second one would make both useless", s.Name)
	case s.State == dkim.KeyRevoked:
		return render.NameTaken, fmt.Sprintf("the key at %s was withdrawn: the selector is used up", s.Name)
	}
	// RFC 6376 §3.6.2.2: TXT RRs MUST be unique for a particular selector name.
	return render.NameTaken, fmt.Sprintf("a TXT record stands at %s already, and there must be only one", s.Name)
}

// signerOf names who keeps the key that a CNAME leads to, if that is known.
func signerOf(target dns.Name) string {
	if e, ok := provider.ByDKIMTarget(target); ok {
		return " (" + e.ShortName() + ")"
	}
	return ""
}

// another names a selector that is known to be free.
func another(candidates []dkim.Selector) string {
	for _, s := range candidates {
		isFree := s.State == dkim.Missing || s.State == dkim.Wildcard && s.Target == ""
		if isFree && s.Name != "" { // of a selector that is too long no name can be made
			return ". Take another selector for this key, such as " + s.Selector + ", which is free"
		}
	}
	return ". Take another selector for this key"
}

// alternatives are selectors to offer instead of one that is taken.
func alternatives(selector string) []string {
	var list []string
	for n := 2; n <= 4; n++ {
		list = append(list, fmt.Sprintf("%s-%d", selector, n))
	}
	return list
}
