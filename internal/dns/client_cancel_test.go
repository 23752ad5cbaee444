package dns

import (
	"context"
	"runtime"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
)

// soon is far more than an exchange that was cancelled needs, and far less than
// the client would wait.
const soon = 10 * time.Second

func patient(t testing.TB, s Server) *Client {
	t.Helper()
	c, err := NewClient(ClientOptions{Servers: []Server{s}, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLookupCanceled(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]behaviour{
		"silent":          silent,
		"silent over TCP": {udp: truncate},
		"only forged":     spoil(answerA, func(b []byte) []byte { b[0]++; return b }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := patient(t, serve(t, b).Server)
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(50*time.Millisecond, cancel)
			start := time.Now()
			_, err := c.Lookup(ctx, "a.example", TypeA)
			if e := AsError(err); e == nil || e.Cause != Canceled {
				t.Errorf("got %v", err)
			}
			if d := time.Since(start); d > soon {
				t.Errorf("returned after %v", d)
			}
		})
	}
}

func TestLookupDeadline(t *testing.T) {
	t.Parallel()
	c := patient(t, serve(t, silent).Server)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	for range 2 { // the second time it has passed before
		_, err := c.Lookup(ctx, "a.example", TypeA)
		if e := AsError(err); e == nil || e.Cause != Timeout || e.Detail != "the deadline of this run" {
			t.Errorf("got %v", err)
		}
	}
}

func TestLookupCanceledBefore(t *testing.T) {
	t.Parallel()
	s := serve(t, repliesWith("a.example. 5 IN A 192.0.2.1"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := patient(t, s.Server).Lookup(ctx, "a.example", TypeA)
	if e := AsError(err); e == nil || e.Cause != Canceled || e.Server != "" {
		t.Errorf("got %v", err)
	}
	if n := s.queries.Load(); n != 0 {
		t.Errorf("%d queries", n)
	}
}

// Not parallel: it counts goroutines.
func TestLookupLeavesNoGoroutine(t *testing.T) {
	servers := []*testServer{
		serve(t, silent), serve(t, behaviour{udp: truncate}), serve(t, rcode(mdns.RcodeServerFailure)), serve(t, repliesWith("a.example. 5 IN A 192.0.2.1")),
	}
	before := runtime.NumGoroutine()
	for _, s := range servers {
		c := NewCache(patient(t, s.Server))
		for range 5 {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			c.Lookup(ctx, "a.example", TypeA)
			cancel()
		}
	}
	for end := time.Now().Add(soon); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}
