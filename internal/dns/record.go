package dns

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
)

// Recorder keeps every answer and failure that passes through it, so that a run
// can be repeated from a file. It is safe for concurrent use.
//
// Of a question that is asked twice the later outcome is kept, as a [Cache]
// before the Recorder would give it. Not kept are failures that say nothing
// about the DNS: that the caller gave up, or that a recording lacked the
// question.
type Recorder struct {
	base Resolver

	mu       sync.Mutex
	outcomes map[Question]result
}

// result is what became of a question; failure is nil if it was answered.
type result struct {
	answer  Answer
	failure *Error
}

// NewRecorder returns an empty recorder over base.
func NewRecorder(base Resolver) *Recorder {
	return &Recorder{base: base, outcomes: map[Question]result{}}
}

// Lookup asks the resolver behind the recorder.
func (r *Recorder) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return r.Ask(ctx, Question{Given, Key{name, t}})
}

// Ask is Lookup for any source.
func (r *Recorder) Ask(ctx context.Context, q Question) (Answer, error) {
	a, err := relay(ctx, r.base, q)
	e := AsError(err)
	if e != nil && (e.Cause == Canceled || e.Cause == NotAsked) {
		return a, err
	}
	kept := result{answer: a.clone(), failure: e}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes[q] = kept
	return a, err
}

// Replay returns what was recorded so far, to be asked again or written.
func (r *Recorder) Replay() *Replay {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &Replay{outcomes: make(map[Question]result, len(r.outcomes))}
	for k, o := range r.outcomes {
		p.outcomes[k] = o
	}
	return p
}

// Replay answers from a recording. A question that the recording lacks fails
// with cause NotAsked. It does not change and is safe for concurrent use.
type Replay struct {
	// Date is the day of the recording, YYYY-MM-DD, "" if it was not set.
	Date string
	// Meta is whatever the command wants to keep beside the questions.
	Meta map[string]string

	outcomes map[Question]result
}

// Lookup answers from the recording.
func (p *Replay) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return p.Ask(ctx, Question{Given, Key{name, t}})
}

// Ask is Lookup for any source.
func (p *Replay) Ask(_ context.Context, q Question) (Answer, error) {
	o, ok := p.outcomes[q]
	switch {
	case !ok:
		return Answer{}, &Error{Key: q.Key, Cause: NotAsked}
	case o.failure != nil:
		e := *o.failure
		e.Key = q.Key
		return Answer{}, &e
	}
	return o.answer.clone(), nil
}

// Questions returns the questions of the recording, sorted by source, name and
// type.
func (p *Replay) Questions() []Question {
	return slices.SortedFunc(maps.Keys(p.outcomes), func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), compareKeys(a.Key, b.Key))
	})
}

// clone copies what the answer's slices and pointer lead to.
func (a Answer) clone() Answer {
	a.Chain, a.Records, a.Referral = slices.Clone(a.Chain), slices.Clone(a.Records), slices.Clone(a.Referral)
	if a.Negative != nil {
		soa := *a.Negative
		a.Negative = &soa
	}
	return a
}
