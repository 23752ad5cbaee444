package dns

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// Name is a domain name: absolute, lower case, A-labels, without the final
// dot. The root is ".". Octets that are not printable ASCII, and dots and
// backslashes inside a label, are escaped as in a zone file (RFC 1035 §5.1), so
// a Name never holds a control character and names compare with ==.
type Name string

// Root is the name of the DNS root, and the target of a null MX (RFC 7505).
const Root Name = "."

const (
	maxLabel = 63  // octets, RFC 1035 §2.3.4
	maxName  = 253 // octets of the dotted form without the final dot
)

// profile turns what people type into A-labels: mapping and case folding as for
// lookups, but underscores are allowed, because DNS names are no host names.
var profile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// ParseName reads a domain name that a person typed: it may end in a dot and
// hold U-labels, which become A-labels. It refuses what cannot be a name of the
// kind people own: empty labels, white space and control characters.
func ParseName(s string) (Name, error) {
	if s == "." {
		return Root, nil
	}
	t := strings.TrimSuffix(s, ".")
	if t == "" {
		return "", fmt.Errorf("empty domain name")
	}
	for _, c := range []byte(t) {
		if c <= ' ' || c == 0x7f || strings.IndexByte("\\\"@/:;,()<>[]", c) >= 0 {
			return "", fmt.Errorf("%q is not a domain name: it holds %q", s, c)
		}
	}
	if ascii(t) { // labels such as "-a" or "r3---sn" are no IDNs, but exist
		return RawName(t)
	}
	a, err := profile.ToASCII(t)
	if err != nil {
		return "", fmt.Errorf("%q is not a domain name: %v", s, err)
	}
	return RawName(a)
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// MustName is [ParseName] for names in the source code; it panics on an error.
func MustName(s string) Name {
	n, err := ParseName(s)
	if err != nil {
		panic(err)
	}
	return n
}

// RawName builds a name from dotted text whose labels may hold any octet but
// the dot, as they come out of SPF macros; nothing is an escape. A final dot is
// allowed. It fails on empty or over-long labels and on over-long names
// (RFC 1035 §2.3.4).
func RawName(s string) (Name, error) {
	if s == "." {
		return Root, nil
	}
	s = strings.TrimSuffix(s, ".")
	if len(s) > maxName {
		return "", fmt.Errorf("domain name of %d octets, at most %d are allowed", len(s), maxName)
	}
	labels := strings.Split(s, ".")
	for i, l := range labels {
		if l == "" {
			return "", fmt.Errorf("domain name %q has an empty label", s)
		}
		if len(l) > maxLabel {
			return "", fmt.Errorf("domain name %q has a label of %d octets, at most %d are allowed", s, len(l), maxLabel)
		}
		labels[i] = escapeLabel(l)
	}
	return Name(strings.Join(labels, ".")), nil
}

// escapeLabel lower-cases a label and writes octets that are special in a zone
// file in its escapes.
func escapeLabel(l string) string {
	var b strings.Builder
	for _, c := range []byte(l) {
		switch {
		case 'A' <= c && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case strings.IndexByte(`."();@\$`, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case c <= ' ' || c >= 0x7f:
			fmt.Fprintf(&b, "\\%03d", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// String returns the name without its final dot; the root is ".".
func (n Name) String() string { return string(n) }

// Zone returns the name with its final dot, as zone files want it.
func (n Name) Zone() string {
	if n == Root {
		return "."
	}
	return string(n) + "."
}

// Unicode returns the name for people: A-labels as U-labels where that
// round-trips, else unchanged.
func (n Name) Unicode() string {
	if !strings.Contains(string(n), "xn--") {
		return string(n)
	}
	u, err := idna.ToUnicode(string(n))
	if err != nil {
		return string(n)
	}
	if a, err := profile.ToASCII(u); err != nil || a != string(n) {
		return string(n)
	}
	return u
}

// Labels returns the labels from left to right, in the name's escaped form; the
// root has none.
func (n Name) Labels() []string {
	if n == Root || n == "" {
		return nil
	}
	var labels []string
	start := 0
	for i := 0; i < len(n); i++ {
		switch n[i] {
		case '\\':
			i++ // the escaped octet, or the first digit of \DDD, is no dot
		case '.':
			labels = append(labels, string(n[start:i]))
			start = i + 1
		}
	}
	return append(labels, string(n[start:]))
}

// Parent returns the name without its leftmost label; the parent of a top-level
// domain, and of the root, is the root.
func (n Name) Parent() Name {
	for i := 0; i < len(n); i++ {
		switch n[i] {
		case '\\':
			i++
		case '.':
			if i+1 < len(n) {
				return n[i+1:]
			}
		}
	}
	return Root
}

// Child returns prefix.n, where prefix is one or more labels in escaped form.
// It fails when the result is too long for a name.
func (n Name) Child(prefix string) (Name, error) {
	s := strings.ToLower(prefix)
	if n != Root {
		s += "." + string(n)
	}
	if wireLen(s) > maxName {
		return "", fmt.Errorf("%s.%s is longer than %d octets", prefix, n, maxName)
	}
	return Name(s), nil
}

// wireLen counts the octets of a dotted name, an escape as the one octet that
// it stands for.
func wireLen(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9' {
				i += 2
			}
			i++
		}
		n++
	}
	return n
}

// Below reports whether n is ancestor itself or below it.
func (n Name) Below(ancestor Name) bool {
	for n != ancestor {
		if n == Root {
			return false
		}
		n = n.Parent()
	}
	return true
}
