package dns

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"

	mdns "github.com/miekg/dns"
)

const (
	// ednsSize is the UDP payload that we offer: the DNS flag day 2020 value,
	// which RFC 9715 §3.1 keeps below its 1400 octets so that no answer comes in
	// fragments.
	ednsSize = 1232

	maxMessage = 65535
)

// The header of a message, RFC 1035 §4.1.1.
const (
	headerSize   = 12
	responseBit  = 0x80 // of octet 2
	opcodeBits   = 0x78
	truncatedBit = 0x02

	recursionDesiredBit = 0x01 // of octet 2
	authenticDataBit    = 0x20 // of octet 3

	rcodeBits = 0x0f // of octet 3
)

// query is a question as it is sent.
type query struct {
	wire     []byte
	question int // where the question section ends
}

func newQuery(key Key, edns bool) (query, *Error) {
	var id [2]byte
	rand.Read(id[:]) // never fails; an ID that can be guessed invites forged answers (RFC 5452 §9.2)
	m := new(mdns.Msg)
	m.Id = binary.BigEndian.Uint16(id[:])
	m.RecursionDesired = true
	// RFC 6840 §5.7: AD in a query asks for AD in the answer, without the
	// signatures that DO would bring.
	m.AuthenticatedData = true
	m.Question = []mdns.Question{{Name: key.Name.Zone(), Qtype: uint16(key.Type), Qclass: mdns.ClassINET}}
	bare, err := m.Pack()
	if err != nil {
		return query{}, malformed("the name cannot be asked for: %v", err)
	}
	if !edns {
		return query{bare, len(bare)}, nil
	}
	m.SetEdns0(ednsSize, false)
	wire, err := m.Pack()
	if err != nil {
		return query{}, malformed("the name cannot be asked for: %v", err)
	}
	return query{wire, len(bare)}, nil
}

// withoutRecursion makes the query one for an authoritative server, which
// neither recurses nor validates.
func (q query) withoutRecursion() {
	q.wire[2] &^= recursionDesiredBit
	q.wire[3] &^= authenticDataBit
}

// mismatch says why msg is no answer to the query, "" if it is one (RFC 5452
// §9.1). A reply without a question is one only if it reports an error: servers
// that could not read the query have none to repeat.
func (q query) mismatch(msg []byte) string {
	if len(msg) < headerSize {
		return fmt.Sprintf("%d octets are no DNS message", len(msg))
	}
	switch {
	case msg[2]&responseBit == 0:
		return "it is a query"
	case msg[2]&opcodeBits != 0:
		return "its opcode differs"
	case !bytes.Equal(msg[:2], q.wire[:2]):
		return "its ID differs"
	}
	count, code := binary.BigEndian.Uint16(msg[4:]), int(msg[3]&rcodeBits)
	if count == 0 && code != mdns.RcodeSuccess && code != mdns.RcodeNameError {
		return ""
	}
	if count != 1 || len(msg) < q.question || !sameQuestion(msg[headerSize:q.question], q.wire[headerSize:q.question]) {
		return "its question differs"
	}
	return ""
}

