package render_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/internal/render"
	"sendplan/planner"
	"sendplan/spf"
)

const planInventory = `version: 1
tenant: {initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, outbound: direct}
sites:
  - {name: hq, addresses: [203.0.113.10], static: true, shared: false, port25: open}
domains:
  - name: nordwind.example
devices:
  - {name: scanner-2og, kind: scanner, site: hq, method: connector-ip, now: smtp-auth, from: [scan@nordwind.example], recipients: internal, auth: basic, tls: "1.2", per_day: 200}
  - {name: a very long name of a copier on the ground floor, kind: copier, site: hq, now: direct-send, from: [copier@nordwind.example], recipients: internal, auth: none, tls: "1.0", per_day: 60}
`

var planDate = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func planFleet(t testing.TB) []fleet.Device {
	t.Helper()
	file, err := inventory.Parse([]byte(planInventory), "inventory.yaml", intake.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return fleet.Judge(&file.Inventory, fleet.Seen{}, planDate).Devices
}

func planned(d fleet.Device, before, after proof.Outcome, right method.Truth, why string) planner.Device {
	id := method.ID(d.Device.Method)
	if id == "" {
		id = method.ID(d.Today())
	}
	return planner.Device{Device: d, Method: id, Hops: method.Route(d.Input, id), Before: before, After: after, Right: right, Why: why}
}

// judged is the outcome of one judged hop from an address.
func judged(s, k, d proof.Verdict, right method.Truth, term string, lookups int) proof.Outcome {
	from := dns.Name("nordwind.example")
	hop := proof.HopOutcome{
		Hop: method.Hop{From: "Microsoft 365", To: "receivers", Judged: method.True}, SPF: s, DKIM: k, DMARC: d, Right: right,
		Envelopes: []proof.SPFOutcome{{
			Verdict: s, Domain: from, Term: term, Lookups: lookups, Complete: true,
			Samples: []proof.Sample{{Addr: netip.MustParseAddr("203.0.113.10"), Block: netip.MustParsePrefix("203.0.113.10/32"), Result: spf.Result(s), Mechanism: term, MatchDomain: from, Lookups: lookups}},
		}},
		Signatures: []proof.DKIMOutcome{{Verdict: k, Domain: from, Selector: "selector1"}},
		Authors: []proof.Author{{
			Domain: from, DMARC: proof.DMARCOutcome{Verdict: d, Right: right, Policy: dmarc.Reject, PCT: 100, Found: from},
			DMARC7489: proof.DMARCOutcome{Verdict: d, Right: right, Policy: dmarc.Reject, PCT: 100, Found: from},
		}},
	}
	return proof.Outcome{SPF: s, DKIM: k, DMARC: d, Right: right, Hops: []proof.HopOutcome{hop}}
}

// unjudged is the outcome of mail that only the own tenant sees.
func unjudged() proof.Outcome {
	return proof.Outcome{Right: method.True, Hops: []proof.HopOutcome{{Hop: method.Hop{From: "scanner-2og", To: "Microsoft 365", Judged: method.False}}}}
}

func txtSet(name dns.Name, ttl uint32, texts ...string) []dns.Record {
	var set []dns.Record
	for _, text := range texts {
		set = append(set, dns.Record{Name: name, TTL: ttl, Data: dns.NewTXT(text)})
	}
	return set
}

// nothingPlan is of an inventory for which nothing is to be done.
func nothingPlan(t testing.TB) render.Planned {
	pass := judged(proof.Pass, proof.Pass, proof.Pass, method.True, "include:spf.protection.outlook.com", 1)
	return render.Planned{Inventory: "inventory.yaml", Plan: planner.Plan{
		Date:    planDate,
		Domains: []planner.Domain{{Name: "nordwind.example", SPF: planner.SPF{Before: []string{"v=spf1 -all"}, After: "v=spf1 -all", Terms: []planner.Term{{Action: planner.Keep, Text: "-all"}}}}},
		Devices: []planner.Device{planned(planFleet(t)[0], pass, pass, method.True, "")},
	}}
}

// ordinaryPlan adds an address, and has a second stage that waits.
func ordinaryPlan(t testing.TB) render.Planned {
	const name, verify = dns.Name("nordwind.example"), "google-site-verification=abc"
	const old, now = "v=spf1 include:spf.protection.outlook.com -all", "v=spf1 ip4:203.0.113.10 include:spf.protection.outlook.com -all"
	key := dns.Key{Name: name, Type: dns.TypeTXT}
	devices := planFleet(t)
	pass := judged(proof.Pass, proof.None, proof.Pass, method.True, "ip4:203.0.113.10", 0)
	return render.Planned{Inventory: "inventory.yaml", Plan: planner.Plan{
		Date: planDate,
		Domains: []planner.Domain{{Name: name, SPF: planner.SPF{
			Before: []string{old}, After: now,
			Terms: []planner.Term{
				{Action: planner.Add, Text: "ip4:203.0.113.10", Why: "scanner-2og sends from there by connector-ip"},
				{Action: planner.Keep, Text: "include:spf.protection.outlook.com"},
				{Action: planner.Keep, Text: "-all"},
			},
			LookupsBefore: spf.Counts{Lookups: 1}, LookupsAfter: spf.Counts{Lookups: 1},
			Gained: []planner.Difference{{Prefix: netip.MustParsePrefix("203.0.113.10/32"), Who: "site hq", Result: spf.Fail}},
		}}},
		Stages: []planner.Stage{
			{Title: "Authorise what is new", Current: true, BeforeDate: true, Until: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), Wait: time.Hour, Changes: []dns.Change{{
				Zone: name, Key: key, Old: txtSet(name, 3600, verify, old), New: txtSet(name, 3600, verify, now), Why: []string{"scanner-2og sends by connector-ip"},
			}}, Tasks: []planner.Task{{
				Who: "tenant admin", Subject: "scanner-2og", Text: "make an inbound connector for the address 203.0.113.10",
				Command: `New-InboundConnector -Name "Devices" -ConnectorType OnPremises -SenderDomains * -SenderIPAddresses 203.0.113.10 -RequireTls $true`, Why: "without it the tenant takes no mail for others from there",
			}}},
			{
				Title: "Tighten the policy", Conditions: []planner.Condition{{Text: "every sender passes DMARC by its reports", Why: "no report evidence is in the inventory", Accept: "dmarc-tighten/nordwind.example/quarantine"}, {Text: "stage 1 is live", Met: true}},
				Changes: []dns.Change{{
					Zone: name, Key: dns.Key{Name: "_dmarc." + name, Type: dns.TypeTXT},
					Old: txtSet("_dmarc."+name, 3600, "v=DMARC1; p=none"), New: txtSet("_dmarc."+name, 300, "v=DMARC1; p=quarantine"), Why: []string{"the inventory wishes for reject"},
				}},
			},
		},
		Devices: []planner.Device{
			planned(devices[0], judged(proof.Pass, proof.Pass, proof.Pass, method.True, "include:spf.protection.outlook.com", 1), unjudged(), method.True, ""),
			planned(devices[1], judged(proof.Fail, proof.None, proof.Fail, method.False, "-all", 1), pass, method.True, ""),
		},
		Senders: []planner.Sender{{
			Domain: name, What: "include:spf.protection.outlook.com", Who: "Microsoft 365",
			Before: judged(proof.Pass, proof.None, proof.Pass, method.True, "include:spf.protection.outlook.com", 1),
			After:  judged(proof.Pass, proof.None, proof.Pass, method.True, "include:spf.protection.outlook.com", 1),
		}},
		Offers: []planner.Offer{{
			Accept: "spf-flatten/nordwind.example/include:spf.protection.outlook.com", Subject: string(name), Text: "hold the addresses of include:spf.protection.outlook.com in the record itself, which saves 1 lookup",
			Pin: &planner.Pin{Domain: name, Flattened: inventory.Flattened{
				Term: "include:spf.protection.outlook.com", Date: planDate, Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::1/128")},
			}},
		}},
	}}
}

