package planner

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/spf"
)

// finish judges the record that the edit came to, and plans it.
func (e *spfEdit) finish() {
	if len(e.before.trees) > 0 {
		e.spf.LookupsBefore = e.before.trees[0].Counts
	}
	text := e.record.Text()
	e.spf.After = text
	e.spf.Terms = e.termsOf()
	tree := e.tree()
	e.spf.LookupsAfter = tree.Counts
	e.expected = &tree
	if len(e.found.Records) == 1 && text == e.found.Records[0] {
		e.stays(tree)
		return
	}
	cover := tree.Coverage()
	e.differences(cover)
	change := dns.Change{Zone: e.set.Zone, Key: e.set.Key, Old: e.set.Records, New: e.newSet(), Why: e.reasons()}
	e.spf.Warnings = append(e.spf.Warnings, sizeWarnings(e.Name, change.New)...)
	if tree.Result == spf.PermanentErr && !e.before.broken {
		e.block(Block{ID: BlockPermError, Subject: string(e.Name), Message: "the SPF record that the plan makes would be permerror: " + problem(tree),
			Fix: fixOf(tree), Holds: []dns.Key{e.set.Key}})
	} else if tree.Result == spf.PermanentErr {
		e.remains(tree)
	}
	e.loses(tree, cover)
	e.stage(stageRecords, change)
	e.partial(tree)
}

// stays handles a record that needs no change, or gets none.
func (e *spfEdit) stays(tree spf.Tree) {
	if tree.Result == spf.PermanentErr {
		e.remains(tree)
	}
	e.partial(tree)
}

// remains says that a record is permerror and stays so.
func (e *spfEdit) remains(tree spf.Tree) {
	id := BlockPermError
	if over(tree) {
		id = BlockLookups
	}
	e.block(Block{ID: id, Accept: e.lifts[id], Subject: string(e.Name), Message: "the SPF record is permerror, and stays so: " + problem(tree), Fix: fixOf(tree)})
}

// partial says what could not be found out about a record.
func (e *spfEdit) partial(tree spf.Tree) {
	if err := failure(tree); err != nil && !asking(err) {
		e.unknown(Unknown{Subject: string(e.Name), Message: "what the SPF record authorises is not fully known: " + err.Key.String() + " was not answered, so nothing is taken out of it",
			Fix: "plan again when that name answers", Cause: err})
	}
}

func problem(t spf.Tree) string {
	for _, p := range t.Problems {
		if p.Kind != spf.ProblemUnanswered && p.Kind != spf.ProblemVoids6 {
			return p.Message
		}
	}
	return "it is not valid"
}

func fixOf(t spf.Tree) string {
	if over(t) {
		return "say yes to one of the offers, or give a sender a MAIL FROM of its own on a subdomain (devices.mail_from), which then has a record of its own"
	}
	return "correct the record that is named, or have its owner do that"
}

// loses blocks a change by which somebody would lose.
func (e *spfEdit) loses(tree spf.Tree, cover spf.Coverage) {
	lost := e.before.pass.Subtract(cover.Pass).Subtract(e.lost).Union(spf.NewAddressSet(e.strictLosses()...))
	for _, p := range lost.Prefixes() {
		e.spf.Lost = append(e.spf.Lost, Difference{Prefix: p, Who: e.namedBefore(p), Result: resultAfter(cover, p)})
		if len(e.spf.Lost) == maxDifferences {
			break
		}
	}
	var open []string
	for _, text := range e.before.open {
		if !slices.ContainsFunc(tree.Root.Children, func(n *spf.Node) bool { return n.Term.Text == text }) && e.why[text] == "" {
			open = append(open, text)
		}
	}
	if lost.IsEmpty() && len(open) == 0 {
		return
	}
	e.block(Block{
		ID: BlockLoses, Accept: e.lifts[BlockLoses], Subject: string(e.Name), Holds: []dns.Key{e.set.Key},
		Message: "the planned SPF record would not allow what the present one does: " + strings.Join(append(prefixTexts(lost), open...), ", "),
		Fix:     "correct the present record by hand first: it says what sendplan cannot carry over",
	})
}

// maxDifferences bounds how many networks a difference lists.
const maxDifferences = 200

func prefixTexts(s spf.AddressSet) []string {
	var list []string
	for _, p := range s.Prefixes() {
		if len(list) == 5 {
			return append(list, "and more")
		}
		list = append(list, show(p))
	}
	return list
}

