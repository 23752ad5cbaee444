package fleet

import (
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

func parse(t *testing.T, text string) *inventory.Inventory {
	t.Helper()
	file, err := inventory.Parse([]byte(text), "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	return &file.Inventory
}

const home = `version: 1
tenant:
  smtp_auth: true
  mailboxes:
    - {address: scan@contoso.example, smtp_auth: disabled}
  connectors:
    - {name: gw, type: Partner, enabled: true, sender_domains: ["*"], restrict_to_addresses: true, addresses: [198.51.100.1]}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: contoso.example
devices:
  - {name: scanner, kind: scanner, site: hq, now: smtp-auth, from: [scan@contoso.example], recipients: internal, auth: basic, tls: "1.2"}
  - {name: saas, kind: service, now: relay:x, from: ["*@fabrikam.example"]}
`

const zones = `contoso.example. 300 IN SOA ns.contoso.example. h.contoso.example. 1 1 1 1 300
contoso.example. 300 IN MX 0 contoso-example.mail.protection.outlook.com.
;! servfail fabrikam.example. MX
fabrikam.example. 300 IN SOA ns.fabrikam.example. h.fabrikam.example. 1 1 1 1 300
`

func TestInputs(t *testing.T) {
	t.Parallel()
	inv := parse(t, home)
	z, err := dns.ParseZones(zones, "zones")
	if err != nil {
		t.Fatal(err)
	}
	in := inputs(inv, Look(z, inv))
	scanner, saas := in[0], in[1]
	for _, check := range []struct {
		what      string
		got, want any
	}{
		{"the mailbox beats the tenant", scanner.Tenant.SMTPAuth, method.False},
		{"all domains are listed", len(scanner.Tenant.Accepted), 1},
		{"a domain that is not listed is asked about", saas.Tenant.AcceptedPartial, true},
		{"locked to the gateway", scanner.Tenant.InboundLocked, method.True},
		{"the MX host", scanner.Tenant.MXHost, dns.Name("contoso-example.mail.protection.outlook.com")},
		{"mail comes in directly", scanner.Tenant.Inbound, method.PathDirect},
		{"what was not answered is unknown", saas.Device.FromInDNS, method.Unknown},
		{"what has an MX is in the DNS", scanner.Device.FromInDNS, method.True},
		{"a service leaves from elsewhere", saas.Device.ThirdParty, method.True},
		{"any address varies", saas.Device.FromVaries, method.True},
		{"a site's port", scanner.Site.Port25, method.True},
		{"the other device", scanner.Others[0].Device.Name, "saas"},
	} {
		if check.got != check.want {
			t.Errorf("%s: got %v, want %v", check.what, check.got, check.want)
		}
	}
}

func TestTenantAndSiteFields(t *testing.T) {
	t.Parallel()
	inv := parse(t, `version: 1
tenant: {trial: true, external_per_day: 900, basic_smtp: false}
sites:
  - {name: four, addresses: [203.0.113.10], ipv6: false}
  - {name: six, addresses: ["2001:db8::1"]}
  - {name: both, addresses: [203.0.113.11], ipv6: true}
  - {name: some, addresses: [203.0.113.12]}
devices:
  - {name: a, site: four}
  - {name: b, site: six}
  - {name: c, site: both}
  - {name: d, site: some}
`)
	all := inputs(inv, Seen{})
	for i, want := range []method.Truth{method.False, method.True, method.True, method.Unknown} {
		if got := all[i].Site.IPv6; got != want {
			t.Errorf("%s: IPv6 is %q, want %q", all[i].Site.Name, got, want)
		}
	}
	if got := all[0].Tenant; got.Trial != method.True || got.ExternalPerDay != 900 || got.BasicSMTP != method.False {
		t.Errorf("%+v", got)
	}
}

// Without the DNS nothing is concluded from it.
func TestNothingSeen(t *testing.T) {
	t.Parallel()
	in := inputs(parse(t, home), Seen{})[0]
	if in.Device.FromInDNS != method.Unknown || in.Tenant.MXHost != "" || in.Tenant.Inbound != method.PathUnknown {
		t.Errorf("%+v", in)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	inv := parse(t, `version: 1
tenant: {cloud: worldwide, smtp_auth: true, security_defaults: false}
domains:
  - name: contoso.example
devices:
  - {name: scanner, kind: scanner, now: smtp-auth, from: [scan@contoso.example], recipients: internal, auth: basic, tls: "1.2", per_day: 5}
  - {name: erp, kind: application, now: smtp-auth, from: [erp@contoso.example], recipients: internal, auth: oauth, tls: "1.2", per_day: 5}
`)
	all := Judge(inv, Seen{}, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if got := all.Devices[0].Until(); got.Format(time.DateOnly) != "2026-12-31" {
		t.Errorf("with a password: %v", got)
	}
	if got := all.Devices[1].Until(); !got.IsZero() {
		t.Errorf("with OAuth: %v", got)
	}
	if _, ok := all.Find("SCANNER"); !ok {
		t.Error("names differ by case")
	}
}
