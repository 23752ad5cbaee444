package dns

import (
	"context"
	"slices"
)

// telltales are the types asked for to learn whether a name has other sets than
// those that go.
var telltales = []Type{TypeA, TypeAAAA, TypeMX, TypeTXT}

// unlikely is a label that nobody has: what it answers comes from a wildcard.
const unlikely = "xq7v2kz9w4"

// census is a base that knows which names exist without being asked for sets.
type census interface {
	// exists reports whether a set is at or below the name other than those
	// that are gone.
	exists(n Name, gone func(Key) bool) bool
}

// judgement works out one name of an [Overlay]. It keeps the first failure, so
// that its steps read like the rules they follow; after a failure their results
// mean nothing.
type judgement struct {
	*Overlay
	ctx      context.Context
	t        Type
	err      error
	inferred bool // a name was taken for not existing because it answers as a wildcard does
}

// answer says what will be at n (RFC 4592 §3.3.1): its own sets, or those of the
// wildcard at its closest encloser, or nothing. base is what is there now.
func (j *judgement) answer(n Name, base part) part {
	if j.exists(n) {
		return j.own(n, base)
	}
	encloser := n.Parent()
	for j.err == nil && !j.exists(encloser) {
		encloser = encloser.Parent()
	}
	nothing := part{Answer: Answer{Server: base.Server, Negative: base.Negative}}
	source, err := encloser.Child("*")
	if j.err != nil || err != nil || !j.exists(source) {
		return nothing
	}
	p, ok := j.fromPlan(Key{source, j.t})
	if !ok {
		p = j.own(source, j.ask(Key{source, j.t}))
	}
	p.Chain, p.Records = owned(p.Chain, n), owned(p.Records, n)
	return p
}

// own says which sets n will have, given that it will exist and that none of
// its planned sets decides; base is what it has now.
func (j *judgement) own(n Name, base part) part {
	nothing := part{Answer: Answer{Exists: true, Server: base.Server, Negative: base.Negative}}
	set := Key{n, j.t}
	if len(base.Chain) > 0 {
		set.Type = TypeCNAME
	}
	if _, changed := j.planned[set]; changed || !filled(base) || !j.real(n) {
		return nothing
	}
	return base
}

// exists tells whether n will exist.
func (j *judgement) exists(n Name) bool {
	if j.err != nil {
		return false
	}
	for _, k := range j.keys {
		if j.zones[k].Below(n) || len(j.planned[k]) > 0 && k.Name.Below(n) {
			return true
		}
	}
	if c, ok := j.base.(census); ok {
		return c.exists(n, j.goes)
	}
	going := j.going(n)
	before := j.inferred
	j.inferred = false
	real, inferred := j.real(n), j.inferred
	j.inferred = before || inferred
	switch {
	case j.err != nil:
		return false
	case len(going) == 0:
		return real
	case !real && !inferred:
		return false
	case real && j.keepsOther(n):
		return true
	}
	if j.err == nil { // keepsOther may have failed
		j.err = unclear(Key{n, j.t}, "the plan removes "+going[0].String()+"; whether anything else is at or below "+n.String()+" is not known")
	}
	return false
}

func (j *judgement) goes(k Key) bool {
	_, changed := j.planned[k]
	return changed
}

// going returns the sets at or below n that the plan takes away and that may be
// there: what the base does not answer for is not there, what it answers for may
// come from a wildcard.
func (j *judgement) going(n Name) []Key {
	var keys []Key
	for _, k := range j.keys {
		if len(j.planned[k]) == 0 && k.Name.Below(n) && len(j.ask(k).Records) > 0 {
			keys = append(keys, k)
		}
	}
	return keys
}

// keepsOther reports whether n, which exists, has a set that the plan leaves.
func (j *judgement) keepsOther(n Name) bool {
	return slices.ContainsFunc(telltales, func(t Type) bool {
		k := Key{n, t}
		p := j.ask(k)
		if len(p.Chain) > 0 {
			k.Type = TypeCNAME
		}
		return filled(p) && !j.goes(k)
	})
}

// real tells whether n exists in the base by itself rather than through a
// wildcard.
func (j *judgement) real(n Name) bool {
	if j.err != nil {
		return false
	}
	for _, k := range j.keys {
		if j.zones[k].Below(n) {
			return true
		}
	}
	if c, ok := j.base.(census); ok {
		return c.exists(n, func(Key) bool { return false })
	}
	here := j.ask(Key{n, j.t})
	if !here.Exists {
		return false // RFC 8020 §2
	}
	if slices.ContainsFunc(j.absent, n.Below) {
		return false // RFC 4592 §2.2.1: nor is anything below a name that is not there
	}
	// If n does not exist, a wildcard answers for it, for others beside it and
	// for what is below it, all alike.
	for _, parent := range []Name{n.Parent(), n} {
		other, err := parent.Child(unlikely)
		if err != nil {
			continue
		}
		there := j.ask(Key{other, j.t})
		if !there.Exists || !sameRecords(here, there) {
			return true
		}
	}
	j.inferred = true
	return false
}

// ask returns what the base has at one name, its chain cut after the first
// alias.
func (j *judgement) ask(k Key) part {
	if j.err != nil {
		return part{}
	}
	a, err := j.base.Lookup(j.ctx, k.Name, k.Type)
	p := part{Answer: a}
	if err != nil {
		p, j.err = j.firstAlias(j.ctx, k, err)
	}
	if len(p.Chain) > 0 {
		return part{Answer{Chain: slices.Clone(p.Chain[:1]), Exists: true, Server: p.Server}, true}
	}
	return p
}

// sameRecords reports whether two parts hold the same data, whoever owns them.
func sameRecords(a, b part) bool {
	same := func(r, s Record) bool { return r.Data == s.Data }
	return slices.EqualFunc(a.Chain, b.Chain, same) && slices.EqualFunc(tidy(slices.Clone(a.Records)), tidy(slices.Clone(b.Records)), same)
}
