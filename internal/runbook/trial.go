package runbook

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/planner"
)

// tests are how to see that a device works after it is switched.
func (b *book) tests(d planner.Device, e endpoint) []Step {
	steps := []Step{b.connection(d, e)}
	send := Step{Who: keeperOf(d), Subject: d.Name, Text: "send a test mail from the device itself, " + testRecipient(d)}
	send.Lines = expected(d)
	if through := b.through(d); through != "" {
		send.Lines = append(send.Lines, Line{Text: "these send through it, so send one from each of them as well: " + through})
	}
	if c, ok := traced(d); ok && traces(d.Target().Method.Kind()) {
		send.Commands = append(send.Commands, c)
	}
	send.Commands = append(send.Commands, Command{Shell: AnyShell, Text: "sendplan message FILE", Note: "FILE is the message as it arrived, saved with all its headers (.eml)"})
	send.Sign = b.signFor(d)
	return append(steps, send)
}

// through names the devices that hand their mail to d, today or after the plan.
func (b *book) through(d planner.Device) string {
	var list []string
	for _, o := range b.plan.Devices {
		for _, id := range []method.ID{method.ID(o.Today()), method.ID(o.Device.Device.Method)} {
			if id.Kind() == method.Via && strings.EqualFold(id.Name(), d.Name) && !slices.Contains(list, o.Name) {
				list = append(list, o.Name)
			}
		}
	}
	return strings.Join(list, ", ")
}

// connection tests whether the server can be reached from the LAN.
func (b *book) connection(d planner.Device, e endpoint) Step {
	s := Step{Who: networkAdmin(d.Site), Subject: d.Name, Text: "test the connection from the LAN of the device, from an address that the firewall lets out"}
	if e.port == 0 {
		s.Lines = []Line{{Text: "no command is given: the port is not established"}}
		return s
	}
	fill := e.host == ""
	if fill {
		s.Lines = []Line{{Text: "the server is " + orOpen(e.open)}}
		e.host = "<server>"
	}
	s.Commands = []Command{{Shell: WindowsShell, Fill: fill, Text: fmt.Sprintf("Test-NetConnection -ComputerName %s -Port %d", e.host, e.port)}}
	s.Sign = "TcpTestSucceeded : True"
	if tls, ok := openssl(d, e); ok {
		s.Commands = append(s.Commands, Command{Shell: AnyShell, Fill: fill, Text: tls, Note: "quit with: QUIT"})
		s.Sign += "; openssl shows Verify return code: 0 (ok)"
	}
	return s
}

func orOpen(open string) string {
	if open == "" {
		return "not established"
	}
	return open
}

// openssl is a command that speaks to the server in TLS; ok is false where the
// device does not do so, or no SMTP.
func openssl(d planner.Device, e endpoint) (text string, ok bool) {
	encryption := ""
	for _, s := range d.Settings() {
		if s.Name == "Encryption" {
			encryption = s.Value.Text
		}
	}
	server := fmt.Sprintf("openssl s_client -connect %s:%d -servername %s -crlf", e.host, e.port, e.host)
	switch {
	case d.Target().Method.Kind() == method.Graph:
		return "", false
	case strings.HasPrefix(encryption, "implicit TLS"):
		return server, true
	case strings.HasPrefix(encryption, "STARTTLS"):
		return server + " -starttls smtp", true
	}
	return "", false
}

// testRecipient says where the test mail goes: to one who judges it.
func testRecipient(d planner.Device) string {
	switch d.Recipients {
	case inventory.Internal:
		return "to a mailbox of the tenant"
	case inventory.OneExternal, inventory.OneDomain:
		return "to the recipient outside, and to a mailbox of the tenant"
	case inventory.Anyone:
		return "to a mailbox at another provider, and to one of the tenant"
	}
	return "to somebody whom it writes to (devices.recipients is not known)"
}

// expected is what the headers of the test mail must say, by the proof of the
// plan.
func expected(d planner.Device) []Line {
	var lines []Line
	for _, h := range d.After.Hops {
		if h.Hop.Judged == method.False {
			continue
		}
		where := h.Hop.From + " to " + h.Hop.To
		lines = append(lines, Line{Text: fmt.Sprintf("%s: SPF %s, DKIM %s, DMARC %s", where, orNotKnown(h.SPF), orNotKnown(h.DKIM), orNotKnown(h.DMARC))})
	}
	if len(lines) == 0 {
		return []Line{{Text: "no receiver judges SPF, DKIM and DMARC on its way, so that only one thing counts: it lies in the Inbox, not in Junk"}}
	}
	lead := Line{Text: "what its headers must say, and sendplan message too, for " + domainsOf(d)}
	return append([]Line{lead}, lines...)
}

