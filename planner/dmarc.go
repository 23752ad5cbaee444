package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/authority"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
)

// planDMARC takes the policy of a domain to where the inventory wishes it, one
// rung at a time, each with its conditions.
func (m *maker) planDMARC(d *domain) {
	wish := wishOf(d)
	if wish.Target == dmarc.NoPolicy && wish.Subdomains == dmarc.NoPolicy && wish.NonExistent == dmarc.NoPolicy && len(wish.RUA) == 0 && !wish.Parked {
		return
	}
	name, err := d.Child("_dmarc")
	if err != nil {
		return
	}
	set := m.zones.Set(txt(name))
	if !m.readable(set) {
		return
	}
	if wish.Parked && len(d.needs)+len(d.uses) > 0 {
		return // the SPF record says what is wrong
	}
	// What is planned for the domains above is part of what applies here.
	view := m.with(m.settled())
	now := dmarc.Discover(m.ctx, view, d.Name)
	p := policyPlan{maker: m, domain: d, set: set, present: set.Records, text: present(now), strict: acts(now)}
	var rungs []dmarc.Rung
	if wrong, ok := readMisspelt(now); ok && !wish.Parked && wish.Target != dmarc.None {
		rung, then, ok := p.correct(wrong, wish)
		if !ok {
			return
		}
		rungs, view = append(rungs, rung), then
		now = dmarc.Discover(m.ctx, view, d.Name)
	}
	ladder := dmarc.Ramp(now, dmarc.Discover7489(m.ctx, view, d.Name, check.PublicSuffix), keepBelow(wish, now))
	if ladder.Err != nil && !asking(ladder.Err) {
		m.unknown(Unknown{Subject: string(d.Name), Message: "which DMARC policy applies is not known, so nothing is planned for it", Fix: "plan again when that name answers", Cause: ladder.Err})
	}
	for _, note := range ladder.Notes {
		d.out.Notes = append(d.out.Notes, dmarcNote+note)
	}
	p.climb(append(rungs, ladder.Rungs...))
	if set.Alias == nil && len(rungs)+len(ladder.Rungs)+len(wish.RUA) > 0 {
		p.authorise()
	}
}

// climb plans rungs, or asks for the first of them where the record is kept
// elsewhere.
func (p *policyPlan) climb(rungs []dmarc.Rung) {
	if p.set.Alias != nil {
		p.askKeeper(rungs)
		return
	}
	for _, rung := range rungs {
		p.add(rung)
	}
}

// wishOf is what the inventory wishes for a domain's policy.
func wishOf(d *domain) dmarc.Wish {
	policies := map[inventory.DMARCTarget]dmarc.Policy{inventory.DMARCNone: dmarc.None, inventory.DMARCQuarantine: dmarc.Quarantine, inventory.DMARCReject: dmarc.Reject}
	w := d.wish.DMARC
	if d.wish.Parked == inventory.True { // names below it are parked with it
		w.Subdomains, w.NonExistent = parkedWish(w.Subdomains), parkedWish(w.NonExistent)
	}
	return dmarc.Wish{Target: policies[w.Target], Subdomains: policies[w.Subdomains], NonExistent: policies[w.NonExistent], RUA: w.RUA, Parked: d.wish.Parked == inventory.True}
}

// keepBelow keeps the policy for subdomains where that of the domain falls by wish
// and they follow it, so that nobody can write as them who could not before.
func keepBelow(wish dmarc.Wish, now dmarc.Discovery) dmarc.Wish {
	_, own := now.Record.Tag("sp")
	follows := now.Source == dmarc.FromAuthor && now.Org == now.Author && !own && !now.Record.T && now.Record.PCT == 100
	if wish.Target != dmarc.NoPolicy && wish.Subdomains == dmarc.NoPolicy && follows && wish.Target < now.Record.P && now.Record.P <= dmarc.Reject {
		wish.Subdomains = now.Record.P
	}
	return wish
}

// parkedWish is what a parked domain wishes for names below it where the
// inventory does not say.
func parkedWish(w inventory.DMARCTarget) inventory.DMARCTarget {
	if w == "" || w == inventory.DMARCKeep {
		return inventory.DMARCReject
	}
	return w
}

// acts reports whether receivers act on a policy of today, be it for the domain or
// for those below it.
func acts(now dmarc.Discovery) bool {
	policies := []dmarc.Policy{now.Effective}
	if now.Source == dmarc.FromAuthor {
		policies = append(policies, now.Record.SP, now.Record.NP)
	}
	return slices.Contains(policies, dmarc.Quarantine) || slices.Contains(policies, dmarc.Reject)
}

