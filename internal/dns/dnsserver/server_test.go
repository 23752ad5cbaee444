package dnsserver

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	mdns "github.com/miekg/dns"

	"sendplan/internal/dns"
)

const soa = " SOA ns.test. root.test. 1 7200 3600 1209600 300\n"

func zones(t testing.TB, text string) *dns.Zones {
	t.Helper()
	z, err := dns.ParseZones(text, "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// How long to wait for a reply that will come, and for one that will not.
const (
	patience   = 20 * time.Second
	impatience = 200 * time.Millisecond
)

// exchangeWith asks a question with the library's own client. A size of 0 is
// none, without EDNS.
func exchangeWith(s *Server, transport, name string, t uint16, size uint16) (*mdns.Msg, error) {
	return exchangeIn(patience, s, transport, name, t, size)
}

func exchangeIn(d time.Duration, s *Server, transport, name string, t uint16, size uint16) (*mdns.Msg, error) {
	q := new(mdns.Msg).SetQuestion(name, t)
	if size > 0 {
		q.SetEdns0(size, false)
	}
	c := &mdns.Client{Net: transport, Timeout: d, UDPSize: 65535}
	r, _, err := c.Exchange(q, s.Addr().String())
	return r, err
}

const world = "$TTL 60\ne." + soa +
	`a.e. TXT "v=spf1" " -all" "\000\"\255"` + "\n" +
	"a.e. MX 10 m.e.\na.e. CAA 0 issue \"ca.test\"\n" +
	"b.e. CNAME c.e.\nc.e. CNAME a.e.\nd.e. CNAME gone.e.\nf.e. CNAME x.outside.\n" +
	"*.w.e. A 192.0.2.1\n" + `odd\.\032label.e. TXT odd` + "\nl.e. CNAME l.e.\n" +
	"_t.e. TLSA 3 1 1 00ff\n_s.e. SRV 1 2 3 a.e.\n6.e. AAAA 2001:db8::1\n" +
	";! servfail sf.e ANY\n;! refused ref.e ANY\n;! timeout slow.e ANY\n;! malformed bad.e ANY\n"

func TestReply(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Zones: zones(t, world)})
	for _, tt := range []struct {
		name  string
		typ   uint16
		rcode int
		want  []string // answer and authority
	}{
		{"A.e.", mdns.TypeMX, 0, []string{"a.e.\t60\tIN\tMX\t10 m.e."}},
		{"a.e.", mdns.TypeTXT, 0, []string{`a.e.	60	IN	TXT	"v=spf1" " -all" "\000\"\255"`}},
		{"b.e.", mdns.TypeMX, 0, []string{"b.e.\t60\tIN\tCNAME\tc.e.", "c.e.\t60\tIN\tCNAME\ta.e.", "a.e.\t60\tIN\tMX\t10 m.e."}},
		{"b.e.", mdns.TypeCNAME, 0, []string{"b.e.\t60\tIN\tCNAME\tc.e."}},
		{"a.e.", mdns.TypeA, 0, []string{"e.\t60\tIN\tSOA\tns.test. root.test. 1 7200 3600 1209600 300"}},
		{"nope.e.", mdns.TypeA, mdns.RcodeNameError, []string{"e.\t60\tIN\tSOA\tns.test. root.test. 1 7200 3600 1209600 300"}},
		{"d.e.", mdns.TypeA, mdns.RcodeNameError, []string{"d.e.\t60\tIN\tCNAME\tgone.e.", "e.\t60\tIN\tSOA\tns.test. root.test. 1 7200 3600 1209600 300"}},
		{"x.y.w.e.", mdns.TypeA, 0, []string{"x.y.w.e.\t60\tIN\tA\t192.0.2.1"}},
		{`odd\.\ label.e.`, mdns.TypeTXT, 0, []string{`odd\.\ label.e.` + "\t60\tIN\tTXT\t\"odd\""}},
		{"f.e.", mdns.TypeA, mdns.RcodeRefused, nil},
		{"elsewhere.", mdns.TypeA, mdns.RcodeRefused, nil},
		{"l.e.", mdns.TypeA, mdns.RcodeServerFailure, nil},
		{"sf.e.", mdns.TypeA, mdns.RcodeServerFailure, nil},
		{"ref.e.", mdns.TypeA, mdns.RcodeRefused, nil},
		{"a.e.", mdns.TypeANY, mdns.RcodeNotImplemented, nil},
		{"a.e.", mdns.TypeDS, 0, []string{"e.\t60\tIN\tSOA\tns.test. root.test. 1 7200 3600 1209600 300"}},
	} {
		for _, transport := range []string{"udp", "tcp"} {
			t.Run(tt.name+mdns.TypeToString[tt.typ]+transport, func(t *testing.T) {
				r, err := exchangeWith(s, transport, tt.name, tt.typ, 1232)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, rr := range slices.Concat(r.Answer, r.Ns) {
					got = append(got, rr.String())
				}
				if r.Rcode != tt.rcode || !slices.Equal(got, tt.want) {
					t.Errorf("got %s %q\nwant %s %q", mdns.RcodeToString[r.Rcode], got, mdns.RcodeToString[tt.rcode], tt.want)
				}
				if !r.RecursionAvailable || r.IsEdns0() == nil || r.Question[0].Name != tt.name {
					t.Errorf("reply %v", r)
				}
			})
		}
	}
	t.Run("without EDNS", func(t *testing.T) {
		if r, err := exchangeWith(s, "udp", "a.e.", mdns.TypeMX, 0); err != nil || r.IsEdns0() != nil {
			t.Error(r, err)
		}
	})
	t.Run("another class", func(t *testing.T) {
		q := new(mdns.Msg).SetQuestion("version.bind.", mdns.TypeTXT)
		q.Question[0].Qclass = mdns.ClassCHAOS
		if r, err := mdns.Exchange(q, s.Addr().String()); err != nil || r.Rcode != mdns.RcodeRefused {
			t.Error(r, err)
		}
	})
	for _, transport := range []string{"udp", "tcp"} {
		if r, err := exchangeIn(impatience, s, transport, "slow.e.", mdns.TypeA, 0); err == nil {
			t.Error("timeout by", transport, "was", r)
		}
		if r, err := exchangeIn(impatience, s, transport, "bad.e.", mdns.TypeA, 0); err == nil {
			t.Error("malformed by", transport, "was", r)
		}
	}
}

