package dns

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// ClientOptions say whom a [Client] asks, and how patiently.
type ClientOptions struct {
	Servers  []Server      // recursive servers, in the order in which they are asked
	Timeout  time.Duration // for one try with one server; 0: 2 s
	Attempts int           // rounds over the servers; 0: 2
	// Roots are the authorities whose certificates TLS and HTTPS servers may
	// show; nil: the system's.
	Roots *x509.CertPool
}

// Client asks recursive name servers. It is safe for concurrent use.
//
// The first server that gives an answer, "nothing there" included, ends the
// question; a failure moves it on to the next server. When all have failed, the
// error is the one that says most about the DNS rather than about the way to
// it: SERVFAIL, then another response code, REFUSED, a malformed answer, a
// timeout, unreachable; of equal ones the last.
//
// The records of a set come sorted by their text, because servers rotate them
// and the same data must give the same result. Their TTLs are as received.
type Client struct {
	servers  []Server
	timeout  time.Duration
	attempts int
	direct   bool // ask as authorities, without recursion
	pool     *tlsPool
	http     *http.Client
}

// defaultTimeout is how long an answer may take.
const defaultTimeout = 2 * time.Second

// maxChain is how many CNAME records are followed for one question. Public
// resolvers stop between 8 and 16.
const maxChain = 16

// NewClient checks the options and returns a client; it sends nothing.
func NewClient(o ClientOptions) (*Client, error) {
	if len(o.Servers) == 0 {
		return nil, errors.New("no name server to ask")
	}
	for _, s := range o.Servers {
		if !s.valid() {
			return nil, fmt.Errorf("name server %q over %q: expected %s", s, s.Transport, ServerForms)
		}
	}
	if o.Timeout < 0 || o.Attempts < 0 {
		return nil, fmt.Errorf("time limit %v, %d attempts: expected no negative value", o.Timeout, o.Attempts)
	}
	c := &Client{
		servers: slices.Clone(o.Servers), timeout: o.Timeout, attempts: o.Attempts,
		pool: newTLSPool(o.Roots), http: newHTTPClient(o.Roots),
	}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.attempts == 0 {
		c.attempts = 2
	}
	return c, nil
}

// Close ends the connections that were kept open for further questions.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return c.pool.close()
}

// Lookup asks one question. It follows a CNAME chain that the server did not
// follow to its end. It returns at once when ctx ends: with cause Canceled, or
// Timeout when it was ctx's deadline that passed.
func (c *Client) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	asked := Key{name, t}
	if _, known := typeNames[t]; !known || name == "" {
		return Answer{}, &Error{Key: asked, Cause: Malformed, Detail: "not a question that can be asked"}
	}
	whole := Answer{Secure: true}
	for target := name; ; {
		part, failed := c.ask(ctx, Key{target, t})
		if failed != nil {
			return Answer{}, aboutTarget(failed, asked)
		}
		chain := append(whole.Chain, part.Chain...)
		// An answer is as secure as its least secure part.
		part.Secure = part.Secure && whole.Secure
		whole = part.Answer
		whole.Chain = chain
		if detail := loop(name, chain); detail != "" {
			return Answer{}, &Error{Key: asked, Cause: Loop, Server: part.Server, Detail: detail}
		}
		if part.complete {
			return whole, nil
		}
		target = whole.Target(name)
	}
}

// aboutTarget turns a failure to ask for a chain's target into a failure of the
// question that led there.
func aboutTarget(e *Error, asked Key) *Error {
	if e.Key == asked {
		return e
	}
	detail := "asking for the alias target " + e.Key.Name.String()
	if e.Detail != "" {
		detail += ": " + e.Detail
	}
	return &Error{Key: asked, Cause: e.Cause, Server: e.Server, Detail: detail}
}

// loop says what is wrong with a chain that comes back to a name or is too
// long, and "" if nothing is.
func loop(start Name, chain []Record) string {
	seen := map[Name]bool{start: true}
	for i, r := range chain {
		target := r.Data.(CNAME).Target
		if seen[target] {
			return fmt.Sprintf("%s leads back to %s", r.Name, target)
		}
		if i == maxChain {
			return fmt.Sprintf("more than %d aliases in a row", maxChain)
		}
		seen[target] = true
	}
	return ""
}

// ask puts one question to the servers in turn until one answers it.
func (c *Client) ask(ctx context.Context, key Key) (reply, *Error) {
	var best *Error
	final := make([]bool, len(c.servers)) // asking again would bring the same
	for range c.attempts {
		for i, s := range c.servers {
			if final[i] {
				continue
			}
			if ctx.Err() != nil {
				return reply{}, ended(ctx, key)
			}
			r, failed := c.try(ctx, s, key)
			if failed == nil {
				return r, nil
			}
			failed.Key, failed.Server = key, s.String()
			if ctx.Err() != nil {
				e := ended(ctx, key)
				e.Server = failed.Server
				return reply{}, e
			}
			if best == nil || strength(failed.Cause) >= strength(best.Cause) {
				best = failed
			}
			final[i] = failed.Cause == Refused || failed.Cause == BadRcode || failed.Cause == Lame
		}
	}
	return reply{}, best
}

// strength orders causes by how much they say about the DNS itself.
func strength(c Cause) int {
	return slices.Index([]Cause{Unreachable, Timeout, Malformed, Lame, Refused, BadRcode, ServFail}, c)
}

// ended is the failure of a question whose context has ended.
func ended(ctx context.Context, key Key) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Error{Key: key, Cause: Timeout, Detail: "the deadline of this run"}
	}
	return &Error{Key: key, Cause: Canceled}
}
