package planner

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// scene is a drawn world: zone text, faults in it, and an inventory.
type scene struct {
	zones, faults, inventory string
	yes                      []uint64 // for each plan in turn, what of it is agreed to: a bit for each ID
}

// sceneDrawer draws a scene piece by piece.
type sceneDrawer struct {
	*rapid.T
	own    []string // the domains that the inventory lists
	parked string   // one of them, or ""
	sub    bool     // scan.one.example is a zone of its own
	lines  []string
	faults []string
}

func drawScene(t *rapid.T) scene {
	d := &sceneDrawer{T: t, own: []string{"one.example"}}
	for _, name := range []string{"scan.one.example", "two.example"} {
		if d.one(2, "lists "+name) {
			d.own = append(d.own, name)
		}
	}
	if d.one(6, "parked") {
		d.parked = d.own[len(d.own)-1]
	}
	d.sub = d.one(3, "scan.one.example is a zone")
	d.zoneText()
	return scene{zones: strings.Join(d.lines, "\n") + "\n", faults: strings.Join(d.faults, ""), inventory: d.inventory(),
		yes: rapid.SliceOfN(rapid.Uint64(), 0, 3).Draw(t, "yes")}
}

// one is true once in n times.
func (d *sceneDrawer) one(n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(d.T, label) == n-1
}

func (d *sceneDrawer) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(d.T, label)
}

func (d *sceneDrawer) line(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *sceneDrawer) text(name string, text dns.TXT) { d.line("%s. TXT %s", name, text) }

// zone begins a zone with a name server of its own, or of another's.
func (d *sceneDrawer) zone(name, server string) {
	ttl := rapid.SampledFrom([]int{60, 300, 3600, 86400}).Draw(d.T, "TTL of "+name)
	d.line("$TTL %d\n%s. SOA %s. host.%s. 1 7200 3600 1209600 300\n%s. NS %s.", ttl, name, server, server, name, server)
}

// fixedZones are those above and of others.
const fixedZones = `$TTL 3600
. SOA ns1. host. 1 7200 3600 1209600 300
. NS ns1.
ns1. A 192.0.2.1
example. NS ns1.example.
ns1.example. A 192.0.2.2
10.113.0.203.in-addr.arpa. PTR h1.one.example.
example. SOA ns1.example. host.example. 1 7200 3600 1209600 300
example. NS ns1.example.
one.example. NS ns1.one.example.
two.example. NS ns1.one.example.
other.example. NS ns1.other.example.
ns1.one.example. A 192.0.2.3
ns1.other.example. A 192.0.2.4
outlook.com. SOA ns1.example. host.example. 1 7200 3600 1209600 300
outlook.com. NS ns1.example.
spf.protection.outlook.com. TXT "v=spf1 ip4:40.92.0.0/15 ip6:2a01:111:f400::/48 -all"
*.mail.protection.outlook.com. A 40.92.0.1
office365.us. SOA ns1.example. host.example. 1 7200 3600 1209600 300
spf.protection.office365.us. TXT "v=spf1 ip4:23.103.191.0/24 include:spfa.protection.office365.us -all"
spfa.protection.office365.us. TXT "v=spf1 ip4:23.103.192.0/24 -all"
relay.mailchannels.net. SOA ns1.example. host.example. 1 7200 3600 1209600 300
relay.mailchannels.net. TXT "v=spf1 ip4:23.83.208.0/20 -all"
_spf-eu.ionos.com. SOA ns1.example. host.example. 1 7200 3600 1209600 300
_spf-eu.ionos.com. TXT "v=spf1 ip4:212.227.126.128/25 ip4:82.165.159.0/26 ?all"
spf.hornetsecurity.com. SOA ns1.example. host.example. 1 7200 3600 1209600 300
spf.hornetsecurity.com. TXT "v=spf1 ip4:94.100.128.0/20 ip4:173.45.18.0/24 ~all"
mail.microsoft. SOA ns1.example. host.example. 1 7200 3600 1209600 300
other.example. SOA ns1.other.example. host.other.example. 1 7200 3600 1209600 300
other.example. NS ns1.other.example.
other.example. TXT "v=spf1 ip4:192.0.2.200 -all"
key.other.example. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
policy.other.example. TXT "v=DMARC1; p=none; rua=mailto:r@other.example"
loop.other.example. TXT "v=spf1 include:loop.other.example ip4:192.0.2.201 ?all"
back.other.example. TXT "v=spf1 ip4:192.0.2.202 include:one.example ?all"
all.other.example. TXT "v=spf1 +all"
twice.other.example. TXT "v=spf1 ip4:192.0.2.203 -all"
twice.other.example. TXT "v=spf1 ip4:192.0.2.204 -all"
h1.other.example. A 192.0.2.210
h1.other.example. AAAA 2001:db8:99::1
h2.other.example. A 192.0.2.211
7.100.51.198.list.other.example. A 127.0.0.2
user.list.other.example. A 127.0.0.2
`

