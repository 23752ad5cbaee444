package inventory

import (
	"fmt"
	"net/netip"
	"strings"

	"sendplan/internal/dns"
)

// AnyLocal is the Local of "*@domain": the device writes as any address of the
// domain.
const AnyLocal = "*"

// Address is a mail address. The local part is kept as it was written.
type Address struct {
	Local  string
	Domain dns.Name
}

// String returns the address, its domain in A-labels.
func (a Address) String() string {
	if a.Domain == "" {
		return ""
	}
	return a.Local + "@" + string(a.Domain)
}

const addressWant = "an address such as scan@nordwind.example"

// ParseAddress reads a bare mail address: no display name, no quotes.
func ParseAddress(s string) (Address, error) {
	local, domain, found := strings.Cut(s, "@")
	if !found || !validLocal(local) {
		return Address{}, fmt.Errorf("%q is no mail address: expected %s", s, addressWant)
	}
	name, err := parseDomain(domain)
	if err != nil {
		return Address{}, fmt.Errorf("%q is no mail address: %v", s, err)
	}
	return Address{local, name}, nil
}

// parseFrom is ParseAddress, but lets "*@domain" pass.
func parseFrom(s string) (Address, error) {
	if domain, ok := strings.CutPrefix(s, AnyLocal+"@"); ok {
		name, err := parseDomain(domain)
		if err != nil {
			return Address{}, fmt.Errorf("%q names no domain: %v", s, err)
		}
		return Address{AnyLocal, name}, nil
	}
	return ParseAddress(s)
}

// validLocal reports whether s is a dot-atom (RFC 5321 §4.1.2), letters of other
// scripts included (RFC 6531 §3.3), of at most 64 octets.
func validLocal(s string) bool {
	if s == "" || s == AnyLocal || len(s) > 64 || !validName(s) || strings.ContainsAny(s, ` ()<>[]:;@\,"`) {
		return false
	}
	return s[0] != '.' && s[len(s)-1] != '.' && !strings.Contains(s, "..")
}

// parseDomain reads a name that can receive mail: at least two labels, and not
// an address.
func parseDomain(s string) (dns.Name, error) {
	if s == "" {
		return "", fmt.Errorf("the domain is empty")
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return "", fmt.Errorf("%q is an IP address, not a domain", s)
	}
	n, err := dns.ParseName(s)
	if err != nil {
		return "", err
	}
	if len(n.Labels()) < 2 || strings.Contains(string(n), `\`) {
		return "", fmt.Errorf("%q is no domain: expected a name such as nordwind.example", s)
	}
	return n, nil
}

// MailFrom is what a device puts into MAIL FROM. The zero value means its From
// address.
type MailFrom struct {
	Null   bool   // the null sender, "<>"
	Local  string // empty: the file names only the domain
	Domain dns.Name
}

// String returns the value as the file holds it.
func (m MailFrom) String() string {
	switch {
	case m.Null:
		return "<>"
	case m.Local == "":
		return string(m.Domain)
	default:
		return m.Local + "@" + string(m.Domain)
	}
}

const mailFromWant = `an address, a domain, "<>" for the null sender, or "" for the same as from`

func parseMailFrom(s string) (MailFrom, error) {
	switch {
	case s == "":
		return MailFrom{}, nil
	case s == "<>":
		return MailFrom{Null: true}, nil
	case strings.Contains(s, "@"):
		a, err := ParseAddress(s)
		return MailFrom{Local: a.Local, Domain: a.Domain}, err
	}
	n, err := parseDomain(s)
	if err != nil {
		return MailFrom{}, fmt.Errorf("%v: expected %s", err, mailFromWant)
	}
	return MailFrom{Domain: n}, nil
}

// DomainPattern is a domain, "*.domain" for those below it, or "*" for all.
type DomainPattern string

func parsePattern(s string) (DomainPattern, error) {
	if s == "*" {
		return "*", nil
	}
	base, wild := strings.CutPrefix(s, "*.")
	n, err := parseDomain(base)
	if err != nil {
		return "", fmt.Errorf("%v: expected a domain, *.domain or *", err)
	}
	if wild {
		return DomainPattern("*." + string(n)), nil
	}
	return DomainPattern(n), nil
}

// Matches reports whether a domain is one of the pattern's.
func (p DomainPattern) Matches(n dns.Name) bool {
	base, wild := strings.CutPrefix(string(p), "*.")
	switch {
	case p == "*":
		return true
	case wild:
		return n != dns.Name(base) && n.Below(dns.Name(base))
	default:
		return n == dns.Name(p)
	}
}
