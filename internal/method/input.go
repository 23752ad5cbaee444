package method

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// Path is how mail enters or leaves a tenant: PathDirect, "gateway:<id>" or
// "own-server:<device>".
type Path string

// The paths without a name; the zero value means not known.
const (
	PathUnknown Path = ""
	PathDirect  Path = "direct"
)

// Of splits a path that names a gateway or a server.
func (p Path) Of() (family, name string) {
	family, name, _ = strings.Cut(string(p), ":")
	return family, name
}

// Device is one thing that sends mail.
type Device struct {
	Name        string
	Kind        string // the inventory's word; tells appliances and hosted services from programs
	Method      ID     // what it shall use; empty: not decided
	Now         ID     // what it uses today; empty: the same as Method
	From        []string
	FromVaries  Truth      // From differs by user or message; more than one From says so too
	FromInDNS   Truth      // the domains of From have an A or MX record
	MailFrom    string     // an address or a domain; empty: the domains of From; "<>": the null sender
	HELO        dns.Name   // empty: not known
	Recipients  Recipients // whom it writes to
	Auth        Auth
	TLS         TLS
	Certificate Truth // can present a client certificate for an accepted domain
	HTTPS       Truth // can call a web API, or its code can be changed to
	ThirdParty  Truth // leaves from addresses of somebody else: SaaS, a cloud's shared egress
	SignsAs     dns.Name
	PerDay      int // recipients a day; 0: not known
	PerMinute   int // messages a minute at its busiest; 0: not known
}

// Today returns the method that the device uses now.
func (d Device) Today() ID {
	if d.Now == "" {
		return d.Method
	}
	return d.Now
}

// FromDomains returns the domains of From, each once.
func (d Device) FromDomains() []dns.Name {
	var domains []dns.Name
	for _, a := range d.From {
		_, domain, _ := strings.Cut(a, "@")
		if name, err := dns.ParseName(domain); err == nil && name != dns.Root && !slices.Contains(domains, name) {
			domains = append(domains, name)
		}
	}
	return domains
}

// Null reports whether the device sends with the null sender.
func (d Device) Null() bool { return d.MailFrom == "<>" }

// Envelopes returns the domains of MAIL FROM; none for the null sender.
func (d Device) Envelopes() []dns.Name {
	if d.Null() {
		return nil
	}
	if d.MailFrom == "" {
		return d.FromDomains()
	}
	domain := d.MailFrom[strings.LastIndexByte(d.MailFrom, '@')+1:]
	name, err := dns.ParseName(domain)
	if err != nil || name == dns.Root {
		return nil
	}
	return []dns.Name{name}
}

// uncoded are the kinds of devices whose owner can change settings, but no
// code.
var uncoded = []string{"printer", "scanner", "copier", "nas", "ups", "camera", "alarm", "phone", "router", "machine", "relay", "service", "newsletter"}

func (d Device) uncoded() bool { return slices.Contains(uncoded, d.Kind) }

// hosted reports whether the device sends from addresses of somebody else.
func (d Device) hosted() Truth {
	if d.ThirdParty == Unknown && d.Kind == "service" {
		return True
	}
	return d.ThirdParty
}

// varies reports whether From is more than one address.
func (d Device) varies() bool { return d.FromVaries == True || len(d.From) > 1 }

// external reports whether some recipients are known to be outside the tenant.
func (d Device) external() bool {
	return d.Recipients != Internal && d.Recipients != RecipientsUnknown
}

// Site is the place from which a device reaches the internet.
type Site struct {
	Name      string
	Addresses []netip.Prefix // as the internet sees them
	Static    Truth
	Shared    Truth // with strangers: carrier-grade NAT, a cloud's common egress
	IPv6      Truth // mail may leave over IPv6
	Port25    Truth // open towards the internet
	Methods   []ID  // that other devices of the site use or shall use
	Relays    []string
}

// v4 and v6 report whether the site has such addresses.
func (s Site) v4() bool {
	return slices.ContainsFunc(s.Addresses, func(p netip.Prefix) bool { return p.Addr().Unmap().Is4() })
}

func (s Site) v6() bool {
	return slices.ContainsFunc(s.Addresses, func(p netip.Prefix) bool { return !p.Addr().Unmap().Is4() })
}

// fixed reports whether the site has an IPv4 address that is static and its
// own.
func (s Site) fixed() Truth {
	switch {
	case s.Static == False || s.Shared == True || s.v6() && !s.v4():
		return False
	case s.Static == True && s.Shared == False && s.v4():
		return True
	}
	return Unknown
}

