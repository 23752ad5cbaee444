package check

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// View says whether the given resolver shows a domain as the internet sees it,
// and which view is judged. Networks often have a zone of the same name inside
// (split DNS), and what is missing there may well be published.
type View struct {
	Judged Judged
	Zone   dns.Name // that holds the domain, as the given resolver says; "" if it says none
	// Private are the hosts of the domain whose addresses the internet cannot
	// reach, in words: the sign of an inside view.
	Private []string
	Differs []string   // the sets that differ from the public ones, such as "MX contoso.example"
	Whole   bool       // all sets could be compared
	Public  []dns.Name // the zones that were asked of their public name servers; empty with a resolver that was named
	By      string     // who showed the public view, in words
	Err     *dns.Error // why the public view could not be asked, if it was wanted
}

// Judged says where the answers come from that are judged.
type Judged uint8

// The views.
const (
	JudgedGiven     Judged = iota // the given resolver: nothing speaks against it
	JudgedPublic                  // the public view, because the given one is, or may be, another
	JudgedUnreached               // none: the given view may be an inside one, and the public could not be asked
)

// shows reports whether what is known about a name is its public view.
func (v View) shows(name dns.Name) bool {
	switch {
	case v.Judged == JudgedGiven:
		return true
	case v.Judged == JudgedUnreached:
		return false
	}
	return len(v.Public) == 0 || slices.ContainsFunc(v.Public, name.Below)
}

// zoneFacts is what the given resolver says about the zone of a domain and its
// servers.
type zoneFacts struct {
	ns, soa Lookup
	zone    dns.Name
	hosts   []zoneHost
}

// zoneHost is a name server, or the primary that the SOA record names.
type zoneHost struct {
	role string
	name dns.Name
	at   Lookup // A, or AAAA if there is none
}

// maxZoneHosts is how many name servers are looked at for the sign of an inside
// view. Where one is private, the first ones are.
const maxZoneHosts = 4

func lookZone(r dns.Resolver, name dns.Name) zoneFacts {
	z := zoneFacts{ns: lookup(r, name, dns.TypeNS), soa: lookup(r, name, dns.TypeSOA)}
	soa, ok := startOf(name, z.soa)
	switch {
	case ok && (soa.Name == name || !PublicSuffix(name).Below(soa.Name)):
		z.zone = soa.Name
	case len(z.ns.Answer.Records) > 0 && len(z.ns.Answer.Chain) == 0:
		z.zone = name
	default:
		return z
	}
	if z.zone != name {
		z.ns = lookup(r, z.zone, dns.TypeNS)
	}
	for _, record := range z.ns.Answer.Records[:min(len(z.ns.Answer.Records), maxZoneHosts)] {
		z.addHost(r, "name server", record.Data.(dns.NS).Host)
	}
	if ok {
		z.addHost(r, "primary name server", soa.Data.(dns.SOA).MName)
	}
	return z
}

func (z *zoneFacts) addHost(r dns.Resolver, role string, name dns.Name) {
	if name == dns.Root || slices.ContainsFunc(z.hosts, func(h zoneHost) bool { return h.name == name }) {
		return
	}
	h := zoneHost{role, name, lookup(r, name, dns.TypeA)}
	if h.at.Err == nil && h.at.Answer.Void() {
		h.at = lookup(r, name, dns.TypeAAAA)
	}
	z.hosts = append(z.hosts, h)
}

// startOf returns the SOA record of the zone that holds name, from the answer to
// an SOA question.
func startOf(name dns.Name, l Lookup) (dns.Record, bool) {
	switch {
	case l.Err != nil || len(l.Answer.Chain) > 0:
		return dns.Record{}, false
	case len(l.Answer.Records) > 0:
		return l.Answer.Records[0], true
	case l.Answer.Negative != nil && name.Below(l.Answer.Negative.Name):
		return *l.Answer.Negative, true
	}
	return dns.Record{}, false
}

// private returns the hosts of the zone and of the domain's mail that have an
// address which the internet cannot reach, in words.
func (z zoneFacts) private(x Exchange) []string {
	var signs []string
	add := func(role string, name dns.Name, ips []netip.Addr) {
		if i := slices.IndexFunc(ips, dns.PrivateAddr); i >= 0 {
			signs = append(signs, fmt.Sprintf("the %s %s has the address %s", role, name, ips[i]))
		}
	}
	for _, h := range z.hosts {
		add(h.role, h.name, addressesOf(h.at))
	}
	for _, h := range x.Hosts {
		add("mail exchanger", h.Name, h.Addresses())
	}
	return signs
}

