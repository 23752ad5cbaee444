package planner

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// ownDomains returns the domains whose records the plan may change: those of the
// inventory, then those that devices send as, in order. What Microsoft holds
// for the tenant is not the user's to change, nor are domains of services.
func ownDomains(inv *inventory.Inventory) []dns.Name {
	var list []dns.Name
	add := func(name dns.Name) {
		if name != "" && !microsoftOwned(name) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	for _, d := range inv.Domains {
		add(d.Name)
	}
	for _, k := range inv.Tenant.DKIM {
		add(k.Domain)
	}
	for _, d := range inv.Devices {
		for _, a := range d.From {
			add(a.Domain)
		}
	}
	roots := slices.Clone(list)
	own := func(name dns.Name) bool { return slices.ContainsFunc(roots, name.Below) }
	for _, d := range inv.Devices {
		for _, name := range append(d.Envelopes(), nullHELO(d)) {
			if name != "" && own(name) {
				add(name)
			}
		}
	}
	return list
}

// nullHELO returns the name that stands for the sender where a device sends with
// the null sender (RFC 7208 §2.4), or "".
func nullHELO(d inventory.Device) dns.Name {
	if d.MailFrom.Null {
		return d.HELO
	}
	return ""
}

// microsoftOwned reports whether a name lies in a zone that Microsoft keeps for
// its tenants.
func microsoftOwned(name dns.Name) bool {
	labels := name.Labels()
	if len(labels) < 2 {
		return false
	}
	second := labels[len(labels)-2]
	return second == "onmicrosoft" || name.Below("onmschina.cn")
}

func (m *maker) domain(name dns.Name) *domain {
	for _, d := range m.domains {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// txt is the key of the TXT records at a name.
func txt(name dns.Name) dns.Key { return dns.Key{Name: name, Type: dns.TypeTXT} }
