package cli

import (
	"context"
	"strconv"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/fetch"
	"sendplan/internal/survey"
)

// session is an open network: one cache for the whole run.
type session struct {
	resolver   dns.Resolver
	uncached   dns.Resolver // of the network; nil while replaying
	cache      *dns.Cache   // over uncached; nil while replaying
	deadline   time.Duration
	maxQueries int
	date       time.Time
	recorder   *dns.Recorder
	recordTo   string
	public     bool                         // a resolver was named for the public view
	places     dns.Places                   // where authoritative servers are reached
	unasked    ledger                       // while recording: what the budgets did not allow
	withheld   map[dns.Name]map[string]bool // while replaying: the same, from the recording
	close      func() error
}

const dateForm = "2006-01-02"

// open checks the options and returns the session, which the caller finishes.
func (n *network) open() (*session, error) {
	s := &session{deadline: n.deadline, maxQueries: n.maxQueries, recordTo: n.record, close: func() error { return nil }}
	if err := n.check(); err != nil {
		return nil, err
	}
	if n.record != "" { // a long run shall not end in this
		if _, err := writable(n.record); err != nil {
			return nil, cannotRecord(err)
		}
	}
	if n.replay != "" {
		return s, s.openReplay(n.replay)
	}
	if err := s.setDate(n.date); err != nil {
		return nil, err
	}
	reached, err := n.reach(s)
	if err != nil {
		return nil, err
	}
	s.uncached = fetch.New(reached, fetch.Options{Offline: n.demo})
	s.cache = dns.NewCache(s.uncached)
	s.resolver = s.cache
	if n.record != "" {
		s.recorder = dns.NewRecorder(s.resolver)
		s.resolver = s.recorder
	}
	return s, nil
}

func (s *session) setDate(text string) error {
	if text == "" {
		s.date = time.Now()
		return nil
	}
	date, err := time.Parse(dateForm, text)
	if err != nil {
		return usageError("write it as 2026-12-31", "--date %q is not a date", text)
	}
	s.date = date
	return nil
}

// gatherFor is gather for one of several domains. Their budgets are kept apart
// in a recording.
func (s *session) gatherFor(ctx context.Context, name dns.Name, progress func(survey.Progress), judge func(dns.Resolver)) *survey.Survey {
	one := session{resolver: s.resolver, deadline: s.deadline, maxQueries: s.maxQueries}
	if replay, ok := s.resolver.(spent); ok {
		one.resolver = withheld{replay, s.withheld[name], replay.budget}
	}
	gathered := one.gather(ctx, progress, judge)
	if s.recorder != nil {
		s.unasked.note(name, gathered.Unasked())
	}
	return gathered
}

// lookAt surveys what a check of a domain needs.
func (s *session) lookAt(ctx context.Context, name dns.Name, opts check.Options, progress func(survey.Progress)) *survey.Survey {
	return s.gatherFor(ctx, name, progress, func(r dns.Resolver) { check.Look(r, name, opts) })
}

// gather surveys what judge needs, within the deadline and the budget.
func (s *session) gather(ctx context.Context, progress func(survey.Progress), judge func(dns.Resolver)) *survey.Survey {
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	return survey.Gather(ctx, s.resolver, survey.Options{MaxQueries: s.maxQueries, Progress: progress}, judge)
}

// gatherOne is gather for a command about one thing. Its error says that the
// user interrupted it: then there is nothing to print.
func (s *session) gatherOne(ctx context.Context, judge func(dns.Resolver)) (*survey.Survey, error) {
	return s.gather(ctx, nil, judge), ctx.Err()
}

// finish closes the network, writes the recording, if one is wanted, and returns
// how the command ended: with err, unless the recording could not be written.
// An interrupted run leaves no recording.
func (s *session) finish(ctx context.Context, err error) error {
	closed := s.close()
	if err == nil {
		err = closed
	}
	if s.recorder == nil || ctx.Err() != nil {
		return err
	}
	recording := s.recorder.Replay()
	recording.Date = s.date.Format(dateForm)
	recording.Meta = map[string]string{metaMaxQueries: strconv.Itoa(s.maxQueries)}
	s.keepView(recording.Meta)
	if unasked, failed := s.unasked.text(); failed != nil {
		return failed
	} else if unasked != "" {
		recording.Meta[metaUnasked] = unasked
	}
	if failed := writeFile(s.recordTo, recording); failed != nil {
		return cannotRecord(failed)
	}
	return err
}

func cannotRecord(err error) error {
	return usageError("name a file that can be written", "--record: %v", err)
}
