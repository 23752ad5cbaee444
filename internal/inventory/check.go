package inventory

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// checker finds what contradicts itself in an inventory whose fields are right.
type checker struct {
	file    *File
	reader  *reader
	doubts  Errors
	devices map[string]int // by their names, see fold
	sites   map[string]int
	domains map[dns.Name]int
}

func (f *File) check(r *reader) Errors {
	c := &checker{file: f, reader: r, devices: map[string]int{}, sites: map[string]int{}, domains: map[dns.Name]int{}}
	for i, d := range f.Devices {
		c.devices[fold(d.Name)] = i
	}
	for i, s := range f.Sites {
		c.sites[fold(s.Name)] = i
	}
	for i, d := range f.Domains {
		c.domains[d.Name] = i
	}
	c.all()
	return c.doubts.sorted()
}

func (c *checker) fault(n *node, format string, args ...any) {
	c.reader.fault(n.start, format, args...)
}

func (c *checker) doubt(n *node, format string, args ...any) {
	c.doubts = append(c.doubts, c.reader.source.mistake(c.file.name, n.start, format, args...))
}

func (c *checker) all() {
	inv := &c.file.Inventory
	c.unique([]any{"sites"}, "name", "a site", siteNames(inv))
	c.unique([]any{"domains"}, "name", "a domain", each(inv.Domains, func(d Domain) string { return string(d.Name) }))
	c.unique([]any{"devices"}, "name", "a device", deviceNames(inv))
	c.tenant(&inv.Tenant)
	c.overlaps(inv.Sites)
	for i, s := range inv.Sites {
		c.ipv6(s, i)
	}
	for i, d := range inv.Domains {
		c.evidence(d.DMARC.Evidence, i)
		c.unique([]any{"domains", i, "spf", "flattened"}, "term", "a term", each(d.SPF.Flattened, func(f Flattened) string { return f.Term }))
	}
	for i, d := range inv.Devices {
		c.device(d, i)
	}
	c.parked()
	c.loops()
	c.accepted(inv.Accepted)
}

func each[T, S any](list []T, name func(T) S) []S {
	names := make([]S, len(list))
	for i, v := range list {
		names[i] = name(v)
	}
	return names
}

// unique finds names that are given twice in a list.
func (c *checker) unique(path []any, key, what string, names []string) {
	first := map[string]int{}
	for i, name := range names {
		at := c.file.root.at(append(slices.Clone(path), i, key)...)
		folded := fold(name)
		if line, twice := first[folded]; twice {
			c.fault(at, "%s named %q is already on line %d: names are unique, without regard to case", what, name, line)
			continue
		}
		first[folded] = at.start.line + 1
	}
}

func (c *checker) tenant(t *Tenant) {
	c.unique([]any{"tenant", "dkim"}, "domain", "an entry of dkim", each(t.DKIM, func(d DKIM) string { return string(d.Domain) }))
	c.unique([]any{"tenant", "mailboxes"}, "address", "a mailbox", each(t.Mailboxes, func(m Mailbox) string { return m.Address.String() }))
	c.unique([]any{"tenant", "connectors"}, "name", "a connector", each(t.Connectors, func(o Connector) string { return o.Name }))
	c.unique([]any{"tenant", "outbound_connectors"}, "name", "an outbound connector", each(t.OutboundConnectors, func(o OutboundConnector) string { return o.Name }))
	for i, o := range t.Connectors {
		c.disjoint(o.Addresses, "tenant", "connectors", i, "addresses")
	}
	for key, p := range map[string]Path{"inbound": t.Inbound, "outbound": t.Outbound} {
		family, name := p.Of()
		c.named(c.file.root.at("tenant", key), key, family, name)
	}
	c.cloud(t)
	for i, d := range t.DKIM {
		if d.Selector1 != "" && d.Selector1 == d.Selector2 {
			c.fault(c.file.root.at("tenant", "dkim", i, "selector2_cname"), "selector2_cname: %q is the target of selector1_cname too: copy both lines of Get-DkimSigningConfig", string(d.Selector2))
		}
	}
}

// initialZones are the zones of initial domains, for the clouds where they are
// established. That a cloud has no other is not, so a difference is a doubt.
func initialZones() map[Cloud]dns.Name {
	return map[Cloud]dns.Name{Worldwide: "onmicrosoft.com", GCCHigh: "onmicrosoft.us"}
}

func (c *checker) cloud(t *Tenant) {
	zone := initialZones()[t.Cloud]
	if t.InitialDomain != "" && zone != "" && !t.InitialDomain.Below(zone) {
		c.doubt(c.file.root.at("tenant", "initial_domain"), "initial_domain: %q is not below %s, as in the cloud %s", string(t.InitialDomain), zone, t.Cloud)
	}
}

// span is a range of addresses of one site.
type span struct {
	prefix  netip.Prefix
	site, i int
}

// overlaps finds ranges of two sites that overlap: mail from there could be of
// either, though the sites may differ in what is possible.
func (c *checker) overlaps(sites []Site) {
	var spans []span
	for s, site := range sites {
		c.disjoint(site.Addresses, "sites", s, "addresses")
		for i, p := range site.Addresses {
			spans = append(spans, span{p, s, i})
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), a.prefix.Bits()-b.prefix.Bits())
	})
	// Ranges nest or are disjoint, and sorting puts each behind those that
	// hold it.
	var open []span
	for _, s := range spans {
		for len(open) > 0 && !open[len(open)-1].prefix.Overlaps(s.prefix) {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && open[len(open)-1].site != s.site {
			c.overlap(open[len(open)-1], s, sites)
		}
		open = append(open, s)
	}
}

