package planner

import (
	"context"
	"net/netip"
	"slices"

	"sendplan/internal/dns"
)

// Unpublished returns, for [Compare], what makes the DNS as it will be once a
// zone is published as it stands in zones: names in it come from there alone,
// but those that it delegates are asked of whom it delegates them to, and all
// others are as in the view. places say where servers are reached that the DNS
// does not tell.
func Unpublished(zones *dns.Zones, origin dns.Name, places dns.Places) func(view dns.Resolver) dns.Resolver {
	cuts, hosts := map[dns.Name][]dns.Record{}, map[dns.Name][]dns.Record{}
	for _, r := range zones.Records(origin) {
		switch t := r.Data.Type(); {
		case t == dns.TypeNS && r.Name != origin:
			cuts[r.Name] = append(cuts[r.Name], r)
		case t == dns.TypeA || t == dns.TypeAAAA:
			hosts[r.Name] = append(hosts[r.Name], r)
		}
	}
	server := dns.Nameserver{Host: origin, Addr: nowhere}
	return func(view dns.Resolver) dns.Resolver {
		file := unpublished{view, zones, origin, cuts, hosts}
		return dns.PublicZones(file, []dns.Authority{{Zone: origin, Servers: []dns.Nameserver{server}}}, places)
	}
}

// nowhere is where the server of a zone that is not published is asked: no
// server can have this address.
var nowhere = netip.AddrPortFrom(netip.IPv4Unspecified(), 0)

// unpublished is a resolver that plays the server of a zone as well.
type unpublished struct {
	dns.Resolver
	zones  *dns.Zones
	origin dns.Name
	cuts   map[dns.Name][]dns.Record // what the zone delegates: the NS records
	hosts  map[dns.Name][]dns.Record // the addresses that it holds
}

// Ask answers for the server of the zone; others are asked themselves.
func (u unpublished) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q.Source != dns.SourceAt(nowhere) {
		return dns.At(u.Resolver, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	if referral := u.referral(q.Key.Name); referral != nil {
		return dns.Answer{Exists: true, Referral: referral}, nil
	}
	return u.zones.Ask(ctx, q)
}

// referral returns whom the zone delegates a name to, nil if to nobody: the
// highest delegation above it counts (RFC 1034 §4.3.2), with the addresses of
// the hosts as far as the zone holds them.
func (u unpublished) referral(name dns.Name) []dns.Record {
	var found []dns.Record
	for ; name.Below(u.origin) && name != u.origin; name = name.Parent() {
		if cut := u.cuts[name]; cut != nil {
			found = cut
		}
	}
	found = slices.Clone(found)
	for _, r := range slices.Clone(found) {
		found = append(found, u.hosts[r.Data.(dns.NS).Host]...)
	}
	return found
}
