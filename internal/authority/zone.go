package authority

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Zone is a zone as all its authoritative servers have it.
type Zone struct {
	Apex    dns.Name
	Servers []dns.Nameserver
	SOA     dns.SOA // with the latest serial
	TTL     uint32  // of the SOA record
	// NegativeTTL is how long resolvers keep that something is not there, the
	// longest of what the servers say.
	NegativeTTL uint32
	Serials     string   // which server has which serial, in words, if they differ
	Notes       []string // what else is worth telling, in words
	// Err is why the zone could not be found, or not be read from every server:
	// nothing in it may be planned then.
	Err *dns.Error

	heard    []dns.Nameserver // that gave the SOA record
	unfound  *dns.Error       // why its servers are not known
	registry bool             // it belongs to a registry: the domain is not registered
}

// Zone returns the zone that holds a name. Nothing is said of a zone below one
// that could not be read.
func (a *Reader) Zone(name dns.Name) Zone {
	z, ok := a.holders[name]
	if !ok {
		z = a.holder(name)
		a.holders[name] = z
	}
	return z
}

// holder goes down from the zone of the name's domain.
func (a *Reader) holder(name dns.Name) Zone {
	home := a.home(name)
	z := a.from(home)
	for { // ends because each zone begins below the one before
		if z.Err != nil || name == home || name == z.Apex {
			return z
		}
		below, failed := a.below(z, name)
		switch {
		case failed != nil:
			z.Err = about(dns.Key{Name: name, Type: dns.TypeSOA}, failed)
			return z
		case below == z.Apex:
			return z
		}
		next := a.from(below)
		if next.Err == nil && next.Apex != below {
			next.Err = &dns.Error{Key: dns.Key{Name: name, Type: dns.TypeSOA}, Cause: dns.Lame, Detail: fmt.Sprintf("the servers of %s say that %s is a zone, but those above it know none", z.Apex, below)}
		}
		z = next
	}
}

// home returns the domain from which the zone of a name is looked for: the
// deepest own domain above it, or the one that is registered.
func (a *Reader) home(name dns.Name) dns.Name {
	suffix := a.options.Suffix(name)
	for home := name; home != dns.Root; home = home.Parent() {
		if slices.Contains(a.options.Own, home) {
			return home
		}
	}
	home := name
	for home != suffix && home.Parent() != suffix && home != dns.Root {
		home = home.Parent()
	}
	return home
}

// below asks a server of a zone in which zone a name of it lies: this one or one
// that begins further down.
func (a *Reader) below(z Zone, name dns.Name) (dns.Name, *dns.Error) {
	got := a.first(z.heard, dns.Key{Name: name, Type: dns.TypeSOA})
	said := got.said
	var apex dns.Name
	switch {
	case got.err != nil:
		return "", got.err
	case len(said.Referral) > 0:
		apex = said.Referral[0].Name
	case len(said.Records) > 0:
		apex = name
	case len(said.Chain) > 0: // RFC 1034 §3.6.2: an alias has no SOA record
		above := a.Zone(name.Parent())
		if above.Err != nil {
			return "", above.Err
		}
		apex = above.Apex
	case said.Negative != nil:
		apex = said.Negative.Name
	default:
		return z.Apex, nil
	}
	if !apex.Below(z.Apex) || !name.Below(apex) || len(said.Referral) > 0 && apex == z.Apex {
		return "", &dns.Error{Key: dns.Key{Name: name, Type: dns.TypeSOA}, Cause: dns.Lame, Server: said.Server, Detail: fmt.Sprintf("a server of %s says that the name lies in %s", z.Apex, apex)}
	}
	return apex, nil
}

// from reads the zone of a domain, found from above.
func (a *Reader) from(domain dns.Name) Zone {
	if z, ok := a.zones[domain]; ok {
		return z
	}
	z := a.read(domain)
	a.zones[domain] = z
	return z
}

func (a *Reader) read(domain dns.Name) Zone {
	found := dns.FindAuthority(context.Background(), a.r, domain, a.options.Places)
	z := Zone{Apex: found.Zone, Servers: found.Servers, Err: found.Err, unfound: found.Err}
	if above, ok := a.deeper(domain, found); ok {
		return above
	}
	switch {
	case found.Err != nil:
		return z
	case a.options.Suffix(domain).Below(z.Apex) && !slices.Contains(a.options.Own, z.Apex):
		z.registry = true
		z.Err = &dns.Error{Key: dns.Key{Name: domain, Type: dns.TypeSOA}, Cause: dns.Lame,
			Detail: fmt.Sprintf("it is in no zone of its own but in %s, as a domain that is not registered", z.Apex)}
		return z
	case found.Partial:
		z.Err = &dns.Error{Key: dns.Key{Name: z.Apex, Type: dns.TypeNS}, Cause: dns.Lame, Detail: "the zone's own list of its servers could not be got: there may be more"}
		return z
	}
	asked := dns.Key{Name: z.Apex, Type: dns.TypeSOA}
	got := a.all(z.Servers, asked)
	for i := range got {
		got[i].wantStart(asked)
	}
	if z.Notes, z.Err = got.complete(asked); z.Err == nil {
		z.start(got)
	}
	return z
}

// deeper returns the zone of an own domain above an own domain if it begins below
// the one found for that: for an alias, servers that hold both the zone and the
// one above it refer to nobody and give no SOA record.
func (a *Reader) deeper(domain dns.Name, found dns.Authority) (Zone, bool) {
	if found.Err != nil {
		return Zone{}, false
	}
	for above := domain.Parent(); above != dns.Root && above != found.Zone; above = above.Parent() {
		if !slices.Contains(a.options.Own, above) {
			continue
		}
		z := a.from(above)
		return z, z.Apex != found.Zone && z.Apex.Below(found.Zone)
	}
	return Zone{}, false
}

// wantStart turns an answer without the zone's SOA record into a failure.
func (n *answer) wantStart(k dns.Key) {
	if n.err == nil && (len(n.said.Records) == 0 || len(n.said.Chain) > 0) {
		n.err = &dns.Error{Key: k, Cause: dns.Lame, Server: n.said.Server, Detail: "it gives no SOA record of the zone"}
	}
}

// start sets what the SOA records say.
func (z *Zone) start(got answers) {
	var serials, whole []string
	for _, n := range got {
		if n.err != nil {
			continue
		}
		r := n.said.Records[0]
		soa := r.Data.(dns.SOA)
		// RFC 1982 §3.2: serials wrap around.
		if z.heard == nil || int32(soa.Serial-z.SOA.Serial) > 0 {
			z.SOA = soa
		}
		z.heard = append(z.heard, n.server)
		z.TTL = max(z.TTL, r.TTL)
		// RFC 2308 §3: the lesser of the record's TTL and its MINIMUM field (§4).
		z.NegativeTTL = max(z.NegativeTTL, min(r.TTL, soa.Minimum))
		serials = append(serials, fmt.Sprint(soa.Serial))
		whole = append(whole, fmt.Sprintf("%s has %d", where(n.server), soa.Serial))
	}
	if len(slices.Compact(slices.Clone(serials))) > 1 {
		z.Serials = strings.Join(whole, "; ")
	}
}