func TestTruncation(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("e." + soa)
	for i := range 20 {
		fmt.Fprintf(&b, "big.e. TXT \"%s%d\"\n", strings.Repeat("x", 90), i)
	}
	for i := range 300 {
		fmt.Fprintf(&b, "huge.e. TXT \"%s%d\"\n", strings.Repeat("x", 250), i)
	}
	s := start(t, Options{Zones: zones(t, b.String())})
	for _, tt := range []struct {
		transport string
		size      uint16
		cut       bool
	}{
		{"udp", 0, true}, {"udp", 100, true}, {"udp", 1232, true}, {"udp", 4096, false}, {"tcp", 0, false}, {"tcp", 512, false},
	} {
		r, err := exchangeWith(s, tt.transport, "big.e.", mdns.TypeTXT, tt.size)
		if err != nil {
			t.Fatal(err)
		}
		if r.Truncated != tt.cut || (len(r.Answer) == 20) == tt.cut {
			t.Errorf("%s %d: TC %v, %d records", tt.transport, tt.size, r.Truncated, len(r.Answer))
		}
		r.Compress = true // as it came
		if limit := max(512, int(tt.size)); tt.transport == "udp" && r.Len() > limit {
			t.Errorf("%s %d: %d octets", tt.transport, tt.size, r.Len())
		}
	}
	if r, err := exchangeWith(s, "tcp", "huge.e.", mdns.TypeTXT, 0); err != nil || r.Rcode != mdns.RcodeServerFailure {
		t.Errorf("over 64 KiB: %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	ask := func(m Mode, transport string) (*mdns.Msg, error) {
		s := start(t, Options{Zones: zones(t, world), Faults: map[dns.Key]Fault{
			{}:                              {Mode: Refused},
			{Name: "a.e", Type: dns.TypeMX}: {Mode: m},
		}})
		if r, err := exchangeWith(s, transport, "b.e.", mdns.TypeMX, 1232); err != nil || r.Rcode != mdns.RcodeRefused {
			t.Errorf("the other questions: %v", err)
		}
		d := patience
		if m == Drop || m == WrongID || m == WrongQuestion || m == Garbage {
			d = impatience
		}
		return exchangeIn(d, s, transport, "a.e.", mdns.TypeMX, 1232)
	}
	fine := func(r *mdns.Msg, err error) bool {
		return err == nil && r.Rcode == 0 && len(r.Answer) == 1 && !r.Truncated
	}
	cutOff := func(r *mdns.Msg, err error) bool { return err == nil && r.Truncated && len(r.Answer) == 0 }
	fails := func(_ *mdns.Msg, err error) bool { return err != nil }
	code := func(rcode int) func(*mdns.Msg, error) bool {
		return func(r *mdns.Msg, err error) bool { return err == nil && r.Rcode == rcode && len(r.Answer) == 0 }
	}
	for m, check := range map[Mode][2]func(*mdns.Msg, error) bool{
		Answer:          {fine, fine},
		Drop:            {fails, fails},
		ServFail:        {code(mdns.RcodeServerFailure), code(mdns.RcodeServerFailure)},
		Refused:         {code(mdns.RcodeRefused), code(mdns.RcodeRefused)},
		Truncate:        {cutOff, fine},
		TruncateThenCut: {cutOff, fails},
		WrongID:         {fails, fails},
		WrongQuestion: {
			func(r *mdns.Msg, err error) bool { return err != nil || r.Question[0].Name == "wrong.invalid." },
			func(r *mdns.Msg, err error) bool { return err != nil || r.Question[0].Name == "wrong.invalid." },
		},
		Garbage: {fails, fails},
	} {
		for i, transport := range []string{"udp", "tcp"} {
			if r, err := ask(m, transport); !check[i](r, err) {
				t.Errorf("mode %d by %s: %v, %v", m, transport, r, err)
			}
		}
	}
}

// A reply that is cut off must be half a message, not a clean end.
func TestTruncateThenCutBreaksTheMessage(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Zones: zones(t, world), Faults: map[dns.Key]Fault{{}: {Mode: TruncateThenCut}}})
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	q, err := new(mdns.Msg).SetQuestion("a.e.", mdns.TypeMX).Pack()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(append([]byte{0, byte(len(q))}, q...)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil || len(got) < 12 || len(got) >= 2+int(got[0])<<8+int(got[1]) {
		t.Errorf("% x, %v", got, err)
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	z := zones(t, world)
	slow := dns.Key{Name: "a.e", Type: dns.TypeMX}
	s := start(t, Options{Zones: z, Delay: 20 * time.Millisecond, Faults: map[dns.Key]Fault{slow: {Delay: time.Hour}}})
	begin := time.Now()
	if _, err := exchangeWith(s, "udp", "a.e.", mdns.TypeTXT, 1232); err != nil || time.Since(begin) < 20*time.Millisecond {
		t.Error(time.Since(begin), err)
	}
	if _, err := exchangeIn(impatience, s, "udp", "a.e.", mdns.TypeMX, 1232); err == nil {
		t.Error("a reply before its time")
	}
}

func TestQueriesAndSetZones(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Zones: zones(t, "e."+soa)})
	if r, err := exchangeWith(s, "udp", "New.e.", mdns.TypeTXT, 0); err != nil || r.Rcode != mdns.RcodeNameError {
		t.Error(r, err)
	}
	s.SetZones(zones(t, "e."+soa+"new.e. TXT x\n"))
	if r, err := exchangeWith(s, "tcp", "new.e.", mdns.TypeTXT, 0); err != nil || len(r.Answer) != 1 {
		t.Error(r, err)
	}
	if got := fmt.Sprint(s.Queries()); got != "[TXT new.e TXT new.e]" {
		t.Error(got)
	}
}

