package dns

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func addrs(list ...string) []netip.Addr {
	var as []netip.Addr
	for _, s := range list {
		as = append(as, netip.MustParseAddr(s))
	}
	return as
}

func TestResolvConf(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       []netip.Addr
	}{
		{"empty", "", nil},
		{"plain", "nameserver 192.0.2.53\n", addrs("192.0.2.53")},
		{"systemd", "# comment\nnameserver 127.0.0.53\noptions edns0 trust-ad\nsearch corp.example\n", addrs("127.0.0.53")},
		{"no final newline, CRLF and tabs", "nameserver\t192.0.2.1\r\nnameserver  2001:db8::1", addrs("192.0.2.1", "2001:db8::1")},
		{"zone", "nameserver fe80::1%en0\n", addrs("fe80::1%en0")},
		{"comment after the address", "nameserver 192.0.2.1 # home\n", addrs("192.0.2.1")},
		{"commented out", "#nameserver 192.0.2.1\n;nameserver 192.0.2.2\n", nil},
		{"no address", "nameserver\nnameserver dns.example\nnameserver 192.0.2.1:53\nnameservers 192.0.2.2\n", nil},
		{"not text", "\x00\xff\nnameserver \xff\n", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := resolvConf(c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestUsableServers(t *testing.T) {
	t.Parallel()
	got := usable(addrs("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1", "fe80::1%en0", "2001:db8::1", "192.0.2.4"))
	if s := fmt.Sprint(got); s != "[192.0.2.1:53 [fe80::1%en0]:53 [2001:db8::1]:53]" {
		t.Errorf("got %s", s)
	}
}

func TestAdapterServers(t *testing.T) {
	t.Parallel()
	list := []adapter{
		{up: true, metric: 5, servers: addrs("192.168.56.1")}, // network of virtual machines
		{up: true, gateway: true, metric: 50, servers: addrs("192.0.2.3", "fe80::1%12")},
		{up: false, gateway: true, metric: 1, servers: addrs("192.0.2.66")},
		{up: true, gateway: true, metric: 25, servers: addrs("fec0:0:0:ffff::1%1", "fec0:0:0:ffff::2%1", "fec0:0:0:ffff::3", "feff::1", "192.0.2.1")},
		{up: true, gateway: true, metric: 25, servers: addrs("192.0.2.2")},
		{up: true, gateway: true},
	}
	before := fmt.Sprint(list)
	want := addrs("192.0.2.1", "192.0.2.2", "192.0.2.3", "fe80::1%12", "192.168.56.1")
	if got := adapterServers(list); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if fmt.Sprint(list) != before {
		t.Error("the list was changed")
	}
	if got := adapterServers(nil); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestSystemServers(t *testing.T) {
	t.Parallel()
	servers, err := SystemServers()
	if err != nil {
		if !strings.Contains(err.Error(), "--resolver") {
			t.Errorf("no way out in %q", err)
		}
		return
	}
	if len(servers) == 0 || len(servers) > maxSystemServers {
		t.Errorf("got %v", servers)
	}
	if _, err := NewClient(ClientOptions{Servers: servers}); err != nil {
		t.Error(err)
	}
}

func FuzzResolvConf(f *testing.F) {
	f.Add("nameserver 192.0.2.1\nnameserver fe80::1%en0\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, a := range resolvConf(text) {
			if !strings.Contains(text, "nameserver") || !a.IsValid() {
				t.Errorf("%v from %q", a, text)
			}
		}
		if servers := usable(resolvConf(text)); len(servers) > maxSystemServers {
			t.Errorf("%v", servers)
		}
	})
}
