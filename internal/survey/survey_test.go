package survey

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sendplan/internal/dns"
)

// slow answers every question with one A record after a delay; names under
// "fail." fail. It counts how often each question came.
type slow struct {
	delay time.Duration
	mu    sync.Mutex
	asked map[dns.Key]int
	peak  int
	open  int
}

func (r *slow) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	key := dns.Key{Name: name, Type: t}
	r.mu.Lock()
	if r.asked == nil {
		r.asked = make(map[dns.Key]int)
	}
	r.asked[key]++
	r.open++
	r.peak = max(r.peak, r.open)
	r.mu.Unlock()
	defer func() { r.mu.Lock(); r.open--; r.mu.Unlock() }()
	select {
	case <-time.After(r.delay):
	case <-ctx.Done():
		return dns.Answer{}, &dns.Error{Key: key, Cause: dns.Timeout, Server: "slow"}
	}
	if name.Below("fail") {
		return dns.Answer{}, &dns.Error{Key: key, Cause: dns.ServFail, Server: "slow"}
	}
	return dns.Answer{Exists: true, Server: "slow", Records: []dns.Record{{Name: name, Data: dns.Addr{IP: netip.MustParseAddr("192.0.2.1")}}}}, nil
}

// ask reads names one after the other and stops at the first that is not there,
// as an evaluation does whose questions need each other.
func ask(r dns.Resolver, names ...dns.Name) {
	for _, n := range names {
		if _, err := r.Lookup(context.Background(), n, dns.TypeA); err != nil {
			return
		}
	}
}

func TestTimeIsTheLongestChain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &slow{delay: 30 * time.Millisecond}
		start := time.Now()
		s := Gather(context.Background(), r, Options{}, func(r dns.Resolver) {
			ask(r, "a1", "a2", "a3")
			ask(r, "b1", "b2")
			for i := range 20 {
				ask(r, dns.Name(fmt.Sprintf("c%d", i)))
			}
			ask(r, "a1", "b1", "c1") // nothing new
		})
		if got := time.Since(start); got != 90*time.Millisecond {
			t.Errorf("took %v, the longest chain is three answers of 30ms", got)
		}
		if s.Queries() != 25 {
			t.Errorf("%d questions, want 25", s.Queries())
		}
		for key, n := range r.asked {
			if n != 1 {
				t.Errorf("%v was asked %d times", key, n)
			}
		}
	})
}

// A chain that is far ahead must not wait for a slow branch.
func TestBranchesDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := delays{"slow": 100 * time.Millisecond, "q1": 40 * time.Millisecond, "q2": 40 * time.Millisecond}
		start := time.Now()
		Gather(context.Background(), r, Options{}, func(r dns.Resolver) {
			ask(r, "slow")
			ask(r, "q1", "q2")
		})
		if got := time.Since(start); got != 100*time.Millisecond {
			t.Errorf("took %v, want that of the slow branch", got)
		}
	})
}

type delays map[dns.Name]time.Duration

func (d delays) Lookup(_ context.Context, name dns.Name, _ dns.Type) (dns.Answer, error) {
	time.Sleep(d[name])
	return dns.Answer{Exists: true}, nil
}

func TestFailuresAreKept(t *testing.T) {
	t.Parallel()
	s := Gather(context.Background(), &slow{}, Options{}, func(r dns.Resolver) { ask(r, "x.fail"); ask(r, "fine") })
	_, err := s.Lookup(context.Background(), "x.fail", dns.TypeA)
	if e := dns.AsError(err); e == nil || e.Cause != dns.ServFail {
		t.Errorf("a failure became %v", err)
	}
	_, err = s.Lookup(context.Background(), "never", dns.TypeA)
	if e := dns.AsError(err); e == nil || e.Cause != dns.NotAsked {
		t.Errorf("a question that was not asked became %v", err)
	}
	if got := s.Lacking(); !slices.Equal(got, []dns.Question{{Key: dns.Key{Name: "never", Type: dns.TypeA}}}) {
		t.Errorf("lacking %v", got)
	}
	if got := s.Servers(); !slices.Equal(got, []string{"slow"}) {
		t.Errorf("servers %v", got)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	r := &slow{}
	endless := func(r dns.Resolver) {
		for i := 0; ; i++ { // each answer leads to another question
			_, err := r.Lookup(context.Background(), dns.Name(fmt.Sprintf("n%d", i)), dns.TypeA)
			if err != nil {
				return
			}
		}
	}
	s := Gather(context.Background(), r, Options{MaxQueries: 7}, endless)
	if len(r.asked) != 7 || s.Queries() != 7 {
		t.Errorf("asked %d, counted %d, want 7", len(r.asked), s.Queries())
	}
	_, err := s.Lookup(context.Background(), "n7", dns.TypeA)
	if e := dns.AsError(err); e == nil || e.Cause != dns.Budget {
		t.Errorf("over budget became %v", err)
	}
}

func TestDeadlineEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		s := Gather(ctx, &slow{delay: time.Hour}, Options{}, func(r dns.Resolver) { ask(r, "a", "b"); ask(r, "c") })
		if got := time.Since(start); got != time.Second {
			t.Errorf("took %v, want the deadline", got)
		}
		_, err := s.Lookup(context.Background(), "a", dns.TypeA)
		if e := dns.AsError(err); e == nil || e.Cause != dns.Timeout {
			t.Errorf("got %v", err)
		}
	})
}

func TestInFlightIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &slow{delay: time.Millisecond}
		Gather(context.Background(), r, Options{MaxQueries: 1000}, func(r dns.Resolver) {
			for i := range 500 {
				ask(r, dns.Name(fmt.Sprintf("n%d", i)))
			}
		})
		if r.peak > maxInFlight {
			t.Errorf("%d questions were out at once", r.peak)
		}
	})
}

type broken struct{}

func (broken) Lookup(context.Context, dns.Name, dns.Type) (dns.Answer, error) {
	return dns.Answer{}, errors.New("no dns.Error")
}

func TestForeignErrorIsAFailure(t *testing.T) {
	t.Parallel()
	s := Gather(context.Background(), broken{}, Options{}, func(r dns.Resolver) { ask(r, "a") })
	if _, err := s.Lookup(context.Background(), "a", dns.TypeA); dns.AsError(err) == nil {
		t.Errorf("got %v", err)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var last Progress
	Gather(context.Background(), &slow{}, Options{Progress: func(p Progress) { last = p }}, func(r dns.Resolver) { ask(r, "a", "b") })
	if last != (Progress{Asked: 2, Answered: 2, Last: dns.Key{Name: "b", Type: dns.TypeA}}) {
		t.Errorf("got %+v", last)
	}
	Gather(context.Background(), broken{}, Options{Progress: func(p Progress) { last = p }}, func(r dns.Resolver) { ask(r, "a") })
	if last.Answered != 1 || last.Err == nil {
		t.Errorf("of a failure: %+v", last)
	}
}
