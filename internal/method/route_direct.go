package method

import (
	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// directRoute is Direct Send: the tenant judges it like mail from the internet,
// unless a connector knows the address.
func directRoute(in Input) []Hop {
	h := Hop{
		From: in.Device.Name, To: "the tenant's MX host", Judged: True, Addresses: in.Site.Addresses,
		MailFrom: envelope(in.Device), HELO: in.Device.HELO, Signer: unsigned(in.Device),
		Why: "the tenant filters it like mail from the internet", Fact: factDirectSendSPF,
	}
	if in.Site.IPv6 == True || in.Site.v6() {
		h.Notes = append(h.Notes, "it may leave over IPv6, from another address")
	}
	j := judgment{in: in}
	switch j.exemptBy(OnPremises) {
	case True:
		h.Judged, h.Why, h.Fact = False, "a connector knows the site by its address, so this is relay rather than Direct Send", factRelayRule
	case Unknown:
		h.Judged, h.Why, h.Fact = Unknown, "whether the connector with the site's address is enabled is not known", factRelayRule
	}
	hops := []Hop{h}
	if in.Device.Recipients == OneExternal {
		hops = append(hops, Hop{
			From: "Exchange Online", To: "the one external address, through a mail contact", Judged: Unknown,
			MailFrom: MailFrom{Text: factForwarding.String()}, Signer: Signer{Text: factForwarding.String()},
			Why: "what Exchange forwards leaves by the tenant's outbound path", Fact: factContact,
		})
	}
	return hops
}

// ownHop is an own server, or a device that delivers itself.
func ownHop(in Input) Hop {
	return Hop{
		From: in.Device.Name, To: "receivers", Judged: True, Addresses: in.Site.Addresses,
		MailFrom: envelope(in.Device), HELO: in.Device.HELO, Signer: unsigned(in.Device),
		Why: "receivers see the site's address", Fact: Lookup(ID(OwnServer), "").DNS,
	}
}

// azureHop is the delivery by Azure Communication Services, to the own tenant
// too.
func azureHop(in Input) Hop {
	return Hop{
		From: "Azure Communication Services", To: "receivers", Judged: True, Service: "azure-communication-services",
		Includes: includesOf("azure-communication-services"),
		MailFrom: MailFrom{Text: "not established: the SPF record that the service asks for suggests a sender of the linked domain"},
		Signer:   Signer{Signed: Unknown, Domains: in.Device.FromDomains(), Text: "the service, once the domain is verified and its keys are published"},
		Why:      "receivers, the own tenant too, see the service's addresses", Fact: fact(Observed, "ACSDNS", "the domain publishes Microsoft's include and two keys of azurecomm.net"),
	}
}

// serviceHop is the delivery by a relay service or hoster, to the own tenant
// too.
func serviceHop(in Input, id ID) Hop {
	name := id.Name()
	h := Hop{
		From: id.Kind().String(), To: "receivers", Judged: True, Service: provider.ID(name),
		MailFrom: MailFrom{Text: "ask the service"}, Signer: Signer{Text: "ask the service"},
		Why: "receivers, the own tenant too, see the service's addresses", Fact: Lookup(id, "").DNS,
	}
	e, ok := serviceID(name)
	if !ok {
		h.Service = ""
		return h
	}
	h.From, h.Includes = e.ShortName(), includesOf(name)
	switch e.SPF.Where {
	case provider.CustomerDomain:
		h.MailFrom = envelope(in.Device)
	case provider.BounceSubdomain:
		h.MailFrom = MailFrom{Text: "a bounce subdomain of the domain of From if one is set up, else the service's own domain"}
	case provider.ProviderDomain:
		h.MailFrom = MailFrom{Known: False, Text: "a domain of the service"}
	}
	if d := in.Device; d.MailFrom != "" && e.SPF.Where != provider.ProviderDomain {
		h.MailFrom = envelope(d)
	}
	h.Signer = Signer{Signed: Unknown, Domains: in.Device.FromDomains(), Text: "the service, once its keys are published for the domain of From"}
	if d := in.Device.SignsAs; d != "" {
		h.Signer = Signer{Signed: True, Domains: []dns.Name{d}, Text: e.ShortName()}
	}
	return h
}

// viaRoute leads through a relay on the LAN and on by the relay's own method.
func viaRoute(in Input, id ID, depth int) []Hop {
	first := Hop{
		From: in.Device.Name, To: "the relay on the LAN", Judged: False, MailFrom: envelope(in.Device), HELO: in.Device.HELO, Signer: unsigned(in.Device),
		Why: "it stays on the LAN", Fact: factLANRelay,
	}
	n, ok := in.other(id.Name())
	if !ok || depth >= maxHops {
		return []Hop{first, {
			From: "the relay on the LAN", To: "receivers", Judged: Unknown, MailFrom: envelope(in.Device), Signer: Signer{Text: "not known"},
			Why: "what the relay hands on by is not known", Fact: factLANRelay,
		}}
	}
	first.To = n.Device.Name
	relayed := in
	relayed.Site = n.Site
	relayed.Device.Name = n.Device.Name
	relayed.Device.HELO = n.Device.HELO
	if n.Device.SignsAs != "" {
		relayed.Device.SignsAs = n.Device.SignsAs
	}
	return append([]Hop{first}, route(relayed, n.Device.Method, depth+1)...)
}
