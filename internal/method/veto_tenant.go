package method

import (
	"math"
	"strings"
	"time"

	"sendplan/internal/dns"
)

// The days on which basic authentication changes. Microsoft gives no day in
// December 2026 and September 2028: the last of December, and the whole of
// September.
var (
	basicOff    = day(2026, time.December, 31)
	basicFinal  = day(2027, time.July, 1)
	basicKnown  = day(2028, time.January, 1)
	hveBasicEnd = day(2028, time.September, 1)
	hveBasicOut = day(2028, time.October, 1)
)

// basicAuth judges the end of basic authentication.
func (j *judgment) basicAuth() {
	if j.out.Auth != AuthBasic {
		return
	}
	if j.kind == HVE {
		switch {
		case !j.date.Before(hveBasicOut):
			j.veto(VetoBasicOff, factHVEBasic, "September 2028 is over")
		case !j.date.Before(hveBasicEnd):
			j.ask("tenant.cloud", factHVEBasic, "does High Volume Email still take passwords? By one source it ends this month")
		}
		return
	}
	t := j.in.Tenant
	after := j.date.After(basicOff)
	switch {
	case t.BasicSMTP == False:
		j.veto(VetoBasicOff, factBasicOff, "basic authentication for client submission is off in the tenant")
	case t.BasicSMTP != True && t.Created.After(basicOff):
		j.veto(VetoBasicOff, factBasicNew, "the tenant was made on %s", t.Created.Format(time.DateOnly))
	case !j.date.Before(basicKnown):
		j.ask("tenant.basic_smtp", factBasicFinal, "has Microsoft removed basic authentication? The date was to be announced in the second half of 2027, look it up")
	case after && t.BasicSMTP == Unknown:
		j.ask("tenant.basic_smtp", factBasicOff, "was basic authentication for client submission switched on again after December 2026?")
	case after:
		j.see(factBasicFinal, "short-term only: re-enabled basic authentication lasts until the final removal")
	default:
		j.see(factBasicOff, "short-term only: %s", untilBasicOff(j.date))
	}
}

// switches judges the settings of the tenant for logging in.
func (j *judgment) switches() {
	t := j.in.Tenant
	switch j.kind {
	case SMTPAuth:
		if t.SecurityDefaults == True {
			j.veto(VetoDefaults, factDefaults, "security defaults are on in the tenant")
		}
		if t.SMTPAuth == False {
			j.lack(factSwitch, "client submission is off for the tenant: switch it on for the mailbox, Set-CASMailbox -SmtpClientAuthenticationDisabled $false")
		}
	case HVE:
		if t.SecurityDefaults == True {
			j.veto(VetoDefaults, factHVEDefaults, "security defaults are on in the tenant")
		}
		if t.SecurityDefaults == Unknown {
			j.see(factHVEDefaults, "check that security defaults are off")
		}
		j.see(factHVECost, "set up a billing policy first")
	}
}

// directSend judges the switch RejectDirectSend.
func (j *judgment) directSend() {
	if j.kind != DirectSend && j.kind != Relay {
		return
	}
	t, d := j.in.Tenant, j.in.Device
	if t.RejectDirectSend == False {
		return
	}
	if d.Null() && j.kind == DirectSend {
		j.see(open("whether RejectDirectSend refuses the null sender, which has no domain"), "test it: it sends with the null sender")
		return
	}
	own := False
	for _, domain := range d.Envelopes() {
		own = either(own, t.accepted(domain))
	}
	if len(d.Envelopes()) == 0 {
		own = Unknown
	}
	if j.kind == Relay {
		if t.RejectDirectSend == True && d.Recipients != OneExternal && d.Recipients != OneDomain {
			j.see(factRejectThirdParty, "have the service use a MAIL FROM subdomain that is not an accepted domain, or mail to the own tenant is refused")
		}
		return
	}
	exempt := j.exempt()
	switch {
	case own == False || exempt == True:
	case t.RejectDirectSend == Unknown:
		j.ask("tenant.reject_direct_send", factRejectDirectSend, "what does Get-OrganizationConfig say of RejectDirectSend?")
	case exempt == Unknown:
		j.ask("tenant.connectors", factRejectDirectSend, "is the connector that matches the site's address enabled?")
	case own == Unknown:
		j.ask("tenant.accepted", factRejectDirectSend, "is the domain of MAIL FROM an accepted domain of the tenant?")
	default:
		j.veto(VetoRejectDirect, factRejectDirectSend, "RejectDirectSend is on, and no connector matches the site's address")
	}
}

// either is the truth of "a or b".
func either(a, b Truth) Truth {
	switch {
	case a == True || b == True:
		return True
	case a == Unknown || b == Unknown:
		return Unknown
	}
	return False
}

// exempt reports whether an enabled connector identifies the site's address.
func (j *judgment) exempt() Truth {
	found := False
	for _, c := range j.in.Tenant.Connectors {
		if c.holds(j.in.Site) {
			found = either(found, c.Enabled)
		}
	}
	return found
}

