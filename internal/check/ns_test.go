package check

import (
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// server is an authoritative server that gave an SOA record, or none if primary
// is empty.
func server(host dns.Name, addr string, primary dns.Name, serial uint32) AuthorityServer {
	s := AuthorityServer{Nameserver: dns.Nameserver{Host: host, Addr: netip.MustParseAddrPort(addr)}}
	if primary == "" {
		s.SOA.Err = &dns.Error{Cause: dns.Unreachable, Detail: "network is unreachable"}
		return s
	}
	s.SOA.Answer.Records = []dns.Record{{Name: "contoso.example", Data: dns.SOA{MName: primary, RName: "r", Serial: serial}}}
	return s
}

func TestNSLag(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		servers []AuthorityServer
		want    string // part of the message; "" for a pass, "none" for nothing
	}{
		"same":                {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("b", "192.0.2.2:53", "p", 7)}, ""},
		"behind":              {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("b", "192.0.2.2:53", "p", 9)}, "a (192.0.2.1) has 7, the latest is 9"},
		"wrapped around":      {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 4294967295), server("b", "192.0.2.2:53", "p", 1)}, "a (192.0.2.1) has 4294967295, the latest is 1"},
		"other primaries":     {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("b", "192.0.2.2:53", "q", 9)}, ""},
		"one says nothing":    {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("b", "192.0.2.2:5353", "", 0)}, "none"},
		"behind, one silent":  {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("b", "192.0.2.2:5353", "", 0), server("c", "192.0.2.3:5353", "p", 8)}, "a (192.0.2.1) has 7"},
		"no route by IPv6":    {[]AuthorityServer{server("a", "192.0.2.1:53", "p", 7), server("a", "[2001:db8::1]:53", "", 0)}, ""},
		"IPv6 works for some": {[]AuthorityServer{server("a", "[2001:db8::2]:53", "p", 7), server("b", "[2001:db8::1]:53", "", 0)}, "none"},
	} {
		d := &Domain{Name: "contoso.example", Authority: &Authority{Zone: "contoso.example", Servers: test.servers}}
		d.Authority.markNoRoute()
		found := runNSLag(d)
		switch {
		case test.want == "none":
			if len(found) != 0 {
				t.Errorf("%s: %+v", name, found)
			}
		case len(found) != 1 || (found[0].Status == finding.Pass) != (test.want == "") || !strings.Contains(found[0].Message, test.want):
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// A machine without IPv6 says nothing about servers that have it.
func TestNSSilentWithoutRoute(t *testing.T) {
	t.Parallel()
	d := &Domain{Name: "contoso.example", Authority: &Authority{Zone: "contoso.example", Servers: []AuthorityServer{
		server("a", "192.0.2.1:53", "p", 7), server("a", "[2001:db8::1]:53", "", 0),
	}}}
	d.Authority.markNoRoute()
	if found := runNSSilent(d); len(found) != 1 || found[0].Status != finding.Pass {
		t.Errorf("%+v", found)
	}
	d.Authority.Servers[0] = server("a", "192.0.2.1:53", "", 0)
	if found := runNSSilent(d); len(found) != 1 || found[0].Status != finding.Unknown || !strings.Contains(found[0].Message, "192.0.2.1") {
		t.Errorf("%+v", found)
	}
}

func TestOwnZone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, name, want dns.Name }{
		{"contoso.com", "contoso.com", "contoso.com"},
		{"contoso.com", "mail.contoso.com", "contoso.com"},
		{"com", "mail.contoso.com", "contoso.com"}, // not registered
		{"uk", "mail.contoso.co.uk", "contoso.co.uk"},
		{"co.uk", "contoso.co.uk", "contoso.co.uk"},
		{dns.Root, "a.b.example", "b.example"},
		{"com", "com", "com"},
	} {
		if got := ownZone(test.zone, test.name); got != test.want {
			t.Errorf("%s of %s: %s, want %s", test.zone, test.name, got, test.want)
		}
	}
}
