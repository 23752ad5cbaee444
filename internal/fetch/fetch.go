// Package fetch gets MTA-STS policies (RFC 8461 §3.3) from web servers and gives
// them as the answers of a resolver, so that they are asked for, kept and
// replayed like everything else that a judgement needs.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"sendplan/internal/dns"
)

// Resolver answers questions to [dns.Web] by asking the web server of that name
// for its policy; all others it hands on.
//
// An answer is a TXT record. Its first string is "200" if there is a policy, and
// the other strings are its text; else the first string says, in words, why
// senders find none. An error means that the server could not be reached, which
// says nothing about the policy.
type Resolver struct {
	base    dns.Resolver
	options Options
}

// Options of a [Resolver]. Their zero value is for the internet.
type Options struct {
	Timeout time.Duration // for one policy; 0: 10 s
	// Offline asks no web server: base holds policies as TXT records at the
	// servers' names.
	Offline bool

	roots *x509.CertPool // for tests; nil: the system's
	port  uint16         // for tests, which also have no public address; 0: 443
}

const (
	defaultTimeout = 10 * time.Second
	policyPath     = "/.well-known/mta-sts.txt"
	// maxBody bounds a policy in octets, so that it fits into a TXT record; RFC
	// 8461 §3.3 suggests 64 kB.
	maxBody = 60000
)

// New returns a resolver over base, by which web servers are found, too.
func New(base dns.Resolver, o Options) *Resolver {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	return &Resolver{base, o}
}

// Lookup asks base.
func (r *Resolver) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return r.base.Lookup(ctx, name, t)
}

// Ask asks base, or the web server of that name.
func (r *Resolver) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	switch {
	case q.Source != dns.Web:
		return dns.At(r.base, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
	case r.options.Offline:
		return r.base.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	return r.policy(ctx, q.Key)
}

func (r *Resolver) policy(ctx context.Context, key dns.Key) (dns.Answer, error) {
	server := "https://" + key.Name.String()
	addrs, failed := r.addresses(ctx, key)
	switch {
	case failed != nil:
		return dns.Answer{}, failed
	case len(addrs) == 0:
		return answer(key, server, dns.NewTXT(fmt.Sprintf("%s has no address", key.Name))), nil
	}
	text, err := r.get(ctx, server+policyPath, key.Name, addrs)
	if err != nil {
		cause := dns.Unreachable
		if ctx.Err() != nil || isTimeout(err) {
			cause = dns.Timeout
		}
		return dns.Answer{}, &dns.Error{Key: key, Cause: cause, Server: server, Detail: err.Error()}
	}
	return answer(key, server, text), nil
}

func answer(key dns.Key, server string, text dns.TXT) dns.Answer {
	return dns.Answer{Exists: true, Server: server, Records: []dns.Record{{Name: key.Name, Data: text}}}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// addresses returns where the web server is. A failure counts only if there is
// no address at all: one family is enough.
func (r *Resolver) addresses(ctx context.Context, key dns.Key) (addrs []netip.Addr, failed *dns.Error) {
	for _, t := range []dns.Type{dns.TypeA, dns.TypeAAAA} {
		a, err := r.base.Lookup(ctx, key.Name, t)
		if e := dns.AsError(err); e != nil {
			failed = &dns.Error{Key: key, Cause: e.Cause, Server: e.Server, Detail: "looking for the address of the web server"}
		}
		for _, record := range a.Records {
			if d, ok := record.Data.(dns.Addr); ok {
				addrs = append(addrs, d.IP)
			}
		}
	}
	if len(addrs) > 0 {
		failed = nil
	}
	return addrs, failed
}

// get returns the policy, or why senders find none, as the TXT record of an
// answer. An error means that nothing is known.
func (r *Resolver) get(ctx context.Context, url string, name dns.Name, addrs []netip.Addr) (dns.TXT, error) {
	transport := &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return r.dial(ctx, addrs) },
		TLSClientConfig:   &tls.Config{ServerName: name.String(), RootCAs: r.options.roots, MinVersion: tls.VersionTLS12},
		DisableKeepAlives: true,
	}
	client := &http.Client{
		Transport: transport,
		// RFC 8461 §3.3: redirects must not be followed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return dns.TXT{}, err
	}
	response, err := client.Do(request)
	var invalid *tls.CertificateVerificationError
	if errors.As(err, &invalid) {
		return dns.NewTXT("the certificate of the web server is not valid: " + invalid.Err.Error()), nil
	}
	if err != nil {
		return dns.TXT{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return dns.NewTXT(fmt.Sprintf("the web server answers with status %d %s", response.StatusCode, http.StatusText(response.StatusCode))), nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return dns.TXT{}, err
	case len(body) > maxBody:
		return dns.NewTXT(fmt.Sprintf("what the web server gives has over %d octets", maxBody)), nil
	}
	return dns.NewTXT("200", string(body)), nil
}

// dial connects to the first address that answers. Only public ones are tried,
// so that no domain can point sendplan at a server inside the user's network.
func (r *Resolver) dial(ctx context.Context, addrs []netip.Addr) (net.Conn, error) {
	err := errors.New("no public address")
	for _, addr := range addrs {
		port := r.options.port
		if port == 0 {
			if addr = addr.Unmap(); !addr.IsGlobalUnicast() || addr.IsPrivate() {
				continue
			}
			port = 443
		}
		var conn net.Conn
		var dialer net.Dialer
		if conn, err = dialer.DialContext(ctx, "tcp", netip.AddrPortFrom(addr, port).String()); err == nil {
			return conn, nil
		}
	}
	return nil, err
}
