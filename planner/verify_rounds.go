package planner

import (
	"context"
	"slices"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// verifier holds a standing while it is found out, in rounds: each makes a plan
// as if every zone had one server only. A server that answers all questions of
// that plan alike would have the same plan, so it needs no round of its own.
type verifier struct {
	inv     *inventory.Inventory
	r       dns.Resolver
	options Options

	zones   []*zoneStanding
	rounds  []verifyRound
	unknown []Unknown
	wait    time.Duration // of what servers lack
}

// zoneStanding is one zone and its servers.
type zoneStanding struct {
	apex    dns.Name
	servers []*ServerStanding
	pending []*ServerStanding // nothing is known of them yet
	stands  *ServerStanding   // for the zone where others are looked at: one that has all, if there is one
}

// verifyRound is a plan and the servers that it was made from.
type verifyRound struct {
	*maker
	only []*only
}

// findZones finds the zones of the own domains.
func (v *verifier) findZones() {
	m := newMaker(v.inv, v.r, v.options)
	for _, d := range m.domains {
		v.addZone(m, d.Name)
	}
}

// addZone adds the zone of a name, if it is new.
func (v *verifier) addZone(m *maker, name dns.Name) {
	z := m.zones.Zone(name)
	if len(z.Servers) == 0 || z.Registry() {
		if z.Err != nil && !asking(z.Err) {
			v.note(Unknown{Subject: string(name), Message: "its zone and the authoritative servers of that could not be found", Fix: "try again; --nameserver names another way to one", Cause: z.Err})
		}
		return
	}
	if v.zone(z.Apex) != nil {
		return
	}
	added := &zoneStanding{apex: z.Apex}
	for _, s := range z.Servers {
		added.servers = append(added.servers, &ServerStanding{Zone: z.Apex, Nameserver: s})
	}
	added.pending = slices.Clone(added.servers)
	v.zones = append(v.zones, added)
}

func (v *verifier) zone(apex dns.Name) *zoneStanding {
	i := slices.IndexFunc(v.zones, func(z *zoneStanding) bool { return z.apex == apex })
	if i < 0 {
		return nil
	}
	return v.zones[i]
}

func (v *verifier) note(u Unknown) {
	if !slices.Contains(v.unknown, u) {
		v.unknown = append(v.unknown, u)
	}
}

// round looks at one more server of each zone that has one left. It reports
// false if none has.
func (v *verifier) round() bool {
	var looked []*zoneStanding
	var servers []*ServerStanding
	for _, z := range v.zones {
		if s := v.nextOf(z); s != nil {
			looked, servers = append(looked, z), append(servers, s)
		}
	}
	if len(looked) == 0 {
		return false
	}
	for i, z := range looked {
		if z.stands == nil {
			z.stands = servers[i]
		}
	}
	m := v.make(func(z *zoneStanding) *ServerStanding {
		if i := slices.Index(looked, z); i >= 0 {
			return servers[i]
		}
		return z.stands
	})
	answered := true
	for i, z := range looked {
		v.judge(z, servers[i], m)
		answered = answered && servers[i].Err == nil
	}
	if answered { // else it is known already why something could not be told
		v.doubts(m.maker)
	}
	for _, k := range m.zones.Keys() {
		if m.owns(k.Name) {
			v.addZone(m.maker, k.Name)
		}
	}
	return true
}

// owns reports whether a name is of a domain of the user's.
func (m *maker) owns(name dns.Name) bool {
	return slices.ContainsFunc(m.domains, func(d *domain) bool { return name.Below(d.Name) })
}

// nextOf takes the next server of a zone that answers as one, nil if none is
// left.
func (v *verifier) nextOf(z *zoneStanding) *ServerStanding {
	for len(z.pending) > 0 {
		s := z.pending[0]
		z.pending = z.pending[1:]
		if _, s.Err = v.at(s, dns.Key{Name: z.apex, Type: dns.TypeSOA}); s.Err == nil {
			return s
		}
	}
	return nil
}

// at asks one server.
func (v *verifier) at(s *ServerStanding, k dns.Key) (dns.Answer, *dns.Error) {
	if s.Nameserver.Err != nil {
		return dns.Answer{}, s.Nameserver.Err
	}
	a, err := dns.At(v.r, dns.SourceAt(s.Addr)).Lookup(context.Background(), k.Name, k.Type)
	return a, dns.AsError(err)
}

// make makes the plan from one server of each zone.
func (v *verifier) make(chosen func(*zoneStanding) *ServerStanding) verifyRound {
	aimed := redirect{Resolver: v.r}
	for _, z := range v.zones {
		if s := chosen(z); s != nil {
			aimed.only = append(aimed.only, newOnly(z, s))
		}
	}
	round := verifyRound{made(v.inv, aimed, v.options), aimed.only}
	v.rounds = append(v.rounds, round)
	return round
}

// judge says what a server lacks by the plan made from it, and the same of all
// that answer as it does.
func (v *verifier) judge(z *zoneStanding, s *ServerStanding, m verifyRound) {
	asked := m.asked(s)
	want := make([]string, len(asked))
	for i, k := range asked {
		a, err := v.at(s, k)
		if err != nil {
			s.Err = err
			return
		}
		want[i] = content(a)
	}
	for _, c := range m.plan.Changes() {
		if c.Zone == z.apex {
			s.Lacks = append(s.Lacks, c)
		}
	}
	v.wait = max(v.wait, m.wait(s.Lacks))
	if len(s.Lacks) == 0 && len(z.stands.Lacks) > 0 || z.stands.Err != nil {
		z.stands = s
	}
	z.pending = slices.DeleteFunc(z.pending, func(other *ServerStanding) bool { return v.alike(other, s, asked, want) })
}

// alike reports whether it is known now what another server lacks: the same as
// s, or why not.
func (v *verifier) alike(other, s *ServerStanding, asked []dns.Key, want []string) bool {
	differs := false
	for i, k := range asked {
		a, err := v.at(other, k)
		if err != nil && other.Err == nil {
			other.Err = err
		}
		differs = differs || err == nil && content(a) != want[i]
	}
	switch {
	case other.Err != nil:
		return true
	case !differs:
		other.Lacks = s.Lacks
		return true
	}
	return false
}

// doubts notes what of a plan may be otherwise because the DNS did not tell.
func (v *verifier) doubts(m *maker) {
	for _, u := range m.plan.Unknown {
		if u.Cause != nil {
			v.note(u)
		}
	}
	for _, k := range m.zones.Keys() {
		if s := m.zones.Set(k); s.Differs != "" {
			v.note(Unknown{Subject: k.String(), Message: "the authoritative servers differ: " + s.Differs, Fix: "wait until they agree"})
		}
	}
}

// upToDate returns the plan made from servers that have all, nil if a zone has
// none.
func (v *verifier) upToDate() *maker {
	for _, z := range v.zones {
		if !z.stands.hasAll() {
			return nil
		}
	}
	same := func(r verifyRound) bool {
		return len(r.only) == len(v.zones) && !slices.ContainsFunc(v.zones, func(z *zoneStanding) bool { return !r.from(z.stands) })
	}
	if i := slices.IndexFunc(v.rounds, same); i >= 0 {
		return v.rounds[i].maker
	}
	if len(v.zones) == 0 {
		return nil
	}
	m := v.make(func(z *zoneStanding) *ServerStanding { return z.stands })
	v.doubts(m.maker)
	return m.maker
}

func (s *ServerStanding) hasAll() bool { return s != nil && s.Err == nil && len(s.Lacks) == 0 }

// standings returns what is known of the servers.
func (z *zoneStanding) standings() []ServerStanding {
	var list []ServerStanding
	works := slices.ContainsFunc(z.servers, func(s *ServerStanding) bool { return s.Addr.Addr().Is6() && s.Err == nil })
	for _, s := range z.servers {
		if s.Err != nil {
			s.Remark = slices.ContainsFunc(z.servers, func(o *ServerStanding) bool { return o.Host == s.Host && o.Err == nil })
			s.NoRoute = !works && s.Addr.Addr().Is6() && s.Nameserver.Err == nil && s.Err.Cause == dns.Unreachable
		}
		list = append(list, *s)
	}
	return list
}
