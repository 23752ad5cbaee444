package method

import "sendplan/internal/provider"

// relay is a row of a relay service: what differs between them.
func relay(id provider.ID, name string, host, port, ports, tls, login Fact) Method {
	return Method{
		Kind: Relay, Provider: id, Name: name,
		Hosts: []Host{{"", host}}, Port: port, OtherPorts: ports, TLS: tls, Login: login,
		Recipients: fact(Inferred, "CATALOGUE", "anyone"),
		From:       fact(Inferred, "CATALOGUE", "a domain that is verified with the service"),
		Limits:     []Fact{open("by subscription")},
		Licence:    fact(Inferred, "CATALOGUE", "a subscription of the service"),
		Cost:       open("by subscription; no price was looked up"),
		Dates:      []Date{{"", open("no end is announced")}},
		DNS:        fact(Inferred, "CATALOGUE", "the service's DKIM records on the domain of From; what SPF needs stands in the catalogue"),
	}
}

const startTLS = "STARTTLS"

var relayRows = []Method{
	relay("sendgrid", "Twilio SendGrid", fact(Vendor, "SENDGRID", "smtp.sendgrid.net"), fact(Vendor, "SENDGRID", "587"),
		fact(Vendor, "SENDGRID", "25 and 2525 too, 465 with implicit TLS"), fact(Vendor, "SENDGRID", startTLS),
		fact(Vendor, "SENDGRID", "the word apikey, and an API key as the password")),
	relay("mailgun", "Mailgun", fact(ThirdParty, "MAILGUN", "smtp.mailgun.org (US) or smtp.eu.mailgun.org (EU)"), fact(ThirdParty, "MAILGUN", "587"),
		fact(ThirdParty, "MAILGUN", "25 and 2525 too, 465 with implicit TLS"), fact(ThirdParty, "MAILGUN", startTLS),
		fact(ThirdParty, "MAILGUN", "an SMTP user of the sending domain; not the API key")),
	relay("amazon-ses", "Amazon SES", fact(Vendor, "SES", "email-smtp.<region>.amazonaws.com"), fact(Vendor, "SES", "587"),
		fact(Vendor, "SES", "25 and 2587 too, 465 and 2465 with implicit TLS"), fact(Vendor, "SES", "STARTTLS, required"),
		fact(Vendor, "SES", "SMTP credentials of the region; not the access key")),
	relay("mandrill", "Mailchimp Transactional (Mandrill)", fact(Vendor, "MANDRILL", "smtp.mandrillapp.com"), fact(Vendor, "MANDRILL", "587"),
		fact(Vendor, "MANDRILL", "25 and 2525 too, 465 with implicit TLS"), fact(Vendor, "MANDRILL", startTLS),
		fact(Vendor, "MANDRILL", "any name, and an API key as the password")),
	relay("cloudflare-email-sending", "Cloudflare Email Service", fact(Vendor, "CLOUDFLARE", "smtp.mx.cloudflare.net"), fact(Vendor, "CLOUDFLARE", "465"),
		fact(Vendor, "CLOUDFLARE", "none: 587 and 25 are not offered"), fact(Vendor, "CLOUDFLARE", "implicit TLS from the first byte, no STARTTLS"),
		fact(Vendor, "CLOUDFLARE", "the word api_token, and an API token as the password")),
	relay("google-workspace", "Google Workspace SMTP relay", fact(Vendor, "GOOGLE", "smtp-relay.gmail.com"), fact(Vendor, "GOOGLE", "587"),
		fact(Vendor, "GOOGLE", "25 and 465 too"), fact(Vendor, "GOOGLE", "STARTTLS; without TLS only by address"),
		fact(Vendor, "GOOGLE", "the site's address, a user's login, or both")),
	relay("smtp2go", "SMTP2GO", fact(Vendor, "S2GDOC", "mail.smtp2go.com"), fact(Vendor, "S2GDOC", "587"),
		fact(Vendor, "S2GDOC", "25, 80, 2525 and 8025 too; 443, 465 and 8465 with implicit TLS"), fact(Vendor, "S2GDOC", "STARTTLS, or none"),
		fact(Vendor, "S2GDOC", "an SMTP user, or the site's address")),
	relay("postmark", "Postmark", fact(Vendor, "POSTMARK", "smtp.postmarkapp.com"), fact(Vendor, "POSTMARK", "587"),
		fact(Vendor, "POSTMARK", "25 and 2525 too"), fact(Vendor, "POSTMARK", startTLS),
		fact(Vendor, "POSTMARK", "the server's API token as name and as password, or an SMTP token")),
	relay("brevo", "Brevo", fact(Vendor, "BREVO", "smtp-relay.brevo.com"), fact(Vendor, "BREVO", "587"),
		fact(Vendor, "BREVO", "2525 too, 465 with implicit TLS"), fact(Inferred, "BREVO", startTLS),
		fact(Vendor, "BREVO", "the SMTP login, and an SMTP key as the password; not an API key")),
	relay("resend", "Resend", fact(Vendor, "RESEND", "smtp.resend.com"), fact(Vendor, "RESEND", "587"),
		fact(Vendor, "RESEND", "25 and 2587 too, 465 and 2465 with implicit TLS"), fact(Vendor, "RESEND", startTLS),
		fact(Vendor, "RESEND", "the word resend, and an API key as the password")),
	relay("sparkpost", "SparkPost", fact(Vendor, "SPARKPOST", "smtp.sparkpostmail.com, or smtp.eu.sparkpostmail.com (EU)"), fact(Vendor, "SPARKPOST", "587"),
		fact(Vendor, "SPARKPOST", "2525 too"), fact(Vendor, "SPARKPOST", startTLS),
		fact(Vendor, "SPARKPOST", "the word SMTP_Injection, and an API key as the password")),
	relay("mailjet", "Mailjet", fact(Observed, "MAILJET", "in-v3.mailjet.com"), fact(Observed, "MAILJET", "587"),
		fact(Observed, "MAILJET", "25 too, 465 with implicit TLS"), fact(Observed, "MAILJET", startTLS),
		fact(Observed, "MAILJET", "an API key and its secret")),
	relay("", "a relay service", open("ask the service"), open("ask the service; 587 is usual"), open(""), open("ask the service"), open("ask the service")),
	hoster("ionos", "IONOS", fact(ThirdParty, "IONOS", "smtp.ionos.com; the national name is with the hoster"), fact(ThirdParty, "IONOS", "587"),
		fact(ThirdParty, "IONOS", startTLS), fact(ThirdParty, "IONOSFROM", "since 29 January 2024 an address of the domain that logs in")),
	hoster("", "a hoster's SMTP server", open("ask the hoster"), open("ask the hoster; 587 and 465 are usual"), open("ask the hoster"), open("ask the hoster")),
}

