package dns

import (
	"fmt"
	"strings"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// spoil packs a reply and changes its octets.
func spoil(edit func(m *mdns.Msg), change func(b []byte) []byte) behaviour {
	return behaviour{udp: func(q *mdns.Msg) [][]byte { return [][]byte{change(pack(response(q, edit)))} }}
}

// failing is a server that does not answer, with the cause that must come of it
// when no other server helps.
type failing struct {
	name   string
	does   behaviour
	cause  Cause
	detail string // is part of the error's
}

// failures show at once.
var failures = []failing{
	{"SERVFAIL", rcode(mdns.RcodeServerFailure), ServFail, ""},
	{"SERVFAIL with the reason", says(func(m *mdns.Msg) {
		m.Rcode = mdns.RcodeServerFailure
		m.SetEdns0(1232, false)
		m.IsEdns0().Option = []mdns.EDNS0{&mdns.EDNS0_EDE{InfoCode: 6, ExtraText: "no key\x1b[31m"}, &mdns.EDNS0_EDE{InfoCode: 4711}}
	}), ServFail, "EDE 6 DNSSEC Bogus: no key\x1b[31m; EDE 4711"},
	{"REFUSED", rcode(mdns.RcodeRefused), Refused, ""},
	{"YXDOMAIN", rcode(mdns.RcodeYXDomain), BadRcode, "YXDOMAIN"},
	{"FORMERR with and without EDNS", rcode(mdns.RcodeFormatError), BadRcode, "FORMERR"},
	{"NOTIMP with and without EDNS", rcode(mdns.RcodeNotImplemented), BadRcode, "NOTIMP"},
	{"BADVERS", says(func(m *mdns.Msg) { m.SetEdns0(1232, false); m.Rcode = mdns.RcodeBadVers }), BadRcode, "BAD"},
	{"unknown extended code", says(func(m *mdns.Msg) { m.SetEdns0(1232, false); m.Rcode = 3000 }), BadRcode, "RCODE 3000"},
	{"refused without a question", spoil(func(m *mdns.Msg) { m.Rcode, m.Question = mdns.RcodeRefused, nil }, same), Refused, ""},
	{"cut inside a record", spoil(answerA, func(b []byte) []byte { return b[:len(b)-2] }), Malformed, "cannot be read"},
	{"cut before a record", spoil(answerA, func(b []byte) []byte { return b[:len(b)-16] }), Malformed, "ends before"},
	{"counts more answers than there are", spoil(answerA, func(b []byte) []byte { b[7]++; return b }), Malformed, "ends before"},
	{"counts an answer where there is none", spoil(func(*mdns.Msg) {}, func(b []byte) []byte { b[7]++; return b }), Malformed, "ends before"},
	{"only records of other names", repliesWith("b.example. 5 IN A 192.0.2.1"), Malformed, "not asked for"},
	{"only records of other types", repliesWith("a.example. 5 IN AAAA 2001:db8::1"), Malformed, "not asked for"},
	{"DNAME without its CNAME", repliesWith("example. 5 IN DNAME example.net."), Malformed, "not asked for"},
	{"NXDOMAIN with a record", says(func(m *mdns.Msg) { answerA(m); m.Rcode = mdns.RcodeNameError }), Malformed, "NXDOMAIN and holds"},
	{"CNAME and a record", repliesWith("a.example. 5 IN CNAME b.example.", "a.example. 5 IN A 192.0.2.1"), Malformed, "CNAME and other"},
	{"two CNAMEs", repliesWith("a.example. 5 IN CNAME b.example.", "a.example. 5 IN CNAME c.example.", "b.example. 5 IN A 192.0.2.1"), Malformed, "two CNAME"},
	{"record without data", says(func(m *mdns.Msg) {
		m.Answer = append(rrs("a.example. 5 IN A 192.0.2.1"), &mdns.ANY{Hdr: mdns.RR_Header{Name: "a.example.", Rrtype: mdns.TypeA, Class: mdns.ClassINET}})
	}), Malformed, "cannot be read"},
	{"referral", says(func(m *mdns.Msg) { m.RecursionAvailable, m.Ns = false, rrs("example. 5 IN NS ns.example.") }), Malformed, "referral"},
	{"upward referral", says(func(m *mdns.Msg) { m.RecursionAvailable, m.Ns = false, rrs(". 5 IN NS a.root-servers.net.") }), Malformed, "referral"},
	{"empty, neither recursive nor authoritative", says(func(m *mdns.Msg) { m.RecursionAvailable = false }), Malformed, "neither"},
	{"truncated over TCP too", behaviour{udp: truncate, tcp: func(q *mdns.Msg) []byte {
		return frame(pack(response(q, func(m *mdns.Msg) { m.Truncated = true })))
	}}, Malformed, "truncated"},
	{"TCP stops in the middle", behaviour{udp: truncate, tcp: func(q *mdns.Msg) []byte {
		b := frame(pack(response(q, answerA)))
		return b[:len(b)-3]
	}}, Unreachable, "closed the connection"},
	{"TCP stops in the length", behaviour{udp: truncate, tcp: func(*mdns.Msg) []byte { return []byte{0} }}, Unreachable, "closed the connection"},
	{"TCP closes at once", behaviour{udp: truncate, tcp: func(*mdns.Msg) []byte { return []byte{} }}, Unreachable, ""},
	{"TCP message of no length", behaviour{udp: truncate, tcp: func(*mdns.Msg) []byte { return []byte{0, 0} }}, Malformed, "0 octets"},
	{"TCP with the wrong ID", behaviour{udp: truncate, tcp: func(q *mdns.Msg) []byte {
		b := frame(pack(response(q, answerA)))
		b[2]++
		return b
	}}, Malformed, "ID differs"},
}

// silences show only when the time for the try is over: silence, or replies that
// may be forged.
var silences = []failing{
	{"silence", silent, Timeout, "no answer within"},
	{"no error without a question", spoil(func(m *mdns.Msg) { m.Question = nil }, same), Malformed, "question differs"},
	{"NXDOMAIN without a question", spoil(func(m *mdns.Msg) { m.Rcode, m.Question = mdns.RcodeNameError, nil }, same), Malformed, "question differs"},
	{"wrong ID", spoil(answerA, func(b []byte) []byte { b[0]++; return b }), Malformed, "ID differs"},
	{"wrong name", spoil(func(m *mdns.Msg) { answerA(m); m.Question[0].Name = "b.example." }, same), Malformed, "question differs"},
	{"longer name", spoil(func(m *mdns.Msg) { answerA(m); m.Question[0].Name = "a.example.example." }, same), Malformed, "question differs"},
	{"wrong type", spoil(func(m *mdns.Msg) { answerA(m); m.Question[0].Qtype = mdns.TypeNS }, same), Malformed, "question differs"},
	{"wrong class", spoil(func(m *mdns.Msg) { answerA(m); m.Question[0].Qclass = mdns.ClassCHAOS }, same), Malformed, "question differs"},
	{"two questions", spoil(func(m *mdns.Msg) { m.Question = append(m.Question, m.Question[0]) }, same), Malformed, "question differs"},
	{"the query comes back", behaviour{udp: func(q *mdns.Msg) [][]byte { return [][]byte{pack(q)} }}, Malformed, "is a query"},
	{"another opcode", spoil(func(m *mdns.Msg) { m.Opcode = mdns.OpcodeNotify }, same), Malformed, "opcode"},
	{"garbage", spoil(answerA, func([]byte) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }), Malformed, "no answer to the question"},
	{"four octets", spoil(answerA, func(b []byte) []byte { return b[:4] }), Malformed, "4 octets"},
	{"nothing", spoil(answerA, func([]byte) []byte { return []byte{} }), Malformed, "0 octets"},
	{"truncated and no TCP", behaviour{udp: truncate}, Timeout, "over TCP"},
}

