package inventory

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"sendplan/internal/dns"
)

const (
	domainWant  = "a domain such as nordwind.example"
	patternWant = "a domain, *.domain or *"
	maxNumber   = 1_000_000_000
	maxNote     = 1000 // bytes
)

// fileFields is the whole format.
func fileFields() []field[Inventory] {
	return []field[Inventory]{
		version(),
		section("tenant", tenantFields(), func(v *Inventory) *Tenant { return &v.Tenant }),
		sections("sites", "a site", siteFields(), func(v *Inventory) *[]Site { return &v.Sites }),
		sections("domains", "a domain", domainFields(), func(v *Inventory) *[]Domain { return &v.Domains }),
		sections("devices", "a device", deviceFields(), func(v *Inventory) *[]Device { return &v.Devices }),
		sections("accepted", "an entry of accepted", acceptedFields(), func(v *Inventory) *[]Accepted { return &v.Accepted }),
	}
}

func version() field[Inventory] {
	f := as("version", "1", func(s string) (int, error) {
		if s != fmt.Sprint(Version) {
			return 0, fmt.Errorf("%q is no version that this program knows: expected %d", s, Version)
		}
		return Version, nil
	}, Number, func(v *Inventory) *int { return &v.Version })
	return unquoted(f, "version", "1").must()
}

func tenantFields() []field[Tenant] {
	return []field[Tenant]{
		domainField("initial_domain", func(t *Tenant) *dns.Name { return &t.InitialDomain }),
		cloudField(),
		day("created", func(t *Tenant) *time.Time { return &t.Created }),
		truth("trial", func(t *Tenant) *Truth { return &t.Trial }),
		count("licences", maxNumber, func(t *Tenant) *int { return &t.Licences }),
		count("external_per_day", maxNumber, func(t *Tenant) *int { return &t.ExternalPerDay }),
		pathField("inbound", func(t *Tenant) *Path { return &t.Inbound }),
		pathField("outbound", func(t *Tenant) *Path { return &t.Outbound }),
		truth("reject_direct_send", func(t *Tenant) *Truth { return &t.RejectDirectSend }),
		truth("smtp_auth", func(t *Tenant) *Truth { return &t.SMTPAuth }),
		truth("basic_smtp", func(t *Tenant) *Truth { return &t.BasicSMTP }),
		truth("legacy_tls", func(t *Tenant) *Truth { return &t.LegacyTLS }),
		truth("security_defaults", func(t *Tenant) *Truth { return &t.SecurityDefaults }),
		sections("mailboxes", "a mailbox", mailboxFields(), func(t *Tenant) *[]Mailbox { return &t.Mailboxes }),
		sections("dkim", "an entry of dkim", dkimFields(), func(t *Tenant) *[]DKIM { return &t.DKIM }),
		sections("connectors", "a connector", connectorFields(), func(t *Tenant) *[]Connector { return &t.Connectors }),
		sections("outbound_connectors", "an outbound connector", outboundFields(), func(t *Tenant) *[]OutboundConnector { return &t.OutboundConnectors }),
	}
}

// cloudField keeps who types "gcc" from being led to GCC High.
func cloudField() field[Tenant] {
	f := choice("cloud", []Cloud{Worldwide, GCCHigh, DoD, China}, "unknown", func(t *Tenant) *Cloud { return &t.Cloud })
	read := f.read
	f.read = func(r *reader, n *node, to *Tenant) {
		if n.text == "gcc" {
			r.fault(n.start, "cloud: GCC is in the worldwide cloud: write worldwide, or gcc-high if that is meant")
			return
		}
		read(r, n, to)
	}
	return f
}

func mailboxFields() []field[Mailbox] {
	return []field[Mailbox]{
		as("address", addressWant, ParseAddress, showAddress, func(m *Mailbox) *Address { return &m.Address }).must(),
		choice("smtp_auth", []MailboxAuth{AuthEnabled, AuthDisabled, AuthInherit}, "", func(m *Mailbox) *MailboxAuth { return &m.SMTPAuth }).must(),
	}
}

func dkimFields() []field[DKIM] {
	return []field[DKIM]{
		domainField("domain", func(d *DKIM) *dns.Name { return &d.Domain }).must(),
		truth("enabled", func(d *DKIM) *Truth { return &d.Enabled }),
		choice("status", []DKIMStatus{DKIMValid, DKIMCnameMissing, DKIMNoKeys}, "unknown", func(d *DKIM) *DKIMStatus { return &d.Status }),
		domainField("selector1_cname", func(d *DKIM) *dns.Name { return &d.Selector1 }),
		domainField("selector2_cname", func(d *DKIM) *dns.Name { return &d.Selector2 }),
	}
}