// hoster is a row of a web hoster's submission server.
func hoster(id provider.ID, name string, host, port, tls, from Fact) Method {
	return Method{
		Kind: Hoster, Provider: id, Name: name,
		Hosts: []Host{{"", host}}, Port: port, OtherPorts: open(""), TLS: tls,
		Login:      fact(Memory, "GENERAL", "a mailbox at the hoster, with its password"),
		Recipients: fact(Memory, "GENERAL", "anyone"),
		From:       from,
		Limits:     []Fact{open("ask the hoster")},
		Licence:    fact(Memory, "GENERAL", "a mailbox at the hoster"),
		Cost:       open("by contract"),
		Dates:      []Date{{"", open("ask the hoster")}},
		DNS:        fact(Inferred, "CATALOGUE", "the hoster's include in SPF, and its DKIM records if it signs for the domain"),
	}
}

var otherRows = []Method{
	{
		Kind: OwnServer, Name: "own mail server that delivers itself",
		Hosts: []Host{{"", open("the server's own name on the LAN")}}, Port: fact(Memory, "GENERAL", "25"), OtherPorts: open("as the server is configured"),
		TLS: open("as the server is configured"), Login: open("as the server is configured"),
		Recipients: fact(Memory, "GENERAL", "anyone"), From: fact(Memory, "GENERAL", "any"),
		Limits:  []Fact{fact(ThirdParty, "NDR", "receivers want a PTR record, and by IPv6 SPF or DKIM as well")},
		Licence: fact(Memory, "GENERAL", "none"), Cost: open("the server and its upkeep"), Dates: []Date{{"", open("no end is announced")}},
		DNS: fact(Memory, "GENERAL", "ip4: and ip6: of the server in SPF, its own DKIM key, A and PTR records that match"),
	},
	{
		Kind: Via, Name: "relay on the LAN in front",
		Hosts: []Host{{"", open("the relay's name on the LAN")}}, Port: fact(Memory, "GENERAL", "25"), OtherPorts: open("as the relay is configured"),
		TLS: fact(Inferred, "ANON", "as the relay allows, none at the worst, within the LAN"), Login: fact(Microsoft, "ANON", "none; the relay lists the devices' addresses"),
		Recipients: fact(Inferred, "RULES", "as the relay's own method"), From: fact(Inferred, "RULES", "as the relay's own method"),
		Limits:  []Fact{fact(Inferred, "RULES", "as the relay's own method, for all devices behind it together")},
		Licence: fact(Inferred, "RULES", "as the relay's own method"), Cost: open("a machine on the LAN and its upkeep"),
		Dates: []Date{{"", fact(Inferred, "RULES", "as the relay's own method")}},
		DNS:   fact(Inferred, "RULES", "as the relay's own method"),
	},
	dead(PopBeforeSMTP, "SMTP after POP", factPopBeforeSMTP),
	dead(OpenRelay, "open relay", factOpenRelay),
}

// dead is a row of a method that must be given up: it has no settings.
func dead(k Kind, name string, why Fact) Method {
	none := open("not to be used")
	return Method{
		Kind: k, Name: name, Hosts: []Host{{"", none}}, Port: none, OtherPorts: none, TLS: none, Login: none,
		Recipients: none, From: none, Limits: []Fact{none}, Licence: none, Cost: none, Dates: []Date{{"", why}}, DNS: none,
	}
}