// partner judges connectors of type Partner that keep other addresses out.
func (j *judgment) partner() {
	for _, c := range j.in.Tenant.Connectors {
		if c.Type != Partner || c.Enabled == False || c.all() {
			continue
		}
		if j.kind == ConnectorIP && c.holds(j.in.Site) && j.exemptBy(OnPremises) != True {
			j.see(factPartnerNoRelay, "the connector %q has the site's address, but is of type Partner: a connector of type OnPremises is needed", c.Name)
		}
		scoped := false
		for _, domain := range j.in.Device.Envelopes() {
			scoped = scoped || c.scoped(domain)
		}
		if scoped && c.RestrictToIP == True && !c.holds(j.in.Site) {
			j.partnerTrap(c)
		}
	}
}

func (j *judgment) partnerTrap(c Connector) {
	switch {
	case j.kind == DirectSend && c.Enabled == True:
		j.veto(VetoPartner, factPartnerTrap, "the connector %q takes mail of its domain from other addresses only", c.Name)
	case j.kind == DirectSend:
		j.ask("tenant.connectors", factPartnerTrap, "is the connector \""+c.Name+"\" enabled?")
	case j.kind == Relay && j.in.Device.Recipients != OneExternal && j.in.Device.Recipients != OneDomain:
		j.see(factPartnerTrap, "the connector %q rejects mail to the own tenant that has its domain as MAIL FROM: use a MAIL FROM subdomain", c.Name)
	case j.kind == ConnectorIP, j.kind == ConnectorCert:
		j.see(open("which of two connectors is taken when both match"), "test it: the connector %q takes mail of the same domain from other addresses only", c.Name)
	}
}

func (j *judgment) exemptBy(t ConnectorType) Truth {
	found := False
	for _, c := range j.in.Tenant.Connectors {
		if c.Type == t && c.holds(j.in.Site) {
			found = either(found, c.Enabled)
		}
	}
	return found
}

// locked judges a tenant that takes mail from its gateway only.
func (j *judgment) locked() {
	if j.kind != DirectSend && j.kind != ConnectorIP && j.kind != ConnectorCert {
		return
	}
	locked, by := j.in.lock()
	gateway, _ := j.in.Tenant.Inbound.Of()
	switch {
	case locked == True && j.kind != DirectSend:
		j.see(open("which of two connectors is taken when both match"), "test it: the tenant takes other mail from its gateway only%s", by)
	case locked == True:
		j.veto(VetoLocked, factPartnerTrap, "the tenant takes mail from its gateway only%s", by)
	case locked == Unknown && j.kind == DirectSend && (gateway == "gateway" || gateway == "own-server"):
		j.ask("tenant.inbound_locked", factPartnerTrap, "does the tenant take mail only from "+string(j.in.Tenant.Inbound)+"?")
	case locked == Unknown && j.kind == DirectSend && j.in.Tenant.InboundUnasked:
		j.ask("tenant.inbound", factPartnerTrap, "what takes the mail for the domain from the internet, and does the tenant take mail from that only? The MX records could not be asked")
	}
}

// lock reports whether anonymous mail from the site's address is kept out, and
// by which connector if one is known.
func (in Input) lock() (Truth, string) {
	for _, c := range in.Tenant.Connectors {
		if c.Type == Partner && c.Enabled == True && c.all() && (c.RestrictToIP == True || c.RestrictToTLS == True) {
			if c.RestrictToIP == True && c.holds(in.Site) {
				return False, ""
			}
			return True, " by the connector \"" + c.Name + "\""
		}
	}
	return in.Tenant.InboundLocked, ""
}

// onMicrosoft judges senders below onmicrosoft.com.
func (j *judgment) onMicrosoft() {
	domain, ok := onMicrosoft(j.in.Device.FromDomains())
	if !ok {
		return
	}
	d := j.in.Device
	switch {
	case j.kind == ACS || j.kind == Relay || j.kind == Hoster || j.kind == OwnServer:
		j.veto(VetoOnMicrosoft, factForeignDomain, "it sends from %s", domain)
	case !j.kind.Tenant():
	case d.Recipients == RecipientsUnknown:
		j.ask("device.recipients", factOnMicrosoft, "does it write to anyone outside the tenant?")
	case d.external() && d.PerDay > 100:
		j.veto(VetoOnMicrosoft, factOnMicrosoft, "it sends from %s to %d external recipients a day", domain, d.PerDay)
	case d.external() && d.PerDay == 0:
		j.ask("device.per_day", factOnMicrosoft, "how many recipients a day has it? It sends from "+string(domain))
	case d.external():
		j.see(factOnMicrosoft, "better give it a sender in an own domain: %s shares its 100 external recipients a day with all of the tenant", domain)
	}
}

func onMicrosoft(domains []dns.Name) (dns.Name, bool) {
	for _, domain := range domains {
		for _, suffix := range []string{".onmicrosoft.com", ".onmicrosoft.us", ".onmschina.cn", ".onmicrosoft.cn"} {
			if strings.HasSuffix(string(domain), suffix) {
				return domain, true
			}
		}
	}
	return "", false
}

// TenantLimit returns the external recipients in 24 hours that a tenant with so
// many licences may have.
func TenantLimit(licences int) int {
	return int(math.Round(500*math.Pow(float64(licences), 0.7) + 9500))
}
