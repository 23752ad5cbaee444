package planner

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
)

// comparePolicy blocks where receivers would do less than today with what others
// send in a domain's name, unless the inventory wishes that.
func (m *maker) comparePolicy(d *domain, then dns.Resolver) {
	elsewhere := func(name dns.Name) bool { return name != d.Name && m.domain(name) != nil }
	for _, find := range []func(dns.Resolver) dmarc.Discovery{
		func(r dns.Resolver) dmarc.Discovery { return dmarc.Discover(m.ctx, r, d.Name) },
		func(r dns.Resolver) dmarc.Discovery {
			return dmarc.Discover7489(m.ctx, r, d.Name, check.PublicSuffix)
		},
	} {
		today, later := find(m.now), find(then)
		if elsewhere(today.PolicyDomain) || today.PolicyDomain != d.Name && elsewhere(later.PolicyDomain) {
			continue // it is told of the domain whose record it is
		}
		if m.policyFalls(d, today, later) {
			return
		}
	}
}

// policyFalls compares what receivers of one generation find, and reports whether
// there was something to say.
func (m *maker) policyFalls(d *domain, today, later dmarc.Discovery) bool {
	was, is := strength(today), strength(later)
	switch {
	case today.Err != nil && later.Err != nil: // the same question as far as that shows
		return false
	case today.Err != nil && is == strongest, later.Err != nil && was == protection{} && today.Source == dmarc.FromNowhere:
		return false
	case today.Err != nil:
		return m.policyNotCompared(d, today.Err)
	case later.Err != nil:
		return m.policyNotCompared(d, later.Err)
	}
	wish := keepBelow(wishOf(d), today)
	if _, own := today.Record.Tag("sp"); !own && wish.Subdomains == dmarc.NoPolicy {
		wish.Subdomains = wish.Target // as a plan has it: they follow the domain, and fall with it where pct or t lowers it
	}
	absent := wish.NonExistent
	if absent == dmarc.NoPolicy || old(today) { // RFC 9989 §4.7: np falls back to sp
		absent = wish.Subdomains
	}
	var what string
	switch {
	case today.Source != dmarc.FromNowhere && later.Source == dmarc.FromNowhere:
		what = "its DMARC record goes"
	case is.own < floor(was.own, wish.Target):
		what = "its DMARC policy falls"
	case forBelow(today) && later.Source == dmarc.FromAuthor && !forBelow(later): // a record above is read for names below
	case forBelow(today) && (is.sub < floor(was.sub, wish.Subdomains) || is.gone < floor(was.gone, absent)):
		what = "its DMARC policy for subdomains falls"
	}
	if what == "" {
		return false
	}
	m.block(Block{ID: BlockUnguarded, Subject: string(d.Name), Message: fmt.Sprintf("%s: %q today, %q afterwards", what, policyText(today), policyText(later)),
		Fix: "take the record into the zone again, or write the policy that you want into domains.dmarc"})
	return true
}

func (m *maker) policyNotCompared(d *domain, cause *dns.Error) bool {
	if asking(cause) {
		return false
	}
	m.unknown(Unknown{Subject: string(d.Name), Message: "whether its DMARC policy stays is not known, because " + cause.Key.String() + " was not answered", Fix: "try again when that name answers", Cause: cause})
	return true
}

// protection is what receivers do with failing mail: from the domain, from
// subdomains that exist and from those that do not. 100 is quarantine and 200
// reject, of all mail.
type protection struct{ own, sub, gone int }

// forBelow reports whether a policy is that of a record which receivers read for
// names below the domain too (RFC 9989 §4.10).
func forBelow(d dmarc.Discovery) bool { return d.Source == dmarc.FromAuthor && d.Org == d.Author }

// old reports whether a policy is what receivers by RFC 7489 find.
func old(d dmarc.Discovery) bool { return d.OrgRule == dmarc.RulePublicSuffix }

var strongest = protection{200, 200, 200}

// strength is the protection that a policy gives.
func strength(d dmarc.Discovery) protection {
	own := severity(d.Effective, d.PCT)
	if !forBelow(d) {
		return protection{own, own, own}
	}
	rec := d.Record
	if old(d) { // they know pct (RFC 7489 §6.6.4), and not np
		sub := severity(rec.SP, rec.PCT)
		return protection{own, sub, sub}
	}
	p := protection{own, severity(rec.SP, 100), severity(rec.NP, 100)}
	if rec.T { // RFC 9989 §4.7: one level lower
		p.sub, p.gone = max(0, p.sub-100), max(0, p.gone-100)
	}
	return p
}

func severity(p dmarc.Policy, pct int) int {
	if p != dmarc.Quarantine && p != dmarc.Reject {
		return 0
	}
	return int(p-dmarc.Quarantine)*100 + pct
}

// floor is how far a protection may fall: to the policy that is wished.
func floor(today int, wish dmarc.Policy) int {
	if wish == dmarc.NoPolicy {
		return today
	}
	return min(today, severity(wish, 100))
}

// policyText is the record that gives the policy, as far as a message has room for
// it, or "".
func policyText(d dmarc.Discovery) string {
	if d.Source == dmarc.FromNowhere {
		return ""
	}
	return fmt.Sprintf("%.400s", d.Record.Text())
}
