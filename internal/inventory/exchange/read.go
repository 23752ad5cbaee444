package exchange

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// reader takes the properties that are known out of one object, and keeps the
// first mistake.
type reader struct {
	object object
	file   string
	notes  []string
	err    error
}

func (r *reader) fail(p property, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{r.file, p.line, fmt.Sprintf(format, args...)}
	}
}

func (r *reader) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// stranger is the error for an object that is not recognized.
func (r *reader) stranger(ambiguous bool) error {
	if ambiguous { // a guess would take a mailbox's setting for the tenant's
		return &Error{r.file, r.object.line, "SmtpClientAuthenticationDisabled alone can be the tenant's or a mailbox's: " +
			"print Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled,AllowLegacyTLSClients or " +
			"Get-CASMailbox | Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled"}
	}
	return &Error{r.file, r.object.line, "this output is not recognized: expected that of " + cmdletList()}
}

// text returns a property as one text; a property that is not there is empty.
func (r *reader) text(name string) (property, string) {
	p := r.object.properties[strings.ToLower(name)]
	if p.list && len(p.item) > 0 {
		return p, strings.Join(p.item, " ")
	}
	return p, p.text
}

// list returns a property as a list. Format-List cuts lists, which must not go
// unnoticed.
func (r *reader) list(name string) (property, []string) {
	p := r.object.properties[strings.ToLower(name)]
	items := p.item
	if !p.list {
		items = strings.Fields(strings.ReplaceAll(p.text, ",", " "))
	}
	for _, item := range items {
		if strings.Contains(item, "...") || strings.Contains(item, "…") || strings.HasPrefix(item, "{") {
			r.fail(p, "%s is cut short: print it with | ConvertTo-Json, or set $FormatEnumerationLimit = -1 before", name)
			return p, nil
		}
	}
	return p, items
}

// truth reads True and False; what is empty or not there is unknown.
func (r *reader) truth(name string) inventory.Truth {
	p, text := r.text(name)
	switch strings.ToLower(text) {
	case "true", "$true":
		return inventory.True
	case "false", "$false":
		return inventory.False
	case "":
		return inventory.Unknown
	}
	r.fail(p, "%s is %q: expected True or False", name, short(text))
	return inventory.Unknown
}

// opposite reads a switch whose name says "disabled".
func (r *reader) opposite(name string) inventory.Truth {
	switch r.truth(name) {
	case inventory.True:
		return inventory.False
	case inventory.False:
		return inventory.True
	}
	return inventory.Unknown
}

// name reads a domain; what is empty is no name.
func (r *reader) name(name string) dns.Name {
	p, text := r.text(name)
	if text == "" {
		return ""
	}
	n, err := dns.ParseName(text)
	if err != nil || len(n.Labels()) < 2 {
		r.fail(p, "%s is %q: expected a domain name", name, short(text))
		return ""
	}
	return n
}

func (r *reader) dkim() inventory.DKIM {
	d := inventory.DKIM{
		Domain:    r.name("Domain"),
		Enabled:   r.truth("Enabled"),
		Selector1: r.name("Selector1CNAME"),
		Selector2: r.name("Selector2CNAME"),
	}
	for _, other := range []string{"Name", "Identity"} {
		if d.Domain == "" {
			d.Domain = r.name(other)
		}
	}
	if d.Domain == "" {
		r.fail(property{line: r.object.line}, "the domain is missing: print Get-DkimSigningConfig | Format-List Domain,Enabled,Status,Selector1CNAME,Selector2CNAME")
	}
	if p, status := r.text("Status"); status != "" {
		d.Status = r.status(p, status)
	}
	return d
}

func (r *reader) status(p property, text string) inventory.DKIMStatus {
	for _, s := range []inventory.DKIMStatus{inventory.DKIMValid, inventory.DKIMCnameMissing, inventory.DKIMNoKeys} {
		if strings.EqualFold(text, string(s)) {
			return s
		}
	}
	r.fail(p, "Status is %q: expected %s, %s or %s", short(text), inventory.DKIMValid, inventory.DKIMCnameMissing, inventory.DKIMNoKeys)
	return ""
}

