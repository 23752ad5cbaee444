package dns

import (
	"context"
	"slices"
	"sync"
)

// Cache asks another resolver each question once per run, however many callers
// want it and when. Failures are kept as well, except that the question was
// given up or the budget was spent: those are the caller's, not the DNS's.
//
// A question that several callers wait for belongs to none of them: each leaves
// when its own context ends, and the question itself ends when the last has
// left. Callers share what they get and must not change it.
type Cache struct {
	base Resolver

	mu        sync.Mutex
	entries   map[Question]*cacheEntry
	questions int
}

// cacheEntry is one question; answer and err are set before done is closed.
type cacheEntry struct {
	done   chan struct{}
	answer Answer
	err    error

	cancel  context.CancelFunc
	waiting int // guarded by Cache.mu
}

// NewCache returns an empty cache over r.
func NewCache(r Resolver) *Cache {
	return &Cache{base: r, entries: map[Question]*cacheEntry{}}
}

// Questions returns how many questions went on to the resolver behind the cache.
func (c *Cache) Questions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.questions
}

// Forget drops the failures that it holds, so that these questions are asked
// anew. Answers stay.
func (c *Cache) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for q, e := range c.entries {
		select {
		case <-e.done:
			if e.err != nil {
				delete(c.entries, q)
			}
		default:
		}
	}
}

// Lookup returns what is known about the question, or asks it. When ctx ends
// before an answer is there, it returns at once as [Client.Lookup] does.
func (c *Cache) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return c.Ask(ctx, Question{Given, Key{name, t}})
}

// Ask is Lookup for any source.
func (c *Cache) Ask(ctx context.Context, q Question) (Answer, error) {
	e := c.join(ctx, q)
	if e == nil {
		return Answer{}, ended(ctx, q.Key)
	}
	select {
	case <-e.done: // an answer that is there is given even if ctx has ended
		return e.answer, e.err
	default:
	}
	select {
	case <-e.done:
		return e.answer, e.err
	case <-ctx.Done():
		c.leave(q, e)
		return Answer{}, ended(ctx, q.Key)
	}
}

// join counts the caller in on a question, which it starts if need be; nil if
// there is none and ctx has ended.
func (c *Cache) join(ctx context.Context, q Question) *cacheEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[q]
	if e == nil {
		if ctx.Err() != nil {
			return nil
		}
		// The first caller's deadline must not become everybody's.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		e = &cacheEntry{done: make(chan struct{}), cancel: cancel}
		c.entries[q] = e
		c.questions++
		go c.ask(shared, q, e)
	}
	e.waiting++
	return e
}

// leave counts a caller out. A question that nobody waits for is cancelled and
// forgotten, so that who comes next starts it anew.
func (c *Cache) leave(q Question, e *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.waiting--
	select {
	case <-e.done:
		return
	default:
	}
	if e.waiting == 0 {
		e.cancel()
		delete(c.entries, q)
	}
}

func (c *Cache) ask(ctx context.Context, q Question, e *cacheEntry) {
	a, err := relay(ctx, c.base, q)
	// Without spare capacity, a caller that appends cannot write into what the
	// others see.
	a.Chain, a.Records, a.Referral = slices.Clip(a.Chain), slices.Clip(a.Records), slices.Clip(a.Referral)
	c.mu.Lock()
	defer c.mu.Unlock()
	e.answer, e.err = a, err
	if !lasting(err) && c.entries[q] == e {
		delete(c.entries, q)
	}
	close(e.done)
	e.cancel()
}

// lasting reports whether a failure says something about the DNS.
func lasting(err error) bool {
	e := AsError(err)
	return e == nil || e.Cause != Canceled && e.Cause != Budget
}
