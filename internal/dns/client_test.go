package dns

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	mdns "github.com/miekg/dns"
)

// oneLine is an answer in one line, for comparing.
func oneLine(a Answer) string {
	var b strings.Builder
	for _, r := range a.Chain {
		fmt.Fprintf(&b, "-> %s ", r.Data)
	}
	for _, r := range a.Records {
		fmt.Fprintf(&b, "%s %d %s; ", r.Name, r.TTL, r.Data)
	}
	if a.Void() {
		fmt.Fprintf(&b, "exists=%v", a.Exists)
	}
	if a.Negative != nil {
		fmt.Fprintf(&b, " soa=%s", a.Negative.Name)
	}
	if a.Secure {
		b.WriteString(" secure")
	}
	return strings.TrimSpace(b.String())
}

func TestLookupAnswers(t *testing.T) {
	t.Parallel()
	ns := func(m *mdns.Msg) { m.Ns = rrs(soaLine) }
	cases := []struct {
		name string
		typ  Type
		does behaviour
		want string
	}{
		{"one record", TypeMX, repliesWith("a.example. 300 IN MX 10 mx.example."), "a.example 300 10 mx.example.;"},
		{"name in another case", TypeTXT, repliesWith(`A.EXAMPLE. 300 IN TXT "x" "y"`), `a.example 300 "x" "y";`},
		{"rotated set comes sorted", TypeA, repliesWith("a.example. 5 IN A 192.0.2.9", "a.example. 5 IN A 192.0.2.1"), "a.example 5 192.0.2.1; a.example 5 192.0.2.9;"},
		{"duplicates go, the shorter TTL stays", TypeA, repliesWith("a.example. 9 IN A 192.0.2.1", "a.example. 5 IN A 192.0.2.1"), "a.example 5 192.0.2.1;"},
		{"other names and types are passed over", TypeA, repliesWith("b.example. 5 IN A 192.0.2.9", "a.example. 5 IN A 192.0.2.1", "a.example. 5 IN AAAA 2001:db8::1"), "a.example 5 192.0.2.1;"},
		{"another class is passed over", TypeTXT, repliesWith(`a.example. 5 CH TXT "no"`, `a.example. 5 IN TXT "yes"`), `a.example 5 "yes";`},
		{"mapped address stays AAAA", TypeAAAA, repliesWith("a.example. 5 IN AAAA ::ffff:192.0.2.1"), "a.example 5 ::ffff:192.0.2.1;"},
		{"secure", TypeA, says(func(m *mdns.Msg) { m.AuthenticatedData, m.Answer = true, rrs("a.example. 5 IN A 192.0.2.1") }), "a.example 5 192.0.2.1;  secure"},
		{"CNAME asked for is no chain", TypeCNAME, repliesWith("a.example. 5 IN CNAME b.example."), "a.example 5 b.example.;"},
		{"no data with SOA", TypeA, says(ns), "exists=true soa=example"},
		{"no data without SOA from a recursive server", TypeA, says(func(*mdns.Msg) {}), "exists=true"},
		{"no data without SOA from an authoritative server", TypeA, says(func(m *mdns.Msg) { m.RecursionAvailable, m.Authoritative = false, true }), "exists=true"},
		{"SOA of another zone is not ours", TypeA, says(func(m *mdns.Msg) { m.Ns = rrs("other. 9 IN SOA ns. r. 1 2 3 4 5") }), "exists=true"},
		{"SOA of another class is not ours", TypeA, says(func(m *mdns.Msg) { m.Ns = rrs("example. 9 CH SOA ns. r. 1 2 3 4 5") }), "exists=true"},
		{"NXDOMAIN with SOA", TypeA, says(func(m *mdns.Msg) { ns(m); m.Rcode = mdns.RcodeNameError }), "exists=false soa=example"},
		{"NXDOMAIN without SOA", TypeA, rcode(mdns.RcodeNameError), "exists=false"},
		{"chain in one reply, out of order", TypeA, repliesWith("c.example. 5 IN A 192.0.2.1", "b.example. 5 IN CNAME c.example.", "a.example. 5 IN CNAME b.example."), "-> b.example. -> c.example. c.example 5 192.0.2.1;"},
		{"synthesised CNAME beside its DNAME", TypeA, repliesWith("example. 5 IN DNAME example.net.", "a.example. 0 IN CNAME a.example.net.", "a.example.net. 5 IN A 192.0.2.1"), "-> a.example.net. a.example.net 5 192.0.2.1;"},
		{"chain to NXDOMAIN", TypeA, says(func(m *mdns.Msg) {
			m.Answer, m.Rcode = rrs("a.example. 5 IN CNAME b.example."), mdns.RcodeNameError
			ns(m)
		}), "-> b.example. exists=false soa=example"},
		{"chain to no data", TypeA, says(func(m *mdns.Msg) { m.Answer = rrs("a.example. 5 IN CNAME b.example."); ns(m) }), "-> b.example. exists=true soa=example"},
		{"same CNAME twice is one", TypeA, repliesWith("a.example. 5 IN CNAME b.example.", "a.example. 5 IN CNAME b.example.", "b.example. 5 IN A 192.0.2.1"), "-> b.example. b.example 5 192.0.2.1;"},
		{"positive answer from a cache that does not recurse", TypeA, says(func(m *mdns.Msg) { m.RecursionAvailable, m.Answer = false, rrs("a.example. 5 IN A 192.0.2.1") }), "a.example 5 192.0.2.1;"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.does)
			a, e := lookup(t, client(t, s), "a.example", c.typ)
			if e != nil {
				t.Fatal(e)
			}
			if got := oneLine(a); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			if a.Server != s.String() {
				t.Errorf("answered by %q", a.Server)
			}
			if n := s.queries.Load(); n != 1 {
				t.Errorf("%d queries", n)
			}
		})
	}
}

