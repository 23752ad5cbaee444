package planner

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// inventory draws the inventory of the drawn zones, as YAML.
func (d *sceneDrawer) inventory() string {
	var b strings.Builder
	b.WriteString("version: 1\n" + d.tenant() + d.sites() + "domains:\n")
	for _, name := range d.own {
		b.WriteString(d.wishes(name))
	}
	if n := rapid.IntRange(0, 4).Draw(d.T, "devices"); n > 0 {
		b.WriteString("devices:\n")
		if n > 2 {
			b.WriteString("  - {name: relay, kind: relay, site: hq, method: own-server, from: [\"relay@" + d.sender() + "\"], recipients: anyone, helo: h1.one.example}\n")
		}
		for i := range n {
			b.WriteString(d.device(i, n > 2))
		}
	}
	return b.String()
}

// fields writes a YAML map on a line; empty values are left out.
func fields(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, pairs[i]+": "+pairs[i+1])
		}
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func (d *sceneDrawer) truth(label string) string {
	return d.pick(label, "true", "true", "false", "unknown", "")
}

func (d *sceneDrawer) tenant() string {
	var keys []string
	for _, name := range []string{"one.example", "scan.one.example"} {
		if d.one(2, "signing of "+name) && name != d.parked {
			first, second := string(target(name, 1)), string(target(name, 2))
			if d.one(5, "no targets") {
				first, second = "", ""
			}
			keys = append(keys, fields("domain", name, "enabled", d.truth("signs"), "status", d.pick("status", "Valid", "Valid", "CnameMissing", "NoDKIMKeys", ""), "selector1_cname", first, "selector2_cname", second))
		}
	}
	connectors := ""
	if d.one(2, "connector") {
		connectors = "[" + fields("name", "C", "type", d.pick("connector type", "OnPremises", "Partner"), "addresses", "[203.0.113.10]", "enabled", d.truth("connector enabled")) + "]"
	}
	return "tenant: " + fields("initial_domain", "nordwind.onmicrosoft.com", "cloud", d.pick("cloud", "worldwide", "worldwide", "worldwide", "gcc-high", ""),
		"inbound", d.pick("inbound", "direct", "direct", "gateway:hornetsecurity", ""), "outbound", d.pick("outbound", "direct", "direct", "gateway:hornetsecurity", ""),
		"reject_direct_send", d.truth("reject"), "dkim", "["+strings.Join(keys, ", ")+"]", "connectors", connectors) + "\n"
}

// sites are of all kinds; which addresses may stand in a record depends on
// static and shared.
func (d *sceneDrawer) sites() string {
	return "sites:\n" +
		"  - " + fields("name", "hq", "addresses", d.pick("hq", "[203.0.113.10]", "[203.0.113.10]", "[203.0.113.8/29]", `[203.0.113.10, "2001:db8:10::10"]`, `["2001:db8:10::/64"]`),
		"static", "true", "shared", "false", "port25", "open") + "\n" +
		"  - " + fields("name", "plant", "addresses", d.pick("plant", "[203.0.113.64/27]", "[203.0.113.0/29]", `["2001:db8:20::/56"]`, "[203.0.113.65, 203.0.113.66]"),
		"static", d.truth("static"), "shared", d.pick("shared", "false", "false", "true", "unknown"), "port25", "open") + "\n" +
		"  - {name: home, addresses: [203.0.113.128/25], static: false, shared: true}\n"
}

