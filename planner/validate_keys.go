package planner

import (
	"fmt"
	"slices"

	"sendplan/dkim"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
)

// compareKeys looks whether the keys that stand at a domain's selectors today
// still do. Who signs with a key the DNS does not tell, so that one which goes is
// a loss only if the inventory says who does.
func (m *maker) compareKeys(d *domain, then dns.Resolver) {
	today := m.keysToday(d)
	var names []string
	for _, s := range today {
		names = append(names, s.Selector)
	}
	if len(names) == 0 {
		return
	}
	later := check.LookDKIM(then, d.Name, check.Options{Selectors: names}).Selectors
	for _, s := range today {
		i := slices.IndexFunc(later, func(l dkim.Selector) bool { return l.Selector == s.Selector })
		if i >= 0 {
			m.compareKey(d, s, later[i])
		}
	}
}

// keysToday are the selectors that answer with a key today, or with an alias to
// where Microsoft will keep its next; and those of the inventory of which that is
// not known.
func (m *maker) keysToday(d *domain) []dkim.Selector {
	named := m.signingSelectors(d)
	list := check.LookDKIM(m.now, d.Name, check.Options{}).Selectors
	missing := slices.DeleteFunc(slices.Clone(named), func(name string) bool {
		return slices.ContainsFunc(list, func(s dkim.Selector) bool { return s.Selector == name })
	})
	if len(missing) > 0 {
		list = append(list, check.LookDKIM(m.now, d.Name, check.Options{Selectors: missing}).Selectors...)
	}
	return slices.DeleteFunc(list, func(s dkim.Selector) bool {
		return s.State != dkim.Live && s.State != dkim.Dormant && (s.State != dkim.Unknown || !slices.Contains(named, s.Selector))
	})
}

// signingSelectors are the selectors with which the inventory says that somebody
// signs for a domain.
func (m *maker) signingSelectors(d *domain) []string {
	var list []string
	for _, device := range m.fleet.Devices {
		if device.SignsAs == d.Name && device.SignSelector != "" && !slices.Contains(list, device.SignSelector) {
			list = append(list, device.SignSelector)
		}
	}
	if m.tenantSigns(d) == inventory.True {
		list = append(list, provider.Selector1, provider.Selector2)
	}
	return list
}

// tenantSigns is what the inventory says of the tenant's signature.
func (m *maker) tenantSigns(d *domain) inventory.Truth {
	for _, k := range m.inv.Tenant.DKIM {
		if k.Domain == d.Name {
			return k.Enabled
		}
	}
	return inventory.Unknown
}

// signingTarget is where the inventory says that an alias of the tenant's must lead.
func (m *maker) signingTarget(d *domain, selector string) dns.Name {
	for _, k := range m.inv.Tenant.DKIM {
		switch {
		case k.Domain != d.Name:
		case selector == provider.Selector1:
			return k.Selector1
		case selector == provider.Selector2:
			return k.Selector2
		}
	}
	return ""
}

// compareKey compares what one selector answers.
func (m *maker) compareKey(d *domain, today, later dkim.Selector) {
	_, microsoft := provider.ParseDKIMTarget(today.Target)
	switch {
	case same(today, later):
	case today.State == dkim.Dormant && later.Target != "" && later.Target == m.signingTarget(d, today.Selector): // as Exchange Online wants it
	case microsoft && m.tenantSigns(d) == inventory.False: // nobody signs with it
	case today.State == dkim.Unknown && (later.State == dkim.Live || later.State == dkim.Dormant):
	case today.State == dkim.Unknown, later.State == dkim.Unknown:
		m.keyNotCompared(today, later)
	case slices.Contains(m.signingSelectors(d), today.Selector) && later.State != dkim.Live:
		m.block(Block{ID: BlockLoses, Subject: string(today.Name), Message: "mail is signed with this selector: " + gone(today, later) + "; where mail is forwarded it passes by nothing else", Fix: "take it into the zone again"})
	default:
		m.unknown(Unknown{Subject: string(today.Name), Message: gone(today, later) + "; whether anybody signs with it is not known", Fix: "take it into the zone again, or find out that nobody does and take it out of the present zone first"})
	}
}

// same reports whether verifiers find the same key, or Microsoft the same place
// for one.
func same(today, later dkim.Selector) bool {
	if today.State == dkim.Dormant {
		return later.State == dkim.Live || later.Target == today.Target
	}
	key, _ := today.Record.Tag("p")
	other, _ := later.Record.Tag("p")
	return today.State == dkim.Live && later.State == dkim.Live && key.Value == other.Value
}

// gone says what becomes of a selector.
func gone(today, later dkim.Selector) string {
	switch {
	case later.State == dkim.Live:
		return "another key would stand there"
	case today.State == dkim.Dormant:
		return "the alias to Microsoft's next key would not stand there any more"
	}
	return fmt.Sprintf("its key would not stand there any more (%s)", later.State)
}

func (m *maker) keyNotCompared(today, later dkim.Selector) {
	cause := today.Err
	if today.State != dkim.Unknown {
		cause = later.Err
	}
	if !asking(cause) {
		m.unknown(Unknown{Subject: string(today.Name), Message: "whether its key stays is not known", Fix: "try again when that name answers", Cause: cause})
	}
}
