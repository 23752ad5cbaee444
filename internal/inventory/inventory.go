// Package inventory is the file that says what sends mail for an organisation:
// its tenant, sites, domains and devices. It reads the file strictly, and edits
// it so that all that was not edited stays byte for byte as a person wrote it.
package inventory

import (
	"net/netip"
	"slices"
	"time"

	"sendplan/internal/dns"
)

// Version is the version of the file format that this package reads and writes.
const Version = 1

// Inventory is what a file says. A zero value of a field means that the file
// does not say it; what that stands for is written beside each field in
// docs/inventory.md.
type Inventory struct {
	Version  int
	Tenant   Tenant
	Sites    []Site
	Domains  []Domain
	Devices  []Device
	Accepted []Accepted
}

// Accepted is something that a plan offered or warned of, and that the
// administrator said yes to.
type Accepted struct {
	ID   string // as the plan printed it
	Date time.Time
	Note string
}

// Tenant is what is known of the Microsoft 365 tenant beside its DNS.
type Tenant struct {
	InitialDomain    dns.Name // the name below onmicrosoft.com, or of another cloud
	Cloud            Cloud
	Created          time.Time // the day the tenant was made; zero: not known
	Trial            Truth
	Licences         int  // mailbox licences, which the tenant's external recipient limit follows; 0: not known
	ExternalPerDay   int  // external recipients a day of all that the tenant sends; 0: not known
	Inbound          Path // what receives the mail for its domains
	Outbound         Path // how mail leaves it
	RejectDirectSend Truth
	SMTPAuth         Truth // client submission for the whole tenant; mailboxes may differ
	BasicSMTP        Truth // basic authentication for client submission, after Microsoft switched it off
	LegacyTLS        Truth // TLS 1.0 and 1.1 at the legacy submission host
	SecurityDefaults Truth
	Mailboxes        []Mailbox
	DKIM             []DKIM

	// Connectors are the inbound ones. An empty list is known to be empty when
	// ConnectorsKnown is set: the file has the field.
	Connectors      []Connector
	ConnectorsKnown bool

	// OutboundConnectors are how Exchange Online hands mail over, see
	// ConnectorsKnown for OutboundConnectorsKnown.
	OutboundConnectors      []OutboundConnector
	OutboundConnectorsKnown bool
}

// Mailbox is a mailbox whose setting for client submission is known.
type Mailbox struct {
	Address  Address
	SMTPAuth MailboxAuth
}

// DKIM is the signing of one domain as Get-DkimSigningConfig printed it. The
// targets are Microsoft's to assign; they are never derived.
type DKIM struct {
	Domain    dns.Name
	Enabled   Truth
	Status    DKIMStatus
	Selector1 dns.Name // the target of selector1._domainkey
	Selector2 dns.Name
}

// Connector is an inbound connector: whom the tenant takes for its own, or for
// a partner.
type Connector struct {
	Name                  string
	Type                  ConnectorType
	Enabled               Truth
	Addresses             []netip.Prefix // IPv4, /24 to /32
	Certificate           string         // the domain that the client's certificate must carry, "*.contoso.com" included
	SenderDomains         []DomainPattern
	AssociatedDomains     []dns.Name // accepted domains that the connector is narrowed to
	RequireTLS            Truth
	RestrictToAddresses   Truth // RestrictDomainsToIPAddresses, of partner connectors
	RestrictToCertificate Truth // RestrictDomainsToCertificate, of partner connectors
}

// OutboundConnector is a way by which Exchange Online sends mail on.
type OutboundConnector struct {
	Name             string
	Type             ConnectorType
	Enabled          Truth
	RecipientDomains []DomainPattern
	SmartHosts       []string // host names and addresses; none: by the recipient's MX
	TransportRule    Truth    // used only for what a transport rule hands it
}

// Site is a place from which devices reach the internet.
type Site struct {
	Name      string
	Addresses []netip.Prefix // as the internet sees them
	Static    Truth
	Shared    Truth // with strangers: carrier-grade NAT, a cloud's common egress
	IPv6      Truth // mail may leave over IPv6; an IPv6 address in Addresses says so too
	Port25    Port
}

// Domain is a mail domain, and what the administrator wishes for it.
type Domain struct {
	Name   dns.Name
	Parked Truth // it sends nothing and takes no mail
	DMARC  DMARC
	SPF    SPF
	TTL    TTL
}

