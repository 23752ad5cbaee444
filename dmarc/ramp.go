package dmarc

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
)

// Wish is where a domain shall stand. [NoPolicy] keeps what is there.
type Wish struct {
	Target      Policy   // p
	Subdomains  Policy   // sp; where a record has no sp and none is wished, subdomains follow p
	NonExistent Policy   // np, in the same way
	RUA         []string // URIs that shall get aggregate reports, beside those that do
	Parked      bool     // nothing sends: go to the target, reject if none is named, at once
}

// Rung is one step: a record to publish, and what changes with it.
type Rung struct {
	Record        string   // the text to publish at _dmarc below the domain
	Removes       []string // the texts there that go; others stay
	Effective9989 Policy   // what receivers then do with failing mail from the domain, as [Discovery.Effective]
	Effective7489 Policy
	Tightens      bool   // some receiver would treat some failing mail worse than before this rung
	What          string // what is done and what follows, for people
}

// Ladder is the way from where a domain stands to where it shall stand.
type Ladder struct {
	Rungs []Rung     // in order; none if the domain stands there already
	Notes []string   // what of the wish is not planned and why, for people
	Err   *dns.Error // where it stands is not known: there are no rungs then
}

// Ramp returns the steps from what [Discover] and [Discover7489] found of a
// domain to what is wished for. It asks nothing.
//
// The first rung may change the record, but tightens nothing: it starts where
// receivers are today, whatever the text says that they cannot read. Each rung
// after that raises one tag by one level. No rung lowers what some receiver does
// today, unless the wish does. Hence the one exception to both rules: if
// receivers of the two generations do not do the same today, and no record
// without t and pct can keep that up, the first rung gives all of them the
// stricter policy, and says that it tightens.
//
// A wish without a target leaves the policy as it is: the reports are added and
// sp and np set, and a record is repaired only if that needs it.
func Ramp(d9989, d7489 Discovery, w Wish) Ladder {
	if err := unknown(d9989, d7489); err != nil {
		return Ladder{Err: err}
	}
	c := climber{now: d9989, old: d7489}
	if len(d9989.Walk) == 0 || d9989.Walk[0].Name == "" {
		return Ladder{Notes: []string{fmt.Sprintf("no record can be published for %s", d9989.Author)}}
	}
	c.step = d9989.Walk[0]
	c.want(w)
	plain := c
	if l := plain.climb(false); len(l.Rungs) == 0 || c.wish.Target == NoPolicy {
		return l
	}
	return c.climb(true) // the record changes, so what is obsolete in it can go
}

func unknown(d9989, d7489 Discovery) *dns.Error {
	for _, err := range []*dns.Error{d9989.Err, d9989.OrgErr, d7489.Err, d7489.OrgErr} {
		if err != nil {
			return err
		}
	}
	return nil
}

// climber goes from rung to rung.
type climber struct {
	now, old Discovery // by RFC 9989 and RFC 7489
	step     Step      // the domain's own name
	wish     Wish
	goal     goal

	rec      Record   // being changed
	replaces []string // the texts that rec takes the place of
	placed   string   // the text of the last rung, or that of today; "" for none
	state    state    // what receivers do with that
	doubtful bool     // some receivers dropped the record of the last rung as a whole
	words    []string // what was changed since

	ladder Ladder
}

// goal is what the tags shall mean in the end.
type goal struct{ p, sp, np Policy }

// want takes over of a wish what can be had.
func (c *climber) want(w Wish) {
	c.wish = Wish{Target: wishable(w.Target), Subdomains: wishable(w.Subdomains), NonExistent: wishable(w.NonExistent), Parked: w.Parked}
	if w.Parked && c.wish.Target == NoPolicy {
		c.wish.Target = Reject
	}
	for _, uri := range w.RUA {
		if u, ok := destination(uri); ok {
			c.wish.RUA = append(c.wish.RUA, u.Text)
		} else {
			c.note("%q is no URI that reports can be sent to: mailto: and an address are needed", brief(uri))
		}
	}
	if c.wish.Subdomains == NoPolicy && c.wish.NonExistent == NoPolicy {
		return
	}
	if !c.forSubdomains() {
		c.wish.Subdomains, c.wish.NonExistent = NoPolicy, NoPolicy
		c.note("a policy for subdomains (sp, np) has no effect at %s: receivers read it at %s", c.now.Author, c.now.Org)
	}
}

func wishable(p Policy) Policy {
	if p > Reject {
		return NoPolicy
	}
	return p
}

func (c *climber) note(format string, args ...any) {
	c.ladder.Notes = append(c.ladder.Notes, fmt.Sprintf(format, args...))
}

func (c *climber) say(format string, args ...any) {
	c.words = append(c.words, fmt.Sprintf(format, args...))
}

// climb makes the rungs; tidy leaves out what is obsolete and has no effect.
func (c *climber) climb(tidy bool) Ladder {
	c.state = c.today()
	if !c.begin() {
		return c.ladder
	}
	c.addReports()
	c.setGoal()
	c.lower()
	changed := c.rec.Text() != c.placed
	if tidy {
		c.tidy()
	}
	if changed {
		c.rung()
	}
	c.raise()
	c.publish()
	return c.ladder
}

// rung publishes what has changed; a parked domain takes all rungs at once.
func (c *climber) rung() {
	if !c.wish.Parked {
		c.publish()
	}
}

func (c *climber) publish() {
	text := c.rec.Text()
	if text == c.placed {
		return
	}
	s := c.stateOf(c.rec)
	old := c.rec.P
	if c.rec.use(c.rec.p, c.rec.sp) == UsePolicy {
		old = c.rec.p.policy // whatever np says
	}
	if c.rec.PCT == 0 {
		old = old.lower()
	}
	c.ladder.Rungs = append(c.ladder.Rungs, Rung{
		Record: text, Removes: c.replaces,
		Effective9989: c.rec.tested(c.rec.P), Effective7489: old,
		Tightens: c.state.tightens(s) || c.doubtful && s.enforces(),
		What:     strings.Join(c.words, "; "),
	})
	c.placed, c.replaces, c.state, c.words, c.doubtful = text, []string{text}, s, nil, false
}
