package spf

import (
	"fmt"
	"net/netip"
	"strings"
)

// domain checks the term's domain-spec (RFC 7208 §7.1).
func (p *termParser) domain() {
	d := p.t.Domain
	parts, bad := scanMacros(d, macroDomain)
	if bad != nil {
		p.macro(bad)
		return
	}
	// domain-end = ( "." toplabel [ "." ] ) / macro-expand
	last := parts[len(parts)-1]
	if last.macro {
		return
	}
	tail := strings.TrimSuffix(last.literal, ".")
	dot := strings.LastIndexByte(tail, '.')
	if dot >= 0 && topLabel(tail[dot+1:]) {
		return
	}
	if p.plain {
		p.fail(BadDomain, p.t.DomainSpan, "", "")
		return
	}
	p.badDomain(tail[dot+1:], dot >= 0)
}

// topLabel reports whether s is a toplabel: letters, digits and inner hyphens,
// not all digits.
func topLabel(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	digits := true
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			digits = false
			if !alpha(s[i]) && s[i] != '-' {
				return false
			}
		}
	}
	return !digits
}

// badDomain words why the domain-spec is none; label is its last label.
func (p *termParser) badDomain(label string, dotted bool) {
	d, t := p.t.Domain, &p.t
	message := fmt.Sprintf("%s is no domain name: its last label %s is not one", show(d), show(label))
	suggest := ""
	ip, err := netip.ParseAddr(d)
	switch trimmed := strings.TrimRight(d, `,;:"'`); {
	case glued(d) > 0:
		message = fmt.Sprintf("%s is no domain name", show(d)) + missingBlank(d)
		if i := glued(d); validDomainSpec(d[:i]) && validTerm(d[i:]) {
			suggest = d[:i] + " " + d[i:]
		}
	case err == nil && ip.Is4():
		message = fmt.Sprintf("%s is an address: write ip4:%s", show(d), d)
	case err == nil:
		message = fmt.Sprintf("%s is an address: write ip6:%s", show(d), d)
	case trimmed != d && validDomainSpec(trimmed):
		message = fmt.Sprintf("%s is no domain name: %s must not follow it", show(d), show(d[len(trimmed):]))
		suggest = trimmed
	case strings.IndexByte(label, '/') >= 0 && !t.takesCIDR():
		message = fmt.Sprintf("%s takes no prefix length: %s", t.Kind, show(d))
	case !dotted || label == strings.TrimSuffix(d, "."):
		message = fmt.Sprintf("%s is no full domain name: it has only one label", show(d))
	case label != "" && strings.Trim(label, "0123456789") == "":
		message = fmt.Sprintf("%s is no domain name: its last label is a number", show(d))
	}
	p.fail(BadDomain, t.DomainSpan, message, suggest)
}

func (t *Term) takesCIDR() bool { return t.Kind == KindA || t.Kind == KindMX }

func validDomainSpec(d string) bool {
	p := termParser{plain: true, t: Term{Domain: d}}
	if d == "" {
		return false
	}
	p.domain()
	return len(p.errors) == 0
}

// validTerm reports whether s is one term without an error.
func validTerm(s string) bool {
	p := termParser{text: s, plain: true, t: Term{Span: Span{0, len(s)}, Text: s, CIDR4: NoCIDR, CIDR6: NoCIDR}}
	p.parse()
	return len(p.errors) == 0 && len(p.characters()) == 0
}