// label reads the name of a connector.
func (r *reader) label() string {
	for _, name := range []string{"Name", "Identity"} {
		if _, text := r.text(name); text != "" {
			return text
		}
	}
	r.fail(property{line: r.object.line}, "the connector's Name is missing: print the whole output with | ConvertTo-Json or | Format-List")
	return ""
}

// kind reads ConnectorType. As a number it is not read: no source establishes
// which number is which type.
func (r *reader) kind() inventory.ConnectorType {
	p, text := r.text("ConnectorType")
	for _, t := range []inventory.ConnectorType{inventory.OnPremises, inventory.Partner} {
		if strings.EqualFold(text, string(t)) {
			return t
		}
	}
	r.fail(p, "ConnectorType is %q: expected %s or %s, as | Format-List prints it", short(text), inventory.OnPremises, inventory.Partner)
	return ""
}

func (r *reader) inbound() inventory.Connector {
	return inventory.Connector{
		Name:                  r.label(),
		Type:                  r.kind(),
		Enabled:               r.truth("Enabled"),
		Addresses:             r.addresses(),
		Certificate:           r.certificate(),
		SenderDomains:         r.patterns("SenderDomains"),
		AssociatedDomains:     r.domains("AssociatedAcceptedDomains"),
		RequireTLS:            r.truth("RequireTls"),
		RestrictToAddresses:   r.truth("RestrictDomainsToIPAddresses"),
		RestrictToCertificate: r.truth("RestrictDomainsToCertificate"),
	}
}

func (r *reader) addresses() []netip.Prefix {
	p, items := r.list("SenderIPAddresses")
	var list []netip.Prefix
	for _, item := range items {
		prefix, err := inventory.ParsePrefix(item)
		if err != nil {
			r.fail(p, "SenderIPAddresses: %v", err)
			return nil
		}
		list = append(list, prefix)
	}
	return list
}

// certificate reads TlsSenderCertificateName: a domain, or the issuer and
// subject in the form <I>...<S>CN=domain, of which the subject counts.
func (r *reader) certificate() string {
	p, text := r.text("TlsSenderCertificateName")
	if _, subject, found := strings.Cut(text, "<S>"); found {
		for part := range strings.SplitSeq(subject, ",") {
			if name, ok := strings.CutPrefix(strings.Trim(part, blanks), "CN="); ok {
				text = name
				break
			}
		}
	}
	if text == "" {
		return ""
	}
	if _, err := dns.ParseName(strings.TrimPrefix(text, "*.")); err != nil {
		r.fail(p, "TlsSenderCertificateName is %q: expected a domain or *.domain", short(text))
	}
	return strings.ToLower(text)
}

// patterns reads address spaces such as "smtp:*.contoso.com;1".
func (r *reader) patterns(name string) []inventory.DomainPattern {
	var list []inventory.DomainPattern
	_, items := r.list(name)
	for _, item := range items {
		if len(item) > 5 && strings.EqualFold(item[:5], "smtp:") {
			item = item[5:]
		}
		if at := strings.LastIndexByte(item, ';'); at >= 0 {
			if _, err := strconv.Atoi(item[at+1:]); err == nil { // the cost
				item = item[:at]
			}
		}
		list = append(list, inventory.DomainPattern(strings.ToLower(item)))
	}
	return list
}

func (r *reader) domains(name string) []dns.Name {
	p, items := r.list(name)
	var list []dns.Name
	for _, item := range items {
		n, err := dns.ParseName(item)
		if err != nil {
			r.fail(p, "%s: %v", name, err)
			return nil
		}
		list = append(list, n)
	}
	return list
}

