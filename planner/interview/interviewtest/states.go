package interviewtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/world"
	"sendplan/planner/interview"
)

// Empty is an interview of which nothing is known yet.
func Empty() interview.State { return interview.State{At: interview.Domains, Date: Date} }

// Office is about nordwind.example, which was looked at, with a site and three
// devices. It stands at its devices.
func Office(t testing.TB) interview.State {
	t.Helper()
	return begun(t, New(t), officeText)
}

// Failing is [Office] with nothing answered.
func Failing(t testing.TB) interview.State {
	t.Helper()
	return begun(t, Dead(t), officeText)
}

// Many is about eight domains, with twelve sites and forty devices.
func Many(t testing.TB) interview.State {
	t.Helper()
	return begun(t, New(t), manyText())
}

// Long is about domains, sites and devices with names and addresses as long as
// they may be, and records that attack whoever prints them.
func Long(t testing.TB) interview.State {
	t.Helper()
	return begun(t, New(t), longText())
}

// Draft parses an inventory.
func Draft(t testing.TB, text string) *inventory.File {
	t.Helper()
	f, err := inventory.Parse([]byte(text), "the draft", intake.Catalogue)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

// Planned returns the state with the plan of its draft, at that step.
func Planned(t testing.TB, w *World, s interview.State) interview.State {
	t.Helper()
	plan := w.Plan(context.Background(), &s.Draft.Inventory, false, nil)
	s.At, s.Plan = interview.Plan, &plan
	return s
}

// forms are some of those in which changes can be written.
var forms = []interview.Option{
	{Value: "panel", Text: "panel", Note: "to type into a web panel"},
	{Value: "bind", Text: "bind", Note: "a zone file snippet"},
}

// begun returns an interview about the domains of an inventory, looked at.
func begun(t testing.TB, w *World, text string) interview.State {
	t.Helper()
	s := Empty()
	s.At, s.Draft, s.Forms = interview.Devices, Draft(t, text), forms
	for _, d := range s.Draft.Domains {
		s.Domains = append(s.Domains, d.Name)
	}
	found := w.Look(context.Background(), s.Domains, false, nil)
	s.Found = &found
	return s
}

const officeText = `# What sends mail for nordwind.example.
version: 1
tenant:
  initial_domain: nordwind.onmicrosoft.com
  cloud: worldwide
  inbound: direct
  outbound: direct
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
    dmarc: {target: reject}
devices:
  - name: scanner-2og # replaced in spring
    kind: scanner
    site: hq
    method: connector-ip
    now: smtp-auth
    from: [scan@nordwind.example]
    recipients: internal
    auth: basic
    tls: "1.2"
    per_day: 200
  - name: copier-ground
    kind: copier
    site: hq
    now: direct-send
    from: [copier@nordwind.example]
    recipients: internal
    auth: none
    tls: "1.0"
    per_day: 60
  - name: erp
    kind: application
    site: hq
    now: smtp-auth
    from: [invoices@nordwind.example]
    recipients: anyone
    auth: oauth
    tls: "1.3"
    https: true
    per_day: 900
`

// manyText writes an inventory of many sites and devices for the first domains
// of the embedded world.
func manyText() string {
	const sites, domains, devices = 12, 8, 40
	var b strings.Builder
	b.WriteString("version: 1\ntenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, outbound: direct}\nsites:\n")
	for i := range sites {
		fmt.Fprintf(&b, "  - {name: site-%02d, addresses: [203.0.113.%d], static: %v, port25: open}\n", i+1, 10+i, i%3 != 2)
	}
	b.WriteString("domains:\n")
	names := world.Domains()[:domains]
	for _, name := range names {
		fmt.Fprintf(&b, "  - {name: %s}\n", name)
	}
	b.WriteString("devices:\n")
	kinds := []inventory.Kind{inventory.Printer, inventory.Scanner, inventory.NAS, inventory.UPS, inventory.Application}
	for i := range devices {
		kind := kinds[i%len(kinds)]
		fmt.Fprintf(&b, "  - {name: %s-%02d, kind: %s, site: site-%02d, now: smtp-auth, from: [%s-%02d@%s], recipients: internal, auth: basic, tls: \"1.2\"}\n",
			kind, i+1, kind, i%sites+1, kind, i+1, names[i%domains])
	}
	return b.String()
}

// longLabel is as long as a label may be, wordy with what is put behind it as
// long as a name. wide takes two cells for each character.
var (
	longLabel = strings.Repeat("gesellschaft-", 4) + "fuer-bau-kg"
	wordy     = "the-copiers-in-the-basement-beside-the-old-boiler-room-of"
	wide      = strings.Repeat("扫描仪", 21)
)

// longNames are the domains of [Long]. The last is an umlaut for each letter.
var longNames = []dns.Name{
	dns.Name(strings.Join([]string{longLabel, longLabel, longLabel, "example"}, ".")),
	"xn--4caaaaaaaaaaaaaaaaaaaa.example",
	"escape.example",
}

// longZones are the zones of those that the embedded world does not have.
var longZones = longZone(longNames[0]) + longZone(longNames[1])

func longZone(name dns.Name) string {
	var include strings.Builder
	for i := range 40 {
		fmt.Fprintf(&include, `" ip4:198.51.100.%d ip6:2001:db8:%x:4444:5555:6666:7777:8888"`, i, i)
	}
	return "$ORIGIN " + name.String() + `.
@ 3600 IN SOA ns1.dns-kontor.example. hostmaster.dns-kontor.example. 1 7200 3600 1209600 300
@ 3600 IN NS ns1.dns-kontor.example.
@ 3600 IN NS ns2.dns-kontor.example.
@ 3600 IN MX 10 mail
mail 3600 IN A 203.0.113.200
@ 3600 IN TXT "v=spf1 include:_spf.` + name.String() + `" " include:spf.protection.outlook.com" ` + include.String() + ` " ~all"
_spf 3600 IN TXT "v=spf1 ip4:203.0.113.201 ?all"
_dmarc 3600 IN TXT "v=DMARC1; p=none; rua=mailto:` + strings.Repeat("dmarc.", 9) + `reports@" "` + name.String() + `"
`
}

func longText() string {
	var b strings.Builder
	b.WriteString("version: 1\ntenant: {cloud: worldwide, outbound: direct}\nsites:\n")
	for i := range 3 {
		fmt.Fprintf(&b, "  - {name: %s-site-%d, addresses: [203.0.113.%d, \"2001:db8:1111:2222:3333:4444:5555:%d\"], static: true}\n", wordy, i, 10+i, i)
	}
	b.WriteString("domains:\n")
	for _, name := range longNames {
		fmt.Fprintf(&b, "  - {name: %s, dmarc: {target: reject}}\n", name)
	}
	b.WriteString("devices:\n")
	for i, name := range longNames {
		device := []string{wordy + "-copier", wide, "c"}[i]
		fmt.Fprintf(&b, "  - {name: %s, kind: copier, site: %s-site-%d, method: connector-ip, now: smtp-auth, from: [%s@%s], recipients: anyone, auth: basic, tls: \"1.2\"}\n",
			device, wordy, i, strings.Repeat("scan.", 12)+"ner", name)
	}
	return b.String()
}