func (d *sceneDrawer) zoneText() {
	d.lines = []string{strings.TrimSuffix(fixedZones, "\n")}
	for i := range 6 {
		d.text(fmt.Sprintf("i%d.other.example", i), dns.NewTXT(d.included(i)))
	}
	d.faults = append(d.faults, ";! servfail fail.other.example. ANY\n", ";! timeout slow.other.example. ANY\n")
	for _, n := range []int{1, 2} {
		if d.one(2, "the tenant's key is there") {
			d.text(string(target("one.example", n)), dns.NewTXT("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="))
		}
	}
	d.zone("one.example", "ns1.one.example")
	d.line("ns1.one.example. A 192.0.2.3\nh1.one.example. A 203.0.113.10\nh1.one.example. AAAA 2001:db8:10::10\nh2.one.example. A 198.51.100.70")
	d.domain("one.example")
	if d.sub {
		d.line("scan.one.example. NS ns1.other.example.")
		d.zone("scan.one.example", "ns1.other.example")
	}
	d.subdomain("scan.one.example")
	d.zone("two.example", "ns1.one.example")
	d.domain("two.example")
	// With two wildcards of the same data nobody can tell whose a set between them is.
	d.wildcards(d.pick("wildcards", "one.example", "scan.one.example"))
}

// domain draws what stands at an own domain and its underscore names.
func (d *sceneDrawer) domain(name string) {
	label := strings.ReplaceAll(name, ".", "-")
	switch d.pick("MX of "+name, "microsoft", "microsoft", "gateway", "own", "null", "", "") {
	case "microsoft":
		d.line("%s. MX 0 %s.mail.protection.outlook.com.", name, label)
	case "gateway":
		d.line("%s. MX 10 mx01.hornetsecurity.com.\n%s. MX 20 mx02.hornetsecurity.com.", name, name)
	case "own":
		d.line("%s. MX 10 h1.one.example.", name)
	case "null":
		d.line("%s. MX 0 .", name)
	}
	if d.one(3, "address of "+name) {
		d.line("%s. A 198.51.100.80", name)
	}
	d.senderTexts(name)
	d.policies(name)
	for _, n := range []int{1, 2} {
		d.selector(name, n)
	}
}

// subdomain draws a name that devices send from: with nothing, with records of
// its own, or as an alias.
func (d *sceneDrawer) subdomain(name string) {
	switch d.pick(name, "nothing", "records", "records", "alias") {
	case "records":
		d.domain(name)
	case "alias":
		if !d.sub {
			d.line("%s. CNAME %s", name, d.pick("alias of "+name, "other.example.", "two.example.", "nx.other.example."))
		}
	}
}