func orNotKnown[T ~string](word T) string {
	if word == "" || word == "unknown" {
		return "not known"
	}
	return string(word)
}

func domainsOf(d planner.Device) string {
	var list []string
	for _, n := range d.Input.Device.FromDomains() {
		list = append(list, n.String())
	}
	if len(list) == 0 {
		return "the domain of From"
	}
	return strings.Join(list, ", ")
}

// traced asks Exchange Online what it has of the device's mail.
func traced(d planner.Device) (Command, bool) {
	for _, a := range d.Device.Device.From {
		if a.Local == inventory.AnyLocal {
			continue
		}
		c, ok := typed(Microsoft, "Get-MessageTraceV2", data("SenderAddress", a.String()))
		c.Note = "shows the last 48 hours; in Received, Status and FromIP"
		return c, ok
	}
	return Command{}, false
}

// traces reports whether mail by a kind of method passes the tenant.
func traces(k method.Kind) bool { return k.Tenant() || k == method.DirectSend }

// signFor is by what one sees that a method is used.
func (b *book) signFor(d planner.Device) string {
	switch d.Target().Method.Kind() {
	case method.ConnectorIP, method.ConnectorCert:
		return "it arrives, and connector_id in the downloaded message trace (enhanced summary) names the connector; empty means Direct Send"
	case method.DirectSend:
		sign := "it arrives, and original_client_ip in the downloaded message trace (enhanced summary) is the address of the site"
		if site, _ := b.inv.Site(d.Site); b.attributed(site) {
			return sign + "; connector_id names the connector that holds it"
		}
		return sign + ", with an empty connector_id"
	case method.SMTPAuth:
		return "it arrives, and a copy lies in Sent Items of the mailbox"
	}
	return "it arrives"
}

// attributed reports whether mail from a site counts as that of a connector,
// whatever the device is set to.
func (b *book) attributed(site inventory.Site) bool {
	return slices.ContainsFunc(b.inv.Tenant.Connectors, func(c inventory.Connector) bool {
		return c.Enabled != inventory.False && len(site.Addresses) > 0 && covered(site.Addresses, c.Addresses)
	})
}

// repliesTo are the refusals that a method is known for.
func repliesTo(k method.Kind) []Line {
	blocked := from(method.ThirdParty, "SPAMH", "550 5.7.1 Client host blocked using Spamhaus (AS16012611): the address of the site is on a block list")
	switch k {
	case method.ConnectorIP, method.ConnectorCert:
		return []Line{from(method.Microsoft, "ATTR", "550 5.7.64 TenantAttribution; Relay Access Denied: no connector of type OnPremises matches. The address is another one, it left by IPv6, the certificate was renewed, or MAIL FROM is in no accepted domain"), blocked}
	case method.DirectSend:
		return []Line{from(method.Microsoft, "SOC", "550 5.7.68 Direct Send not allowed: RejectDirectSend is on, and no connector matches"), blocked,
			{Text: "5.7.1 Unable to relay, 5.4.1 Relay Access Denied: the recipient is outside of the tenant, or the server is the wrong one"}}
	case method.SMTPAuth:
		return []Line{
			from(method.Observed, "CODE", "535 5.7.139 SmtpClientAuthentication is disabled for the Tenant, or Mailbox: the switch of the tenant, or of the mailbox"),
			from(method.Microsoft, "FIX24", "535 5.7.3 Authentication unsuccessful: the password, multi-factor authentication, a policy, or the switch"),
			{Text: "5.7.60 does not have permissions to send as this sender: From is not the mailbox that logs in; it needs Send As"},
			from(method.Microsoft, "LEG", "421 4.7.66 TLS 1.0 and 1.1 are not supported: the device's TLS is too old"),
		}
	case method.HVE:
		return []Line{from(method.ThirdParty, "TIAGO", "550 5.5.105: the recipient is outside of the tenant"),
			from(method.ThirdParty, "HVESD", "535 5.7.139 the organization configuration does not allow this: security defaults, or a policy")}
	case method.ACS:
		return []Line{from(method.ThirdParty, "ACSQ", "5.1.7: the domain of From is not linked to the resource")}
	}
	return nil
}

// from is a sentence that a source establishes.
func from(g method.Grade, source method.SourceKey, text string) Line {
	return Line{text, method.Fact{Grade: g, Source: source, Text: text}}
}
