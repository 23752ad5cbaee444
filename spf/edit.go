package spf

import (
	"maps"
	"slices"
	"strings"
)

// Insert returns the record with terms put in before term at, or at the end. The
// text around them stays as it is.
//
// This and the other edits leave a text that does not begin as an SPF record
// must ([IsSPF]) as it is: see [Record.Repair].
func (r Record) Insert(at int, terms ...string) Record {
	at = min(max(at, 0), len(r.Terms))
	return r.edit(edits{insert: map[int][]string{at: terms}})
}

// Remove returns the record without some of its terms, and without what
// separates them from those before them.
func (r Record) Remove(drop ...int) Record {
	e := edits{drop: make(map[int]bool)}
	for _, i := range drop {
		e.drop[i] = true
	}
	return r.edit(e)
}

// Replace returns the record with text in the place of term i. The text may be
// several terms.
func (r Record) Replace(i int, text string) Record {
	if i < 0 || i >= len(r.Terms) {
		return r
	}
	return r.edit(edits{insert: map[int][]string{i: {text}}, drop: map[int]bool{i: true}})
}

// WithAll returns the record with q as the qualifier of its first all mechanism.
// A record without one gets one behind its last mechanism; but if it has a
// redirect, which would lose its effect (RFC 7208 §6.1), it stays as it is.
func (r Record) WithAll(q Qualifier) Record {
	i := r.All()
	switch {
	case i < 0 && r.Redirect() >= 0:
		return r
	case i < 0:
		return r.Insert(r.afterMechanisms(), qualified(q, "all"))
	case r.Terms[i].Qualifier == q:
		return r
	}
	t := r.Terms[i]
	return r.Replace(i, qualified(q, r.text[t.NameSpan.Start:t.Span.End]))
}

func qualified(q Qualifier, mechanism string) string {
	if q == QualifierPass {
		return mechanism
	}
	return q.String() + mechanism
}

// PlaceForAddress returns the index where an ip4 or ip6 term goes: behind those
// that the record begins with, so that whatever happens with later terms, it
// is decided by then.
func (r Record) PlaceForAddress() int {
	return placeForAddress(len(r.Terms), func(i int) Term { return r.Terms[i] })
}

func placeForAddress(n int, term func(int) Term) int {
	place := 0
	for i := range n {
		switch t := term(i); {
		case t.address() && t.Qualifier == QualifierPass:
			place = i + 1
		case t.Kind != KindExp && t.Kind != KindUnknownModifier:
			return place
		}
	}
	return place
}

// address reports whether the term is a right ip4 or ip6.
func (t Term) address() bool { return t.Valid && (t.Kind == KindIP4 || t.Kind == KindIP6) }

// PlaceForName returns the index where an include or another term that asks the
// DNS goes: before the first all, or else behind the last mechanism.
func (r Record) PlaceForName() int {
	if i := r.All(); i >= 0 {
		return i
	}
	return r.afterMechanisms()
}

// afterMechanisms returns the index behind the last term that is no modifier.
func (r Record) afterMechanisms() int {
	for i, t := range slices.Backward(r.Terms) {
		if t.Kind.Mechanism() || t.Kind == KindBroken {
			return i + 1
		}
	}
	return 0
}

// ReplaceSpans returns the record with parts of its text written anew. Of
// parts that overlap the first counts.
func (r Record) ReplaceSpans(news map[Span]string) Record {
	spans := slices.SortedFunc(maps.Keys(news), compareSpans)
	var b strings.Builder
	done := 0
	for _, s := range spans {
		if s.Start < done || s.End < s.Start || s.End > len(r.text) {
			continue
		}
		b.WriteString(r.text[done:s.Start])
		b.WriteString(news[s])
		done = s.End
	}
	b.WriteString(r.text[done:])
	return Parse(b.String())
}

func compareSpans(a, b Span) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

// Repair returns the record with every syntax error corrected for which there is
// a suggestion that is sure to lead to right terms, and what is wrong with it
// still. What is right by the grammar stays, even where it is in doubt.
func (r Record) Repair() (Record, []Fault) {
	if news := r.corrections(); len(news) > 0 {
		r = r.ReplaceSpans(news)
	}
	return r, r.Errors
}

// corrections returns what to write for the terms of which each error can be
// corrected, and for what is between terms.
func (r Record) corrections() map[Span]string {
	news := make(map[Span]string)
	byTerm := make(map[int]map[Span]string)
	for _, f := range r.Errors {
		if f.Term < 0 && f.Suggest != "" {
			news[f.Span] = f.Suggest
		} else if f.Term >= 0 {
			if byTerm[f.Term] == nil {
				byTerm[f.Term] = make(map[Span]string)
			}
			byTerm[f.Term][f.Span] = f.Suggest
		}
	}
	for i, parts := range byTerm {
		if term := r.Terms[i]; term.corrects(parts) {
			maps.Copy(news, parts)
		}
	}
	return news
}

// corrects reports whether the parts, written anew, make right terms of t.
func (t Term) corrects(parts map[Span]string) bool {
	inside := make(map[Span]string, len(parts))
	for s, text := range parts {
		if text == "" {
			return false
		}
		inside[Span{s.Start - t.Span.Start, s.End - t.Span.Start}] = text
	}
	words := strings.Fields(Record{text: t.Text}.ReplaceSpans(inside).text)
	return !slices.ContainsFunc(words, func(s string) bool { return !validTerm(s) })
}

// edits are changes of a record by the indexes of its terms.
type edits struct {
	insert map[int][]string // before the term
	drop   map[int]bool
}

func (r Record) edit(e edits) Record {
	if !IsSPF(r.text) {
		return r
	}
	b := []byte(r.text[:len(versionTag)])
	begin, done := len(b), len(b)
	// write appends a term behind what separates it. RFC 7208 §4.5: what
	// follows the version must be a blank.
	write := func(separator, text string) {
		if len(b) == begin && !strings.HasPrefix(separator, " ") {
			separator = " " + separator
		}
		b = append(append(b, separator...), text...)
	}
	for i, t := range r.Terms {
		separator := r.text[done:t.Span.Start]
		for _, text := range trimmed(e.insert[i]) {
			write(separator, text)
			separator = " "
		}
		if !e.drop[i] {
			write(separator, t.Text)
		}
		done = t.Span.End
	}
	for _, text := range trimmed(e.insert[len(r.Terms)]) {
		write(" ", text)
	}
	if rest := r.text[done:]; rest != "" {
		write(rest, "")
	}
	return Parse(string(b))
}

// trimmed returns the texts without the blanks around them, and no empty one.
func trimmed(texts []string) []string {
	var rest []string
	for _, text := range texts {
		if text = strings.Trim(text, " "); text != "" {
			rest = append(rest, text)
		}
	}
	return rest
}
