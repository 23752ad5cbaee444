package planner

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// ownDomains returns the domains whose records the plan may change: those that
// the inventory lists, or of which it says that the tenant signs for them, and
// names below them that devices send as, in order. What the inventory does not
// list may be anybody's, and what Microsoft holds for the tenant is not the
// user's to change.
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
	roots := slices.Clone(list)
	for _, d := range inv.Devices {
		used := append(d.Envelopes(), nullHELO(d))
		for _, a := range d.From {
			used = append(used, a.Domain)
		}
		for _, name := range used {
			if slices.ContainsFunc(roots, name.Below) {
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