func (r *reader) outbound() inventory.OutboundConnector {
	c := inventory.OutboundConnector{
		Name:             r.label(),
		Type:             r.kind(),
		Enabled:          r.truth("Enabled"),
		RecipientDomains: r.patterns("RecipientDomains"),
		TransportRule:    r.truth("IsTransportRuleScoped"),
	}
	_, c.SmartHosts = r.list("SmartHosts")
	for i, h := range c.SmartHosts {
		c.SmartHosts[i] = strings.ToLower(strings.Trim(h, "[]"))
	}
	if c.Enabled != inventory.False && c.TransportRule != inventory.True && len(c.SmartHosts) > 0 {
		r.note("connector %q hands mail to %s: write in tenant.outbound which gateway or server that is", c.Name, strings.Join(c.SmartHosts, ", "))
	}
	return c
}

func (e *Export) organization(r *reader) {
	if !r.object.has("RejectDirectSend") {
		r.fail(property{line: r.object.line}, "RejectDirectSend is missing: print Get-OrganizationConfig | Format-List RejectDirectSend with a recent module ExchangeOnlineManagement")
		return
	}
	e.RejectDirectSend = r.truth("RejectDirectSend")
	_, when := r.text("WhenCreatedUTC")
	if when == "" {
		_, when = r.text("WhenCreated")
	}
	if when == "" {
		return
	}
	day, ok := parseDay(when)
	if !ok {
		r.note("WhenCreated is %q, of which day and month cannot be told apart: write tenant.created as a date such as 2019-03-01", short(when))
		return
	}
	e.Created = day
}

// parseDay reads the dates of ConvertTo-Json: ISO 8601, or /Date(milliseconds)/
// of Windows PowerShell. Dates in a local form are not guessed at.
func parseDay(s string) (time.Time, bool) {
	if inner, ok := strings.CutPrefix(s, "/Date("); ok {
		inner, _, _ = strings.Cut(inner, ")")
		ms, err := strconv.ParseInt(inner, 10, 64)
		if err != nil || ms < 0 || ms > 1<<42 {
			return time.Time{}, false
		}
		return time.UnixMilli(ms).UTC().Truncate(24 * time.Hour), true
	}
	if len(s) < len(time.DateOnly) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)])
	return t, err == nil && t.Year() >= 1990
}

func (e *Export) transport(r *reader) {
	if !r.object.has("SmtpClientAuthenticationDisabled", "AllowLegacyTLSClients") {
		r.fail(property{line: r.object.line}, "SmtpClientAuthenticationDisabled and AllowLegacyTLSClients are missing: print Get-TransportConfig | ConvertTo-Json")
		return
	}
	e.SMTPAuth = cmp.Or(r.opposite("SmtpClientAuthenticationDisabled"), e.SMTPAuth)
	e.LegacyTLS = cmp.Or(r.truth("AllowLegacyTLSClients"), e.LegacyTLS)
}

func (e *Export) mailbox(r *reader) {
	p, text := r.text("PrimarySmtpAddress")
	if text == "" {
		r.fail(property{line: r.object.line}, "the mailbox's address is missing: print Get-CASMailbox | Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled")
		return
	}
	address, err := inventory.ParseAddress(text)
	if err != nil {
		r.fail(p, "PrimarySmtpAddress: %v", err)
		return
	}
	if !r.object.has("SmtpClientAuthenticationDisabled") {
		r.fail(p, "SmtpClientAuthenticationDisabled is missing: print Get-CASMailbox | Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled")
		return
	}
	m := inventory.Mailbox{Address: address, SMTPAuth: inventory.AuthInherit}
	switch r.opposite("SmtpClientAuthenticationDisabled") {
	case inventory.True:
		m.SMTPAuth = inventory.AuthEnabled
	case inventory.False:
		m.SMTPAuth = inventory.AuthDisabled
	}
	e.Mailboxes = append(e.Mailboxes, m)
}
