package method

import (
	"slices"

	"sendplan/internal/provider"
)

// TrickID names a way around.
type TrickID string

// The tricks.
const (
	TrickContact   TrickID = "mail-contact"
	TrickSubdomain TrickID = "subdomain"
	TrickLANRelay  TrickID = "lan-relay"
	TrickLegacyTLS TrickID = "legacy-tls"
	TrickIPv4      TrickID = "ipv4-only"
	TrickExempt    TrickID = "exempting-connector"
	TrickOneSender TrickID = "own-sender"
)

// Trick is a way around what a veto says, for this device.
type Trick struct {
	ID   TrickID
	Text string
	Fact Fact
}

// tricks returns what is worth knowing for the device, in a fixed order.
func tricks(in Input, a Advice) []Trick {
	var list []Trick
	add := func(when bool, id TrickID, f Fact, text string) {
		if when {
			list = append(list, Trick{id, text, f})
		}
	}
	d := in.Device
	vetoed := func(k Kind, id VetoID) bool {
		return slices.ContainsFunc(a.Options, func(o Option) bool {
			return o.Method.Kind() == k && slices.ContainsFunc(o.Vetoes, func(v Veto) bool { return v.ID == id })
		})
	}
	add(d.Recipients == OneExternal, TrickContact, factContact,
		"make a mail contact for the one external address: the device writes to an internal address and Exchange forwards; MAIL FROM and DKIM of what is forwarded are not established, so test it")
	add(in.bulk() && d.Recipients != RecipientsUnknown, TrickSubdomain, factBulk,
		"send its bulk mail from a subdomain with its own SPF, DKIM and DMARC, so that the main domain's name does not suffer")
	add(!in.bulk() && (d.hosted() == True || a.Recommended.Kind() == Relay || a.Recommended.Kind() == ACS), TrickSubdomain, factSubdomain,
		"give what the tenant does not sign a subdomain of its own as sender, with its own SPF and DKIM")
	add(old(d.TLS) && d.hosted() != True, TrickLANRelay, factRuleTLS,
		"put a relay on the LAN in front: it takes the device's old TLS, or none, and hands on with TLS 1.2")
	add(!old(d.TLS) && d.hosted() != True && d.Auth == AuthNone && in.Site.fixed() == False, TrickLANRelay, factLANRelay,
		"put a relay on the LAN in front: it logs in, or shows a certificate, for devices that can do neither")
	add(d.TLS == TLS10 || d.TLS == TLS11, TrickLegacyTLS, legacyTLS(in.Tenant.Cloud), legacyText(in.Tenant.Cloud))
	add(in.Site.IPv6 == True || in.Site.v6(), TrickIPv4, factIPv6,
		"keep its mail on IPv4: switch IPv6 off in the device, or take the AAAA records from the MX host with Disable-IPv6ForAcceptedDomain")
	add(vetoed(DirectSend, VetoRejectDirect) && d.Recipients == Internal && in.Site.fixed() != False && in.Site.Port25 != False, TrickExempt, factRejectDirectSend,
		"a connector that matches the site's address exempts the device from RejectDirectSend")
	_, moera := onMicrosoft(d.FromDomains())
	add(moera, TrickOneSender, factOnMicrosoft, "give it a sender in an own domain instead of onmicrosoft.com")
	add(!moera && vetoed(DirectSend, VetoFrom), TrickOneSender, factMailboxFrom,
		"give it a sender in an accepted domain of the tenant, or make the domain of its From an accepted one")
	return list
}

// legacyTLS is the fact on the legacy host in a cloud.
func legacyTLS(c provider.Cloud) Fact {
	if c == provider.China {
		return factLegacyCN
	}
	return factLegacyTLS
}

func legacyText(c provider.Cloud) string {
	switch c {
	case provider.GCCHigh, provider.DoD:
		return "there is no legacy host for TLS 1.0 and 1.1 in this cloud"
	case provider.China:
		return "smtp-legacy.partner.outlook.cn takes TLS 1.0 and 1.1 after an opt-in; not recommended, and basic authentication ends there too"
	}
	return "smtp-legacy.office365.com takes TLS 1.0 and 1.1 after an opt-in (not in GCC); not recommended, and basic authentication ends there too"
}
