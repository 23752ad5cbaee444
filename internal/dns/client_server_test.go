package dns

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func mustAddr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func TestParseServer(t *testing.T) {
	t.Parallel()
	good := map[string]Server{
		"192.0.2.53":               {UDP, mustAddr("192.0.2.53:53")},
		"192.0.2.53:5353":          {UDP, mustAddr("192.0.2.53:5353")},
		"2001:db8::1":              {UDP, mustAddr("[2001:db8::1]:53")},
		"[2001:db8::1]":            {UDP, mustAddr("[2001:db8::1]:53")},
		"[2001:db8::1]:54":         {UDP, mustAddr("[2001:db8::1]:54")},
		"fe80::1%eth0":             {UDP, mustAddr("[fe80::1%eth0]:53")},
		"[fe80::1%eth0]:5353":      {UDP, mustAddr("[fe80::1%eth0]:5353")},
		"::ffff:192.0.2.53":        {UDP, mustAddr("192.0.2.53:53")},
		"[::ffff:192.0.2.53]:1":    {UDP, mustAddr("192.0.2.53:1")},
		"tcp://192.0.2.53":         {TCP, mustAddr("192.0.2.53:53")},
		"TCP://[2001:db8::1]:5353": {TCP, mustAddr("[2001:db8::1]:5353")},
		"udp://192.0.2.53:54":      {UDP, mustAddr("192.0.2.53:54")},
	}
	for s, want := range good {
		got, err := ParseServer(s)
		if err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
			continue
		}
		if again, err := ParseServer(got.String()); err != nil || again != got {
			t.Errorf("%q prints as %q, which reads as %v, %v", s, got, again, err)
		}
	}
	bad := map[string]string{
		"": "IP address", "dns.example": "IP address", "dns.example:53": "IP address", "192.0.2.53:": "IP address",
		"192.0.2.53:0": "1 to 65535", "192.0.2.53:65536": "IP address", "192.0.2.300": "IP address", "192.0.2.53 ": "IP address",
		"[192.0.2.53": "IP address", "192.0.2.53%eth0": "IP address", "tls://192.0.2.53": "DNS over TLS is not supported yet",
		"https://dns.example/dns-query": "DNS over HTTPS is not supported yet", "quic://192.0.2.53": `"quic" is no transport`, "tcp://": "IP address",
	}
	for s, want := range bad {
		_, err := ParseServer(s)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"`+s+`"`) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzParseServer(f *testing.F) {
	for _, s := range []string{"192.0.2.53", "tcp://[fe80::1%eth0]:53", "[2001:db8::1]:5353", "[[::1]]", "::ffff:1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseServer(s)
		if err != nil {
			return
		}
		if again, err := ParseServer(got.String()); err != nil || again != got {
			t.Errorf("%q prints as %q, which reads as %v, %v", s, got, again, err)
		}
		if _, err := NewClient(ClientOptions{Servers: []Server{got}}); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func TestNewClient(t *testing.T) {
	t.Parallel()
	s := Server{UDP, mustAddr("192.0.2.53:53")}
	for name, o := range map[string]ClientOptions{
		"no server":         {},
		"zero server":       {Servers: []Server{{}}},
		"no transport":      {Servers: []Server{{Addr: s.Addr}}},
		"negative timeout":  {Servers: []Server{s}, Timeout: -1},
		"negative attempts": {Servers: []Server{s}, Attempts: -1},
	} {
		if _, err := NewClient(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	c, err := NewClient(ClientOptions{Servers: []Server{s}})
	if err != nil || c.timeout != 2*time.Second || c.attempts != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}
