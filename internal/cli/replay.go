package cli

import (
	"context"
	"math"
	"os"
	"strconv"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
)

// metaMaxQueries is where a recording keeps the budget that it was made with.
const metaMaxQueries = "max-queries"

func (s *session) openReplay(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return usageError("", "--replay: %v", err)
	}
	defer file.Close()
	replay, err := dns.ReadRecording(file)
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: %v", path, err)
	}
	s.date, err = time.Parse(dateForm, replay.Date)
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: the date %q cannot be read", path, replay.Date)
	}
	// What the recording lacks was not asked because the budget was spent; the
	// count itself must not end the replay earlier.
	budget, err := strconv.Atoi(replay.Meta[metaMaxQueries])
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: the budget %q cannot be read", path, replay.Meta[metaMaxQueries])
	}
	s.withheld, err = readUnasked(replay.Meta[metaUnasked])
	if err != nil {
		return usageError("name a file that --record wrote", "--replay %s: what was not asked cannot be read: %v", path, err)
	}
	if err := s.restoreView(replay.Meta); err != nil {
		return usageError("name a file that --record wrote", "--replay %s: %v", path, err)
	}
	s.resolver, s.maxQueries = spent{replay, budget}, math.MaxInt
	return nil
}

// spent answers from a recording; what is not in it had no budget left.
type spent struct {
	recording dns.Resolver
	budget    int
}

// Lookup returns the recorded answer.
func (r spent) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return r.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

// Ask is Lookup for any source.
func (r spent) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	answer, err := dns.At(r.recording, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
	if e := dns.AsError(err); e != nil && e.Cause == dns.NotAsked {
		return dns.Answer{}, survey.OverBudget(e.Key, r.budget)
	}
	return answer, err
}
