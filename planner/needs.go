package planner

import (
	"fmt"
	"net/netip"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/provider"
)

// need is something that a domain's SPF record must allow.
type need struct {
	prefixes []netip.Prefix // of a site
	includes []dns.Name     // or of a service: what a record names for it
	service  string
	who      string // the device, or a description
	why      string
}

// findNeeds says for each domain what its SPF record must allow, by the routes
// of the devices and of the mailboxes.
func (m *maker) findNeeds() {
	for _, d := range m.fleet.Devices {
		if d.Fits() != method.False { // else it cannot send by that
			m.needOf(d, after(d), func(own *domain, n need) { own.needs = append(own.needs, n) })
		}
		m.needOf(d, method.ID(d.Today()), func(own *domain, n need) { own.uses = append(own.uses, n) })
	}
	for _, own := range m.domains {
		if n, ok := m.mailboxes(own); ok {
			own.needs = append(own.needs, n)
		}
	}
}

// after is the method that a device shall use; where nothing is decided, that of
// today.
func after(d fleet.Device) method.ID {
	if d.Device.Method != "" {
		return method.ID(d.Device.Method)
	}
	return method.ID(d.Today())
}

// needOf adds what the hops of a device's mail need by a method.
func (m *maker) needOf(d fleet.Device, id method.ID, add func(*domain, need)) {
	relaying := m.relaying(d.Device, id)
	for _, hop := range method.Route(d.Input, id) {
		n := need{who: d.Name, why: hop.Why, prefixes: hop.Addresses, includes: hop.Includes, service: string(hop.Service)}
		switch {
		case hop.Judged != method.False:
		case relaying != "" && hop.From == relaying:
			n.why = "Microsoft asks for the address of a device that relays through a connector"
		default:
			continue
		}
		if !spfMatters(hop.Service) {
			continue
		}
		for _, name := range envelope(d.Device, hop) {
			if own := m.domain(name); own != nil {
				add(own, n)
			}
		}
	}
}

// relaying returns the device that hands mail over to a connector that knows its
// address: the device itself, or the relay on the LAN in front; "" if none does.
func (m *maker) relaying(d inventory.Device, id method.ID) string {
	for range m.inv.Devices { // relays may name each other
		relay, ok := m.inv.Device(id.Name())
		if id.Kind() != method.Via || !ok {
			break
		}
		d, id = relay, method.ID(relay.Method)
	}
	if kind := id.Kind(); kind == method.ConnectorIP || kind == method.DirectSend {
		return d.Name
	}
	return ""
}

// spfMatters reports whether a service's mail is looked up in the SPF record of
// its customer's domain, as far as the catalogue knows.
func spfMatters(service provider.ID) bool {
	e, ok := provider.ByID(service)
	return !ok || e.SPF.Needed != provider.NotNeeded && e.SPF.Where != provider.ProviderDomain && e.SPF.Where != provider.Nowhere
}

// envelope returns the domains whose SPF record a hop is looked up in.
func envelope(d inventory.Device, hop method.Hop) []dns.Name {
	switch {
	case hop.MailFrom.Null && hop.HELO != "":
		return []dns.Name{hop.HELO} // RFC 7208 §2.4
	case hop.MailFrom.Known == method.True:
		return hop.MailFrom.Domains
	}
	return nil
}

// mailboxes is what the people's mailboxes of a domain need, where the tenant
// holds them and it is known how mail leaves it.
func (m *maker) mailboxes(d *domain) (need, bool) {
	if !m.hasMailboxes(d) {
		return need{}, false
	}
	hop := m.mailboxHop(d)
	n := need{who: mailboxesOf(d), why: hop.Why, prefixes: hop.Addresses, includes: hop.Includes, service: string(hop.Service)}
	return n, hop.Judged == method.True && spfMatters(hop.Service)
}

// hasMailboxes reports whether the tenant holds mailboxes of a domain, as far as
// that shows.
func (m *maker) hasMailboxes(d *domain) bool {
	return d.listed && d.wish.Parked != inventory.True && m.inTenant(d)
}

// mailboxesUnknown returns why it cannot be told whether the tenant holds
// mailboxes of a domain, or nil.
func (m *maker) mailboxesUnknown(d *domain) *dns.Error {
	if !d.listed || d.wish.Parked == inventory.True || m.inTenant(d) {
		return nil
	}
	_, err := m.hosted.Lookup(m.ctx, d.Name, dns.TypeMX)
	if failed := dns.AsError(err); !asking(failed) {
		return failed
	}
	return nil
}

func mailboxesOf(d *domain) string { return "mailboxes of " + string(d.Name) + " in Microsoft 365" }

// mailboxHop is the last hop of mail from the tenant's mailboxes of a domain.
func (m *maker) mailboxHop(d *domain) method.Hop {
	hops := method.Route(fleet.Mailbox(m.inv, d.Name), method.SMTPAuthID)
	return hops[len(hops)-1]
}

// inTenant reports whether something shows that the tenant holds mailboxes of a
// domain: its MX records, or that it signs for it.
func (m *maker) inTenant(d *domain) bool {
	if slices.ContainsFunc(m.inv.Tenant.DKIM, func(k inventory.DKIM) bool { return k.Domain == d.Name && k.Enabled == inventory.True }) {
		return true
	}
	_, inbound := m.inv.Tenant.Inbound.Of() // the gateway in front of the tenant
	mx, err := m.hosted.Lookup(m.ctx, d.Name, dns.TypeMX)
	return err == nil && slices.ContainsFunc(mx.Records, func(r dns.Record) bool {
		host, ok := r.Data.(dns.MX)
		if !ok {
			return false
		}
		_, microsoft := provider.ParseMX(host.Host)
		return microsoft || slices.ContainsFunc(provider.ByMX(host.Host), func(e provider.Entry) bool { return string(e.ID) == inbound })
	})
}

// fixed reports whether a prefix may stand in a record for long: it is of a
// site whose addresses stay, and are nobody else's.
func (m *maker) fixed(p netip.Prefix) (may method.Truth, why string) {
	for _, s := range m.inv.Sites {
		if !slices.ContainsFunc(s.Addresses, func(a netip.Prefix) bool { return a.Overlaps(p) }) {
			continue
		}
		switch {
		case s.Static == inventory.False:
			return method.False, fmt.Sprintf("the addresses of site %s change", s.Name)
		case s.Shared == inventory.True:
			return method.False, fmt.Sprintf("site %s shares its addresses with strangers", s.Name)
		case s.Static == inventory.True && s.Shared == inventory.False:
			return method.True, ""
		case s.Static != inventory.True:
			return method.Unknown, fmt.Sprintf("whether the addresses of site %s are static is not known", s.Name)
		}
		return method.Unknown, fmt.Sprintf("whether site %s has its addresses for itself is not known", s.Name)
	}
	return method.Unknown, "no site has this address"
}

// wide reports whether a network is wider than what a plan adds without a yes:
// /29 of IPv4, or the /64 that one network of IPv6 has.
func wide(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() < 29
	}
	return p.Bits() < 64
}