func (d *sceneDrawer) wishes(name string) string {
	if name == d.parked {
		return "  - {name: " + name + ", parked: true}\n"
	}
	rua := d.pick("rua", "", "", "\"mailto:d@one.example\"", "\"mailto:d@two.example\"", "\"mailto:d@other.example\"")
	if d.parked != "" && strings.HasSuffix(rua, d.parked+"\"") {
		rua = ""
	}
	evidence := map[string]string{"": "", "none": "[]",
		"good":    "[{source: r, first: 2026-10-01, last: 2026-11-20, messages: 900, failing: 0}]",
		"failing": "[{source: r, first: 2026-10-01, last: 2026-11-20, messages: 900, failing: 3}]",
		"short":   "[{source: r, first: 2026-11-10, last: 2026-11-20, messages: 90, failing: 0}]",
		"old":     "[{source: r, first: 2026-01-01, last: 2026-05-20, messages: 90, failing: 0}]",
	}[d.pick("evidence", "", "", "none", "good", "failing", "short", "old")]
	dmarc := fields("target", d.pick("target", "", "", "none", "quarantine", "reject", "reject"), "subdomains", d.pick("sp", "", "", "", "none", "reject"),
		"nonexistent", d.pick("np", "", "", "", "reject"), "rua", bracket(rua), "since", d.pick("since", "", "", "2026-09-01", "2026-11-15"), "evidence", evidence)
	spf := fields("all", d.pick("all", "", "", "keep", "softfail", "fail"), "flattened", d.pins())
	return "  - " + fields("name", name, "dmarc", dmarc, "spf", spf) + "\n"
}

func bracket(s string) string {
	if s == "" {
		return ""
	}
	return "[" + s + "]"
}

// pins are addresses that the inventory holds for terms, right or out of date.
func (d *sceneDrawer) pins() string {
	if !d.one(5, "pins") {
		return ""
	}
	return "[" + fields("term", d.pick("pinned", "include:i1.other.example", "include:spf.protection.outlook.com", "a", "mx", "a:h1.other.example", "redirect=i2.other.example"),
		"date", "2026-06-01", "addresses", d.pick("pinned addresses", "[]", "[198.51.100.80/29]", `[192.0.2.210, "2001:db8:99::1"]`, `[40.92.0.0/15, "2a01:111:f400::/48"]`)) + "]"
}

// sender is a domain that a device may send as: no parked one.
func (d *sceneDrawer) sender() string {
	list := []string{"one.example", "one.example", "scan.one.example", "two.example", "nordwind.onmicrosoft.com", "other.example", "new.scan.one.example"}
	list = slices.DeleteFunc(list, func(s string) bool { return s == d.parked })
	return d.pick("sender", list...)
}

func (d *sceneDrawer) device(i int, relay bool) string {
	methods := []string{"direct-send", "direct-send", "connector-ip", "smtp-auth", "own-server", "own-server", "hve", "acs", "graph", "connector-cert", "relay:mailchannels", "relay:sendgrid",
		"hoster:ionos", "hoster:strato"}
	if relay {
		methods = append(methods, "via:relay")
	}
	from := fmt.Sprintf("\"d%d@%s\"", i, d.sender())
	if d.one(6, "second from") {
		from += fmt.Sprintf(", \"e%d@%s\"", i, d.sender())
	}
	helo := d.pick("helo", "", "", "one.example", "scan.one.example", "h1.one.example", "bounce.one.example")
	if helo == d.parked {
		helo = ""
	}
	pair := []string{"", ""}
	if d.one(6, "signs for itself") && d.parked != "one.example" {
		pair = []string{"one.example", d.pick("sign selector", "dev", "selector1")}
	}
	sends := d.pick("mail from", "", "", "", "\"<>\"", "bounce@scan.one.example", "bounce@bounce.one.example", "b@other.example")
	if d.parked != "" && strings.HasSuffix(sends, "@"+d.parked) {
		sends = ""
	}
	return "  - " + fields("name", fmt.Sprintf("d%d", i), "kind", d.pick("kind", "", "printer", "server"), "site", d.pick("site", "hq", "hq", "plant", "plant", "home", ""),
		"method", d.pick("method", append(methods, "", "")...), "now", d.pick("now", append(methods, "", "", "", "", "open-relay", "pop-before-smtp")...),
		"from", bracket(from), "mail_from", sends, "helo", helo, "recipients", d.pick("recipients", "internal", "internal", "anyone", "one-external", ""),
		"auth", d.pick("auth", "", "none", "basic", "oauth"), "tls", d.pick("tls", "", `"1.2"`, `"1.0"`), "signs_as", pair[0], "sign_selector", pair[1]) + "\n"
}
