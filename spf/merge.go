package spf

import (
	"cmp"
	"slices"
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
// way.
func Merge(records []Record) Merger {
	m := merging{records: records, base: -1}
	for i, r := range records {
		if IsSPF(r.Text()) && (m.base < 0 || moreSenders(r, records[m.base])) {
			m.base = i
		}
	}
	if m.base < 0 {
		return Merger{Base: -1}
	}
	m.survey()
	m.begin()
	for i, r := range records {
		if i != m.base && IsSPF(r.Text()) {
			m.join(i, r)
		}
	}
	return m.merger()
}

// moreSenders reports whether a is rather the base of a merged record than b.
func moreSenders(a, b Record) bool {
	if x, y := senders(a), senders(b); x != y {
		return x > y
	}
	return a.text < b.text
}

func senders(r Record) int {
	n := 0
	for _, t := range r.live() {
		if passes(t) {
			n++
		}
	}
	if r.liveRedirect() >= 0 {
		n++
	}
	return n
}

// validAll returns the index of the all that ends an evaluation, or -1.
func (r Record) validAll() int {
	return slices.IndexFunc(r.Terms, func(t Term) bool { return t.Kind == KindAll && t.Valid })
}

// live returns the terms before that all.
func (r Record) live() []Term {
	if i := r.validAll(); i >= 0 {
		return r.Terms[:i]
	}
	return r.Terms
}

// liveRedirect returns the index of the redirect that an evaluation follows, or
// -1.
func (r Record) liveRedirect() int {
	i := r.Redirect()
	if i < 0 || !r.Terms[i].Valid || r.validAll() >= 0 {
		return -1
	}
	return i
}

// modifies reports whether t is a modifier.
func modifies(t Term) bool { return !t.Kind.Mechanism() && t.Kind != KindBroken }

// passes reports whether t is a mechanism other than all that lets addresses
// pass.
func passes(t Term) bool {
	return t.Kind.Mechanism() && t.Kind != KindAll && t.Valid && t.Qualifier == QualifierPass
}

// keepsOut reports whether t, broken or not, stands in the way of terms behind
// it.
func keepsOut(t Term) bool {
	return !modifies(t) && t.Kind != KindAll && t.Qualifier != QualifierPass
}

// mixed reports whether the record keeps addresses out that later terms pass.
func mixed(r Record) bool {
	terms := r.live()
	first := slices.IndexFunc(terms, keepsOut)
	return first >= 0 && (r.liveRedirect() >= 0 || slices.ContainsFunc(terms[first:], passes))
}

// item is a term of the merged record.
type item struct {
	term  Term
	from  int
	place int    // its index in the base, or -1
	text  string // in canonical form
	match string // equal for mechanisms that match the same, whatever they make of it
}

func newItem(t Term, from, place int) item {
	it := item{t, from, place, t.String(), t.String()}
	if !t.Valid {
		it.match = " " + t.Text // equal to itself only
	} else if !modifies(t) {
		t.Qualifier = QualifierPass
		it.match = t.String()
	}
	return it
}

type merging struct {
	records []Record
	base    int
	keeper  int // the record whose order of terms that pass and that keep out stays
	all     Term
	allFrom int  // whose all it is, -1 if there is none
	include bool // redirects become includes
	items   []item
	out     Merger
}

// survey decides what the records as a whole decide.
func (m *merging) survey() {
	m.keeper, m.allFrom = m.base, -1
	alls, without, broken := false, false, false
	var redirects, restrained []int
	for i, r := range m.records {
		if !IsSPF(r.Text()) {
			continue
		}
		alls = alls || r.All() >= 0
		if j := r.validAll(); j < 0 {
			without = true
		} else if r.Terms[j].Qualifier == QualifierPass {
			m.out.PassAll = append(m.out.PassAll, i)
		} else if m.allFrom < 0 || softer(r.Terms[j].Qualifier, m.all.Qualifier) {
			m.all, m.allFrom = r.Terms[j], i
		}
		if r.liveRedirect() >= 0 {
			redirects = append(redirects, i)
		} else if r.Redirect() >= 0 {
			broken = true
		}
		if slices.ContainsFunc(r.live(), keepsOut) {
			restrained = append(restrained, i)
		}
		if mixed(r) && !mixed(m.records[m.keeper]) {
			m.keeper = i
		}
	}
	if n := len(m.out.PassAll); n > 0 && m.allFrom < 0 {
		m.allFrom = m.out.PassAll[0]
		r := m.records[m.allFrom]
		m.all = r.Terms[r.validAll()]
		if without {
			// The default of RFC 7208 §4.7, written out so that what stands behind
			// stays without effect.
			m.all = Parse("v=spf1 ?all").Terms[0]
		}
	}
	m.include = alls || broken || m.differ(redirects) || len(restrained) > 0 && !(len(redirects) == 1 && slices.Equal(redirects, restrained))
}

// softer reports whether a says less against an address than b.
func softer(a, b Qualifier) bool {
	order := []Qualifier{QualifierNeutral, QualifierSoftFail, QualifierFail}
	return slices.Index(order, a) < slices.Index(order, b)
}

// differ reports whether the redirects of the records lead to different names.
func (m *merging) differ(redirects []int) bool {
	text := func(i int) string { r := m.records[i]; return r.Terms[r.liveRedirect()].String() }
	return slices.ContainsFunc(redirects, func(i int) bool { return text(i) != text(redirects[0]) })
}

// passesAll reports whether the merged record ends in +all.
func (m *merging) passesAll() bool { return m.allFrom >= 0 && m.all.Qualifier == QualifierPass }

// begin takes over the base.
func (m *merging) begin() {
	r := m.records[m.base]
	redirect := r.liveRedirect()
	for i, t := range r.Terms {
		switch {
		case t.Kind == KindRedirect && redirect >= 0 && m.include:
			if i != redirect {
				m.drop(m.base, t, "it was the second redirect")
			}
		case keepsOut(t) && m.passesAll() && i < r.validAll():
			m.overruled(m.base, t)
		default:
			m.items = append(m.items, newItem(t, m.base, i))
		}
	}
	if redirect >= 0 && m.include {
		m.inOrder(m.afterMechanisms(), m.base, m.included(m.base, r.Terms[redirect]))
	}
	m.end()
}

// included makes an include of a redirect.
func (m *merging) included(from int, redirect Term) Term {
	m.drop(from, redirect, "an include of the same name stands for it: a redirect would have no effect, or not that which it had")
	return Parse(versionTag + " include:" + redirect.Domain).Terms[0]
}

func (m *merging) drop(from int, t Term, why string) {
	m.out.Dropped = append(m.out.Dropped, Dropped{from, t, why})
}

// overruled drops a term that keeps out what the +all of another record passes.
func (m *merging) overruled(from int, t Term) {
	m.drop(from, t, "the other records end in +all")
	m.out.Widened = append(m.out.Widened, m.out.Dropped[len(m.out.Dropped)-1])
}

func (m *merging) put(at int, t Term, from int) {
	m.items = slices.Insert(m.items, at, newItem(t, from, -1))
}

// end gives the base the all of the merged record.
func (m *merging) end() {
	if m.allFrom < 0 {
		return
	}
	i := slices.IndexFunc(m.items, func(it item) bool { return it.term.Kind == KindAll && it.term.Valid })
	switch {
	case i < 0:
		m.put(m.afterMechanisms(), m.all, m.allFrom)
	case m.items[i].term.Qualifier != m.all.Qualifier:
		m.drop(m.base, m.items[i].term, m.all.Text+" is softer, or does not pass everybody")
		m.items[i] = newItem(m.all, m.allFrom, -1)
	}
}

// join puts in the terms of another record, in the order in which it evaluates
// them.
func (m *merging) join(from int, r Record) {
	block := -1 // where terms go whose order matters
	terms := r.live()
	for i, t := range terms {
		if block < 0 && from == m.keeper && keepsOut(t) {
			block = m.barrier()
		}
		switch {
		case modifies(t):
		case t.Kind == KindAll: // with a syntax error
			m.inOrder(m.afterMechanisms(), from, t)
		case block >= 0:
			block = m.inOrder(block, from, t)
		case keepsOut(t):
			m.restrain(from, t)
			if r.liveRedirect() >= 0 || slices.ContainsFunc(terms[i:], passes) {
				m.out.Widened = append(m.out.Widened, Dropped{from, t, "what stood behind it had to come before terms of another record"})
			}
		default:
			m.pass(from, t)
		}
	}
	if i := r.liveRedirect(); i >= 0 && m.include {
		if t := m.included(from, r.Terms[i]); block >= 0 {
			m.inOrder(block, from, t)
		} else {
			m.pass(from, t)
		}
	}
	m.ending(from, r)
}

// ending puts in what no evaluation orders: modifiers, and an all with a syntax
// error; terms behind all are left out.
func (m *merging) ending(from int, r Record) {
	end := r.validAll()
	for i, t := range r.Terms {
		switch {
		case t.Kind == KindUnknownModifier, t.Kind == KindExp:
			m.modifier(from, t)
		case t.Kind == KindRedirect:
			m.redirect(from, r, i)
		case i == end:
			if !m.holds(t) {
				m.drop(from, t, "one all is enough, and "+m.all.Text+" is softer, or does not pass everybody")
			}
		case end >= 0 && i > end && !m.holds(t):
			m.drop(from, t, "it stands behind all and had no effect")
		}
	}
}

// holds reports whether an equal term is in the merged record.
func (m *merging) holds(t Term) bool {
	text := t.String()
	return slices.ContainsFunc(m.items, func(it item) bool { return it.text == text })
}

func (m *merging) modifier(from int, t Term) {
	second := t.Kind == KindExp && slices.ContainsFunc(m.items, func(it item) bool { return it.term.Kind == KindExp })
	switch {
	case m.holds(t):
	case second:
		m.drop(from, t, "one exp is allowed")
	default:
		m.put(len(m.items), t, from)
	}
}

func (m *merging) redirect(from int, r Record, i int) {
	t, live := r.Terms[i], i == r.liveRedirect()
	second := slices.ContainsFunc(m.items, func(it item) bool { return it.term.Kind == KindRedirect })
	switch {
	case m.holds(t), live && m.include:
	case !live && r.liveRedirect() >= 0:
		m.drop(from, t, "it was the second redirect")
	case r.validAll() >= 0:
		m.drop(from, t, "it stands beside all and had no effect")
	case second:
		m.drop(from, t, "one redirect is allowed")
	default:
		m.put(m.afterMechanisms(), t, from)
	}
}

// afterMechanisms returns the index behind the last term that is no modifier.
func (m *merging) afterMechanisms() int {
	for i, it := range slices.Backward(m.items) {
		if !modifies(it.term) {
			return i + 1
		}
	}
	return 0
}

// barrier returns the index before which a term passes whatever it matches.
func (m *merging) barrier() int {
	i := slices.IndexFunc(m.items, func(it item) bool { return keepsOut(it.term) || it.term.Kind == KindAll })
	if i < 0 {
		return m.afterMechanisms()
	}
	return i
}

// find returns the index of an item that matches the same as t, or -1.
func (m *merging) find(t Term) int {
	match := newItem(t, 0, 0).match
	return slices.IndexFunc(m.items, func(it item) bool { return it.match == match })
}

// pass puts in a term that lets pass all that it matches.
func (m *merging) pass(from int, t Term) {
	at := m.barrier()
	if i := m.find(t); i >= 0 && i < at {
		return
	}
	if t.address() {
		at = m.placeForAddress()
	}
	m.supersede(t)
	m.put(at, t, from)
}

// supersede takes out later terms that match nothing any more once t is there.
func (m *merging) supersede(t Term) {
	by := newItem(t, 0, 0)
	m.items = slices.DeleteFunc(m.items, func(it item) bool {
		gone := it.match == by.match
		if gone && it.text != by.text {
			m.drop(it.from, it.term, t.Text+" decides before it")
		}
		return gone
	})
}

// restrain puts in a term that keeps out what no other term passes.
func (m *merging) restrain(from int, t Term) {
	at := slices.IndexFunc(m.items, func(it item) bool { return it.term.Kind == KindAll })
	if at < 0 {
		at = m.afterMechanisms()
	}
	m.inOrder(at, from, t)
}

// inOrder puts a term in at a place and returns the place behind it.
func (m *merging) inOrder(at, from int, t Term) int {
	if keepsOut(t) && m.passesAll() {
		m.overruled(from, t)
		return at
	}
	if i := m.find(t); i >= 0 && i < at {
		if m.items[i].text != t.String() {
			m.drop(from, t, m.items[i].term.Text+" decides before it")
		}
		return at
	}
	m.supersede(t)
	m.put(at, t, from)
	return at + 1
}

// placeForAddress is [Record.PlaceForAddress] of the merged record.
func (m *merging) placeForAddress() int {
	return placeForAddress(len(m.items), func(i int) Term { return m.items[i].term })
}

// merger writes the items into the text of the base.
func (m *merging) merger() Merger {
	base := m.records[m.base]
	e := edits{insert: make(map[int][]string), drop: make(map[int]bool)}
	for i := range base.Terms {
		e.drop[i] = true
	}
	next := 0
	for _, it := range m.items {
		m.out.From = append(m.out.From, it.from)
		if it.place >= 0 {
			delete(e.drop, it.place)
			next = it.place + 1
		} else {
			e.insert[next] = append(e.insert[next], it.term.Text)
		}
	}
	m.out.Base, m.out.Record = m.base, base.edit(e)
	slices.SortStableFunc(m.out.Dropped, func(a, b Dropped) int {
		return cmp.Or(a.From-b.From, a.Term.Span.Start-b.Term.Span.Start)
	})
	return m.out
}
