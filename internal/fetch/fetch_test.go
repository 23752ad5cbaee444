package fetch

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
)

const policy = "version: STSv1\r\nmode: enforce\r\nmx: *.contoso.example\r\nmax_age: 604800\r\n"

// serve starts a web server whose certificate is for example.com, and returns a
// resolver that trusts it and finds it at that name and at other.example.
func serve(t *testing.T, handler http.HandlerFunc) *Resolver {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	zones, err := dns.ParseZones(`. IN SOA ns. host. 1 1 1 1 1
example.com. IN A 127.0.0.1
other.example. IN A 127.0.0.1
failing.example. IN A 127.0.0.1
;! servfail failing.example. ANY
`, "")
	if err != nil {
		t.Fatal(err)
	}
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	return New(zones, Options{Timeout: 5 * time.Second, roots: roots, port: at.Port()})
}

func ask(r *Resolver, name dns.Name) (status, text string, err error) {
	a, err := r.Ask(context.Background(), dns.Question{Source: dns.Web, Key: dns.Key{Name: name, Type: dns.TypeTXT}})
	if err != nil {
		return "", "", err
	}
	strs := a.Records[0].Data.(dns.TXT).Strings()
	return strs[0], strings.Join(strs[1:], ""), nil
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("extension: x\n", 2000)
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != policyPath || q.Host != "example.com" || q.Method != http.MethodGet {
			t.Errorf("asked for %s %s of %s", q.Method, q.URL.Path, q.Host)
		}
		io.WriteString(w, policy+long)
	})
	if status, text, err := ask(r, "example.com"); err != nil || status != "200" || text != policy+long {
		t.Errorf("%q, %d octets, %v", status, len(text), err)
	}
}

// What senders would find is told in words; it is knowledge, not a failure.
func TestNoPolicy(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		name    dns.Name
		handler http.HandlerFunc
		want    string
	}{
		"not found": {"example.com", http.NotFound, "404"},
		"redirect": {"example.com", func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "https://other.example/", http.StatusFound)
		}, "302"},
		"too large":    {"example.com", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, maxBody+1)) }, "over 60000 octets"},
		"other's name": {"other.example", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, policy) }, "certificate"},
		"no such host": {"gone.example", http.NotFound, "no address"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if status, text, err := ask(serve(t, test.handler), test.name); err != nil || !strings.Contains(status, test.want) || text != "" {
				t.Errorf("%q, %q, %v; want %q", status, text, err, test.want)
			}
		})
	}
}

// A server that cannot be asked says nothing about the policy.
func TestFailures(t *testing.T) {
	t.Parallel()
	cut := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "version")
	})
	slow := serve(t, func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() })
	slow.options.Timeout = 100 * time.Millisecond
	private := serve(t, http.NotFound)
	private.options.port = 0 // as on the internet
	for what, test := range map[string]struct {
		r     *Resolver
		name  dns.Name
		cause dns.Cause
	}{
		"cut off":         {cut, "example.com", dns.Unreachable},
		"slow":            {slow, "example.com", dns.Timeout},
		"inside address":  {private, "example.com", dns.Unreachable},
		"address unknown": {cut, "failing.example", dns.ServFail},
	} {
		_, _, err := ask(test.r, test.name)
		if e := dns.AsError(err); e == nil || e.Cause != test.cause || e.Key.Name != test.name {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestOthersAreHandedOn(t *testing.T) {
	t.Parallel()
	r := serve(t, http.NotFound)
	if a, err := r.Lookup(context.Background(), "example.com", dns.TypeA); err != nil || len(a.Records) != 1 {
		t.Errorf("%v, %v", a, err)
	}
	r.options.Offline = true
	if a, err := r.Ask(context.Background(), dns.Question{Source: dns.Web, Key: dns.Key{Name: "example.com", Type: dns.TypeTXT}}); err != nil || !a.Void() {
		t.Errorf("offline: %v, %v", a, err)
	}
}

// A policy of the greatest length comes back out of a recording as it went in.
func TestRecording(t *testing.T) {
	t.Parallel()
	body := policy + strings.Repeat("x: \"\\\x00\xff;\n", (maxBody-len(policy))/9)
	recorder := dns.NewRecorder(serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }))
	q := dns.Question{Source: dns.Web, Key: dns.Key{Name: "example.com", Type: dns.TypeTXT}}
	if _, err := recorder.Ask(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := recorder.Replay().WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	replay, err := dns.ReadRecording(&file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := replay.Ask(context.Background(), q)
	if err != nil || a.Server != "https://example.com" || a.Records[0].Data.(dns.TXT).Joined() != "200"+body {
		t.Errorf("%v, %v", a.Server, err)
	}
}
