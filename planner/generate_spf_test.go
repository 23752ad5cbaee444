package planner

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// senderTexts draws the TXT records at a domain: none, one or several SPF
// records, near misses, and others beside them.
func (d *sceneDrawer) senderTexts(name string) {
	switch d.pick("SPF of "+name, "", "one", "one", "one", "one", "one", "two", "near", "near and one") {
	case "one":
		d.text(name, d.split(d.record()))
	case "two":
		d.text(name, d.split(d.record()))
		d.text(name, d.split(d.record()))
	case "near":
		d.text(name, dns.NewTXT(d.nearMiss()))
	case "near and one":
		d.text(name, dns.NewTXT(d.nearMiss()))
		d.text(name, d.split(d.record()))
	}
	for range rapid.IntRange(0, 2).Draw(d.T, "foreign texts") {
		d.text(name, d.foreign())
	}
}

func (d *sceneDrawer) foreign() dns.TXT {
	return rapid.SampledFrom([]dns.TXT{
		dns.NewTXT("MS=ms12345678"), dns.NewTXT("google-site-verification=abc", "def"), dns.NewTXT("\x00\xff;\"\\ odd"), dns.NewTXT(""), dns.NewTXT("a", "", "b"),
		dns.NewTXT("spf2.0/pra include:other.example -all"), dns.NewTXT("v=spf10 -all"), dns.NewTXT(strings.Repeat("x", 300)),
	}).Draw(d.T, "foreign text")
}

// split cuts a text into strings at an odd place.
func (d *sceneDrawer) split(text string) dns.TXT {
	if len(text) > 1 && d.one(4, "split") {
		at := rapid.IntRange(1, min(len(text)-1, dns.MaxString)).Draw(d.T, "cut")
		return dns.NewTXT(text[:at], text[at:])
	}
	return dns.NewTXT(text)
}

func (d *sceneDrawer) nearMiss() string {
	rest := d.pick("near miss of", "ip4:198.51.100.40 -all", "include:spf.protection.outlook.com ~all", "a mx include:i1.other.example", "")
	return d.pick("near miss", "v=spf1", "v=spf1;", "v=spf1,", "spf1 ", "v=spf ", "V=SPF1.0 ", "\"v=spf1 ", "v=spf1: ") + rest
}

// record draws an SPF record with everything that such records have.
func (d *sceneDrawer) record() string {
	most := d.pick("size", "few", "few", "few", "many")
	n := rapid.IntRange(0, map[string]int{"few": 5, "many": 14}[most]).Draw(d.T, "terms")
	terms := make([]string, 0, n+2)
	for range n {
		terms = append(terms, d.term())
	}
	terms = append(terms, d.pick("end", "-all", "-all", "~all", "~all", "?all", "", "+all", "all", "redirect=i2.other.example", "redirect=spf.protection.outlook.com",
		"redirect=nx.other.example", "-all redirect=i1.other.example", "-all ip4:198.51.100.44", "~all -all", "exp=why.one.example -all"))
	text := "v=spf1"
	for _, term := range terms {
		if term != "" {
			text += d.pick("blanks", " ", " ", " ", " ", "  ") + term
		}
	}
	text += d.pick("trailing blank", "", "", "", " ")
	if d.one(10, "capitals") {
		text = strings.ToUpper(text)
	}
	return text
}

func (d *sceneDrawer) term() string {
	q := d.pick("qualifier", "", "", "", "", "", "", "+", "-", "~", "?")
	switch rapid.IntRange(0, 15).Draw(d.T, "kind") {
	case 0, 1:
		return q + fmt.Sprintf("ip4:198.51.100.%d", rapid.IntRange(0, 9).Draw(d.T, "host"))
	case 2:
		return q + d.pick("network", "ip4:198.51.100.0/29", "ip4:198.51.100.64/26", "ip4:203.0.113.0/24", "ip4:203.0.113.10", "ip4:203.0.113.16/28", "ip4:198.18.0.0/15", "ip4:0.0.0.0/1", "ip4:40.92.0.0/15")
	case 3:
		return q + d.pick("network", "ip6:2001:db8:1::/48", "ip6:2001:db8:10::10", "ip6:2001:db8:10::/64", "ip6:2a01:111:f400::/48")
	case 4:
		return q + d.pick("host", "a", "a:h1.one.example", "a:h2.one.example/28", "a:h1.other.example//64", "a:nx.other.example", "a:h2.other.example")
	case 5:
		return q + d.pick("exchanger", "mx", "mx", "mx:two.example", "mx/30", "mx:other.example")
	case 6, 7, 8:
		return q + fmt.Sprintf("include:i%d.other.example", rapid.IntRange(0, 5).Draw(d.T, "which"))
	case 9:
		return q + "include:" + d.pick("provider", "spf.protection.outlook.com", "spf.protection.outlook.com", "relay.mailchannels.net", "_spf-eu.ionos.com", "spf.hornetsecurity.com", "spf.protection.office365.us")
	case 10:
		return q + "include:" + d.pick("trouble", "nx.other.example", "fail.other.example", "slow.other.example", "loop.other.example", "back.other.example", "one.example", "twice.other.example",
			"h1.other.example", "%{d}.other.example", "all.other.example", "other.example")
	case 11:
		return q + d.pick("macro", "exists:%{ir}.list.other.example", "exists:%{l}.list.other.example", "exists:h1.other.example", "exists:nx.other.example", "a:%{h}", "exists:fail.other.example")
	case 12:
		return q + d.pick("ptr", "ptr", "ptr:one.example")
	case 13:
		return d.pick("modifier", "foo=bar", "x-y=%{d}", "exp=why.other.example", "include=i1.other.example", "v=spf1", "ra=postmaster")
	case 14:
		return d.pick("broken", "ipv4:198.51.100.9", "ip:198.51.100.11", "blah:1", "ip4:300.1.1.1", "include:", "a:198.51.100.12", "--all", "ip4:198.51.100.0/33", "+", "ip4:198.51.100.13,", "foo=%x")
	}
	return q + "ip4:198.51.100.7"
}

// included draws the record of a name that others include: networks, and those
// further down.
func (d *sceneDrawer) included(i int) string {
	text := "v=spf1"
	for range rapid.IntRange(0, 3).Draw(d.T, "included terms") {
		switch rapid.IntRange(0, 5).Draw(d.T, "included") {
		case 0, 1:
			text += fmt.Sprintf(" %sip4:198.51.100.%d/29", d.pick("qualifier", "", "", "-", "?"), 8*(10+rapid.IntRange(0, 9).Draw(d.T, "net")))
		case 2:
			text += fmt.Sprintf(" ip6:2001:db8:2%d::/48", i)
		case 3:
			text += " a:h" + d.pick("host", "1", "2", "3") + ".other.example"
		case 4:
			if i < 5 {
				text += fmt.Sprintf(" include:i%d.other.example", i+1)
			}
		case 5:
			if i < 4 {
				text += fmt.Sprintf(" include:i%d.other.example", i+2)
			}
		}
	}
	return text + d.pick("included end", " -all", " ~all", " ?all", "", "", " -all")
}
