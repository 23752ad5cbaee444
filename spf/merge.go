package spf

import (
	"cmp"
	"slices"
	"strings"
)

// Merger is what [Merge] made of several records.
type Merger struct {
	Record Record
	Base   int   // the index of the record whose text it keeps
	From   []int // of each term of Record: the index of the record that it comes from

	// Dropped are the terms of which Record holds no equal one.
	Dropped []Dropped

	// Widened are terms that kept addresses from terms behind them in their own
	// record, and do so no longer: those had to come before terms of another
	// record. Without any, Record passes exactly what the records pass.
	Widened []Dropped

	// PassAll are the records with +all. Record has it only if they all do; if
	// not, what only a +all passed is lost.
	PassAll []int
}

// Dropped is a term of a record that was merged, and what became of it.
type Dropped struct {
	From int // the index of the record
	Term Term
	Why  string
}

// Merge makes one record of several SPF records of one name ([IsSPF]; others are
// passed over), so that each address that one of them passes is passed.
//
// The record that names most senders, of equal ones the first by its text, is
// the base: its text stays but for what has to change. The terms of the others
// that are not in it are put in, what is broken or unknown included; it is best
// to [Record.Repair] them before. Of several all mechanisms the softest stays
// that does not pass, of several exp the first. A redirect becomes an include
// where an all, another redirect or a term that does not pass would stand in its
// way. In which order the records are given does not matter.
func Merge(records []Record) Merger {
	m := merging{records: records, matches: make(map[string]int)}
	if m.order(); len(m.sorted) == 0 {
		return Merger{Base: -1}
	}
	m.ends()
	m.choose()
	m.begin()
	for _, i := range m.sorted[1:] {
		m.join(i, records[i])
	}
	return m.merger()
}

type merging struct {
	records []Record
	sorted  []int // the indexes of those that count: the base, then the others by text
	keeper  int   // the record whose order of terms that pass and that keep out stays
	all     Term
	allFrom int  // whose all it is, -1 if there is none
	include bool // redirects become includes
	items   []*item
	matches map[string]int // how many items have it
	out     Merger
}

// order sorts the records.
func (m *merging) order() {
	for i, r := range m.records {
		if IsSPF(r.text) {
			m.sorted = append(m.sorted, i)
		}
	}
	text := func(i int) string { return m.records[i].text }
	slices.SortStableFunc(m.sorted, func(a, b int) int { return strings.Compare(text(a), text(b)) })
	most := 0
	for at, i := range m.sorted {
		if senders(m.records[i]) > senders(m.records[m.sorted[most]]) {
			most = at
		}
	}
	if len(m.sorted) > 0 {
		base := m.sorted[most]
		m.sorted = slices.Insert(slices.Delete(m.sorted, most, most+1), 0, base)
		m.out.Base = base
	}
}

// ends decides on the all of the merged record.
func (m *merging) ends() {
	m.allFrom = -1
	for _, i := range m.sorted {
		r := m.records[i]
		switch at := r.validAll(); {
		case at < 0:
		case r.Terms[at].Qualifier == QualifierPass:
			m.out.PassAll = append(m.out.PassAll, i)
		case m.allFrom < 0 || softer(r.Terms[at].Qualifier, m.all.Qualifier):
			m.all, m.allFrom = r.Terms[at], i
		}
	}
	if n := len(m.out.PassAll); n > 0 && m.allFrom < 0 {
		m.allFrom = m.out.PassAll[0]
		r := m.records[m.allFrom]
		m.all = r.Terms[r.validAll()]
		if n < len(m.sorted) {
			// The default of RFC 7208 §4.7, written out so that what stands behind
			// stays without effect.
			m.all = Parse(versionTag + " ?all").Terms[0]
		}
	}
	slices.Sort(m.out.PassAll)
}

// softer reports whether a says less against an address than b.
func softer(a, b Qualifier) bool {
	order := []Qualifier{QualifierNeutral, QualifierSoftFail, QualifierFail}
	return slices.Index(order, a) < slices.Index(order, b)
}

// overrules reports whether the merged record ends in +all, so that what one
// record keeps out another passes.
func (m *merging) overrules() bool {
	return len(m.sorted) > 1 && m.allFrom >= 0 && m.all.Qualifier == QualifierPass
}

// choose decides whose order of terms stays, and whether a redirect can.
func (m *merging) choose() {
	m.keeper = m.out.Base
	var redirects, restrained []int
	texts := make(map[string]bool)
	for _, i := range m.sorted {
		r := m.records[i]
		if mixed(r) && !mixed(m.records[m.keeper]) {
			m.keeper = i
		}
		if slices.ContainsFunc(r.live(), keepsOut) {
			restrained = append(restrained, i)
		}
		if at := r.liveRedirect(); at >= 0 {
			redirects = append(redirects, i)
			texts[r.Terms[at].String()] = true
		} else if r.Redirect() >= 0 {
			m.include = true // a broken one stays, and two are not allowed
		}
		m.include = m.include || r.All() >= 0
	}
	own := len(redirects) == 1 && slices.Equal(redirects, restrained)
	m.include = len(m.sorted) > 1 && (m.include || len(texts) > 1 || len(restrained) > 0 && !own)
}

// merger writes the items into the text of the base.
func (m *merging) merger() Merger {
	base := m.records[m.out.Base]
	e := edits{insert: make(map[int][]string), drop: make(map[int]bool)}
	for i := range base.Terms {
		e.drop[i] = true
	}
	next := 0
	for _, it := range m.items {
		m.out.From = append(m.out.From, it.from[0].From)
		if it.place >= 0 {
			delete(e.drop, it.place)
			next = it.place + 1
		} else {
			e.insert[next] = append(e.insert[next], it.term.Text)
		}
	}
	m.out.Record = base.edit(e)
	slices.SortStableFunc(m.out.Dropped, func(a, b Dropped) int {
		return cmp.Or(a.From-b.From, a.Term.Span.Start-b.Term.Span.Start)
	})
	return m.out
}
