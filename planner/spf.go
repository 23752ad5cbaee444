package planner

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/authority"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/spf"
)

// planSPF decides what becomes of the SPF record of a domain.
func (m *maker) planSPF(d *domain) {
	set := m.zones.Set(txt(d.Name))
	if !m.readable(set) {
		return
	}
	present := set.Records
	if set.Wildcard {
		present = ofType(set.Materialise, dns.TypeTXT)
	}
	found := spf.Select(texts(present))
	d.spf.Before = found.Records
	e := &spfEdit{maker: m, domain: d, set: set, present: present, found: found, why: map[string]string{}, lifts: map[BlockID]AcceptID{}}
	e.before = e.intended(found.Records)
	if d.wish.Parked == inventory.True {
		e.park()
		return
	}
	if set.Alias != nil {
		e.ofOthers()
		return
	}
	if !e.begin() {
		return
	}
	e.end()                // before what is needed: who passes by +all alone may not any more
	if !e.lost.IsEmpty() { // who has not moved yet must go on, too
		e.needs = append(e.needs, e.uses...)
	}
	e.addNeeds()
	if e.isNew && !e.meets() {
		return // a record that names nobody would only do harm
	}
	e.fit()
	e.trim()
	e.split()
	e.finish()
}

// ofType returns the records of one type.
func ofType(records []dns.Record, t dns.Type) []dns.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r dns.Record) bool { return r.Data.Type() != t })
}

// spfEdit is the record of one domain while it is being changed.
type spfEdit struct {
	*maker
	*domain
	set     authority.Set
	present []dns.Record // the TXT records that receivers find: those of set, or of a wildcard
	found   spf.Selection
	before  intention

	start  string // the text that the edit began with: one of those found, or one made of them
	record spf.Record
	isNew  bool                 // no record is there yet
	why    map[string]string    // reasons for terms, by their text
	lost   spf.AddressSet       // what the administrator agreed to take away
	lifts  map[BlockID]AcceptID // the yes that lifts a block

	added    []addition  // terms that senders need
	agreed   []string    // unused terms that the administrator agreed to drop
	children []spf.Child // records of their own that the record includes
}

// intention is what the records of a domain are meant to allow, and whether they
// do.
type intention struct {
	trees    []spf.Tree
	pass     spf.AddressSet
	open     []string // terms of them whose addresses are not known, as written
	broken   bool     // receivers find permerror
	unknown  *dns.Error
	several  bool
	coverage []spf.Coverage
}

// intended reads what each of the texts, taken for the record of the domain,
// authorises, limits and broken terms passed over.
func (e *spfEdit) intended(records []string) intention {
	in := intention{several: len(records) > 1}
	in.broken = in.several
	for _, text := range records {
		tree := spf.ExpandText(e.ctx, e.now, e.Name, text)
		cover := tree.Coverage()
		in.trees, in.coverage = append(in.trees, tree), append(in.coverage, cover)
		in.pass = in.pass.Union(cover.Pass)
		for _, n := range tree.Root.Children {
			if slices.ContainsFunc(cover.OpenNodes, func(o *spf.Node) bool { return within(n, o) }) {
				in.open = append(in.open, n.Term.Text)
			}
		}
		in.broken = in.broken || tree.Result == spf.PermanentErr
		if in.unknown == nil {
			in.unknown = failure(tree)
		}
	}
	return in
}

// failure returns why something in a tree could not be asked, or nil.
func failure(t spf.Tree) *dns.Error {
	for _, p := range t.Problems {
		if p.Kind == spf.ProblemUnanswered {
			return p.Err
		}
	}
	return nil
}

// begin finds the text to edit. It reports false if nothing is to be done.
func (e *spfEdit) begin() bool {
	switch len(e.found.Records) {
	case 0:
		return e.beginNew()
	case 1:
		e.start = e.found.Records[0]
		e.record = spf.Parse(e.start)
		e.repair()
	default:
		e.merge()
	}
	return true
}

// beginNew begins a record where there is none: with what was meant for one, or
// anew. Without a need there is nothing to say.
func (e *spfEdit) beginNew() bool {
	e.isNew = true
	if len(e.needs) == 0 {
		return false
	}
	if len(e.found.Misses) == 1 && e.found.Misses[0].Suggest != "" {
		miss := e.found.Misses[0]
		if meant := spf.Parse(miss.Suggest); meant.Valid() && e.mayForce(meant.Terms, nil) {
			e.start, e.record = miss.Text, meant
			for _, t := range meant.Terms {
				e.why[t.Text] = "it was meant by the record that is none"
			}
			e.note("a TXT record was meant as an SPF record: " + miss.Message)
			if i := meant.All(); i >= 0 && meant.Terms[i].Qualifier == spf.QualifierFail {
				e.record = meant.WithAll(spf.QualifierSoftFail)
				e.why["~all"] = softEnd
			}
			return true
		}
	}
	e.record = spf.Parse("v=spf1 ~all")
	e.why["~all"] = softEnd
	return true
}

