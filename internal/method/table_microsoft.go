package method

import "sendplan/internal/provider"

// Hosts of client submission. For GCC High the sources disagree, so no value
// is given.
var submissionHosts = []Host{
	{provider.Worldwide, fact(Microsoft, "FIX24", "smtp.office365.com")},
	{provider.GCCHigh, open("Microsoft's list of 2023-03 has outlook.office365.us with ports 25 and 587, configurations in use have smtp.office365.us")},
	{provider.DoD, fact(Observed, "CODE", "outlook-dod.office365.us")},
	{provider.China, fact(Observed, "CODE", "smtp.partner.outlook.cn")},
}

var mailboxLimits = []Fact{
	fact(Microsoft, "LIM26", "30 messages a minute from one mailbox, what is more is delayed"),
	fact(Microsoft, "LIM26", "10,000 recipients in 24 hours from one mailbox"),
	fact(Microsoft, "LIM26", "500 recipients in one message, up to 1,000 if an administrator allows it"),
	fact(Microsoft, "SUB", "3 connections at a time to one mailbox"),
	factTERRL,
	factOnMicrosoft,
}

var factTERRL = fact(ThirdParty, "TERRL", "round(500 × licences^0.7 + 9,500) external recipients in 24 hours for the whole tenant, 5,000 for a trial tenant")

var factOnMicrosoft = fact(ThirdParty, "MOERA", "100 external recipients in 24 hours for everything that the tenant sends from onmicrosoft.com addresses")

var mailboxDNS = fact(Inferred, "SPFDOC", "the include of the cloud in SPF, both DKIM CNAMEs and DMARC on the domain of From; nothing for the device or its address")

