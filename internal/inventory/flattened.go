package inventory

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"time"
)

const (
	termWant = "a term of an SPF record such as include:spf.nordwind.example"

	// The widest ranges that a term may stand for. Wider ones are slips, or
	// records that authorise a good part of the internet.
	widestFlattened4 = 8
	widestFlattened6 = 16
)

func flattenedFields() []field[Flattened] {
	return []field[Flattened]{
		as("term", termWant, parseTerm, Text, func(f *Flattened) *string { return &f.Term }).must(),
		day("date", func(f *Flattened) *time.Time { return &f.Date }).must(),
		flattenedAddresses().must(),
	}
}

// flattenedAddresses also writes a list without items: a term can match nothing.
func flattenedAddresses() field[Flattened] {
	f := list("addresses", "an address or a range", parseFlattened, prefixText, func(f *Flattened) *[]netip.Prefix { return &f.Addresses })
	write := f.write
	f.write = func(from *Flattened) Value {
		if len(from.Addresses) == 0 {
			return List()
		}
		return write(from)
	}
	return f
}

// termForm is a term that asks the DNS for addresses, with a domain in one of its
// groups or none (RFC 7208 §5.2 to §5.4 and §6.1).
var termForm = regexp.MustCompile(`(?i)^(?:[-+~?]?include:(.+)|[-+~?]?(?:a|mx)(?::([^/]+))?(?:/[0-9]{1,2})?(?://[0-9]{1,3})?|redirect=(.+))$`)

// parseTerm reads a term that addresses can stand in the place of. What it means
// is for those who read the record.
func parseTerm(s string) (string, error) {
	parts := termForm.FindStringSubmatch(s)
	if parts == nil || !visible(s) {
		return "", fmt.Errorf("%q is no include:, a:, mx: or redirect=: expected %s", s, termWant)
	}
	domain := strings.Join(parts[1:], "")
	if domain == "" || strings.Contains(domain, "%") { // RFC 7208 §7: a macro
		return s, nil
	}
	if _, err := parseDomain(domain); err != nil {
		return "", fmt.Errorf("%q names no domain: expected %s", s, termWant)
	}
	return s, nil
}

// TooWide reports whether a range is wider than what may stand in the place of a
// term.
func TooWide(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() < widestFlattened4
	}
	return p.Bits() < widestFlattened6
}

func parseFlattened(s string) (netip.Prefix, error) {
	p, err := ParsePrefix(s)
	if err == nil && TooWide(p) {
		err = fmt.Errorf("%q is wider than any sender: expected a range no wider than /%d (IPv4) or /%d (IPv6)", s, widestFlattened4, widestFlattened6)
	}
	return p, err
}
