package planner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/spf"
)

var ctx = context.Background()

// played is a scene with its plan, and the scene with that carried out.
type played struct {
	tester
	file          *inventory.File
	before, after model
	old, new      *dns.Zones // before and after
	plan          Plan
}

// play makes the plan of a scene, says yes to some of what it asks, and carries
// it out.
func play(t tester, s scene) *played {
	t.Helper()
	f, err := inventory.Parse([]byte(s.inventory), "inventory.yaml", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.inventory)
	}
	p := &played{tester: t, file: f, before: modelOf(t, s.zones, s.faults)}
	p.old = p.before.zones(t)
	p.plan = Make(&f.Inventory, p.old, Options{Date: day})
	for _, bits := range s.yes {
		var said []AcceptID
		for i, id := range acceptable(p.plan) {
			if bits>>(i%64)&1 == 1 {
				accept(t, f, p.plan, id)
				said = append(said, id)
			}
		}
		p.plan = Make(&f.Inventory, p.old, Options{Date: day})
		p.checkHeard(said)
	}
	return p
}

// checkHeard: what was said yes to is not asked again.
func (p *played) checkHeard(said []AcceptID) {
	for _, o := range p.plan.Offers {
		if slices.Contains(said, o.Accept) {
			p.Fatalf("you said yes to %s, and are asked again", o.Accept)
		}
	}
	for _, b := range p.plan.Blocked {
		if slices.Contains(said, b.Accept) {
			p.Fatalf("you said yes to %s, and it blocks all the same: %s", b.Accept, b.Message)
		}
	}
}

// publish carries the plan out.
func (p *played) publish() {
	p.after = p.before.apply(p, p.plan.Changes())
	p.new = p.after.zones(p)
}

// Fatalf tells the whole story of a failure, to be tried again by hand.
func (p *played) Fatalf(format string, args ...any) {
	p.Helper()
	p.tester.Fatalf("%s\n--- zones\n%s%s\n--- inventory\n%s\n--- plan\n%s", fmt.Sprintf(format, args...), p.before.text(), p.before.faults, p.file.Bytes(), sketch(p.plan))
}

func (p *played) accepted(prefix string) bool {
	return slices.ContainsFunc(p.file.Accepted, func(a inventory.Accepted) bool { return strings.HasPrefix(a.ID, prefix) })
}

func (p *played) parked(name dns.Name) bool {
	d, _ := p.file.Domain(name)
	return d.Parked == inventory.True
}

// several checks a property more often than rapid does by itself. For a long run
// there is -rapid.checks.
func several(t *testing.T, times int, property func(*rapid.T)) {
	for range times {
		rapid.Check(t, property)
		if testing.Short() {
			return
		}
	}
}

// TestPlanProperties: whatever is drawn, what a plan changes loses nobody,
// touches nothing else, invents nothing, and is all that is to be done.
func TestPlanProperties(t *testing.T) {
	t.Parallel()
	several(t, 4, func(t *rapid.T) { checkPlan(t, drawScene(t)) })
}

func checkPlan(t tester, s scene) {
	t.Helper()
	p := play(t, s)
	p.publish()
	p.checkFits()
	for _, d := range p.plan.Domains {
		p.checkSenders(d.Name)
		p.checkRecord(d)
		p.checkOffers(d)
		p.checkPolicy(d.Name)
	}
	p.checkUntouched()
	p.checkInvented()
	p.checkElsewhere()
	p.checkAgain()
}

// checkFits: the changes do not contradict what is there, and the overlay that
// the proofs rest on answers as the zones do afterwards.
func (p *played) checkFits() {
	o := dns.NewOverlay(p.old, p.plan.Changes())
	if err := o.Check(ctx); err != nil {
		p.Fatalf("the changes do not fit: %v", err)
	}
	for _, name := range p.after.names() {
		for _, kind := range []dns.Type{dns.TypeA, dns.TypeMX, dns.TypeTXT, dns.TypeCNAME} {
			want, werr := p.new.Lookup(ctx, name, kind)
			got, gerr := o.Lookup(ctx, name, kind)
			if gerr != nil && (werr != nil || dns.AsError(gerr).Cause == dns.NotAsked) {
				continue
			}
			if gerr != nil || werr != nil || !slices.Equal(sorted(got.Records), sorted(want.Records)) {
				p.Fatalf("%s %s: the overlay says %v %v, the zones %v %v", name, kind, got.Records, gerr, want.Records, werr)
			}
		}
	}
}

// checkAgain: what was published is all that was to be done, and the proof of
// afterwards is what the DNS then gives.
func (p *played) checkAgain() {
	again := Make(p.published(), p.new, Options{Date: day})
	cannotTell := func(u Unknown) bool { return u.Cause != nil && u.Cause.Server == "plan" }
	left := again.Changes()
	// What was blocked may be possible now, because another own record changed.
	left = slices.DeleteFunc(left, func(c dns.Change) bool {
		return slices.ContainsFunc(p.plan.Blocked, func(b Block) bool {
			about := b.ID == BlockAlias || b.ID == BlockLoses || b.ID == BlockPermError || b.ID == BlockLookups
			return about && b.Subject == string(c.Key.Name)
		})
	})
	if len(left) > 0 && !slices.ContainsFunc(p.plan.Unknown, cannotTell) {
		p.Fatalf("planning again changes %s %q to %q", left[0].Key, left[0].Old, left[0].New)
	}
	for i, d := range p.plan.Devices {
		then := again.Devices[i]
		if untold(d.After) {
			continue
		}
		if d.After.SPF != then.After.SPF || d.After.DKIM != then.After.DKIM || d.After.DMARC != then.After.DMARC || d.Right != then.Right {
			p.Fatalf("%s is %s/%s/%s right=%s after the plan, but then %s/%s/%s right=%s", d.Name, d.After.SPF, d.After.DKIM, d.After.DMARC, d.Right,
				then.After.SPF, then.After.DKIM, then.After.DMARC, then.Right)
		}
		hit := slices.ContainsFunc(d.From, func(a inventory.Address) bool { return levels(p.new, a.Domain) != [2]int{} })
		if d.Before.Right == method.True && then.Before.Right != method.True && hit {
			p.Fatalf("%s was right as it sends today, and is %s after the plan: %s", d.Name, then.Before.Right, then.Before.Why)
		}
	}
}

