// Package dnsbl knows block lists that are asked by DNS (RFC 5782): how to ask
// them about an address, and what their answers mean.
package dnsbl

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// List is one block list.
type List struct {
	Zone dns.Name
	Name string
	IPv6 bool // it lists IPv6 addresses as well
	// Codes are its documented answers. Any other is no listing: lists refuse
	// with codes of their own, most with 127.255.255.0/24.
	Codes map[string]Code
}

// Code is the meaning of an answer.
type Code struct {
	Meaning string
	// Policy: the network's owner, or the list, says that nobody in it should
	// deliver directly. It is no accusation.
	Policy bool
}

// Lists are those that receivers use widely and that may be asked in small
// numbers without registration.
var Lists = []List{
	{Zone: "zen.spamhaus.org", Name: "Spamhaus ZEN", IPv6: true, Codes: map[string]Code{
		"127.0.0.2":  {Meaning: "SBL, listed by hand"},
		"127.0.0.3":  {Meaning: "CSS, sender of low reputation"},
		"127.0.0.4":  {Meaning: "XBL, compromised host"},
		"127.0.0.9":  {Meaning: "DROP, hijacked network"},
		"127.0.0.10": {Meaning: "PBL, declared by the network's owner", Policy: true},
		"127.0.0.11": {Meaning: "PBL, set by Spamhaus", Policy: true},
	}},
	{Zone: "bl.spamcop.net", Name: "SpamCop", Codes: map[string]Code{"127.0.0.2": {Meaning: "reported as a sender of spam"}}},
	{Zone: "psbl.surriel.com", Name: "PSBL", Codes: map[string]Code{"127.0.0.2": {Meaning: "sent to spam traps"}}},
	{Zone: "bl.mailspike.net", Name: "Mailspike", Codes: map[string]Code{
		"127.0.0.2":  {Meaning: "in a spam outbreak"},
		"127.0.0.10": {Meaning: "worst reputation"},
		"127.0.0.11": {Meaning: "very bad reputation"},
		"127.0.0.12": {Meaning: "bad reputation"},
	}},
}

// Query returns the name that asks a list about an address; ok is false if the
// list holds no addresses of that family.
func (l List) Query(ip netip.Addr) (name dns.Name, ok bool) {
	ip = ip.Unmap()
	if ip.Is6() && !l.IPv6 {
		return "", false
	}
	name, err := l.Zone.Child(strings.Join(reversed(ip), "."))
	return name, err == nil
}

// The test points of RFC 5782 §5: the first must be listed, the second must not.
var (
	listed   = netip.MustParseAddr("127.0.0.2")
	unlisted = netip.MustParseAddr("127.0.0.1")
)

// TestPoints returns the two names that show whether a list works.
func (l List) TestPoints() (in, out dns.Name) {
	in, _ = l.Query(listed)
	out, _ = l.Query(unlisted)
	return in, out
}

// Reverse returns the name that holds the PTR records of an address (RFC 1035
// §3.5, RFC 3596 §2.5).
func Reverse(ip netip.Addr) dns.Name {
	zone := "in-addr.arpa"
	if ip = ip.Unmap(); ip.Is6() {
		zone = "ip6.arpa"
	}
	return dns.Name(strings.Join(append(reversed(ip), zone), "."))
}

// reversed returns the octets of an IPv4 address, or the nibbles of an IPv6
// address, from the last to the first.
func reversed(ip netip.Addr) []string {
	var labels []string
	for _, octet := range ip.AsSlice() {
		if ip.Is4() {
			labels = append(labels, fmt.Sprint(octet))
		} else {
			labels = append(labels, fmt.Sprintf("%x", octet>>4), fmt.Sprintf("%x", octet&15))
		}
	}
	slices.Reverse(labels)
	return labels
}

// Reading is what an answer of a list means.
type Reading struct {
	Codes   []Code // the listings, in the order of the answer; none: not listed
	Refused string // why the list did not tell: an answer that is none
}

// Read reads the answer to [List.Query].
func (l List) Read(a dns.Answer) Reading {
	var r Reading
	for _, record := range a.Records {
		d, ok := record.Data.(dns.Addr)
		if !ok {
			continue
		}
		if code, known := l.Codes[d.IP.String()]; known {
			r.Codes = append(r.Codes, code)
		} else {
			r.Refused = fmt.Sprintf("%s answers %s, which is no listing: it refuses questions from this resolver, or cannot be understood", l.Name, d.IP)
		}
	}
	return r
}

// Works says why a list's answers mean nothing, by those to its test points; ""
// if they do.
func (l List) Works(in, out dns.Answer) string {
	switch r := l.Read(in); {
	case r.Refused != "":
		return r.Refused
	case len(r.Codes) == 0:
		return l.Name + " does not list its own test address"
	case !out.Void():
		return l.Name + " lists an address that no list may"
	}
	return ""
}