func (d *sceneDrawer) wildcards(at string) {
	switch d.pick("wildcard of "+at, "", "", "", "txt", "mx", "a", "all", "alias") {
	case "txt":
		d.text("*."+at, dns.NewTXT(d.pick("wildcard text", "v=spf1 -all", "v=spf1 ip4:198.51.100.90 ~all", "hello")))
	case "mx":
		d.line("*.%s. MX 10 h1.one.example.", at)
	case "a":
		d.line("*.%s. A 198.51.100.91", at)
	case "all":
		d.line("*.%s. A 198.51.100.91\n*.%s. MX 10 h1.one.example.\n*.%s. TXT \"v=spf1 a -all\"", at, at, at)
	case "alias":
		d.line("*.%s. CNAME other.example.", at)
	}
	if d.one(8, "wildcard of keys") {
		d.line("*._domainkey.%s. TXT %s", at, d.pick("wildcard key", `"v=DKIM1; p="`, `"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`))
	}
}

// target is where Microsoft has a selector of a domain lead.
func target(name string, n int) dns.Name {
	return dns.MustName(fmt.Sprintf("selector%d-%s._domainkey.nordwind.r-v1.dkim.mail.microsoft", n, strings.ReplaceAll(name, ".", "-")))
}

func (d *sceneDrawer) selector(name string, n int) {
	at := fmt.Sprintf("selector%d._domainkey.%s", n, name)
	switch d.pick(at, "", "", "", "right", "right", "old", "other", "gone", "key", "text", "foreign", "revoked", "beside") {
	case "right":
		d.line("%s. CNAME %s.", at, target(name, n))
	case "old":
		d.line("%s. CNAME selector%d-%s._domainkey.nordwind.onmicrosoft.com.", at, n, strings.ReplaceAll(name, ".", "-"))
	case "other":
		d.line("%s. CNAME key.other.example.", at)
	case "gone":
		d.line("%s. CNAME nx.other.example.", at)
	case "key":
		d.line("%s. TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"", at)
	case "text":
		d.text(at, dns.NewTXT(string(target(name, n))))
	case "foreign":
		d.text(at, dns.NewTXT("hello"))
	case "revoked":
		d.text(at, dns.NewTXT("v=DKIM1; p="))
	case "beside":
		d.line("x.%s. TXT \"hello\"", at)
	}
}

// policies draws what stands at a _dmarc name.
func (d *sceneDrawer) policies(name string) {
	at := "_dmarc." + name
	switch d.pick(at, "", "one", "one", "one", "two", "near", "alias", "foreign") {
	case "one":
		d.text(at, d.split(d.policy()))
	case "two":
		d.text(at, dns.NewTXT(d.policy()))
		d.text(at, dns.NewTXT(d.policy()+" "))
	case "near":
		d.text(at, dns.NewTXT(d.pick("near miss", "v=DMARC; p=reject", "p=reject; v=DMARC1", "v=DMARC1 p=reject", " v=DMARC1; p=quarantine", "v=dmarc1; p=reject")))
	case "alias":
		d.line("%s. CNAME %s", at, d.pick("policy's alias", "policy.other.example.", "nx.other.example.", "fail.other.example."))
		return
	}
	if d.one(4, "foreign text at "+at) {
		d.text(at, d.foreign())
	}
}

func (d *sceneDrawer) policy() string {
	tags := []string{"v=DMARC1", d.pick("p", "p=none", "p=none", "p=quarantine", "p=reject", "p=reject", "", "p=rejct", "P=Reject")}
	more := rapid.SliceOfN(rapid.SampledFrom([]string{"sp=none", "sp=reject", "np=reject", "sp=quarantine", "pct=0", "pct=50", "pct=100", "t=y", "rua=mailto:d@one.example",
		"rua=mailto:d@other.example", "adkim=s", "aspf=s", "fo=1", "ri=86400", "psd=n", "foo=bar", "junk", ""}), 0, 4).Draw(d.T, "tags")
	return strings.Join(append(tags, more...), d.pick("between tags", "; ", "; ", ";", " ; "))
}
