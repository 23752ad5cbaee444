package evidence

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// reading is the state of going through one file.
type reading struct {
	*table
	opts  Options
	rows  int
	most  int // rows that are allowed
	dates dates
	skips map[Reason]Skip
}

func newReading(t *table, opts Options) *reading {
	return &reading{table: t, opts: opts, most: maxRows, skips: map[Reason]Skip{}, dates: newDates(opts.Dates, t.head)}
}

// each hands every row that has something to say to visit.
func (in *reading) each(visit func(row) error) error {
	for {
		r, err := in.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if in.rows++; in.rows > in.most {
			return &Error{Line: r.line, What: fmt.Sprintf("the file has more than %d rows", in.most), Hint: "export a shorter time"}
		}
		if in.repeated(r) {
			in.skip(HeaderAgain, r)
			continue
		}
		if err := visit(r); err != nil {
			return err
		}
	}
}

// repeated reports whether a row is the header again: two files were put
// together.
func (in *reading) repeated(r row) bool {
	for f := range fields {
		if c := in.head.column[f]; c >= 0 && strings.TrimPrefix(string(r.cell(c)), bom) != strings.TrimPrefix(in.head.names[c], bom) {
			return false
		}
	}
	return true
}

const bom = "\ufeff"

func (in *reading) skip(why Reason, r row) {
	s, seen := in.skips[why]
	if !seen {
		s = Skip{Reason: why, Line: r.line}
	}
	s.Rows++
	in.skips[why] = s
}

func (in *reading) skipped() []Skip {
	var all []Skip
	for _, why := range reasons {
		if s, ok := in.skips[why]; ok {
			all = append(all, s)
		}
	}
	return all
}

// day reads the date of a row; the zero rawDay if the file has none.
func (in *reading) day(r row) (rawDay, error) {
	cell := in.cell(r, fieldDate)
	if !in.head.has(fieldDate) || len(cell) == 0 {
		return rawDay{}, nil
	}
	return in.dates.parse(cell, r.at(in.head.column[fieldDate]))
}

const maxName = 128 // octets of a connector's name that are kept

// name is text of the file that is shown: printable, and of a length that a
// line can take.
func name(cell []byte) string {
	s := printable(strings.ToValidUTF8(string(cell[:min(len(cell), 4*maxName)]), "\ufffd"))
	for len(s) > maxName {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
