package runbook_test

import (
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/runbook"
	"sendplan/planner"
)

var november = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// zoneText is a domain on Microsoft 365 whose SPF record is closed.
const zoneText = `
$ORIGIN .
. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
. IN NS ns.root.example.
ns.root.example. IN A 192.0.2.53
nordwind.example. 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300
nordwind.example. IN NS ns.root.example.
nordwind.example. IN MX 0 nordwind-example.mail.protection.outlook.com.
nordwind-example.mail.protection.outlook.com. IN A 192.0.2.80
nordwind.example. IN TXT "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"
spf.protection.outlook.com. IN TXT "v=spf1 ip4:192.0.2.64/26 -all"
_dmarc.nordwind.example. IN TXT "v=DMARC1; p=none"
`

// head is what most inventories of these tests begin with.
const head = `version: 1
tenant:
  initial_domain: nordwind.onmicrosoft.com
  cloud: worldwide
  inbound: direct
  outbound: direct
  reject_direct_send: false
  smtp_auth: true
  connectors: []
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
devices:
`

// failer is a test of testing or of rapid.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func parse(t failer, text string) *inventory.Inventory {
	t.Helper()
	file, err := inventory.Parse([]byte(text), "inventory.yaml", intake.Catalogue)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return &file.Inventory
}

func plan(t failer, inv *inventory.Inventory, zones string) planner.Plan {
	t.Helper()
	z, err := dns.ParseZones(zones, "zone")
	if err != nil {
		t.Fatal(err)
	}
	return planner.Make(inv, z, planner.Options{Date: november})
}

func makeBook(t failer, yaml, zones string) runbook.Document {
	t.Helper()
	inv := parse(t, yaml)
	return runbook.Make(inv, plan(t, inv, zones), "inventory.yaml")
}

func bookOf(t failer, yaml string) runbook.Document {
	t.Helper()
	return makeBook(t, yaml, zoneText)
}

// steps are all steps of a document.
func steps(doc runbook.Document) []runbook.Step {
	all := append([]runbook.Step{}, doc.Reenable...)
	for _, u := range doc.Undecided {
		all = append(all, u.Steps...)
	}
	for _, s := range doc.Stages {
		all = append(all, s.Steps...)
		for _, sheet := range s.Sheets {
			all = append(all, sheet.Tests...)
		}
	}
	for _, f := range doc.Last {
		all = append(all, f.Steps...)
	}
	return all
}

func commands(list []runbook.Step) []string {
	var out []string
	for _, s := range list {
		for _, c := range s.Commands {
			out = append(out, c.Text)
			if c.Undo != "" {
				out = append(out, c.Undo)
			}
		}
	}
	return out
}

// words are all that the steps say beside their commands.
func words(list []runbook.Step) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.Text + "\n" + s.Why + "\n" + s.Sign + "\n" + s.Undo + "\n")
		for _, l := range s.Lines {
			b.WriteString(l.Text + "\n" + l.Fact.String() + "\n")
		}
	}
	return b.String()
}
