package check

import (
	"sendplan/dkim"
	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// Signer returns who keeps the keys of a selector: the first name on its chain
// of aliases that tells, which is the service that the domain's owner set up; a
// relay behind it comes later. It is "" for a key of the owner's own, and where
// nobody is recognised.
func Signer(s dkim.Selector) string {
	for _, link := range s.Chain {
		if e, ok := provider.ByDKIMTarget(link.Data.(dns.CNAME).Target); ok {
			return e.ShortName()
		}
	}
	return ""
}