// present is the domain's own record, or "".
func present(now dmarc.Discovery) string {
	if now.Source != dmarc.FromAuthor {
		return ""
	}
	return now.Record.Text()
}

// askKeeper asks whoever keeps the record behind an alias for the next step.
func (p *policyPlan) askKeeper(rungs []dmarc.Rung) {
	if len(rungs) == 0 {
		return
	}
	next := rungs[0]
	t := Task{Who: "whoever keeps " + aliasTarget(p.set), Subject: string(p.Name), Text: "have this DMARC record published there: " + next.Record,
		Why: fmt.Sprintf("%s is an alias, so the record is not in your zone", p.set.Key.Name)}
	if next.Tightens && p.wish.Parked != inventory.True {
		var open []string
		for _, c := range p.conditions(next, changedTags(p.text, next.Record)) {
			if !c.Met {
				open = append(open, c.Text)
				t.Why += "; " + c.Why
			}
		}
		if len(open) > 0 {
			t.Text = fmt.Sprintf("once %s, have this DMARC record published there: %s", strings.Join(open, ", and "), next.Record)
		}
	}
	p.task(stageRecords, t)
}

func aliasTarget(set authority.Set) string {
	return strings.TrimSuffix(set.Alias.Data.String(), ".")
}

// policyPlan is the policy of one domain while its rungs are planned.
type policyPlan struct {
	*maker
	*domain
	set     authority.Set
	present []dns.Record // the TXT records that receivers find after the last rung
	text    string       // the record of the last rung, or that of today
	strict  bool         // receivers act on a policy of today: it is not none
	waiting bool         // a rung before has conditions
}

// add plans one rung.
func (p *policyPlan) add(rung dmarc.Rung) {
	change := dns.Change{Zone: p.set.Zone, Key: p.set.Key, Old: p.present, New: p.with(rung), Why: []string{rung.What}}
	before := p.text
	if before == "" && len(rung.Removes) == 1 {
		before = rung.Removes[0]
	}
	p.present, p.text = change.New, rung.Record
	if p.wish.Parked == inventory.True {
		change.Why = []string{"the domain is parked: receivers shall refuse all mail from it"}
	}
	if !rung.Tightens && !p.waiting || p.wish.Parked == inventory.True {
		p.stage(stageRecords, change)
		return
	}
	p.plan.Stages = append(p.plan.Stages, Stage{
		Title: fmt.Sprintf("DMARC of %s: %s", p.Name, rung.What), Conditions: p.conditions(rung, changedTags(before, rung.Record)), Changes: []dns.Change{change},
	})
	p.waiting = true
}

// with returns the set with the record of a rung. Other strings stay.
func (p *policyPlan) with(rung dmarc.Rung) []dns.Record {
	var list []dns.Record
	for _, r := range p.present {
		if !slices.Contains(rung.Removes, r.Data.(dns.TXT).Joined()) {
			list = append(list, r)
		}
	}
	return append(list, dns.Record{Name: p.set.Key.Name, TTL: setTTL(p.present), Data: dns.NewTXT(rung.Record)})
}

// changedTags names what of a record changed, for the ID of a yes.
func changedTags(before, now string) string {
	a, b := dmarc.Parse(before), dmarc.Parse(now)
	var parts []string
	for _, t := range b.Tags {
		if had, ok := a.Tag(strings.ToLower(t.Name)); (!ok || had.Value != t.Value) && !strings.EqualFold(t.Name, "v") && !strings.EqualFold(t.Name, "rua") {
			parts = append(parts, strings.ToLower(t.Name)+"="+t.Value)
		}
	}
	for _, t := range a.Tags {
		if _, ok := b.Tag(strings.ToLower(t.Name)); !ok {
			parts = append(parts, "no-"+strings.ToLower(t.Name))
		}
	}
	return strings.Join(parts, "+")
}

