package spf

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

const (
	maxName        = 253  // octets of a name (RFC 7208 §7.3)
	maxExplanation = 4096 // octets of an explanation; SMTP could not carry more
)

// macroValues gives the value of a macro letter; ok is false when it could not
// be found out.
type macroValues func(letter byte) (value string, stop *stop)

// expandDomain expands a domain-spec that [scanMacros] accepted. Too long a name
// loses labels on its left (RFC 7208 §7.3), so expansion goes from right to left
// and ends when it has enough.
func expandDomain(spec string, values macroValues) (string, *stop) {
	parts, _ := scanMacros(spec, macroDomain)
	var pieces []string
	for i, n := len(parts)-1, 0; i >= 0 && n <= maxName+1; i-- {
		s, stop := parts[i].expand(values)
		if stop != nil {
			return "", stop
		}
		pieces = append(pieces, s)
		n += len(s)
	}
	slices.Reverse(pieces)
	return cutLeft(strings.TrimSuffix(strings.Join(pieces, ""), ".")), nil
}

// cutLeft drops labels on the left until the name is short enough.
func cutLeft(name string) string {
	if n := len(name) - maxName; n > 0 {
		// The label that the limit cuts goes too, unless it ends right there.
		dot := strings.IndexByte(name[n-1:], '.')
		if dot < 0 {
			return ""
		}
		name = name[n+dot:]
	}
	return name
}

// expandText expands an explanation that [scanMacros] accepted.
func expandText(parts []macroPart, values macroValues) (string, *stop) {
	var b strings.Builder
	for _, m := range parts {
		s, stop := m.expand(values)
		if stop != nil {
			return "", stop
		}
		if b.Len()+len(s) > maxExplanation {
			b.WriteString(s[:maxExplanation-b.Len()])
			break
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (m macroPart) expand(values macroValues) (string, *stop) {
	if m.letter == 0 {
		return m.literal, nil
	}
	s, stop := values(m.letter)
	if stop != nil {
		return "", stop
	}
	s = m.transform(s)
	if m.escape {
		s = escapeURL(s)
	}
	return s, nil
}

// transform splits, reverses and cuts a value (RFC 7208 §7.3).
func (m macroPart) transform(s string) string {
	if m.digits == 0 && !m.reverse && m.delims == "" {
		return s
	}
	delims := m.delims
	if delims == "" {
		delims = "."
	}
	var parts []string
	for {
		i := strings.IndexAny(s, delims)
		if i < 0 {
			break
		}
		parts = append(parts, s[:i])
		s = s[i+1:]
	}
	parts = append(parts, s)
	if m.reverse {
		slices.Reverse(parts)
	}
	if m.digits > 0 && m.digits < len(parts) {
		parts = parts[len(parts)-m.digits:]
	}
	return strings.Join(parts, ".")
}

// escapeURL escapes all but the unreserved set (RFC 3986 §2.3).
func escapeURL(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if alpha(c) || digit(c) || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// values returns the macro letters' values for the record in f.
func (e *evaluator) values(f *frame, span Span) macroValues {
	return func(letter byte) (string, *stop) {
		switch letter {
		case 's':
			return e.local + "@" + e.senderDomain, nil
		case 'l':
			return e.local, nil
		case 'o':
			return e.senderDomain, nil
		case 'd':
			return f.text, nil
		case 'i':
			return dotted(e.ip), nil
		case 'p':
			return e.validatedName(f, span)
		case 'h':
			return e.q.Helo, nil
		case 'c':
			return e.ip.String(), nil
		case 'r':
			if e.q.Receiver == "" {
				return "unknown", nil
			}
			return e.q.Receiver, nil
		case 't':
			if e.q.Time.IsZero() {
				return "0", nil
			}
			return strconv.FormatInt(e.q.Time.Unix(), 10), nil
		}
		return family(e.ip), nil // v
	}
}

// family is the value of %{v}.
func family(ip netip.Addr) string {
	if ip.Is4() {
		return "in-addr"
	}
	return "ip6"
}

// dotted is the value of %{i}: an IPv6 address as dotted nibbles.
func dotted(ip netip.Addr) string {
	if ip.Is4() {
		return ip.String()
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, 63)
	for i, c := range ip.As16() {
		if i > 0 {
			b = append(b, '.')
		}
		b = append(b, hex[c>>4], '.', hex[c&15])
	}
	return string(b)
}

// reverseName is the name to ask for the PTR records of an address.
func reverseName(ip netip.Addr) dns.Name {
	s, _ := expandDomain("%{ir}.%{v}.arpa", func(letter byte) (string, *stop) {
		if letter == 'i' {
			return dotted(ip), nil
		}
		return family(ip), nil
	})
	name, _ := dns.RawName(s) // at most 72 octets in labels of one to three
	return name
}

// usesLocalPart reports whether the domain-spec speaks of the sender's local
// part.
func usesLocalPart(spec string) bool {
	parts, _ := scanMacros(spec, macroDomain)
	return slices.ContainsFunc(parts, func(m macroPart) bool { return m.letter == 's' || m.letter == 'l' })
}
