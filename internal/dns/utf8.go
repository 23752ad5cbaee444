package dns

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// UTF8 returns text from the DNS as UTF-8. Octets that are none are written as
// in a zone file, \DDD (RFC 1035 §5.1), so that nothing is lost silently.
func UTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\%03d`, s[0])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}