// Connector is an inbound connector of the tenant.
type Connector struct {
	Name          string
	Type          ConnectorType
	Enabled       Truth
	Addresses     []netip.Prefix
	Certificate   string
	SenderDomains []string // "*" and "*.contoso.com" included
	RestrictToIP  Truth    // RestrictDomainsToIPAddresses, of partner connectors
	RestrictToTLS Truth    // RestrictDomainsToCertificate, of partner connectors
}

// holds reports whether the connector's addresses hold all IPv4 addresses of
// the site.
func (c Connector) holds(s Site) bool {
	all := s.v4()
	for _, p := range s.Addresses {
		if p.Addr().Unmap().Is4() && !slices.ContainsFunc(c.Addresses, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Contains(p.Addr()) }) {
			all = false
		}
	}
	return all
}

// scoped reports whether the connector is about senders of the domain.
func (c Connector) scoped(domain dns.Name) bool {
	return slices.ContainsFunc(c.SenderDomains, func(pattern string) bool {
		pattern = strings.ToLower(strings.TrimPrefix(pattern, "smtp:"))
		pattern, _, _ = strings.Cut(pattern, ";")
		if rest, ok := strings.CutPrefix(pattern, "*."); ok {
			return domain == dns.Name(rest) || strings.HasSuffix(string(domain), "."+rest)
		}
		return pattern == "*" || pattern == string(domain)
	})
}

// all reports whether the connector is about every sender.
func (c Connector) all() bool {
	return slices.ContainsFunc(c.SenderDomains, func(p string) bool {
		p = strings.ToLower(strings.TrimPrefix(p, "smtp:"))
		return p == "*" || strings.HasPrefix(p, "*;")
	})
}

// Tenant is what is known of the Microsoft 365 tenant.
type Tenant struct {
	Cloud            provider.Cloud // empty: not known
	MXHost           dns.Name       // the tenant's own host of Exchange Online; empty: not known
	Accepted         []dns.Name     // its accepted domains; empty: not known
	AcceptedPartial  bool           // there may be more than these
	Created          time.Time      // the day it was made; zero: not known
	Trial            Truth
	Licences         int   // mailbox licences; 0: not known
	ExternalPerDay   int   // external recipients a day of all that the tenant sends; 0: not known
	RejectDirectSend Truth // Set-OrganizationConfig -RejectDirectSend
	SMTPAuth         Truth // client submission for the whole tenant; mailboxes may differ
	BasicSMTP        Truth // basic authentication for client submission, after the end of December 2026
	SecurityDefaults Truth
	Inbound          Path  // what receives the mail for its domains
	InboundUnasked   bool  // the DNS was asked for Inbound, and did not answer
	InboundLocked    Truth // anonymous mail is taken from the gateway's addresses only
	Outbound         Path  // how mail leaves it
	Connectors       []Connector
	ConnectorsKnown  bool // Connectors are all there are
	Signing          []Signing
}

// Signing is whether the tenant signs for a domain.
type Signing struct {
	Domain  dns.Name
	Enabled Truth
}

// signs reports whether the tenant's DKIM signature for the domain is on.
func (t Tenant) signs(domain dns.Name) Truth {
	for _, s := range t.Signing {
		if s.Domain == domain {
			return s.Enabled
		}
	}
	return Unknown
}

// below reports whether a name is below an accepted domain.
func (t Tenant) below(name dns.Name) bool { return slices.ContainsFunc(t.Accepted, name.Below) }

// accepted reports whether the tenant receives for the domain. A name below an
// accepted domain is accepted only where subdomains are matched, which is not
// known here.
func (t Tenant) accepted(domain dns.Name) Truth {
	if len(t.Accepted) == 0 {
		return Unknown
	}
	for _, a := range t.Accepted {
		if domain == a {
			return True
		}
	}
	for _, a := range t.Accepted {
		if domain.Below(a) {
			return Unknown
		}
	}
	if t.AcceptedPartial {
		return Unknown
	}
	return False
}

// Neighbour is another device with its site, for routes that lead through it.
type Neighbour struct {
	Device Device
	Site   Site
}

// Input is one device where it stands.
type Input struct {
	Device Device
	Site   Site
	Tenant Tenant
	Others []Neighbour // the devices that a via, or the outbound path, may name
}

func (in Input) other(name string) (Neighbour, bool) {
	for _, n := range in.Others {
		if strings.EqualFold(n.Device.Name, name) {
			return n, true
		}
	}
	return Neighbour{}, false
}
