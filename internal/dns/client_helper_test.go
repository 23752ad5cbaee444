package dns

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// behaviour is what a name server of these tests does with a query. A nil
// function, or one that returns nil, is silence.
type behaviour struct {
	udp func(q *mdns.Msg) [][]byte // datagrams, in order
	tcp func(q *mdns.Msg) []byte   // octets of the stream, after which it is closed
}

// testServer is a running server.
type testServer struct {
	Server
	queries atomic.Int32
}

// serve runs a server on loopback, with UDP and TCP on one port.
func serve(t testing.TB, b behaviour) *testServer {
	t.Helper()
	s := &testServer{}
	pc, l := listenBoth(t)
	s.Server = Server{Transport: UDP, Addr: netip.MustParseAddrPort(pc.LocalAddr().String())}
	t.Cleanup(func() { pc.Close(); l.Close() })
	go func() {
		buf := make([]byte, maxMessage)
		for {
			n, peer, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			q := new(mdns.Msg)
			if q.Unpack(buf[:n]) != nil || b.udp == nil {
				continue
			}
			s.queries.Add(1)
			for _, d := range b.udp(q) {
				pc.WriteTo(d, peer)
			}
		}
	}()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serveTCP(conn, b)
		}
	}()
	return s
}

func listenBoth(t testing.TB) (net.PacketConn, net.Listener) {
	t.Helper()
	for range 20 {
		pc, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", pc.LocalAddr().String())
		if err == nil {
			return pc, l
		}
		pc.Close() // somebody else has this port for TCP
	}
	t.Fatal("no port that is free for UDP and TCP")
	return nil, nil
}

func (s *testServer) serveTCP(conn net.Conn, b behaviour) {
	defer conn.Close()
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return
	}
	msg := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, msg); err != nil {
		return
	}
	q := new(mdns.Msg)
	if q.Unpack(msg) != nil {
		return
	}
	s.queries.Add(1)
	var out []byte
	if b.tcp != nil {
		out = b.tcp(q)
	}
	if out == nil {
		io.Copy(io.Discard, conn) // silent until the client goes
		return
	}
	conn.Write(out)
}

// says answers every query with the message that edit makes of a recursive
// server's empty reply.
func says(edit func(m *mdns.Msg)) behaviour {
	return behaviour{
		udp: func(q *mdns.Msg) [][]byte { return [][]byte{pack(response(q, edit))} },
		tcp: func(q *mdns.Msg) []byte { return frame(pack(response(q, edit))) },
	}
}

func response(q *mdns.Msg, edit func(m *mdns.Msg)) *mdns.Msg {
	m := new(mdns.Msg).SetReply(q)
	m.RecursionAvailable = true
	edit(m)
	return m
}

func pack(m *mdns.Msg) []byte {
	m.Compress = true
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func frame(msg []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(msg))), msg...)
}

// rrs parses records in zone form.
func rrs(lines ...string) []mdns.RR {
	var set []mdns.RR
	for _, l := range lines {
		rr, err := mdns.NewRR(l)
		if err != nil {
			panic(err)
		}
		set = append(set, rr)
	}
	return set
}

// repliesWith answers with these records whatever is asked.
func repliesWith(lines ...string) behaviour {
	return says(func(m *mdns.Msg) { m.Answer = rrs(lines...) })
}

func rcode(code int) behaviour {
	return says(func(m *mdns.Msg) { m.Rcode = code })
}

var silent behaviour

const soaLine = "example. 900 IN SOA ns.example. root.example. 1 2 3 4 60"

// client asks servers that are expected to answer.
func client(t testing.TB, servers ...*testServer) *Client {
	t.Helper()
	return clientOf(t, ClientOptions{Timeout: soon}, servers...)
}

// hasty asks servers of which some are silent.
func hasty(t testing.TB, servers ...*testServer) *Client {
	t.Helper()
	return clientOf(t, ClientOptions{Timeout: 500 * time.Millisecond, Attempts: 1}, servers...)
}

func clientOf(t testing.TB, o ClientOptions, servers ...*testServer) *Client {
	t.Helper()
	for _, s := range servers {
		o.Servers = append(o.Servers, s.Server)
	}
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func lookup(t testing.TB, r Resolver, name string, typ Type) (Answer, *Error) {
	t.Helper()
	a, err := r.Lookup(context.Background(), MustName(name), typ)
	if err == nil {
		return a, nil
	}
	e := AsError(err)
	if e == nil {
		t.Fatalf("error of type %T: %v", err, err)
	}
	if e.Key != (Key{MustName(name), typ}) {
		t.Errorf("error is about %v", e.Key)
	}
	return a, e
}