// conditions are what must be so before a stricter policy: reports that show no
// failure, or the administrator's yes; no device that it would hit; and, for a
// policy that refuses mail, a signature of the tenant, because mail that is
// forwarded passes by nothing else (RFC 9989 §7.4).
func (p *policyPlan) conditions(rung dmarc.Rung, what string) []Condition {
	id := acceptID("dmarc-raise", p.Name, what)
	enough, words := p.evidence()
	yes := !enough && p.accepts(Offer{Accept: id, Subject: string(p.Name), Text: "go on to this DMARC record without the reports: " + rung.Record})
	list := []Condition{{Text: fmt.Sprintf("reports of %d days show that nothing of yours fails", evidenceDays), Met: enough || yes, Why: words, Accept: id}}
	if yes {
		list[0].Why = "you said yes"
	}
	list = append(list, p.below()...)
	list = append(list, p.devices()...)
	if rung.Effective9989 != dmarc.Reject {
		return list
	}
	config := func(k inventory.DKIM) bool { return k.Domain == p.Name }
	if p.maker.inTenant(p.domain) || slices.ContainsFunc(p.inv.Tenant.DKIM, config) {
		list = append(list, p.signs())
	}
	return append(list, p.unsigned()...)
}

// below are conditions for listed domains below this one: a stricter policy here
// is theirs too where they have no record of their own, which must be known.
func (p *policyPlan) below() []Condition {
	var list []Condition
	for _, d := range p.domains {
		name, err := d.Child("_dmarc")
		if err != nil || d.Name == p.Name || !d.Below(p.Name) {
			continue
		}
		if set := p.zones.Set(txt(name)); set.Problem() != "" && !asking(set.Err) {
			list = append(list, Condition{Text: fmt.Sprintf("the DMARC record of %s is known", d.Name), Why: set.Problem()})
		}
	}
	return list
}

// evidence says whether reports bear the next rung out. Beyond the first one
// they must be from the time of the one before, and when that began the DNS does
// not tell.
func (p *policyPlan) evidence() (enough bool, words string) {
	since := p.wish.DMARC.Since
	switch {
	case p.waiting:
		return false, "it needs reports from the time of the step before; write into domains.dmarc.since when that was published"
	case p.strict && since.IsZero():
		return false, "since when the present policy is published is not known: write it into domains.dmarc.since"
	}
	return evidence(p.wish.DMARC.Evidence, since, p.date)
}

// devices are conditions for what sends as the domain, or below it: the people's
// mailboxes, and each device.
func (p *policyPlan) devices() []Condition {
	var list []Condition
	// The policy of today may be planned only now: without one nothing fails.
	then := proof.At(p.maker.with(p.outlook()))
	if err := p.mailboxesUnknown(p.domain); err != nil {
		list = append(list, Condition{Text: "where the mail of the domain goes is known, and so whose mailboxes it has", Why: err.Error()})
	}
	if p.hasMailboxes(p.domain) {
		mail := proof.Mail{From: []dns.Name{p.Name}, Hops: []method.Hop{p.mailboxHop(p.domain)}}
		list = append(list, p.passes("the mail of its mailboxes", then.Judge(mail))...)
	}
	for _, d := range p.fleet.Devices {
		if !slices.ContainsFunc(d.From, func(a inventory.Address) bool { return a.Domain.Below(p.Name) }) {
			continue
		}
		if hit := p.passes(d.Name, then.Judge(p.mailOf(d, after(d)))); len(hit) > 0 {
			list = append(list, hit...)
			continue
		}
		if method.ID(d.Today()) == after(d) {
			continue
		}
		if verdict, _ := p.hits(then.Judge(p.mailOf(d, method.ID(d.Today())))); verdict != "" {
			list = append(list, Condition{Text: fmt.Sprintf("%s has moved to %s", d.Name, after(d)), Why: "as it sends today it would fail; write devices.now when it has moved"})
		}
	}
	return list
}

// passes is a condition that cannot be met yet, with a block, if the policy would
// hit a sender.
func (p *policyPlan) passes(sender string, will proof.Outcome) []Condition {
	verb, why := p.hits(will)
	if verb == "" {
		return nil
	}
	p.block(Block{ID: BlockPolicy, Subject: string(p.Name), Message: fmt.Sprintf("a stricter policy would hit %s, which %s DMARC: %s", sender, verb, why),
		Fix: "mend what keeps it from passing; the policy stays as it is until then"})
	return []Condition{{Text: sender + " passes DMARC", Why: why}}
}

// hits says whether mail fails, or may fail, by the policy of the domain and not
// by that of one below it; "" if it does not.
func (p *policyPlan) hits(o proof.Outcome) (verb, why string) {
	for _, hop := range o.Hops {
		for _, a := range hop.Authors {
			for _, d := range []proof.DMARCOutcome{a.DMARC, a.DMARC7489} {
				switch elsewhere := d.Found != p.Name && d.Found != "" && d.Found.Below(p.Name); {
				case elsewhere:
				case d.Verdict == proof.Fail && hop.Hop.Judged == method.True:
					return "fails", d.Why
				case d.Verdict == proof.Fail || d.Verdict == proof.Unknown:
					verb, why = "may fail", d.Why
				}
			}
		}
		if len(hop.Authors) == 0 && hop.DMARC == proof.Unknown {
			verb, why = "may fail", hop.Why
		}
	}
	return verb, why
}

