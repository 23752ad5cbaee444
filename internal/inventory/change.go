package inventory

import (
	"fmt"
	"strings"
)

// set gives an entry that is there a new value.
func (s *source) set(at found, v Value) error {
	n := at.entry.value
	hole := n.shape == empty && n.start == n.end
	dent := s.dent(n.start)
	switch {
	case n.shape == sequence && v.shape == sequence:
		return s.setList(at, v)
	case hole && !v.inline() && !inFlow(at.parent):
		s.below(at.entry, v.block)
	case hole:
		s.replace(n.start, n.end, " "+v.fold(dent))
	case n.shape == scalar || n.shape == empty:
		s.replace(n.start, n.end, v.fold(dent))
	default:
		return fmt.Errorf("line %d: %s cannot become %s", n.start.line+1, n.shape, v.shape)
	}
	return nil
}

// inFlow reports whether what is in a collection must be written in brackets.
func inFlow(parent *node) bool { return parent != nil && parent.flow }

// below puts lines under an entry that has no value yet.
func (s *source) below(e *entry, block func(dent int) []string) {
	s.insert(e.colon.line+1, block(e.start.byte+2))
}

// setList changes a list of texts: what it keeps stays where it is. The work
// goes from the list's end to its beginning, so that the places before stay
// right.
func (s *source) setList(at found, v Value) error {
	n := at.entry.value
	for _, item := range n.items {
		if item.value.shape != scalar {
			return fmt.Errorf("line %d: a list of fields is changed by its items", n.start.line+1)
		}
	}
	keep, before := common(n.items, v.items)
	if err := s.appendItems(at, before[len(n.items)]); err != nil {
		return err
	}
	for i := len(n.items) - 1; i >= 0; i-- {
		if !keep[i] {
			s.delete(n, i)
		} else if len(before[i]) > 0 {
			s.insertItems(n, i, before[i])
		}
	}
	return nil
}

// common finds the longest row of items that have and want share. before[i] is
// what goes in front of the item i that is kept; the last of it, to the end.
func common(have []*entry, want []Value) (keep []bool, before [][]Value) {
	keep, before = make([]bool, len(have)), make([][]Value, len(have)+1)
	length := make([][]int, len(have)+1) // of the common row of have[i:] and want[j:]
	for i := range length {
		length[i] = make([]int, len(want)+1)
	}
	for i := len(have) - 1; i >= 0; i-- {
		for j := len(want) - 1; j >= 0; j-- {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if have[i].value.text == want[j].raw {
				length[i][j] = max(length[i][j], length[i+1][j+1]+1)
			}
		}
	}
	i, j, start := 0, 0, 0
	for i < len(have) && j < len(want) {
		switch {
		case have[i].value.text == want[j].raw:
			keep[i], before[i] = true, want[start:j]
			i, j, start = i+1, j+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	before[len(have)] = want[start:]
	return keep, before
}

// insertItems puts texts in front of an item of a list.
func (s *source) insertItems(n *node, i int, items []Value) {
	at := n.items[i].start
	if n.flow {
		gap := ", "
		if s.first(at) {
			gap = ",\n" + strings.Repeat(" ", at.byte)
		}
		s.replace(at, at, List(items...).joined(s.dent(at))+gap)
		return
	}
	s.insert(at.line, itemLines(items, at.byte))
}

func itemLines(items []Value, dent int) []string {
	var lines []string
	for _, item := range items {
		lines = append(lines, item.item(dent)...)
	}
	return lines
}

// addField adds a field to the mapping that is found.
func (s *source) addField(at found, p Pair) error {
	n := at.entry.value
	switch {
	case n.shape == mapping && n.flow:
		s.addInline(n, n.fields, Fields(p))
	case n.shape == mapping && at.parent == nil:
		s.insert(len(s.lines), p.block(n.start.byte)) // behind all comments
	case n.shape == mapping:
		dent := n.fields[0].start.byte
		s.insert(s.behind(n.end.line, dent), p.block(dent))
	case n.shape == empty:
		return s.set(at, Fields(p))
	default:
		return fmt.Errorf("line %d: %s cannot hold %s", n.start.line+1, n.shape, p.Key)
	}
	return nil
}

// addInline adds the fields or items of a value to a collection in brackets.
func (s *source) addInline(n *node, entries []*entry, v Value) {
	if len(entries) == 0 {
		at := place{n.start.line, n.start.byte + 1}
		text := v.fold(s.dent(at))
		s.replace(at, at, text[1:len(text)-1])
		return
	}
	last := entries[len(entries)-1]
	end, dent, gap := last.value.end, s.dent(last.start), ", "
	if s.first(last.start) && strings.Trim(s.rest(end), " ,") == "" {
		dent = last.start.byte
		gap = ",\n" + strings.Repeat(" ", dent)
	}
	s.replace(end, end, gap+v.joined(dent))
}

// appendItems adds items to a list.
func (s *source) appendItems(at found, items []Value) error {
	n := at.entry.value
	switch {
	case len(items) == 0:
	case n.shape == empty:
		return s.set(at, List(items...))
	case n.shape != sequence:
		return fmt.Errorf("line %d: %s is no list", n.start.line+1, n.shape)
	case n.flow && len(n.items) == 0 && !inFlow(at.parent) && !List(items...).inline() && n.start.line == n.end.line:
		s.below(at.entry, List(items...).block)
		s.strip(n.start, n.end)
	case n.flow:
		s.addInline(n, n.items, List(items...))
	default:
		dent := n.items[0].start.byte
		lines := itemLines(items, dent)
		if s.apart(n) {
			lines = append([]string{""}, lines...)
		}
		s.insert(s.behind(n.end.line, dent), lines)
	}
	return nil
}

// apart reports whether a list's last item stands apart from the one before.
func (s *source) apart(n *node) bool {
	return len(n.items) > 1 && s.blank(n.items[len(n.items)-1].start.line-1)
}

// delete takes an entry out of a collection.
func (s *source) delete(n *node, i int) {
	entries := n.entries()
	e := entries[i]
	if n.flow {
		s.deleteInline(entries, i)
		return
	}
	last := max(e.value.end.line, e.colon.line)
	lead := s.lines[e.start.line].text[:e.start.byte]
	if strings.TrimSpace(lead) == "" {
		s.remove(e.start.line, last)
		return
	}
	// The first field of an item stands behind its dash.
	s.lines[e.start.line].text = strings.TrimRight(lead, " ")
	s.lines[e.start.line].end = s.lines[last].end
	if last > e.start.line {
		s.remove(e.start.line+1, last)
	}
}

// deleteInline takes an entry and one comma out of a collection in brackets.
func (s *source) deleteInline(entries []*entry, i int) {
	e := entries[i]
	end := e.value.end
	rest := s.lines[end.line].text[end.byte:]
	after := strings.TrimLeft(rest, " ")
	switch {
	case strings.HasPrefix(after, ","):
		after = strings.TrimLeft(after[1:], " ")
		end.byte = len(s.lines[end.line].text) - len(after)
		s.strip(e.start, end)
	case i > 0 && entries[i-1].value.end.line == e.start.line:
		s.strip(entries[i-1].value.end, end)
	default:
		s.strip(e.start, end)
	}
}
