package runbook_test

import (
	"slices"
	"strings"
	"testing"
)

const moving = "  - {name: scan, kind: scanner, site: hq, now: smtp-auth, method: connector-ip, login: scan@nordwind.example, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: \"1.2\"}\n"

// The connector of a site is made with its way back, found where it is there, and
// not made where the address is not known to be the site's own for good.
func TestConnectorByAddress(t *testing.T) {
	t.Parallel()
	const look = "Get-InboundConnector | Format-List Name"
	const made = "New-InboundConnector -Name 'Devices hq' -ConnectorType OnPremises -SenderDomains '*' -SenderIPAddresses '203.0.113.10'"
	for _, test := range []struct {
		name     string
		old, new string
		commands []string
		words    string
	}{
		{"none is there", "", "", []string{look, made, "Remove-InboundConnector -Identity 'Devices hq'"}, "make none if"},
		{"not known which are there", "  connectors: []\n", "", []string{look, made, "Remove-InboundConnector -Identity 'Devices hq'"}, "make none if"},
		{"it is there", "connectors: []", "connectors: [{name: \"O'Brien\", type: OnPremises, addresses: [203.0.113.0/24], enabled: true}]", []string{"Get-InboundConnector -Identity 'O''Brien' | "}, "is there"},
		{"it is disabled", "connectors: []", "connectors: [{name: a, type: OnPremises, addresses: [203.0.113.10], enabled: false}]",
			[]string{"Get-InboundConnector -Identity 'a' | ", "Set-InboundConnector -Identity 'a' -Enabled $true", "Set-InboundConnector -Identity 'a' -Enabled $false"}, "enable the connector"},
		{"one of type Partner does not relay", "connectors: []", "connectors: [{name: a, type: Partner, addresses: [203.0.113.10], enabled: true}]", []string{look, made, "Remove-"}, "make none if"},
		{"its name is taken", "connectors: []", "connectors: [{name: devices HQ, type: OnPremises, addresses: [192.0.2.1], enabled: true}]", []string{look, strings.Replace(made, "hq", "hq 2", 1), "Remove-InboundConnector -Identity 'Devices hq 2'"}, ""},
		{"it is narrowed to another domain", "connectors: []", "connectors: [{name: a, type: OnPremises, addresses: [203.0.113.10], enabled: true, associated_domains: [contoso.example]}]", []string{look, made, "Remove-"}, ""},
		{"wider than /24", "[203.0.113.10]", "[203.0.112.0/23]", nil, "no IPv4 address of the site that a connector takes"},
		{"with IPv6", "[203.0.113.10]", "[203.0.113.10, \"2001:db8::1\"]", []string{look, made, "Remove-"}, "2001:db8::1"},
		{"static is not known", "static: true", "static: unknown", nil, "not known that the address of the site is static"},
		{"shared is not known", "shared: false", "shared: unknown", nil, "the site's own"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			yaml := strings.Replace(head, test.old, test.new, 1) + moving
			doc := bookOf(t, yaml)
			var got []string
			for _, c := range commands(steps(doc)) {
				if strings.Contains(c, "InboundConnector") {
					got = append(got, c)
				}
			}
			if !slices.EqualFunc(got, test.commands, strings.HasPrefix) {
				t.Errorf("commands %q, want %q", got, test.commands)
			}
			if all := words(steps(doc)); !strings.Contains(all, test.words) {
				t.Errorf("it must say %q, but says\n%s", test.words, all)
			}
		})
	}
}

// A vetoed method gets no sheet and no command.
func TestDynamicAddress(t *testing.T) {
	t.Parallel()
	doc := bookOf(t, strings.Replace(head, "static: true", "static: false", 1)+moving)
	for _, s := range doc.Stages {
		if len(s.Sheets) > 0 {
			t.Errorf("sheets %+v", s.Sheets)
		}
	}
	if len(doc.Undecided) != 1 || !strings.Contains(doc.Undecided[0].Why, "connector-ip does not fit it") {
		t.Errorf("%+v", doc.Undecided)
	}
	for _, c := range commands(steps(doc)) {
		if strings.Contains(c, "New-InboundConnector") {
			t.Errorf("%s", c)
		}
	}
}

