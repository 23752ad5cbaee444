package provider

import (
	"strings"

	"sendplan/internal/dns"
)

// Typo is a slip of the hand in a name that Microsoft assigned.
type Typo string

// The slips that published records show again and again.
const (
	NoTypo     Typo = ""
	Relative   Typo = "relative"    // the final dot was left out, so the zone's own name follows
	WhiteSpace Typo = "white-space" // white space was pasted with the name
)

// DKIMTypo reports the slip that made target, published below domain, miss
// Microsoft's form, and the target that was meant.
func DKIMTypo(target, domain dns.Name) (meant DKIMTarget, typo Typo) {
	return findTypo(target, domain, ParseDKIMTarget)
}

// MXTypo reports the slip that made host, an MX of domain, miss Microsoft's
// form, and the host that was meant.
func MXTypo(host, domain dns.Name) (meant MX, typo Typo) {
	return findTypo(host, domain, ParseMX)
}

func findTypo[T any](name, domain dns.Name, parse func(dns.Name) (T, bool)) (meant T, typo Typo) {
	for zone := domain; zone != dns.Root; zone = zone.Parent() {
		if front, ok := strings.CutSuffix(string(name), "."+string(zone)); ok {
			if meant, ok = parse(dns.Name(front)); ok {
				return meant, Relative
			}
		}
	}
	clean := strings.NewReplacer(`\032`, "", `\009`, "").Replace(string(name))
	if meant, ok := parse(dns.Name(clean)); ok && clean != string(name) {
		return meant, WhiteSpace
	}
	var none T
	return none, NoTypo
}