func same(b []byte) []byte { return b }

func answerA(m *mdns.Msg) { m.Answer = rrs("a.example. 5 IN A 192.0.2.66") }

func truncate(q *mdns.Msg) [][]byte {
	return [][]byte{pack(response(q, func(m *mdns.Msg) { m.Truncated = true }))}
}

func TestLookupFailures(t *testing.T) {
	t.Parallel()
	check := func(f failing, timeout time.Duration) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, f.does)
			a, e := lookup(t, clientOf(t, ClientOptions{Timeout: timeout, Attempts: 1}, s), "a.example", TypeA)
			if e == nil {
				t.Fatalf("answer %s", oneLine(a))
			}
			if e.Cause != f.cause || !strings.Contains(e.Detail, f.detail) || e.Server != s.String() {
				t.Errorf("got %v from %s (%s), want %v (%s)", e.Cause, e.Server, e.Detail, f.cause, f.detail)
			}
		})
	}
	for _, f := range failures {
		check(f, soon)
	}
	for _, f := range silences {
		check(f, 300*time.Millisecond)
	}
}

func TestLookupNextServer(t *testing.T) {
	t.Parallel()
	check := func(f failing, timeout time.Duration) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			bad, good := serve(t, f.does), serve(t, repliesWith("a.example. 5 IN A 192.0.2.1"))
			a, e := lookup(t, clientOf(t, ClientOptions{Timeout: timeout, Attempts: 5}, bad, good), "a.example", TypeA)
			if e != nil || oneLine(a) != "a.example 5 192.0.2.1;" || a.Server != good.String() {
				t.Errorf("got %s from %s, %v", oneLine(a), a.Server, e)
			}
		})
	}
	for _, f := range failures {
		check(f, soon)
	}
	for _, f := range silences {
		check(f, 300*time.Millisecond)
	}
}

