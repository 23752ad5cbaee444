package fleet

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/provider"
)

// inputs returns what method needs to know of each device, in the order of the
// inventory.
func inputs(inv *inventory.Inventory, seen Seen) []method.Input {
	all := neighbours(inv, seen)
	list := make([]method.Input, len(inv.Devices))
	for i, d := range inv.Devices {
		list[i] = method.Input{
			Device: all[i].Device,
			Site:   all[i].Site,
			Tenant: tenant(inv, d, seen),
			Others: slices.Concat(all[:i:i], all[i+1:]),
		}
	}
	return list
}

func device(d inventory.Device, seen Seen) method.Device {
	out := method.Device{
		Name: d.Name, Kind: string(d.Kind), Method: method.ID(d.Method), Now: method.ID(d.Now),
		MailFrom: d.MailFrom.String(), HELO: d.HELO, Recipients: d.Recipients,
		Auth: d.Auth, TLS: d.TLS,
		Certificate: d.Certificate, HTTPS: d.HTTPS,
		ThirdParty: hosted(d), SignsAs: d.SignsAs, PerDay: d.PerDay, PerMinute: d.PerMinute,
		FromInDNS: seen.receives(domains(d)),
	}
	for _, a := range d.From {
		out.From = append(out.From, a.String())
		if a.Local == inventory.AnyLocal {
			out.FromVaries = method.True
		}
	}
	return out
}

// hosted reports whether a device leaves from addresses of somebody else. What
// stands at a site leaves from the addresses of that; a newsletter that stands
// nowhere is sent by a service.
func hosted(d inventory.Device) method.Truth {
	switch {
	case d.Kind == inventory.Service:
		return method.True
	case d.Site != "":
		return method.False
	case d.Kind == inventory.Newsletter:
		return method.True
	}
	return method.Unknown
}

// domains returns the domains of a device's From, each once.
func domains(d inventory.Device) []dns.Name {
	var list []dns.Name
	for _, a := range d.From {
		if !slices.Contains(list, a.Domain) {
			list = append(list, a.Domain)
		}
	}
	return list
}

func site(inv *inventory.Inventory, d inventory.Device) method.Site {
	s, ok := inv.Site(d.Site)
	if d.Site == "" || !ok {
		return method.Site{}
	}
	out := method.Site{Name: s.Name, Addresses: s.Addresses, Static: s.Static, Shared: s.Shared, IPv6: s.IPv6}
	switch s.Port25 {
	case inventory.PortOpen:
		out.Port25 = method.True
	case inventory.PortBlocked:
		out.Port25 = method.False
	}
	if slices.ContainsFunc(s.Addresses, isIPv6) {
		out.IPv6 = method.True
	}
	for _, other := range inv.Devices {
		if other.Site != d.Site || other.Name == d.Name {
			continue
		}
		for _, m := range []inventory.Method{other.Method, other.Today()} {
			if m != "" && !slices.Contains(out.Methods, method.ID(m)) {
				out.Methods = append(out.Methods, method.ID(m))
			}
		}
		if other.Kind == inventory.LANRelay {
			out.Relays = append(out.Relays, other.Name)
		}
	}
	return out
}

// tenant returns what is known of the tenant, as it is for one device: its
// mailbox may differ from the rest, and its domains may not all be known.
func tenant(inv *inventory.Inventory, d inventory.Device, seen Seen) method.Tenant {
	t := inv.Tenant
	out := method.Tenant{
		Cloud: provider.Cloud(t.Cloud), MXHost: seen.host(inv, d), Accepted: accepted(inv), AcceptedPartial: true,
		Created: t.Created, Trial: t.Trial, Licences: t.Licences, ExternalPerDay: t.ExternalPerDay,
		RejectDirectSend: t.RejectDirectSend, SMTPAuth: t.SMTPAuth, BasicSMTP: t.BasicSMTP, SecurityDefaults: t.SecurityDefaults,
		Inbound: method.Path(t.Inbound), InboundLocked: locked(t, d), Outbound: method.Path(t.Outbound),
	}
	if out.Inbound == method.PathUnknown {
		out.Inbound = seen.inbound(domains(d))
		out.InboundUnasked = seen.unasked(domains(d))
	}
	if own := mailbox(t, d); own != inventory.Unknown {
		out.SMTPAuth = own
	}
	out.ConnectorsKnown = t.ConnectorsKnown
	for _, c := range t.Connectors {
		out.Connectors = append(out.Connectors, connector(c))
	}
	for _, k := range t.DKIM {
		out.Signing = append(out.Signing, method.Signing{Domain: k.Domain, Enabled: signing(k)})
	}
	return out
}

// accepted returns the domains that the tenant receives for, as far as the
// inventory lists them.
func accepted(inv *inventory.Inventory) []dns.Name {
	var list []dns.Name
	if inv.Tenant.InitialDomain != "" {
		list = append(list, inv.Tenant.InitialDomain)
	}
	for _, known := range inv.Domains {
		list = append(list, known.Name)
	}
	for _, k := range inv.Tenant.DKIM {
		list = append(list, k.Domain)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// signing reports whether the tenant signs: both what was switched on and what
// Exchange found of the records must say so.
func signing(k inventory.DKIM) method.Truth {
	switch {
	case k.Enabled == inventory.False, k.Status == inventory.DKIMCnameMissing, k.Status == inventory.DKIMNoKeys:
		return method.False
	case k.Enabled == inventory.True && k.Status == inventory.DKIMValid:
		return method.True
	}
	return method.Unknown
}

// locked reports whether the tenant takes anonymous mail of the device's
// domains from the addresses of a partner only.
func locked(t inventory.Tenant, d inventory.Device) method.Truth {
	if !t.ConnectorsKnown {
		return method.Unknown
	}
	for _, name := range slices.Concat(domains(d), d.Envelopes()) {
		if len(t.Locks(name)) > 0 {
			return method.True
		}
	}
	return method.False
}

// mailbox returns the setting for client submission of the mailbox that the
// device logs in with. It beats that of the tenant.
func mailbox(t inventory.Tenant, d inventory.Device) inventory.Truth {
	login := d.Login
	if login == (inventory.Address{}) && len(d.From) == 1 {
		login = d.From[0]
	}
	for _, m := range t.Mailboxes {
		if !sameAddress(m.Address, login) {
			continue
		}
		switch m.SMTPAuth {
		case inventory.AuthEnabled:
			return inventory.True
		case inventory.AuthDisabled:
			return inventory.False
		}
	}
	return inventory.Unknown
}

func connector(c inventory.Connector) method.Connector {
	out := method.Connector{
		Name: c.Name, Type: c.Type, Enabled: c.Enabled, Addresses: c.Addresses, Certificate: c.Certificate,
		RestrictToIP: c.RestrictToAddresses, RestrictToTLS: c.RestrictToCertificate,
	}
	for _, p := range c.SenderDomains {
		out.SenderDomains = append(out.SenderDomains, string(p))
	}
	return out
}
