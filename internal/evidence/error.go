package evidence

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is a place in the file that cannot be read, and what was expected.
type Error struct {
	Line   int    // from 1, as editors count; 0 if it is about the file as a whole
	Column int    // number of the cell in its row, from 1; 0 if it is about the row
	Head   string // the heading of that cell
	What   string
	Hint   string // what to do about it; may be empty
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ", column %d", e.Column)
		}
		if e.Head != "" {
			fmt.Fprintf(&b, " (%s)", e.Head)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.What)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// maxShown is how much of a cell an error quotes.
const maxShown = 40

// shown quotes a date or a number for an error. A cell with other characters is
// in the wrong column, where it may be a subject or a recipient: only its
// length is told.
func shown(cell []byte) string {
	if len(cell) > maxShown || strings.Trim(string(cell), "0123456789 .,:;/+-%<TZUCAPMapm\u00a0\u202f") != "" {
		return fmt.Sprintf("a text of %d octets", len(cell))
	}
	return strconv.QuoteToASCII(string(cell))
}