// TTL is what the TTL of the sets that a plan changes shall be, in seconds, while
// they are changed and afterwards. Without both a plan leaves TTLs as they are.
type TTL struct{ During, Normal int }

// DMARC is what a domain's DMARC record shall become.
type DMARC struct {
	Target      DMARCTarget
	Subdomains  DMARCTarget // sp
	NonExistent DMARCTarget // np
	RUA         []string    // mailto: addresses
	Since       time.Time   // the day since which the present policy is published; zero: not known
	Evidence    []Evidence
}

// Evidence is what aggregate reports told of a domain in some days.
type Evidence struct {
	Source   string // who reported, or the file
	First    time.Time
	Last     time.Time
	Messages int
	Failing  int // of these, without an aligned pass
}

// SPF is what a domain's SPF record shall become.
type SPF struct {
	All       SPFAll
	Flattened []Flattened
}

// Flattened is a term that the record shall hold as addresses instead, and the
// addresses that it stood for on a day.
type Flattened struct {
	Term      string // as "include:spf.example.net"
	Date      time.Time
	Addresses []netip.Prefix
}

// Device is one thing that sends mail.
type Device struct {
	Name         string
	Kind         Kind
	Site         string // the name of a Site; empty: not known, or a service on the internet
	Method       Method // what it shall use; empty: not decided
	Now          Method // what it uses today; empty: the same as Method, see Today
	From         []Address
	MailFrom     MailFrom
	HELO         dns.Name
	Login        Address // of the mailbox, for client submission
	Recipients   Recipients
	Auth         Auth
	TLS          TLS
	Certificate  Truth // can present a client certificate
	HTTPS        Truth // can call a web API, or its code can be changed to
	SignsAs      dns.Name
	SignSelector string
	PerDay       int
	PerMinute    int
	Review       string // what a person has yet to confirm; empty: nothing
	Note         string
}

// Today returns the method that the device uses now.
func (d Device) Today() Method {
	if d.Now == "" {
		return d.Method
	}
	return d.Now
}

// Envelopes returns the domains of MAIL FROM that the device uses: those of its
// From addresses unless it has its own. The null sender has none.
func (d Device) Envelopes() []dns.Name {
	switch {
	case d.MailFrom.Null:
		return nil
	case d.MailFrom.Domain != "":
		return []dns.Name{d.MailFrom.Domain}
	}
	var domains []dns.Name
	seen := map[dns.Name]bool{}
	for _, a := range d.From {
		if !seen[a.Domain] {
			seen[a.Domain] = true
			domains = append(domains, a.Domain)
		}
	}
	return domains
}

// Device returns the device with a name, compared without case.
func (inv *Inventory) Device(name string) (Device, bool) {
	return find(inv.Devices, name, func(d Device) string { return d.Name })
}

// Site returns the site with a name, compared without case.
func (inv *Inventory) Site(name string) (Site, bool) {
	return find(inv.Sites, name, func(s Site) string { return s.Name })
}

// Domain returns what is wished for a domain.
func (inv *Inventory) Domain(name dns.Name) (Domain, bool) {
	return find(inv.Domains, string(name), func(d Domain) string { return string(d.Name) })
}

// Accepts reports whether the administrator said yes to what a plan printed
// with an ID.
func (inv *Inventory) Accepts(id string) bool {
	return slices.ContainsFunc(inv.Accepted, func(a Accepted) bool { return a.ID == id })
}

func find[T any](list []T, name string, key func(T) string) (T, bool) {
	for _, v := range list {
		if sameName(key(v), name) {
			return v, true
		}
	}
	var none T
	return none, false
}

// Locks returns the partner connectors that reject mail of a sender's domain
// unless it comes from their addresses, or with their certificate. One for all
// domains locks the tenant to a gateway; one for the tenant's own domain also
// rejects what others send for it.
func (t Tenant) Locks(sender dns.Name) []Connector {
	var locks []Connector
	for _, c := range t.Connectors {
		restricts := c.RestrictToAddresses == True || c.RestrictToCertificate == True
		if c.Type != Partner || c.Enabled == False || !restricts {
			continue
		}
		if slices.ContainsFunc(c.SenderDomains, func(p DomainPattern) bool { return p.Matches(sender) }) {
			locks = append(locks, c)
		}
	}
	return locks
}
