package method

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/provider"
)

// sketch writes a route in one line: a hop is from>to, "!" if it is judged, "?"
// if that is not known, and what is known of it.
func sketch(hops []Hop) string {
	var parts []string
	for _, h := range hops {
		mark := map[Truth]string{True: "!", Unknown: "?", False: ""}[h.Judged]
		s := fmt.Sprintf("%s%s>%s", mark, h.From, h.To)
		if len(h.Includes) > 0 {
			s += " " + string(h.Includes[0])
		} else if len(h.Addresses) > 0 {
			s += " " + h.Addresses[0].String()
		}
		switch {
		case h.MailFrom.Null:
			s += " <>"
		case h.MailFrom.Known == True:
			s += " " + string(h.MailFrom.Domains[0])
		}
		if h.Signer.Signed == True {
			s += " d=" + string(h.Signer.Domains[0])
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

func signed(in *Input) {
	in.Tenant.Signing = []Signing{{Domain: "contoso.example", Enabled: True}}
}

func outboundBy(p Path) change { return func(in *Input) { in.Tenant.Outbound = p } }

func lanServer(in *Input) {
	in.Others = []Neighbour{{
		Device: Device{Name: "mx1", Method: "connector-cert", HELO: "mx1.contoso.example"},
		Site:   Site{Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.25/32")}},
	}}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	const scanner = "scanner>Exchange Online 203.0.113.10/32 contoso.example"
	for _, tc := range []struct {
		name    string
		method  ID
		changes []change
		want    string
	}{
		{"SMTP AUTH, internal", "smtp-auth", nil, "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; Exchange Online>mailboxes of the tenant contoso.example"},
		{"SMTP AUTH to anyone, signed", "smtp-auth", c(to(Anyone), signed), "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; !Exchange Online>receivers spf.protection.outlook.com contoso.example d=contoso.example"},
		{"recipients not known", "smtp-auth", c(to(RecipientsUnknown)), "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; !Exchange Online>receivers spf.protection.outlook.com contoso.example"},
		{"GCC High", "smtp-auth", c(to(Anyone), inCloud(provider.GCCHigh)), "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; !Exchange Online>receivers spf.protection.office365.us contoso.example"},
		{"21Vianet", "smtp-auth", c(to(Anyone), inCloud(provider.China)), "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; !Exchange Online>receivers spf.protection.partner.outlook.cn contoso.example"},
		{"cloud not known", "smtp-auth", c(to(Anyone), inCloud("")), "scanner>SMTP AUTH 203.0.113.10/32 contoso.example; !Exchange Online>receivers contoso.example"},
		{"HVE never leaves", "hve", c(to(Anyone)), "scanner>High Volume Email 203.0.113.10/32 contoso.example; Exchange Online>mailboxes of the tenant contoso.example"},
		{"Direct Send", "direct-send", nil, "!scanner>the tenant's MX host 203.0.113.10/32 contoso.example"},
		{"Direct Send with the null sender", "direct-send", c(mailFrom("<>")), "!scanner>the tenant's MX host 203.0.113.10/32 <>"},
		{"Direct Send by a device that signs", "direct-send", c(func(in *Input) { in.Device.SignsAs = "contoso.example" }), "!scanner>the tenant's MX host 203.0.113.10/32 contoso.example d=contoso.example"},
		{"Direct Send to a mail contact", "direct-send", c(to(OneExternal)), "!scanner>the tenant's MX host 203.0.113.10/32 contoso.example; ?Exchange Online>the one external address, through a mail contact"},
		{"Direct Send with a connector is relay", "direct-send", c(connector(Connector{Type: OnPremises, Enabled: True, Addresses: []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")}})), "scanner>the tenant's MX host 203.0.113.10/32 contoso.example"},
		{"connector, internal", "connector-ip", nil, scanner + "; Exchange Online>mailboxes of the tenant contoso.example"},
		{"connector to anyone", "connector-ip", c(to(Anyone), mailFrom("bounce.contoso.example"), signed), "scanner>Exchange Online 203.0.113.10/32 bounce.contoso.example; !Exchange Online>receivers spf.protection.outlook.com bounce.contoso.example d=contoso.example"},
		{"outbound through a gateway", "connector-ip", c(to(Anyone), outboundBy("gateway:hornetsecurity")), scanner + "; Exchange Online>hornetsecurity contoso.example; !hornetsecurity>receivers spf.hornetsecurity.com contoso.example"},
		{"a gateway may break Microsoft's signature", "connector-ip", c(to(Anyone), signed, outboundBy("gateway:hornetsecurity")), scanner + "; Exchange Online>hornetsecurity contoso.example d=contoso.example; !hornetsecurity>receivers spf.hornetsecurity.com contoso.example"},
		{"outbound through a signature service", "connector-ip", c(to(Anyone), signed, outboundBy("gateway:codetwo")), scanner + "; Exchange Online>codetwo contoso.example d=contoso.example; !Exchange Online>receivers spf.protection.outlook.com contoso.example d=contoso.example"},
		{"outbound through an own server", "connector-ip", c(to(Anyone), outboundBy("own-server:mx1"), lanServer), scanner + "; Exchange Online>mx1 contoso.example; !mx1>receivers 203.0.113.25/32 contoso.example"},
		{"outbound path not known", "connector-ip", c(to(Anyone), outboundBy(PathUnknown)), scanner + "; ?Exchange Online, or what stands behind it>receivers contoso.example"},
		{"ACS", "acs", c(to(Anyone)), "scanner>Azure Communication Services 203.0.113.10/32 contoso.example; !Azure Communication Services>receivers spf.protection.outlook.com"},
		{"a relay of the catalogue", "relay:sendgrid", c(to(Anyone)), "scanner>a relay service 203.0.113.10/32 contoso.example; !Twilio SendGrid>receivers sendgrid.net"},
		{"a relay with an own MAIL FROM", "relay:sendgrid", c(to(Anyone), mailFrom("em1.contoso.example")), "scanner>a relay service 203.0.113.10/32 em1.contoso.example; !Twilio SendGrid>receivers sendgrid.net em1.contoso.example"},
		{"a relay not chosen", "relay", c(to(Anyone)), "scanner>a relay service 203.0.113.10/32 contoso.example; !a relay service>receivers"},
		{"a hoster", "hoster:ionos", c(to(Anyone)), "scanner>a hoster's SMTP server 203.0.113.10/32 contoso.example; !IONOS>receivers _spf-eu.ionos.com contoso.example"},
		{"an own server", "own-server", c(to(Anyone)), "!scanner>receivers 203.0.113.10/32 contoso.example"},
		{"via a relay on the LAN", "via:mx1", c(to(Anyone), lanServer), "scanner>mx1 contoso.example; mx1>Exchange Online 203.0.113.25/32 contoso.example; !Exchange Online>receivers spf.protection.outlook.com contoso.example"},
		{"via something not known", "via:mx9", c(to(Anyone), lanServer), "scanner>the relay on the LAN contoso.example; ?the relay on the LAN>receivers contoso.example"},
		{"dead", "open-relay", nil, "?scanner>receivers"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := office()
			for _, change := range tc.changes {
				change(&in)
			}
			hops := Route(in, tc.method)
			if got := sketch(hops); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			for _, h := range hops {
				checkFact(t, h.Why, h.Fact)
				if h.Why == "" {
					t.Errorf("%s: no reason", h.From)
				}
			}
		})
	}
}

// Relays that name each other end.
func TestRouteLoop(t *testing.T) {
	t.Parallel()
	in := office()
	in.Others = []Neighbour{{Device: Device{Name: "a", Method: "via:b"}}, {Device: Device{Name: "b", Method: "via:a"}}}
	if hops := Route(in, "via:a"); len(hops) > maxHops+2 || hops[len(hops)-1].Judged != Unknown {
		t.Error(sketch(hops))
	}
}

// Microsoft's signature is proved by the tenant's settings only.
func TestSigner(t *testing.T) {
	t.Parallel()
	in := office()
	in.Device.Recipients = Anyone
	for enabled, want := range map[Truth]Truth{True: True, False: False, Unknown: Unknown} {
		in.Tenant.Signing = []Signing{{Domain: dns.Name("contoso.example"), Enabled: enabled}}
		hops := Route(in, "smtp-auth")
		if got := hops[len(hops)-1].Signer.Signed; got != want {
			t.Errorf("enabled %q: %q", enabled, got)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method  ID
		changes []change
		want    map[string]string
	}{
		{"smtp-auth", nil, map[string]string{"Server": "smtp.office365.com", "Port": "587", "From": "scan@contoso.example (the mailbox that logs in, or one for which it has Send As)"}},
		{"smtp-auth", c(inCloud(provider.GCCHigh)), map[string]string{"Server": "not established: Microsoft's list of 2023-03 has outlook.office365.us with ports 25 and 587, configurations in use have smtp.office365.us"}},
		{"smtp-auth", c(inCloud("")), map[string]string{"Server": "not established: the host depends on the tenant's cloud, which is not known"}},
		{"hve", nil, map[string]string{"Server": "smtp.hve.mx.microsoft", "Port": "587", "Other ports": "not established"}},
		{"connector-ip", nil, map[string]string{"Server": "not established: look up the tenant's own MX host: LABEL.mail.protection.outlook.com, or LABEL.<letter>-v1.mx.microsoft", "Encryption": "STARTTLS", "Port": "25"}},
		{"connector-ip", c(withTLS(TLS10), func(in *Input) { in.Tenant.MXHost = "contoso-example.mail.protection.outlook.com" }), map[string]string{"Server": "contoso-example.mail.protection.outlook.com", "Encryption": "none: the device cannot do TLS 1.2"}},
		{"direct-send", c(mailFrom("<>")), map[string]string{"MAIL FROM": "<>"}},
		{"relay:cloudflare-email-sending", nil, map[string]string{"Server": "smtp.mx.cloudflare.net", "Port": "465"}},
		{"relay:salesforce", nil, map[string]string{"Server": "not established: ask the service"}},
		{"via:mx1", c(lanServer), map[string]string{"Server": "mx1.contoso.example", "Port": "25"}},
		{"via", nil, map[string]string{"Server": "not established: the name of the relay on the LAN"}},
		{"open-relay", nil, map[string]string{"Method": factOpenRelay.Text}},
	} {
		in := office()
		for _, change := range tc.changes {
			change(&in)
		}
		got := map[string]string{}
		for _, s := range Settings(in, tc.method, AuthUnknown) {
			checkFact(t, s.Name, s.Value)
			got[s.Name] = s.Value.String()
		}
		for name, want := range tc.want {
			if got[name] != want {
				t.Errorf("%s: %s is %q, want %q", tc.method, name, got[name], want)
			}
		}
	}
}
