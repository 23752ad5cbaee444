package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// planHosts gives a domain that devices send from through the tenant an MX
// record, if it has neither that nor an address: Microsoft sends all mail of
// such domains from the pool for high risks.
func (m *maker) planHosts(d *domain) {
	if d.wish.Parked == inventory.True {
		m.parkHosts(d)
		return
	}
	devices := m.sendingThroughTenant(d.Name)
	if len(devices) == 0 {
		return
	}
	mx := m.zones.Set(dns.Key{Name: d.Name, Type: dns.TypeMX})
	a := m.zones.Set(dns.Key{Name: d.Name, Type: dns.TypeA})
	if !m.readable(mx) || !m.readable(a) || mx.Alias != nil {
		return
	}
	if null(mx.Records) {
		d.out.Notes = append(d.out.Notes, fmt.Sprintf("%s takes no mail (a null MX record): receivers may refuse it as a sender, such as that of %s (RFC 7505 §4.2)", d.Name, strings.Join(devices, ", ")))
	}
	if len(mx.Records)+len(a.Records)+len(mx.Materialise)+len(a.Materialise) > 0 {
		return
	}
	above, from, known := m.exchangersAbove(d.Name)
	if !known {
		return
	}
	if len(above) == 0 {
		m.task(stagePrepare, Task{Who: "DNS host", Subject: string(d.Name), Text: "give the domain an MX record",
			Why: "it has neither MX nor A record, so Microsoft sends its mail from the pool for high risks; no domain above it has an MX record to take over"})
		return
	}
	records := make([]dns.Record, len(above))
	for i, r := range above {
		records[i] = dns.Record{Name: d.Name, TTL: r.TTL, Data: r.Data}
	}
	m.stage(stagePrepare, dns.Change{Zone: mx.Zone, Key: mx.Key, Old: mx.Records, New: records,
		Why: []string{fmt.Sprintf("%s: a sender domain with neither MX nor A record leaves Microsoft 365 from the pool for high risks; the same hosts as %s", strings.Join(devices, ", "), from)}})
	m.task(stagePrepare, Task{Who: "tenant admin", Subject: string(d.Name), Text: "add it as an accepted domain, so that replies and reports of failures find it; if Microsoft names another MX host for it, use that",
		Command: "Get-AcceptedDomain | Format-List DomainName,DomainType", Why: "the MX record leads to the tenant"})
}

// sendingThroughTenant returns the devices whose mail from a domain the tenant
// sends on.
func (m *maker) sendingThroughTenant(name dns.Name) []string {
	var list []string
	for _, d := range m.fleet.Devices {
		if !after(d).Kind().Tenant() {
			continue
		}
		from := slices.ContainsFunc(d.From, func(a inventory.Address) bool { return a.Domain == name })
		if from || slices.Contains(d.Envelopes(), name) {
			list = append(list, d.Name)
		}
	}
	return list
}

// exchangersAbove returns the MX records of the nearest own domain above a name
// that has some, or that it is not known which has.
func (m *maker) exchangersAbove(name dns.Name) (mx []dns.Record, of dns.Name, known bool) {
	for above := name.Parent(); above != dns.Root; above = above.Parent() {
		if m.domain(above) == nil {
			continue
		}
		set := m.zones.Set(dns.Key{Name: above, Type: dns.TypeMX})
		if !m.readable(set) {
			return nil, "", false
		}
		if len(set.Records) > 0 && !null(set.Records) {
			return set.Records, above, true
		}
	}
	return nil, "", true
}

// parkHosts says in the DNS that a parked domain takes no mail (RFC 7505).
func (m *maker) parkHosts(d *domain) {
	mx := m.zones.Set(dns.Key{Name: d.Name, Type: dns.TypeMX})
	if !m.readable(mx) {
		m.block(Block{ID: BlockParked, Subject: string(d.Name), Message: "whether the domain takes mail is not known, which a parked one must not", Fix: "plan again when its MX records can be read", Holds: m.parkedSets(d)})
		return
	}
	if mx.Alias != nil {
		return
	}
	switch {
	case null(mx.Records):
	case len(mx.Records)+len(ofType(mx.Materialise, dns.TypeMX)) > 0: // those of a wildcard too
		m.block(Block{ID: BlockParked, Subject: string(d.Name), Message: "the domain has MX records, so it takes mail, but the inventory calls it parked",
			Fix: "take its MX records away if nobody reads that mail, or take domains.parked away", Holds: m.parkedSets(d)})
	default:
		m.stage(stageRecords, dns.Change{Zone: mx.Zone, Key: mx.Key, New: []dns.Record{{Name: d.Name, TTL: defaultTTL, Data: dns.MX{Host: dns.Root}}},
			Why: []string{"the domain is parked: it takes no mail (RFC 7505)"}})
	}
}

