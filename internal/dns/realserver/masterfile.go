package realserver

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// MasterFile returns one zone as a file of its own: the SOA record first, and
// with the delegations to the other zones, which zone text that holds them all
// can do without.
func MasterFile(zones *dns.Zones, apex dns.Name) string {
	own := zones.Records(apex)
	slices.SortStableFunc(own, func(a, b dns.Record) int { return soaFirst(a) - soaFirst(b) })
	all := slices.Concat(own, delegations(zones, apex))
	all = append(all, glue(zones, apex, all)...)
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}

func soaFirst(r dns.Record) int {
	if r.Data.Type() == dns.TypeSOA {
		return 0
	}
	return 1
}

// delegations returns the NS records of the zones directly below apex
// (RFC 1034 §4.2.1).
func delegations(zones *dns.Zones, apex dns.Name) []dns.Record {
	var found []dns.Record
	for _, child := range zones.Apexes() {
		if child != apex && enclosing(zones, child) == apex {
			for _, r := range zones.Records(child) {
				if r.Name == child && r.Data.Type() == dns.TypeNS {
					found = append(found, r)
				}
			}
		}
	}
	return found
}

// enclosing returns the zone in which a zone is delegated, "" if there is none.
func enclosing(zones *dns.Zones, child dns.Name) dns.Name {
	apexes := zones.Apexes()
	for n := child; n != dns.Root; {
		n = n.Parent()
		if slices.Contains(apexes, n) {
			return n
		}
	}
	return ""
}

// glue returns the addresses of name servers that are below apex, but in another
// zone.
func glue(zones *dns.Zones, apex dns.Name, records []dns.Record) []dns.Record {
	var found []dns.Record
	for _, r := range records {
		ns, ok := r.Data.(dns.NS)
		if !ok || !ns.Host.Below(apex) {
			continue
		}
		for _, other := range zones.Apexes() {
			if other == apex {
				continue
			}
			for _, a := range zones.Records(other) {
				if _, address := a.Data.(dns.Addr); address && a.Name == ns.Host && !slices.Contains(found, a) {
					found = append(found, a)
				}
			}
		}
	}
	return found
}