var submissionRows = []Method{
	{
		Kind: SMTPAuth, Auth: AuthOAuth, Name: "SMTP AUTH with OAuth",
		Hosts:      submissionHosts,
		Port:       fact(Microsoft, "HOW21", "587"),
		OtherPorts: fact(Microsoft, "HOW21", "25 works too; 465 is not supported"),
		TLS:        fact(Microsoft, "LEG", "STARTTLS, TLS 1.2 or newer"),
		Login:      fact(Microsoft, "OAUTH", "XOAUTH2: SMTP.Send for a user, or SMTP.SendAsApp for an application"),
		Recipients: fact(Microsoft, "HOW21", "anyone"),
		From:       fact(Microsoft, "FIX24", "the mailbox that logs in, or one for which it has Send As"),
		Limits:     mailboxLimits,
		Licence:    fact(Microsoft, "FIX24", "a mailbox with a licence"),
		Cost:       fact(Microsoft, "FIX24", "the mailbox's licence"),
		Dates:      []Date{{"", open("no end is announced for OAuth")}},
		DNS:        mailboxDNS,
	},
	{
		Kind: SMTPAuth, Auth: AuthBasic, Name: "SMTP AUTH with a password",
		Hosts:      submissionHosts,
		Port:       fact(Microsoft, "HOW21", "587"),
		OtherPorts: fact(Microsoft, "HOW21", "25 works too; 465 is not supported"),
		TLS:        fact(Microsoft, "LEG", "STARTTLS, TLS 1.2 or newer"),
		Login:      fact(Microsoft, "FIX24", "the mailbox's name and password, without multi-factor authentication"),
		Recipients: fact(Microsoft, "HOW21", "anyone"),
		From:       fact(Microsoft, "FIX24", "the mailbox that logs in, or one for which it has Send As"),
		Limits:     mailboxLimits,
		Licence:    fact(Microsoft, "FIX24", "a mailbox with a licence"),
		Cost:       fact(Microsoft, "FIX24", "the mailbox's licence"),
		Dates: []Date{
			{"2026-12-31", factBasicOff},
			{"2026-12-31", factBasicNew},
			{"2027-07-01", factBasicFinal},
		},
		DNS: mailboxDNS,
	},
	{
		Kind: Graph, Name: "Microsoft Graph sendMail",
		Hosts: []Host{
			{provider.Worldwide, fact(Memory, "GENERAL", "https://graph.microsoft.com")},
			{provider.GCCHigh, fact(Memory, "GENERAL", "https://graph.microsoft.us")},
			{provider.DoD, fact(Memory, "GENERAL", "https://dod-graph.microsoft.us")},
			{provider.China, fact(Memory, "GENERAL", "https://microsoftgraph.chinacloudapi.cn")},
		},
		Port:       fact(Inferred, "GRAPH", "443"),
		OtherPorts: open(""),
		TLS:        fact(Memory, "GENERAL", "TLS 1.2 or newer"),
		Login:      fact(Memory, "GENERAL", "OAuth of an application with Mail.Send, narrowed to its mailboxes by RBAC for Applications"),
		Recipients: fact(Microsoft, "GRAPH", "anyone"),
		From:       fact(Microsoft, "GRAPH", "the mailbox that the request names: POST /users/{id}/sendMail"),
		Limits:     append([]Fact{fact(Microsoft, "GRAPH", "the limits of Exchange Online apply")}, mailboxLimits...),
		Licence:    open("which licence a mailbox needs that only an application uses"),
		Cost:       open(""),
		Dates:      []Date{{"", open("no end is announced")}},
		DNS:        mailboxDNS,
	},
	{
		Kind: HVE, Name: "High Volume Email",
		Hosts: []Host{
			{provider.Worldwide, fact(Observed, "HVE-EP", "smtp.hve.mx.microsoft")},
			{provider.GCCHigh, open("nothing was found on High Volume Email in government clouds")},
			{provider.DoD, open("nothing was found on High Volume Email in government clouds")},
			{provider.China, open("not offered, says a third party")},
		},
		Port:       fact(Observed, "HVE-EP", "587"),
		OtherPorts: open(""),
		TLS:        fact(Inferred, "RULES", "STARTTLS, TLS 1.2 or newer"),
		Login:      fact(Microsoft, "PSHVE", "an HVE account with its password, or OAuth for at most 10 applications an account"),
		Recipients: fact(ThirdParty, "TIAGO", "internal ones only; others get 550 5.5.105"),
		From:       fact(ThirdParty, "TIAGO", "the HVE account"),
		Limits: []Fact{
			fact(Observed, "HVE-EP", "50 recipients in one message"),
			fact(Observed, "HVE-EP", "10 MB a message"),
			fact(ThirdParty, "PETRIHVE", "100 HVE accounts in a tenant, a number of the preview of 2025"),
		},
		Licence: fact(Inferred, "MC1243", "none for the account; a billing policy in Azure, without which mail stops"),
		Cost:    fact(ThirdParty, "MC1243", "US$42 for a million delivered recipients, billed since 1 June 2026"),
		Dates: []Date{
			{"2026-06-01", fact(ThirdParty, "MC1243", "billing began on 1 June 2026")},
			{"2028-09", factHVEBasic},
			{"", factHVEHost},
		},
		DNS: mailboxDNS,
	},
}

// The tenant's own host on port 25, of which only the suffix follows from the
// cloud.
var tenantHosts = []Host{
	{provider.Worldwide, fact(Microsoft, "EXTDNS", "the tenant's own MX host: LABEL.mail.protection.outlook.com, or LABEL.<letter>-v1.mx.microsoft")},
	{provider.GCCHigh, fact(Microsoft, "GCCH", "the tenant's own MX host: TENANT.mail.protection.office365.us")},
	{provider.DoD, fact(ThirdParty, "CODE", "the tenant's own MX host: TENANT.mail.protection.office365.us")},
	{provider.China, fact(Observed, "21V", "the tenant's own MX host: LABEL.mail.protection.partner.outlook.cn")},
}

