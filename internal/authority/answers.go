package authority

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// answer is what one server said, or why it did not.
type answer struct {
	server dns.Nameserver
	said   dns.Answer
	err    *dns.Error
}

type answers []answer

// complete tells whether every host answered at one of its addresses at least,
// with a note for each address that did not. It fails with the cause NotAsked as
// long as any question is open.
func (l answers) complete(k dns.Key) (notes []string, failed *dns.Error) {
	if len(l) == 0 {
		return nil, &dns.Error{Key: k, Cause: dns.Unreachable, Detail: "no authoritative server is known"}
	}
	noRoute := l.noRoute()
	silent := map[dns.Name]bool{}
	for _, n := range l {
		if n.err != nil && n.err.Cause == dns.NotAsked {
			return nil, n.err
		}
		before, seen := silent[n.server.Host]
		silent[n.server.Host] = n.err != nil && (before || !seen)
	}
	var words []string
	for _, n := range l {
		if n.err == nil || noRoute(n) && !silent[n.server.Host] {
			continue
		}
		note := where(n.server) + ": " + reason(n.err)
		if noRoute(n) {
			note += "; this machine may have no way there by IPv6"
		}
		if !silent[n.server.Host] {
			notes = append(notes, "no answer about "+k.String()+" from "+note)
			continue
		}
		words = append(words, note)
		if failed == nil {
			failed = &dns.Error{Key: k, Cause: n.err.Cause, Server: n.err.Server}
		}
	}
	if failed != nil {
		failed.Detail = "not every authoritative server answers: " + strings.Join(words, "; ")
	}
	return notes, failed
}

// noRoute returns what tells that it is this machine that has no way to a
// server: by IPv6, when no server answers by IPv6.
func (l answers) noRoute() func(answer) bool {
	six := func(n answer) bool { return n.server.Addr.Addr().Is6() && n.server.Err == nil }
	works := slices.ContainsFunc(l, func(n answer) bool { return six(n) && n.err == nil })
	return func(n answer) bool {
		return !works && six(n) && n.err != nil && n.err.Cause == dns.Unreachable
	}
}

// reason returns why a question was not answered, in words.
func reason(e *dns.Error) string {
	if e.Detail == "" {
		return e.Cause.String()
	}
	return e.Cause.String() + ", " + e.Detail
}

// about gives a failure that was met on the way to a question the question.
func about(k dns.Key, e *dns.Error) *dns.Error {
	if e == nil || e.Key == k {
		return e
	}
	detail := "asking for " + e.Key.String()
	if e.Detail != "" {
		detail += ": " + e.Detail
	}
	return &dns.Error{Key: k, Cause: e.Cause, Server: e.Server, Detail: detail}
}

// where returns a server's host and address, with the port if it is not that of
// DNS.
func where(s dns.Nameserver) string {
	switch {
	case !s.Addr.IsValid():
		return s.Host.String()
	case s.Addr.Port() == 53:
		return fmt.Sprintf("%s (%s)", s.Host, s.Addr.Addr())
	}
	return fmt.Sprintf("%s (%s)", s.Host, s.Addr)
}
