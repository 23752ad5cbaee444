package interview

import (
	"fmt"
	"unicode/utf8"

	"sendplan/internal/dns"
)

// What a page holds at most: records of strangers decide how long it would be.
const (
	maxText  = 8192 // octets of a line: more than any record has that receivers accept
	maxTitle = 300  // octets of a title, a cell, or a name in a sentence
	maxMore  = 200  // lines below an item
	maxItems = 1000 // items of a section
	maxNamed = 6    // things that a sentence names
)

// bounded returns text, or its beginning where it is longer than most octets.
func bounded(text string, most int) string {
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// lines are gathered lines of text.
type lines []Line

// add adds a line, unless it is empty.
func (l *lines) add(m Mark, indent int, text string) {
	if text != "" {
		*l = append(*l, Line{Mark: m, Indent: indent, Text: bounded(text, maxText)})
	}
}

// more returns the lines for an item, of too many the first.
func (l lines) more() []Line {
	if len(l) <= maxMore {
		return l
	}
	rest := Line{Mark: Muted, Text: fmt.Sprintf("and %d more", len(l)-maxMore+1)}
	return append(append([]Line{}, l[:maxMore-1]...), rest)
}

// below returns the lines a step further in.
func below(l lines) lines {
	var in lines
	for _, line := range l {
		in.add(line.Mark, line.Indent+1, line.Text)
	}
	return in
}

// item is an item of a page, within its bounds. A title that is too long stands
// whole below it.
func item(m Mark, title string, more lines) Item {
	if len(title) > maxTitle {
		var whole lines
		whole.add(Plain, 0, title)
		more = append(whole, more...)
	}
	return Item{Mark: m, Title: bounded(title, maxTitle), More: more.more()}
}

// section is a section of a page, within its bounds.
func section(title string, items []Item) Section {
	if left := len(items) - maxItems; left > 0 {
		items = append(items[:maxItems:maxItems], Item{Mark: Muted, Title: fmt.Sprintf("and %d more", left)})
	}
	return Section{Title: bounded(title, maxTitle), Items: items}
}

// named writes words as "a, b and c", of many the first few.
func named(words []string) string {
	shown := make([]string, 0, maxNamed+1)
	for _, w := range words[:min(len(words), maxNamed)] {
		shown = append(shown, bounded(w, maxTitle))
	}
	if left := len(words) - maxNamed; left > 0 {
		shown = append(shown, fmt.Sprintf("%d more", left))
	}
	return both(shown)
}

// shownName returns a name for people: with its A-label form where that
// differs.
func shownName(n dns.Name) string {
	if u := n.Unicode(); u != n.String() {
		return u + " (" + n.String() + ")"
	}
	return n.String()
}