// An absence is an answer; the next server is not asked for another one.
func TestLookupAbsenceEnds(t *testing.T) {
	t.Parallel()
	second := serve(t, repliesWith("a.example. 5 IN A 192.0.2.1"))
	for _, b := range []behaviour{rcode(mdns.RcodeNameError), says(func(m *mdns.Msg) { m.Ns = rrs(soaLine) })} {
		a, e := lookup(t, client(t, serve(t, b), second), "a.example", TypeA)
		if e != nil || !a.Void() {
			t.Errorf("got %s, %v", oneLine(a), e)
		}
	}
	if n := second.queries.Load(); n != 0 {
		t.Errorf("second server got %d queries", n)
	}
}

func TestLookupBestEvidence(t *testing.T) {
	t.Parallel()
	servfail, refused, quiet := rcode(mdns.RcodeServerFailure), rcode(mdns.RcodeRefused), silent
	garbage, notauth := repliesWith("b.example. 5 IN A 192.0.2.1"), rcode(mdns.RcodeNotAuth)
	cases := []struct {
		servers []behaviour
		cause   Cause
		server  int
	}{
		{[]behaviour{servfail, quiet}, ServFail, 0},
		{[]behaviour{quiet, servfail}, ServFail, 1},
		{[]behaviour{refused, servfail, notauth}, ServFail, 1},
		{[]behaviour{refused, notauth}, BadRcode, 1},
		{[]behaviour{garbage, refused, quiet}, Refused, 1},
		{[]behaviour{garbage, quiet}, Malformed, 0},
		{[]behaviour{refused, refused}, Refused, 1},
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			var servers []*testServer
			for _, b := range c.servers {
				servers = append(servers, serve(t, b))
			}
			_, e := lookup(t, hasty(t, servers...), "a.example", TypeA)
			if e == nil || e.Cause != c.cause || e.Server != servers[c.server].String() {
				t.Errorf("got %v, want %v from server %d", e, c.cause, c.server)
			}
		})
	}
}

func TestLookupRounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		does behaviour
		want int32
	}{
		{behaviour{udp: func(*mdns.Msg) [][]byte { return nil }}, 3}, // lost: again
		{rcode(mdns.RcodeServerFailure), 3},
		{rcode(mdns.RcodeRefused), 1}, // it will refuse again
	} {
		s := serve(t, c.does)
		cl, err := NewClient(ClientOptions{Servers: []Server{s.Server}, Timeout: 100 * time.Millisecond, Attempts: 3})
		if err != nil {
			t.Fatal(err)
		}
		lookup(t, cl, "a.example", TypeA)
		if n := s.queries.Load(); n != c.want {
			t.Errorf("%d queries, want %d", n, c.want)
		}
	}
}
