package dmarc

// view is how receivers of one generation treat mail that fails: from the
// domain, from subdomains that exist and from those that do not. Subdomains
// count only where the domain is an organizational one, since no other record
// is read for them.
type view struct {
	own, sub, gone severity
	adkim, aspf    Mode
}

// severity is 0 without effect, 100 for quarantine and 200 for reject, and in
// between if pct leaves a part of the mail one level lower (RFC 7489 §6.6.4).
type severity int

func severityOf(p Policy, pct int) severity {
	if p < Quarantine || p > Reject {
		return 0
	}
	return severity(int(p-Quarantine)*100 + pct)
}

// policy returns the lowest policy that is not below the severity.
func (s severity) policy() Policy {
	return None + Policy((s+99)/100)
}

// state is how receivers treat failing mail: by RFC 9989 and by RFC 7489.
type state struct{ now, old view }

// tightens reports whether any receiver would treat some failing mail worse in
// the second view. Stricter alignment makes more mail fail.
func (v view) tightens(to view) bool {
	return to.own > v.own || to.sub > v.sub || to.gone > v.gone || to.enforces() && (to.adkim > v.adkim || to.aspf > v.aspf)
}

func (v view) enforces() bool { return max(v.own, v.sub, v.gone) > 0 }

func (s state) tightens(to state) bool { return s.now.tightens(to.now) || s.old.tightens(to.old) }

func (s state) enforces() bool { return s.now.enforces() || s.old.enforces() }

// fallsShort reports whether any receiver treats some mail better than before
// and than it is meant to.
func (v view) fallsShort(before view, p, sp, np Policy) bool {
	return v.own < min(before.own, severityOf(p, 100)) || v.sub < min(before.sub, severityOf(sp, 100)) ||
		v.gone < min(before.gone, severityOf(np, 100))
}

// stateOf returns what receivers make of a record at the name.
func (c *climber) stateOf(r Record) state {
	use := r.use(r.p, r.sp) // RFC 7489 §6.6.3 step 6
	p, sp, _ := r.policies(use)
	s := state{
		now: view{own: severityOf(r.tested(r.P), 100)},
		old: view{own: severityOf(p, r.PCT)},
	}
	if r.Use != UseNothing {
		s.now.adkim, s.now.aspf = r.ADKIM, r.ASPF
	}
	if use != UseNothing {
		s.old.adkim, s.old.aspf = r.ADKIM, r.ASPF
	}
	if c.now.Org == c.now.Author {
		s.now.sub, s.now.gone = severityOf(r.tested(r.SP), 100), severityOf(r.tested(r.NP), 100)
	}
	if c.old.Org == c.old.Author {
		s.old.sub = severityOf(sp, r.PCT)
		s.old.gone = s.old.sub // np is unknown there
	}
	return s
}

// today returns what receivers do now.
func (c *climber) today() state {
	if c.step.Kept {
		return c.stateOf(c.step.Record)
	}
	s := state{now: inherited(c.now), old: inherited(c.old)}
	if c.now.Source == FromPSD && c.now.Org == c.now.Author {
		rec := c.now.Record
		s.now.sub, s.now.gone = severityOf(rec.tested(rec.SP), 100), severityOf(rec.tested(rec.NP), 100)
	}
	return s
}

// inherited returns the view of a domain without a record of its own.
func inherited(d Discovery) view {
	v := view{own: severityOf(d.Effective, d.PCT)}
	if d.Source != FromNowhere {
		v.adkim, v.aspf = d.Record.ADKIM, d.Record.ASPF
	}
	return v
}
