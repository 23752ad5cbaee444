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

	"sendplan/internal/dns"
)

// Survey answers from what was asked before. Its zero value holds nothing. It
// is not safe for use by several goroutines at once.
type Survey struct {
	results map[dns.Key]result
	lacking map[dns.Key]bool // asked for, but not held, since the last call of need
	order   []dns.Key        // of lacking
}

type result struct {
	answer dns.Answer
	err    *dns.Error
}

// Lookup returns what was answered, or the failure that was met. A question
// that was never asked is a [dns.Error] with cause NotAsked.
func (s *Survey) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	key := dns.Key{Name: name, Type: t}
	r, ok := s.results[key]
	switch {
	case !ok:
		s.note(key)
		return dns.Answer{}, &dns.Error{Key: key, Cause: dns.NotAsked}
	case r.err != nil:
		return dns.Answer{}, r.err
	}
	return r.answer, nil
}

func (s *Survey) note(key dns.Key) {
	if s.lacking == nil {
		s.lacking = make(map[dns.Key]bool)
	}
	if !s.lacking[key] {
		s.lacking[key] = true
		s.order = append(s.order, key)
	}
}

// Lacking returns the questions that were read since the survey was gathered
// but are not held, in the order of reading.
func (s *Survey) Lacking() []dns.Key { return slices.Clone(s.order) }

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