// untold reports whether something of an outcome could not be told from the plan
// and the DNS of before, but only from that of afterwards.
func untold(o proof.Outcome) bool {
	by := func(e *dns.Error) bool { return e != nil && e.Server == "plan" }
	return slices.ContainsFunc(o.Hops, func(h proof.HopOutcome) bool {
		return by(h.Err) || slices.ContainsFunc(h.Envelopes, func(e proof.SPFOutcome) bool { return by(e.Err) }) ||
			slices.ContainsFunc(h.Signatures, func(k proof.DKIMOutcome) bool { return by(k.Err) }) ||
			slices.ContainsFunc(h.Authors, func(a proof.Author) bool { return by(a.DMARC.Err) || by(a.DMARC7489.Err) })
	})
}

// published is the inventory of afterwards: where it says since when a policy
// stands that the plan has changed, it says so of the new one.
func (p *played) published() *inventory.Inventory {
	inv := p.file.Inventory
	inv.Domains = slices.Clone(inv.Domains)
	for _, c := range p.plan.Changes() {
		for i, d := range inv.Domains {
			if !d.DMARC.Since.IsZero() && string(c.Key.Name) == "_dmarc."+string(d.Name) {
				inv.Domains[i].DMARC.Since = day
			}
		}
	}
	return &inv
}

// checkElsewhere: names that the plan does not set answer as before, those of
// wildcards included. Of names with an underscore only one type is ever asked.
func (p *played) checkElsewhere() {
	changed := map[dns.Key]bool{}
	names := p.before.names()
	for _, c := range p.plan.Changes() {
		changed[c.Key] = true
		for n := c.Key.Name; n != dns.Root; n = n.Parent() {
			names = append(names, n)
		}
	}
	for _, d := range p.plan.Domains {
		names = append(names, d.Name)
	}
	for _, name := range names {
		if protocolName(name) {
			continue
		}
		for _, kind := range []dns.Type{dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT} {
			was, werr := p.old.Lookup(ctx, name, kind)
			is, ierr := p.new.Lookup(ctx, name, kind)
			if changed[dns.Key{Name: name, Type: kind}] || len(was.Chain) > 0 && changed[dns.Key{Name: was.Target(name), Type: kind}] {
				continue
			}
			if (werr == nil) != (ierr == nil) || !slices.Equal(sorted(was.Records), sorted(is.Records)) {
				p.Fatalf("%s %s is %q instead of %q, and the plan does not say so", name, kind, is.Records, was.Records)
			}
		}
	}
}

// checkUntouched: of the TXT records only SPF and DMARC records change.
func (p *played) checkUntouched() {
	for _, c := range p.plan.Changes() {
		if c.Key.Type != dns.TypeTXT || strings.Contains(string(c.Key.Name), "._domainkey.") {
			continue
		}
		for _, r := range c.Old {
			text := r.Data.(dns.TXT).Joined()
			_, near := spf.LooksLikeSPF(text)
			if ours := spf.IsSPF(text) || near || strings.HasPrefix(string(c.Key.Name), "_dmarc.") && (dmarc.IsDMARC(text) || dmarc.LooksLikeDMARC(text)); !ours && !slices.Contains(c.New, r) {
				p.Fatalf("%s is gone", r)
			}
		}
	}
}

// levels is how severely mail of a domain that fails is treated, by RFC 9989 and
// by RFC 7489.
func levels(r dns.Resolver, name dns.Name) [2]int {
	now, old := dmarc.Discover(ctx, r, name), dmarc.Discover7489(ctx, r, name, check.PublicSuffix)
	level := func(d dmarc.Discovery) int {
		if d.Err != nil {
			return -1
		}
		if d.Effective == dmarc.Quarantine || d.Effective == dmarc.Reject {
			return int(d.Effective-1)*100 + d.PCT
		}
		return 0
	}
	return [2]int{level(now), level(old)}
}

// checkPolicy: no policy gets stricter without reports or a yes, and none gets
// looser without a wish.
func (p *played) checkPolicy(name dns.Name) {
	was, is := levels(p.old, name), levels(p.new, name)
	asked, wished := false, false
	_, listed := p.file.Domain(name)
	for above := name; above != dns.Root; above = above.Parent() {
		d, _ := p.file.Domain(above)
		asked = asked || p.parked(above) || p.accepted("dmarc-raise/"+string(above)+"/") ||
			slices.ContainsFunc(d.DMARC.Evidence, func(e inventory.Evidence) bool { return e.Messages == 900 && e.Failing == 0 })
		wished = wished || !listed || p.parked(above) || d.DMARC.Target != "" || d.DMARC.Subdomains != "" || d.DMARC.NonExistent != ""
	}
	for i := range was {
		switch {
		case was[i] < 0 || is[i] < 0:
		case is[i] > was[i] && !asked:
			p.Fatalf("the policy of %s rises from %d to %d on no evidence", name, was, is)
		case is[i] < was[i] && !wished:
			p.Fatalf("the policy of %s falls from %d to %d", name, was, is)
		}
	}
}
