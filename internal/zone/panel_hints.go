package zone

import (
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// hints are what to know about pages that refuse something, each where it
// applies to a record that comes.
func hints(b Batch) []string {
	var list []string
	for _, h := range panelHints {
		if slices.ContainsFunc(b.Changes, func(c dns.Change) bool { return h.applies(c, b) }) {
			list = append(list, h.text)
		}
	}
	return list
}

// usualTTL is one that pages offer, in seconds.
const usualTTL = 3600

// hint is one thing that a page may do, and when it matters.
type hint struct {
	text    string
	applies func(c dns.Change, b Batch) bool
}

var panelHints = []hint{
	{`A value of over 255 octets in one field: enter it as under "quoted", in several strings on one line. If that is refused too, the host cannot take this record: ask its support.`,
		func(c dns.Change, _ Batch) bool {
			return comes(c, func(r dns.Record) bool { txt, ok := r.Data.(dns.TXT); return ok && len(txt.Joined()) > dns.MaxString })
		}},
	{`A host with an underscore: TXT and CNAME records may have such names (RFC 8552). If the page refuses it, ask the host's support to enter it; there is no other name that would do.`,
		func(c dns.Change, b Batch) bool {
			return len(c.New) > 0 && strings.Contains(relative(c.Key.Name, b.Zone), "_")
		}},
	{`A host with "*": it stands for all names below that have no records. If the page refuses it, stop and ask the host's support before you enter the rest: names would lose what they have today.`,
		func(c dns.Change, b Batch) bool {
			return len(c.New) > 0 && strings.HasPrefix(relative(c.Key.Name, b.Zone), "*")
		}},
	{`The mail server "." with preference 0 says that the domain takes no mail (RFC 7505). If the page refuses it, leave this record out, and enter no other in its place; the other records are right without it.`,
		func(c dns.Change, _ Batch) bool {
			return comes(c, func(r dns.Record) bool { mx, ok := r.Data.(dns.MX); return ok && mx.Host == dns.Root })
		}},
	{`A TTL that the page does not offer: take the nearest one that is shorter, or else the shortest that there is.`,
		func(c dns.Change, _ Batch) bool {
			return comes(c, func(r dns.Record) bool { return r.TTL != usualTTL })
		}},
	{`A name in a value: some pages want a final dot, and put the zone behind a name that has none; others refuse the dot. Look afterwards at what the page shows.`,
		func(c dns.Change, _ Batch) bool {
			return comes(c, func(r dns.Record) bool { _, mx := r.Data.(dns.MX); return mx || c.Key.Type == dns.TypeCNAME })
		}},
	{`Several TXT records at one host are right, as long as only one of them begins with v=spf1. A page that has one field for all wants each on a line of its own; never join them.`,
		func(c dns.Change, _ Batch) bool { return c.Key.Type == dns.TypeTXT && len(c.New) > 1 }},
	{`The host "@": some pages want the field empty, others the name of the zone.`,
		func(c dns.Change, b Batch) bool { return c.Key.Name == b.Zone }},
	{`An alias (CNAME) can only be added when the host has no other record: delete those first that are named here.`,
		func(c dns.Change, _ Batch) bool { return c.Key.Type == dns.TypeCNAME && len(c.Old) == 0 }},
}

// comes reports whether a record of some kind comes.
func comes(c dns.Change, kind func(dns.Record) bool) bool {
	return slices.ContainsFunc(part(c).come, kind)
}
