package dns

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// resolverFunc is a resolver in a function.
type resolverFunc func(ctx context.Context, k Key) (Answer, error)

func (f resolverFunc) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return f(ctx, Key{name, t})
}

// slow answers after a time, if its context lasts that long, and counts.
func slow(d time.Duration, asked *atomic.Int32) resolverFunc {
	return func(ctx context.Context, k Key) (Answer, error) {
		asked.Add(1)
		select {
		case <-time.After(d):
			return Answer{Exists: true, Server: "slow"}, nil
		case <-ctx.Done():
			return Answer{}, ended(ctx, k)
		}
	}
}

var cacheKey = Key{"a.example", TypeTXT}

func askCached(ctx context.Context, r Resolver) (Answer, *Error) {
	a, err := r.Lookup(ctx, cacheKey.Name, cacheKey.Type)
	return a, AsError(err)
}

func TestCacheAsksOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		c := NewCache(slow(time.Second, &asked))
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if a, e := askCached(t.Context(), c); e != nil || a.Server != "slow" {
					t.Errorf("got %v, %v", a, e)
				}
			})
		}
		wg.Wait()
		askCached(t.Context(), c)
		if asked.Load() != 1 || c.Questions() != 1 {
			t.Errorf("asked %d times, %d questions", asked.Load(), c.Questions())
		}
		c.Lookup(t.Context(), cacheKey.Name, TypeMX)
		c.Lookup(t.Context(), "b.example", TypeTXT)
		if c.Questions() != 3 {
			t.Errorf("%d questions", c.Questions())
		}
	})
}

func TestCacheKeepsFailures(t *testing.T) {
	t.Parallel()
	for cause := ServFail; cause <= NotAsked; cause++ {
		var asked int
		c := NewCache(resolverFunc(func(_ context.Context, k Key) (Answer, error) {
			asked++
			return Answer{}, &Error{Key: k, Cause: cause}
		}))
		for range 3 {
			if _, e := askCached(t.Context(), c); e == nil || e.Cause != cause {
				t.Errorf("%v: got %v", cause, e)
			}
		}
		want := 1
		if cause == Canceled || cause == Budget {
			want = 3
		}
		if asked != want {
			t.Errorf("%v: asked %d times", cause, asked)
		}
	}
}

// One caller's deadline or cancellation is its own.
func TestCacheForgetsFailuresOnly(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	failing := true
	c := NewCache(resolverFunc(func(_ context.Context, k Key) (Answer, error) {
		asked.Add(1)
		if failing && k == cacheKey {
			return Answer{}, &Error{Key: k, Cause: Timeout}
		}
		return Answer{Exists: true}, nil
	}))
	_, err := askCached(t.Context(), c)
	c.Lookup(t.Context(), "b.example", TypeMX)
	failing = false
	if _, still := askCached(t.Context(), c); err == nil || still == nil || asked.Load() != 2 {
		t.Fatalf("%v, then %v; asked %d times", err, still, asked.Load())
	}
	c.Forget()
	c.Lookup(t.Context(), "b.example", TypeMX)
	if a, err := askCached(t.Context(), c); err != nil || !a.Exists || asked.Load() != 3 {
		t.Errorf("after Forget: %v, %v, asked %d times", a, err, asked.Load())
	}
}

func TestCacheCallersLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		c := NewCache(slow(time.Minute, &asked))
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		quitter, quit := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, quit)
		start := time.Now()
		check := func(ctx context.Context, cause Cause, after time.Duration) func() {
			return func() {
				_, e := askCached(ctx, c)
				if cause == 0 && e != nil || cause != 0 && (e == nil || e.Cause != cause) {
					t.Errorf("got %v, want %v", e, cause)
				}
				if d := time.Since(start); d != after {
					t.Errorf("%v: returned after %v", cause, d)
				}
			}
		}
		var wg sync.WaitGroup
		wg.Go(check(hasty, Timeout, time.Second)) // starts the question
		synctest.Wait()
		wg.Go(check(quitter, Canceled, 2*time.Second))
		wg.Go(check(t.Context(), 0, time.Minute))
		wg.Wait()
		if asked.Load() != 1 {
			t.Errorf("asked %d times", asked.Load())
		}
		if _, e := askCached(hasty, c); e != nil { // it is there, nothing has to be waited for
			t.Errorf("got %v", e)
		}
	})
}

