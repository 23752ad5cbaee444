package inventory

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"

	"sendplan/internal/dns"
)

// Seen is what the DNS tells about a domain, for a first inventory of it. What
// is not known is left at its zero value.
type Seen struct {
	Domain        dns.Name
	InitialDomain dns.Name
	Cloud         Cloud
	Inbound       Path          // as the MX tells
	Gateway       string        // the name of the gateway in Inbound, for people
	Sources       []SeenSource  // addresses that SPF allows
	Services      []SeenService // that SPF or DKIM name
}

// SeenSource is a range of addresses that a term of the SPF record allows.
type SeenSource struct {
	Prefix netip.Prefix
	Why    string
}

// SeenService is a sender that a record names.
type SeenService struct {
	Name   string // to call the device by
	Title  string // for people
	Method Method // how it would send; empty: not known
	Why    string // the record or term
}

// Draft writes a first inventory. Senders that the DNS only hints at are
// comments: a record shows who may send, not who does.
func Draft(s Seen) []byte {
	d := drafter{}
	d.line("# What sends mail for %s. Every field is described in docs/inventory.md.", plain(s.Domain.Unicode()))
	d.line("version: %d", Version)
	d.line("")
	d.tenant(s)
	d.sites(s.Sources)
	d.line("domains:")
	d.line("  - name: %s", quote(string(s.Domain)))
	d.line("    dmarc: {target: keep}                # keep, none, quarantine or reject")
	d.line("    spf: {all: keep}                     # keep, softfail or fail")
	d.line("")
	d.devices(s)
	return []byte(d.String())
}

type drafter struct {
	strings.Builder
}

func (d *drafter) line(format string, args ...any) {
	fmt.Fprintf(d, format+"\n", args...)
}

// field writes a field, or its comment where the value is not known.
func (d *drafter) field(key, value, ask string) {
	text := "  " + key + ": " + quote(value)
	if value == "" {
		text = "  # " + key + ":"
	}
	d.line("%-38s # %s", text, ask)
}

func (d *drafter) tenant(s Seen) {
	d.line("tenant:")
	d.field("initial_domain", string(s.InitialDomain), "the name below onmicrosoft.com")
	d.field("cloud", string(s.Cloud), "worldwide, gcc-high, dod or china")
	inbound := "what the MX leads to: direct, gateway:<id> or own-server:<device>"
	if s.Gateway != "" {
		inbound = "the MX leads to " + plain(s.Gateway)
	}
	d.field("inbound", string(s.Inbound), inbound)
	d.line("  outbound: unknown                    # how mail leaves: direct, gateway:<id> or own-server:<device>")
	d.line("  # The rest comes from Exchange Online. Save the output of each command as a")
	d.line("  # file and read it with: sendplan import exchange FILE")
	for _, command := range []string{"Get-DkimSigningConfig", "Get-InboundConnector", "Get-OutboundConnector", "Get-OrganizationConfig", "Get-TransportConfig"} {
		d.line("  #   %s | ConvertTo-Json", command)
	}
	d.line("")
}

func (d *drafter) sites(sources []SeenSource) {
	d.line("# The places from which devices reach the internet.")
	d.line("sites:")
	for i, s := range sources {
		if _, err := parseSource(prefixText(s.Prefix)); err != nil {
			continue // no site has such addresses
		}
		d.line("  # SPF allows %s: whose address is it? Take away the \"# \" where it is yours.", plain(s.Why))
		d.line("  # - name: site-%d", i+1)
		d.line("  #   addresses: [%s]", quote(prefixText(s.Prefix)))
		d.line("  #   static: unknown                  # true: the provider never changes it")
		d.line("  #   shared: unknown                  # true: others send from it too")
		d.line("  #   port25: unknown                  # open or blocked, outwards")
	}
	if len(sources) == 0 {
		d.line("  # - name: office")
		d.line("  #   addresses: []                    # the public addresses")
		d.line("  #   static: unknown                  # true: the provider never changes it")
		d.line("  #   shared: unknown                  # true: others send from it too")
		d.line("  #   port25: unknown                  # open or blocked, outwards")
	}
	d.line("")
}

func (d *drafter) devices(s Seen) {
	d.line("# Everything that sends: printers, servers, applications, services.")
	d.line("devices:")
	for i, v := range s.Services {
		d.line("  # %s, seen in: %s. Take away the \"# \" where it still sends.", plain(v.Title), plain(v.Why))
		d.line("  # - name: %s", quote(serviceName(s.Services, i)))
		d.line("  #   kind: service")
		if v.Method != "" {
			d.line("  #   now: %s", quote(string(v.Method)))
		}
		d.line("%-38s # the addresses that it writes as", "  #   from: ["+quote(AnyLocal+"@"+string(s.Domain))+"]")
		d.line("  #   recipients: unknown              # internal, one-external, one-domain or anyone")
	}
	if len(s.Services) == 0 {
		d.line("  # - name: scanner")
		d.line("  #   kind: scanner")
		d.line("  #   now: smtp-auth")
		d.line("  #   from: [%s]", quote("scan@"+string(s.Domain)))
		d.line("  #   recipients: internal             # internal, one-external, one-domain or anyone")
	}
}

// serviceName returns a name that no service before it has.
func serviceName(list []SeenService, i int) string {
	name := func(v SeenService) string {
		if !validName(v.Name) {
			return "service"
		}
		return v.Name
	}
	for _, v := range list[:i] {
		if sameName(name(v), name(list[i])) {
			return fmt.Sprintf("service-%d", i+1)
		}
	}
	return name(list[i])
}

const maxPlain = 200 // runes of a text from elsewhere in a comment

// plain makes a text from elsewhere fit for a comment.
func plain(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxPlain {
			return b.String() + "..."
		}
		if !unicode.IsPrint(r) {
			r = '?'
		}
		b.WriteRune(r)
	}
	return b.String()
}
