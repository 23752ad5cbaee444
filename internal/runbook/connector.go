package runbook

import (
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/shell"
	"sendplan/planner"
)

const showConnectors = "Format-List Name,ConnectorType,Enabled,SenderDomains,SenderIPAddresses,TlsSenderCertificateName,AssociatedAcceptedDomains,RestrictDomainsToIPAddresses"

// connectorSteps are what the tenant needs before devices that move to a
// connector are switched: once for each site, and once for certificates.
func (b *book) connectorSteps(devices []planner.Device) []Step {
	var steps []Step
	done := map[string]bool{}
	for _, d := range devices {
		kind := d.Target().Method.Kind()
		at := string(kind) + " " + d.Site
		if done[at] {
			continue
		}
		switch kind {
		case method.ConnectorIP:
			steps = append(steps, b.byAddress(d, devicesAt(devices, kind, d.Site)))
		case method.ConnectorCert:
			steps = append(steps, b.byCertificate(d, devicesAt(devices, kind, d.Site)))
		}
		done[at] = true
	}
	return steps
}

// devicesAt returns the devices of a site that move to a kind of method.
func devicesAt(devices []planner.Device, kind method.Kind, site string) []planner.Device {
	return slices.DeleteFunc(slices.Clone(devices), func(d planner.Device) bool {
		return d.Target().Method.Kind() != kind || d.Site != site
	})
}

// byAddress lets in the devices of one site by the addresses of that.
func (b *book) byAddress(d planner.Device, all []planner.Device) Step {
	s := Step{Who: tenantAdmin, Subject: d.Site, Text: "let the site in by a connector of type OnPremises with its address", Why: "for " + names(all)}
	site, _ := b.inv.Site(d.Site)
	addresses, left := connectable(site.Addresses)
	if why := unfit(site, addresses); why != "" {
		s.Lines = append(s.Lines, Line{Text: "no command is given: " + why})
		return s
	}
	if len(left) > 0 {
		s.Lines = append(s.Lines, Line{Text: "left out, since a connector takes IPv4 only, and nothing wider than /24: " + strings.Join(left, ", ")})
	}
	if c, ok := b.letsIn(addresses, all); ok {
		return b.look(s, c)
	}
	s.Commands = b.newConnector(site, addresses)
	s.Sign = "Get-InboundConnector shows it with Enabled True. In new tenants Exchange Online may make it disabled; then support must enable it"
	s.Lines = append(s.Lines, Line{Text: "look first, and make none if one of type OnPremises holds the addresses already; then write it into the inventory (sendplan import exchange)"})
	return s
}

// newConnector looks, and makes a connector of type OnPremises.
func (b *book) newConnector(site inventory.Site, addresses []netip.Prefix) []Command {
	var l list
	if c, ok := typed(Microsoft, "Get-InboundConnector"); ok {
		l.add(c.piped(showConnectors), ok)
	}
	name := b.connectorName(site)
	c, ok := typed(Observed, "New-InboundConnector", data("Name", name), word("ConnectorType", "OnPremises"), data("SenderDomains", "*"), data("SenderIPAddresses", texts(addresses)...))
	c.Note = "leave CloudServicesMailEnabled and TreatMessagesAsInternal unset: the first is for hybrid organisations, the second passes the spam filter by"
	l.add(c.undoing("Remove-InboundConnector", data("Identity", name)), ok)
	return l
}

// look checks a connector that is there already, and enables it if it is not.
func (b *book) look(s Step, c inventory.Connector) Step {
	s.Text = "the connector is there: see that it is as the inventory says"
	var l list
	ask, ok := typed(Microsoft, "Get-InboundConnector", data("Identity", c.Name))
	l.add(ask.piped(showConnectors), ok)
	if c.Enabled == inventory.False {
		s.Text = "enable the connector that holds the addresses"
		set, ok := typed(Microsoft, "Set-InboundConnector", data("Identity", c.Name), word("Enabled", "$true"))
		l.add(set.undoing("Set-InboundConnector", data("Identity", c.Name), word("Enabled", "$false")), ok)
	}
	if len(l) == 0 {
		s.Lines = append(s.Lines, Line{Text: "its name holds characters that are not typed here; look it up in the Exchange admin center: " + c.Name})
	}
	s.Commands = l
	s.Sign = "Enabled is True, and SenderIPAddresses holds the addresses of the site"
	return s
}

// letsIn returns the connector by which mail of all the devices from all the
// addresses may be relayed.
func (b *book) letsIn(addresses []netip.Prefix, all []planner.Device) (inventory.Connector, bool) {
	for _, c := range b.inv.Tenant.Connectors {
		if c.Type == inventory.OnPremises && covered(addresses, c.Addresses) && narrowedTo(c, all) {
			return c, true
		}
	}
	return inventory.Connector{}, false
}

// narrowedTo reports whether a connector is for the envelopes of all devices.
func narrowedTo(c inventory.Connector, all []planner.Device) bool {
	if len(c.AssociatedDomains) == 0 {
		return true
	}
	for _, d := range all {
		for _, e := range d.Device.Device.Envelopes() {
			if !slices.Contains(c.AssociatedDomains, e) {
				return false
			}
		}
	}
	return true
}

// connectorName is a name that no connector has.
func (b *book) connectorName(site inventory.Site) string {
	base := "Devices"
	if named := base + " " + site.Name; site.Name != "" && shell.Printable(named) && len(named) <= 60 {
		base = named
	}
	name := base
	for n := 2; slices.ContainsFunc(b.inv.Tenant.Connectors, func(c inventory.Connector) bool { return strings.EqualFold(c.Name, name) }); n++ {
		name = base + " " + digits(n)
	}
	return name
}