func connectorFields() []field[Connector] {
	return []field[Connector]{
		free("name", nameWant, validName, func(c *Connector) *string { return &c.Name }).must(),
		connectorType(func(c *Connector) *ConnectorType { return &c.Type }),
		truth("enabled", func(c *Connector) *Truth { return &c.Enabled }),
		list("addresses", "a public IPv4 address or a range of /24 to /32", parseConnectorRange, prefixText, func(c *Connector) *[]netip.Prefix { return &c.Addresses }),
		as("certificate", "the domain in the certificate, such as *.nordwind.example", parseCertificate, Text, func(c *Connector) *string { return &c.Certificate }),
		patterns("sender_domains", func(c *Connector) *[]DomainPattern { return &c.SenderDomains }),
		list("associated_domains", domainWant, parseDomain, dns.Name.String, func(c *Connector) *[]dns.Name { return &c.AssociatedDomains }),
		truth("require_tls", func(c *Connector) *Truth { return &c.RequireTLS }),
		truth("restrict_to_addresses", func(c *Connector) *Truth { return &c.RestrictToAddresses }),
		truth("restrict_to_certificate", func(c *Connector) *Truth { return &c.RestrictToCertificate }),
	}
}

func outboundFields() []field[OutboundConnector] {
	return []field[OutboundConnector]{
		free("name", nameWant, validName, func(c *OutboundConnector) *string { return &c.Name }).must(),
		connectorType(func(c *OutboundConnector) *ConnectorType { return &c.Type }),
		truth("enabled", func(c *OutboundConnector) *Truth { return &c.Enabled }),
		patterns("recipient_domains", func(c *OutboundConnector) *[]DomainPattern { return &c.RecipientDomains }),
		list("smart_hosts", "a host name or an address", parseHost, asItIs, func(c *OutboundConnector) *[]string { return &c.SmartHosts }),
		truth("transport_rule", func(c *OutboundConnector) *Truth { return &c.TransportRule }),
	}
}

func siteFields() []field[Site] {
	return []field[Site]{
		free("name", nameWant, validName, func(s *Site) *string { return &s.Name }).must(),
		list("addresses", "a public address or range", parseSource, prefixText, func(s *Site) *[]netip.Prefix { return &s.Addresses }),
		truth("static", func(s *Site) *Truth { return &s.Static }),
		truth("shared", func(s *Site) *Truth { return &s.Shared }),
		truth("ipv6", func(s *Site) *Truth { return &s.IPv6 }),
		choice("port25", []Port{PortOpen, PortBlocked}, "unknown", func(s *Site) *Port { return &s.Port25 }),
	}
}

func domainFields() []field[Domain] {
	return []field[Domain]{
		domainField("name", func(d *Domain) *dns.Name { return &d.Name }).must(),
		truth("parked", func(d *Domain) *Truth { return &d.Parked }),
		section("dmarc", dmarcFields(), func(d *Domain) *DMARC { return &d.DMARC }),
		section("spf", spfFields(), func(d *Domain) *SPF { return &d.SPF }),
		section("ttl", ttlFields(), func(d *Domain) *TTL { return &d.TTL }),
	}
}

func ttlFields() []field[TTL] {
	return []field[TTL]{
		count("during", maxTTL, func(t *TTL) *int { return &t.During }).must(),
		count("normal", maxTTL, func(t *TTL) *int { return &t.Normal }).must(),
	}
}

// maxTTL is a week: longer TTLs only make mistakes last.
const maxTTL = 604800

func dmarcFields() []field[DMARC] {
	return []field[DMARC]{
		policy("target", func(d *DMARC) *DMARCTarget { return &d.Target }),
		policy("subdomains", func(d *DMARC) *DMARCTarget { return &d.Subdomains }),
		policy("nonexistent", func(d *DMARC) *DMARCTarget { return &d.NonExistent }),
		list("rua", "an address such as mailto:dmarc@nordwind.example", parseRUA, asItIs, func(d *DMARC) *[]string { return &d.RUA }),
		day("since", func(d *DMARC) *time.Time { return &d.Since }),
		sections("evidence", "an entry of evidence", evidenceFields(), func(d *DMARC) *[]Evidence { return &d.Evidence }),
	}
}

func policy(name string, at func(*DMARC) *DMARCTarget) field[DMARC] {
	return choice(name, []DMARCTarget{DMARCKeep, DMARCNone, DMARCQuarantine, DMARCReject}, "", at)
}

func evidenceFields() []field[Evidence] {
	return []field[Evidence]{
		free("source", "who reported, in one line", validNote, func(e *Evidence) *string { return &e.Source }).must(),
		day("first", func(e *Evidence) *time.Time { return &e.First }).must(),
		day("last", func(e *Evidence) *time.Time { return &e.Last }).must(),
		count("messages", maxNumber, func(e *Evidence) *int { return &e.Messages }).must(),
		count("failing", maxNumber, func(e *Evidence) *int { return &e.Failing }).must(),
	}
}

func spfFields() []field[SPF] {
	return []field[SPF]{
		choice("all", []SPFAll{SPFKeep, SPFSoftFail, SPFFail}, "", func(s *SPF) *SPFAll { return &s.All }),
		sections("flattened", "an entry of flattened", flattenedFields(), func(s *SPF) *[]Flattened { return &s.Flattened }),
	}
}