const softEnd = "a new record ends softly, so that a sender that was forgotten is not refused"

// mayForce asks for a yes to terms that are in force for nobody yet, if one of
// them allows more than a handful of addresses. Those of had are.
func (e *spfEdit) mayForce(terms, had []spf.Term) bool {
	may := true
	for _, t := range terms {
		broad := t.Kind == spf.KindAll || t.Prefix.IsValid() && wide(t.Prefix)
		known := slices.ContainsFunc(had, func(h spf.Term) bool { return h.Text == t.Text })
		if !broad || known || t.Qualifier != spf.QualifierPass {
			continue
		}
		o := Offer{Accept: acceptID("spf-gain", e.Name, t.Text), Subject: string(e.Name),
			Text: fmt.Sprintf("let all send that %q names, which stands in a record that no receiver can read yet", t.Text)}
		if !e.accepts(o) {
			e.lifts[BlockPermError], may = o.Accept, false
		}
	}
	return may
}

// repair mends what is broken in the record's text, where that is safe.
func (e *spfEdit) repair() {
	if e.record.Valid() {
		return
	}
	if mended, _ := e.record.Repair(); e.mayForce(mended.Terms, e.record.Terms) {
		e.explainRepair(termTexts(e.record), termTexts(mended))
		e.record = mended
	}
	for i := len(e.record.Terms) - 1; i >= 0; i-- {
		t := e.record.Terms[i]
		if t.Valid {
			continue
		}
		o := Offer{
			Accept: acceptID("spf-drop", e.Name, t.Text), Subject: string(e.Name),
			Text: fmt.Sprintf("take %q out of the SPF record, which no receiver can read with it", t.Text),
		}
		if !e.accepts(o) {
			e.lifts[BlockPermError] = o.Accept
			continue
		}
		e.why[t.Text] = "it is not valid, and you agreed to drop it"
		e.record = e.record.Remove(i)
	}
}

// merge makes one record of several.
func (e *spfEdit) merge() {
	records := make([]spf.Record, len(e.found.Records))
	for i, text := range e.found.Records {
		records[i] = spf.Parse(text)
	}
	merged := spf.Merge(records)
	e.record = merged.Record
	e.start = records[merged.Base].Text()
	for _, t := range merged.Record.Terms {
		if !slices.ContainsFunc(records[merged.Base].Terms, func(have spf.Term) bool { return have.Text == t.Text }) {
			e.why[t.Text] = "it stands in the other record, and two records are none to receivers"
		}
	}
	for _, gone := range merged.Dropped {
		e.why[gone.Term.Text] = gone.Why
	}
	for _, w := range merged.Widened {
		e.note(fmt.Sprintf("%s kept addresses from terms behind it in its own record, and does so no longer", w.Term.Text))
	}
	if len(merged.PassAll) > 0 && !e.passesAll() {
		e.endPassAll()
	}
	e.widened()
	e.repair()
}

// explainRepair says why terms stand in the place of others.
func (e *spfEdit) explainRepair(before, now []string) {
	var why string
	for _, text := range before {
		if !slices.Contains(now, text) {
			why = fmt.Sprintf("%q is not valid, so the whole record is not", text)
			e.why[text] = why
		}
	}
	for i, text := range now {
		switch {
		case slices.Contains(before, text):
		case i < len(before) && e.why[before[i]] != "":
			e.why[text] = e.why[before[i]]
		default: // one term became several
			e.why[text] = why
		}
	}
}

// endPassAll asks for a yes where one of several records lets everybody send, and
// others do not.
func (e *spfEdit) endPassAll() {
	o := Offer{Accept: acceptID("spf-all", e.Name, "merge"), Subject: string(e.Name),
		Text: "let only those send that the SPF records name, and no longer everybody, as one of them does by +all"}
	if _, wished := e.wishedEnd(); wished || e.accepts(o) {
		e.lost = e.before.byAll()
		return
	}
	e.lifts[BlockLoses] = o.Accept
}

