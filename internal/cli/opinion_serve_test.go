package cli

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/dns/dnsserver"
	"sendplan/internal/dns/realserver"
)

func zonesOf(t *testing.T, text string) *dns.Zones {
	t.Helper()
	zones, err := dns.ParseZones(text, "zones")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return zones
}

// carriedOut is the text of zones in which changes are made.
func carriedOut(t *testing.T, zones *dns.Zones, changes []dns.Change) string {
	t.Helper()
	var records []dns.Record
	for _, apex := range zones.Apexes() {
		records = append(records, zones.Records(apex)...)
	}
	for _, c := range changes {
		had := len(records)
		records = slices.DeleteFunc(records, func(r dns.Record) bool { return r.Name == c.Key.Name && r.Data.Type() == c.Key.Type })
		if had-len(records) != len(c.Old) {
			t.Fatalf("%s: the plan takes %q for the old set, of which the zone holds %d", c.Key, c.Old, had-len(records))
		}
		records = append(records, c.New...)
	}
	var b strings.Builder
	for _, r := range records {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}

var plannedFaults = regexp.MustCompile(`(?m)^;! \S+ (\S+) \S+$`)

// serveReally returns the port of Unbound in front of a server of zones. What is
// planned to fail is stood in for by our own server, which says so at once: a
// resolver makes SERVFAIL of silence too, after half a minute.
func serveReally(t *testing.T, kind realserver.Kind, zones *dns.Zones, faults string) uint16 {
	t.Helper()
	authority := realserver.Authority(t, kind, zones)
	stubs := map[dns.Name]netip.AddrPort{}
	for _, apex := range zones.Apexes() {
		stubs[apex] = authority.Addr
	}
	for _, fault := range plannedFaults.FindAllStringSubmatch(faults, -1) {
		name, err := dns.NameFromZone(fault[1])
		if err != nil {
			t.Fatal(err)
		}
		failing, err := dnsserver.Start(dnsserver.Options{Zones: zones, Faults: map[dns.Key]dnsserver.Fault{{}: {Mode: dnsserver.ServFail}}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { failing.Close() })
		stubs[name] = failing.Addr()
	}
	return realserver.Resolver(t, stubs).Addr.Port()
}
