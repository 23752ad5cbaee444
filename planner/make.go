package planner

import (
	"context"
	"slices"
	"strings"
	"time"

	"sendplan/internal/authority"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/shell"
	"sendplan/spf"
)

// Options say how a plan is made.
type Options struct {
	Date        time.Time  // as of when; the same date gives the same plan
	Nameservers dns.Places // where authoritative servers are reached, other than the DNS says
	Inventory   string     // the name of the file that holds the inventory, for commands; "" or "-" if it has none
}

// Make makes the plan for an inventory from what r tells. It is pure, and goes
// on past a question that r lacks to all the others.
func Make(inv *inventory.Inventory, r dns.Resolver, o Options) Plan { return made(inv, r, o).plan }

// made returns what made the plan, because it knows what it read for it.
func made(inv *inventory.Inventory, r dns.Resolver, o Options) *maker {
	m := newMaker(inv, r, o)
	for _, d := range m.domains {
		m.planHosts(d)
	}
	m.hosted = m.with(m.settled())
	m.findNeeds()
	for _, d := range m.domains {
		m.planSPF(d)
		m.planDKIM(d)
	}
	m.judgeMethods()
	m.askForNames()
	m.carryWildcards()
	m.judgeOthers()
	m.planPolicies()
	m.carryWildcards()
	m.dropUncaused()
	m.assemble()
	m.prove()
	return m
}

// maker holds a plan while it is made.
type maker struct {
	ctx    context.Context
	inv    *inventory.Inventory
	date   time.Time
	file   string // the inventory's, as one argument of a command
	zones  *authority.Reader
	now    dns.Resolver // the public view, as things are
	hosted dns.Resolver // the same, with the MX records that are planned
	fleet  fleet.Fleet

	domains   []*domain
	staged    []staged
	foreseen  []staged // DMARC records that will be planned besides
	tasks     []stagedTask
	enablings []enabling
	plan      Plan
}

// domain is one domain of the user's while its plan is made.
type domain struct {
	dns.Name
	wish   inventory.Domain
	listed bool    // it stands in the inventory
	needs  []need  // what its SPF record must allow
	uses   []need  // what it must go on to allow, because devices send so today
	out    *Domain // the entry of the plan
	spf    *SPF    // of that

	alias    bool      // the SPF record is kept elsewhere
	expected *spf.Tree // what the SPF record leads to after its own change; nil without one
}

func newMaker(inv *inventory.Inventory, r dns.Resolver, o Options) *maker {
	m := &maker{ctx: context.Background(), inv: inv, date: o.Date, file: shell.File(o.Inventory), plan: Plan{Date: o.Date}}
	names := ownDomains(inv)
	m.zones = authority.New(r, authority.Options{Own: names, Places: o.Nameservers, Suffix: check.PublicSuffix})
	m.now = m.zones.View()
	m.hosted = m.now
	m.fleet = fleet.Judge(inv, fleet.Look(m.now, inv), o.Date)
	m.plan.Domains = make([]Domain, len(names))
	for i, name := range names {
		wish, listed := inv.Domain(name)
		m.plan.Domains[i].Name = name
		m.domains = append(m.domains, &domain{Name: name, wish: wish, listed: listed, out: &m.plan.Domains[i], spf: &m.plan.Domains[i].SPF})
	}
	return m
}

// planPolicies plans the DMARC records. What a policy may become depends on all
// else that changes, the records of other domains included, so it is done once to
// learn which these are, and then in earnest.
func (m *maker) planPolicies() {
	before := *m
	for _, d := range m.fromAbove() {
		m.planDMARC(d)
	}
	foreseen := m.staged[len(before.staged):]
	if len(m.domains) == 1 || len(foreseen) == 0 {
		return
	}
	before.foreseen = foreseen
	for i := range before.plan.Domains {
		before.plan.Domains[i].Notes = slices.DeleteFunc(before.plan.Domains[i].Notes, func(n string) bool { return strings.HasPrefix(n, dmarcNote) })
	}
	*m = before
	for _, d := range m.fromAbove() {
		m.planDMARC(d)
	}
}

// dmarcNote begins the notes about a policy.
const dmarcNote = "DMARC: "

// fromAbove returns the domains, those above others before them.
func (m *maker) fromAbove() []*domain {
	list := slices.Clone(m.domains)
	slices.SortStableFunc(list, func(a, b *domain) int { return len(a.Labels()) - len(b.Labels()) })
	return list
}

// with returns the DNS with changes made.
func (m *maker) with(changes []dns.Change) dns.Resolver {
	var absent []dns.Name
	for _, c := range changes {
		if m.zones.Set(c.Key).Wildcard {
			absent = append(absent, c.Key.Name)
		}
	}
	return dns.NewOverlay(m.now, changes).Without(absent...)
}

// accepts reports whether the administrator said yes, and otherwise offers it.
func (m *maker) accepts(o Offer) bool {
	if m.inv.Accepts(string(o.Accept)) {
		return true
	}
	m.offer(o)
	return false
}

func (m *maker) offer(o Offer) {
	if !slices.ContainsFunc(m.plan.Offers, func(have Offer) bool { return have.Accept == o.Accept }) {
		m.plan.Offers = append(m.plan.Offers, o)
	}
}

func (m *maker) block(b Block) {
	same := func(have Block) bool {
		return have.ID == b.ID && have.Subject == b.Subject && have.Message == b.Message
	}
	if !slices.ContainsFunc(m.plan.Blocked, same) {
		m.plan.Blocked = append(m.plan.Blocked, b)
	}
}

func (m *maker) unknown(u Unknown) {
	if !slices.Contains(m.plan.Unknown, u) {
		m.plan.Unknown = append(m.plan.Unknown, u)
	}
}

// asking reports whether a failure only means that the survey is still growing.
func asking(err *dns.Error) bool { return err != nil && err.Cause == dns.NotAsked && err.Server == "" }