// widened asks for a yes where the one record would allow more than the several
// are meant to: then the order of none of them keeps an address out.
func (e *spfEdit) widened() {
	more := e.tree().Coverage().Pass.Subtract(e.before.pass)
	if more.IsEmpty() {
		return
	}
	o := Offer{Accept: acceptID("spf-gain", e.Name, "merge"), Subject: string(e.Name),
		Text: "let " + strings.Join(prefixTexts(more), ", ") + " send, which no record keeps out any more when they are one"}
	if !e.accepts(o) {
		e.block(Block{ID: BlockGain, Accept: o.Accept, Subject: string(e.Name), Message: "the records, made one, would allow " + strings.Join(prefixTexts(more), ", ") + ", which each of them keeps out",
			Fix: "take the terms that keep addresses out, or those that allow them, away by hand; or say yes", Holds: []dns.Key{e.set.Key}})
	}
}

// ofOthers handles a name whose records are kept elsewhere, behind an alias.
func (e *spfEdit) ofOthers() {
	tree := spf.Expand(e.ctx, e.now, e.Name)
	e.alias, e.expected = true, &tree
	e.spf.Before = tree.Selection.Records
	e.spf.LookupsBefore, e.spf.LookupsAfter = tree.Counts, tree.Counts
	e.record = spf.Parse("v=spf1")
	if len(e.spf.Before) == 1 {
		e.record = spf.Parse(e.spf.Before[0])
		e.spf.After = e.spf.Before[0]
		e.spf.Terms = e.termsOf()
	}
	if err := failure(tree); err != nil {
		if !asking(err) {
			e.unknown(Unknown{Subject: string(e.Name), Message: fmt.Sprintf("%s is an alias, and whether the SPF record behind it allows its senders is not known", e.Name),
				Fix: "plan again when that name answers", Cause: err})
		}
		return
	}
	lacking := e.lacking()
	if len(lacking) == 0 {
		return
	}
	target := e.set.Alias.Data.String()
	e.block(Block{
		ID: BlockAlias, Subject: string(e.Name),
		Message: fmt.Sprintf("%s is an alias of %s, so its SPF record is kept there, and it lacks %s", e.Name, strings.TrimSuffix(target, "."), strings.Join(lacking, ", ")),
		Fix:     "ask whoever keeps that record, or give the device another MAIL FROM domain",
	})
}

// end gives the record the end that is wished for.
func (e *spfEdit) end() {
	want, wished := e.wishedEnd()
	if !wished {
		return
	}
	if i := e.record.Redirect(); e.record.All() < 0 && i >= 0 {
		e.tell(fmt.Sprintf("SPF: the record ends as %s says, so domains.spf.all has no effect", e.record.Terms[i].Text))
		return
	}
	if i := e.record.All(); i >= 0 && e.record.Terms[i].Qualifier == want {
		return
	}
	e.record = e.record.WithAll(want)
	e.why[e.record.Terms[e.record.All()].Text] = "the inventory wishes for it"
	e.lost = e.lost.Union(e.before.byAll())
}

// wishedEnd is the qualifier of all that the inventory wishes for, if it does.
func (e *spfEdit) wishedEnd() (q spf.Qualifier, wished bool) {
	switch e.wish.SPF.All {
	case inventory.SPFSoftFail:
		return spf.QualifierSoftFail, true
	case inventory.SPFFail:
		return spf.QualifierFail, true
	}
	return 0, false
}

// passesAll reports whether the record ends in +all.
func (e *spfEdit) passesAll() bool {
	i := e.record.All()
	return i >= 0 && e.record.Terms[i].Qualifier == spf.QualifierPass
}

// byAll returns the addresses that pass by an all term and no other.
func (in intention) byAll() spf.AddressSet {
	var all, named spf.AddressSet
	for _, c := range in.coverage {
		for _, share := range c.Shares {
			switch {
			case share.Result != spf.Pass:
			case share.Node.Term.Kind == spf.KindAll:
				all = all.Union(share.Addresses)
			default:
				named = named.Union(share.Addresses)
			}
		}
	}
	return all.Subtract(named)
}

// park gives a parked domain the record that allows nobody.
func (e *spfEdit) park() {
	if len(e.needs) > 0 || len(e.uses) > 0 {
		e.block(Block{ID: BlockParked, Subject: string(e.Name), Message: fmt.Sprintf("%s sends from the domain, which the inventory calls parked", slices.Concat(e.needs, e.uses)[0].who),
			Fix: "take domains.parked away, or give the device another sender"})
		return
	}
	if e.set.Alias != nil {
		return
	}
	e.record, e.isNew = spf.Parse("v=spf1 -all"), len(e.found.Records) == 0
	if len(e.found.Records) > 0 {
		e.start = e.found.Records[0]
	}
	for _, text := range e.found.Records {
		for _, t := range spf.Parse(text).Terms {
			e.why[t.Text] = "the domain is parked: nobody sends for it"
		}
	}
	e.why["-all"] = "the domain is parked: nobody sends for it"
	e.lost = spf.Everywhere()
	e.finish()
}
