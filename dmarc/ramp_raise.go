package dmarc

import "strings"

// addReports adds the wished destinations.
func (c *climber) addReports() {
	added := c.missing(c.rec.RUA)
	for _, uri := range added {
		c.rec = c.rec.WithURI("rua", uri)
	}
	if len(added) > 0 {
		c.say("have aggregate reports sent to %s", strings.Join(added, " and "))
	}
}

// setGoal decides what the tags shall mean in the end. Without a tag of their
// own and without a wish, subdomains follow p, and those that do not exist
// follow sp (RFC 9989 §4.7).
func (c *climber) setGoal() {
	c.dropHindered()
	r, w := c.rec, c.wish
	c.goal = goal{r.P, r.SP, r.NP}
	if w.Target != NoPolicy {
		c.goal.p = w.Target
		if !r.sp.present {
			c.goal.sp = c.goal.p
		}
	}
	if w.Subdomains != NoPolicy {
		c.goal.sp = w.Subdomains
	}
	if !r.np.present {
		c.goal.np = c.goal.sp
	}
	if w.NonExistent != NoPolicy {
		c.goal.np = w.NonExistent
	}
}

// dropHindered gives up wishes for subdomains that pct or t would not let come
// true: those go only with a target, since they are about the domain as well.
func (c *climber) dropHindered() {
	r, w := c.rec, &c.wish
	if w.Target != NoPolicy || r.PCT == 100 && !r.T || max(w.Subdomains, w.NonExistent) <= None {
		return
	}
	w.Subdomains, w.NonExistent = NoPolicy, NoPolicy
	c.note("sp and np are not set: pct or t=y in the record weakens them, and goes only with a target for the domain itself")
}

// lower takes the policies down to the goal at once, where that is lower.
func (c *climber) lower() {
	before := c.rec
	c.set("p", before.P, min(before.P, c.goal.p))
	c.set("sp", c.rec.SP, min(before.SP, c.goal.sp))
	c.set("np", c.rec.NP, min(before.NP, c.goal.np))
	c.sayLowered("the policy", before.P, c.rec.P)
	if c.rec.sp.present || before.P == before.SP {
		c.sayLowered("the policy for subdomains", before.SP, c.rec.SP)
	}
	if c.rec.np.present {
		c.sayLowered("the policy for subdomains that do not exist", before.NP, c.rec.NP)
	}
	if c.wish.Target == NoPolicy {
		return
	}
	for _, tag := range []string{"pct", "t"} {
		s := c.stateOf(c.rec)
		if s.now.fallsShort(c.state.now, c.goal.p, c.goal.sp, c.goal.np) || s.old.fallsShort(c.state.old, c.goal.p, c.goal.sp, c.goal.sp) {
			c.remove(tag, "which would lower it further")
		}
	}
}

func (c *climber) sayLowered(what string, from, to Policy) {
	if to < from {
		c.say("lower %s from %s to %s, as wished", what, from, to)
	}
}

// set gives a tag another meaning than it has. One that is not there is added
// only if its default would mean something else.
func (c *climber) set(tag string, from, to Policy) {
	if from != to {
		c.rec = c.rec.With(tag, to.String())
	}
}

// remove drops a tag and says so, if it is there.
func (c *climber) remove(tag, why string) {
	if _, ok := c.rec.Tag(tag); !ok {
		return
	}
	c.rec = c.rec.Without(tag)
	c.say("remove %s, %s", tag, why)
}

// tidy leaves out what is no longer part of DMARC (RFC 9989 §9.3), and what
// would be in the way later, as far as that changes nothing.
func (c *climber) tidy() {
	if repeated := firstOnly(c.rec.Text()); repeated != c.rec.Text() {
		c.doubtful = true
		c.rec = Parse(repeated)
		c.say("keep only the first of each tag that stands there more than once: some receivers drop such a record")
	}
	tags := []string{"rf", "ri", "pct"}
	if c.tested() {
		tags = append(tags, "t")
	}
	before := c.stateOf(c.rec)
	for _, tag := range tags {
		if c.stateOf(c.rec.Without(tag)) == before {
			c.remove(tag, "which has no effect")
		}
	}
}

// weakened reports whether pct keeps a wish from coming true: older receivers
// honour it, and they do not know np.
func (c *climber) weakened() bool {
	w := c.wish
	return c.rec.PCT < 100 && w.Target != NoPolicy && max(w.Target, w.Subdomains) > None
}

// tested reports whether t=y keeps a wish from coming true.
func (c *climber) tested() bool {
	w := c.wish
	return c.rec.T && w.Target != NoPolicy && max(w.Target, w.Subdomains, w.NonExistent) > None
}

// raise goes up to the goal, one tag and one level at a time.
func (c *climber) raise() {
	if c.weakened() {
		c.remove("pct", "so that older receivers apply the policy to all failing mail, as those that follow RFC 9989 do")
		c.rung()
	}
	if c.tested() {
		c.remove("t", "so that receivers that follow RFC 9989 apply the policy in full, as older ones do")
		c.rung()
	}
	for c.rec.P < c.goal.p {
		c.raiseTag("p", "the policy"+c.following(), c.rec.P, c.goal.p)
	}
	for c.rec.SP < c.goal.sp {
		c.raiseTag("sp", "the policy for subdomains", c.rec.SP, c.goal.sp)
	}
	for c.rec.NP < c.goal.np {
		c.raiseTag("np", "the policy for subdomains that do not exist", c.rec.NP, c.goal.np)
	}
}

// following names who goes by p besides the domain.
func (c *climber) following() string {
	if !c.rec.sp.present && c.goal.sp > c.rec.SP && c.forSubdomains() {
		return ", for subdomains without one of their own too,"
	}
	return ""
}

// forSubdomains reports whether receivers read the domain's record for names
// below it.
func (c *climber) forSubdomains() bool {
	return c.now.Org == c.now.Author || c.old.Org == c.old.Author
}

func (c *climber) raiseTag(tag, what string, from, goal Policy) {
	to := from + 1
	if c.wish.Parked {
		to = goal
	}
	c.say("raise %s from %s to %s", what, from, to)
	c.rec = c.rec.With(tag, to.String())
	// Where a tag is not there its default rises as well, and may be held.
	c.set("sp", c.rec.SP, min(c.rec.SP, c.goal.sp))
	c.set("np", c.rec.NP, min(c.rec.NP, c.goal.np))
	c.rung()
}
