package dns

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// planServer is Answer.Server and Error.Server where a plan decides.
const planServer = "plan"

// Overlay answers as the DNS will once a plan is published: from the planned
// sets, and from another resolver where they change nothing.
//
// A plan changes more than its own sets. A new name makes the names above it
// exist and stops wildcards for itself and below; the last set of a name takes
// the name with it, and lets a wildcard in; a new wildcard answers for names
// that do not exist; chains of the base lead into planned names. An Overlay
// answers all this as a server would. Where the base cannot tell, it fails with
// cause NotAsked: with the base's own error when the base lacks a question, and
// with Server "plan" when no question could tell, as after a removal when other
// sets of that name may remain.
//
// One thing is inferred rather than known. Below a wildcard of the base, a name
// that answers as the wildcard does is taken for not existing, but only where
// it has the same records either way, so that nothing but the Exists of an
// empty answer rests on it. [Overlay.Without] tells what is known.
//
// An Overlay does not change and is safe for concurrent use if its base is.
type Overlay struct {
	base    Resolver
	planned map[Key][]Record // what each changed set becomes
	absent  []Name           // known not to exist in the base
	zones   map[Key]Name     // the apex above each changed set
	keys    []Key            // of planned, sorted
}

// NewOverlay lays the changes over base; of several changes of one set the last
// counts. It asks nothing, so it cannot see whether the plan fits what is
// there: see [Overlay.Check].
func NewOverlay(base Resolver, changes []Change) *Overlay {
	o := &Overlay{base: base, planned: map[Key][]Record{}, zones: map[Key]Name{}}
	for _, c := range changes {
		o.planned[c.Key] = tidy(slices.Clone(c.New))
		o.zones[c.Key] = c.Zone
		if c.Zone == "" {
			o.zones[c.Key] = Root
		}
	}
	o.keys = slices.SortedFunc(maps.Keys(o.planned), compareKeys)
	return o
}

// Without returns the overlay with the knowledge that names do not exist in the
// base: what that answers for them, and for names below them, comes from a
// wildcard.
func (o *Overlay) Without(names ...Name) *Overlay {
	known := *o
	known.absent = slices.Concat(o.absent, names)
	return &known
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
}

// Lookup answers as the DNS will after the changes.
func (o *Overlay) Lookup(ctx context.Context, name Name, t Type) (Answer, error) {
	whole := Answer{Secure: true}
	for target := name; ; target = whole.Target(name) {
		part, err := o.next(ctx, Key{target, t})
		if err != nil {
			return Answer{}, err
		}
		// An answer is as secure as its least secure part.
		part.Secure = part.Secure && whole.Secure
		part.Chain = append(whole.Chain, part.Chain...)
		whole = part.Answer
		if detail := loop(name, whole.Chain); detail != "" {
			return Answer{}, &Error{Key: Key{name, t}, Cause: Loop, Server: planServer, Detail: detail}
		}
		if !part.more {
			return whole, nil
		}
	}
}

// part is an answer, or when more is set the first aliases of one.
type part struct {
	Answer
	more bool
}

// next answers from one name on, as far as one source can tell.
func (o *Overlay) next(ctx context.Context, k Key) (part, error) {
	if p, ok := o.fromPlan(k); ok {
		return p, nil
	}
	p, err := o.fromBase(ctx, k)
	if err != nil || !o.touched(k.Name) {
		return p, err
	}
	return o.judge(ctx, k, p)
}

// fromPlan answers from the planned sets of one name, if these decide. A
// planned CNAME record hides all else at its name.
func (o *Overlay) fromPlan(k Key) (part, bool) {
	if set := o.planned[k]; len(set) > 0 {
		return part{Answer: Answer{Records: slices.Clone(set), Exists: true, Server: planServer}}, true
	}
	if alias := o.planned[Key{k.Name, TypeCNAME}]; len(alias) > 0 {
		return part{Answer{Chain: slices.Clone(alias[:1]), Exists: true, Server: planServer}, true}, true
	}
	return part{}, false
}

// fromBase asks the base and leaves its chain at the first name that the plan
// touches.
func (o *Overlay) fromBase(ctx context.Context, k Key) (part, error) {
	a, err := o.base.Lookup(ctx, k.Name, k.Type)
	if err != nil {
		return o.firstAlias(ctx, k, err)
	}
	if len(a.Chain) > 0 && o.touched(k.Name) {
		a.Chain = a.Chain[:1]
		return part{Answer{Chain: a.Chain, Exists: true, Secure: a.Secure, Server: a.Server}, true}, nil
	}
	for i, c := range a.Chain {
		if o.touched(c.Data.(CNAME).Target) {
			return part{Answer{Chain: slices.Clone(a.Chain[:i+1]), Exists: true, Secure: a.Secure, Server: a.Server}, true}, nil
		}
	}
	a.Chain, a.Records = slices.Clone(a.Chain), slices.Clone(a.Records)
	return part{Answer: a}, nil
}

