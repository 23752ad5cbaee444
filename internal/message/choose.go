package message

import (
	"fmt"
	"net/netip"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/dns"
)

// Client is who handed the message to the receiving organisation: what SPF is
// about.
type Client struct {
	Hop  int        // the Received field that tells it, 0 if none does
	IP   netip.Addr // invalid if it is not known
	HELO string
	Why  string // how it was chosen, or why nothing was
}

// hint is what a server wrote about the client whose SPF it judged.
type hint struct {
	ip    netip.Addr
	helo  string
	field string
	line  int
}

// choose finds the newest hop over which the message came into the receiving
// organisation. It goes down from the newest hop and leaves out those inside:
// without a client's address, from a private address, between Microsoft's own
// servers, or between servers of one organisation.
//
// A server that wrote down whose SPF it judged knows better, so such a hint for a
// hop above wins. One for a hop below was written by an earlier organisation,
// by a forwarder perhaps.
func choose(hops []Hop, hints []hint, org dmarc.OrgFunc) Client {
	var skipped []string
	at := -1
	for i, h := range hops {
		reason := inside(h, org)
		if reason == "" {
			at = i
			break
		}
		if len(skipped) < maxReasons {
			skipped = append(skipped, fmt.Sprintf("hop %d %s", h.Number, reason))
		}
	}
	for i, h := range hops {
		if at >= 0 && i >= at {
			break
		}
		for _, hint := range hints {
			if h.IP.IsValid() && hint.ip == h.IP {
				return fromHop(h, fmt.Sprintf("%s in line %d names its address", hint.field, hint.line))
			}
		}
	}
	if at < 0 {
		return unchosen(hops, hints, skipped)
	}
	why := "the newest hop from outside"
	if len(skipped) > 0 {
		why += ": " + strings.Join(skipped, ", ")
	}
	for _, hint := range hints {
		if hint.ip == hops[at].IP {
			return fromHop(hops[at], why+fmt.Sprintf("; %s in line %d agrees", hint.field, hint.line))
		}
	}
	if len(hints) > 0 {
		why += fmt.Sprintf("; but %s in line %d is about %s", hints[0].field, hints[0].line, hints[0].ip)
	}
	return fromHop(hops[at], why)
}

// maxReasons is how many hops are explained that were left out.
const maxReasons = 8

func fromHop(h Hop, why string) Client {
	return Client{Hop: h.Number, IP: h.IP, HELO: h.HELO, Why: why}
}

// unchosen is for a message without a hop from outside.
func unchosen(hops []Hop, hints []hint, skipped []string) Client {
	if len(hints) > 0 {
		h := hints[0]
		return Client{IP: h.ip, HELO: h.helo, Why: fmt.Sprintf("%s in line %d names it, no Received field does", h.field, h.line)}
	}
	if len(hops) == 0 {
		return Client{Why: "the message has no Received field: it is not known who handed it over"}
	}
	return Client{Why: "no Received field tells of a hop from outside: " + strings.Join(skipped, ", ")}
}

// inside says why a hop lies within an organisation, or "" if it does not.
func inside(h Hop, org dmarc.OrgFunc) string {
	switch {
	case !h.IP.IsValid():
		return "names no client address"
	case !public(h.IP):
		return "is from a private address"
	case microsoftInternal(h):
		return "is between Microsoft's own servers"
	}
	// Only a name that the server found itself counts: anybody can say the
	// receiver's name in HELO.
	a, errA := dns.ParseName(h.PTR)
	b, errB := dns.ParseName(h.By)
	if errA != nil || errB != nil || len(a.Labels()) < 2 || len(b.Labels()) < 2 {
		return ""
	}
	if same, err := dmarc.Aligned(a, b, dmarc.Relaxed, org); err == nil && same {
		return fmt.Sprintf("is between servers of one organisation (%s, %s)", a, b)
	}
	return ""
}

// public reports whether an address can be that of a client from outside.
func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !carrierGrade.Contains(ip)
}

// carrierGrade are addresses behind a provider's NAT (RFC 6598).
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// microsoftServers is where the servers of Exchange Online hand mail to each
// other. Tenants' mail leaves by other addresses, those of
// spf.protection.outlook.com, and is from outside for whoever gets it.
var microsoftServers = netip.MustParsePrefix("2603:1000::/24")

// microsoftInternal reports whether both ends of a hop are servers of Exchange
// Online. What the client calls itself can be forged, its address cannot.
func microsoftInternal(h Hop) bool {
	return microsoftServers.Contains(h.IP) && under(h.By, microsoftDomains) && under(h.HELO, microsoftDomains)
}

var microsoftDomains = []dns.Name{"outlook.com", "office365.com", "exchangelabs.com", "office365.us", "outlook.cn"}

func under(host string, domains []dns.Name) bool {
	name, err := dns.ParseName(host)
	for _, d := range domains {
		if err == nil && name.Below(d) {
			return true
		}
	}
	return false
}
