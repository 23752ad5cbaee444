package cli

import (
	"context"
	"fmt"
	"time"

	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/internal/term"
	"sendplan/planner"
)

// The pauses between two rounds of --wait: they grow, because a server that has
// not heard of a change in a minute will not in the next seconds.
const (
	shortestPause = 5 * time.Second
	longestPause  = time.Minute
)

// waiting asks again and again. What it knows of time is given to it.
type waiting struct {
	patience time.Duration
	elapsed  func() time.Duration                       // since it began
	sleep    func(context.Context, time.Duration) error // ends at once with the context, with its error
	said     func(string)                               // takes a line of progress
}

// until makes rounds until everything is live or the patience is over, and
// returns the last.
func (w waiting) until(ctx context.Context, round func() (render.Verified, error)) (render.Verified, error) {
	for pause := shortestPause; ; pause = min(pause*3/2, longestPause) {
		v, err := round()
		if err != nil {
			return v, err
		}
		left := w.patience - w.elapsed()
		line := fmt.Sprintf("after %s: %s", w.elapsed().Round(time.Second), term.Safe(v.Line()))
		if v.Live == method.True || left <= 0 {
			w.said(line)
			return v, nil
		}
		next := min(pauseFor(v.Standing, pause), left)
		w.said(line + ", asking again in " + next.Round(time.Second).String())
		if err := w.sleep(ctx, next); err != nil {
			return v, err
		}
	}
}

// pauseFor is the pause after a round: where only the resolver is behind,
// nothing changes before the first of what it holds runs out.
func pauseFor(s planner.Standing, pause time.Duration) time.Duration {
	for _, one := range s.Servers {
		if len(one.Lacks) > 0 || one.Err != nil && !one.Remark {
			return pause
		}
	}
	first := longestPause
	for _, one := range s.Resolver {
		if one.Err != nil {
			return pause
		}
		first = min(first, one.TTL)
	}
	if len(s.Resolver) == 0 {
		return pause
	}
	return max(first, shortestPause)
}

// sleep waits, or returns the error of a context that ends before.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
