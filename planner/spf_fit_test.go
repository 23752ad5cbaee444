package planner

import (
	"fmt"
	"strings"
	"testing"
)

// many returns n includes of names with one network each, and their zone.
func many(n int) (terms, zone string) {
	var list []string
	zone = `
$ORIGIN v.example.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.61
`
	for i := range n {
		list = append(list, fmt.Sprintf("include:%d.v.example", i))
		zone += fmt.Sprintf("%d TXT \"v=spf1 ip4:198.18.%d.0/24 -all\"\n", i, i)
	}
	return strings.Join(list, " "), zone
}

func TestFitLookups(t *testing.T) {
	t.Parallel()
	ten, tenZone := many(10)
	nine, nineZone := many(9)
	offered := func(kind, terms string) string {
		var b strings.Builder
		list := strings.Fields(terms)
		for i := range list {
			fmt.Fprintf(&b, "\noffer spf-%s/nordwind.example/%s", kind, list[len(list)-1-i])
		}
		return b.String()
	}
	runCases(t, []planCase{
		{"ten", "RFC 7208 §4.6.4: ten are allowed", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` -all"`, more: tenZone}, ``},
		{"eleven, nothing free", "nothing is taken without a yes; each way is offered, the cheapest loss first", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 198.51.100.1
h AAAA 2001:db8::1`, more: tenZone}, `
			blocked spf-lookups nordwind.example` + offered("unused", ten+" a:h.nordwind.example") + offered("flatten", ten+" a:h.nordwind.example")},
		{"eleven, one unused with a yes", "then ten are left, and nothing else is asked", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 198.51.100.1
h AAAA 2001:db8::1`, more: tenZone, yes: []string{"spf-unused/nordwind.example/a:h.nordwind.example"}}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + ten + ` a:h.nordwind.example -all"
			  + "v=spf1 ` + ten + ` -all"
			loses 2 networks by a:h.nordwind.example: fail`},
		{"an include of nothing", "it authorises nobody and breaks all: it goes without a yes", office{devices: nothing, own: `@ TXT "v=spf1 include:gone.nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 include:gone.nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 -all"`},
		{"a redirect to nothing", "RFC 7208 §6.1: likewise", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 redirect=gone.nordwind.example"`}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.1 redirect=gone.nordwind.example"
			  + "v=spf1 ip4:198.51.100.1"
			note the record has no end without the redirect, so that others are neutral: domains.spf.all gives it one`},
		{"a loop", "an include of itself never ends", office{devices: nothing, own: `@ TXT "v=spf1 include:nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 include:nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 ip4:198.51.100.1 -all"`},
		{"three voids", "RFC 7208 §4.6.4: two lookups without an answer are allowed; what names no address allows nobody", office{devices: nothing, own: `@ TXT "v=spf1 a:v1.nordwind.example a:v2.nordwind.example a:v3.nordwind.example ip4:198.51.100.1 -all"`}, `
			publish TXT nordwind.example
			  - "v=spf1 a:v1.nordwind.example a:v2.nordwind.example a:v3.nordwind.example ip4:198.51.100.1 -all"
			  + "v=spf1 a:v1.nordwind.example a:v2.nordwind.example ip4:198.51.100.1 -all"`},
		{"two voids", "they cost nobody anything", office{devices: nothing, own: `@ TXT "v=spf1 a:v1.nordwind.example a:v2.nordwind.example ip4:198.51.100.1 -all"`}, ``},
		{"voids for IPv6 clients", "a host without an IPv6 address is a void to an IPv6 client only; flattening would help", office{devices: nothing, own: `@ TXT "v=spf1 a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example -all"
h1 A 198.51.100.1
h2 A 198.51.100.2
h3 A 198.51.100.3`}, strings.TrimPrefix(offered("unused", "a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example")+offered("flatten", "a:h1.nordwind.example a:h2.nordwind.example a:h3.nordwind.example"), "\n")},
		{"covered", "what other terms allow too goes without a yes", office{devices: nothing, own: `@ TXT "v=spf1 ` + nine + ` a:h.nordwind.example mx -all"
@ MX 0 h
h A 198.18.3.7`, more: nineZone}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + nine + ` a:h.nordwind.example mx -all"
			  + "v=spf1 ` + nine + ` a:h.nordwind.example -all"`},
		{"cheaper names", "the service's other names allow the same for fewer lookups", office{devices: nothing, own: `@ TXT "v=spf1 ` + nine + ` include:antispameurope.com -all"`, more: nineZone + `
$ORIGIN antispameurope.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.59
@ TXT "v=spf1 include:spf.hornetsecurity.com -all"
$ORIGIN hornetsecurity.com.
@ 3600 IN SOA ns1 host 1 7200 3600 1209600 300
@ NS ns1
ns1 A 192.0.2.60
spf TXT "v=spf1 ip4:198.19.0.0/16 -all"
`}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + nine + ` include:antispameurope.com -all"
			  + "v=spf1 ` + nine + ` include:spf.hornetsecurity.com -all"`},
		{"an include that fails", "nothing is taken out on an answer that was not got, and what is added is added in front", office{own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example include:3.v.example -all"
h A 198.51.100.1`, more: tenZone + ";! timeout 3.v.example. TXT\n"}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + ten + ` a:h.nordwind.example include:3.v.example -all"
			  + "v=spf1 ip4:203.0.113.10 ` + ten + ` a:h.nordwind.example include:3." "v.example -all"
			note the longest TXT record has 269 octets, so it is split into strings of at most 255 (RFC 7208 §3.3)
			gains 203.0.113.10/32: temperror
			scanner unknown/none/none > pass/none/none true
			blocked spf-lookups nordwind.example
			unknown nordwind.example: what the SPF record authorises is not fully known: TXT 3.v.example was not answered, so nothing is taken out of it`},
		{"used by a device", "a device's own term is never offered", office{own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 203.0.113.10`, more: tenZone}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + ten + ` a:h.nordwind.example -all"
			  + "v=spf1 ip4:203.0.113.10 ` + ten + ` -all"
			scanner permerror/none/none > pass/none/none true`},
		{"used by a device until it moves", "whoever sends by a term today is not cut off by a plan for tomorrow", office{own: `@ A 198.51.100.7
@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 203.0.113.10`, more: tenZone, devices: `[{name: scanner, site: hq, method: graph, now: connector-ip, from: [scan@nordwind.example], login: scan@nordwind.example, recipients: internal, auth: oauth, https: true, tls: "1.2"}]`,
			tenant: `{initial_domain: nordwind.onmicrosoft.com, cloud: worldwide, inbound: direct, outbound: direct, reject_direct_send: false, connectors: [{name: hq, type: OnPremises, addresses: [203.0.113.10], enabled: true}]}`}, `
			switch task scanner: switch it from connector-ip to graph, send a test mail and look at what arrived
			scanner // > // true
			blocked spf-lookups nordwind.example` + offered("unused", ten) + offered("flatten", ten+" a:h.nordwind.example")},
		{"needed by people", "the include of the tenant's mailboxes is never offered to be dropped", office{devices: nothing, own: microsoftMX + `@ TXT "v=spf1 ` + ten + ` include:spf.protection.outlook.com -all"`, more: tenZone}, `
			prepare task nordwind.example: ask Exchange Online where the DKIM aliases must lead, and put what it prints into the inventory (sendplan import exchange)
			blocked spf-lookups nordwind.example
			blocked device-not-right nordwind.example` + offered("unused", ten) + offered("flatten", ten)},
		{"keeps out", "a term that refuses is no sender: it is not offered to be dropped", office{devices: nothing, own: `@ TXT "v=spf1 -include:0.v.example ` + ten[len("include:0.v.example "):] + ` a:h.nordwind.example ip4:198.18.0.0/24 -all"
h A 198.51.100.1
h AAAA 2001:db8::1`, more: tenZone}, `
			blocked spf-lookups nordwind.example` + offered("unused", ten[len("include:0.v.example "):]+" a:h.nordwind.example") + offered("flatten", "-"+ten+" a:h.nordwind.example")},
		{"a broken include", "an include whose record is permerror breaks this one; only its owner can mend it", office{devices: nothing, own: `@ TXT "v=spf1 include:bad.nordwind.example ip4:198.51.100.1 -all"
bad TXT "v=spf1 ipv4:198.51.100.2 -all"`}, `
			blocked spf-permerror nordwind.example`},
	})
}

func TestFlatten(t *testing.T) {
	t.Parallel()
	ten, tenZone := many(10)
	pinned := func(term, addresses string) string {
		return `[{name: nordwind.example, spf: {flattened: [{term: "` + term + `", date: 2026-11-01, addresses: [` + addresses + `]}]}}]`
	}
	runCases(t, []planCase{
		{"agreed", "the addresses stand where the term stood, and are told to be followed", office{devices: nothing, own: `@ TXT "v=spf1 ` + ten + ` a:h.nordwind.example -all"
h A 198.51.100.1`, more: tenZone, domains: pinned("a:h.nordwind.example", "198.51.100.1")}, `
			publish TXT nordwind.example
			  - "v=spf1 ` + ten + ` a:h.nordwind.example -all"
			  + "v=spf1 ` + ten + ` ip4:198.51.100.1 -all"
			note a:h.nordwind.example is written out: when its operator changes it, the record does not follow; run sendplan spf drift regularly`},
		{"in other words", "the term is the same, whatever its case", office{devices: nothing, own: `@ TXT "v=spf1 A:H.nordwind.example -all"
h A 198.51.100.1`, domains: pinned("+a:h.nordwind.example", "198.51.100.1")}, `
			publish TXT nordwind.example
			  - "v=spf1 A:H.nordwind.example -all"
			  + "v=spf1 ip4:198.51.100.1 -all"
			note A:H.nordwind.example is written out: when its operator changes it, the record does not follow; run sendplan spf drift regularly`},
		{"changed since", "what the term allows by now would be lost, so it stays", office{devices: nothing, own: `@ TXT "v=spf1 a:h.nordwind.example -all"
h A 198.51.100.2`, domains: pinned("a:h.nordwind.example", "198.51.100.1")}, `
			blocked spf-lookups nordwind.example, yes: spf-flatten/nordwind.example/a:h.nordwind.example
			offer spf-flatten/nordwind.example/a:h.nordwind.example`},
		{"shrunk since", "the pin would let an address send that the term does not any more", office{devices: nothing, own: `@ TXT "v=spf1 a:h.nordwind.example -all"
h A 198.51.100.2`, domains: pinned("a:h.nordwind.example", "198.51.100.1, 198.51.100.2")}, `
			blocked spf-lookups nordwind.example, yes: spf-flatten/nordwind.example/a:h.nordwind.example
			offer spf-flatten/nordwind.example/a:h.nordwind.example`},
		{"published", "after the flattening nothing is to be done", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.1 -all"
h A 198.51.100.2`, domains: pinned("a:h.nordwind.example", "198.51.100.1")}, `
			note what a:h.nordwind.example allows has changed since 2026-11-01, when its addresses were pinned; sendplan spf drift shows how
			offer spf-flatten/nordwind.example/a:h.nordwind.example`},
		{"published, and lost", "an address that was pinned is one that shall send", office{devices: nothing, own: `@ TXT "v=spf1 ip4:198.51.100.9 -all"`, domains: pinned("a:h.nordwind.example", "198.51.100.1, 198.51.100.9")}, `
			publish TXT nordwind.example
			  - "v=spf1 ip4:198.51.100.9 -all"
			  + "v=spf1 ip4:198.51.100.9 ip4:198.51.100.1 -all"
			note what a:h.nordwind.example allows has changed since 2026-11-01, when its addresses were pinned; sendplan spf drift shows how
			gains 198.51.100.1/32: fail
			offer spf-flatten/nordwind.example/a:h.nordwind.example`},
		{"not any more", "what depends on the message has no addresses", office{devices: nothing, own: `@ TXT "v=spf1 include:m.nordwind.example -all"
m TXT "v=spf1 exists:%{i}.x.nordwind.example -all"`, domains: pinned("include:m.nordwind.example", "198.51.100.1")}, `
			blocked spf-lookups nordwind.example`},
		{"fails", "what could not be asked is not replaced", office{devices: nothing, own: `@ TXT "v=spf1 include:m.nordwind.example -all"
m TXT "v=spf1 ip4:198.51.100.1 -all"`, more: ";! timeout m.nordwind.example. TXT\n", domains: pinned("include:m.nordwind.example", "198.51.100.1")}, `
			unknown nordwind.example: what the SPF record authorises is not fully known: TXT m.nordwind.example was not answered, so nothing is taken out of it`},
	})
}

