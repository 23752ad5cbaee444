package tui

import (
	"context"
	"sync"

	"sendplan/internal/dns"
)

// oneByOne is a resolver for one goroutine, made fit for several: what was found
// is read to draw the screen, and by runs that were left.
type oneByOne struct {
	mu *sync.Mutex
	dns.Resolver
}

func guarded(r dns.Resolver) dns.Resolver { return oneByOne{new(sync.Mutex), r} }

func (o oneByOne) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Resolver.Lookup(ctx, name, t)
}

// Ask is Lookup for any source.
func (o oneByOne) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return dns.At(o.Resolver, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
}
