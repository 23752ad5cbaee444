package runbook

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote writes text as one argument of PowerShell, in single quotes, where
// nothing is expanded. A quote is doubled, and so is each typographic one, which
// PowerShell takes for the same. Text that cannot stand on a printed line is no
// argument.
func quote(s string) (string, bool) {
	if !printable(s) {
		return "", false
	}
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		b.WriteRune(r)
		if isQuote(r) {
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String(), true
}

// isQuote reports whether PowerShell ends or begins a single-quoted text with it.
func isQuote(r rune) bool {
	return r == '\'' || r >= 0x2018 && r <= 0x201b
}

// maxArgument bounds what is typed as one argument, in octets.
const maxArgument = 320

func printable(s string) bool {
	if s == "" || len(s) > maxArgument || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// bare reports whether text is the same in every shell without quotes: a host, a
// domain or an address of most.
func bare(s string) bool {
	return s != "" && s[0] != '-' && len(s) <= maxArgument && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == ""
}
