package inventory

import (
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
)

func nordwind(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/nordwind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func parse(t testing.TB, text string) *File {
	t.Helper()
	f, err := Parse([]byte(text), "x.yaml", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

func nordwindInventory() Inventory {
	hq := []netip.Prefix{netip.MustParsePrefix("203.0.113.10/32")}
	return Inventory{
		Version: 1,
		Tenant: Tenant{
			InitialDomain:    "nordwind.onmicrosoft.com",
			Cloud:            Worldwide,
			Outbound:         PathDirect,
			RejectDirectSend: False,
			DKIM: []DKIM{{
				Domain: "nordwind.example", Enabled: True, Status: DKIMValid,
				Selector1: "selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft",
				Selector2: "selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft",
			}},
			Connectors:      []Connector{{Name: "Devices HQ", Type: OnPremises, Enabled: True, Addresses: hq}},
			ConnectorsKnown: true,
		},
		Sites:   []Site{{Name: "hq", Addresses: hq, Static: True, Shared: False, Port25: PortOpen}},
		Domains: []Domain{{Name: "nordwind.example", DMARC: DMARC{Target: DMARCReject, RUA: []string{"mailto:dmarc@nordwind.example"}}, SPF: SPF{All: SPFKeep}}},
		Devices: []Device{{
			Name: "scanner-2og", Kind: Scanner, Site: "hq", Method: ConnectorIP, Now: SMTPAuth,
			From: []Address{{"scan", "nordwind.example"}}, Recipients: Internal, Auth: AuthBasic, TLS: TLS12, PerDay: 200,
		}},
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	text := nordwind(t)
	for _, c := range []struct{ name, text string }{
		{"as it is", text},
		{"with a BOM", bom + text},
		{"with CRLF", strings.ReplaceAll(text, "\n", "\r\n")},
		{"with BOM and CRLF", bom + strings.ReplaceAll(text, "\n", "\r\n")},
		{"with some CRLF", strings.Replace(text, "\n", "\r\n", 7)},
		{"without a last newline", strings.TrimSuffix(text, "\n")},
		{"with a document mark", "---\n" + text},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, c.text)
			if want := nordwindInventory(); !reflect.DeepEqual(f.Inventory, want) {
				t.Errorf("got  %+v\nwant %+v", f.Inventory, want)
			}
			if string(f.Bytes()) != c.text {
				t.Errorf("the text changed by being read")
			}
			if len(f.Warnings) > 0 {
				t.Errorf("warnings: %v", f.Warnings)
			}
		})
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		get        func(*File) any
		want       any
	}{
		{"sections without content", "version: 1\ntenant:\nsites:\ndomains: ~\ndevices:\n  # - name: x\n",
			func(f *File) any { return f.Inventory }, Inventory{Version: 1}},
		{"IPv6 in braces", "version: 1\nsites: [{name: a, addresses: [2001:db8::/64, 2001:db8:1::1]}]\n",
			func(f *File) any { return f.Sites[0].Addresses },
			[]netip.Prefix{netip.MustParsePrefix("2001:db8::/64"), netip.MustParsePrefix("2001:db8:1::1/128")}},
		{"a list over lines", "version: 1\nsites:\n  - name: a\n    addresses: [ # all\n      203.0.113.1, # one\n      203.0.113.2,\n    ]\n",
			func(f *File) any { return len(f.Sites[0].Addresses) }, 2},
		{"dashes without indentation", "version: 1\nsites:\n- name: a\n- name: 'it''s b'\n",
			func(f *File) any { return f.Sites[1].Name }, "it's b"},
		{"a dash alone", "version: 1\nsites:\n  -\n    name: a\n",
			func(f *File) any { return f.Sites[0].Name }, "a"},
		{"quoted keys and numbers as names", "version: 1\nsites:\n  - \"name\": \"0123\"\n",
			func(f *File) any { return f.Sites[0].Name }, "0123"},
		{"names with colons, hashes and other scripts", "version: 1\nsites:\n  - name: \"Büro: #2\"\n  - name: a#b\n",
			func(f *File) any { return f.Sites[0].Name + "|" + f.Sites[1].Name }, "Büro: #2|a#b"},
		{"TLS without quotes", "version: 1\ndevices: [{name: a, tls: 1.0}]\n",
			func(f *File) any { return f.Devices[0].TLS }, TLS10},
		{"unknown values", "version: 1\ntenant: {cloud: unknown, outbound: unknown, smtp_auth: unknown}\ndevices: [{name: a, auth: unknown, tls: unknown, recipients: unknown}]\n",
			func(f *File) any { return []any{f.Tenant, f.Devices[0]} }, []any{Tenant{}, Device{Name: "a"}}},
		{"no connectors", "version: 1\ntenant: {connectors: []}\n",
			func(f *File) any { return f.Tenant.ConnectorsKnown }, true},
		{"a null sender", "version: 1\ndevices: [{name: a, mail_from: <>}]\n",
			func(f *File) any { return f.Devices[0].MailFrom }, MailFrom{Null: true}},
		{"a bounce domain", "version: 1\ndevices: [{name: a, mail_from: Bounce.Nordwind.example}]\n",
			func(f *File) any { return f.Devices[0].MailFrom }, MailFrom{Domain: "bounce.nordwind.example"}},
		{"a bounce address", "version: 1\ndevices: [{name: a, mail_from: b@nordwind.example}]\n",
			func(f *File) any { return f.Devices[0].MailFrom }, MailFrom{Local: "b", Domain: "nordwind.example"}},
		{"an international domain", "version: 1\ndomains: [{name: münchen.example}]\n",
			func(f *File) any { return f.Domains[0].Name }, dns.Name("xn--mnchen-3ya.example")},
		{"a day", "version: 1\ntenant: {created: 2019-03-01}\n",
			func(f *File) any { return f.Tenant.Created }, time.Date(2019, 3, 1, 0, 0, 0, 0, time.UTC)},
		{"a chain of relays", "version: 1\ndevices:\n  - {name: a, method: via:B, now: smtp-auth}\n  - {name: b, method: connector-cert, now: via:a}\n",
			func(f *File) any { return []Method{f.Devices[0].Method, f.Devices[1].Today()} }, []Method{"via:B", "via:a"}},
		{"tabs in comments", "version: 1 #\tx\n#\ty\n", func(f *File) any { return f.Version }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.get(parse(t, c.text)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestLocks(t *testing.T) {
	t.Parallel()
	tenant := Tenant{Connectors: []Connector{
		{Name: "gateway", Type: Partner, SenderDomains: []DomainPattern{"*"}, RestrictToAddresses: True},
		{Name: "own", Type: Partner, SenderDomains: []DomainPattern{"nordwind.example"}, RestrictToCertificate: True},
		{Name: "below", Type: Partner, SenderDomains: []DomainPattern{"*.nordwind.example"}, RestrictToAddresses: True},
		{Name: "off", Type: Partner, Enabled: False, SenderDomains: []DomainPattern{"*"}, RestrictToAddresses: True},
		{Name: "open", Type: Partner, SenderDomains: []DomainPattern{"*"}},
		{Name: "devices", Type: OnPremises, SenderDomains: []DomainPattern{"*"}, RestrictToAddresses: True},
	}}
	for sender, want := range map[dns.Name]string{
		"nordwind.example":   "gateway own",
		"a.nordwind.example": "gateway below",
		"other.example":      "gateway",
	} {
		var got []string
		for _, c := range tenant.Locks(sender) {
			got = append(got, c.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", sender, got, want)
		}
	}
}
