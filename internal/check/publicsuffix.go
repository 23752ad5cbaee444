package check

import "sendplan/internal/dns"

// PublicSuffix returns the public suffix of a name by the list that receivers of
// RFC 7489 use, for judgements beside the checks.
func PublicSuffix(name dns.Name) dns.Name { return publicSuffix(name) }
