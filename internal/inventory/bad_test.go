package inventory

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// head begins the files of the tests below; its lines are 1 to 7.
const head = `version: 1
sites:
  - {name: hq, addresses: [203.0.113.10], static: true}
  - {name: lab, addresses: [198.51.100.0/29, "2001:db8::/64"]}
domains:
  - name: nordwind.example
devices:
`

// park begins files with a parked domain; its lines are 1 to 6.
const park = `version: 1
domains:
  - name: live.example
  - name: parked.example
    parked: true
devices:
`

// pin begins files with terms to flatten; its lines are 1 to 5.
const pin = `version: 1
domains:
  - name: a.example
    spf:
      flattened:
`

func testProviders(f Family) []string {
	switch f {
	case Relay:
		return []string{"sendgrid", "mailgun", "amazon-ses"}
	case Gateway:
		return []string{"mimecast", "hornetsecurity"}
	default:
		return []string{"ionos"}
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       string // place and the beginning of the message
		also       string // what else the message says
	}{
		{"empty", "", "1:1: the file says nothing", "version: 1"},
		{"only comments", "# nothing\n", "1:1: the file says nothing", ""},
		{"no fields", "- version: 1\n", "1:1: the file holds a list: expected fields", ""},
		{"a text", "version\n", "1:1: the file holds a text", ""},
		{"no version", "devices: []\n", "1:1: the inventory has no version", ""},
		{"other version", "version: 2\n", `1:10: version: "2" is no version`, "expected 1"},
		{"version as text", "version: \"1\"\n", `1:10: version: "1" is a text`, "without quotes"},
		{"unknown section", "version: 1\ndevises: []\n", `2:1: unknown field "devises" of the inventory, did you mean "devices"?`, "sites"},
		{"unknown field", head + "  - {name: a, adress: x}\n", `8:15: unknown field "adress" of a device`, "expected name, kind"},
		{"unknown field near", head + "  - name: a\n    recipient: internal\n", `9:5: unknown field "recipient" of a device, did you mean "recipients"?`, ""},
		{"no space behind the colon", head + "  - {name: a, site:hq}\n", `8:15: unknown field "site:hq" of a device, did you mean a space behind the colon?`, ""},
		{"field twice", head + "  - name: a\n    tls: none\n    tls: \"1.2\"\n", "10:5: tls is given twice, the first time on line 9", ""},
		{"devices as fields", "version: 1\ndevices:\n  name: a\n", "3:3: devices holds fields: expected a list", ""},
		{"devices as a text", "version: 1\ndevices: none\n", "2:10: devices holds a text: expected a list", ""},
		{"a device as a text", head + "  - scanner\n", "8:5: a device holds a text: expected the fields name, kind", ""},
		{"a device of nothing", head + "  -\n", "8:4: a device has no name", ""},
		{"no name", head + "  - kind: scanner\n", "8:5: a device has no name, which it must have", ""},
		{"a name that is a number", head + "  - name: 0123\n", `8:11: name: 0123 is no text to YAML: write "0123", in quotes`, ""},
		{"a name that is a truth value", head + "  - name: no\n", `8:11: name: no is no text to YAML: write "no", in quotes`, ""},
		{"a name that is a date", head + "  - name: 2026-11-22\n", `8:11: name: 2026-11-22 is no text`, ""},
		{"an empty name", head + "  - name: \"\"\n", `8:11: name: "" is not allowed: expected a name of 1 to 64`, ""},
		{"nothing as a name", head + "  - name:\n", "8:10: name holds nothing: expected a name", ""},
		{"a name with an escape", head + "  - name: \"a\\eb\"\n", `8:11: name: "a\x1bb" is not allowed`, ""},
		{"a long name", head + "  - name: " + strings.Repeat("x", 65) + "\n", `8:11: name: "xxx`, "1 to 64"},
		{"a list as a name", head + "  - name: [a]\n", "8:11: name holds a list: expected a name", ""},
		{"names twice", head + "  - name: Scan\n  - name: scan\n", `9:11: a device named "scan" is already on line 8`, ""},
		{"names that differ in the form of a letter", head + "  - name: \u017fcan\n  - name: Scan\n", `9:11: a device named "Scan" is already on line 8`, ""},
		{"sites twice", "version: 1\nsites:\n  - name: hq\n  - name: HQ\n", `4:11: a site named "HQ" is already on line 3`, ""},
		{"domains twice", "version: 1\ndomains:\n  - name: a.example\n  - name: A.example.\n", `4:11: a domain named "a.example" is already on line 3`, ""},
		{"unknown method", head + "  - {name: a, method: smtpauth}\n", `8:23: method: "smtpauth" is no method, did you mean "smtp-auth"?`, "expected smtp-auth, direct-send"},
		{"unknown relay", head + "  - {name: a, method: relay:sendgird}\n", `8:23: method: there is no relay "sendgird" in the catalogue, did you mean "sendgrid"?`, ""},
		{"unknown hoster", head + "  - {name: a, now: hoster:nobody}\n", `8:20: now: there is no hoster "nobody" in the catalogue`, ""},
		{"relay of nothing", head + "  - {name: a, method: \"relay:\"}\n", `8:23: method: "relay:" names nothing`, ""},
		{"via nobody", head + "  - {name: a, method: via:mx}\n  - {name: mx1}\n", `8:23: method: there is no device "mx", did you mean "mx1"?`, ""},
		{"via itself", head + "  - {name: a, method: via:A}\n", `8:23: method: "a" hands its mail to itself`, ""},
		{"via in a circle", head + "  - {name: a, method: via:b}\n  - {name: b, method: via:c}\n  - {name: c, method: via:b}\n", `10:23: method: mail goes in a circle from "b" by way of "c"`, ""},
		{"now in a circle", head + "  - {name: a, method: graph, now: via:b}\n  - {name: b, method: via:a}\n", `9:5: now: mail goes in a circle from "a" by way of "b"`, ""},
		{"a dead method as wish", head + "  - {name: a, method: open-relay}\n", "8:23: method: open-relay is only what a device may use now", ""},
		{"unknown site", head + "  - {name: a, site: hg}\n", `8:21: site: there is no site "hg", did you mean "hq"?: expected hq or lab`, ""},
		{"from is no address", head + "  - {name: a, from: [scanner]}\n", `8:22: from: "scanner" is no mail address`, "scan@nordwind.example"},
		{"from with a name", head + "  - {name: a, from: [\"Scan <a@b.example>\"]}\n", `8:22: from: "Scan <a@b.example>" is no mail address`, ""},
		{"from is no list", head + "  - {name: a, from: a@b.example}\n", "8:21: from holds a text: expected a list", "[ ]"},
		{"from of one label", head + "  - {name: a, from: [a@localhost]}\n", `8:22: from: "a@localhost" is no mail address`, ""},
		{"unknown kind", head + "  - {name: a, kind: scaner}\n", `8:21: kind: "scaner" is none of its words, did you mean "scanner"?`, "printer"},
		{"unknown recipients", head + "  - {name: a, recipients: all}\n", `8:27: recipients: "all" is none of its words`, "internal, one-external, one-domain, anyone or unknown"},
		{"unknown TLS", head + "  - {name: a, tls: 1.4}\n", `8:20: tls: "1.4" is none of its words`, "1.3"},
		{"not a number", head + "  - {name: a, per_day: many}\n", `8:24: per_day: "many" is out of range or no number`, "whole number"},
		{"negative", head + "  - {name: a, per_day: -1}\n", `8:24: per_day: "-1" is out of range`, ""},
		{"octal", head + "  - {name: a, per_day: 0200}\n", `8:24: per_day: "0200" is out of range or no number`, ""},
		{"a number as text", head + "  - {name: a, per_day: \"200\"}\n", `8:24: per_day: "200" is a text`, "without quotes"},
		{"yes", "version: 1\nsites:\n  - {name: a, static: yes}\n", `3:23: static: "yes" is no truth value: expected true, false or unknown`, ""},
		{"truth as text", "version: 1\nsites:\n  - {name: a, static: \"true\"}\n", `3:23: static: "true" is a text`, ""},
		{"private source", "version: 1\nsites:\n  - {name: a, addresses: [192.168.1.4]}\n", `3:27: addresses: "192.168.1.4" is private`, "public address"},
		{"carrier-grade source", "version: 1\nsites:\n  - {name: a, addresses: [100.64.0.0/24]}\n", `3:27: addresses: "100.64.0.0/24" is private`, ""},
		{"unique local source", "version: 1\nsites:\n  - {name: a, addresses: [fd00::1]}\n", `3:27: addresses: "fd00::1" is private`, ""},
		{"a name as source", "version: 1\nsites:\n  - {name: a, addresses: [a.example]}\n", `3:27: addresses: "a.example" is no IP address`, "203.0.113.8/29"},
		{"an address with zeros", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.010]}\n", `3:27: addresses: "203.0.113.010" is no IP address`, ""},
		{"a cut address", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113]}\n", `3:27: addresses: "203.0.113" is no IP address`, ""},
		{"host bits", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.10/29]}\n", `3:27: addresses: "203.0.113.10/29" has bits of a host: the range that holds it is 203.0.113.8/29`, ""},
		{"the whole internet", "version: 1\nsites:\n  - {name: a, addresses: [0.0.0.0/0]}\n", `3:27: addresses: "0.0.0.0/0" is`, ""},
		{"overlapping sites", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.10]}\n  - {name: b, addresses: [203.0.113.8/29]}\n", `4:27: addresses: 203.0.113.8/29 of site "b" overlaps 203.0.113.10 of site "a"`, ""},
		{"the same address of two sites", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.10]}\n  - {name: b, addresses: [198.51.100.7, 203.0.113.10]}\n", `4:41: addresses: 203.0.113.10 of site "b" overlaps`, ""},
		{"overlap in a site", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.10, 203.0.113.10]}\n", "3:41: addresses: 203.0.113.10 is already in 203.0.113.10 of this list", ""},
		{"IPv6 on a connector", "version: 1\ntenant:\n  connectors:\n    - {name: a, type: OnPremises, addresses: [2001:db8::1]}\n", `4:47: addresses: "2001:db8::1" is IPv6: a connector knows IPv4 addresses only`, ""},
		{"a wide connector", "version: 1\ntenant:\n  connectors:\n    - {name: a, type: OnPremises, addresses: [203.0.112.0/23]}\n", `4:47: addresses: "203.0.112.0/23" is too wide for a connector`, "/24"},
		{"a private connector", "version: 1\ntenant:\n  connectors:\n    - {name: a, type: OnPremises, addresses: [10.0.0.1]}\n", `4:47: addresses: "10.0.0.1" is private`, ""},
		{"a connector without type", "version: 1\ntenant:\n  connectors:\n    - name: a\n", "4:7: a connector has no type", ""},
		{"unknown connector type", "version: 1\ntenant:\n  connectors:\n    - {name: a, type: onpremises}\n", `4:23: type: "onpremises" is none of its words, did you mean "OnPremises"?`, ""},
		{"connectors twice", "version: 1\ntenant:\n  connectors:\n    - {name: a, type: Partner}\n    - {name: A, type: Partner}\n", `5:14: a connector named "A" is already on line 4`, ""},
		{"the same target twice", "version: 1\ntenant:\n  dkim:\n    - {domain: a.example, selector1_cname: s.b.example, selector2_cname: s.b.example}\n", `4:74: selector2_cname: "s.b.example" is the target of selector1_cname too`, ""},
		{"unknown cloud", "version: 1\ntenant: {cloud: gcchigh}\n", `2:17: cloud: "gcchigh" is none of its words, did you mean "gcc-high"?`, ""},
		{"GCC", "version: 1\ntenant: {cloud: gcc}\n", "2:17: cloud: GCC is in the worldwide cloud", ""},
		{"unknown gateway", "version: 1\ntenant: {outbound: gateway:mimcast}\n", `2:20: outbound: there is no gateway "mimcast" in the catalogue, did you mean "mimecast"?`, ""},
		{"unknown own server", "version: 1\ntenant: {outbound: own-server:mx}\n", `2:20: outbound: there is no device "mx": expected one of devices, which is empty`, ""},
		{"unknown path", "version: 1\ntenant: {outbound: straight}\n", `2:20: outbound: "straight" is no path`, "gateway:<id>"},
		{"no date", "version: 1\ntenant: {created: 1.3.2019}\n", `2:19: created: "1.3.2019" is no date`, "2026-11-22"},
		{"rua without mailto", "version: 1\ndomains:\n  - {name: a.example, dmarc: {rua: [d@a.example]}}\n", `3:37: rua: "d@a.example" is no address for reports: expected mailto:`, ""},
		{"evidence backwards", "version: 1\ndomains:\n  - name: a.example\n    dmarc:\n      evidence: [{source: x, first: 2026-02-01, last: 2026-01-01, messages: 1, failing: 0}]\n", "5:55: last: 2026-01-01 is before the first day", ""},
		{"more failures than messages", "version: 1\ndomains:\n  - name: a.example\n    dmarc:\n      evidence: [{source: x, first: 2026-01-01, last: 2026-01-01, messages: 1, failing: 2}]\n", "5:89: failing: 2 of 1 messages cannot be", ""},
		{"a parked domain sends", park + "  - {name: a, from: [x@live.example, x@parked.example]}\n", "7:38: from: parked.example is parked (line 5), so nothing sends from it", ""},
		{"any address of a parked domain", park + "  - {name: a, from: [\"*@parked.example\"]}\n", "7:22: from: parked.example is parked (line 5)", ""},
		{"MAIL FROM of a parked domain", park + "  - {name: a, from: [x@live.example], mail_from: parked.example}\n", "7:50: mail_from: parked.example is parked (line 5)", ""},
		{"an address of a parked domain in MAIL FROM", park + "  - {name: a, mail_from: b@Parked.Example}\n", "7:26: mail_from: parked.example is parked (line 5)", ""},
		{"a parked domain signs", park + "  - {name: a, signs_as: parked.example}\n", "7:25: signs_as: parked.example is parked (line 5)", ""},
		{"the null sender of a parked domain", park + "  - {name: a, mail_from: <>, helo: parked.example}\n", "7:36: helo: parked.example is parked (line 5), but with the null sender", "SPF"},
		{"reports to a parked domain", "version: 1\ndomains:\n  - {name: live.example, dmarc: {rua: [mailto:d@live.example, mailto:d@parked.example]}}\n  - {name: parked.example, parked: true}\n", "3:63: rua: parked.example is parked (line 4), so it takes no mail", ""},
		{"parked is no truth", "version: 1\ndomains:\n  - {name: a.example, parked: yes}\n", `3:31: parked: "yes" is no truth value`, ""},
		{"unknown policy for subdomains", "version: 1\ndomains:\n  - {name: a.example, dmarc: {subdomains: refuse}}\n", `3:43: subdomains: "refuse" is none of its words`, "keep, none, quarantine or reject"},
		{"unknown policy for what does not exist", "version: 1\ndomains:\n  - {name: a.example, dmarc: {nonexistent: rejct}}\n", `3:44: nonexistent: "rejct" is none of its words, did you mean "reject"?`, ""},
		{"since when", "version: 1\ndomains:\n  - {name: a.example, dmarc: {since: March}}\n", `3:38: since: "March" is no date`, ""},
		{"a term that asks nothing", pin + "        - {term: ip4:192.0.2.1, date: 2026-11-22, addresses: [192.0.2.1]}\n", `6:18: term: "ip4:192.0.2.1" is no include:, a:, mx: or redirect=`, "include:spf.nordwind.example"},
		{"a name instead of a term", pin + "        - {term: spf.b.example, date: 2026-11-22, addresses: [192.0.2.1]}\n", `6:18: term: "spf.b.example" is no include:`, ""},
		{"a term without a domain", pin + "        - {term: \"include:\", date: 2026-11-22, addresses: [192.0.2.1]}\n", `6:18: term: "include:" is no include:`, ""},
		{"a term of one label", pin + "        - {term: include:b, date: 2026-11-22, addresses: [192.0.2.1]}\n", `6:18: term: "include:b" names no domain`, ""},
		{"a term of other letters than in a record", pin + "        - {term: include:münchen.example, date: 2026-11-22, addresses: [192.0.2.1]}\n", `6:18: term: "include:münchen.example" is no`, ""},
		{"a term twice", pin + "        - {term: include:b.example, date: 2026-11-22, addresses: []}\n        - {term: include:B.example, date: 2026-11-22, addresses: []}\n", `7:18: a term named "include:B.example" is already on line 6`, ""},
		{"a term without a date", pin + "        - {term: include:b.example, addresses: [192.0.2.1]}\n", "6:11: an entry of flattened has no date", ""},
		{"a term without addresses", pin + "        - {term: include:b.example, date: 2026-11-22}\n", "6:11: an entry of flattened has no addresses", ""},
		{"a term for half of the internet", pin + "        - {term: include:b.example, date: 2026-11-22, addresses: [192.0.2.1, 0.0.0.0/1]}\n", `6:78: addresses: "0.0.0.0/1" is wider than any sender: expected a range no wider than /8 (IPv4) or /16 (IPv6)`, ""},
		{"a term for too much of IPv6", pin + "        - {term: include:b.example, date: 2026-11-22, addresses: [\"2000::/15\"]}\n", `6:67: addresses: "2000::/15" is`, ""},
		{"a term for a name", pin + "        - {term: include:b.example, date: 2026-11-22, addresses: [b.example]}\n", `6:67: addresses: "b.example" is no IP address`, ""},
		{"a term for too many addresses", pin + "        - term: include:b.example\n          date: 2026-11-22\n          addresses:\n" + strings.Repeat("            - 192.0.2.1\n", 501), "9:13: addresses has 501 items, at most 500 are read", ""},
		{"accepted without an ID", "version: 1\naccepted:\n  - date: 2026-11-22\n", "3:5: an entry of accepted has no id", ""},
		{"accepted without a date", "version: 1\naccepted:\n  - id: x/y\n", "3:5: an entry of accepted has no date", ""},
		{"an ID with a blank", "version: 1\naccepted:\n  - {id: x y, date: 2026-11-22}\n", `3:10: id: "x y" is not allowed: expected what a plan printed`, "without blanks"},
		{"an ID of other letters", "version: 1\naccepted:\n  - {id: ü, date: 2026-11-22}\n", `3:10: id: "ü" is not allowed`, ""},
		{"a long ID", "version: 1\naccepted:\n  - {id: " + strings.Repeat("x", 201) + ", date: 2026-11-22}\n", `3:10: id: "xxx`, "1 to 200"},
		{"an ID that is a number", "version: 1\naccepted:\n  - {id: 0123, date: 2026-11-22}\n", "3:10: id: 0123 is no text to YAML", ""},
		{"an ID twice", "version: 1\naccepted:\n  - {id: x, date: 2026-11-22}\n  - {id: X, date: 2026-11-22}\n  - {id: x, date: 2026-11-23}\n", `5:10: id: "x" is already on line 3`, ""},
		{"a note of nothing", "version: 1\naccepted:\n  - {id: x, date: 2026-11-22, note: \"\"}\n", `3:37: note: "" is not allowed`, ""},
		{"accepted as texts", "version: 1\naccepted: [x]\n", "2:12: an entry of accepted holds a text: expected the fields id, date, note", ""},
		{"IPv6 addresses without IPv6", "version: 1\nsites:\n  - {name: a, addresses: [203.0.113.1, \"2001:db8::/64\"], ipv6: false}\n", "3:64: ipv6: the site has the IPv6 addresses 2001:db8::/64", ""},
		{"IPv6 perhaps", "version: 1\nsites:\n  - {name: a, ipv6: perhaps}\n", `3:21: ipv6: "perhaps" is no truth value`, ""},
		{"basic SMTP as a word", "version: 1\ntenant: {basic_smtp: enabled}\n", `2:22: basic_smtp: "enabled" is no truth value`, ""},
		{"trial as a date", "version: 1\ntenant: {trial: 2026-11-22}\n", `2:17: trial: "2026-11-22" is no truth value`, ""},
		{"external recipients as words", "version: 1\ntenant: {external_per_day: some}\n", `2:28: external_per_day: "some" is out of range or no number`, ""},
		{"two documents", "version: 1\n---\nversion: 1\n", "2:1: a second document (---)", ""},
		{"end mark", "version: 1\n...\n", "2:1: the end of a document (...)", ""},
		{"anchor", "version: 1\nsites: &x\n  - name: a\n", "2:8: an anchor (&)", ""},
		{"alias", "version: 1\nsites: *x\n", "2:8: an alias (*)", "quotes"},
		{"merge key", "version: 1\ntenant:\n  <<: {cloud: dod}\n", "3:3: a merge key (<<)", ""},
		{"tag", "version: 1\nsites:\n  - name: !!str 0123\n", "3:11: a tag (!)", ""},
		{"directive", "%YAML 1.2\n---\nversion: 1\n", "1:1: a directive (%)", ""},
		{"literal block", head + "  - name: a\n    note: |\n      b\n", "9:11: a text over several lines", ""},
		{"folded text", head + "  - name: a\n    note: b\n      c\n", "9:11: a text over several lines", ""},
		{"quoted over lines", head + "  - name: a\n    note: \"b\n      c\"\n", "9:11: a text over several lines", ""},
		{"unclosed quote", head + "  - name: \"a\n", "8:11: this is not YAML", ""},
		{"unclosed bracket", head + "  - {name: a\n", "8:5: this is not YAML", ""},
		{"bad indentation", "version: 1\ntenant:\n  cloud: dod\n licences: 3\n", "4:", "not YAML"},
		{"two colons", head + "  - name: a: b\n", "8:", "not YAML"},
		{"complex key", "version: 1\n? [a]\n: b\n", "2:1: a key of several parts (?)", ""},
		{"tab", "version: 1\ntenant:\n\tcloud: dod\n", "3:1: a tab: YAML wants spaces", ""},
		{"null byte", "version: 1\x00\n", "1:11: the character U+0000 is not allowed", ""},
		{"bidi override", "version: 1 # \u202e\n", "1:14: the character U+202E is not allowed", ""},
		{"carriage return alone", "version: 1\rtenant:\n", "1:11: the character U+000D is not allowed", ""},
		{"not UTF-8", "version: 1 # caf\xe9\n", "1:17: the text is not UTF-8", ""},
		{"UTF-16", "\xff\xfev\x00e\x00", "1:1: the text is not UTF-8", ""},
		{"long line", "version: 1\n# " + strings.Repeat("x", 1<<20-100) + "\n", "2:1: the line has 1048478 bytes, at most 4096", ""},
		{"long file", strings.Repeat("# x\n", 1<<18) + "version: 1\n", "1:1: the file has 1048587 bytes", ""},
		{"deep brackets", "version: 1\nsites: " + strings.Repeat("[", 500) + "\n", "2:28: more than 20 brackets are open", ""},
		{"dashes in a row", "version: 1\nsites:\n  - - a\n", "3:5: a list directly in a list", ""},
		{"many fields", "version: 1\n" + strings.Repeat("a: b\n", 200000), "101:2: more than 100 fields in one place", ""},
		{"many fields in braces", "version: 1\ntenant: {" + strings.Repeat("a: b, ", 200) + "}\n", "2:611: more than 100 fields in one place", ""},
		{"deep indentation", "version: 1\n" + strings.Repeat(" ", 81) + "sites: []\n", "2:1: the line is indented by 81 spaces", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(c.text), "x.yaml", testProviders)
			if err == nil {
				t.Fatalf("accepted: %+v", f.Inventory)
			}
			var errs Errors
			if !errors.As(err, &errs) || errs.ExitCode() != 2 {
				t.Fatalf("the error is of type %T", err)
			}
			if len(errs) != 1 {
				t.Errorf("%d errors:\n%v", len(errs), err)
			}
			if got := err.Error(); !strings.HasPrefix(got, "x.yaml:"+c.want) || !strings.Contains(got, c.also) {
				t.Errorf("got  %s\nwant x.yaml:%s ... %s", cut(got), c.want, c.also)
			}
			if strings.ContainsAny(err.Error(), "\x00\x1b\u202e") || len(err.Error()) > 2000 {
				t.Errorf("the error is not fit to be shown: %q", cut(err.Error()))
			}
		})
	}
}