// differences lists what gains the right to send, and what loses it by a yes.
func (e *spfEdit) differences(cover spf.Coverage) {
	gained, after := cover.Pass.Subtract(e.before.pass), e.candidate()
	for _, share := range cover.Shares {
		if share.Result != spf.Pass {
			continue
		}
		for _, p := range share.Addresses.Intersect(gained).Prefixes() {
			if len(e.spf.Gained) == maxDifferences {
				return
			}
			if e.resultIn(after, p.Addr()) != spf.Pass {
				continue // another term is an error to receivers before they come to this one
			}
			e.spf.Gained = append(e.spf.Gained, Difference{Prefix: p, Who: e.whoOf(share.Node), Result: e.resultBefore(p)})
		}
	}
	agreed := e.before.pass.Subtract(cover.Pass).Intersect(e.lost)
	if e.before.pass.Equal(spf.Everywhere()) && !agreed.IsEmpty() {
		for _, p := range spf.Everywhere().Prefixes() {
			e.spf.Lost = append(e.spf.Lost, Difference{Prefix: p, Who: "everybody but those whom the record names, by +all", Result: resultAfter(cover, agreed.Prefixes()[0])})
		}
		return
	}
	for _, p := range agreed.Prefixes() {
		if len(e.spf.Lost) == maxDifferences {
			return
		}
		e.spf.Lost = append(e.spf.Lost, Difference{Prefix: p, Who: e.namedBefore(p), Result: resultAfter(cover, p)})
	}
}

// whoOf says in words for whom a term is.
func (e *spfEdit) whoOf(n *spf.Node) string {
	if why := e.why[n.Term.Text]; why != "" {
		return why
	}
	return n.Term.Text + operatorOf(n)
}

// resultBefore is what the first address of a network got from receivers before.
func (e *spfEdit) resultBefore(p netip.Prefix) spf.Result { return e.resultIn(e.now, p.Addr()) }

// resultAfter is what the first address of a network gets by a coverage.
func resultAfter(c spf.Coverage, p netip.Prefix) spf.Result {
	for _, part := range []struct {
		set    spf.AddressSet
		result spf.Result
	}{{c.Fail, spf.Fail}, {c.SoftFail, spf.SoftFail}, {c.Neutral, spf.Neutral}} {
		if part.set.Contains(p.Addr()) {
			return part.result
		}
	}
	return spf.TempError
}

// namedBefore is the term by which the present records allow a network.
func (e *spfEdit) namedBefore(p netip.Prefix) string {
	for _, c := range e.before.coverage {
		for _, share := range c.Shares {
			if share.Result == spf.Pass && share.Addresses.Contains(p.Addr()) {
				return share.Node.Term.Text + operatorOf(share.Node)
			}
		}
	}
	return ""
}

// newSet returns the TXT records at the name with the record as it is by now.
// All others stay as they are, string by string.
func (e *spfEdit) newSet() []dns.Record {
	placed := false
	var list []dns.Record
	for _, r := range e.present {
		text := r.Data.(dns.TXT).Joined()
		replaced := slices.Contains(e.found.Records, text) || e.isNew && e.start != "" && text == e.start
		switch {
		case !replaced:
			list = append(list, r)
		case text == e.record.Text() && !placed:
			list, placed = append(list, r), true
		}
	}
	if placed {
		return list
	}
	return append(list, dns.Record{Name: e.Name, TTL: setTTL(e.present), Data: dns.NewTXT(e.record.Text())})
}

// setTTL is the TTL of a set, which all its records share (RFC 2181 §5.2).
func setTTL(set []dns.Record) uint32 {
	if len(set) > 0 {
		return set[0].TTL
	}
	return defaultTTL
}

// defaultTTL is the TTL of sets that are new, in seconds.
const defaultTTL = 3600

// reasons returns what the change is for.
func (e *spfEdit) reasons() []string {
	var list []string
	for _, t := range e.spf.Terms {
		switch t.Action {
		case Add:
			list = append(list, "add "+t.Text+" - "+t.Why)
		case Remove:
			list = append(list, "remove "+t.Text+" - "+t.Why)
		case Replace:
			list = append(list, "replace "+t.Text+" by "+t.With+" - "+t.Why)
		}
	}
	if e.before.several {
		list = append([]string{fmt.Sprintf("one record in place of %d, which receivers take for an error", len(e.found.Records))}, list...)
	}
	return list
}