func TestLookupEveryType(t *testing.T) {
	t.Parallel()
	for typ, line := range map[Type]string{
		TypeA: "192.0.2.1", TypeNS: "ns.example.", TypeCNAME: "b.example.", TypePTR: "h.example.",
		TypeSOA: "ns.example. root.example. 1 2 3 4 5", TypeMX: "0 .", TypeTXT: `"\255\000" ""`,
		TypeAAAA: "2001:db8::1", TypeSRV: "1 2 443 h.example.", TypeTLSA: "3 1 1 ab01", TypeCAA: `128 issue "ca.example"`,
	} {
		t.Run(typ.String(), func(t *testing.T) {
			t.Parallel()
			s := serve(t, repliesWith("a.example. 5 IN "+typ.String()+" "+line))
			a, e := lookup(t, client(t, s), "a.example", typ)
			if e != nil || len(a.Records) != 1 || a.Records[0].Data.String() != line {
				t.Errorf("got %v, %v", a.Records, e)
			}
		})
	}
}

// RFC 6840 §5.7, RFC 6891: what a query must look like.
func TestLookupQuery(t *testing.T) {
	t.Parallel()
	ids := make(chan uint16, 4)
	s := serve(t, behaviour{udp: func(q *mdns.Msg) [][]byte {
		ids <- q.Id
		opt := q.IsEdns0()
		if !q.RecursionDesired || !q.AuthenticatedData || q.CheckingDisabled || opt == nil || opt.UDPSize() != 1232 || opt.Do() || opt.Version() != 0 {
			t.Errorf("query %v", q)
		}
		if got := q.Question[0]; got.Name != "_dmarc.a.example." || got.Qtype != mdns.TypeTXT || got.Qclass != mdns.ClassINET {
			t.Errorf("question %v", got)
		}
		return [][]byte{pack(response(q, func(*mdns.Msg) {}))}
	}})
	c := client(t, s)
	for range 3 {
		if _, e := lookup(t, c, "_dmarc.a.example", TypeTXT); e != nil {
			t.Fatal(e)
		}
	}
	if a, b, c := <-ids, <-ids, <-ids; a == b && b == c {
		t.Errorf("the ID is always %d", a)
	}
}

// perName answers each name with its records only, so that chains come in parts.
func perName(lines ...string) behaviour {
	all := rrs(lines...)
	return says(func(m *mdns.Msg) {
		for _, rr := range all {
			if strings.EqualFold(rr.Header().Name, m.Question[0].Name) {
				m.Answer = append(m.Answer, rr)
			}
		}
		m.AuthenticatedData = len(m.Answer) > 0
	})
}

