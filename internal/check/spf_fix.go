package check

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/spf"
)

// spfCost returns how many lookups a record takes at a name, as far as the tree
// and Microsoft's names tell what lies behind its terms.
func (d *Domain) spfCost(name dns.Name, record spf.Record) (lookups int, known bool) {
	behind := make(map[string]int)
	for n := range d.spfNodes() {
		if n.Term.Kind.Counts() && n.State != spf.StateIgnored && !n.Partial && n.Domain == name {
			behind[costKey(n.Term)] = n.Lookups
		}
	}
	for i, t := range record.Terms {
		if !t.Kind.Counts() || !record.Reached(i) {
			continue
		}
		cost, known := behind[costKey(t)]
		switch {
		case known:
			lookups += cost
		case t.Kind != spf.KindInclude && t.Kind != spf.KindRedirect, microsoftCloud(dns.Name(strings.ToLower(t.Domain))) != "":
			lookups++
		default:
			return lookups, false
		}
	}
	return lookups, true
}

// costKey is equal for terms that cost the same: an include of a name takes as
// many lookups as a redirect to it.
func costKey(t spf.Term) string {
	kind := t.Kind
	if kind == spf.KindRedirect {
		kind = spf.KindInclude
	}
	return kind.String() + " " + t.Domain
}

// ownEnd is the advice about the end of a record of somebody else to which the
// domain's own one redirects: an end of one's own.
func (d *Domain) ownEnd() string {
	own := spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}
	i := own.Record.Redirect()
	if i < 0 || !d.own(d.Name) {
		return ""
	}
	t := own.Record.Terms[i]
	instead := "include:" + t.Domain + " ~all"
	return d.propose(own, replaceSpans(own.Record.Text(), map[spf.Span]string{t.Span: instead}),
		fmt.Sprintf("write %q in place of %q", instead, t.Text))
}

// maxRewritten is up to how many octets a record is written anew. RFC 7208 §3.4
// asks for 450 at most; only hostile records are so long, and to rewrite one of
// 64 KB for each of its thousands of mistakes would take minutes.
const maxRewritten = 4096

// namesSenders reports whether a record has a term besides all that an
// evaluation comes to.
func namesSenders(record spf.Record) bool {
	for i, t := range record.Terms {
		if record.Reached(i) && t.Kind != spf.KindAll && (t.Kind.Mechanism() || t.Kind == spf.KindRedirect) {
			return true
		}
	}
	return false
}

// propose returns the advice, followed by a text for the record in the form of a
// zone file if that is valid, of a length that somebody publishes, and surely
// within the limit of lookups.
func (d *Domain) propose(r spfRecord, text, advice string) string {
	if len(text) > maxRewritten || r.Record != nil && len(r.Record.Text()) > maxRewritten {
		return advice
	}
	record := spf.Parse(text)
	if r.Record != nil && namesSenders(*r.Record) && !namesSenders(record) {
		return advice // a domain that sends would say that nothing does
	}
	lookups, known := d.spfCost(r.Name, record)
	if r.Name != d.Name {
		// It adds to what the domain's own record costs.
		before, knownBefore := d.spfCost(r.Name, *r.Record)
		known = known && knownBefore && lookups <= before
		lookups = d.SPF.Lookups
	}
	if !record.Valid() || len(record.Doubts) > 0 || len(record.Terms) == 0 || !known || lookups > maxLookups {
		return advice
	}
	return advice + ": " + txtRecord(r.Name, text)
}

// replaceSpans returns text with each of the spans replaced by its new text. It
// and the others leave a text alone that is not written anew: see maxRewritten.
func replaceSpans(text string, news map[spf.Span]string) string {
	if len(text) > maxRewritten {
		return text
	}
	return spf.Parse(text).ReplaceSpans(news).Text()
}

// withoutTerms returns the record's text without some of its terms.
func withoutTerms(record *spf.Record, drop ...spf.Term) string {
	if len(record.Text()) > maxRewritten {
		return record.Text()
	}
	var at []int
	for i, t := range record.Terms {
		if slices.ContainsFunc(drop, func(d spf.Term) bool { return d.Span == t.Span }) {
			at = append(at, i)
		}
	}
	return record.Remove(at...).Text()
}

// beforeAll returns the record's text with a term put in before its all
// mechanism, or else behind its last mechanism.
func beforeAll(record *spf.Record, term string) string {
	if len(record.Text()) > maxRewritten {
		return record.Text()
	}
	return record.Insert(record.PlaceForName(), term).Text()
}

// askOperator is the advice about a fault in a record of somebody else, to
// which a term of the domain's own tree leads.
func (d *Domain) askOperator(name dns.Name, doing string) string {
	if d.own(name) {
		return fmt.Sprintf("%s in the record of %s", doing, name.Unicode())
	}
	if name == d.Name {
		return fmt.Sprintf("ask the operator of %s, of which %s is an alias, to %s", d.alias().Unicode(), name.Unicode(), doing)
	}
	return fmt.Sprintf("ask the operator of %s to %s, or take the term that leads there out of the record of %s",
		name.Unicode(), doing, d.Name.Unicode())
}

// dropFix is the advice about a term that is of no use, with the record as it is
// without all such terms where that can be told.
func (d *Domain) dropFix(r spfRecord, n *spf.Node, advice string, useless func(*spf.Node) bool) string {
	if !d.own(r.Name) {
		return d.askOperator(r.Name, fmt.Sprintf("correct or remove %q", n.Term.Text))
	}
	return d.dropAll(r, advice, useless)
}

// dropAll is the advice, with the record as it is without all useless terms
// where there are any and that can be told.
func (d *Domain) dropAll(r spfRecord, advice string, useless func(*spf.Node) bool) string {
	if len(r.Record.Text()) > maxRewritten {
		return advice
	}
	var drop []spf.Term
	for c := range r.terms() {
		if useless(c) {
			drop = append(drop, c.Term)
		}
	}
	if len(drop) == 0 {
		return advice
	}
	return d.propose(r, withoutTerms(r.Record, drop...), advice)
}
