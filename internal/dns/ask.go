package dns

import (
	"context"
	"fmt"
	"net/netip"
)

// Source says who is asked a question: [Given], [Trusted], or one authoritative
// server by its address and port, as [SourceAt] writes it.
type Source string

// The sources that are no single server.
const (
	Given   Source = ""       // the resolvers of this run
	Trusted Source = "public" // the resolvers that the user named for the public view
	Web     Source = "https"  // the web server of that name: see internal/fetch
)

// SourceAt names the authoritative server at an address.
func SourceAt(addr netip.AddrPort) Source { return Source(addr.String()) }

// Question is a question together with who is asked. Of [Given] and [Trusted]
// the answer is that of a resolver. An authoritative server is asked without
// recursion, and what it says is taken for itself: a Chain is its one CNAME
// record and never followed, and an answer that only refers to other servers
// has a Referral.
type Question struct {
	Source Source
	Key    Key
}

// String returns the question, and who is asked if that is not the given
// resolver: "MX example.com at 192.0.2.1:53".
func (q Question) String() string {
	if q.Source == Given {
		return q.Key.String()
	}
	return q.Key.String() + " at " + string(q.Source)
}

// Asker is a resolver that can put a question to others than its own servers.
// Errors are as those of a [Resolver].
type Asker interface {
	Ask(ctx context.Context, q Question) (Answer, error)
}

// At returns the resolver that asks source by way of r. When r is no [Asker],
// every question to another source than [Given] fails as unreachable.
func At(r Resolver, source Source) Resolver {
	if source == Given {
		return r
	}
	return at{r, source}
}

type at struct {
	r      Resolver
	source Source
}

// Lookup asks the source.
func (a at) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	return relay(ctx, a.r, Question{a.source, Key{name, t}})
}

// relay puts a question to any resolver.
func relay(ctx context.Context, r Resolver, q Question) (Answer, error) {
	if asker, ok := r.(Asker); ok {
		return asker.Ask(ctx, q)
	}
	if q.Source == Given {
		return r.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	return Answer{}, &Error{Key: q.Key, Cause: Unreachable, Server: string(q.Source), Detail: "only the given resolver can be asked"}
}

// parseSource reads what a recording holds.
func parseSource(s string) (Source, error) {
	if s == string(Given) || s == string(Trusted) || s == string(Web) {
		return Source(s), nil
	}
	addr, err := netip.ParseAddrPort(s)
	if err != nil || addr.String() != s {
		return "", fmt.Errorf("%q is nobody who can be asked", s)
	}
	return Source(s), nil
}
