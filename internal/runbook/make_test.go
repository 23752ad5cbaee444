package runbook_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/runbook"
	"sendplan/planner"
)

// The first page has the devices that stop, the soonest first, and no command
// that nobody has established.
func TestStops(t *testing.T) {
	t.Parallel()
	doc := bookOf(t, head+
		"  - {name: copier, kind: copier, site: hq, now: direct-send, from: [a@nordwind.example], recipients: internal, auth: none, tls: \"1.2\"}\n"+
		"  - {name: erp, kind: application, site: hq, now: smtp-auth, from: [b@nordwind.example], recipients: anyone, auth: oauth, tls: \"1.3\"}\n"+
		"  - {name: ups, kind: ups, site: hq, now: smtp-auth, from: [c@nordwind.example], recipients: internal, auth: basic, tls: \"1.2\"}\n"+moving)
	type stop struct {
		device string
		days   int
		dated  bool
	}
	var got []stop
	for _, s := range doc.Stops {
		got = append(got, stop{s.Device, s.Event.Days, !s.Event.Day.IsZero()})
	}
	if want := []stop{{"ups", 39, true}, {"scan", 39, true}, {"copier", 0, false}}; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if gap := doc.Stops[1].Gap; !strings.Contains(gap, "in stage ") {
		t.Errorf("the stop-gap of scan is %q", gap)
	}
	if gap := doc.Stops[0].Gap; !strings.Contains(gap, "not decided") {
		t.Errorf("the stop-gap of ups is %q", gap)
	}
	if len(doc.Reenable) != 1 || len(commands(doc.Reenable)) > 0 || !strings.Contains(words(doc.Reenable), "not established: which switch re-enables it") {
		t.Errorf("%+v", doc.Reenable)
	}
}

// Nothing stops: no word of switching anything on again.
func TestNothingStops(t *testing.T) {
	t.Parallel()
	doc := bookOf(t, head+"  - {name: erp, kind: application, site: hq, now: smtp-auth, method: smtp-auth, from: [b@nordwind.example], recipients: anyone, auth: oauth, tls: \"1.3\"}\n")
	if len(doc.Stops)+len(doc.Reenable)+len(doc.Undecided)+len(doc.Last) > 0 {
		t.Errorf("%+v", doc)
	}
}

// Basic authentication is switched off for a mailbox that is known, and that
// nothing else logs in as.
func TestLast(t *testing.T) {
	t.Parallel()
	other := func(rest string) string {
		return "  - {name: other, kind: ups, site: hq, now: smtp-auth, from: [o@nordwind.example], recipients: internal, auth: basic, tls: \"1.2\"" + rest + "}\n"
	}
	const off = "Set-CASMailbox -Identity 'scan@nordwind.example' -SmtpClientAuthenticationDisabled $true"
	for _, test := range []struct {
		name, yaml, words string
		off               bool
	}{
		{"a mailbox of its own", moving, "watch for a week", true},
		{"the mailbox is not known", strings.Replace(moving, "login: scan@nordwind.example, ", "", 1), "find out which mailbox", false},
		{"another device logs in as it", moving + other(", login: SCAN@nordwind.example"), "leave its mailbox as it is", false},
		{"another may log in as it", moving + other(""), "leave its mailbox as it is", false},
		{"another logs in as another", moving + other(", login: o@nordwind.example"), "watch for a week", true},
		{"another leaves it too", moving + other(", method: connector-ip"), "watch for a week", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc := bookOf(t, head+test.yaml)
			if len(doc.Last) == 0 || doc.Last[0].Device != "scan" {
				t.Fatalf("%+v", doc.Last)
			}
			list := doc.Last[0].Steps
			if got := slices.Contains(commands(list), off); got != test.off {
				t.Errorf("switched off: %v, want %v, in %q", got, test.off, commands(list))
			}
			if test.off && !slices.Contains(commands(list), strings.Replace(off, "$true", "$false", 1)) {
				t.Errorf("no way back in %q", commands(list))
			}
			if !strings.Contains(words(list), test.words) {
				t.Errorf("want %q in\n%s", test.words, words(list))
			}
		})
	}
}