// A certificate's name is never invented.
func TestConnectorByCertificate(t *testing.T) {
	t.Parallel()
	device := "  - {name: erp, kind: server, site: hq, now: smtp-auth, method: connector-cert, certificate: true, from: [erp@nordwind.example], recipients: anyone, auth: basic, tls: \"1.2\"}\n"
	doc := bookOf(t, head+device)
	all := strings.Join(commands(steps(doc)), "\n")
	if want := "New-InboundConnector -Name 'Devices cert' -ConnectorType OnPremises -SenderDomains '*' -TlsSenderCertificateName <name in the certificate> -RequireTls $true\nRemove-InboundConnector -Identity 'Devices cert'"; !strings.Contains(all, want) {
		t.Errorf("want %s in\n%s", want, all)
	}
	doc = bookOf(t, strings.Replace(head, "connectors: []", "connectors: [{name: a, type: OnPremises, certificate: \"*.nordwind.example\", enabled: true}]", 1)+device)
	if all := strings.Join(commands(steps(doc)), "\n"); strings.Contains(all, "New-InboundConnector") || !strings.Contains(all, "Get-InboundConnector -Identity 'a'") {
		t.Errorf("%s", all)
	}
}

const refused = "  - {name: copier, kind: copier, site: hq, now: direct-send, method: direct-send, from: [copier@nordwind.example], recipients: internal, auth: none, tls: \"1.2\"}\n"

// A connector of type Partner that is restricted to addresses rejects what
// everybody else sends for the domain. It is only shown where that is nobody.
func TestPartner(t *testing.T) {
	t.Parallel()
	other := func(rest string) string {
		return "  - {name: other, kind: application, from: [other@nordwind.example], recipients: internal, auth: basic, tls: \"1.2\", " + rest + "}\n"
	}
	second := "  - {name: branch, addresses: [198.51.100.7], static: true, shared: false, port25: open}\ndomains:"
	for _, test := range []struct {
		name  string
		yaml  string
		zones func(string) string
		out   string // who would be locked out; "" if nobody
	}{
		{name: "nobody else"},
		{name: "another at the same site", yaml: other("site: hq, now: own-server")},
		{name: "one that logs in", yaml: other("site: branch, now: smtp-auth")},
		{name: "one at another site", yaml: other("site: branch, now: own-server"), out: "other"},
		{name: "one that moves to another way", yaml: other("site: hq, now: own-server, method: \"relay:sendgrid\""), out: "other"},
		{name: "a hosted service", yaml: other("now: \"relay:sendgrid\""), out: "other"},
		{name: "one of which nothing is known", yaml: other("note: a"), out: "other"},
		{name: "a service in the SPF record", zones: func(z string) string {
			return strings.Replace(z, " -all\"\nspf.", " include:_spf.crm.example -all\"\n_spf.crm.example. IN TXT \"v=spf1 ip4:198.51.100.9 -all\"\nspf.", 1)
		}, out: "include:_spf.crm.example"},
		{name: "an address in the SPF record", zones: func(z string) string { return strings.Replace(z, "ip4:203.0.113.10", "ip4:203.0.113.0/28", 1) }, out: "ip4:203.0.113.0/28"},
		{name: "an open SPF record", zones: func(z string) string {
			return strings.Replace(z, "outlook.com -all\"\nspf.", "outlook.com ~all\"\nspf.", 1)
		}, out: "whoever else"},
		{name: "no SPF record", zones: func(z string) string {
			return strings.Replace(z, "nordwind.example. IN TXT \"v=spf1 ", "nordwind.example. IN TXT \"", 1)
		}, out: "whoever else"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			yaml := strings.Replace(strings.Replace(head, "reject_direct_send: false", "reject_direct_send: true", 1), "domains:", second, 1)
			zones := zoneText
			if test.zones != nil {
				if zones = test.zones(zones); zones == zoneText {
					t.Fatal("the zones are as before")
				}
			}
			doc := makeBook(t, yaml+refused+test.yaml, zones)
			all := strings.Join(commands(steps(doc)), "\n")
			const partner = "-ConnectorType Partner -SenderDomains 'nordwind.example' -RestrictDomainsToIPAddresses $true -SenderIPAddresses '203.0.113.10' -RequireTls $false"
			if strings.Contains(all, partner) != (test.out == "") || strings.Contains(all, "Partner") != (test.out == "") {
				t.Errorf("commands\n%s", all)
			}
			if said := words(steps(doc)); test.out != "" && (!strings.Contains(said, "would reject all other mail of nordwind.example") || !strings.Contains(said, test.out)) {
				t.Errorf("want %s in\n%s", test.out, said)
			}
			if !strings.Contains(all, "-ConnectorType OnPremises -SenderDomains '*' -SenderIPAddresses '203.0.113.10'") {
				t.Errorf("no way without it:\n%s", all)
			}
		})
	}
}
