package planner

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// fit brings a record within the limits of RFC 7208 §4.6.4 by the cheapest
// honest way: first what changes nothing for anybody, then, each with a yes,
// terms that nobody of the inventory uses, and flattening. Where that is not
// enough only what was agreed to goes: receivers come to the terms before the
// limit all the same, and pass what these allow.
func (e *spfEdit) fit() {
	e.pins()
	if failure(e.tree()) != nil {
		return // nothing is removed on an answer that was not got
	}
	whole, why := e.record, maps.Clone(e.why)
	for _, step := range []func(){e.dropFree, e.dropUnused, e.dropFree, e.offerFlat} {
		if !strained(e.tree()) {
			return
		}
		step()
	}
	now := e.tree()
	if over(now) || strained(now) && !over(e.treeOf(whole)) {
		e.record, e.why = whole, why
		e.dropAgreed()
	}
}

// dropFree takes out what nobody misses.
func (e *spfEdit) dropFree() {
	for _, step := range []func(){e.dropDead, e.dropCovered, e.cheapen} {
		if strained(e.tree()) {
			step()
		}
	}
}

// dropAgreed takes out the terms that the administrator agreed to drop.
func (e *spfEdit) dropAgreed() {
	for i := len(e.record.Terms) - 1; i >= 0; i-- {
		if slices.Contains(e.agreed, e.record.Terms[i].Text) {
			e.remove(i, agreedUnused)
		}
	}
}

const agreedUnused = "nothing in the inventory sends by it, and you agreed to drop it"

// strained reports whether a record is over a limit for anybody: the limit of
// lookups without an answer may be passed for IPv6 clients alone, for whom a
// host without an IPv6 address is one.
func strained(t spf.Tree) bool {
	return over(t) || slices.ContainsFunc(t.Problems, func(p spf.Problem) bool { return p.Kind == spf.ProblemVoids6 })
}

// tree is what the record as it is by now leads to.
func (e *spfEdit) tree() spf.Tree { return e.treeOf(e.record) }

func (e *spfEdit) treeOf(r spf.Record) spf.Tree {
	return spf.ExpandText(e.ctx, e.view(), e.Name, r.Text())
}

// view is the DNS of today with the children of the record.
func (e *spfEdit) view() dns.Resolver {
	if len(e.children) == 0 {
		return e.now
	}
	return dns.NewOverlay(e.now, e.childChanges())
}

// childChanges are the records that the record includes for its size.
func (e *spfEdit) childChanges() []dns.Change {
	var changes []dns.Change
	for _, c := range e.children {
		changes = append(changes, dns.Change{Zone: e.set.Zone, Key: txt(c.Name), New: []dns.Record{{Name: c.Name, TTL: setTTL(e.present), Data: dns.NewTXT(c.Text)}},
			Why: []string{"networks of the SPF record of " + string(e.Name) + ", so that the answer stays small"}})
	}
	return changes
}

// over reports whether something other than its own text makes a record
// permerror.
func over(t spf.Tree) bool {
	return slices.ContainsFunc(t.Problems, func(p spf.Problem) bool {
		switch p.Kind {
		case spf.ProblemLookups, spf.ProblemVoids, spf.ProblemIncludeNone, spf.ProblemRedirect, spf.ProblemLoop, spf.ProblemMXHosts:
			return true
		}
		return false
	})
}

// terms returns the nodes of the record's own terms.
func (e *spfEdit) terms() []*spf.Node {
	tree := e.tree()
	if tree.Root == nil {
		return nil
	}
	return tree.Root.Children
}

// dropDead takes out the terms that make the whole record permerror and
// authorise nobody.
func (e *spfEdit) dropDead() {
	nodes := e.terms()
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		switch n.State {
		case spf.StateNone:
			redirect := n.Term.Kind == spf.KindRedirect
			e.remove(i, "there is no SPF record at "+string(n.Target)+", which makes the whole record permerror")
			if redirect {
				e.endItself()
			}
		case spf.StateLoop:
			e.remove(i, "it leads back to this record, which makes the whole record permerror")
		case spf.StateVoid:
			if strained(e.tree()) {
				e.remove(i, "nothing is found there, so it allows nobody and costs a lookup")
			}
		}
	}
}

// endItself gives a record the end that is wished for, in the place of a
// redirect.
func (e *spfEdit) endItself() {
	end, wished := e.wishedEnd()
	switch {
	case e.record.All() >= 0:
	case wished:
		e.record = e.record.WithAll(end)
		e.why[e.record.Terms[e.record.All()].Text] = "the inventory wishes for it"
	default:
		e.note("the record has no end without the redirect, so that others are neutral: domains.spf.all gives it one")
	}
}

func (e *spfEdit) remove(i int, why string) {
	e.why[e.record.Terms[i].Text] = why
	e.record = e.record.Remove(i)
}

// byCost returns the indexes of the terms that cost lookups, the dearest first,
// of equal ones the last.
func (e *spfEdit) byCost() []int {
	nodes := e.terms()
	var list []int
	for i, n := range nodes {
		if n.Lookups > 0 && n.State != spf.StateIgnored {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(nodes[b].Lookups-nodes[a].Lookups, b-a) })
	return list
}

// dropCovered takes out terms whose addresses other terms allow as well.
func (e *spfEdit) dropCovered() {
	for again := true; again && strained(e.tree()); {
		again = false
		for _, i := range e.byCost() {
			if without := e.record.Remove(i); e.sameFor(e.record, without) {
				e.remove(i, "other terms allow the same addresses")
				again = true
				break
			}
		}
	}
}

