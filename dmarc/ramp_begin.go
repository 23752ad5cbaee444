package dmarc

import (
	"fmt"
	"slices"
	"strings"
)

// begin sets the record to start from, at what receivers do today. It reports
// whether there is anything to plan.
func (c *climber) begin() bool {
	own := c.step.Record
	switch {
	case !c.step.Kept:
		return c.wanted() && c.create()
	case c.wish.Target == NoPolicy && c.wish.Subdomains == NoPolicy && c.wish.NonExistent == NoPolicy && len(c.missing(own.RUA)) == 0:
		return false
	}
	c.rec, c.placed, c.replaces = own, own.Text(), []string{own.Text()}
	if own.Use != UsePolicy {
		c.mendOwn()
	}
	return true
}

// mendOwn makes of a record that receivers find no policy in one that says what
// they do.
func (c *climber) mendOwn() {
	mended, done := mend(c.placed)
	start := c.level()
	lowered := c.wish.Target != NoPolicy && c.wish.Target < start
	if lowered {
		start = c.wish.Target
	}
	rec := c.startAt(mended, start)
	if c.wish.Target == NoPolicy && c.state.tightens(c.stateOf(rec)) {
		if c.wish.Subdomains != NoPolicy || c.wish.NonExistent != NoPolicy {
			c.wish.Subdomains, c.wish.NonExistent = NoPolicy, NoPolicy
			c.note("sp and np are not set: the record must be repaired first, which tightens the policy for some receivers and so needs a target")
		}
		return
	}
	c.rec = rec
	c.say("repair the record, in which receivers find no policy that they can use%s", inWords(done))
	c.sayStart(start)
	if lowered {
		c.say("by wish that is lower than what some receivers apply today")
	}
}

// level is the lowest policy that is not below what any receiver does today.
func (c *climber) level() Policy { return max(c.state.now.own, c.state.old.own).policy() }

// startAt gives a record the policy p, and what is for subdomains the level that
// these have today. It takes out what would come into force with the record and
// was never tried.
func (c *climber) startAt(r Record, p Policy) Record {
	r = r.Without("t", "pct").With("p", p.String())
	if !c.step.Kept {
		r = r.Without("psd") // it would change which domains belong together
	}
	r = usable(usable(r, "sp", r.sp), "np", r.np)
	if !c.forSubdomains() {
		return r
	}
	if sub := max(c.state.now.sub, c.state.old.sub).policy(); r.SP != sub {
		r = r.With("sp", sub.String())
	}
	if gone := max(c.state.now.gone, c.state.old.gone).policy(); r.NP != gone {
		r = r.With("np", gone.String())
	}
	return r
}

// usable drops sp or np if its value is no policy, because receivers then find
// none in the whole record (RFC 9989 §4.10.1).
func usable(r Record, tag string, d declared) Record {
	if d.present && d.policy == NoPolicy {
		return r.Without(tag)
	}
	return r
}

// wanted reports whether a domain without a usable record of its own needs one.
func (c *climber) wanted() bool {
	w := c.wish
	if w.Subdomains != NoPolicy || w.NonExistent != NoPolicy || w.Target != NoPolicy && !c.enough(w.Target) {
		return true
	}
	var served []URI
	if c.now.Source != FromNowhere && (c.old.Source == FromNowhere || c.old.Record.Text() == c.now.Record.Text()) {
		served = c.now.Record.RUA
	} else if c.now.Source == FromNowhere && c.old.Source != FromNowhere {
		served = c.old.Record.RUA
	}
	return len(c.missing(served)) > 0
}

// enough reports whether all receivers find a policy above the domain that is
// at least as strict.
func (c *climber) enough(p Policy) bool {
	s := severityOf(p, 100)
	return c.now.Source != FromNowhere && c.old.Source != FromNowhere && c.state.now.own >= s && c.state.old.own >= s
}

// create starts a record of the domain's own: from those that receivers do not
// use, if there are any.
func (c *climber) create() bool {
	start := c.level()
	found := c.candidates()
	for _, f := range found {
		c.replaces = append(c.replaces, f.text)
	}
	rec := Parse("v=DMARC1;")
	if len(found) > 0 {
		rec = found[0].rec
	}
	rec = c.carry(c.startAt(rec, start))
	for _, f := range found[min(1, len(found)):] {
		rec = withAll(rec, f.rec.RUA)
	}
	if !c.possible(rec, start) {
		return false
	}
	c.rec = rec
	c.sayCreated(found, start)
	return true
}

