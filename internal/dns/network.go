package dns

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// NetworkOptions say who can be asked.
type NetworkOptions struct {
	Given   Resolver      // the resolvers of this run
	Trusted Resolver      // those that the user named for the public view; nil if none
	Timeout time.Duration // for one try with one authoritative server; 0: 2 s
	// Everywhere, if set, is where all authoritative servers are reached,
	// whatever their address: one server plays them all.
	Everywhere netip.AddrPort
}

// Network asks resolvers, and authoritative servers directly. It is safe for
// concurrent use.
type Network struct{ options NetworkOptions }

// NewNetwork returns a network; it sends nothing.
func NewNetwork(o NetworkOptions) *Network {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	return &Network{o}
}

// directAttempts is how often an authoritative server is asked before it counts
// as silent.
const directAttempts = 2

// Lookup asks the given resolvers.
func (n *Network) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return n.options.Given.Lookup(ctx, name, t)
}

// Ask asks whoever the question names.
func (n *Network) Ask(ctx context.Context, q Question) (Answer, error) {
	switch q.Source {
	case Given:
		return n.options.Given.Lookup(ctx, q.Key.Name, q.Key.Type)
	case Trusted:
		if n.options.Trusted == nil {
			return Answer{}, &Error{Key: q.Key, Cause: Unreachable, Detail: "no resolver was named for the public view"}
		}
		return n.options.Trusted.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	return n.direct(ctx, q)
}

func (n *Network) direct(ctx context.Context, q Question) (Answer, error) {
	addr, err := netip.ParseAddrPort(string(q.Source))
	if err != nil {
		return Answer{}, &Error{Key: q.Key, Cause: Unreachable, Detail: "not the address of a server: " + err.Error()}
	}
	if n.options.Everywhere.IsValid() {
		addr = n.options.Everywhere
	}
	c := &Client{servers: []Server{{Transport: UDP, Addr: addr}}, timeout: n.options.Timeout, attempts: directAttempts, direct: true}
	r, failed := c.ask(ctx, q.Key)
	if failed != nil {
		failed.Server = string(q.Source)
		return Answer{}, failed
	}
	r.Server = string(q.Source)
	return r.Answer, nil
}

// Close ends the connections that are kept open.
func (n *Network) Close() error {
	var errs []error
	for _, r := range []Resolver{n.options.Given, n.options.Trusted} {
		if c, ok := r.(*Client); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