// unclear reports whether the resolver failed to say anything about the zone's
// servers that speaks for the public view.
func (z zoneFacts) unclear() bool {
	failed := z.ns.Err != nil || z.soa.Err != nil
	for _, h := range z.hosts {
		if len(addressesOf(h.at)) > 0 {
			return false
		}
		failed = failed || h.at.Err != nil
	}
	return failed && !z.open()
}

// open reports whether a question about the zone is still open.
func (z zoneFacts) open() bool {
	return asking(z.ns.Err) || asking(z.soa.Err) || slices.ContainsFunc(z.hosts, func(h zoneHost) bool { return asking(h.at.Err) })
}

func addressesOf(l Lookup) []netip.Addr {
	var ips []netip.Addr
	for _, r := range l.Answer.Records {
		ips = append(ips, r.Data.(dns.Addr).IP)
	}
	return ips
}

// lookView finds out whether the given resolver, with whose answers given was
// made, shows the public view. It returns the resolver that shows what is to be
// judged instead, nil if that is given itself or while it is not known yet.
//
// The public view is asked only where there is a reason: that costs questions
// to servers which many networks do not let through.
func lookView(r dns.Resolver, given *Domain, zone zoneFacts, opts Options) (View, dns.Resolver) {
	v := View{Zone: zone.zone, Private: zone.private(given.Exchange)}
	doubtful := len(v.Private) > 0 || zone.unclear()
	if !doubtful && !opts.Public && !opts.Authoritative {
		return v, nil
	}
	out := lookOutside(r, given, opts)
	switch {
	case asking(out.err):
		return v, nil
	case out.err != nil && doubtful:
		v.Judged, v.Err = JudgedUnreached, out.err
		return v, hideInside(r, given, v.Zone)
	case out.err != nil:
		v.Err = out.err
		return v, nil
	}
	v.By, v.Public = out.by, out.zones
	v.Differs, v.Whole = out.differences(r, given, len(v.Private) > 0)
	if len(v.Private) > 0 || len(v.Differs) > 0 {
		v.Judged = JudgedPublic
		return v, out.r
	}
	return v, nil
}

// hideInside returns the resolver of a view that may not be judged: every answer
// about the zone, and about mail hosts with private addresses, is unknown.
func hideInside(r dns.Resolver, given *Domain, zone dns.Name) dns.Resolver {
	if zone == "" {
		zone = given.Name
	}
	why := &dns.Error{Cause: dns.Unreachable, Detail: unseen}
	hidden := dns.Unreached(r, zone, why)
	for _, h := range given.Exchange.privateHosts() {
		if !h.Below(zone) {
			hidden = dns.Unreached(hidden, h, why)
		}
	}
	return hidden
}

// unseen is the detail of a failure that stands for an answer of an inside view.
const unseen = "what the resolver says may be an inside view, see split-dns"

// maxPrivateHosts is for how many mail exchangers the public view is looked up.
// Those beyond it are not judged.
const maxPrivateHosts = 10

// privateHosts returns the mail exchangers that have a private address.
func (x Exchange) privateHosts() []dns.Name {
	var names []dns.Name
	for _, h := range x.Hosts {
		if len(names) < maxPrivateHosts && slices.ContainsFunc(h.Addresses(), dns.PrivateAddr) {
			names = append(names, h.Name)
		}
	}
	return names
}

// outside is the public view.
type outside struct {
	r       dns.Resolver
	by      string           // who shows it, in words
	zones   []dns.Name       // asked of their own name servers
	servers []dns.Nameserver // of the domain's zone
	err     *dns.Error       // why there is none
}