// A device that stays with client submission keeps it.
func TestNoLast(t *testing.T) {
	t.Parallel()
	for _, device := range []string{
		strings.Replace(moving, "method: connector-ip, ", "", 1),
		strings.Replace(moving, "method: connector-ip", "method: smtp-auth", 1),
		strings.Replace(moving, "now: smtp-auth", "now: direct-send", 1),
		strings.Replace(moving, "auth: basic", "auth: oauth", 1),
	} {
		if doc := bookOf(t, head+device); len(doc.Last) > 0 {
			t.Errorf("%s: %+v", device, doc.Last)
		}
	}
}

// The line of the firewall names what else leaves by port 25.
func TestFirewall(t *testing.T) {
	t.Parallel()
	doc := bookOf(t, head+moving+"  - {name: copier, kind: copier, site: hq, now: direct-send, method: direct-send, from: [a@nordwind.example], recipients: internal, auth: none, tls: \"1.2\"}\n"+
		"  - {name: plc, kind: machine, site: hq, from: [p@nordwind.example]}\n")
	said := words(steps(doc))
	for _, want := range []string{"LAN address of scan (not in the inventory) to nordwind-example.mail.protection.outlook.com, port 25", "seen as 203.0.113.10", "copier (direct-send)", "plc (not known)"} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
}

// A relay that moves is tested by what sends through it, too.
func TestThrough(t *testing.T) {
	t.Parallel()
	doc := bookOf(t, head+"  - {name: mx1, kind: relay, site: hq, now: own-server, method: connector-ip, from: [a@nordwind.example], recipients: anyone, auth: none, tls: \"1.2\"}\n"+
		"  - {name: camera, kind: camera, site: hq, now: \"via:mx1\", from: [c@nordwind.example], recipients: internal, auth: none, tls: none}\n")
	if said := words(steps(doc)); !strings.Contains(said, "send one from each of them as well: camera\n") {
		t.Errorf("%s", said)
	}
}

// DKIM is switched on with the way back, as the plan says.
func TestDKIMTask(t *testing.T) {
	t.Parallel()
	yaml := strings.Replace(head, "  connectors: []", "  connectors: []\n  dkim:\n    - {domain: nordwind.example, enabled: false, status: Valid, selector1_cname: selector1-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft, selector2_cname: selector2-nordwind-example._domainkey.nordwind.r-v1.dkim.mail.microsoft}", 1)
	doc := bookOf(t, yaml+moving)
	all := strings.Join(commands(steps(doc)), "\n")
	if want := "Set-DkimSigningConfig -Identity nordwind.example -Enabled $true\nSet-DkimSigningConfig -Identity nordwind.example -Enabled $false"; !strings.Contains(all, want) {
		t.Errorf("want %s in\n%s", want, all)
	}
}

// Of the examples: each device that moves has one sheet in one stage, each
// command that changes the tenant is tried first and has a way back, and every
// source that is cited is listed.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"office", "gateway-move", "msp"} {
		text, err := os.ReadFile("../../examples/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		inv := parse(t, string(text))
		doc := runbook.Make(inv, plan(t, inv, zoneText), name)
		sheets := map[string]int{}
		for _, s := range doc.Stages {
			for _, sheet := range s.Sheets {
				sheets[sheet.Device]++
			}
		}
		for _, d := range inv.Devices {
			want := 0
			if d.Method != "" && d.Method != d.Today() {
				want = 1
			}
			if sheets[d.Name] != want {
				t.Errorf("%s: %d sheets of %s, want %d", name, sheets[d.Name], d.Name, want)
			}
		}
		sound(t, doc)
	}
}

