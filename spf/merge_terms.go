package spf

import "slices"

// senders returns how many terms of the record name senders.
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
	// An all with a syntax error will keep out once that is corrected.
	first := slices.IndexFunc(terms, func(t Term) bool { return keepsOut(t) || t.Kind == KindAll })
	return first >= 0 && (r.liveRedirect() >= 0 || slices.ContainsFunc(terms[first:], passes))
}

// item is a term of the merged record.
type item struct {
	term  Term
	place int       // its index in the base, or -1
	from  []Dropped // the terms that it stands for, the first its own
	text  string    // in canonical form
	match string    // equal for mechanisms that match the same, whatever they make of it
	stops bool      // what comes behind it need not be reached
}

func newItem(t Term, from, place int) *item {
	it := &item{term: t, place: place, from: []Dropped{{From: from, Term: t}}, text: t.String(), match: matchOf(t)}
	it.stops = keepsOut(t) || t.Kind == KindAll
	return it
}

func matchOf(t Term) string {
	switch {
	case !t.Valid:
		return " " + t.Text // as no valid one
	case !modifies(t):
		t.Qualifier = QualifierPass
	}
	return t.String()
}