// nasty is text that acts on whoever draws it without care.
const nasty = "x|y `z` <b>@user</b> \x1b[2J\u202e\n# head \xff"

// everythingPlan has an example of all that a plan can hold.
func everythingPlan(t testing.TB) render.Planned {
	const name, other = dns.Name("nordwind.example"), dns.Name("fabrikam.example")
	p := ordinaryPlan(t)
	key := dns.Key{Name: name, Type: dns.TypeTXT}
	failed := &dns.Error{Key: dns.Key{Name: "_spf." + other, Type: dns.TypeTXT}, Cause: dns.ServFail, Server: "192.0.2.53:53", Detail: nasty}
	p.Domains[0].SPF.Terms = append(p.Domains[0].SPF.Terms,
		planner.Term{Action: planner.Remove, Text: "ptr", Why: nasty}, planner.Term{Action: planner.Replace, Text: "a", With: "ip4:192.0.2.7", Why: "as of today"})
	p.Domains[0].SPF.LookupsBefore = spf.Counts{Lookups: 12, Voids4: 1, Voids6: 2, Partial: true}
	p.Domains[0].SPF.Lost = []planner.Difference{{Prefix: netip.MustParsePrefix("2001:db8::/64"), Who: nasty, Result: spf.Neutral}}
	p.Domains[0].SPF.Warnings = []string{"the answer takes 1,400 octets, so receivers must ask by TCP", nasty}
	p.Domains = append(p.Domains, planner.Domain{Name: other, Notes: []string{nasty}})
	long := "v=DKIM1; k=rsa; p=" + strings.Repeat("MIIBIjANBgkqhkiG9w0BAQ", 16)
	p.Stages = append(p.Stages, planner.Stage{Title: nasty, Changes: []dns.Change{
		{Zone: other, Key: dns.Key{Name: "s1._domainkey." + other, Type: dns.TypeTXT}, New: []dns.Record{{Name: "s1._domainkey." + other, TTL: 3600, Data: dns.NewTXT(long[:255], long[255:])}}, Why: []string{nasty}},
		{Zone: other, Key: dns.Key{Name: "old." + other, Type: dns.TypeCNAME}, Old: []dns.Record{{Name: "old." + other, TTL: 60, Data: dns.CNAME{Target: "gone.example"}}}},
		{Zone: name, Key: dns.Key{Name: "_dmarc." + name, Type: dns.TypeTXT}, Old: txtSet("_dmarc."+name, 300, "v=DMARC1; p=quarantine")},
		{Zone: "elsewhere.example", Key: dns.Key{Name: "elsewhere.example", Type: dns.TypeTXT}, New: txtSet("elsewhere.example", 60, nasty)},
	}, Tasks: []planner.Task{{Who: nasty, Subject: nasty, Text: nasty, Command: nasty, Why: nasty}}})
	p.Blocked = []planner.Block{
		{ID: planner.BlockGain, Accept: "spf-gain/nordwind.example/192.0.2.0/24", Subject: string(name), Message: "192.0.2.0/24 is wider than a plan adds without a yes", Fix: "name single addresses", Holds: []dns.Key{key}},
		{ID: planner.BlockNotRight, Subject: nasty, Message: nasty, Fix: nasty},
	}
	p.Unknown = []planner.Unknown{
		{Subject: string(other), Message: "what include:_spf.fabrikam.example allows is not known", Fix: "run the plan again", Cause: failed},
		{Subject: "scanner-2og", Message: nasty},
	}
	after := judged(proof.Depends, proof.Unknown, proof.Fail, method.False, "", 10)
	after.Hops[0].Envelopes[0].Why = nasty
	after.Hops[0].Authors[0].DMARC7489 = proof.DMARCOutcome{Verdict: proof.Pass, Right: method.True, Policy: dmarc.None, PCT: 10, Worst: netip.MustParseAddr("192.0.2.1"), Err: failed}
	p.Devices[0] = planned(p.Devices[0].Device, proof.Outcome{}, after, method.False, nasty)
	p.Devices[1].After.Err, p.Devices[1].Right, p.Devices[1].Why = failed, method.Unknown, "fabrikam.example did not answer"
	p.Senders = append(p.Senders, planner.Sender{Domain: other, What: nasty, Who: nasty, Before: after, After: unjudged()})
	return p
}
