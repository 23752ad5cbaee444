package dns

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// authority issues the certificates of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

func (a authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// issue returns a server's certificate for names and addresses.
func (a authority) issue(t testing.TB, hosts ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// tlsServer answers on as many questions as come on a connection, until reply
// returns nil, which closes it.
type tlsServer struct {
	Server
	conns atomic.Int32
}

func serveTLS(t testing.TB, cert tls.Certificate, reply func(q *mdns.Msg) []byte) *tlsServer {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	s := &tlsServer{Server: Server{Transport: TLS, Addr: netip.MustParseAddrPort(l.Addr().String())}}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if conn.(*tls.Conn).Handshake() != nil {
					return
				}
				s.conns.Add(1)
				for answerOne(conn, reply) {
				}
			}()
		}
	}()
	return s
}

func answerOne(conn net.Conn, reply func(q *mdns.Msg) []byte) bool {
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return false
	}
	msg := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, msg); err != nil {
		return false
	}
	q := new(mdns.Msg)
	if q.Unpack(msg) != nil {
		return false
	}
	out := reply(q)
	if out == nil {
		return false
	}
	_, err := conn.Write(out)
	return err == nil
}

// txt answers with one record.
func txt(q *mdns.Msg) *mdns.Msg {
	return response(q, func(m *mdns.Msg) { m.Answer = rrs(q.Question[0].Name + ` 60 IN TXT "here"`) })
}

func framedTXT(q *mdns.Msg) []byte { return frame(pack(txt(q))) }

func secureClient(t testing.TB, roots *x509.CertPool, servers ...Server) *Client {
	t.Helper()
	c, err := NewClient(ClientOptions{Servers: servers, Roots: roots, Timeout: 5 * time.Second, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	s := serveTLS(t, ca.issue(t, "127.0.0.1", "dns.example"), framedTXT)
	named := s.Server
	named.Hostname = "dns.example"
	c := secureClient(t, ca.roots(), named)
	for range 5 { // one after the other: on one connection
		a, failed := lookup(t, c, "a.example", TypeTXT)
		if failed != nil || len(a.Records) != 1 || a.Server != named.String() {
			t.Fatalf("%+v, %v", a, failed)
		}
	}
	if n := s.conns.Load(); n != 1 {
		t.Errorf("%d connections for questions that came one after the other", n)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, failed := lookup(t, c, "b.example", TypeTXT); failed != nil {
				t.Error(failed)
			}
		})
	}
	all.Wait()
	if n := s.conns.Load(); n > maxTLSConns {
		t.Errorf("%d connections, at most %d are allowed", n, maxTLSConns)
	}
	if _, failed := lookup(t, secureClient(t, ca.roots(), s.Server), "c.example", TypeTXT); failed != nil {
		t.Errorf("a certificate for the address: %v", failed)
	}
}

// A server may close a connection whenever no question is open (RFC 7858 §3.4).
func TestTLSClosedByServer(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	var n atomic.Int32
	s := serveTLS(t, ca.issue(t, "127.0.0.1"), func(q *mdns.Msg) []byte {
		if n.Add(1)%2 == 0 { // the second question of each connection
			return nil
		}
		return framedTXT(q)
	})
	c := secureClient(t, ca.roots(), s.Server)
	for range 4 {
		if _, failed := lookup(t, c, "a.example", TypeTXT); failed != nil {
			t.Error(failed)
		}
	}
}

func TestTLSFailures(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	good := ca.issue(t, "127.0.0.1")
	for name, test := range map[string]struct {
		cert     tls.Certificate
		hostname string
		reply    func(q *mdns.Msg) []byte
		cause    Cause
		detail   string
	}{
		"other authority":    {newAuthority(t).issue(t, "127.0.0.1"), "", framedTXT, Unreachable, "unknown authority"},
		"other host name":    {ca.issue(t, "dns.example"), "other.example", framedTXT, Unreachable, "valid for dns.example, not other.example"},
		"without address":    {ca.issue(t, "dns.example"), "", framedTXT, Unreachable, "127.0.0.1"},
		"closed":             {good, "", func(*mdns.Msg) []byte { return nil }, Unreachable, "closed the connection"},
		"cut":                {good, "", func(q *mdns.Msg) []byte { return framedTXT(q)[:9] }, Timeout, "no answer"},
		"no message":         {good, "", func(*mdns.Msg) []byte { return frame([]byte("HTTP/1.1 400 Bad Request")) }, Malformed, ""},
		"other ID":           {good, "", func(q *mdns.Msg) []byte { m := txt(q); m.Id++; return frame(pack(m)) }, Malformed, "its ID differs"},
		"other question":     {good, "", func(q *mdns.Msg) []byte { q.Question[0].Name = "b.example."; return framedTXT(q) }, Malformed, "its question differs"},
		"truncated":          {good, "", func(q *mdns.Msg) []byte { m := txt(q); m.Truncated = true; return frame(pack(m)) }, Malformed, "truncated"},
		"server failure":     {good, "", func(q *mdns.Msg) []byte { m := txt(q); m.Rcode = 2; return frame(pack(m)) }, ServFail, ""},
		"no TLS, or nothing": {tls.Certificate{}, "", framedTXT, Unreachable, "tls"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveTLS(t, test.cert, test.reply)
			s.Hostname = test.hostname
			c, err := NewClient(ClientOptions{Servers: []Server{s.Server}, Roots: ca.roots(), Timeout: time.Second, Attempts: 1})
			if err != nil {
				t.Fatal(err)
			}
			_, failed := lookup(t, c, "a.example", TypeTXT)
			if failed == nil || failed.Cause != test.cause || !strings.Contains(failed.Detail, test.detail) || failed.Server != s.String() {
				t.Errorf("got %v", failed)
			}
		})
	}
}

