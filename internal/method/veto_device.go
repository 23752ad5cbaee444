package method

import (
	"fmt"
	"slices"

	"sendplan/internal/provider"
)

// words for recipients in a sentence.
var recipientWords = map[Recipients]string{
	Internal:    "to mailboxes of the tenant only",
	OneExternal: "to one address outside the tenant",
	OneDomain:   "to addresses of another organisation",
	Anyone:      "to anyone",
}

func (j *judgment) dead() {
	switch j.kind {
	case PopBeforeSMTP:
		j.veto(VetoDead, factPopBeforeSMTP, "SMTP after POP must go")
	case OpenRelay:
		j.veto(VetoDead, factOpenRelay, "an open relay must go")
	default:
		if !slices.Contains(Kinds(), j.kind) {
			j.ask("device.method", open("no such method"), "by which method does it send?")
		}
	}
}

func (j *judgment) recipients() {
	var f Fact
	switch j.kind {
	case DirectSend:
		f = factDirectSendInternal
	case HVE:
		f = factHVEInternal
	default:
		return
	}
	switch r := j.in.Device.Recipients; r {
	case Internal:
	case RecipientsUnknown:
		j.ask("device.recipients", f, "whom does it write to: only mailboxes of the tenant, or others too?")
	default:
		j.veto(VetoRecipients, f, "it writes %s", recipientWords[r])
	}
}

func (j *judgment) cloud() {
	cloud := j.in.Tenant.Cloud
	government := cloud == provider.GCCHigh || cloud == provider.DoD
	switch j.kind {
	case HVE, ACS:
		switch {
		case cloud == provider.China && j.kind == HVE:
			j.veto(VetoCloud, factHVEChina, "the tenant is in the cloud %q", cloud)
		case government || cloud == provider.China:
			j.ask("tenant.cloud", factGovernment, "is "+j.kind.String()+" offered in the cloud \""+string(cloud)+"\"? No source was found, ask Microsoft")
		}
	case SMTPAuth:
		if host := Lookup(SMTPAuthID, AuthOAuth).Host(cloud); !host.Established() && cloud != "" {
			j.see(host, "find out the host for client submission in the cloud %q before changing the device", cloud)
		}
	case Relay, Hoster:
		if government {
			j.see(factGovernmentOut, "ask whether mail of the cloud %q may pass a service outside it", cloud)
		}
	}
}

// SMTPAuthID is client submission.
const SMTPAuthID = ID(SMTPAuth)

// login judges by what the device can show to prove who it is.
func (j *judgment) login() {
	auth := j.in.Device.Auth
	var f Fact
	switch {
	case j.kind == SMTPAuth && j.out.Auth == AuthOAuth:
		switch auth {
		case AuthNone, AuthBasic:
			j.veto(VetoOAuth, factOAuthOnly, "the best that it can do is auth %q", auth)
		case AuthUnknown:
			j.ask("device.auth", factOAuthOnly, "can it do OAuth (XOAUTH2)?")
		}
		return
	case j.kind == SMTPAuth:
		f = factLogin
	case j.kind == HVE:
		f = factHVELogin
	case j.kind == ACS:
		f = factACSLogin
	case j.kind == Relay:
		j.relayLogin()
		return
	case j.kind == Hoster:
		f = factHostLogin
	default:
		return
	}
	switch auth {
	case AuthNone:
		j.veto(VetoAuth, f, "it cannot log in")
	case AuthUnknown:
		j.ask("device.auth", f, "can it log in with a name and password, or by OAuth?")
	}
}

// relayLogin judges relay services, some of which know a device by its
// address.
func (j *judgment) relayLogin() {
	byAddress := map[string]bool{"": true, "google-workspace": true, "smtp2go": true}[j.out.Method.Name()]
	switch {
	case j.in.Device.hosted() == True:
		j.see(factHosted, "have it sign with DKIM for the domain of From, and use a MAIL FROM subdomain at its host")
	case j.in.Device.Auth == AuthBasic || j.in.Device.Auth == AuthOAuth:
	case j.in.Device.Auth == AuthUnknown:
		j.ask("device.auth", factRelayLogin, "can it log in with a name and password?")
	case byAddress && j.in.Site.fixed() == True:
		j.see(factRelayLogin, "take a service that knows the device by its address, and register the address there")
	case byAddress && j.in.Site.fixed() == Unknown:
		j.ask("site.static", factRelayLogin, "is the site's address static and not shared? Then a service may know the device by it")
	default:
		j.veto(VetoAuth, factRelayLogin, "it cannot log in")
	}
}

// abilities judges what SMTP does not have: a web API and a certificate.
func (j *judgment) abilities() {
	d := j.in.Device
	switch {
	case j.kind == Graph && d.HTTPS == False:
		j.veto(VetoHTTPS, factGraphAPI, "it cannot call a web API")
	case j.kind == Graph && d.HTTPS == Unknown && d.uncoded():
		j.veto(VetoHTTPS, factAppliance, "it is a %s", d.Kind)
	case j.kind == Graph && d.HTTPS == Unknown:
		j.ask("device.https", factGraphAPI, "can it call a web API, or can its code be changed?")
	case j.kind == ConnectorCert && d.Certificate == False:
		j.veto(VetoCertificate, factCertificate, "it cannot present a client certificate")
	case j.kind == ConnectorCert && d.Certificate == Unknown:
		j.ask("device.certificate", factCertificate, "can it present a client certificate for an accepted domain?")
	case j.kind == ConnectorCert:
		j.see(factRelayRule, "create the connector of type OnPremises with the certificate's name")
		j.see(factForeignCertificate, "the certificate's name must be in an accepted domain of the tenant")
	}
}

// tlsNeeds are the methods that want a modern TLS, and who says so.
func tlsNeeds(k Kind) Fact {
	switch k {
	case SMTPAuth:
		return factTLS12
	case HVE:
		return factRuleTLS
	case ACS:
		return factACSTLS
	case Graph:
		return factGraphTLS
	}
	return Fact{}
}

func (j *judgment) tls() {
	tls := j.in.Device.TLS
	if j.kind == Relay && j.in.Device.hosted() == True {
		return // it is the service, or within it
	}
	need := tlsNeeds(j.kind)
	switch {
	case need.Established() && old(tls):
		j.veto(VetoTLS, need, "the newest TLS that it can do is %q", tls)
	case need.Established() && tls == TLSUnknown:
		j.ask("device.tls", need, "can it do TLS 1.2?")
	case j.kind == ConnectorCert && tls == TLSNone:
		j.veto(VetoTLS, factCertificate, "it does no TLS, so it cannot show a certificate")
	case j.kind == ConnectorCert && (old(tls) || tls == TLSUnknown):
		j.ask("device.tls", factCertTLS, "can it do TLS 1.2?")
	case (j.kind == Relay || j.kind == Hoster) && (old(tls) || tls == TLSUnknown):
		j.ask("device.tls", factRelayTLS, fmt.Sprintf("does the service take the device's TLS (%s)?", tlsWord(tls)))
	case (j.kind == DirectSend || j.kind == ConnectorIP) && old(tls):
		j.see(factClearText, "switch TLS off in the device; its mail then crosses the internet unencrypted")
	}
}

func tlsWord(t TLS) string {
	if t == TLSUnknown {
		return "not known"
	}
	return string(t)
}
