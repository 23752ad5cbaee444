package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/spf"
)

// Compare judges every device, and every sender that the records of today allow,
// in the DNS of today and in another one, which after makes of the public view. It
// tells besides what the domains would lose of their mail, keys and policies.
// It plans nothing: of the result only Devices, Senders, Blocked and Unknown are
// set, and the texts of the present SPF records.
//
// It is pure, and goes on past a question that r lacks to all the others.
func Compare(inv *inventory.Inventory, r dns.Resolver, after func(view dns.Resolver) dns.Resolver, o Options) Plan {
	m := newMaker(inv, r, o)
	then := after(m.now)
	for _, d := range m.domains {
		m.presentSPF(d)
	}
	m.judgeMethods()
	m.proveIn(then)
	for _, d := range m.domains {
		m.compareSPF(d, then)
		m.compareSenders(d)
		m.compareMail(d, then)
		m.compareKeys(d, then)
		m.comparePolicy(d, then)
	}
	return m.plan
}

// presentSPF reads the SPF records of a domain as receivers find them today.
func (m *maker) presentSPF(d *domain) {
	texts, err := spfTexts(m, m.now, d.Name)
	if err != nil && !asking(err) {
		m.unknown(Unknown{Subject: string(d.Name), Message: "its SPF record of today could not be read, so it is not known who would lose", Fix: "try again when that name answers", Cause: err})
	}
	d.spf.Before = texts
}

// spfTexts returns the SPF records that receivers find at a name.
func spfTexts(m *maker, r dns.Resolver, name dns.Name) ([]string, *dns.Error) {
	a, err := r.Lookup(m.ctx, name, dns.TypeTXT)
	return spf.Select(texts(a.Records)).Records, dns.AsError(err)
}

// compareSPF blocks where the other SPF record of a domain leaves out what its
// records of today are meant to allow.
func (m *maker) compareSPF(d *domain, then dns.Resolver) {
	if len(d.spf.Before) == 0 {
		return
	}
	planned, err := spfTexts(m, then, d.Name)
	if err != nil {
		m.notCompared(d, err)
		return
	}
	today, later := m.meaning(d.Name, m.now, d.spf.Before), m.meaning(d.Name, then, planned)
	lost := today.named.Subtract(later.pass)
	if later.failed != nil && !lost.IsEmpty() {
		m.notCompared(d, later.failed)
		return
	}
	gone := prefixTexts(lost)
	for _, n := range today.open {
		switch {
		case slices.Contains(later.terms, n.term): // it allows the same, whomever that is
		case n.err != nil:
			m.notCompared(d, n.err)
		default:
			gone = append(gone, n.term)
		}
	}
	if len(gone) > 0 {
		m.block(Block{ID: BlockLoses, Subject: string(d.Name), Message: "the SPF record does not allow any more what that of today does: " + strings.Join(gone, ", "), Fix: "take it into the record again"})
	}
}

func (m *maker) notCompared(d *domain, cause *dns.Error) {
	if !asking(cause) {
		m.unknown(Unknown{Subject: string(d.Name), Message: "what the SPF record leaves out could not be told, because " + cause.Key.String() + " was not answered", Fix: "try again when that name answers", Cause: cause})
	}
}

// meaning is what SPF records allow, each taken for the only one, limits passed
// over.
type meaning struct {
	pass   spf.AddressSet
	named  spf.AddressSet // the part of it that another term than "all" allows
	terms  []string       // as written
	open   []openTerm
	failed *dns.Error // the first question that was not answered
}

// openTerm is a term whose addresses cannot be told.
type openTerm struct {
	term string     // as written
	err  *dns.Error // nil if it depends on the message
}

func (m *maker) meaning(name dns.Name, r dns.Resolver, records []string) meaning {
	var all meaning
	for _, text := range records {
		tree := spf.ExpandText(m.ctx, r, name, text)
		cover := tree.Coverage()
		all.pass = all.pass.Union(cover.Pass)
		for _, share := range cover.Shares {
			if share.Result == spf.Pass && share.Node.Term.Kind != spf.KindAll {
				all.named = all.named.Union(share.Addresses)
			}
		}
		all.read(tree.Root, cover.OpenNodes)
		if all.failed == nil {
			all.failed = failure(tree)
		}
	}
	return all
}

// read notes the terms of a record.
func (s *meaning) read(root *spf.Node, open []*spf.Node) {
	for _, n := range root.Children {
		s.terms = append(s.terms, n.Term.Text)
		if i := slices.IndexFunc(open, func(o *spf.Node) bool { return within(n, o) }); i >= 0 {
			s.open = append(s.open, openTerm{n.Term.Text, open[i].Err})
		}
	}
}

// compareSenders blocks where receivers would not let a sender's mail pass that
// the records of today let pass, or are meant to.
func (m *maker) compareSenders(d *domain) {
	for _, s := range m.plan.Senders {
		if s.Domain != d.Name || m.losing(d) {
			continue
		}
		mailboxes, _ := m.mailboxes(d)
		switch {
		case s.After.Right == method.False && (s.What != mailboxes.who || s.Before.Right == method.True):
			m.block(Block{ID: BlockLoses, Subject: string(d.Name), Message: fmt.Sprintf("receivers would not let pass what %s sends: %s", s.What, s.After.Why), Fix: "correct the SPF record"})
		case s.After.Right == method.Unknown && s.Before.Right == method.True && !asking(s.After.Err):
			m.unknown(Unknown{Subject: string(d.Name), Message: fmt.Sprintf("whether receivers would let pass what %s sends is not known: %s", s.What, s.After.Why), Fix: "try again when what is missing answers", Cause: s.After.Err})
		}
	}
}

// losing reports whether it is said already that somebody of a domain loses.
func (m *maker) losing(d *domain) bool {
	return slices.ContainsFunc(m.plan.Blocked, func(b Block) bool { return b.ID == BlockLoses && b.Subject == string(d.Name) })
}