// firstAlias handles a question that failed in the base: where the name is an
// alias, the failure may be that of a target that the plan repairs, such as a
// loop that it opens.
func (o *Overlay) firstAlias(ctx context.Context, k Key, failed error) (part, error) {
	switch e := AsError(failed); {
	case e == nil || k.Type == TypeCNAME:
		return part{}, failed
	case e.Cause == NotAsked || e.Cause == Canceled || e.Cause == Budget:
		return part{}, failed
	}
	a, err := o.base.Lookup(ctx, k.Name, TypeCNAME)
	switch {
	case err != nil && AsError(failed).Cause == Loop:
		return part{}, err
	case err != nil || len(a.Chain) > 0 || len(a.Records) == 0:
		return part{}, failed
	}
	return part{Answer{Chain: slices.Clone(a.Records[:1]), Exists: true, Secure: a.Secure, Server: a.Server}, true}, nil
}

// touched reports whether the plan can change what there is at n: its sets,
// its existence, or the wildcard that answers for it.
func (o *Overlay) touched(n Name) bool {
	for _, k := range o.keys {
		zone := o.zones[k]
		if n == k.Name || wildcardFor(n, k.Name) {
			return true
		}
		// Both hang from this name; if the plan makes or unmakes it, n may find
		// another closest encloser. Zone apexes always exist.
		if c := common(n, k.Name); c != zone && c.Below(zone) {
			return true
		}
	}
	return false
}

// wildcardFor reports whether planned is, or hangs from, a wildcard that n may
// match. RFC 4592 §2.2.1: a name below a wildcard makes that wildcard exist.
func wildcardFor(n, planned Name) bool {
	for w := planned; w != Root; w = w.Parent() {
		if isWildcard(w) && n != w.Parent() && n.Below(w.Parent()) {
			return true
		}
	}
	return false
}

func isWildcard(n Name) bool { return n == "*" || strings.HasPrefix(string(n), "*.") }

// common returns the deepest name that both names are at or below.
func common(a, b Name) Name {
	for !b.Below(a) {
		a = a.Parent()
	}
	return a
}

// judge turns what the base gives at a touched name, for which no set is
// planned, into what will be there.
func (o *Overlay) judge(ctx context.Context, k Key, base part) (part, error) {
	j := judgement{Overlay: o, ctx: ctx, t: k.Type}
	p := j.answer(k.Name, base)
	if j.err != nil {
		return part{}, j.err
	}
	if j.inferred && !sameRecords(p, base) {
		return part{}, unclear(k, "a wildcard may or may not answer for this name")
	}
	return p, nil
}

// filled reports whether a part has any record.
func filled(p part) bool { return len(p.Chain) > 0 || len(p.Records) > 0 }

func unclear(k Key, detail string) *Error {
	return &Error{Key: k, Cause: NotAsked, Server: planServer, Detail: detail}
}

// Check tells whether the plan fits what is there: no set beside a CNAME record,
// planned or existing (RFC 1034 §3.6.2). It asks the base; where that fails, the
// error is an [*Error], else it is the conflict in words.
//
// It is a method of its own because a conflict is known only after questions,
// while [Overlay.Lookup] must answer whatever was planned.
func (o *Overlay) Check(ctx context.Context) error {
	for _, k := range o.keys {
		if len(o.planned[k]) == 0 || besideAlias(k.Type) {
			continue
		}
		others := []Type{TypeCNAME}
		if k.Type == TypeCNAME {
			others = telltales
			if len(o.planned[k]) > 1 {
				return fmt.Errorf("%s: two CNAME records are planned at one name", k.Name)
			}
		}
		for _, t := range others {
			if err := o.checkBeside(ctx, k, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBeside looks for a set of type t beside the planned set k.
func (o *Overlay) checkBeside(ctx context.Context, k Key, t Type) error {
	other := Key{k.Name, t}
	if set, changed := o.planned[other]; changed {
		if len(set) > 0 {
			return fmt.Errorf("%s: %s and %s records are planned at one name", k.Name, k.Type, t)
		}
		return nil
	}
	j := judgement{Overlay: o, ctx: ctx, t: t}
	there := j.ask(other)
	// An answer with a chain is about an alias, which is asked for on its own.
	if len(there.Records) == 0 || len(there.Chain) > 0 || !j.real(k.Name) {
		return j.err
	}
	return fmt.Errorf("%s: %s records are planned, but the name has %s records that stay", k.Name, k.Type, t)
}
