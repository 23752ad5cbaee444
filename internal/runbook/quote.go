package runbook

import (
	"strings"

	"sendplan/internal/shell"
)

// quote writes text as one argument of PowerShell, in single quotes, where
// nothing is expanded. A quote is doubled, and so is each typographic one, which
// PowerShell takes for the same. Text that cannot stand on a printed line is no
// argument.
func quote(s string) (string, bool) {
	if !shell.Printable(s) {
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
