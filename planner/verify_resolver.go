package planner

import (
	"context"
	"slices"
	"time"

	"sendplan/internal/dns"
)

// askResolver compares what the resolver says of what mail rests on with what a
// server says that has all. Where none has, there is nothing yet that the
// resolver could say.
func (v *verifier) askResolver(s *Standing) {
	seen := map[dns.Key]bool{}
	var longest time.Duration
	for _, m := range v.rounds {
		for _, k := range slices.Concat(m.zones.Keys(), m.mailKeys()) {
			z := m.zones.Zone(k.Name)
			at := v.zone(z.Apex)
			if seen[k] || z.Err != nil || at == nil || !at.stands.hasAll() {
				continue
			}
			seen[k] = true
			held, err := v.at(at.stands, k)
			if err != nil || len(held.Referral) > 0 {
				continue
			}
			s.Compared++
			negative := time.Duration(z.NegativeTTL) * time.Second
			longest = max(longest, ttlOf(held, negative))
			if stale, differs := v.stale(k, held, negative); differs {
				s.Resolver = append(s.Resolver, stale)
			}
		}
	}
	if v.wait == 0 {
		v.wait = longest
	}
}

// mailKeys are the sets of the own domains that receivers ask for, whether the
// plan read them or not: SPF, DMARC, MX, and the keys that devices sign with.
func (m *maker) mailKeys() []dns.Key {
	var keys []dns.Key
	for _, d := range m.domains {
		keys = append(keys, txt(d.Name), dns.Key{Name: d.Name, Type: dns.TypeMX})
		if name, err := d.Child("_dmarc"); err == nil {
			keys = append(keys, txt(name))
		}
	}
	for _, d := range m.inv.Devices {
		name, err := dns.ParseName(d.SignSelector + "._domainkey." + string(d.SignsAs))
		if d.SignSelector != "" && err == nil && m.owns(name) {
			keys = append(keys, txt(name))
		}
	}
	return keys
}

// stale asks the resolver for a set, and reports whether it says something else
// than the server did.
func (v *verifier) stale(k dns.Key, at dns.Answer, negative time.Duration) (Stale, bool) {
	a, err := v.r.Lookup(context.Background(), k.Name, k.Type)
	if err != nil {
		return Stale{Key: k, Err: dns.AsError(err)}, true
	}
	return Stale{Key: k, Held: standing(a), TTL: ttlOf(a, negative)}, !sameData(standing(a), standing(at))
}

// standing returns what an answer says that stands at the name: records, or the
// alias in their place.
func standing(a dns.Answer) []dns.Record {
	if len(a.Chain) > 0 {
		return a.Chain[:1]
	}
	return a.Records
}

func sameData(a, b []dns.Record) bool {
	lacks := func(set []dns.Record) func(dns.Record) bool {
		return func(r dns.Record) bool {
			return !slices.ContainsFunc(set, func(o dns.Record) bool { return o.Data == r.Data })
		}
	}
	return !slices.ContainsFunc(a, lacks(b)) && !slices.ContainsFunc(b, lacks(a))
}

// ttlOf is how long an answer may be kept; negative is that of one that says
// that nothing is there, if it does not say itself (RFC 2308 §5).
func ttlOf(a dns.Answer, negative time.Duration) time.Duration {
	var longest uint32
	for _, r := range standing(a) {
		longest = max(longest, r.TTL)
	}
	switch {
	case len(standing(a)) > 0:
		return time.Duration(longest) * time.Second
	case a.Negative != nil:
		return time.Duration(a.Negative.TTL) * time.Second
	}
	return negative
}