// sameFor reports whether two texts of the record surely decide the same for
// every address.
func (e *spfEdit) sameFor(a, b spf.Record) bool {
	x := spf.ExpandText(e.ctx, e.now, e.Name, a.Text()).Coverage()
	y := spf.ExpandText(e.ctx, e.now, e.Name, b.Text()).Coverage()
	_, differ := x.Differ(y)
	return x.Open.IsEmpty() && !differ
}

// cheapen puts names of the same service in the place of an include that cost
// fewer lookups, where both allow the same.
func (e *spfEdit) cheapen() {
	for _, i := range e.byCost() {
		t := e.record.Terms[i]
		if !strained(e.tree()) {
			return
		}
		if t.Kind != spf.KindInclude || t.Qualifier != spf.QualifierPass {
			continue
		}
		name, err := dns.ParseName(t.Domain)
		if err != nil {
			continue
		}
		known, ok := provider.IncludeByName(name)
		if !ok || len(known.Cheaper) == 0 {
			continue
		}
		var terms []string
		for _, cheaper := range known.Cheaper {
			terms = append(terms, "include:"+string(cheaper))
		}
		instead := e.record.Remove(i).Insert(i, terms...)
		if e.treeOf(instead).Lookups < e.tree().Lookups && e.sameFor(e.record, instead) {
			e.why[t.Text] = "other names of the same service allow the same and cost fewer lookups"
			for _, term := range terms {
				e.why[term] = "in the place of " + t.Text
			}
			e.record = instead
			e.cheapen() // the indexes have moved
			return
		}
	}
}

// dropUnused takes out terms that no device and no service of the inventory
// uses, as far as the administrator agrees.
func (e *spfEdit) dropUnused() {
	for _, i := range e.byCost() {
		n := e.terms()[i]
		if n.Term.Kind == spf.KindRedirect || n.Term.Qualifier != spf.QualifierPass || e.used(n) || !strained(e.tree()) {
			continue
		}
		yes := e.accepts(Offer{
			Accept: acceptID("spf-unused", e.Name, n.Term.Text), Subject: string(e.Name),
			Text: fmt.Sprintf("take %q%s out of the SPF record: nothing in the inventory sends by it; that leaves %d lookups of %d",
				n.Term.Text, operatorOf(n), e.tree().Lookups-n.Lookups, spf.MaxLookups),
		})
		if yes {
			e.lost = e.lost.Union(e.decides(n))
			e.agreed = append(e.agreed, n.Term.Text)
			e.remove(i, agreedUnused)
			e.dropUnused() // the indexes have moved
			return
		}
	}
}

// used reports whether something of the inventory sends by a term, or people may:
// from the tenant, or from where the domain's mailboxes are.
func (e *spfEdit) used(n *spf.Node) bool {
	if entry, ok := provider.ByInclude(n.Target); ok && e.ofPeople(entry) {
		return true
	}
	set := e.matches(n)
	for _, need := range slices.Concat(e.needs, e.uses) {
		if slices.ContainsFunc(need.prefixes, func(p netip.Prefix) bool { return !set.Intersect(spf.NewAddressSet(p)).IsEmpty() }) {
			return true
		}
		if slices.ContainsFunc(need.includes, func(name dns.Name) bool { return leadsTo(n, name) || e.overlaps(set, name) }) {
			return true
		}
		if entry, ok := provider.ByInclude(n.Target); ok && string(entry.ID) == need.service {
			return true
		}
	}
	return false
}

// ofPeople reports whether the mailboxes of the domain may send by a provider:
// it is the tenant's cloud, on the way into or out of the tenant, or takes the
// domain's mail.
func (e *spfEdit) ofPeople(entry provider.Entry) bool {
	for _, path := range []inventory.Path{e.inv.Tenant.Inbound, e.inv.Tenant.Outbound} {
		if _, id := path.Of(); id == string(entry.ID) {
			return true
		}
	}
	for _, cloud := range []provider.Cloud{provider.Worldwide, provider.GCCHigh, provider.China} {
		if behind, ok := provider.ByInclude(cloud.SPFInclude()); ok && behind.ID == entry.ID {
			return true
		}
	}
	mx, err := e.now.Lookup(e.ctx, e.Name, dns.TypeMX)
	if err != nil {
		return true // it cannot be told
	}
	return slices.ContainsFunc(mx.Records, func(r dns.Record) bool {
		host, ok := r.Data.(dns.MX)
		return ok && slices.ContainsFunc(provider.ByMX(host.Host), func(x provider.Entry) bool { return x.ID == entry.ID })
	})
}

// overlaps reports whether a set holds an address of what a name includes.
func (e *spfEdit) overlaps(set spf.AddressSet, name dns.Name) bool {
	return !set.Intersect(spf.Expand(e.ctx, e.now, name).Coverage().Pass).IsEmpty()
}

// leadsTo reports whether a term names a target, or what it leads to does.
func leadsTo(n *spf.Node, name dns.Name) bool {
	return n.Target == name || slices.ContainsFunc(n.Children, func(c *spf.Node) bool { return leadsTo(c, name) })
}

// matches returns the addresses that a term matches by itself.
func (e *spfEdit) matches(n *spf.Node) spf.AddressSet {
	return spf.ExpandText(e.ctx, e.now, e.Name, "v=spf1 "+n.Term.Text+" -all").Coverage().Pass
}

// decides returns the addresses that a term of the record is the first to pass.
func (e *spfEdit) decides(n *spf.Node) spf.AddressSet {
	for _, share := range e.tree().Coverage().Shares {
		if share.Node.Term.Span == n.Term.Span && share.Result == spf.Pass {
			return share.Addresses
		}
	}
	return spf.AddressSet{}
}

func operatorOf(n *spf.Node) string {
	if entry, ok := provider.ByInclude(n.Target); ok {
		return " (" + entry.ShortName() + ")"
	}
	return ""
}
