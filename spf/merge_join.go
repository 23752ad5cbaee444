package spf

import "slices"

// begin takes over the base.
func (m *merging) begin() {
	r := m.records[m.out.Base]
	redirect := r.liveRedirect()
	for i, t := range r.Terms {
		switch {
		case t.Kind == KindRedirect && redirect >= 0 && m.include:
			if i != redirect {
				m.drop(m.out.Base, t, "it was the second redirect")
			}
		case keepsOut(t) && m.overrules() && i < r.validAll():
			m.overruled(m.out.Base, t)
		default:
			m.add(len(m.items), newItem(t, m.out.Base, i))
		}
	}
	if redirect >= 0 && m.include {
		m.inOrder(m.afterMechanisms(), m.out.Base, m.included(m.out.Base, r.Terms[redirect]))
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

func (m *merging) put(at int, t Term, from int) { m.add(at, newItem(t, from, -1)) }

func (m *merging) add(at int, it *item) {
	m.items = slices.Insert(m.items, at, it)
	m.matches[it.match]++
}

// end gives the base the all of the merged record.
func (m *merging) end() {
	if m.allFrom < 0 {
		return
	}
	switch i := m.validAll(); {
	case i < 0:
		m.put(m.afterMechanisms(), m.all, m.allFrom)
	case m.items[i].term.Qualifier != m.all.Qualifier:
		m.drop(m.out.Base, m.items[i].term, m.all.Text+" is softer, or does not pass everybody")
		m.items[i] = newItem(m.all, m.allFrom, -1)
	}
}

// join puts in the terms of another record, in the order in which it evaluates
// them.
func (m *merging) join(from int, r Record) {
	block := -1 // where terms go whose order matters
	terms := m.acting(from, r)
	lastPass := 0
	for i := range terms {
		if passes(terms[i]) {
			lastPass = i
		}
	}
	for i, t := range terms {
		switch {
		case t.Kind == KindAll: // with a syntax error
			m.inOrder(m.afterMechanisms(), from, t)
		case block >= 0:
			block = m.inOrder(block, from, t)
		case keepsOut(t) && from == m.keeper:
			block = m.inOrder(m.barrier(), from, t)
		case keepsOut(t):
			m.restrain(from, t)
			if i < lastPass {
				m.out.Widened = append(m.out.Widened, Dropped{from, t, "what stood behind it had to come before terms of another record"})
			}
		default:
			m.pass(from, t)
		}
	}
	m.ending(from, r)
}

// acting returns the terms before all that are no modifiers, each that matches
// something else once, and behind them what becomes of a redirect.
func (m *merging) acting(from int, r Record) []Term {
	var terms []Term
	seen := make(map[string]Term)
	for _, t := range r.live() {
		match := matchOf(t)
		switch earlier, twice := seen[match]; {
		case modifies(t):
		case !twice:
			seen[match] = t
			terms = append(terms, t)
		case earlier.String() != t.String():
			m.drop(from, t, earlier.Text+" decides before it")
		}
	}
	if i := r.liveRedirect(); i >= 0 && m.include {
		include := m.included(from, r.Terms[i])
		if _, twice := seen[matchOf(include)]; !twice {
			terms = append(terms, include)
		}
	}
	return terms
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
			if !m.holds(from, t) {
				m.drop(from, t, "one all is enough, and "+m.all.Text+" is softer, or does not pass everybody")
			}
		case end >= 0 && i > end && !m.holds(from, t):
			m.drop(from, t, "it stands behind all and had no effect")
		}
	}
}

// holds lets an equal term of the merged record stand for t, and reports whether
// there is one.
func (m *merging) holds(from int, t Term) bool {
	text := t.String()
	i := slices.IndexFunc(m.items, func(it *item) bool { return it.text == text })
	if i >= 0 {
		m.items[i].from = append(m.items[i].from, Dropped{From: from, Term: t})
	}
	return i >= 0
}

func (m *merging) modifier(from int, t Term) {
	second := t.Kind == KindExp && slices.ContainsFunc(m.items, func(it *item) bool { return it.term.Kind == KindExp })
	switch {
	case m.holds(from, t):
	case second:
		m.drop(from, t, "one exp is allowed")
	default:
		m.put(len(m.items), t, from)
	}
}

func (m *merging) redirect(from int, r Record, i int) {
	t, live := r.Terms[i], i == r.liveRedirect()
	second := slices.ContainsFunc(m.items, func(it *item) bool { return it.term.Kind == KindRedirect })
	switch {
	case m.holds(from, t), live && m.include:
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

// validAll is [Record.validAll] of the merged record.
func (m *merging) validAll() int {
	return slices.IndexFunc(m.items, func(it *item) bool { return it.term.Kind == KindAll && it.term.Valid })
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
	i := slices.IndexFunc(m.items, func(it *item) bool { return it.stops })
	if i < 0 {
		return m.afterMechanisms()
	}
	return i
}

// find returns the index of an item that matches the same as t, or -1.
func (m *merging) find(t Term) int {
	match := matchOf(t)
	if m.matches[match] == 0 {
		return -1
	}
	return slices.IndexFunc(m.items, func(it *item) bool { return it.match == match })
}

// pass puts in a term that lets pass all that it matches.
func (m *merging) pass(from int, t Term) {
	at := m.barrier()
	if i := m.find(t); i >= 0 && i < at {
		m.covered(m.items[i], from, t)
		return
	}
	if t.address() {
		at = m.placeForAddress()
	}
	m.supersede(at, t, from)
}

// supersede puts a term in at a place and takes out those behind it that match
// nothing any more.
func (m *merging) supersede(at int, t Term, from int) {
	by := newItem(t, from, -1)
	if m.matches[by.match] > 0 {
		m.items = slices.DeleteFunc(m.items, func(it *item) bool { return it.match == by.match && m.gone(it, by) })
	}
	m.add(at, by)
}

// gone notes that an item is taken out because of another.
func (m *merging) gone(it, by *item) bool {
	m.matches[it.match]--
	if it.text == by.text {
		by.from = append(by.from, it.from...)
		return true
	}
	for _, d := range it.from {
		m.drop(d.From, d.Term, by.term.Text+" decides before it")
	}
	return true
}

// covered notes that an item comes before t, which would match the same.
func (m *merging) covered(it *item, from int, t Term) {
	if it.text == t.String() {
		it.from = append(it.from, Dropped{From: from, Term: t})
	} else {
		m.drop(from, t, it.term.Text+" decides before it")
	}
}

// restrain puts in a term that keeps out what no other term passes.
func (m *merging) restrain(from int, t Term) {
	at := m.validAll()
	if at < 0 {
		at = m.afterMechanisms()
	}
	m.inOrder(at, from, t)
}

// inOrder puts a term in at a place and returns the place behind it.
func (m *merging) inOrder(at, from int, t Term) int {
	if keepsOut(t) && m.overrules() {
		m.overruled(from, t)
		return at
	}
	if i := m.find(t); i >= 0 && i < at {
		m.covered(m.items[i], from, t)
		return at
	}
	m.supersede(at, t, from)
	return at + 1
}

// placeForAddress is [Record.PlaceForAddress] of the merged record.
func (m *merging) placeForAddress() int {
	return placeForAddress(len(m.items), func(i int) Term { return m.items[i].term })
}
