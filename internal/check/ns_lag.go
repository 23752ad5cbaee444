package check

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var nsLag = Check{
	ID:       "ns-lag",
	Severity: finding.Warning,
	Title:    "an authoritative server has an older version of the zone",
	Explain: `The serial number in a zone's SOA record counts its versions, and a server with a lower one has not fetched the
latest. For minutes after a change that is usual. If it stays, the transfer to that server fails, and changes that you
publish never reach the receivers that ask it: wait until all have the same serial before you count on a new record.

Serials are compared only among servers that name the same primary, because servers of independent DNS hosts, and domain
controllers, count each for itself.`,
	Refs: []string{"RFC 1034 §4.3.5", "RFC 1982 §3.2"},
	Run:  runNSLag,
}

func runNSLag(d *Domain) []finding.Finding {
	if d.Authority == nil || len(d.Authority.Servers) == 0 {
		return nil
	}
	newest := d.Authority.newest()
	var behind []string
	whole := !d.Authority.Partial
	var at dns.SOA
	for _, s := range d.Authority.Servers {
		soa, ok := s.Start()
		if !ok {
			whole = whole && s.NoRoute
			continue
		}
		if serialBefore(soa.Serial, newest[soa.MName]) {
			behind = append(behind, fmt.Sprintf("%s has %d", s, soa.Serial))
			at = soa
		}
	}
	switch {
	case len(behind) > 0:
		return []finding.Finding{fail(d.Authority.Zone,
			fmt.Sprintf("not all authoritative servers have the latest version of the zone: %s, the latest is %d", strings.Join(behind, ", "), newest[at.MName]),
			"wait for the zone's refresh time and check again; if it stays so, repair the zone transfer from "+at.MName.String())}
	case whole:
		return []finding.Finding{pass(d.Authority.Zone, "all authoritative servers have the same version of the zone")}
	}
	return nil
}

// newest returns the latest serial by primary.
func (a *Authority) newest() map[dns.Name]uint32 {
	newest := map[dns.Name]uint32{}
	for _, s := range a.Servers {
		soa, ok := s.Start()
		if !ok {
			continue
		}
		if best, seen := newest[soa.MName]; !seen || serialBefore(best, soa.Serial) {
			newest[soa.MName] = soa.Serial
		}
	}
	return newest
}

// serialBefore reports whether a is an older serial than b, RFC 1982 §3.2: they
// wrap around.
func serialBefore(a, b uint32) bool { return int32(a-b) < 0 }