var port25Rows = []Method{
	{
		Kind: DirectSend, Name: "Direct Send",
		Hosts:      tenantHosts,
		Port:       fact(Microsoft, "HOW21", "25"),
		OtherPorts: fact(Microsoft, "HOW21", "none"),
		TLS:        fact(Microsoft, "HOW21", "optional"),
		Login:      fact(Microsoft, "HOW21", "none"),
		Recipients: fact(Microsoft, "FIX24", "mailboxes of the own tenant"),
		From:       fact(Microsoft, "HOW21", "any address in an accepted domain"),
		Limits:     []Fact{fact(Microsoft, "LIM26", "3,600 messages an hour to one recipient; none for the sender")},
		Licence:    fact(Microsoft, "HOW21", "none"),
		Cost:       fact(Microsoft, "HOW21", "none"),
		Dates:      []Date{{"", factDirectSendDefault}},
		DNS:        fact(Microsoft, "HOW21", "ip4: of the site's address in SPF beside the include; the device does not sign, so DMARC rests on SPF"),
	},
	{
		Kind: ConnectorIP, Name: "SMTP relay by a connector with the address",
		Hosts:      tenantHosts,
		Port:       fact(Microsoft, "HOW21", "25"),
		OtherPorts: fact(Microsoft, "HOW21", "none"),
		TLS:        fact(Microsoft, "HOW21", "optional"),
		Login:      fact(Microsoft, "HOW21", "none; the static, public, unshared IPv4 address is the proof"),
		Recipients: fact(Microsoft, "HOW21", "anyone"),
		From:       fact(Microsoft, "REL23", "any, if MAIL FROM is in an accepted domain"),
		Limits:     []Fact{open("\"reasonable limits\" without a number; 10,000 a day in a page of May 2026 looks wrong"), factTERRL},
		Licence:    fact(Microsoft, "HOW21", "an EOP licence for a sender without one was asked for in 2021"),
		Cost:       fact(Microsoft, "HOW21", "none"),
		Dates:      []Date{{"2023-11-01", factRelayRule}, {"2026-02-04", factSharedAddress}},
		DNS:        fact(Microsoft, "POOL", "ip4: of the site's address and the include in SPF: Microsoft sees the address, others see Microsoft"),
	},
	{
		Kind: ConnectorCert, Name: "SMTP relay by a connector with a certificate",
		Hosts:      tenantHosts,
		Port:       fact(Microsoft, "HOW21", "25"),
		OtherPorts: fact(Microsoft, "HOW21", "none"),
		TLS:        fact(Inferred, "CERT", "STARTTLS with the client's certificate; the oldest version taken is not established"),
		Login:      fact(Microsoft, "CERT", "a certificate whose name is in an accepted domain; no static address"),
		Recipients: fact(Microsoft, "HOW21", "anyone"),
		From:       fact(Microsoft, "REL23", "any, the certificate's domain being an accepted one"),
		Limits:     []Fact{open("\"reasonable limits\" without a number"), factTERRL},
		Licence:    fact(Microsoft, "HOW21", "an EOP licence for a sender without one was asked for in 2021"),
		Cost:       open("the certificate"),
		Dates:      []Date{{"2023-11-01", factRelayRule}, {"2026-02-04", factForeignCertificate}},
		DNS:        fact(Inferred, "POOL", "the include in SPF, and the site's address where it is stable"),
	},
}

var serviceRows = []Method{{
	Kind: ACS, Name: "Azure Communication Services Email",
	Hosts: []Host{
		{provider.Worldwide, fact(Microsoft, "ACSAUTH", "smtp.azurecomm.net")},
		{provider.GCCHigh, open("nothing was found on the service in government clouds")},
		{provider.DoD, open("nothing was found on the service in government clouds")},
		{provider.China, open("nothing was found on the service in China")},
	},
	Port:       fact(Microsoft, "ACSAUTH", "587"),
	OtherPorts: fact(Microsoft, "ACSAUTH", "25 works too"),
	TLS:        fact(Microsoft, "ACSAUTH", "STARTTLS, TLS 1.2 or newer"),
	Login:      fact(Microsoft, "ACSAUTH", "<ACS resource>|<Entra application ID>|<tenant ID> with the client secret as the password"),
	Recipients: fact(Microsoft, "ACSAUTH", "anyone"),
	From:       fact(ThirdParty, "ACSQ", "senders of a domain that is linked to the resource; others get 5.1.7"),
	Limits:     []Fact{open("by subscription"), fact(ThirdParty, "TERRL", "the tenant's external recipient limit does not count it")},
	Licence:    fact(Inferred, "ACSAUTH", "an Azure subscription"),
	Cost:       open("billed by use; the price was not looked up"),
	Dates:      []Date{{"", open("no end is announced")}},
	DNS:        fact(Observed, "ACSDNS", "TXT ms-domain-verification, include:spf.protection.outlook.com, and CNAMEs at selector1- and selector2-azurecomm-prod-net._domainkey; better on a subdomain"),
}}
