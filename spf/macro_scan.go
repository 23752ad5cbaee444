package spf

import (
	"fmt"
	"strings"
)

// macroPart is a piece of a macro-string: literal text, or one macro.
type macroPart struct {
	macro   bool   // written as a macro; true for %%, %_ and %- too
	literal string // the text, where letter is 0
	letter  byte   // in lower case
	escape  bool   // the letter is upper case: escape for a URL
	digits  int    // how many right-hand parts, 0 for all
	reverse bool
	delims  string // "" stands for "."
}

// macroUse says which macro-string is read: the letters c, r and t are for
// explanations only (RFC 7208 §7.2), which also hold blanks.
type macroUse uint8

const (
	macroDomain macroUse = iota
	macroExplain
	macroAny // an unknown modifier
)

type macroError struct {
	span    Span // in the macro-string
	message string
}

const macroDelims = ".-+,/_="

// scanMacros reads a macro-string (RFC 7208 §7.1). There is at least one part
// if s is not empty.
func scanMacros(s string, use macroUse) ([]macroPart, *macroError) {
	var parts []macroPart
	for i := 0; i < len(s); {
		if s[i] != '%' {
			j := i
			for j < len(s) && s[j] != '%' {
				if c := s[j]; c < ' ' || c > '~' || c == ' ' && use != macroExplain {
					return nil, &macroError{Span{j, j + 1}, fmt.Sprintf("the octet %q is not allowed here", s[j:j+1])}
				}
				j++
			}
			parts = append(parts, macroPart{literal: s[i:j]})
			i = j
			continue
		}
		part, n, bad := scanMacro(s[i:], use)
		if bad != "" {
			return nil, &macroError{Span{i, i + n}, bad}
		}
		parts = append(parts, part)
		i += n
	}
	return parts, nil
}

// scanMacro reads the macro that s begins with and returns its length. On an
// error it is the length of what is at fault, and bad says what is wrong.
func scanMacro(s string, use macroUse) (part macroPart, n int, bad string) {
	part.macro = true
	if len(s) > 1 {
		switch s[1] {
		case '%':
			part.literal = "%"
			return part, 2, ""
		case '_':
			part.literal = " "
			return part, 2, ""
		case '-':
			part.literal = "%20"
			return part, 2, ""
		case '{':
			end := strings.IndexByte(s, '}')
			if end < 0 {
				return part, len(s), fmt.Sprintf("%s: the macro is not closed by }", show(s))
			}
			return part, end + 1, part.read(s[2:end], use)
		}
	}
	return part, min(2, len(s)), fmt.Sprintf("%s: after %% one of {, %%, _ and - must follow", show(s[:min(2, len(s))]))
}

// read reads what is inside the braces.
func (m *macroPart) read(s string, use macroUse) (bad string) {
	quoted := show("%{" + s + "}")
	if s == "" {
		return quoted + " names no macro"
	}
	m.letter = s[0] | 0x20
	m.escape = s[0] < 'a'
	if !alpha(s[0]) || strings.IndexByte("slodiphcrtv", m.letter) < 0 {
		return fmt.Sprintf("%s: %s is no macro letter", quoted, show(s[:1]))
	}
	if use == macroDomain && strings.IndexByte("crt", m.letter) >= 0 {
		return fmt.Sprintf("%s: the letters c, r and t are for explanation texts only", quoted)
	}
	s = s[1:]
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	for _, c := range []byte(s[:digits]) {
		m.digits = min(10*m.digits+int(c-'0'), 1<<20)
	}
	// RFC 7208 §7.1: the number must not be zero.
	if digits > 0 && m.digits == 0 {
		return quoted + ": zero parts"
	}
	s = s[digits:]
	if s != "" && s[0]|0x20 == 'r' {
		m.reverse = true
		s = s[1:]
	}
	if strings.Trim(s, macroDelims) != "" {
		return fmt.Sprintf("%s: %s are no delimiters", quoted, show(s))
	}
	m.delims = s
	return ""
}

// senderFree reports whether the macro-string expands to the same text for
// every message of one domain: only d and o stand in it.
func senderFree(parts []macroPart) bool {
	for _, m := range parts {
		if m.letter != 0 && m.letter != 'd' && m.letter != 'o' {
			return false
		}
	}
	return true
}
