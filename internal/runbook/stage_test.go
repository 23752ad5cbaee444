package runbook_test

import (
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/runbook"
	"sendplan/planner"
)

// A connector is made in the stage that prepares it, and only there: once for all
// devices of a site, whether they move or stay.
func TestConnectorStage(t *testing.T) {
	t.Parallel()
	stays := "  - {name: press, kind: machine, site: hq, now: connector-ip, method: connector-ip, from: [p@nordwind.example], recipients: internal, auth: none, tls: \"1.2\"}\n"
	for name, devices := range map[string]string{"it moves": moving, "it stays": stays, "both": moving + stays} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := bookOf(t, head+devices)
			var at []int
			for i, s := range doc.Stages {
				for _, c := range commands(s.Steps) {
					if strings.HasPrefix(c, "New-InboundConnector") {
						at = append(at, i)
					}
				}
			}
			if !slices.Equal(at, []int{0}) || !strings.HasPrefix(doc.Stages[0].Title, "Prepare") {
				t.Errorf("in stages %v", at)
			}
			if said := words(steps(doc)); strings.Contains(said, "--runbook has the command") {
				t.Errorf("it refers to itself:\n%s", said)
			}
		})
	}
}

// Where the server is not established, the test is to be filled in.
func TestConnectionToFill(t *testing.T) {
	t.Parallel()
	doc := makeBook(t, head+moving, strings.ReplaceAll(zoneText, "nordwind-example.mail.protection.outlook.com.", "mx.gateway.example."))
	all := commands(steps(doc))
	for _, want := range []string{"Test-NetConnection -ComputerName <server> -Port 25", "openssl s_client -connect <server>:25 -servername <server> -crlf -starttls smtp"} {
		if !slices.Contains(all, want) {
			t.Errorf("want %q in %q", want, all)
		}
	}
	sound(t, doc)
}

// Mail of Direct Send from an address that a connector holds shows that connector
// in the trace.
func TestSignOfDirectSend(t *testing.T) {
	t.Parallel()
	direct := "  - {name: scan, kind: scanner, site: hq, now: smtp-auth, method: direct-send, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: \"1.2\"}\n"
	for connectors, want := range map[string]string{
		"[]": "with an empty connector_id",
		"[{name: a, type: OnPremises, addresses: [203.0.113.0/24], enabled: true}]":  "connector_id names the connector",
		"[{name: a, type: OnPremises, addresses: [203.0.113.0/24], enabled: false}]": "with an empty connector_id",
		"[{name: a, type: OnPremises, addresses: [192.0.2.1], enabled: true}]":       "with an empty connector_id",
	} {
		doc := bookOf(t, strings.Replace(head, "connectors: []", "connectors: "+connectors, 1)+direct)
		if said := words(steps(doc)); !strings.Contains(said, want) {
			t.Errorf("%s: want %q in\n%s", connectors, want, said)
		}
	}
}

// The commands of a stage name the inventory as a shell takes it, and the stage by
// its title, which it keeps when the stages before it are done. What a later stage
// changes is lacking until then, so nobody waits for it.
func TestStageCommands(t *testing.T) {
	t.Parallel()
	zones, err := dns.ParseZones(strings.Replace(zoneText, "ip4:203.0.113.10 ", "", 1), "zone")
	if err != nil {
		t.Fatal(err)
	}
	inv := parse(t, strings.Replace(head, "  - name: nordwind.example\n", "  - name: nordwind.example\n    ttl: {during: 300, normal: 3600}\n", 1)+moving+
		"  - {name: shop, kind: application, method: \"relay:brevo\", from: [s@nordwind.example], recipients: anyone, auth: basic, tls: \"1.2\"}\n")
	p := planner.Make(inv, zones, planner.Options{Date: november})
	for name, typed := range map[string]string{
		"inventory.yaml": "inventory.yaml", "a/b-1.yaml": "a/b-1.yaml", "-": "FILE", "": "FILE", "a\nb": "FILE",
		"our office.yaml": "'our office.yaml'", "it's $(x).yaml": `'it'\''s $(x).yaml'`, `C:\mail.yaml`: `'C:\mail.yaml'`,
	} {
		doc := runbook.Make(inv, p, name)
		var publish []runbook.Stage
		for _, s := range doc.Stages {
			if len(s.Batches) > 0 {
				publish = append(publish, s)
			}
		}
		if len(publish) < 2 {
			t.Fatalf("%d stages with records", len(publish))
		}
		for i, s := range publish {
			emit := "sendplan emit -i " + typed + " --stage '" + s.Title + "' --as panel"
			if s.Emit != emit || !strings.HasPrefix(s.EmitUndo, emit+" --undo # before you publish") {
				t.Errorf("%q: %q and %q", name, s.Emit, s.EmitUndo)
			}
			verify := "sendplan plan -i " + typed + " # it has no change in a stage of this title any more"
			if i == len(publish)-1 {
				verify = "sendplan verify -i " + typed + " --wait"
			}
			if s.Verify != verify {
				t.Errorf("%q, stage %d of %d: %q, want %q", name, i+1, len(publish), s.Verify, verify)
			}
		}
		named := func(u planner.Unknown) bool {
			return strings.Contains(u.Fix, "sendplan devices -i "+typed+" --explain shop")
		}
		if !slices.ContainsFunc(doc.Unknown, named) {
			t.Errorf("%q: %+v", name, doc.Unknown)
		}
	}
}
