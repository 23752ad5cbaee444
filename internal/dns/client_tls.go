package dns

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"
	"time"
)

// maxTLSConns is how many connections a client has open to TLS servers at the
// same time. Each carries one question after the other.
const maxTLSConns = 8

// tlsPool keeps connections to TLS servers open for the next question (RFC 7858
// §3.4).
type tlsPool struct {
	roots *x509.CertPool // nil: the system's
	slots chan struct{}  // one for each connection that is in use

	mu   sync.Mutex
	idle map[Server][]*tls.Conn
}

func newTLSPool(roots *x509.CertPool) *tlsPool {
	return &tlsPool{roots: roots, slots: make(chan struct{}, maxTLSConns), idle: map[Server][]*tls.Conn{}}
}

// overTLS asks on a connection that is open, or on a new one.
func (c *Client) overTLS(ctx context.Context, s Server, q query) ([]byte, *Error) {
	select {
	case c.pool.slots <- struct{}{}:
		defer func() { <-c.pool.slots }()
	case <-ctx.Done():
		return nil, c.network(ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for conn := c.pool.take(s); conn != nil; conn = c.pool.take(s) {
		// The server may have closed it since: then its failure says nothing.
		if msg, failed := c.onTLS(ctx, s, conn, q); failed == nil || failed.Cause != Unreachable {
			return msg, failed
		}
	}
	conn, err := c.pool.dial(ctx, s)
	if err != nil {
		return nil, c.network(err)
	}
	return c.onTLS(ctx, s, conn, q)
}

// onTLS puts one question on a connection, which it gives back to the pool or
// closes.
func (c *Client) onTLS(ctx context.Context, s Server, conn *tls.Conn, q query) ([]byte, *Error) {
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	msg, failed := c.onStream(conn, q)
	if stop() && failed == nil {
		c.pool.put(s, conn)
	} else {
		conn.Close()
	}
	return msg, failed
}

func (p *tlsPool) dial(ctx context.Context, s Server) (*tls.Conn, error) {
	name := s.Hostname
	if name == "" {
		name = s.Addr.Addr().WithZone("").String()
	}
	d := tls.Dialer{
		NetDialer: new(net.Dialer),
		// RFC 8310 §5: without a certificate that holds, nothing is sent.
		Config: &tls.Config{ServerName: name, RootCAs: p.roots, MinVersion: tls.VersionTLS12},
	}
	conn, err := d.DialContext(ctx, "tcp", s.Addr.String())
	if err != nil {
		return nil, err
	}
	return conn.(*tls.Conn), nil
}

func (p *tlsPool) take(s Server) *tls.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle[s])
	if n == 0 {
		return nil
	}
	conn := p.idle[s][n-1]
	p.idle[s] = p.idle[s][:n-1]
	return conn
}

func (p *tlsPool) put(s Server, conn *tls.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle[s] = append(p.idle[s], conn)
}

// close closes the connections that no question uses.
func (p *tlsPool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, conns := range p.idle {
		for _, conn := range conns {
			errs = append(errs, conn.Close())
		}
	}
	clear(p.idle)
	return errors.Join(errs...)
}
