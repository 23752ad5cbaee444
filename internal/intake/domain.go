package intake

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// maxHints bounds what a hostile record can make a draft hold, of each sort.
const maxHints = 40

// Domain takes from a domain's DNS what an inventory of it begins with. A record
// shows who may send, not who does: senders are hints.
func Domain(d *check.Domain) inventory.Seen {
	seen := inventory.Seen{Domain: d.Name, InitialDomain: initialDomain(d), Cloud: cloud(d)}
	seen.Inbound, seen.Gateway = inbound(d)
	if d.SPF.Root != nil {
		for _, n := range d.SPF.Root.Children {
			addSPF(&seen, n)
		}
	}
	for _, s := range d.DKIM.Selectors {
		addDKIM(&seen, s)
	}
	seen.Sources = seen.Sources[:min(len(seen.Sources), maxHints)]
	seen.Services = seen.Services[:min(len(seen.Services), maxHints)]
	return seen
}

// initialDomain reads the name of the tenant from a target of DKIM that carries
// this domain's label. A target with another's label says nothing of this one.
func initialDomain(d *check.Domain) dns.Name {
	for _, s := range []provider.MicrosoftSelector{d.DKIM.Microsoft.First, d.DKIM.Microsoft.Second} {
		if !s.Form || s.Owner != provider.ThisDomain {
			continue
		}
		zone := s.Target.Suffix
		if s.Target.Zone == provider.ZoneDKIM {
			zone = "onmicrosoft.com"
		}
		if name, err := dns.ParseName(s.Target.Initial + "." + zone); err == nil {
			return name
		}
	}
	return ""
}

// cloud tells the cloud where the MX hosts or the SPF record leave only one.
func cloud(d *check.Domain) inventory.Cloud {
	var found []provider.Cloud
	for _, h := range d.Exchange.Hosts {
		found = append(found, h.Microsoft.Family.Clouds()...)
	}
	if len(found) == 0 && d.SPF.Root != nil {
		for _, n := range d.SPF.Root.Children {
			found = append(found, includes(n)...)
		}
	}
	slices.Sort(found)
	if found = slices.Compact(found); len(found) == 1 {
		return inventory.Cloud(found[0])
	}
	return ""
}

// includes returns the clouds whose domains include what a term does.
func includes(n *spf.Node) []provider.Cloud {
	var list []provider.Cloud
	for _, c := range []provider.Cloud{provider.Worldwide, provider.GCCHigh, provider.DoD, provider.China} {
		if n.Target != "" && n.Target == c.SPFInclude() {
			list = append(list, c)
		}
	}
	return list
}

// inbound tells what receives the domain's mail, if all its hosts agree.
func inbound(d *check.Domain) (inventory.Path, string) {
	var path inventory.Path
	title := ""
	if d.Exchange.Implicit() {
		return "", ""
	}
	for _, h := range d.Exchange.Hosts {
		p, name := behind(h.Name)
		if p == "" || path != "" && p != path {
			return "", ""
		}
		path, title = p, name
	}
	return path, title
}

func behind(host dns.Name) (inventory.Path, string) {
	if _, ok := provider.ParseMX(host); ok {
		return inventory.PathDirect, ""
	}
	entries := provider.ByMX(host)
	if len(entries) != 1 || !stands(entries[0], inventory.Gateway) {
		return "", ""
	}
	return inventory.Path("gateway:" + string(entries[0].ID)), entries[0].ShortName()
}

// addSPF notes the sender that a term of the domain's own record allows.
func addSPF(seen *inventory.Seen, n *spf.Node) {
	switch n.Term.Kind {
	case spf.KindIP4, spf.KindIP6:
		p := n.Term.Prefix
		if p.IsValid() && p.Bits() > 0 && !dns.PrivateAddr(p.Addr()) {
			seen.Sources = append(seen.Sources, inventory.SeenSource{Prefix: p, Why: n.Term.Text})
		}
	case spf.KindInclude, spf.KindRedirect:
		if n.Target == "" || len(includes(n)) > 0 {
			return
		}
		if s := service(n.Target); string(seen.Inbound) != "gateway:"+s.Name {
			addService(seen, s, "SPF "+n.Term.Text)
		}
	}
}

// service is the sender behind a name that SPF includes.
func service(target dns.Name) inventory.SeenService {
	e, ok := provider.ByInclude(target)
	if !ok {
		return inventory.SeenService{Name: label(target), Title: "an unknown sender behind " + target.Unicode()}
	}
	return known(e)
}

func known(e provider.Entry) inventory.SeenService {
	s := inventory.SeenService{Name: string(e.ID), Title: e.ShortName()}
	switch {
	case e.Is(provider.Hoster):
		s.Method = inventory.Method("hoster:" + string(e.ID))
	case stands(e, inventory.Relay):
		s.Method = inventory.Method("relay:" + string(e.ID))
	}
	return s
}

// label makes a device's name of a domain.
func label(n dns.Name) string { return strings.ReplaceAll(string(n), ".", "-") }

// addDKIM notes the sender whose key a selector leads to. Selectors that were
// not found say nothing, and those of Microsoft 365 are the tenant's own.
func addDKIM(seen *inventory.Seen, s dkim.Selector) {
	if s.Target == "" || s.State != dkim.Live {
		return
	}
	if _, ok := provider.ParseDKIMTarget(s.Target); ok {
		return
	}
	e, ok := provider.ByDKIMTarget(s.Target)
	if !ok {
		return
	}
	addService(seen, known(e), fmt.Sprintf("DKIM %s to %s", s.Name, s.Target))
}

// addService adds a sender, or one more sign of it.
func addService(seen *inventory.Seen, s inventory.SeenService, why string) {
	for i, have := range seen.Services {
		if have.Name == s.Name {
			seen.Services[i].Why = have.Why + ", " + why
			return
		}
	}
	s.Why = why
	seen.Services = append(seen.Services, s)
}

// Unasked reports whether a question failed whose answer the inventory would
// hold.
func Unasked(d *check.Domain) bool {
	if d.Exchange.MX.Err != nil || d.SPF.Root == nil || d.SPF.Root.Err != nil {
		return true
	}
	for _, s := range d.DKIM.Selectors {
		if s.Err != nil && (s.Selector == provider.Selector1 || s.Selector == provider.Selector2) {
			return true
		}
	}
	return false
}