func deviceFields() []field[Device] {
	return []field[Device]{
		free("name", nameWant, validName, func(d *Device) *string { return &d.Name }).must(),
		choice("kind", kinds(), "", func(d *Device) *Kind { return &d.Kind }),
		free("site", "the name of a site", validName, func(d *Device) *string { return &d.Site }),
		methodField("method", func(d *Device) *Method { return &d.Method }),
		methodField("now", func(d *Device) *Method { return &d.Now }),
		list("from", addressWant+`, or "*@nordwind.example" for any of a domain`, parseFrom, Address.String, func(d *Device) *[]Address { return &d.From }),
		as("mail_from", mailFromWant, parseMailFrom, func(m MailFrom) Value { return Text(m.String()) }, func(d *Device) *MailFrom { return &d.MailFrom }),
		domainField("helo", func(d *Device) *dns.Name { return &d.HELO }),
		as("login", addressWant, ParseAddress, showAddress, func(d *Device) *Address { return &d.Login }),
		choice("recipients", []Recipients{Internal, OneExternal, OneDomain, Anyone}, "unknown", func(d *Device) *Recipients { return &d.Recipients }),
		choice("auth", []Auth{AuthNone, AuthBasic, AuthOAuth}, "unknown", func(d *Device) *Auth { return &d.Auth }),
		choice("tls", []TLS{TLSNone, TLS10, TLS11, TLS12, TLS13}, "unknown", func(d *Device) *TLS { return &d.TLS }),
		truth("certificate", func(d *Device) *Truth { return &d.Certificate }),
		truth("https", func(d *Device) *Truth { return &d.HTTPS }),
		domainField("signs_as", func(d *Device) *dns.Name { return &d.SignsAs }),
		as("sign_selector", "a selector such as s1", parseSelector, Text, func(d *Device) *string { return &d.SignSelector }),
		count("per_day", maxNumber, func(d *Device) *int { return &d.PerDay }),
		count("per_minute", maxNumber, func(d *Device) *int { return &d.PerMinute }),
		free("review", "what is to be confirmed, in one line", validNote, func(d *Device) *string { return &d.Review }),
		free("note", "a note of one line", validNote, func(d *Device) *string { return &d.Note }),
	}
}

func kinds() []Kind {
	return []Kind{Printer, Scanner, Copier, NAS, UPS, Camera, Alarm, Phone, Router, Machine, Server, Application, Website,
		Monitoring, Backup, LANRelay, Service, Newsletter, Other}
}

func domainField[T any](name string, at func(*T) *dns.Name) field[T] {
	return as(name, domainWant, parseDomain, func(n dns.Name) Value { return Text(string(n)) }, at)
}

func pathField(name string, at func(*Tenant) *Path) field[Tenant] {
	return as(name, pathWant, ParsePath, func(p Path) Value { return Text(string(p)) }, at)
}

func methodField(name string, at func(*Device) *Method) field[Device] {
	return as(name, methodWant, ParseMethod, func(m Method) Value { return Text(string(m)) }, at)
}

func connectorType[T any](at func(*T) *ConnectorType) field[T] {
	return choice("type", []ConnectorType{OnPremises, Partner}, "", at).must()
}

func patterns[T any](name string, at func(*T) *[]DomainPattern) field[T] {
	return list(name, patternWant, parsePattern, func(p DomainPattern) string { return string(p) }, at)
}

func showAddress(a Address) Value { return Text(a.String()) }

func asItIs(s string) string { return s }

func validNote(s string) bool { return s != "" && len(s) <= maxNote && validText(s) }

func parseCertificate(s string) (string, error) {
	p, err := parsePattern(s)
	if err == nil && p == "*" {
		err = fmt.Errorf("%q is no name in a certificate: expected a domain or *.domain", s)
	}
	return string(p), err
}

func parseHost(s string) (string, error) {
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.String(), nil
	}
	n, err := dns.ParseName(s)
	if err != nil {
		return "", fmt.Errorf("%v: expected a host name or an address", err)
	}
	return string(n), nil
}

// parseRUA reads an address for reports (RFC 9989 §4.7: a URI, of which mailto is
// the only form that is defined).
func parseRUA(s string) (string, error) {
	address, ok := strings.CutPrefix(s, "mailto:")
	if !ok {
		return "", fmt.Errorf("%q is no address for reports: expected mailto: and an address", s)
	}
	if strings.ContainsAny(address, "!,") {
		return "", fmt.Errorf("%q: a report address without a size and without commas is expected", s)
	}
	a, err := ParseAddress(address)
	if err != nil {
		return "", err
	}
	if strings.ContainsFunc(a.Local, func(r rune) bool { return r > unicode.MaxASCII }) { // RFC 8616 §6
		return "", fmt.Errorf("%q: an address for reports has ASCII letters only before the @", s)
	}
	return "mailto:" + a.String(), nil
}

func parseSelector(s string) (string, error) {
	n, err := dns.ParseName(s)
	if err != nil || n == dns.Root {
		return "", fmt.Errorf("%q is no selector: expected a name such as s1", s)
	}
	return string(n), nil
}
