// Package survey holds everything that was asked of the DNS for one judgement:
// every answer and every failure.
//
// Judging is pure, so it cannot ask; it reads a [Survey], which is a resolver
// that says [dns.NotAsked] to what it lacks. [Gather] closes the circle: it
// judges, asks what was lacking, and judges again until nothing is.
package survey

import (
	"context"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Survey answers from what was asked before. Its zero value holds nothing. It
// is not safe for use by several goroutines at once.
type Survey struct {
	results map[dns.Question]result
	lacking map[dns.Question]bool // asked for, but not held
	order   []dns.Question        // of lacking
}

type result struct {
	answer dns.Answer
	err    *dns.Error
}

// Lookup returns what was answered, or the failure that was met. A question
// that was never asked is a [dns.Error] with cause NotAsked.
func (s *Survey) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return s.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

// Ask is Lookup for any source: a survey holds what each of them said.
func (s *Survey) Ask(_ context.Context, q dns.Question) (dns.Answer, error) {
	r, ok := s.results[q]
	switch {
	case !ok:
		s.note(q)
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.NotAsked}
	case r.err != nil:
		return dns.Answer{}, r.err
	}
	return r.answer, nil
}

func (s *Survey) note(q dns.Question) {
	if s.lacking == nil {
		s.lacking = make(map[dns.Question]bool)
	}
	if !s.lacking[q] {
		s.lacking[q] = true
		s.order = append(s.order, q)
	}
}

// Lacking returns the questions that were read since the survey was gathered
// but are not held, in the order of reading.
func (s *Survey) Lacking() []dns.Question { return slices.Clone(s.order) }

// Queries returns how many different questions were asked.
func (s *Survey) Queries() int {
	n := 0
	for _, r := range s.results {
		if r.err == nil || r.err.Cause != dns.Budget {
			n++
		}
	}
	return n
}

// Unasked returns the questions that the budget did not allow, sorted.
func (s *Survey) Unasked() []dns.Question {
	var unasked []dns.Question
	for q, r := range s.results {
		if r.err != nil && r.err.Cause == dns.Budget {
			unasked = append(unasked, q)
		}
	}
	slices.SortFunc(unasked, func(a, b dns.Question) int { return strings.Compare(a.String(), b.String()) })
	return unasked
}

// Servers returns the servers that answered or failed, sorted.
func (s *Survey) Servers() []string {
	var servers []string
	for _, r := range s.results {
		server := r.answer.Server
		if r.err != nil {
			server = r.err.Server
		}
		if server != "" {
			servers = append(servers, server)
		}
	}
	slices.Sort(servers)
	return slices.Compact(servers)
}