// signs is the condition that the tenant signs for the domain.
func (p *policyPlan) signs() Condition {
	c := Condition{Text: "the tenant signs for the domain with DKIM", Why: "the inventory does not say so; mail that is forwarded passes by its signature alone"}
	for _, k := range p.inv.Tenant.DKIM {
		if k.Domain != p.Name || k.Enabled != inventory.True || k.Status != inventory.DKIMValid {
			continue
		}
		signed := proof.At(p.maker.with(p.outlook())).Judge(mailOfDomain(p.Name, p.mailboxHop(p.domain)))
		if signed.DKIM == proof.Pass {
			c.Met, c.Why = true, "Get-DkimSigningConfig says so, and its key is published"
			return c
		}
		c.Why = "the inventory says so, but whether receivers can verify it is another question: DKIM " + string(signed.DKIM)
	}
	return p.orUnsigned(c, "reject", "the tenant")
}

// unsigned are conditions that devices which write to the outside sign: mail that
// passes by SPF alone is refused where it is forwarded (RFC 9989 §7.4).
func (p *policyPlan) unsigned() []Condition {
	var list []Condition
	then := proof.At(p.maker.with(p.outlook()))
	for _, d := range p.fleet.Devices {
		from := slices.ContainsFunc(d.From, func(a inventory.Address) bool { return a.Domain.Below(p.Name) })
		if !from || d.Recipients == inventory.Internal || after(d).Kind().Tenant() {
			continue
		}
		if o := then.Judge(p.mailOf(d, after(d))); o.DKIM != proof.Pass && o.DKIM != proof.NotJudged {
			c := Condition{Text: d.Name + " signs with DKIM", Why: "its mail passes by SPF alone, so it is refused where it is forwarded: DKIM " + string(o.DKIM)}
			list = append(list, p.orUnsigned(c, d.Name, d.Name))
		}
	}
	return list
}

// orUnsigned lets a yes stand in for a signature.
func (p *policyPlan) orUnsigned(c Condition, what, who string) Condition {
	c.Accept = acceptID("dmarc-unsigned", p.Name, what)
	c.Met = p.accepts(Offer{Accept: c.Accept, Subject: string(p.Name), Text: "refuse mail that fails although it is not known that " + who + " signs"})
	return c
}

// authorise lets the hosts of report addresses agree to get the reports, where
// their zone is the user's; else that is a task (RFC 9990 §4).
func (p *policyPlan) authorise() {
	for _, dest := range dmarc.Destinations(p.ctx, p.now, p.Name, dmarc.Parse(p.text)) {
		switch {
		case dest.Err != nil && !asking(dest.Err):
			p.unknown(Unknown{Subject: string(p.Name), Message: fmt.Sprintf("whether %s agrees to get reports is not known", dest.URI.Host), Fix: "plan again when that name answers", Cause: dest.Err})
		case dest.Authorised == dmarc.No && dest.Name != "":
			p.authoriseAt(dest)
		}
	}
}

func (p *policyPlan) authoriseAt(dest dmarc.Destination) {
	own := slices.ContainsFunc(p.domains, func(d *domain) bool { return dest.URI.Host.Below(d.Name) })
	if !own {
		p.task(stagePrepare, Task{Who: "operator of " + string(dest.URI.Host), Subject: string(p.Name), Text: fmt.Sprintf("publish the TXT record %q at %s", dmarc.AuthorisationRecord, dest.Name),
			Why: "without it nobody sends the reports there (RFC 9990 §4)"})
		return
	}
	set := p.zones.Set(txt(dest.Name))
	if !p.readable(set) || set.Alias != nil {
		return
	}
	p.stage(stagePrepare, dns.Change{Zone: set.Zone, Key: set.Key, Old: set.Records,
		New: append(slices.Clone(set.Records), dns.Record{Name: dest.Name, TTL: setTTL(set.Records), Data: dns.NewTXT(dmarc.AuthorisationRecord)}),
		Why: []string{fmt.Sprintf("%s agrees to get the reports of %s (RFC 9990 §4)", dest.URI.Host, p.Name)}})
}
