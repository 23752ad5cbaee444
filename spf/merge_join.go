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
			m.items = append(m.items, newItem(t, m.out.Base, i))
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
		m.drop(m.out.Base, m.items[i].term, m.all.Text+" is softer, or does not pass everybody")
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
	if keepsOut(t) && m.overrules() {
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
