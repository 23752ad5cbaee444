package inventory

import (
	"slices"
	"strings"
)

// clone returns a copy that edits do not share with s.
func (s source) clone() source {
	return source{s.bom, slices.Clone(s.lines)}
}

// replace puts text, which may be several lines, between two places.
func (s *source) replace(from, to place, text string) {
	first, last := s.lines[from.line], s.lines[to.line]
	parts := strings.Split(first.text[:from.byte]+text+last.text[to.byte:], "\n")
	lines := make([]line, len(parts))
	for i, part := range parts {
		lines[i] = line{part, s.newline(from.line)}
	}
	lines[len(lines)-1].end = last.end
	s.lines = slices.Replace(s.lines, from.line, to.line+1, lines...)
}

// insert puts lines before the line numbered at. A file without a newline at
// its end stays without.
func (s *source) insert(at int, texts []string) {
	newline := s.newline(at - 1)
	lines := make([]line, len(texts))
	for i, t := range texts {
		lines[i] = line{t, newline}
	}
	if at == len(s.lines) && at > 0 && s.lines[at-1].end == "" {
		s.lines[at-1].end, lines[len(lines)-1].end = newline, ""
	}
	s.lines = slices.Insert(s.lines, at, lines...)
}

// remove takes away the lines from first to last.
func (s *source) remove(first, last int) {
	s.lines = slices.Delete(s.lines, first, last+1)
}

// dent returns how far a line is indented that continues brackets which are open
// at a place.
func (s *source) dent(at place) int {
	text := s.lines[at.line].text
	return len(text) - len(strings.TrimLeft(text, " ")) + 4
}

// first reports whether nothing stands before a place on its line.
func (s *source) first(at place) bool {
	return strings.TrimSpace(s.lines[at.line].text[:at.byte]) == ""
}

// blank reports whether a line holds nothing.
func (s *source) blank(at int) bool {
	return at >= 0 && at < len(s.lines) && strings.TrimSpace(s.lines[at].text) == ""
}

// behind returns the line before which something new goes that follows the
// line last: comments that are indented by more than dent belong to what is
// there.
func (s *source) behind(last, dent int) int {
	at := last + 1
	for ; at < len(s.lines); at++ {
		text := strings.TrimLeft(s.lines[at].text, " ")
		if !strings.HasPrefix(text, "#") || len(s.lines[at].text)-len(text) <= dent {
			break
		}
	}
	return at
}

// strip removes a text within one line, the white space that it leaves at the
// line's end, and the line if nothing is left of it.
func (s *source) strip(from, to place) {
	s.replace(from, to, "")
	l := &s.lines[from.line]
	if strings.TrimSpace(l.text[from.byte:]) == "" {
		l.text = strings.TrimRight(l.text[:from.byte], " ")
	}
	if l.text == "" {
		s.remove(from.line, from.line)
	}
}
