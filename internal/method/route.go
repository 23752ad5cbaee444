package method

import (
	"net/netip"

	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// Hop is one step of a message on its way.
type Hop struct {
	From string // who hands over, in words
	To   string // who takes it

	// Judged reports whether the receiver of the hop judges SPF, DKIM and DMARC
	// by it; Unknown if that cannot be told. A hop that is not judged only
	// informs.
	Judged Truth

	// Addresses are those that the hop leaves from, of a site. Of a service they
	// are those of Includes, which must be looked up. Neither means not known.
	Addresses []netip.Prefix
	Service   provider.ID
	Includes  []dns.Name // what a domain's SPF names for the service

	MailFrom MailFrom
	HELO     dns.Name // empty: not known
	Signer   Signer
	Why      string
	Fact     Fact
	Notes    []string // what else may happen here
}

// MailFrom is the envelope sender of a hop.
type MailFrom struct {
	Known   Truth      // False: it is somebody else's domain
	Null    bool       // the null sender
	Domains []dns.Name // one for each domain of From, where it follows From
	Text    string     // where it is not the device's: whose it is
}

// Signer is who signs a message for the domain of From by the time of the hop.
type Signer struct {
	Signed  Truth
	Domains []dns.Name
	Text    string
}

// Route returns the hops of the device's mail by a method. It leads through
// Input.Others where the method or the outbound path names one of them.
func Route(in Input, id ID) []Hop { return route(in, id, 0) }

// maxHops bounds routes whose relays name each other.
const maxHops = 8

func route(in Input, id ID, depth int) []Hop {
	switch kind := id.Kind(); kind {
	case SMTPAuth, Graph, HVE:
		return append([]Hop{submission(in, kind)}, inTenant(in, kind)...)
	case DirectSend:
		return directRoute(in)
	case ConnectorIP, ConnectorCert:
		return append([]Hop{relayHop(in, kind)}, inTenant(in, kind)...)
	case ACS:
		return []Hop{submission(in, kind), azureHop(in)}
	case Relay, Hoster:
		return []Hop{submission(in, kind), serviceHop(in, id)}
	case OwnServer:
		return []Hop{ownHop(in)}
	case Via:
		return viaRoute(in, id, depth)
	}
	return []Hop{{From: in.Device.Name, To: "receivers", Judged: Unknown, Why: "the method must go, or is not known", Fact: Lookup(id, "").DNS}}
}

// envelope is MAIL FROM as the device writes it.
func envelope(d Device) MailFrom {
	if d.Null() {
		return MailFrom{Known: True, Null: true}
	}
	domains := d.Envelopes()
	if len(domains) == 0 {
		return MailFrom{Text: "not known"}
	}
	return MailFrom{Known: True, Domains: domains}
}

// unsigned is what a device hands over that does not sign by itself.
func unsigned(d Device) Signer {
	if d.SignsAs != "" {
		return Signer{Signed: True, Domains: []dns.Name{d.SignsAs}, Text: "the device"}
	}
	return Signer{Signed: False, Text: "nobody"}
}

// submission is the hand-over to a service that knows the device by its login.
func submission(in Input, k Kind) Hop {
	h := Hop{
		From: in.Device.Name, To: k.String(), Judged: False, Addresses: in.Site.Addresses,
		MailFrom: envelope(in.Device), HELO: in.Device.HELO, Signer: unsigned(in.Device),
		Why: "the login is the proof, the address does not matter", Fact: mailboxDNS,
	}
	if k == Graph {
		h.HELO, h.MailFrom = "", MailFrom{Text: "the mailbox that the request names"}
	}
	return h
}

// relayHop is the hand-over through a connector.
func relayHop(in Input, k Kind) Hop {
	h := Hop{
		From: in.Device.Name, To: "Exchange Online", Judged: False, Addresses: in.Site.Addresses,
		MailFrom: envelope(in.Device), HELO: in.Device.HELO, Signer: unsigned(in.Device),
		Why: "the connector knows the site by its address", Fact: factRelayRule,
	}
	if k == ConnectorCert {
		h.Why = "the connector knows the device by its certificate"
	}
	return h
}

// inTenant is the way of mail that Exchange Online took from a device that it
// knows.
func inTenant(in Input, k Kind) []Hop {
	if k == HVE || in.Device.Recipients == Internal {
		return []Hop{{
			From: "Exchange Online", To: "mailboxes of the tenant", Judged: False, MailFrom: envelope(in.Device), Signer: signedByTenant(in),
			Why: "it stays within the tenant", Fact: fact(Inferred, "RULES", "mail that the tenant takes from a sender that it knows is not judged by DMARC within the tenant"),
		}}
	}
	return outbound(in, envelope(in.Device))
}

// signedByTenant is Microsoft's signature, which only the tenant's own settings
// prove.
func signedByTenant(in Input) Signer {
	domains := in.Device.FromDomains()
	signed := Truth(True)
	for _, d := range domains {
		switch in.Tenant.signs(d) {
		case False:
			return Signer{Signed: False, Text: "nobody: DKIM is not enabled for " + string(d)}
		case Unknown:
			signed = Unknown
		}
	}
	if len(domains) == 0 {
		signed = Unknown
	}
	return Signer{Signed: signed, Domains: domains, Text: "Microsoft 365"}
}

// outbound is how mail leaves the tenant.
func outbound(in Input, from MailFrom) []Hop {
	family, name := in.Tenant.Outbound.Of()
	signer := signedByTenant(in)
	inside := Hop{From: "Exchange Online", Judged: False, MailFrom: from, Signer: signer, Fact: factPath}
	switch {
	case in.Tenant.Outbound == PathDirect:
		return []Hop{microsoftHop(in, from, signer)}
	case family == "gateway":
		inside.To, inside.Why = name, "the outbound connector hands it to the gateway"
		if e, ok := serviceID(name); ok && e.Is(provider.Signature) {
			inside.Why = "the signature service hands it back to Exchange Online"
			return []Hop{inside, microsoftHop(in, from, signer)}
		}
		return []Hop{inside, gatewayHop(in, name, from, signer)}
	case family == "own-server":
		inside.To, inside.Why = name, "the outbound connector hands it to the own server"
		return []Hop{inside, serverHop(in, name, from, signer)}
	}
	return []Hop{{
		From: "Exchange Online, or what stands behind it", To: "receivers", Judged: Unknown, MailFrom: from, Signer: Signer{Signed: Unknown, Text: "not known"},
		Why: "how mail leaves the tenant is not known: say so in tenant.outbound", Fact: factPath,
	}}
}

var factPath = fact(Inferred, "CATALOGUE", "mail leaves a tenant by itself, through a gateway or signature service, or through an own server")

// pools are the parts of Exchange Online whose addresses no SPF record names.
var pools = []string{
	"the relay pool, for forwarded and relayed mail without an accepted sender, SPF or DKIM on arrival, is in no SPF record",
	"the high-risk pool, for what looks like spam or fails DMARC at quarantine or reject, is in no SPF record",
}

// microsoftHop is the last hop where the tenant sends by itself.
func microsoftHop(in Input, from MailFrom, signer Signer) Hop {
	h := Hop{
		From: "Exchange Online", To: "receivers", Judged: True, Service: provider.ID("m365-" + string(in.Tenant.Cloud)),
		MailFrom: from, Signer: signer, Why: "receivers see Microsoft's addresses", Fact: factOutboundMicrosoft, Notes: pools,
	}
	switch include := in.Tenant.Cloud.SPFInclude(); {
	case in.Tenant.Cloud == "":
		h.Service = ""
	case in.Tenant.Cloud == provider.China:
		h.Service, h.Includes = "m365-21vianet", []dns.Name{include}
	default:
		h.Includes = []dns.Name{include}
	}
	return h
}

var factOutboundMicrosoft = fact(Microsoft, "POOL", "outsiders see the addresses of Exchange Online")

func gatewayHop(in Input, name string, from MailFrom, signer Signer) Hop {
	h := Hop{
		From: name, To: "receivers", Judged: True, Service: provider.ID(name), MailFrom: from, Signer: signer,
		Why: "receivers see the gateway's addresses", Fact: factPath,
		Notes: []string{"a gateway that changes the message breaks Microsoft's signature, unless it signs itself"},
	}
	// Whether a gateway signs by itself is set up there, and nobody else knows.
	h.Signer = Signer{Signed: Unknown, Domains: in.Device.FromDomains(), Text: "the gateway, if it is set up to sign"}
	if signer.Signed == True {
		h.Signer.Text = "Microsoft 365, if the gateway does not change the message, or the gateway"
	}
	h.Includes = includesOf(name)
	return h
}

func serverHop(in Input, name string, from MailFrom, signer Signer) Hop {
	h := Hop{From: name, To: "receivers", Judged: True, MailFrom: from, Signer: signer, Why: "receivers see the own server's address", Fact: factPath}
	if n, ok := in.other(name); ok {
		h.Addresses, h.HELO = n.Site.Addresses, n.Device.HELO
		if n.Device.SignsAs != "" {
			h.Signer = Signer{Signed: True, Domains: []dns.Name{n.Device.SignsAs}, Text: name}
		}
	}
	return h
}

// includesOf returns what SPF records name for an entry of the catalogue.
func includesOf(id string) []dns.Name {
	e, ok := serviceID(id)
	if !ok {
		return nil
	}
	return e.Includes()
}
