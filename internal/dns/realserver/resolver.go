package realserver

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
)

// Resolver runs Unbound, which asks the server at the address of each zone of
// stubs for what is in it. A zone of "." makes it a resolver of that world
// alone.
func Resolver(tb testing.TB, stubs map[dns.Name]netip.AddrPort) *Server {
	tb.Helper()
	zones := slices.Sorted(maps.Keys(stubs))
	return start(tb, setup{
		program: "unbound",
		config:  func(dir string, port uint16) string { return unboundConfig(dir, port, zones, stubs) },
		args:    func(config string) []string { return []string{"-d", "-d", "-c", config} },
		ready:   dns.Key{Name: zones[0], Type: dns.TypeSOA},
	}, nil)
}

// builtIn are the zones that Unbound answers itself unless told not to
// (RFC 6303 and others), as far as tests may serve them.
var builtIn = []dns.Name{
	"test", "invalid", "onion", "home.arpa",
	"10.in-addr.arpa", "168.192.in-addr.arpa", "254.169.in-addr.arpa",
	"2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa",
	"8.b.d.0.1.0.0.2.ip6.arpa", "d.f.ip6.arpa",
}

// unboundConfig is patient with the servers behind Unbound: on a busy machine
// the default of 376 ms for the first reply makes it give up on them.
func unboundConfig(dir string, port uint16, zones []dns.Name, stubs map[dns.Name]netip.AddrPort) string {
	var b strings.Builder
	fmt.Fprintf(&b, `server:
	interface: 127.0.0.1
	port: %d
	do-ip6: no
	do-daemonize: no
	username: ""
	chroot: ""
	directory: %q
	pidfile: ""
	use-syslog: no
	num-threads: 1
	module-config: "iterator"
	do-not-query-localhost: no
	target-fetch-policy: "0 0 0 0 0"
	unknown-server-time-limit: 3000
	infra-keep-probing: yes
	outbound-msg-retry: 16
	access-control: 127.0.0.0/8 allow
`, port, dir)
	for _, zone := range builtIn {
		fmt.Fprintf(&b, "\tlocal-zone: %q nodefault\n", zone.Zone())
	}
	for i := range 16 { // 172.16.0.0/12
		fmt.Fprintf(&b, "\tlocal-zone: \"%d.172.in-addr.arpa.\" nodefault\n", 16+i)
	}
	b.WriteString("remote-control:\n\tcontrol-enable: no\n")
	for _, zone := range zones {
		fmt.Fprintf(&b, "stub-zone:\n\tname: %q\n\tstub-addr: %s@%d\n\tstub-no-cache: no\n", zone.Zone(), stubs[zone].Addr(), stubs[zone].Port())
	}
	return b.String()
}
