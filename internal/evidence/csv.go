package evidence

import (
	"bufio"
	"fmt"
	"io"
)

// Bounds of a file. A cell of a trace can hold a thousand recipients.
const (
	maxCell    = 1 << 20
	maxColumns = 256
	maxRows    = 1_000_000 // an Exchange download has at most 100,000 messages
)

// scanner reads the rows of a CSV file (RFC 4180) one at a time into one
// buffer. It is not encoding/csv because that holds a whole row, whatever its
// length, and all its cells: here a cell has a bound, and a column that nobody
// asked for is passed over.
type scanner struct {
	r    *bufio.Reader
	sep  byte
	line int    // of the next octet
	keep []bool // by column; nil keeps all
	buf  []byte
	ends []span
	lens int // octets of the cell that is being read, kept or not
	full int // number of the last cell of the row that is not empty
}

// span is where a cell is in the buffer, and the line that it starts on.
type span struct{ from, to, line int }

// row is valid until the next one is read.
type row struct {
	line  int
	spans []span
	buf   []byte
}

func (r row) len() int { return len(r.spans) }

// cell returns the text of a column; nil if there is no such column.
func (r row) cell(column int) []byte {
	if column < 0 || column >= len(r.spans) {
		return nil
	}
	return r.buf[r.spans[column].from:r.spans[column].to]
}

// at is the line on which a cell starts.
func (r row) at(column int) int {
	if column < 0 || column >= len(r.spans) {
		return r.line
	}
	return r.spans[column].line
}

// after is what follows a cell.
type after int

const (
	afterCell after = iota
	afterRow
	afterFile
)

// next returns the next row with a cell that is not empty, or [io.EOF].
func (s *scanner) next() (row, error) {
	for {
		s.buf, s.ends = s.buf[:0], s.ends[:0]
		line, blank, end, err := s.row()
		if err != nil {
			return row{}, err
		}
		if !blank {
			return row{line: line, spans: s.ends, buf: s.buf}, nil
		}
		if end == afterFile {
			return row{}, io.EOF
		}
	}
}

// row reads the cells of one row.
func (s *scanner) row() (line int, blank bool, end after, err error) {
	line, blank = s.line, true
	s.full = 0
	for {
		if len(s.ends) == maxColumns {
			return 0, false, 0, &Error{Line: line, What: fmt.Sprintf("the row has more than %d cells", maxColumns)}
		}
		start := span{from: len(s.buf), line: s.line}
		end, err = s.cell()
		if err != nil {
			return 0, false, 0, err
		}
		start.to = len(s.buf)
		s.ends = append(s.ends, start)
		if s.lens > 0 {
			blank, s.full = false, len(s.ends)
		}
		if end != afterCell {
			return line, blank, end, nil
		}
	}
}

// cell reads one cell and what ends it.
func (s *scanner) cell() (after, error) {
	s.lens = 0
	first := s.line
	c, err := s.r.ReadByte()
	if err == nil && c == '"' {
		if err := s.quoted(first); err != nil {
			return 0, err
		}
		c, err = s.r.ReadByte()
		if err == nil && c != s.sep && c != '\n' && c != '\r' {
			return 0, s.fault(first, "text follows the closing quote", `a quote inside of quotes is written twice ("")`)
		}
	}
	for {
		switch {
		case err == io.EOF:
			return afterFile, nil
		case err != nil:
			return 0, err
		case c == s.sep:
			return afterCell, nil
		case c == '\n':
			s.line++
			return afterRow, nil
		case c == '\r':
			return afterRow, s.lineFeed()
		}
		if err := s.add(c, first); err != nil {
			return 0, err
		}
		c, err = s.r.ReadByte()
	}
}

// lineFeed takes the LF after a CR, if there is one.
func (s *scanner) lineFeed() error {
	s.line++
	c, err := s.r.ReadByte()
	switch {
	case err == io.EOF:
		return nil
	case err != nil:
		return err
	case c != '\n':
		return s.r.UnreadByte()
	}
	return nil
}

// quoted reads up to the closing quote; first is the line of the opening one.
func (s *scanner) quoted(first int) error {
	for {
		c, err := s.r.ReadByte()
		if err == io.EOF {
			return s.fault(first, "the quote that opens here is never closed", "")
		}
		if err != nil {
			return err
		}
		switch c {
		case '"':
			if next, err := s.r.ReadByte(); err != nil || next != '"' {
				if err == nil {
					err = s.r.UnreadByte()
				}
				if err == io.EOF {
					err = nil
				}
				return err
			}
		case '\n':
			s.line++
		}
		if err := s.add(c, first); err != nil {
			return err
		}
	}
}

// add appends an octet to the cell, if its column is kept.
func (s *scanner) add(c byte, first int) error {
	if s.lens++; s.lens > maxCell {
		return s.fault(first, fmt.Sprintf("the cell is longer than %d octets", maxCell), "a quote that is not closed may be the cause")
	}
	if c == 0 {
		return s.fault(first, "the cell holds a zero octet: the file is no text", "export it again as CSV")
	}
	if column := len(s.ends); s.keep == nil || column < len(s.keep) && s.keep[column] {
		s.buf = append(s.buf, c)
	}
	return nil
}

func (s *scanner) fault(line int, what, hint string) error {
	return &Error{Line: line, Column: len(s.ends) + 1, What: what, Hint: hint}
}