// When the last has left, the question ends, and who comes then starts it anew.
func TestCacheLastCallerEndsQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked, canceled atomic.Int32
		c := NewCache(resolverFunc(func(ctx context.Context, k Key) (Answer, error) {
			if asked.Add(1) > 1 {
				return Answer{Exists: true}, nil
			}
			<-ctx.Done()
			canceled.Add(1)
			time.Sleep(time.Hour) // the end of the first must not touch the second
			return Answer{}, ended(ctx, k)
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, e := askCached(ctx, c); e == nil || e.Cause != Timeout {
			t.Errorf("got %v", e)
		}
		synctest.Wait()
		if canceled.Load() != 1 {
			t.Error("the question goes on though nobody waits")
		}
		if _, e := askCached(ctx, c); e == nil || c.Questions() != 1 {
			t.Errorf("an ended caller asked: %v, %d questions", e, c.Questions())
		}
		for range 2 {
			if a, e := askCached(t.Context(), c); e != nil || !a.Exists {
				t.Errorf("got %v, %v", a, e)
			}
			time.Sleep(2 * time.Hour)
		}
		if c.Questions() != 2 {
			t.Errorf("%d questions", c.Questions())
		}
	})
}

// What one caller appends must not appear in another's answer.
func TestCacheAnswersAreApart(t *testing.T) {
	t.Parallel()
	c := NewCache(resolverFunc(func(_ context.Context, k Key) (Answer, error) {
		return Answer{Chain: make([]Record, 1, 8), Records: make([]Record, 1, 8), Exists: true}, nil
	}))
	a, _ := askCached(t.Context(), c)
	b, _ := askCached(t.Context(), c)
	first := append(a.Chain, Record{TTL: 1})
	_ = append(b.Chain, Record{TTL: 2})
	if first[1].TTL != 1 || cap(a.Records) != 1 {
		t.Error("two callers write into one array")
	}
}

// Whatever callers do, nobody gets another question's answer, or a failure that
// is not its own.
func TestCacheStress(t *testing.T) {
	t.Parallel()
	c := NewCache(resolverFunc(func(ctx context.Context, k Key) (Answer, error) {
		select {
		case <-time.After(time.Duration(rand.IntN(300)) * time.Microsecond):
			return Answer{Exists: true, Server: k.String()}, nil
		case <-ctx.Done():
			return Answer{}, ended(ctx, k)
		}
	}))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range 300 {
				k := Key{Name(fmt.Sprintf("n%d.example", i)), TypeTXT}
				ctx, cancel := context.WithCancel(t.Context())
				if rand.IntN(3) > 0 {
					time.AfterFunc(time.Duration(rand.IntN(300))*time.Microsecond, cancel)
				}
				a, err := c.Lookup(ctx, k.Name, k.Type)
				switch e := AsError(err); {
				case err == nil && a.Server != k.String():
					t.Errorf("%v got the answer of %s", k, a.Server)
				case err != nil && (e.Cause != Canceled || e.Key != k || ctx.Err() == nil):
					t.Errorf("%v got %v", k, err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
}

func BenchmarkCacheHit(b *testing.B) {
	ip := Record{cacheKey.Name, 5, Addr{netip.MustParseAddr("192.0.2.1")}}
	c := NewCache(resolverFunc(func(context.Context, Key) (Answer, error) { return Answer{Records: []Record{ip}}, nil }))
	for b.Loop() {
		if _, e := askCached(b.Context(), c); e != nil {
			b.Fatal(e)
		}
	}
}