func (c *checker) overlap(a, b span, sites []Site) {
	if a.site > b.site {
		a, b = b, a
	}
	at := c.file.root.at("sites", b.site, "addresses", b.i)
	c.fault(at, "addresses: %s of site %q overlaps %s of site %q: an address belongs to one site", prefixText(b.prefix), sites[b.site].Name, prefixText(a.prefix), sites[a.site].Name)
}

// disjoint finds ranges of one list that overlap.
func (c *checker) disjoint(list []netip.Prefix, path ...any) {
	for i, p := range list {
		for _, q := range list[:i] {
			if p.Overlaps(q) {
				c.fault(c.file.root.at(append(slices.Clone(path), i)...), "addresses: %s is already in %s of this list", prefixText(p), prefixText(q))
				break
			}
		}
	}
}

// ipv6 finds an IPv6 address of a site that mail is said not to leave over.
func (c *checker) ipv6(s Site, i int) {
	j := slices.IndexFunc(s.Addresses, func(p netip.Prefix) bool { return p.Addr().Is6() })
	if s.IPv6 == False && j >= 0 {
		c.fault(c.file.root.at("sites", i, "ipv6"), "ipv6: the site has the IPv6 addresses %s: expected true, or the addresses without them", prefixText(s.Addresses[j]))
	}
}

func (c *checker) evidence(list []Evidence, domain int) {
	for i, e := range list {
		at := func(key string) *node { return c.file.root.at("domains", domain, "dmarc", "evidence", i, key) }
		if e.Last.Before(e.First) {
			c.fault(at("last"), "last: %s is before the first day, %s", e.Last.Format("2006-01-02"), e.First.Format("2006-01-02"))
		}
		if e.Failing > e.Messages {
			c.fault(at("failing"), "failing: %d of %d messages cannot be", e.Failing, e.Messages)
		}
	}
}

func (c *checker) device(d Device, i int) {
	at := func(path ...any) *node { return c.file.root.at(append([]any{"devices", i}, path...)...) }
	if _, ok := c.sites[fold(d.Site)]; d.Site != "" && !ok {
		c.fault(at("site"), "site: there is no site %q%s", d.Site, c.meant(d.Site, "sites", siteNames))
	}
	for key, m := range map[string]Method{"method": d.Method, "now": d.Now} {
		family, name := m.Of()
		c.named(at(key), key, family, name)
		if family == Via && sameName(name, d.Name) {
			c.fault(at(key), "%s: %q hands its mail to itself", key, d.Name)
		}
	}
	if d.Method.Dead() {
		c.fault(at("method"), "method: %s is only what a device may use now: write it as now, and as method what it shall use", d.Method)
	}
	for j, a := range d.From {
		if !c.known(a.Domain) {
			c.doubt(at("from", j), "from: %s is of no domain under domains, so nothing is planned for it", a)
		}
	}
}

// known reports whether a domain is listed, or below one that is.
func (c *checker) known(n dns.Name) bool {
	t := c.file.Tenant
	return t.InitialDomain == n || slices.ContainsFunc(c.file.Domains, func(d Domain) bool { return n.Below(d.Name) })
}

// named checks that what a method or a path names exists.
func (c *checker) named(at *node, key string, family Family, name string) {
	switch family {
	case "":
	case Via, OwnServerFamily:
		if _, ok := c.devices[fold(name)]; !ok {
			c.fault(at, "%s: there is no device %q%s", key, name, c.meant(name, "devices", deviceNames))
		}
	default:
		if c.file.providers == nil {
			return
		}
		if ids := c.file.providers(family); !slices.Contains(ids, name) {
			c.fault(at, "%s: there is no %s %q in the catalogue%s: expected the id of an entry", key, family, name, near(name, ids))
		}
	}
}

func siteNames(inv *Inventory) []string {
	return each(inv.Sites, func(s Site) string { return s.Name })
}

func deviceNames(inv *Inventory) []string {
	return each(inv.Devices, func(d Device) string { return d.Name })
}

// meant says what a name may have been meant to be, and what there is. It is
// worked out only for the mistakes that are shown.
func (c *checker) meant(name, list string, names func(*Inventory) []string) string {
	if len(c.reader.errs) > maxErrors {
		return ""
	}
	words := names(&c.file.Inventory)
	slip := near(name, words)
	switch {
	case len(words) == 0:
		return ": expected one of " + list + ", which is empty"
	case len(words) > 8:
		return slip + ": expected " + strings.Join(words[:8], ", ") + " or another of " + list
	default:
		return slip + ": expected " + either(words)
	}
}

// loops finds devices that hand mail to each other in a circle, as they are
// and as they shall be.
func (c *checker) loops() {
	if !c.circle("method", func(d Device) Method { return d.Method }) {
		c.circle("now", Device.Today)
	}
}

// circle reports each circle once.
func (c *checker) circle(key string, method func(Device) Method) (found bool) {
	state := make([]int, len(c.file.Devices)) // the walk that came by, from 1
	for i := range c.file.Devices {
		for at := i; state[at] == 0; {
			state[at] = i + 1
			family, name := method(c.file.Devices[at]).Of()
			next, ok := c.devices[fold(name)]
			if family != Via || !ok || next == at {
				break
			}
			if state[next] == i+1 {
				c.fault(c.file.root.at("devices", at, key), "%s: mail goes in a circle from %q by way of %q", key, c.file.Devices[next].Name, c.file.Devices[at].Name)
				found = true
				break
			}
			at = next
		}
	}
	return found
}
