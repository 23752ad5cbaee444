package inventory

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxNameLength = 64 // characters

const nameWant = "a name of 1 to 64 printable characters, without spaces at its ends"

// validName reports whether s can name a device, a site or a connector: it can
// be shown on one line and typed on a command line.
func validName(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || utf8.RuneCountInString(s) > maxNameLength {
		return false
	}
	return validText(s)
}

// validText reports whether s is shown as it is, on one line.
func validText(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// sameName compares the names of an inventory, without case.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// fold returns what the names that are the same have in common.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// near returns ", did you mean ...?" for the first of the words that s may be a
// slip of, or nothing.
func near(s string, words []string) string {
	if utf8.RuneCountInString(s) > maxNameLength {
		return ""
	}
	best, least := "", 1+max(1, utf8.RuneCountInString(s)/3)
	for _, w := range words {
		if d := distance(strings.ToLower(s), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	if best == "" {
		return ""
	}
	return ", did you mean " + strconv.Quote(best) + "?"
}

// distance counts the letters to add, drop, change or swap with their
// neighbour to get from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ(x[i-1], y[j-1]))
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}

// spellings returns typed words as text, with others behind them.
func spellings[T ~string](words []T, more ...string) []string {
	all := make([]string, 0, len(words)+len(more))
	for _, w := range words {
		all = append(all, string(w))
	}
	return append(all, more...)
}