// sameQuestion compares two question sections of equal length, names regardless
// of case (RFC 4343 §3). Length octets are below 64 and so are no letters.
func sameQuestion(a, b []byte) bool {
	n := len(a) - 4 // type and class follow the name
	for i := range n {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return bytes.Equal(a[n:], b[n:])
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// try asks one server, a second time without EDNS if it does not know EDNS
// (RFC 6891 §6.2.2). The caller fills in key and server of the error.
func (c *Client) try(ctx context.Context, s Server, key Key) (reply, *Error) {
	for edns := true; ; edns = false {
		q, failed := newQuery(key, edns)
		if failed != nil {
			return reply{}, failed
		}
		read := readReply
		if c.direct {
			q.withoutRecursion()
			read = readDirect
		}
		msg, failed := c.exchange(ctx, s, q)
		if failed != nil {
			return reply{}, failed
		}
		if edns && refusesEDNS(msg) {
			continue
		}
		r, failed := read(msg, key)
		r.Server = s.String()
		return r, failed
	}
}

// exchange sends the query and returns a reply that answers it and is not
// truncated.
func (c *Client) exchange(ctx context.Context, s Server, q query) ([]byte, *Error) {
	switch s.Transport {
	case TCP:
		return c.overTCP(ctx, s, q)
	case TLS:
		return c.overTLS(ctx, s, q)
	case HTTPS:
		return c.overHTTPS(ctx, s, q)
	}
	msg, failed := c.overUDP(ctx, s, q)
	if failed != nil || msg[2]&truncatedBit == 0 {
		return msg, failed
	}
	// RFC 2181 §9, RFC 7766 §5: what came is ignored, the question goes over TCP.
	msg, failed = c.overTCP(ctx, s, q)
	if failed != nil {
		failed.Detail = "the answer is too long for UDP, over TCP: " + failed.Detail
	}
	return msg, failed
}

// overUDP waits for a reply that answers the query. Others are passed over: one
// forged datagram must not end the exchange (RFC 5452 §9.1).
func (c *Client) overUDP(ctx context.Context, s Server, q query) ([]byte, *Error) {
	conn, done, failed := c.dial(ctx, "udp", s)
	if failed != nil {
		return nil, failed
	}
	defer done()
	if _, err := conn.Write(q.wire); err != nil {
		return nil, c.network(err)
	}
	buf := make([]byte, maxMessage)
	for wrong := ""; ; {
		n, err := conn.Read(buf)
		if err != nil {
			failed := c.network(err)
			if failed.Cause == Timeout && wrong != "" {
				return nil, malformed("what came is no answer to the question: %s", wrong)
			}
			return nil, failed
		}
		if wrong = q.mismatch(buf[:n]); wrong == "" {
			return buf[:n], nil
		}
	}
}

func (c *Client) overTCP(ctx context.Context, s Server, q query) ([]byte, *Error) {
	conn, done, failed := c.dial(ctx, "tcp", s)
	if failed != nil {
		return nil, failed
	}
	defer done()
	return c.onStream(conn, q)
}

// onStream puts one question on a connection of TCP or TLS.
func (c *Client) onStream(conn net.Conn, q query) ([]byte, *Error) {
	// RFC 7766 §8: length and message in one segment.
	frame := binary.BigEndian.AppendUint16(nil, uint16(len(q.wire)))
	if _, err := conn.Write(append(frame, q.wire...)); err != nil {
		return nil, c.network(err)
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, c.network(err)
	}
	msg := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, msg); err != nil {
		return nil, c.network(err)
	}
	return msg, q.accept(msg)
}

// accept checks a message that came on a connection made for the query.
func (q query) accept(msg []byte) *Error {
	if wrong := q.mismatch(msg); wrong != "" {
		return malformed("what came is no answer to the question: %s", wrong)
	}
	if msg[2]&truncatedBit != 0 {
		return malformed("it is truncated, over TCP")
	}
	return nil
}

// dial connects to the server for one try: reads and writes fail once ctx or
// the time for the try ends. done releases the connection.
func (c *Client) dial(ctx context.Context, network string, s Server) (conn net.Conn, done func(), failed *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	conn, err := new(net.Dialer).DialContext(ctx, network, s.Addr.String())
	if err != nil {
		cancel()
		return nil, nil, c.network(err)
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	return conn, func() {
		stop()
		cancel()
		conn.Close()
	}, nil
}

// network tells silence from a connection that failed. Addresses are left out
// of the text: the local port is another one each time.
func (c *Client) network(err error) *Error {
	var request *url.Error // repeats the URL, which is the server's name anyway
	if errors.As(err, &request) && !request.Timeout() {
		err = request.Err
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &Error{Cause: Timeout, Detail: fmt.Sprintf("no answer within %v", c.timeout)}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{Cause: Unreachable, Detail: "the server closed the connection before its answer was complete"}
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return &Error{Cause: Unreachable, Detail: err.Error()}
}