func TestStartWithoutZones(t *testing.T) {
	t.Parallel()
	if s, err := Start(Options{}); err == nil {
		t.Error(s)
	}
}

// Not parallel: it counts goroutines.
func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	s, err := Start(Options{Zones: zones(t, world), Delay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	idle, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if _, err := exchangeIn(impatience, s, "udp", "a.e.", mdns.TypeMX, 0); err == nil {
		t.Error("a reply before its time")
	}
	begin := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error("closed twice:", err)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("Close took %v", d)
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if len(s.tcp.conns) > 0 {
		t.Errorf("connections left: %v", s.tcp.conns)
	}
}

// What a client gets over the wire is what the zones say.
func TestClientSeesTheZones(t *testing.T) {
	t.Parallel()
	z := zones(t, world)
	s := start(t, Options{Zones: z})
	client := func(d time.Duration) *dns.Client {
		c, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: s.Addr()}}, Timeout: d, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, n := range []dns.Name{"e", "a.e", "b.e", "c.e", "d.e", "f.e", "l.e", "x.w.e", "w.e", `odd\.\032label.e`, "_t.e", "_s.e", "6.e", "nope.e", "elsewhere", "sf.e", "ref.e", "slow.e", "bad.e", "."} {
		for _, typ := range []dns.Type{dns.TypeTXT, dns.TypeMX, dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeCAA, dns.TypeTLSA, dns.TypeSRV, dns.TypeSOA} {
			t.Run(dns.Key{Name: n, Type: typ}.String(), func(t *testing.T) {
				t.Parallel()
				want, wantErr := z.Lookup(t.Context(), n, typ)
				d := patience
				if n == "slow.e" || n == "bad.e" {
					d = impatience
				}
				got, gotErr := client(d).Lookup(t.Context(), n, typ)
				want.Server, got.Server = "", ""
				if fmt.Sprintf("%+v", flat(want)) != fmt.Sprintf("%+v", flat(got)) {
					t.Errorf("got %+v, want %+v", flat(got), flat(want))
				}
				if a, b := cause(wantErr), cause(gotErr); a != b && !(a == dns.Loop && b == dns.ServFail) {
					t.Errorf("got %v, want %v", gotErr, wantErr)
				}
			})
		}
	}
}

func cause(err error) dns.Cause {
	if e := dns.AsError(err); e != nil {
		return e.Cause
	}
	return 0
}

// flat is the answer with its negative SOA as text instead of a pointer.
func flat(a dns.Answer) string {
	negative := ""
	if a.Negative != nil {
		negative = a.Negative.String()
	}
	a.Negative = nil
	return fmt.Sprintf("%+v %s", a, negative)
}

func BenchmarkExchange(b *testing.B) {
	s := start(b, Options{Zones: zones(b, world)})
	c, err := dns.NewClient(dns.ClientOptions{Servers: []dns.Server{{Transport: dns.UDP, Addr: s.Addr()}}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Lookup(b.Context(), "a.e", dns.TypeTXT); err != nil {
			b.Fatal(err)
		}
	}
}
