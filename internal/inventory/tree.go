package inventory

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// place is a spot in a file: the index of a line and a byte in it.
type place struct {
	line, byte int
}

func (p place) before(q place) bool {
	return p.line < q.line || p.line == q.line && p.byte < q.byte
}

type shape int

const (
	empty    shape = iota // nothing after the colon or the dash, or a null
	scalar   shape = iota
	mapping  shape = iota
	sequence shape = iota
)

func (s shape) String() string {
	return [...]string{"nothing", "a text", "fields", "a list"}[s]
}

// node is a value in the file and the span of its text, from the first byte to
// behind the last; comments around it are not in it.
type node struct {
	shape  shape
	start  place
	end    place
	flow   bool // written with brackets
	text   string
	quoted bool
	fields []*entry // of a mapping
	items  []*entry // of a sequence
}

// entry is a field of a mapping, or an item of a sequence, which has no key.
type entry struct {
	key   string
	start place // of the key, or of the dash
	colon place // behind the colon, or behind the dash
	value *node
}

// field returns the value of a field, nil when the mapping has none.
func (n *node) field(key string) *node {
	if e := n.entry(key); e != nil {
		return e.value
	}
	return nil
}

func (n *node) entry(key string) *entry {
	if n == nil {
		return nil
	}
	for _, e := range n.fields {
		if e.key == key {
			return e
		}
	}
	return nil
}

// at follows keys (string) and indices (int) and returns as much of the way as
// there is, so that a mistake has a place even where its field is missing.
func (n *node) at(path ...any) *node {
	for _, step := range path {
		var next *node
		switch step := step.(type) {
		case string:
			next = n.field(step)
		case int:
			if step < len(n.items) {
				next = n.items[step].value
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// column returns the column of a place in characters, from 1.
func (s source) column(p place) int {
	if p.line >= len(s.lines) {
		return 1
	}
	text := s.lines[p.line].text
	return utf8.RuneCountInString(text[:min(p.byte, len(text))]) + 1
}

// mistake returns an error at a place.
func (s source) mistake(file string, p place, format string, args ...any) *Error {
	return &Error{file, p.line + 1, s.column(p), fmt.Sprintf(format, args...)}
}

// place turns the parser's position into ours.
func (s source) place(line, column int) (place, bool) {
	if line < 1 || line > len(s.lines) || column < 1 {
		return place{}, false
	}
	at := 0
	for text := s.lines[line-1].text; column > 1; column-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		if size == 0 {
			return place{}, false
		}
		at += size
	}
	return place{line - 1, at}, true
}

// rest returns the text of a line from a place on.
func (s source) rest(p place) string {
	if p.line >= len(s.lines) {
		return ""
	}
	return s.lines[p.line].text[p.byte:]
}

// quoteEnd returns the length of the quoted scalar that text begins with, 0
// when it does not end on the line.
func quoteEnd(text string) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] != quote:
		case quote == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		default:
			return i + 1
		}
	}
	return 0
}
