package dnsbl

import (
	"net/netip"
	"testing"

	"sendplan/internal/dns"
)

func answer(ips ...string) dns.Answer {
	a := dns.Answer{Exists: len(ips) > 0}
	for _, ip := range ips {
		a.Records = append(a.Records, dns.Record{Data: dns.Addr{IP: netip.MustParseAddr(ip)}})
	}
	return a
}

func TestQuery(t *testing.T) {
	t.Parallel()
	zen, spamcop := Lists[0], Lists[1]
	if name, ok := zen.Query(netip.MustParseAddr("203.0.113.7")); !ok || name != "7.113.0.203.zen.spamhaus.org" {
		t.Errorf("%s", name)
	}
	if name, ok := zen.Query(netip.MustParseAddr("2001:db8::1f")); !ok ||
		name != "f.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org" {
		t.Errorf("%s", name)
	}
	if name, ok := spamcop.Query(netip.MustParseAddr("2001:db8::1")); ok {
		t.Errorf("an IPv4 list is asked for %s", name)
	}
	if in, out := zen.TestPoints(); in != "2.0.0.127.zen.spamhaus.org" || out != "1.0.0.127.zen.spamhaus.org" {
		t.Errorf("%s, %s", in, out)
	}
	if name := Reverse(netip.MustParseAddr("::ffff:192.0.2.1")); name != "1.2.0.192.in-addr.arpa" {
		t.Errorf("%s", name)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	zen := Lists[0]
	if r := zen.Read(answer()); len(r.Codes) > 0 || r.Refused != "" {
		t.Errorf("nothing: %+v", r)
	}
	if r := zen.Read(answer("127.0.0.4", "127.0.0.11")); len(r.Codes) != 2 || r.Codes[0].Policy || !r.Codes[1].Policy || r.Refused != "" {
		t.Errorf("two listings: %+v", r)
	}
	for _, ip := range []string{"127.255.255.252", "127.255.255.254", "127.255.255.255", "127.0.0.1", "198.51.100.1"} {
		if r := zen.Read(answer(ip)); len(r.Codes) > 0 || r.Refused == "" {
			t.Errorf("%s: %+v", ip, r)
		}
	}
}

func TestWorks(t *testing.T) {
	t.Parallel()
	zen := Lists[0]
	for what, test := range map[string]struct {
		in, out dns.Answer
		works   bool
	}{
		"as it should be": {answer("127.0.0.2", "127.0.0.4", "127.0.0.10"), answer(), true},
		"dead":            {answer(), answer(), false},
		"lists all":       {answer("127.0.0.2"), answer("127.0.0.2"), false},
		"refused":         {answer("127.255.255.254"), answer("127.255.255.254"), false},
		"parked domain":   {answer("198.51.100.1"), answer("198.51.100.1"), false},
	} {
		if why := zen.Works(test.in, test.out); (why == "") != test.works {
			t.Errorf("%s: %q", what, why)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	for _, l := range Lists {
		if _, err := dns.ParseName(l.Zone.String()); err != nil || l.Name == "" || len(l.Codes) == 0 {
			t.Errorf("%s: %v", l.Zone, err)
		}
		for code, c := range l.Codes {
			if ip, err := netip.ParseAddr(code); err != nil || !ip.IsLoopback() || code == "127.0.0.1" || c.Meaning == "" {
				t.Errorf("%s: code %s", l.Zone, code)
			}
		}
	}
}