// byCertificate lets in devices by the certificate that they show.
func (b *book) byCertificate(d planner.Device, all []planner.Device) Step {
	s := Step{Who: tenantAdmin, Subject: d.Site, Text: "let the devices in by a connector of type OnPremises with their certificate", Why: "for " + names(all)}
	for _, c := range b.inv.Tenant.Connectors {
		if c.Type == inventory.OnPremises && c.Certificate != "" && narrowedTo(c, all) {
			s = b.look(s, c)
			s.Sign = "Enabled is True, and TlsSenderCertificateName is a name in the certificate of the devices"
			return s
		}
	}
	name := b.connectorName(inventory.Site{Name: "cert"})
	var l list
	c, ok := typed(Untested, "New-InboundConnector", data("Name", name), word("ConnectorType", "OnPremises"), data("SenderDomains", "*"),
		toFill("TlsSenderCertificateName", "name in the certificate"), word("RequireTls", "$true"))
	c.Note = "the name is CN or SAN of the certificate, in an accepted domain of the tenant; '*.' and the domain where host names vary"
	l.add(c.undoing("Remove-InboundConnector", data("Identity", name)), ok)
	s.Commands = l
	s.Sign = "Get-InboundConnector shows it with Enabled True"
	return s
}

// exemption is how a device that RejectDirectSend stops is let in again. A
// connector of type Partner that is restricted to addresses rejects all other
// mail of its domain: it is only shown where that is nobody's.
func (b *book) exemption(d planner.Device) []Step {
	exempt := slices.IndexFunc(d.Advice.Tricks, func(t method.Trick) bool { return t.ID == method.TrickExempt })
	if exempt < 0 || method.ID(d.Today()).Kind() != method.DirectSend {
		return nil
	}
	s := b.byAddress(d, []planner.Device{d})
	s.Text = "stop-gap: exempt the site from RejectDirectSend by a connector with its address, which also lets it relay"
	s.Lines = append(s.Lines, Line{d.Advice.Tricks[exempt].Text, d.Advice.Tricks[exempt].Fact})
	site, _ := b.inv.Site(d.Site)
	addresses, _ := connectable(site.Addresses)
	if unfit(site, addresses) != "" {
		return []Step{s}
	}
	return append([]Step{s}, b.partner(d, site, addresses)...)
}

func (b *book) partner(d planner.Device, site inventory.Site, addresses []netip.Prefix) []Step {
	domains := d.Device.Device.Envelopes()
	s := Step{Who: tenantAdmin, Subject: d.Site, Text: "or, without relay, exempt it by a connector of type Partner"}
	for _, domain := range domains {
		if out := b.lockedOut(domain, d.Name, addresses); len(out) > 0 {
			s.Text = "no connector of type Partner that is restricted to addresses"
			s.Why = "it would reject all other mail of " + domain.String() + ", that of " + strings.Join(out, ", ")
			return []Step{s}
		}
	}
	name := b.connectorName(site) + " exempt"
	c, ok := typed(Untested, "New-InboundConnector", data("Name", name), word("ConnectorType", "Partner"), data("SenderDomains", nameTexts(domains)...),
		word("RestrictDomainsToIPAddresses", "$true"), data("SenderIPAddresses", texts(addresses)...), word("RequireTls", "$false"))
	if !ok || len(domains) == 0 {
		return nil
	}
	c.Note = "it rejects mail of the domain from every other address; of the senders that the inventory and the SPF record know, none is elsewhere"
	s.Commands = []Command{c.undoing("Remove-InboundConnector", data("Identity", name))}
	return []Step{s}
}

// unfit says why a connector by address is not to be made for a site, "" if it
// may be.
func unfit(site inventory.Site, addresses []netip.Prefix) string {
	switch {
	case site.Name == "":
		return "the inventory does not say at which site the device stands"
	case site.Static != inventory.True:
		return "it is not known that the address of the site is static (sites.static)"
	case site.Shared != inventory.False:
		return "it is not known that the address of the site is the site's own (sites.shared)"
	case len(addresses) == 0:
		return "the inventory has no IPv4 address of the site that a connector takes (sites.addresses)"
	}
	return ""
}

// connectable parts addresses into what a connector takes, a single IPv4 address
// or /24 to /32, and the rest.
func connectable(all []netip.Prefix) (fit []netip.Prefix, left []string) {
	for _, p := range all {
		if p.Addr().Is4() && p.Bits() >= 24 {
			fit = append(fit, p)
		} else {
			left = append(left, prefixText(p))
		}
	}
	return fit, left
}

// covered reports whether each of some networks lies in one of others.
func covered(some, in []netip.Prefix) bool {
	for _, p := range some {
		if !slices.ContainsFunc(in, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Contains(p.Addr()) }) {
			return false
		}
	}
	return true
}

func prefixText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

func texts(list []netip.Prefix) []string {
	var out []string
	for _, p := range list {
		out = append(out, prefixText(p))
	}
	return out
}

func nameTexts(list []dns.Name) []string {
	var out []string
	for _, n := range list {
		out = append(out, n.String())
	}
	return out
}

func names(devices []planner.Device) string {
	var out []string
	for _, d := range devices {
		out = append(out, d.Name)
	}
	return strings.Join(out, ", ")
}
