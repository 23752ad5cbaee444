package spf

import (
	"fmt"
	"net/netip"
	"strings"
)

// unknown words why the term is no mechanism.
func (p *termParser) unknown() {
	name, rest := p.t.Name, p.text[p.t.NameSpan.End:p.t.Span.End]
	lower := strings.ToLower(name)
	bare, bareErr := netip.ParsePrefix(orPrefix(name + rest))
	trimmed := strings.TrimRight(lower, `.,;"'`)
	switch {
	case name == "" && rest == "":
		p.fail(BadQualifier, p.t.Span, fmt.Sprintf("%s stands alone: the mechanism must follow without a blank", show(p.t.Text)), "")
	case name == "":
		p.fail(UnknownMechanism, p.t.Span, fmt.Sprintf("%s: the name of the mechanism is missing", show(p.t.Text)), "")
	case strings.IndexByte("+-~?", name[0]) >= 0 && p.t.Explicit:
		p.fail(BadQualifier, Span{p.t.Span.Start, p.t.NameSpan.Start + 1}, fmt.Sprintf("%s has two qualifiers", show(p.t.Text)), "")
	case lower == "redirect" || lower == "exp":
		p.fail(UnknownMechanism, p.t.Span, fmt.Sprintf("%s: %s is a modifier, write %s=", show(p.t.Text), lower, lower), "")
	case p.t.Explicit && modifierName(name) > 0:
		p.qualifiedModifier(name)
	case bareErr == nil:
		p.bareAddress(bare)
	case trimmed != lower && kinds[trimmed].Mechanism() && rest == "":
		p.fail(UnknownMechanism, p.t.Span, fmt.Sprintf("%s: %s must not follow %s", show(p.t.Text), show(name[len(trimmed):]), trimmed),
			p.text[p.t.Span.Start:p.t.NameSpan.Start+len(trimmed)])
	default:
		p.unknownName(lower)
	}
}

// orPrefix makes an address with a prefix length of one without.
func orPrefix(s string) string {
	if ip, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(ip, ip.BitLen()).String()
	}
	return s
}

func (p *termParser) qualifiedModifier(name string) {
	n := modifierName(name)
	if k := strings.ToLower(name[:n]); kinds[k].Mechanism() {
		p.fail(UnknownMechanism, p.t.Span, fmt.Sprintf("%s: after %s a colon is needed, not =", show(p.t.Text), k),
			string(p.t.Qualifier)+name[:n]+":"+name[n+1:]+p.text[p.t.NameSpan.End:p.t.Span.End])
		return
	}
	message := fmt.Sprintf("%s: a modifier takes no qualifier", show(p.t.Text))
	if rest := name[min(3, len(name)):]; strings.EqualFold(name[:len(name)-len(rest)], "all") {
		message = fmt.Sprintf("%s: after all a blank is missing before %s", show(p.t.Text), show(rest))
	}
	p.fail(BadQualifier, p.t.Span, message, "")
}

func (p *termParser) bareAddress(bare netip.Prefix) {
	kind := "ip6:"
	if bare.Addr().Is4() {
		kind = "ip4:"
	}
	at := p.t.NameSpan.Start
	text := p.text[at:p.t.Span.End]
	p.fail(UnknownMechanism, p.t.Span, fmt.Sprintf("%s: an address alone is no mechanism, write %s%s", show(p.t.Text), kind, text),
		p.text[p.t.Span.Start:at]+kind+text)
}

func (p *termParser) unknownName(lower string) {
	message := fmt.Sprintf("unknown mechanism %s", show(p.t.Name))
	suggest := ""
	rest := p.text[p.t.NameSpan.End:p.t.Span.End]
	switch near := nearMechanism(lower); {
	case glued(p.t.Text) > 0:
		message += missingBlank(p.t.Text)
	case lower == "ip" || lower == "ipv":
		near, message = p.anyIP(rest, message)
		suggest = p.text[p.t.Span.Start:p.t.NameSpan.Start] + near + rest
	case near != "":
		message += ", did you mean " + near + "?"
		suggest = p.text[p.t.Span.Start:p.t.NameSpan.Start] + near + rest
	case gluedName(lower) != "":
		message += fmt.Sprintf(": after %s a colon is needed", gluedName(lower))
	case validDomainSpec(p.t.Name):
		message += ": a domain name alone is no mechanism, write include: or a: before it"
	}
	p.fail(UnknownMechanism, p.t.Span, message, suggest)
}

