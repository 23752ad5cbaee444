package dmarc

import (
	"context"

	"sendplan/internal/dns"
)

// Discover finds the policy for mail from author, and author's organizational
// domain (RFC 9989 §4.10). A failure of the DNS makes unknown what depends on
// it, and nothing else.
func Discover(ctx context.Context, r dns.Resolver, author dns.Name) Discovery {
	d := Discovery{Author: author, PCT: 100, Walk: walk(ctx, r, author)}
	all := outcomes(author, d.Walk)
	d.organization(all)
	at, ok := certain(all, func(o outcome) int { return o.at })
	switch {
	case !ok || at >= 0 && d.Walk[at].Err != nil:
		d.lost(firstFailure(d.Walk))
	case at >= 0:
		d.apply(ctx, r, at)
	}
	return d
}

// lost says that the policy could not be found out.
func (d *Discovery) lost(why *dns.Error) {
	d.Source, d.Policy, d.Effective, d.Err = FromUnknown, Unknown, Unknown, why
}

func (d *Discovery) organization(all []outcome) {
	org, ok := certain(all, func(o outcome) dns.Name { return o.org })
	if !ok {
		d.OrgErr = firstFailure(d.Walk)
		return
	}
	d.Org = org
	// Several rules may give the same domain.
	d.OrgRule, _ = certain(all, func(o outcome) Rule { return o.rule })
}

// apply takes the policy from the record of step at.
func (d *Discovery) apply(ctx context.Context, r dns.Resolver, at int) {
	s := d.Walk[at]
	d.Record, d.PolicyDomain = s.Record, s.Domain
	switch {
	case d.Record.Use == UseNothing:
		// RFC 9989 §4.10.1: no DMARC processing, and no other record is looked for.
		// §4.7 has a missing p "treated as p=none", but refers to §4.10.1, which is
		// the exact rule; no mail is affected either way.
		return
	case at == 0:
		d.Source = FromAuthor
	case d.Record.PSD == PSDYes:
		d.Source = FromPSD
	default:
		d.Source = FromOrg
	}
	d.policy(ctx, r)
}

// policy takes p, sp or np from the record (RFC 9989 §4.10.1).
func (d *Discovery) policy(ctx context.Context, r dns.Resolver) {
	rec := d.Record
	switch {
	case d.Source == FromAuthor:
		d.set(rec.P, "p")
		return
	case rec.SP == rec.NP:
		d.set(rec.SP, rec.subdomainTag())
		return
	}
	d.Existence, d.Err = exists(ctx, r, d.Author)
	switch {
	case d.Existence == Exists:
		d.set(rec.SP, rec.subdomainTag())
	case d.Existence == DoesNotExist:
		d.set(rec.NP, "np")
	default:
		d.Policy, d.Effective = Unknown, Unknown
		if rec.tested(rec.SP) == rec.tested(rec.NP) {
			d.Effective = rec.tested(rec.SP)
		}
	}
}

func (d *Discovery) set(p Policy, tag string) {
	d.Policy, d.Effective = p, d.Record.tested(p)
	if d.Record.Use == UsePolicy {
		d.Tag = tag
	}
}

// tested lowers a policy by one level if the record is being tested. RFC 9989
// §4.7, t: reject becomes quarantine, quarantine becomes none.
func (r Record) tested(p Policy) Policy {
	if r.T {
		return p.lower()
	}
	return p
}

// subdomainTag names the tag that holds for existing subdomains.
func (r Record) subdomainTag() string {
	if r.sp.present {
		return "sp"
	}
	return "p"
}

// exists asks whether a name exists. RFC 9989 §3.2.13, A.4: it does not if the
// answer is NXDOMAIN, whatever type was asked for; TXT is what SPF asks for at
// this name anyway. Behind an alias NXDOMAIN is about the alias's target (RFC
// 6604 §3), and the name that holds the alias exists. Where a server denies
// existence compactly (RFC 9824) nobody sees NXDOMAIN, and sp holds.
func exists(ctx context.Context, r dns.Resolver, name dns.Name) (Existence, *dns.Error) {
	answer, err := r.Lookup(ctx, name, dns.TypeTXT)
	switch {
	case err != nil:
		return ExistsNotKnown, failure(err, dns.Key{Name: name, Type: dns.TypeTXT})
	case answer.Exists || len(answer.Chain) > 0:
		return Exists, nil
	}
	return DoesNotExist, nil
}
