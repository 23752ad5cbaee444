package spf

import (
	"strconv"
	"strings"
)

// String returns the term in canonical form, or as written if it is not valid.
func (t Term) String() string {
	if !t.Valid {
		return t.Text
	}
	switch t.Kind {
	case KindUnknownModifier:
		return strings.ToLower(t.Name) + "=" + t.Domain
	case KindRedirect, KindExp:
		return t.Kind.String() + "=" + canonicalDomain(t.Domain)
	}
	var b strings.Builder
	if t.Qualifier != QualifierPass {
		b.WriteByte(byte(t.Qualifier))
	}
	b.WriteString(t.Kind.String())
	switch {
	case t.Prefix.IsSingleIP():
		b.WriteString(":" + t.Prefix.Addr().String())
	case t.Prefix.IsValid():
		b.WriteString(":" + t.Prefix.String())
	case t.Domain != "":
		b.WriteString(":" + canonicalDomain(t.Domain))
	}
	if t.takesCIDR() && t.Bits4() != 32 {
		b.WriteString("/" + strconv.Itoa(t.CIDR4))
	}
	if t.takesCIDR() && t.Bits6() != 128 {
		b.WriteString("//" + strconv.Itoa(t.CIDR6))
	}
	return b.String()
}

// canonicalDomain lower-cases a domain-spec, but for the macro letters, whose
// case means something, and drops the final dot.
func canonicalDomain(d string) string {
	b := []byte(strings.TrimSuffix(d, "."))
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+1 < len(b) {
			i++
			if b[i] == '{' {
				i++ // the letter stays
			}
			continue
		}
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return string(b)
}
