package dmarc

import (
	"slices"

	"sendplan/internal/dns"
)

// outcome is what a walk leads to.
type outcome struct {
	org  dns.Name
	rule Rule
	at   int // index of the step whose record is the policy record, -1 for none
}

// trail is what a walk has passed so far.
type trail struct {
	author bool // the author domain has a record
	prev   bool // the step before has one
	top    int  // index of the last step that has one: so far the fewest labels; -1 for none
}

// holds is what a step may turn out to hold: nothing, or a record with that psd.
type holds struct {
	record bool
	psd    PSD
}

// anything is what a question that could not be answered may hide.
var anything = [...]holds{{}, {true, PSDUnset}, {true, PSDYes}, {true, PSDNo}}

// outcomes returns every outcome that a walk may have. Without failures that is
// one. A failed step may hide no record or one with any psd; what all of these
// lead to is certain in spite of the failure, and nothing else is.
//
// Of the four possibilities two end the walk, so that eight failed steps give
// at most 2*2^8 ends.
func outcomes(author dns.Name, steps []Step) []outcome {
	w := weigher{author: author, steps: steps}
	w.from(0, trail{top: -1})
	return w.found
}

type weigher struct {
	author dns.Name
	steps  []Step
	found  []outcome
}

// from follows the walk from step i on.
func (w *weigher) from(i int, t trail) {
	if i == len(w.steps) {
		w.add(t.end(w))
		return
	}
	s := w.steps[i]
	if s.Err == nil {
		w.take(i, t, holds{s.Kept, s.Record.PSD})
		return
	}
	for _, h := range anything {
		w.take(i, t, h)
	}
}

// take goes on under the condition that step i holds h. RFC 9989 §4.10.2: the
// rules for the organizational domain; §4.10.1: the author domain's record goes
// before that of the organizational domain, and that before the public
// suffix's. §4.10.1 words the search above the author domain as a second walk,
// from its parent; psd=y at that parent still makes it a public suffix, and not
// an organization, so there is but one walk here and its start is the author
// domain.
func (w *weigher) take(i int, t trail, h holds) {
	at := i
	if i > 0 && t.author {
		at = 0
	}
	switch {
	case !h.record:
		t.prev = false
		w.from(i+1, t)
	case h.psd == PSDNo: // rule 1
		w.add(outcome{w.steps[i].Domain, RulePSDNo, at})
	case h.psd == PSDYes && i > 0: // rule 2
		org := below(w.author, w.steps[i].Domain)
		if !t.author && t.prev && w.steps[i-1].Domain == org {
			at = i - 1
		}
		w.add(outcome{org, RuleBelowPSD, at})
	case h.psd == PSDYes: // the walk ends, but rule 2 is not for its start
		w.add(outcome{w.author, RuleFewestLabels, 0})
	default:
		t.author, t.prev, t.top = t.author || i == 0, true, i
		w.from(i+1, t)
	}
}

// end is the outcome of a walk that no psd ended.
func (t trail) end(w *weigher) outcome {
	switch {
	case t.top < 0: // rule 4
		return outcome{w.author, RuleStart, -1}
	case t.author:
		return outcome{w.steps[t.top].Domain, RuleFewestLabels, 0}
	}
	return outcome{w.steps[t.top].Domain, RuleFewestLabels, t.top} // rule 3
}

func (w *weigher) add(o outcome) {
	if !slices.Contains(w.found, o) {
		w.found = append(w.found, o)
	}
}

// below returns the ancestor of name, or name itself, that is one label below
// the ancestor above. It is counted from the name where the walk started, so
// behind the shortcut it may be a name that was never asked for.
func below(name, above dns.Name) dns.Name {
	for name.Parent() != above && name != dns.Root {
		name = name.Parent()
	}
	return name
}

// certain returns what f makes of all outcomes, if that is the same.
func certain[T comparable](all []outcome, f func(outcome) T) (v T, ok bool) {
	v = f(all[0])
	for _, o := range all[1:] {
		if f(o) != v {
			var none T
			return none, false
		}
	}
	return v, true
}

// firstFailure returns why a step of a walk could not be answered.
func firstFailure(steps []Step) *dns.Error {
	for _, s := range steps {
		if s.Err != nil {
			return s.Err
		}
	}
	return nil
}
