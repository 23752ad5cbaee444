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

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func prefixes(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range list {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
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
		{"the tenant's limits", "version: 1\ntenant: {trial: false, external_per_day: 900, basic_smtp: true}\n",
			func(f *File) any { return f.Tenant }, Tenant{Trial: False, ExternalPerDay: 900, BasicSMTP: True}},
		{"IPv6 of a site", "version: 1\nsites:\n  - {name: a, ipv6: true}\n  - {name: b, ipv6: false, addresses: [203.0.113.1]}\n  - {name: c, ipv6: unknown, addresses: [2001:db8::1]}\n",
			func(f *File) any { return []Truth{f.Sites[0].IPv6, f.Sites[1].IPv6, f.Sites[2].IPv6} }, []Truth{True, False, Unknown}},
		{"a parked domain", "version: 1\ndomains: [{name: a.example, parked: true}]\ndevices: [{name: d, from: [x@b.example], login: x@a.example}]\n",
			func(f *File) any { return f.Domains[0] }, Domain{Name: "a.example", Parked: True}},
		{"policies for subdomains", "version: 1\ndomains: [{name: a.example, dmarc: {subdomains: quarantine, nonexistent: reject, since: 2026-03-01}}]\n",
			func(f *File) any { return f.Domains[0].DMARC },
			DMARC{Subdomains: DMARCQuarantine, NonExistent: DMARCReject, Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}},
		{"terms to flatten", pin + "        - {term: \"?include:_spf.b.example\", date: 2026-11-22, addresses: [10.0.0.0/8, 2001::/16, 192.0.2.1]}\n        - {term: mx/24, date: 2026-11-22, addresses: []}\n",
			func(f *File) any { return f.Domains[0].SPF.Flattened },
			[]Flattened{{"?include:_spf.b.example", today, prefixes("10.0.0.0/8", "2001::/16", "192.0.2.1/32")}, {Term: "mx/24", Date: today}}},
		{"what was accepted", "version: 1\naccepted:\n  - {id: spf-drop/a.example/include:b.example, date: 2026-11-22, note: it is gone}\n  - {id: \"#1~\", date: 2026-11-22}\n",
			func(f *File) any { return f.Accepted },
			[]Accepted{{"spf-drop/a.example/include:b.example", today, "it is gone"}, {"#1~", today, ""}}},
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

// What a record can hold is read, and nothing else.
func TestParseTerm(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"include:spf.b.example": true, "+include:_spf.b.example": true, "INCLUDE:B.Example.": true, "a": true, "-mx": true, "A/24": true, "mx//64": true,
		"a/24//64": true, "a:b.example/24": true, "mx:b.example//64": true, "redirect=b.example": true, "a:%{d}": true, "include:%{d2}.b.example": true,

		"": false, " a": false, "a ": false, "++a": false, "a/": false, "a/24/": false, "a///64": false, "a/24/24": false, "a:": false, "a:/24": false, "mx:b.example/24/24": false,
		"include": false, "include:b.example/24": false, "include:b.example c": false, "include:b..example": false, "+redirect=b.example": false, "redirect=192.0.2.1": false,
		"redirect:b.example": false, "all": false, "ptr:b.example": false, "exists:b.example": false, "ip6:2001:db8::": false, "include:%{i} b": false, "include:é.example": false,
	} {
		got, err := parseTerm(s)
		if (err == nil) != want || err == nil && got != s {
			t.Errorf("%q: got %q, %v", s, got, err)
		}
	}
}

func TestAccepts(t *testing.T) {
	t.Parallel()
	inv := Inventory{Accepted: []Accepted{{ID: "spf-drop/a.example/a"}}}
	for id, want := range map[string]bool{"spf-drop/a.example/a": true, "SPF-drop/a.example/a": false, "spf-drop/a.example": false, "": false} {
		if got := inv.Accepts(id); got != want {
			t.Errorf("%q: got %v", id, got)
		}
	}
}
