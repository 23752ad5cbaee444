package planner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// redirect puts the questions for the servers of zones to one server each.
type redirect struct {
	dns.Resolver
	only []*only
}

// only is the one server of a zone that is asked.
type only struct {
	zone    *zoneStanding
	to      *ServerStanding
	sources map[dns.Source]bool // of all its servers
	asked   map[dns.Key]bool
}

func newOnly(z *zoneStanding, to *ServerStanding) *only {
	o := &only{zone: z, to: to, sources: map[dns.Source]bool{}, asked: map[dns.Key]bool{}}
	for _, s := range z.servers {
		if s.Nameserver.Err == nil {
			o.sources[dns.SourceAt(s.Addr)] = true
		}
	}
	return o
}

// Ask asks the one server in the place of the others of its zone.
func (r redirect) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	var best *only
	for _, o := range r.only {
		if o.sources[q.Source] && q.Key.Name.Below(o.zone.apex) && (best == nil || o.zone.apex.Below(best.zone.apex)) {
			best = o
		}
	}
	if best != nil {
		best.asked[q.Key] = true
		q.Source = dns.SourceAt(best.to.Addr)
	}
	return dns.At(r.Resolver, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
}

// asked returns what was asked of a server, in order.
func (r verifyRound) asked(s *ServerStanding) []dns.Key {
	var keys []dns.Key
	for _, o := range r.only {
		if o.to == s {
			for k := range o.asked {
				keys = append(keys, k)
			}
		}
	}
	slices.SortFunc(keys, func(a, b dns.Key) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) })
	return keys
}

// from reports whether the plan was made from a server.
func (r verifyRound) from(s *ServerStanding) bool {
	return slices.ContainsFunc(r.only, func(o *only) bool { return o.to == s })
}

// content is an answer as text, without who gave it. Of an SOA record it has the
// name alone, because serials differ while a change is on its way.
func content(a dns.Answer) string {
	lines := []string{fmt.Sprint(a.Exists)}
	for kind, records := range [][]dns.Record{a.Chain, a.Referral, a.Records} {
		for _, r := range records {
			line := r.String()
			if r.Data.Type() == dns.TypeSOA {
				line = string(r.Name)
			}
			lines = append(lines, fmt.Sprint(kind, " ", line))
		}
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n")
}