// lookOutside takes the resolver that the user named for the public view, or,
// without one or if it fails, the public name servers of the domain.
func lookOutside(r dns.Resolver, given *Domain, opts Options) outside {
	if opts.Public {
		named := dns.At(r, dns.Trusted)
		failed := lookup(named, given.Name, dns.TypeSOA).Err
		if failed == nil {
			return outside{r: named, by: "the resolver named by --public"}
		}
		if asking(failed) {
			return outside{err: failed}
		}
	}
	a := dns.FindAuthority(context.Background(), r, given.Name, opts.Nameservers)
	if a.Err != nil {
		return outside{err: a.Err}
	}
	zone := ownZone(a.Zone, given.Name)
	out := outside{
		r:  dns.Public(r, zone, a.Servers, opts.Nameservers),
		by: "the public name servers of " + a.Zone.Unicode(), zones: []dns.Name{zone}, servers: a.Servers,
	}
	for _, host := range given.Exchange.privateHosts() { // of a zone that may be split as well
		if host.Below(zone) {
			continue
		}
		b := dns.FindAuthority(context.Background(), r, host, opts.Nameservers)
		switch {
		case asking(b.Err):
			return outside{err: b.Err}
		case b.Err != nil:
			out.r = dns.Unreached(out.r, host, b.Err)
		default:
			out.zones = append(out.zones, ownZone(b.Zone, host))
			out.r = dns.Public(out.r, ownZone(b.Zone, host), b.Servers, opts.Nameservers)
		}
	}
	return out
}

// ownZone returns the part of a public zone in which names are asked of its
// servers on behalf of name: the zone, or, where that is a public suffix because
// name is not registered, the name below it that could be.
func ownZone(zone, name dns.Name) dns.Name {
	suffix := PublicSuffix(name)
	if !suffix.Below(zone) {
		return zone
	}
	for name != suffix && name.Parent() != suffix {
		name = name.Parent()
	}
	return name
}

// differences names the sets of the domain of which the given resolver says
// something else than the public view. What could not be asked does not count;
// whole is false then. Nor does, without other signs of an inside view, what a
// server may say that did not answer.
func (o outside) differences(r dns.Resolver, given *Domain, signs bool) (differs []string, whole bool) {
	keys := []dns.Key{{Name: given.Name, Type: dns.TypeSOA}, {Name: given.Name, Type: dns.TypeMX}, {Name: given.Name, Type: dns.TypeTXT}}
	if policy, err := given.Name.Child("_dmarc"); err == nil {
		keys = append(keys, dns.Key{Name: policy, Type: dns.TypeTXT})
	}
	for _, host := range given.Exchange.privateHosts() {
		keys = append(keys, dns.Key{Name: host, Type: dns.TypeA}, dns.Key{Name: host, Type: dns.TypeAAAA})
	}
	whole = true
	for _, k := range keys {
		mine, public := lookup(r, k.Name, k.Type), lookup(o.r, k.Name, k.Type)
		switch {
		case mine.Err != nil || public.Err != nil:
			whole = false
		case contents(k, mine) != contents(k, public):
			switch others := o.others(r, k, contents(k, mine)); {
			case others.agree:
			case others.silent && !signs:
				whole = false
			default:
				differs = append(differs, k.String())
			}
		}
	}
	return differs, whole
}

// others is what the public name servers say about a set, one by one.
type others struct {
	agree  bool // one of them says the same as the given resolver, or may yet
	silent bool // one of them says nothing
}

// others asks each public name server for a set: they can differ among
// themselves, such as while a change spreads.
func (o outside) others(r dns.Resolver, k dns.Key, mine string) others {
	var found others
	silent := make(map[dns.Name]bool) // hosts, none of whose addresses answers
	for _, s := range o.servers {
		if !k.Name.Below(o.zones[0]) {
			break
		}
		one := Lookup{Err: s.Err}
		if s.Err == nil {
			one = lookup(dns.At(r, dns.SourceAt(s.Addr)), k.Name, k.Type)
		}
		heard, seen := silent[s.Host]
		silent[s.Host] = one.Err != nil && (heard || !seen)
		if asking(one.Err) || one.Err == nil && len(one.Answer.Chain)+len(one.Answer.Referral) == 0 && contents(k, one) == mine {
			found.agree = true
		}
	}
	for _, s := range o.servers {
		found.silent = found.silent || silent[s.Host]
	}
	return found
}

// contents returns what an answer says about a set, for comparison: without
// TTLs, which count down, and without a zone's serial and times, which a cache
// may have old.
func contents(k dns.Key, l Lookup) string {
	if k.Type == dns.TypeSOA {
		start, ok := startOf(k.Name, l)
		if !ok {
			return ""
		}
		soa := start.Data.(dns.SOA)
		return fmt.Sprint(start.Name, soa.MName, soa.RName)
	}
	var lines []string
	for _, r := range l.Answer.Records {
		lines = append(lines, r.Data.String())
	}
	return strings.Join(lines, "\n")
}
