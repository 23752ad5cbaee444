package method

import "sendplan/internal/dns"

// address judges the address that the site has on the internet.
func (j *judgment) address() {
	switch j.kind {
	case ConnectorIP:
		j.connectorAddress()
	case OwnServer:
		j.ownAddress()
	case DirectSend:
		j.directSendAddress()
	}
}

func (j *judgment) ownAddress() {
	s := j.in.Site
	if j.in.Device.hosted() == True {
		j.veto(VetoShared, factOwnDynamic, "it leaves from addresses of somebody else")
		return
	}
	if s.Shared == True {
		j.veto(VetoShared, factOwnDynamic, "the site shares its address with strangers")
	}
	switch s.Static {
	case False:
		j.veto(VetoDynamic, factOwnDynamic, "the site's address is dynamic")
	case Unknown:
		j.ask("site.static", factOwnDynamic, "is the site's address static?")
	}
}

func (j *judgment) connectorAddress() {
	s := j.in.Site
	if j.in.Device.hosted() == True {
		j.veto(VetoShared, factCloudEgress, "it leaves from addresses of somebody else")
		return
	}
	if s.Shared == True {
		j.veto(VetoShared, factSharedAddress, "the site shares its address with strangers")
	}
	if s.Static == False {
		j.veto(VetoDynamic, factStaticAddress, "the site's address is dynamic")
	}
	if s.fixed() == False {
		return
	}
	if s.Static == Unknown {
		j.ask("site.static", factStaticAddress, "is the site's address static?")
	}
	if s.Shared == Unknown {
		j.ask("site.shared", factSharedAddress, "has the site its address for itself, or does it share it (carrier-grade NAT, a cloud's common egress)?")
	}
	if len(s.Addresses) == 0 {
		j.ask("site.addresses", factStaticAddress, "which address does the internet see?")
	}
	switch j.exemptBy(OnPremises) {
	case False:
		if j.in.Tenant.ConnectorsKnown {
			j.lack(factRelayRule, "create the connector of type OnPremises with the site's address")
		} else {
			j.see(factRelayRule, "create the connector of type OnPremises with the site's address")
		}
		j.see(factConnectorDisabled, "check that the new connector is enabled")
	case Unknown:
		j.see(factConnectorDisabled, "check that the connector with the site's address is enabled")
	}
}

// directSendAddress warns; Direct Send from a bad address is poor, not
// impossible.
func (j *judgment) directSendAddress() {
	s := j.in.Site
	switch {
	case j.in.Device.hosted() == True:
		j.see(factDirectSendSPF, "it leaves from addresses of somebody else, which SPF would have to allow for all their customers")
	case s.Static == False:
		j.see(factDynamic, "the site's address is dynamic: SPF cannot list it for long, expect junk and block lists")
	case s.Shared == True:
		j.see(factDynamic, "the site shares its address: listing it in SPF allows strangers, expect junk and block lists")
	default:
		j.see(factDirectSendSPF, "put the site's address into SPF")
	}
}

// ipv6 judges sites that may reach Exchange Online over IPv6.
func (j *judgment) ipv6() {
	s := j.in.Site
	only := s.v6() && !s.v4()
	dual := s.IPv6 == True || s.v6()
	switch {
	case j.kind == ConnectorIP && only && j.in.Device.hosted() != True:
		j.veto(VetoIPv6, factConnectorIPv4, "the site has IPv6 addresses only")
	case j.kind == ConnectorIP && dual:
		j.see(factIPv6, "keep its mail on IPv4, by the device or by Disable-IPv6ForAcceptedDomain: over IPv6 no connector matches")
	case j.kind == DirectSend && dual:
		j.see(factIPv6Rules, "over IPv6 its address needs a PTR record and ip6: in SPF, or keep its mail on IPv4")
	}
}

func (j *judgment) port25() {
	if !j.kind.port25() {
		return
	}
	switch j.in.Site.Port25 {
	case False:
		j.veto(VetoPort25, factPort25, "port 25 is blocked at the site")
	case Unknown:
		j.ask("site.port25", factPort25, "can the site reach port 25 on the internet?")
	}
}

// sender judges whether the tenant is responsible for the sender.
func (j *judgment) sender() {
	d := j.in.Device
	switch j.kind {
	case ConnectorIP:
		if d.Null() {
			j.veto(VetoNullSender, factNullSender, "it sends with the null sender")
			return
		}
		j.accepted(d.Envelopes(), "MAIL FROM", factRelayRule)
	case DirectSend:
		j.accepted(d.FromDomains(), "From", factAcceptedFrom)
	case SMTPAuth, HVE, Graph:
		j.accepted(d.FromDomains(), "From", factMailboxFrom)
	}
	switch {
	case !d.varies():
	case j.kind == HVE:
		j.veto(VetoFromVaries, factHVEFrom, "it sends from more than one address")
	case j.kind == SMTPAuth:
		j.see(factMailboxFrom, "give the mailbox Send As for every From that the device uses")
	}
	if j.kind.Tenant() && d.external() && d.FromInDNS == False {
		j.see(factHighRisk, "give the domain of From an A or MX record")
	}
}

func (j *judgment) accepted(domains []dns.Name, what string, f Fact) {
	for _, domain := range domains {
		switch j.in.Tenant.accepted(domain) {
		case False:
			j.veto(VetoFrom, f, "%s is not an accepted domain of the tenant (%s)", domain, what)
		case Unknown:
			// Of names below a listed domain nothing is concluded where the list may
			// lack some.
			if len(j.in.Tenant.Accepted) > 0 && !(j.in.Tenant.AcceptedPartial && j.in.Tenant.below(domain)) {
				j.ask("tenant.accepted", f, "is "+string(domain)+" an accepted domain of the tenant, by itself or because subdomains are matched? Then list it under domains")
			}
		}
	}
}