func TestLookupPartialChains(t *testing.T) {
	t.Parallel()
	long := func(links int) []string {
		var lines []string
		for i := range links {
			lines = append(lines, fmt.Sprintf("c%d.example. 5 IN CNAME c%d.example.", i, i+1))
		}
		return append(lines, fmt.Sprintf("c%d.example. 5 IN A 192.0.2.1", links))
	}
	cases := []struct {
		name  string
		does  behaviour
		want  string // of the answer
		cause Cause
	}{
		{"followed", perName("c0.example. 5 IN CNAME b.example.", "b.example. 5 IN A 192.0.2.1"), "-> b.example. b.example 5 192.0.2.1;  secure", 0},
		{"insecure last part", perName("c0.example. 5 IN CNAME b.example."), "-> b.example. exists=true", 0},
		{"insecure first part", says(func(m *mdns.Msg) {
			m.Answer = rrs("c0.example. 5 IN CNAME b.example.")
			if m.Question[0].Name == "b.example." {
				m.Answer, m.AuthenticatedData = rrs("b.example. 5 IN A 192.0.2.1"), true
			}
		}), "-> b.example. b.example 5 192.0.2.1;", 0},
		{"sixteen links", perName(long(16)...), "", 0},
		{"seventeen links", perName(long(17)...), "", Loop},
		{"seventeen links in one reply", repliesWith(long(17)...), "", Loop},
		{"loop of one", perName("c0.example. 5 IN CNAME c0.example."), "", Loop},
		{"loop of two", perName("c0.example. 5 IN CNAME b.example.", "b.example. 5 IN CNAME c0.example."), "", Loop},
		{"loop of two in one reply", repliesWith("c0.example. 5 IN CNAME b.example.", "b.example. 5 IN CNAME c0.example."), "", Loop},
		{"loop off the start", perName("c0.example. 5 IN CNAME b.example.", "b.example. 5 IN CNAME b.example."), "", Loop},
		{"target refused", says(func(m *mdns.Msg) {
			m.Answer = rrs("c0.example. 5 IN CNAME b.example.")
			if m.Question[0].Name == "b.example." {
				m.Answer, m.Rcode = nil, mdns.RcodeRefused
			}
		}), "", Refused},
		{"target is a referral", says(func(m *mdns.Msg) {
			m.RecursionAvailable = false
			m.Answer = rrs("c0.example. 5 IN CNAME b.example.")
			if m.Question[0].Name == "b.example." {
				m.Answer, m.Ns = nil, rrs("example. 5 IN NS ns.example.")
			}
		}), "", Malformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, e := lookup(t, client(t, serve(t, c.does)), "c0.example", TypeA)
			if c.cause != 0 {
				if e == nil || e.Cause != c.cause || e.Server == "" || e.Detail == "" {
					t.Fatalf("got %v, %v", oneLine(a), e)
				}
				return
			}
			if e != nil {
				t.Fatal(e)
			}
			if got := oneLine(a); c.want != "" && got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

// A forged reply that comes first must neither be believed nor end the wait.
func TestLookupForgedFirst(t *testing.T) {
	t.Parallel()
	s := serve(t, behaviour{udp: func(q *mdns.Msg) [][]byte {
		forged, other := pack(response(q, answerA)), response(q, answerA)
		forged[1]++
		other.Question[0].Name = "b.example."
		return [][]byte{forged, {1}, pack(other), pack(response(q, func(m *mdns.Msg) {
			m.Answer = rrs("a.example. 5 IN A 192.0.2.1")
			m.Question[0].Name = "A.eXaMpLe."
		}))}
	}})
	a, e := lookup(t, client(t, s), "a.example", TypeA)
	if e != nil || oneLine(a) != "a.example 5 192.0.2.1;" {
		t.Errorf("got %s, %v", oneLine(a), e)
	}
}

// RFC 6891 §6.2.2: a server of before EDNS gets the question without it.
func TestLookupWithoutEDNS(t *testing.T) {
	t.Parallel()
	for _, code := range []int{mdns.RcodeFormatError, mdns.RcodeNotImplemented} {
		s := serve(t, behaviour{udp: func(q *mdns.Msg) [][]byte {
			if q.IsEdns0() != nil {
				return [][]byte{pack(response(q, func(m *mdns.Msg) { m.Rcode, m.Question = code, nil }))}
			}
			return [][]byte{pack(response(q, answerA))}
		}})
		a, e := lookup(t, client(t, s), "a.example", TypeA)
		if e != nil || len(a.Records) != 1 {
			t.Errorf("got %s, %v", oneLine(a), e)
		}
	}
}

// A set of nearly 64 KB comes whole over TCP, and over TCP alone if so told.
func TestLookupHuge(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 230 {
		lines = append(lines, fmt.Sprintf(`a.example. 5 IN TXT "%03d%s"`, i, strings.Repeat("x", 252)))
	}
	huge := func(m *mdns.Msg) { m.Answer = rrs(lines...) }
	s := serve(t, behaviour{
		// Half of a record is in what a truncated reply still holds.
		udp: func(q *mdns.Msg) [][]byte {
			b := pack(response(q, func(m *mdns.Msg) { huge(m); m.Truncated = true }))
			return [][]byte{b[:1232]}
		},
		tcp: func(q *mdns.Msg) []byte { return frame(pack(response(q, huge))) },
	})
	only := &testServer{Server: Server{Transport: TCP, Addr: s.Addr}}
	for _, server := range []*testServer{s, only} {
		a, e := lookup(t, client(t, server), "a.example", TypeTXT)
		if e != nil || len(a.Records) != len(lines) || a.Server != server.String() {
			t.Errorf("got %d records from %s, %v", len(a.Records), a.Server, e)
		}
		if !slices.IsSortedFunc(a.Records, func(a, b Record) int { return strings.Compare(a.Data.String(), b.Data.String()) }) {
			t.Error("not sorted")
		}
	}
}

func TestLookupUnreachable(t *testing.T) {
	t.Parallel()
	pc, l := listenBoth(t)
	s := &testServer{Server: Server{Transport: TCP, Addr: serve(t, silent).Addr}}
	pc.Close()
	l.Close()
	closed := &testServer{Server: Server{Transport: TCP, Addr: mustAddr(l.Addr().String())}}
	_, e := lookup(t, client(t, closed), "a.example", TypeA)
	if e == nil || e.Cause != Unreachable || strings.Contains(e.Detail, "127.0.0.1") {
		t.Errorf("got %v", e)
	}
	if _, e = lookup(t, hasty(t, closed, s), "a.example", TypeA); e == nil || e.Cause != Timeout {
		t.Errorf("got %v", e)
	}
}

func TestLookupNotAskable(t *testing.T) {
	t.Parallel()
	s := serve(t, repliesWith("a.example. 5 IN A 192.0.2.1"))
	c := client(t, s)
	for _, k := range []Key{
		{"", TypeA},
		{"a..b", TypeA},
		{Name(strings.Repeat("a", 64)), TypeA},
		{"a.example", 255}, // ANY is no type of a set
		{"a.example", 13},
	} {
		if _, err := c.Lookup(t.Context(), k.Name, k.Type); AsError(err) == nil || AsError(err).Cause != Malformed {
			t.Errorf("%v: %v", k, err)
		}
	}
	if n := s.queries.Load(); n != 0 {
		t.Errorf("%d queries", n)
	}
}

// Names from SPF macros may hold any octet.
func TestLookupOddNames(t *testing.T) {
	t.Parallel()
	s := serve(t, says(func(m *mdns.Msg) {
		m.Answer = []mdns.RR{&mdns.A{Hdr: mdns.RR_Header{Name: m.Question[0].Name, Rrtype: mdns.TypeA, Class: mdns.ClassINET, Ttl: 5}, A: []byte{192, 0, 2, 1}}}
	}))
	c := client(t, s)
	for _, raw := range []string{".", "a b.example", "a'b.example", `a\b.example`, "a$b@c;d(e)f\"g.example", "\x00\xff\x7f.example", "123.\\1.example", strings.Repeat("a.", 126) + "a"} {
		n, err := RawName(raw)
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Lookup(t.Context(), n, TypeA)
		if err != nil || len(a.Records) != 1 || a.Records[0].Name != n {
			t.Errorf("%q: %v, %v", raw, a.Records, err)
		}
	}
}

// Only names are compared regardless of case: type 65 is not type 97.
func TestSameQuestion(t *testing.T) {
	t.Parallel()
	question := func(name string, octets ...byte) []byte {
		return append([]byte(name), octets...)
	}
	asked := question("\x01a\x00", 0, 'A', 0, 1)
	for _, c := range []struct {
		q    []byte
		want bool
	}{
		{question("\x01a\x00", 0, 'A', 0, 1), true},
		{question("\x01A\x00", 0, 'A', 0, 1), true},
		{question("\x01b\x00", 0, 'A', 0, 1), false},
		{question("\x01a\x00", 0, 'a', 0, 1), false},
		{question("\x01a\x00", 0, 'A', 0, 3), false},
	} {
		if got := sameQuestion(c.q, asked); got != c.want {
			t.Errorf("%q: %v", c.q, got)
		}
	}
}
