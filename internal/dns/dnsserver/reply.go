package dnsserver

import (
	"context"
	"fmt"
	"net"
	"slices"

	mdns "github.com/miekg/dns"

	"sendplan/internal/dns"
)

// udpSize is the payload size that the server offers (DNS flag day 2020).
const udpSize = 1232

// exchange is a query and the reply to it.
type exchange struct {
	w            mdns.ResponseWriter
	query, reply *mdns.Msg
}

// udp reports whether the query came by UDP rather than TCP.
func (x exchange) udp() bool {
	_, ok := x.w.RemoteAddr().(*net.UDPAddr)
	return ok
}

// ServeDNS answers one message; the library calls it. It has accepted the
// message: an ordinary query with one question.
func (s *Server) ServeDNS(w mdns.ResponseWriter, query *mdns.Msg) {
	x := exchange{w, query, new(mdns.Msg).SetReply(query)}
	x.reply.RecursionAvailable = true
	if opt := query.IsEdns0(); opt != nil {
		x.reply.SetEdns0(udpSize, opt.Do())
	}
	q := query.Question[0]
	name, err := dns.NameFromZone(q.Name)
	switch {
	case err != nil:
		x.refuse(mdns.RcodeFormatError)
	case q.Qclass != mdns.ClassINET:
		x.refuse(mdns.RcodeRefused)
	case q.Qtype >= 128 && q.Qtype <= 255: // RFC 6895 §3.1: questions that no record set answers
		x.refuse(mdns.RcodeNotImplemented)
	default:
		s.answer(x, dns.Key{Name: name, Type: dns.Type(q.Qtype)})
	}
}

// answer replies to a question that the zones can answer, or fails as planned.
func (s *Server) answer(x exchange, k dns.Key) {
	s.record(k)
	f := s.fault(k)
	if !s.wait(f.Delay) {
		return
	}
	a, err := s.zones.Load().Lookup(context.Background(), k.Name, k.Type)
	if err == nil {
		err = x.fill(a)
	}
	if err != nil && f.Mode == Answer {
		f.Mode = modeOf(err)
	}
	s.finish(x, f.Mode)
}

// modeOf says how a server shows that it cannot answer.
func modeOf(err error) Mode {
	e := dns.AsError(err)
	if e == nil {
		return ServFail
	}
	switch e.Cause {
	case dns.Refused:
		return Refused
	case dns.Timeout:
		return Drop
	case dns.Malformed:
		return Garbage
	}
	return ServFail // also a CNAME loop, as resolvers do
}

// finish sends the reply as the mode has it.
func (s *Server) finish(x exchange, mode Mode) {
	switch mode {
	case Drop:
		return
	case ServFail:
		x.refuse(mdns.RcodeServerFailure)
		return
	case Refused:
		x.refuse(mdns.RcodeRefused)
		return
	case Truncate, TruncateThenCut:
		if x.udp() {
			x.reply.Answer, x.reply.Ns, x.reply.Truncated = nil, nil, true
		} else if mode == TruncateThenCut {
			s.tcp.cut(x.w.RemoteAddr())
		}
	case Lame:
		x.reply.Authoritative = false
	case WrongID:
		x.reply.Id ^= 0xffff
	case WrongQuestion:
		x.reply.Question[0].Name = "wrong.invalid."
	case Garbage:
		// The right message, but its only record begins with a reserved label.
		_, _ = x.w.Write([]byte{byte(x.reply.Id >> 8), byte(x.reply.Id), 0x80, 0x80, 0, 0, 0, 1, 0, 0, 0, 0, 0x80, 0xff, 0xff})
		return
	}
	x.send()
}

// refuse replies with a response code and no records.
func (x exchange) refuse(rcode int) {
	x.reply.Rcode, x.reply.Authoritative = rcode, false
	x.reply.Answer, x.reply.Ns = nil, nil
	x.send()
}

// send writes the reply as the client can take it: by UDP at most what the
// query's OPT record allows (RFC 6891 §6.2.3), else 512 octets.
func (x exchange) send() {
	if x.udp() {
		size := mdns.MinMsgSize
		if opt := x.query.IsEdns0(); opt != nil {
			size = int(opt.UDPSize())
		}
		x.reply.Truncate(size)
	}
	x.reply.Compress = true
	// It fails when the client has gone, or on more than TCP can carry.
	if err := x.w.WriteMsg(x.reply); err != nil && x.reply.Rcode != mdns.RcodeServerFailure {
		x.refuse(mdns.RcodeServerFailure)
	}
}

// fill puts an answer into the reply's sections (RFC 1034 §4.3.2, RFC 2308 §2).
func (x exchange) fill(a dns.Answer) (err error) {
	x.reply.Authoritative = true
	x.reply.AuthenticatedData = a.Secure
	if !a.Exists {
		x.reply.Rcode = mdns.RcodeNameError
	}
	if x.reply.Answer, err = wire(slices.Concat(a.Chain, a.Records)); err != nil {
		return err
	}
	if a.Void() && a.Negative != nil {
		x.reply.Ns, err = wire([]dns.Record{*a.Negative})
	}
	return err
}

// wire turns records into the library's; the text of a record is lossless.
func wire(records []dns.Record) ([]mdns.RR, error) {
	var rrs []mdns.RR
	for _, r := range records {
		rr, err := mdns.NewRR(r.String())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r, err)
		}
		rrs = append(rrs, rr)
	}
	return rrs, nil
}
