package dns

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

func mustAddr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func TestParseServer(t *testing.T) {
	t.Parallel()
	good := map[string]Server{
		"192.0.2.53":               {Transport: UDP, Addr: mustAddr("192.0.2.53:53")},
		"192.0.2.53:5353":          {Transport: UDP, Addr: mustAddr("192.0.2.53:5353")},
		"2001:db8::1":              {Transport: UDP, Addr: mustAddr("[2001:db8::1]:53")},
		"[2001:db8::1]":            {Transport: UDP, Addr: mustAddr("[2001:db8::1]:53")},
		"[2001:db8::1]:54":         {Transport: UDP, Addr: mustAddr("[2001:db8::1]:54")},
		"fe80::1%eth0":             {Transport: UDP, Addr: mustAddr("[fe80::1%eth0]:53")},
		"[fe80::1%eth0]:5353":      {Transport: UDP, Addr: mustAddr("[fe80::1%eth0]:5353")},
		"::ffff:192.0.2.53":        {Transport: UDP, Addr: mustAddr("192.0.2.53:53")},
		"[::ffff:192.0.2.53]:1":    {Transport: UDP, Addr: mustAddr("192.0.2.53:1")},
		"tcp://192.0.2.53":         {Transport: TCP, Addr: mustAddr("192.0.2.53:53")},
		"TCP://[2001:db8::1]:5353": {Transport: TCP, Addr: mustAddr("[2001:db8::1]:5353")},
		"udp://192.0.2.53:54":      {Transport: UDP, Addr: mustAddr("192.0.2.53:54")},

		"tls://192.0.2.53":                    {Transport: TLS, Addr: mustAddr("192.0.2.53:853")},
		"tls://192.0.2.53:8853#DNS.example.":  {Transport: TLS, Addr: mustAddr("192.0.2.53:8853"), Hostname: "dns.example"},
		"TLS://[2001:db8::1]#dns.example":     {Transport: TLS, Addr: mustAddr("[2001:db8::1]:853"), Hostname: "dns.example"},
		"tls://2001:db8::1":                   {Transport: TLS, Addr: mustAddr("[2001:db8::1]:853")},
		"https://dns.example/dns-query":       {Transport: HTTPS, URL: "https://dns.example/dns-query"},
		"HTTPS://DNS.example":                 {Transport: HTTPS, URL: "https://dns.example/dns-query"},
		"https://dns.example/":                {Transport: HTTPS, URL: "https://dns.example/dns-query"},
		"https://dns.example/dns-query{?dns}": {Transport: HTTPS, URL: "https://dns.example/dns-query"},
		"https://192.0.2.53:8443/a/b":         {Transport: HTTPS, URL: "https://192.0.2.53:8443/a/b"},
		"https://[2001:db8::1]/dns-query":     {Transport: HTTPS, URL: "https://[2001:db8::1]/dns-query"},
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
		"[192.0.2.53": "IP address", "192.0.2.53%eth0": "IP address", "quic://192.0.2.53": `"quic" is no transport`, "tcp://": "IP address",
		"tls://dns.example": "IP address", "tls://192.0.2.53#": "host name", "tls://192.0.2.53#a b": "host name", "tls://192.0.2.53#.": "host name",
		"tcp://192.0.2.53#dns.example": "IP address", "https://": "URL", "https://a:b@dns.example/": "URL", "https://dns.example/?a=b": "URL",
		"https://dns.example/#x": "URL", "https://:443/": "URL", "https://dns.example/ /\x7f": "URL",
	}
	for s, want := range bad {
		_, err := ParseServer(s)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), strconv.Quote(s)) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzParseServer(f *testing.F) {
	for _, s := range []string{"192.0.2.53", "tcp://[fe80::1%eth0]:53", "[2001:db8::1]:5353", "[[::1]]", "tls://192.0.2.53#dns.example", "https://dns.example/{?dns}", "::ffff:1.2.3.4"} {
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
	s := Server{Transport: UDP, Addr: mustAddr("192.0.2.53:53")}
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
