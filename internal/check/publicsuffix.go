package check

import (
	"golang.org/x/net/publicsuffix"

	"sendplan/internal/dns"
)

// PublicSuffix returns the public suffix of a name by the list that receivers of
// RFC 7489 use.
func PublicSuffix(name dns.Name) dns.Name {
	suffix, _ := publicsuffix.PublicSuffix(name.String())
	return dns.Name(suffix)
}