// TestSplit: where pinned networks make a record long, they go into records of
// their own, each small enough (RFC 7208 §3.4), which are published before.
func TestSplit(t *testing.T) {
	t.Parallel()
	var nets, terms []string
	for i := range 60 {
		nets = append(nets, fmt.Sprintf("198.18.%d.0/25", i))
		terms = append(terms, fmt.Sprintf("ip4:198.18.%d.0/25", i))
	}
	o := office{devices: nothing, own: `@ TXT "v=spf1 include:m.nordwind.example -all"
@ TXT "MS=ms1"
_spf1 TXT "somebody's"
m TXT "v=spf1 ` + strings.Join(terms, `" " `) + ` -all"`,
		domains: `[{name: nordwind.example, spf: {flattened: [{term: "include:m.nordwind.example", date: 2026-11-01, addresses: [` + strings.Join(nets, ", ") + `]}]}}]`}
	p := o.plan(t)
	if len(p.Stages) != 2 || len(p.Blocked)+len(p.Unknown) > 0 {
		t.Fatalf("the plan is\n%s", sketch(p))
	}
	children := p.Stages[0].Changes
	record := texts(p.Stages[1].Changes[0].New)[1]
	for i, c := range children {
		name := fmt.Sprintf("_spf%d.nordwind.example", i+2) // _spf1 is taken
		if string(c.Key.Name) != name || !strings.Contains(record, "include:"+name) || len(c.Old) != 0 {
			t.Errorf("%s is planned as child %d of %q", c.Key, i, record)
		}
		if size := len(name) + len(texts(c.New)[0]); size > 450 {
			t.Errorf("%s has %d octets", name, size)
		}
	}
	if size := len("nordwind.example") + len(record) + len("MS=ms1"); size > 450 || len(children) < 2 {
		t.Errorf("%d children, and %q has %d octets with the other text", len(children), record, size)
	}
	if again := Make(o.read(t), servers{modelOf(t, world(apex+o.own+"\n"), "").apply(t, p.Changes()).zones(t)}, Options{Date: day}); len(again.Stages) > 0 {
		t.Errorf("planning again gives\n%s", sketch(again))
	}
}