// serveHTTPS runs a DNS over HTTPS service.
func serveHTTPS(t testing.TB, cert tls.Certificate, handle http.HandlerFunc) Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handle)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail are what these tests are about
	s.StartTLS()
	t.Cleanup(s.Close)
	return Server{Transport: HTTPS, URL: s.URL + dohPath}
}

// doh is a service that answers by reply.
func doh(t testing.TB, reply func(q *mdns.Msg) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		q := new(mdns.Msg)
		switch {
		case err != nil || q.Unpack(body) != nil:
			t.Errorf("what came is no query: %v", err)
		case r.Method != http.MethodPost || r.URL.Path != dohPath || r.Header.Get("Content-Type") != dohType || r.Header.Get("Accept") != dohType:
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		case q.Id != 0 || r.ProtoMajor != 2:
			t.Errorf("ID %d, %s", q.Id, r.Proto)
		}
		w.Header().Set("Content-Type", dohType)
		w.Write(reply(q))
	}
}

func packedTXT(q *mdns.Msg) []byte { return pack(txt(q)) }

func TestHTTPS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	s := serveHTTPS(t, ca.issue(t, "127.0.0.1"), doh(t, packedTXT))
	c := secureClient(t, ca.roots(), s)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			a, failed := lookup(t, c, "a.example", TypeTXT)
			if failed != nil || len(a.Records) != 1 || a.Server != s.URL {
				t.Errorf("%+v, %v", a, failed)
			}
		})
	}
	all.Wait()
}

func TestHTTPSFailures(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://elsewhere.invalid/dns-query")
			w.WriteHeader(code)
		}
	}
	typed := func(media, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			io.WriteString(w, body)
		}
	}
	edited := func(edit func(m *mdns.Msg)) http.HandlerFunc {
		return doh(t, func(q *mdns.Msg) []byte { m := txt(q); edit(m); return pack(m) })
	}
	for name, test := range map[string]struct {
		handle http.HandlerFunc
		cause  Cause
		detail string
	}{
		"status 500":     {status(500), Unreachable, "HTTP status 500 Internal Server Error"},
		"status 404":     {status(404), Unreachable, "HTTP status 404 Not Found"},
		"redirect":       {status(302), Unreachable, "HTTP status 302 Found, and redirects are not followed"},
		"redirect 307":   {status(307), Unreachable, "redirects are not followed"},
		"content type":   {typed("text/html", "<p>sign in"), Malformed, `the response is of type "text/html"`},
		"garbage":        {typed(dohType, "sign in to the network"), Malformed, ""},
		"empty":          {typed(dohType, ""), Malformed, "0 octets are no DNS message"},
		"endless":        {typed(dohType, strings.Repeat("x", 1<<20)), Malformed, "longer than 65535"},
		"other ID":       {edited(func(m *mdns.Msg) { m.Id = 7 }), Malformed, "its ID differs"},
		"other question": {edited(func(m *mdns.Msg) { m.Question[0].Name = "b.example." }), Malformed, "its question differs"},
		"refused":        {edited(func(m *mdns.Msg) { m.Rcode = mdns.RcodeRefused }), Refused, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serveHTTPS(t, ca.issue(t, "127.0.0.1"), test.handle)
			_, failed := lookup(t, secureClient(t, ca.roots(), s), "a.example", TypeTXT)
			if failed == nil || failed.Cause != test.cause || !strings.Contains(failed.Detail, test.detail) || failed.Server != s.URL {
				t.Errorf("got %v", failed)
			}
		})
	}
	t.Run("certificate", func(t *testing.T) {
		t.Parallel()
		s := serveHTTPS(t, newAuthority(t).issue(t, "127.0.0.1"), doh(t, packedTXT))
		_, failed := lookup(t, secureClient(t, ca.roots(), s), "a.example", TypeTXT)
		if failed == nil || failed.Cause != Unreachable || !strings.Contains(failed.Detail, "unknown authority") {
			t.Errorf("got %v", failed)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		s := Server{Transport: HTTPS, URL: "https://" + l.Addr().String() + dohPath}
		_, failed := lookup(t, secureClient(t, ca.roots(), s), "a.example", TypeTXT)
		if failed == nil || failed.Cause != Unreachable || strings.Contains(failed.Detail, "Post") {
			t.Errorf("got %v", failed)
		}
	})
}

// Who gives up is not kept waiting, and who takes too long is a timeout.
func TestSecureTransportsEnd(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	block := make(chan struct{})
	t.Cleanup(func() { close(block) })
	cert := ca.issue(t, "127.0.0.1")
	overTLS := serveTLS(t, cert, func(*mdns.Msg) []byte { <-block; return nil })
	overHTTPS := serveHTTPS(t, cert, func(http.ResponseWriter, *http.Request) { <-block })
	for _, s := range []Server{overTLS.Server, overHTTPS} {
		c, err := NewClient(ClientOptions{Servers: []Server{s}, Roots: ca.roots(), Timeout: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		if _, err := c.Lookup(ctx, "a.example", TypeTXT); AsError(err).Cause != Canceled {
			t.Errorf("%s: given up: %v", s, err)
		}
		c, err = NewClient(ClientOptions{Servers: []Server{s}, Roots: ca.roots(), Timeout: 100 * time.Millisecond, Attempts: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Lookup(t.Context(), "a.example", TypeTXT); AsError(err).Cause != Timeout {
			t.Errorf("%s: silent: %v", s, err)
		}
	}
}