// possible reports whether the wish allows for the record that keeps what
// receivers of both generations do.
func (c *climber) possible(rec Record, start Policy) bool {
	target := c.wish.Target
	switch {
	case target != NoPolicy && target < start && c.enough(target):
		c.note("%s inherits %s, which is stricter than the target %s: what else is wished takes a record of its own, which would lower that or miss the target; name %[2]s as the target, or none", c.now.Author, start, target)
		return false
	case target != NoPolicy && target < start:
		c.note("receivers do not agree on the policy of %s today: some apply %s, which is stricter than the target %s, and others less; no record keeps that up", c.now.Author, start, target)
		return false
	case target == NoPolicy && c.state.tightens(c.stateOf(rec)):
		c.note("%s needs a record of its own, which tightens the policy for some receivers and so needs a target", c.now.Author)
		return false
	}
	return true
}

// candidate is a text that receivers do not use as the domain's record, though
// it was meant to be that.
type candidate struct {
	text string
	rec  Record
	done []string
}

// candidates returns the records of which there are several, else the near
// misses of which it is clear what was meant.
func (c *climber) candidates() []candidate {
	var several, misses []candidate
	for _, t := range c.step.Texts {
		rec, done := mend(t.Text)
		switch {
		case t.Fate == Several:
			several = append(several, candidate{t.Text, rec, done})
		case t.Fate == NearMiss && rec.clear():
			misses = append(misses, candidate{t.Text, rec, done})
		}
	}
	if len(several) > 0 {
		return several
	}
	return misses
}

// carry adds what the domain inherits today and would lose with a record of its
// own: alignment, and the reports if the record is the owner's.
func (c *climber) carry(r Record) Record {
	d := c.now
	if d.Source == FromNowhere {
		d = c.old
	}
	if d.Source == FromNowhere {
		return r
	}
	above := d.Record
	r = keepStrict(keepStrict(r, "adkim", above.ADKIM), "aspf", above.ASPF)
	if !d.PolicyDomain.Below(c.old.Org) {
		return r // it is that of a public suffix: what its owner collects is not ours to go on sending
	}
	if reports := withAll(r, above.RUA); reports.Text() != r.Text() {
		c.say("carry over where the record of %s has aggregate reports sent, which an own record stops", d.PolicyDomain)
		r = reports
	}
	ruf, present := above.Tag("ruf")
	if _, has := r.Tag("ruf"); present && !has && anyValid(above.RUF) {
		r = r.With("ruf", ruf.Value)
		if fo, ok := above.Tag("fo"); ok {
			r = r.With("fo", fo.Value)
		}
	}
	return r
}

// keepStrict adds an alignment mode that is not the default.
func keepStrict(r Record, tag string, mode Mode) Record {
	if _, has := r.Tag(tag); has || mode != Strict {
		return r
	}
	return r.With(tag, mode.String())
}

// withAll adds the valid URIs of a list to rua.
func withAll(r Record, list []URI) Record {
	for _, u := range list {
		if body, _ := cutSize(u.Text); u.Valid {
			r = r.WithURI("rua", body)
		}
	}
	return r
}

func (c *climber) sayCreated(found []candidate, start Policy) {
	carried := c.words
	c.words = nil
	switch {
	case len(found) == 0:
		c.say("publish a record of the domain's own")
	case len(found) > 1:
		c.say("publish one record in place of %d, of which receivers use none%s", len(found), inWords(found[0].done))
	default:
		c.say("repair the record, which receivers do not take for one%s", inWords(found[0].done))
	}
	c.sayStart(start)
	c.words = append(c.words, carried...)
}

func (c *climber) sayStart(start Policy) {
	switch now, old := c.state.now.own, c.state.old.own; {
	case start == None && c.now.Source == FromNowhere && c.old.Source == FromNowhere && len(c.replaces) == 0:
		c.say("no policy applies today, and p=none asks for nothing but reports")
	case now == old && now == severityOf(start, 100):
		c.say("p=%s is what receivers do today", start)
	case start == c.level():
		c.say("p=%s is the strictest that receivers do today: those that follow RFC 9989 %s, older ones %s", start, treatment(now), treatment(old))
	}
}

// treatment says what receivers do with failing mail.
func treatment(s severity) string {
	p := s.policy()
	if part := s % 100; part > 0 {
		return fmt.Sprintf("%s %d percent", p, part)
	}
	return "apply " + p.String()
}

func inWords(done []string) string {
	if len(done) == 0 {
		return ""
	}
	return " (" + strings.Join(done, ", ") + ")"
}

// missing returns the wished destinations that a list lacks.
func (c *climber) missing(list []URI) []string {
	var missing []string
	for _, uri := range c.wish.RUA {
		if u, ok := destination(uri); ok && !hasDestination(list, u) && !slices.Contains(missing, uri) {
			missing = append(missing, uri)
		}
	}
	return missing
}
