// Package shell writes text into commands that a person copies.
package shell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// NoFile stands for a file that the reader must name.
const NoFile = "FILE"

// MaxWord bounds what is typed as one argument, in octets.
const MaxWord = 320

// File writes the name of a file as one argument; [NoFile] where there is none,
// as for standard input, or none that can be typed.
func File(name string) string {
	if name == "-" || !Printable(name) {
		return NoFile
	}
	return Word(name)
}

// Word writes a text as one argument. What needs quotes has those of POSIX, which
// PowerShell reads alike but for a quote in the text.
func Word(s string) string {
	if Bare(strings.ReplaceAll(s, "/", "")) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Line writes words as one command; options are words too.
func Line(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if quoted[i] = w; !Bare(strings.TrimLeft(w, "-")) {
			quoted[i] = Word(w)
		}
	}
	return strings.Join(quoted, " ")
}

// Bare reports whether text is the same in every shell without quotes: a host, a
// domain or an address of most.
func Bare(s string) bool {
	return s != "" && s[0] != '-' && len(s) <= MaxWord && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == ""
}

// Printable reports whether text can stand on a printed line, and be copied from
// there.
func Printable(s string) bool {
	if s == "" || len(s) > MaxWord || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