func cut(s string) string { return s[:min(len(s), 500)] }

func TestManyMistakes(t *testing.T) {
	t.Parallel()
	text := head
	for i := range 30 {
		text += fmt.Sprintf("  - {name: d%d, tls: 9}\n", i)
	}
	_, err := Parse([]byte(text), "x.yaml", nil)
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != maxErrors {
		t.Fatalf("got %d errors: %v", len(errs), err)
	}
	for i, e := range errs {
		if e.Line != 8+i {
			t.Errorf("error %d is of line %d", i, e.Line)
		}
	}
	if last := errs[maxErrors-1].Message; !strings.HasSuffix(last, "(and 10 more mistakes)") {
		t.Errorf("the last one ends in %q", last)
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a domain that is not listed", head + "  - {name: a, from: [x@printers.nordwind.example, y@other.example, \"*@nordwind.example\"]}\n",
			"x.yaml:8:51: from: y@other.example is of no domain under domains, so nothing is planned for it"},
		{"below a parked domain", park + "  - {name: a, from: [x@a.parked.example, x@live.example]}\n",
			"x.yaml:7:22: from: parked.example is parked (line 5), and what is published for it reaches a.parked.example: list a.parked.example under domains with its own policy"},
		{"below a parked domain, but listed", strings.Replace(park, "devices:", "  - name: a.parked.example\ndevices:", 1) + "  - {name: a, from: [x@b.a.parked.example]}\n", ""},
		{"HELO of a parked domain", park + "  - {name: a, from: [x@live.example], helo: parked.example}\n",
			"x.yaml:7:45: helo: parked.example is parked (line 5): receivers that check SPF of this name too will find that nothing may send"},
		{"perhaps parked", strings.Replace(park, "true", "unknown", 1) + "  - {name: a, from: [x@parked.example]}\n", ""},
		{"not parked", strings.Replace(park, "true", "false", 1) + "  - {name: a, from: [x@parked.example]}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse([]byte(c.text), "x.yaml", nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Warnings.Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
