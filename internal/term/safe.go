// Package term knows what a terminal takes: which text is safe to print, how
// wide it is, and whether it shall be coloured.
package term

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks bounds the combining marks on one letter. Three is what real
// scripts stack; towers of them paint over the lines above and below.
const maxMarks = 3

// Safe makes text from the network printable on one line of a terminal. Each
// rune that is not plainly visible becomes an escape: controls (C0, DEL, C1)
// and line ends, bidirectional controls, zero-width and other invisible runes,
// white space other than the space, private and unassigned code points, octets
// that are no UTF-8, and combining marks without a letter to sit on. In the
// result every rune is visible and stands where it was written; right-to-left
// letters stay, because names hold them.
//
// A backslash is not doubled. Nothing decodes the result, records in zone-file
// form are full of backslashes that people copy, and so Safe(Safe(s)) is
// Safe(s): to make text safe once too often does no harm. The price is that a
// published backslash followed by "x1b" looks like an escape character; the
// JSON formats tell them apart.
//
// The result is at most four times as long as s.
func Safe(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	for e := (escaper{rest: s}); e.rest != ""; {
		b.WriteString(e.next())
	}
	return b.String()
}

// SafeMax is [Safe] cut to at most n cells. A text that is cut ends in "…" and,
// where there is room, the length that it has: "v=spf1 ip4:1… (65,214 octets)".
// No escape is cut in two.
func SafeMax(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if len(s) <= n && plain(s) {
		return s
	}
	mark := "… (" + thousands(len(s)) + " octets)"
	if Cells(mark) > n/2 {
		mark = "…"
	}
	var b strings.Builder
	used, kept := 0, 0 // kept: where to cut to leave room for the mark
	for e := (escaper{rest: s}); e.rest != ""; {
		piece := e.next()
		used += runeCells(piece)
		if used > n {
			return b.String()[:kept] + mark
		}
		b.WriteString(piece)
		if used+Cells(mark) <= n {
			kept = b.Len()
		}
	}
	return b.String()
}

// plain reports whether s is printable ASCII, the usual case.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// escaper walks a text rune by rune.
type escaper struct {
	rest  string
	marks int // how many marks, or letters without a width, the last rune can still carry
}

// next takes the first rune of the rest and returns it, or its escape.
func (e *escaper) next() string {
	r, size := utf8.DecodeRuneInString(e.rest)
	raw := e.rest[:size]
	e.rest = e.rest[size:]
	switch {
	case r == utf8.RuneError && size == 1:
		e.marks = 0
		return fmt.Sprintf(`\x%02x`, raw[0])
	case !visible(r):
		e.marks = 0
		return escape(r)
	case !unicode.Is(unicode.M, r) && cond.RuneWidth(r) > 0:
		e.marks = 0
		if unicode.IsLetter(r) {
			e.marks = maxMarks
		}
		return raw
	case e.marks == 0:
		return escape(r)
	}
	e.marks--
	return raw
}

// visible reports whether a terminal shows something for r, in its place.
// IsPrint leaves out controls, format characters (the bidirectional ones and
// the tags among them), all spaces but U+0020, private and unassigned runes;
// the two property tables add those letters and marks that show nothing.
func visible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) &&
		r != '\u2800' // a Braille pattern without dots looks like a space
}

// escape writes r as Go does in a string.
func escape(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// thousands writes n with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
