package inventory

import (
	"strings"
	"time"
	"unicode"
)

const (
	maxID  = 200 // characters
	idWant = "what a plan printed as an ID: 1 to 200 printable ASCII characters without blanks"
)

func acceptedFields() []field[Accepted] {
	return []field[Accepted]{
		free("id", idWant, validID, func(a *Accepted) *string { return &a.ID }).must(),
		day("date", func(a *Accepted) *time.Time { return &a.Date }).must(),
		free("note", "a note of one line", validNote, func(a *Accepted) *string { return &a.Note }),
	}
}

// visible reports whether s is of printable ASCII characters without blanks.
func visible(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII })
}

func validID(s string) bool { return len(s) <= maxID && visible(s) }

// Accept writes that the administrator said yes, on a day, to what a plan printed
// with an ID. It changes nothing if the file says so already.
func (f *File) Accept(id string, date time.Time) error {
	if f.Accepts(id) {
		return nil
	}
	return f.Append(Spot{[]step{{key: "accepted"}}}, written(acceptedFields(), []Accepted{{ID: id, Date: date}})...)
}

// accepted finds IDs that are given twice. Unlike names they differ by case.
func (c *checker) accepted(list []Accepted) {
	first := map[string]int{}
	for i, a := range list {
		at := c.file.root.at("accepted", i, "id")
		if line, twice := first[a.ID]; twice {
			c.fault(at, "id: %q is already on line %d", a.ID, line)
			continue
		}
		first[a.ID] = at.start.line + 1
	}
}