// termsOf compares the record of before with the new one, term by term.
func (e *spfEdit) termsOf() []Term {
	var before, now []string
	if len(e.found.Records) > 0 {
		before = termTexts(spf.Parse(e.start))
	}
	now = termTexts(e.record)
	nodes := e.terms()
	if len(nodes) > maxExplained {
		nodes = nil
	}
	var list []Term
	for _, step := range diff(before, now) {
		step.Why = e.why[step.Text]
		if step.Action == Keep && step.Why == "" {
			step.Why = e.keepWhy(nodes, step.Text)
		}
		if n := len(list); n > 0 && step.Action == Add && list[n-1].Action == Remove && (list[n-1].Why == "" || list[n-1].Why == step.Why) {
			list[n-1] = Term{Action: Replace, Text: list[n-1].Text, With: step.Text, Why: step.Why}
			continue
		}
		switch {
		case step.Why != "":
		case step.Action == Remove:
			step.Why = "what was meant stands in its place"
		case step.Action == Add:
			step.Why = "in the place of what was not valid"
		}
		list = append(list, step)
	}
	for _, text := range e.found.Records {
		if text == e.start {
			continue
		}
		for _, t := range spf.Parse(text).Terms {
			if why := e.why[t.Text]; why != "" && !slices.Contains(now, t.Text) && !slices.Contains(before, t.Text) {
				list = append(list, Term{Action: Remove, Text: t.Text, Why: why})
			}
		}
	}
	return list
}

// maxExplained is up to how many terms each is looked at for whom it is.
const maxExplained = 100

// keepWhy says why a term of the record stays.
func (e *spfEdit) keepWhy(nodes []*spf.Node, text string) string {
	i := slices.IndexFunc(nodes, func(n *spf.Node) bool { return n.Term.Text == text })
	if i < 0 {
		return "it stays word for word"
	}
	switch n := nodes[i]; n.Term.Kind {
	case spf.KindAll, spf.KindRedirect:
		return "the end stays as it is"
	case spf.KindExp, spf.KindUnknownModifier, spf.KindBroken:
		return "it stays word for word"
	default:
		if users := e.users(n); len(users) > 0 {
			return "for " + strings.Join(users, ", ")
		}
	}
	return "nothing speaks against it"
}

// users are the senders of the inventory that a term allows.
func (e *spfEdit) users(n *spf.Node) []string {
	set := e.matches(n)
	var list []string
	for _, need := range slices.Concat(e.needs, e.uses) {
		by := slices.ContainsFunc(need.prefixes, func(p netip.Prefix) bool { return !set.Intersect(spf.NewAddressSet(p)).IsEmpty() }) ||
			slices.ContainsFunc(need.includes, func(name dns.Name) bool { return leadsTo(n, name) })
		if by && !slices.Contains(list, need.who) {
			list = append(list, need.who)
		}
	}
	return list
}

func termTexts(r spf.Record) []string {
	list := make([]string, len(r.Terms))
	for i, t := range r.Terms {
		list[i] = t.Text
	}
	return list
}

// maxDiff bounds the table of diff, in fields.
const maxDiff = 1 << 20

// diff returns the shortest way from one list to another: what stays, goes and
// comes, in order. Lists that hardly anybody publishes are exchanged as a whole.
func diff(a, b []string) []Term {
	var list, tail []Term
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		list = append(list, Term{Action: Keep, Text: a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, Term{Action: Keep, Text: a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	return append(append(list, diffMiddle(a, b)...), tail...)
}

func diffMiddle(a, b []string) []Term {
	common := commonLengths(a, b)
	var list []Term
	for len(a) > 0 || len(b) > 0 {
		switch {
		case common != nil && len(a) > 0 && len(b) > 0 && a[0] == b[0]:
			list = append(list, Term{Action: Keep, Text: a[0]})
			a, b = a[1:], b[1:]
		case len(a) > 0 && (len(b) == 0 || common == nil || common[len(a)-1][len(b)] >= common[len(a)][len(b)-1]):
			list = append(list, Term{Action: Remove, Text: a[0]})
			a = a[1:]
		default:
			list = append(list, Term{Action: Add, Text: b[0]})
			b = b[1:]
		}
	}
	return list
}

// commonLengths returns at [i][j] the length of the longest list that the last i
// of a and the last j of b have in common; nil if the table would be too large.
func commonLengths(a, b []string) [][]int {
	if (len(a)+1)*(len(b)+1) > maxDiff {
		return nil
	}
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
		for j := 1; i > 0 && j < len(common[i]); j++ {
			if a[len(a)-i] == b[len(b)-j] {
				common[i][j] = common[i-1][j-1] + 1
			} else {
				common[i][j] = max(common[i-1][j], common[i][j-1])
			}
		}
	}
	return common
}