// sound holds a document to what is true of all.
func sound(t interface{ Errorf(string, ...any) }, doc runbook.Document) {
	listed := map[method.SourceKey]bool{"": true}
	for _, s := range doc.Sources {
		listed[s.Key] = true
	}
	for _, s := range steps(doc) {
		if s.Who == "" || s.Text == "" {
			t.Errorf("a step for nobody, or of nothing: %+v", s)
		}
		for _, c := range s.Commands {
			changes := c.Shell == runbook.ExchangeOnline && !strings.HasPrefix(c.Text, "Get-")
			if changes != c.WhatIf || changes && c.Undo == "" && s.Undo == "" {
				t.Errorf("not tried first, or without a way back: %+v", c)
			}
			if strings.Contains(outside(c.Text), "<") != c.Fill {
				t.Errorf("what is to be filled in: %+v", c)
			}
			if !listed[c.Source] || (c.Source == "") != (c.Grade == runbook.Local) {
				t.Errorf("source %s of %+v", c.Source, c)
			}
		}
	}
}

// outside is what of a command stands in no quotes.
func outside(command string) string {
	var b strings.Builder
	in := false
	for _, r := range command {
		switch {
		case strings.ContainsRune("'\u2018\u2019\u201a\u201b", r):
			in = !in
		case !in:
			b.WriteRune(r)
		}
	}
	if in {
		return "an open quote: " + command
	}
	return b.String()
}

// Names are data: whatever they hold, what stands outside of quotes is ours.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(zoneText, "zone")
	if err != nil {
		t.Fatal(err)
	}
	hostile := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("'\u2018\u2019\u201b\"`$();|&{}@#<> \n\tEVIL"))))
	rapid.Check(t, func(t *rapid.T) {
		inv := parse(t, head+"  []\n")
		device, site, connector, local := "EVIL"+hostile.Draw(t, "device"), "EVIL"+hostile.Draw(t, "site"), "EVIL"+hostile.Draw(t, "connector"), "EVIL"+hostile.Draw(t, "local")
		inv.Sites[0].Name = site
		inv.Tenant.Connectors = []inventory.Connector{{Name: connector, Type: inventory.OnPremises, Enabled: rapid.SampledFrom([]inventory.Truth{inventory.True, inventory.False}).Draw(t, "enabled"),
			Addresses: inv.Sites[0].Addresses[:rapid.IntRange(0, 1).Draw(t, "matches")]}}
		from := inventory.Address{Local: local, Domain: "nordwind.example"}
		for _, m := range []inventory.Method{inventory.ConnectorIP, inventory.HVE, inventory.ConnectorCert} {
			inv.Devices = append(inv.Devices, inventory.Device{Name: device + string(m), Kind: inventory.Scanner, Site: site, Now: inventory.SMTPAuth, Method: m, From: []inventory.Address{from}, Login: from,
				Recipients: inventory.Internal, Auth: inventory.AuthBasic, TLS: inventory.TLS12, Certificate: inventory.True})
		}
		doc := runbook.Make(inv, planner.Make(inv, zones, planner.Options{Date: november}), "inventory.yaml")
		for _, s := range steps(doc) {
			for _, c := range s.Commands {
				for _, text := range []string{c.Text, c.Undo} {
					if c.Shell != runbook.AnyShell && (strings.Contains(outside(text), "EVIL") || strings.ContainsAny(outside(text), "`;&\"\n\t") || strings.HasPrefix(outside(text), "an open quote")) {
						t.Errorf("%q", text)
					}
				}
			}
		}
		if len(commands(steps(doc))) == 0 {
			t.Errorf("no commands")
		}
		sound(t, doc)
	})
}

// Make reads a fleet that knows nothing, and a plan of nothing.
func TestEmpty(t *testing.T) {
	t.Parallel()
	doc := runbook.Make(&inventory.Inventory{}, planner.Plan{Date: november}, "")
	if len(steps(doc)) > 0 || !doc.Date.Equal(november) {
		t.Errorf("%+v", doc)
	}
	inv := &inventory.Inventory{Devices: []inventory.Device{{Name: "a"}}}
	bare := fleet.Judge(inv, fleet.Seen{}, time.Time{})
	doc = runbook.Make(inv, planner.Plan{Devices: []planner.Device{{Device: bare.Devices[0]}}}, "")
	if len(doc.Undecided) != 1 || len(commands(steps(doc))) > 0 {
		t.Errorf("%+v", doc)
	}
}
