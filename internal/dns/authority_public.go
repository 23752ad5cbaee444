package dns

import "context"

// Public returns a resolver that shows a zone as the internet sees it: names in
// it are asked of its authoritative servers by way of base, and of those that
// they refer to; all others are asked of base. An alias is followed to whoever
// its target belongs to.
func Public(base Resolver, zone Name, servers []Nameserver, places Places) Resolver {
	return PublicZones(base, []Authority{{Zone: zone, Servers: servers}}, places)
}

// PublicZones is [Public] for several zones; the deepest that holds a name is
// asked. Names in a zone whose Err is set fail for that reason.
func PublicZones(base Resolver, zones []Authority, places Places) Resolver {
	return public{finder{r: base, places: places}, zones}
}

type public struct {
	finder
	zones []Authority
}

// Lookup asks one question.
func (p public) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	asked := Key{name, t}
	p.ctx = ctx
	var chain []Record
	for target := name; ; {
		a, open, failed := p.step(Key{target, t})
		if failed != nil {
			return Answer{}, aboutTarget(failed, asked)
		}
		if chain != nil || open {
			a.Secure = false // nobody validated the whole of it
		}
		chain = append(chain, a.Chain...)
		a.Chain = chain
		if detail := loop(name, chain); detail != "" {
			return Answer{}, &Error{Key: asked, Cause: Loop, Server: a.Server, Detail: detail}
		}
		if !open {
			return a, nil
		}
		target = a.Target(name)
	}
}

// step asks for one name whoever it belongs to. The answer is open if the last
// alias of its chain was not followed.
func (p public) step(k Key) (a Answer, open bool, failed *Error) {
	if z, ok := p.zoneOf(k.Name); ok {
		if z.Err != nil {
			return Answer{}, false, &Error{Key: k, Cause: z.Err.Cause, Server: z.Err.Server, Detail: z.Err.Detail}
		}
		at, failed := p.descend(level{zone: z.Zone, servers: z.Servers}, k)
		return at.answer, len(at.answer.Chain) > 0, failed
	}
	a, failed = p.base(k.Name, k.Type)
	for i, link := range a.Chain { // from here on it may be another view of a zone
		if _, ok := p.zoneOf(link.Data.(CNAME).Target); ok {
			return Answer{Chain: a.Chain[: i+1 : i+1], Exists: true, Server: a.Server}, true, failed
		}
	}
	return a, false, failed
}

// zoneOf returns the deepest of the zones that holds a name.
func (p public) zoneOf(name Name) (deepest Authority, ok bool) {
	for _, z := range p.zones {
		if name.Below(z.Zone) && (!ok || z.Zone.Below(deepest.Zone)) {
			deepest, ok = z, true
		}
	}
	return deepest, ok
}

// Ask asks whoever the question names; the view is that of [Given] alone.
func (p public) Ask(ctx context.Context, q Question) (Answer, error) {
	if q.Source == Given {
		return p.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	return relay(ctx, p.r, q)
}

// Unreached returns a resolver that gives no answer of base about names in a
// zone, as if they could not be asked, for the reason given.
func Unreached(base Resolver, zone Name, why *Error) Resolver { return unreached{base, zone, why} }

type unreached struct {
	base Resolver
	zone Name
	why  *Error
}

// Lookup fails in the zone.
func (u unreached) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	a, err := u.base.Lookup(ctx, name, t)
	if err == nil && (name.Below(u.zone) || crosses(a, u.zone)) {
		return Answer{}, &Error{Key: Key{name, t}, Cause: u.why.Cause, Server: u.why.Server, Detail: u.why.Detail}
	}
	return a, err
}

// crosses reports whether a chain leads into a zone.
func crosses(a Answer, zone Name) bool {
	for _, r := range a.Chain {
		if r.Data.(CNAME).Target.Below(zone) {
			return true
		}
	}
	return false
}

// Ask asks whoever the question names; the zone is unreached for [Given] alone.
func (u unreached) Ask(ctx context.Context, q Question) (Answer, error) {
	if q.Source == Given {
		return u.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	return relay(ctx, u.base, q)
}
