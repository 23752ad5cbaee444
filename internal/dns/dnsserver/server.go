// Package dnsserver serves zone text on loopback, as a recursive resolver that
// knows nothing else would, with every fault that real servers show.
package dnsserver

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	mdns "github.com/miekg/dns"

	"sendplan/internal/dns"
)

// Mode is a way in which a server fails.
type Mode uint8

// The ways to fail. A wrong source address is none of them: loopback has one.
const (
	Answer          Mode = iota // no fault
	Drop                        // no reply
	ServFail                    // response code SERVFAIL
	Refused                     // response code REFUSED
	Truncate                    // every UDP reply is cut off (TC), TCP works
	TruncateThenCut             // as Truncate, and TCP connections close in the middle of the reply
	WrongID                     // a reply to another message
	WrongQuestion               // a reply to another question
	Garbage                     // a reply that cannot be read
	Lame                        // the reply of a server that is no authority for the zone
)

// Fault is what happens to a question. Delay comes before whatever Mode says.
type Fault struct {
	Mode  Mode
	Delay time.Duration
}

// Options say what to serve and how badly.
type Options struct {
	Zones *dns.Zones
	Delay time.Duration // before each reply
	// Faults by question; that of the zero Key is for all questions that have
	// none of their own. Faults planned in the zone text come after these.
	Faults map[dns.Key]Fault
}

// Server answers on 127.0.0.1, by UDP and TCP on one port.
type Server struct {
	zones   atomic.Pointer[dns.Zones]
	options Options
	addr    netip.AddrPort
	tcp     *listener
	servers []*mdns.Server
	done    chan struct{} // closed when the server stops
	running sync.WaitGroup
	stop    func() error

	mu      sync.Mutex
	queries []dns.Key
}

// maxQueries bounds the log of questions.
const maxQueries = 1 << 16

// Start serves until Close, on a port that was free.
func Start(o Options) (*Server, error) {
	if o.Zones == nil {
		return nil, errors.New("no zones to serve")
	}
	s := &Server{options: o, done: make(chan struct{})}
	s.zones.Store(o.Zones)
	udp, tcp, err := listen()
	if err != nil {
		return nil, fmt.Errorf("serving zones on loopback: %w", err)
	}
	s.addr = udp.LocalAddr().(*net.UDPAddr).AddrPort()
	s.tcp = &listener{Listener: tcp, conns: map[string]*conn{}}
	s.servers = []*mdns.Server{
		{PacketConn: udp, Handler: s, UDPSize: mdns.MaxMsgSize},
		{Listener: s.tcp, Handler: s},
	}
	s.stop = sync.OnceValue(s.shutdown)
	for _, srv := range s.servers {
		started := make(chan struct{})
		srv.NotifyStartedFunc = sync.OnceFunc(func() { close(started) })
		s.running.Go(func() {
			// It ends with Close; before that it has no reason to.
			_ = srv.ActivateAndServe()
			srv.NotifyStartedFunc() // do not wait for what has failed
		})
		<-started
	}
	return s, nil
}

// listen finds a port that is free for both transports.
func listen() (udp net.PacketConn, tcp net.Listener, err error) {
	for range 20 {
		if tcp, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
			return nil, nil, err
		}
		if udp, err = net.ListenPacket("udp4", tcp.Addr().String()); err == nil {
			return udp, tcp, nil
		}
		if err := tcp.Close(); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, err
}

// Addr is where the server answers.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// SetZones replaces what is served, as if it had just been published.
func (s *Server) SetZones(z *dns.Zones) { s.zones.Store(z) }

// Queries returns the questions that came, in order. A question that came again,
// such as by TCP after a truncated reply, is there again.
func (s *Server) Queries() []dns.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queries)
}

// Close stops the server. When it returns, nothing of the server runs any more.
func (s *Server) Close() error { return s.stop() }

func (s *Server) shutdown() error {
	close(s.done)
	var errs []error
	for _, srv := range s.servers {
		errs = append(errs, srv.Shutdown())
	}
	s.running.Wait()
	return errors.Join(errs...)
}

// record keeps a question for Queries.
func (s *Server) record(k dns.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queries) < maxQueries {
		s.queries = append(s.queries, k)
	}
}

// fault returns what Options plan for a question.
func (s *Server) fault(k dns.Key) Fault {
	f, ok := s.options.Faults[k]
	if !ok {
		f = s.options.Faults[dns.Key{}]
	}
	f.Delay += s.options.Delay
	return f
}

// wait reports whether the server is still running after d.
func (s *Server) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.done:
		return false
	}
}

// listener keeps its connections by the client's address, so that a handler can
// cut the one that it answers on.
type listener struct {
	net.Listener

	mu    sync.Mutex
	conns map[string]*conn
}

// conn is a TCP connection that can be told to break.
type conn struct {
	net.Conn
	from *listener
	cut  atomic.Bool
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, from: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns[c.RemoteAddr().String()] = c
	return c, nil
}

// cut makes the connection from a client break in the middle of what is written
// next.
func (l *listener) cut(client net.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.conns[client.String()]; c != nil {
		c.cut.Store(true)
	}
}

// Write writes b, or half of it and no more if the connection was cut.
func (c *conn) Write(b []byte) (int, error) {
	if !c.cut.Load() {
		return c.Conn.Write(b)
	}
	n, err := c.Conn.Write(b[:len(b)/2])
	return n, errors.Join(err, c.Close())
}

// Close closes the connection and forgets it.
func (c *conn) Close() error {
	c.from.mu.Lock()
	delete(c.from.conns, c.RemoteAddr().String())
	c.from.mu.Unlock()
	return c.Conn.Close()
}
