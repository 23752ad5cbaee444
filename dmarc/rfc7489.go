package dmarc

import (
	"context"
	"fmt"

	"sendplan/internal/dns"
)

// Discover7489 finds the policy as receivers do that still follow RFC 7489;
// suffix returns a name's public suffix.
//
// It follows the text of RFC 7489 §6.6.3 where that is stricter than today: two
// records at a name end the search with no policy. It does not insist on p right
// after v, as the grammar of §6.4 does, because few receivers ever did; [Parse]
// notes it. Subdomains get sp whether they exist or not: np came with RFC 9091,
// an experiment. pct is honoured, t and psd are unknown tags.
func Discover7489(ctx context.Context, r dns.Resolver, author dns.Name, suffix func(dns.Name) dns.Name) Discovery {
	d := Discovery{Author: author, PCT: 100, OrgRule: RulePublicSuffix}
	d.Org, _ = SuffixOrg(suffix)(author)
	first := ask(ctx, r, author)
	d.Walk = []Step{first}
	if d.Org != author && !first.Kept && !first.several() {
		d.Walk = append(d.Walk, ask(ctx, r, d.Org)) // after an error too: one pass asks everything
	}
	for i, s := range d.Walk {
		switch {
		case s.Err != nil:
			d.lost(s.Err)
			return d
		case s.Kept:
			d.apply7489(i)
			return d
		}
	}
	return d
}

// several reports whether a name has more than one DMARC record. RFC 7489 §6.6.3
// step 5: that ends the search, with no policy.
func (s Step) several() bool {
	for _, t := range s.Texts {
		if t.Fate == Several {
			return true
		}
	}
	return false
}

// apply7489 takes the policy from the record of step at.
func (d *Discovery) apply7489(at int) {
	d.Record, d.PolicyDomain = d.Walk[at].Record, d.Walk[at].Domain
	rec := d.Record
	// RFC 7489 §6.6.3 step 6: the rule of today, without np
	use := rec.use(rec.p, rec.sp)
	if use == UseNothing {
		return
	}
	p, sp, _ := rec.policies(use)
	d.Source, d.Policy, d.Tag = FromAuthor, p, "p"
	if at > 0 {
		d.Source, d.Policy, d.Tag = FromOrg, sp, rec.subdomainTag()
	}
	if use == UseAsNone {
		d.Tag = ""
	}
	// RFC 7489 §6.6.4: mail that is not sampled gets the policy one level lower.
	d.Effective, d.PCT = d.Policy, rec.PCT
	if rec.PCT == 0 {
		d.Effective, d.PCT = d.Policy.lower(), 100
	}
}

// Differences says in words where the views of [Discover] and [Discover7489]
// lead to different results.
func Differences(d9989, d7489 Discovery) []string {
	var diffs []string
	say := func(format string, args ...any) { diffs = append(diffs, fmt.Sprintf(format, args...)) }
	if d9989.Org != "" && d7489.Org != "" && d9989.Org != d7489.Org {
		say("the organizational domain is %s by RFC 9989 (%s), %s by RFC 7489 (public suffix list)", d9989.Org, d9989.OrgRule, d7489.Org)
	}
	if d9989.Source == FromUnknown || d7489.Source == FromUnknown {
		return diffs
	}
	if d9989.PolicyDomain != d7489.PolicyDomain {
		say("the policy record is %s by RFC 9989, %s by RFC 7489", place(d9989), place(d7489))
	}
	if a, b := d9989.Effective, d7489.Effective; a != b && a != Unknown {
		say("the policy is %s by RFC 9989, %s by RFC 7489", d9989.effect(), d7489.effect())
	} else if d7489.PCT < 100 && b > None {
		say("the policy is for all failing mail by RFC 9989, for %d percent of it by RFC 7489 (pct)", d7489.PCT)
	}
	return diffs
}

func place(d Discovery) string {
	if d.PolicyDomain == "" {
		return "nowhere"
	}
	return "at " + d.PolicyDomain.String()
}

// effect names the effective policy and the tags that made it.
func (d Discovery) effect() string {
	switch {
	case d.Effective == NoPolicy:
		return "not applied"
	case d.Tag == "":
		return d.Effective.String()
	case d.Effective == d.Policy:
		return fmt.Sprintf("%s (%s)", d.Effective, d.Tag)
	case d.OrgRule == RulePublicSuffix:
		return fmt.Sprintf("%s (%s=%s with pct=0)", d.Effective, d.Tag, d.Policy)
	}
	return fmt.Sprintf("%s (%s=%s with t=y)", d.Effective, d.Tag, d.Policy)
}