// anyIP finds out which mechanism "ip:" was meant to be.
func (p *termParser) anyIP(rest, message string) (near, words string) {
	near = "ip4"
	if strings.Count(rest, ":") > 1 {
		near = "ip6"
	}
	return near, message + ", did you mean " + near + "?"
}

// aliases are wrong names whose meaning is plain.
var aliases = map[string]string{
	"ipv4": "ip4", "ip-4": "ip4", "ip_4": "ip4", "i4": "ip4", "ip4v": "ip4", "pi4": "ip4",
	"ipv6": "ip6", "ip-6": "ip6", "ip_6": "ip6", "i6": "ip6", "ip6v": "ip6", "pi6": "ip6",
	"inc": "include", "incl": "include", "exist": "exists", "al": "all", "ll": "all",
}

// nearMechanism returns the mechanism that name was probably meant to be.
func nearMechanism(name string) string {
	if near, ok := aliases[name]; ok {
		return near
	}
	for _, m := range []string{"include", "exists"} {
		if distance(name, m) <= 2 {
			return m
		}
	}
	// The short names differ from each other by one letter.
	for _, m := range []string{"all", "ptr"} {
		if len(name) >= 3 && distance(name, m) == 1 {
			return m
		}
	}
	return ""
}

// gluedName returns the mechanism that name begins with, when only the colon
// is missing: "ip41.2.3.4", "includespf.example.com".
func gluedName(name string) string {
	for _, m := range []string{"ip4", "ip6", "include", "exists"} {
		if strings.HasPrefix(name, m) && len(name) > len(m) {
			return m
		}
	}
	return ""
}

// distance is the number of octets to insert, drop, change or swap with the
// next to make b of a, or a large number for long names.
func distance(a, b string) int {
	if len(a) > 20 || len(b) > 20 {
		return 99
	}
	var d [21][21]int
	for i := 0; i <= len(a); i++ {
		for j := 0; j <= len(b); j++ {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], 1+d[i-2][j-2])
			}
		}
	}
	return d[len(a)][len(b)]
}

func (p *termParser) badAddress(text string) {
	message := fmt.Sprintf("%s is no %s address", show(text), map[Kind]string{KindIP4: "IPv4", KindIP6: "IPv6"}[p.t.Kind])
	ip, err := netip.ParseAddr(text)
	switch trimmed := strings.TrimRight(text, `.,;:"'`); {
	case text == "":
		message = "the address is missing"
	case err == nil && ip.Is4():
		message += ": write ip4:"
	case err == nil && ip.Is6() && ip.Zone() == "":
		message += ": write ip6:"
	case trimmed != text && isAddr(trimmed):
		message += fmt.Sprintf(": %s must not follow it", show(text[len(trimmed):]))
	case strings.ContainsAny(text, ",;"):
		message += ": each address needs a term of its own"
	case glued(text) > 0:
		message += missingBlank(text)
	case p.t.Kind == KindIP4 && strings.Count(text, ".") < 3 && strings.Trim(text, "0123456789.") == "":
		message += ": all four numbers are needed"
	case validDomainSpec(text):
		message += ": write a: before a host name"
	}
	p.fail(BadAddress, p.t.AddrSpan, message, "")
}

func isAddr(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func (p *termParser) badCIDR(s Span, most int) {
	text := strings.TrimLeft(s.Of(p.text), "/")
	message := fmt.Sprintf("%s is no prefix length: a number from 0 to %d is needed", show(s.Of(p.text)), most)
	switch {
	case text == "":
		message = fmt.Sprintf("the prefix length after / is missing: a number from 0 to %d is needed", most)
	case len(text) > 1 && text[0] == '0' && strings.Trim(text, "0123456789") == "":
		message = fmt.Sprintf("%s is no prefix length: leading zeros are not allowed", show(s.Of(p.text)))
	case glued(text) > 0:
		message = fmt.Sprintf("%s is no prefix length", show(s.Of(p.text))) + missingBlank(text)
	case isAddr(text):
		message = fmt.Sprintf("%s is a net mask: a prefix length, a number from 0 to %d, is needed", show(s.Of(p.text)), most)
	}
	p.fail(BadCIDR, s, message, "")
}