// null reports whether MX records say that no mail is taken (RFC 7505 §3).
func null(mx []dns.Record) bool {
	return len(mx) == 1 && mx[0].Data == dns.MX{Host: dns.Root}
}

// parkedSets are the sets by which a domain is parked.
func (m *maker) parkedSets(d *domain) []dns.Key {
	keys := []dns.Key{txt(d.Name)}
	if name, err := d.Child("_dmarc"); err == nil {
		keys = append(keys, txt(name))
	}
	return keys
}

// carryWildcard keeps what wildcards gave to a name that becomes new, to the
// names above it that come to exist with it, and to all names below these: a name
// that exists is answered for by no wildcard any more, for no type, nor is what
// is below it (RFC 4592 §2.2.2, §3.3.1). Of names with an underscore protocols ask
// one type only, the one that is planned.
func (m *maker) carryWildcard(name dns.Name, zone dns.Name, planned map[dns.Key]bool) []dns.Change {
	loss := m.zones.Loss(name)
	if loss.Problem != "" && !asking(loss.Err) {
		m.block(Block{ID: BlockWildcard, Subject: string(name), Message: "a wildcard may answer for this name, and what it gives cannot be told: " + loss.Problem,
			Fix: "plan again when that can be told, or give the name its records by hand first", Holds: heldAt(planned, name)})
		return nil
	}
	carried := carrying{zone: zone, why: string(name) + " has records of its own", planned: planned}
	for _, r := range loss.Records {
		if protocolName(r.Name) {
			continue
		}
		if held := heldAt(planned, r.Name); r.Data.Type() == dns.TypeCNAME && len(held) > 0 {
			m.block(Block{ID: BlockWildcard, Subject: string(name), Message: fmt.Sprintf("a wildcard makes %s an alias, which cannot stand beside other records", r.Name),
				Fix: "give the name its records by hand first", Holds: held})
			return nil
		}
		carried.add(r, "a wildcard gave it to this name, and does not any more once ")
		if below, err := r.Name.Child("*"); err == nil {
			carried.add(dns.Record{Name: below, TTL: r.TTL, Data: r.Data}, "a wildcard gave it to names here, and does not any more once ")
		}
	}
	return carried.changes
}

// carrying collects what is carried over from a wildcard.
type carrying struct {
	zone    dns.Name
	why     string
	planned map[dns.Key]bool
	changes []dns.Change
}

func (c *carrying) add(r dns.Record, words string) {
	k := dns.Key{Name: r.Name, Type: r.Data.Type()}
	if c.planned[k] {
		return
	}
	if i := slices.IndexFunc(c.changes, func(have dns.Change) bool { return have.Key == k }); i >= 0 {
		c.changes[i].New = append(c.changes[i].New, r)
		return
	}
	c.changes = append(c.changes, dns.Change{Zone: c.zone, Key: k, New: []dns.Record{r}, Why: []string{words + c.why}})
}

func heldAt(planned map[dns.Key]bool, name dns.Name) []dns.Key {
	var keys []dns.Key
	for _, t := range []dns.Type{dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeMX, dns.TypeTXT} {
		if k := (dns.Key{Name: name, Type: t}); planned[k] {
			keys = append(keys, k)
		}
	}
	return keys
}

// protocolName reports whether a name is one of those with an underscore, of
// which only one protocol asks (RFC 8552).
func protocolName(name dns.Name) bool {
	return slices.ContainsFunc(name.Labels(), func(l string) bool { return strings.HasPrefix(l, "_") })
}
