package spf

import (
	"net/netip"
	"slices"
)

// Coverage is what a record means for each client address. The first five sets
// are disjoint, and together everything.
//
// It is the intended meaning: limits are not applied, and what cannot be
// evaluated is passed over - terms with a syntax error, includes and redirects
// that lead to no record or in a circle. Where [Tree.Result] is [PermanentErr],
// real evaluations of the addresses that come to such a place give permerror
// instead, and [Tree.Problems] says why.
type Coverage struct {
	Pass, Fail, SoftFail, Neutral AddressSet

	// Open are the addresses whose result cannot be told: a term that depends
	// on the message, or could not be asked, decides between two.
	Open      AddressSet
	OpenNodes []*Node // those terms, in the order of evaluation

	// Shares tell which term of the root's record decides, in the order of
	// evaluation. Addresses of the default result, which no term gives, are in
	// none.
	Shares []Share

	// Strict is set when every evaluation gives what the sets say: no limit is
	// exceeded, no term is broken, and nothing depends on the message.
	Strict bool
}

// Share is what one term decides: the addresses that it surely matches and no
// earlier term surely does. They are disjoint from those of other shares. An
// include has one share, a redirect one for each result that it gives.
type Share struct {
	Node      *Node
	Result    Result
	Addresses AddressSet
}

// The results of a record, as indexes.
const (
	iPass = iota
	iFail
	iSoftFail
	iNeutral
	resultCount
)

var results = [resultCount]Result{iPass: Pass, iFail: Fail, iSoftFail: SoftFail, iNeutral: Neutral}

// bySet holds for each result the addresses that can get it; several results
// are possible for one address when something is not known.
type bySet [resultCount]AddressSet

// only returns the addresses that get the result i and no other.
func (b bySet) only(i int) AddressSet {
	s := b[i]
	for j := range b {
		if j != i {
			s = s.Subtract(b[j])
		}
	}
	return s
}

// Coverage works out the result of each address. Without a record at the domain
// all are neutral. Where its record is not known, or there are several, all are
// open: [ExpandText] tells what each of several means.
func (t Tree) Coverage() Coverage {
	w := t.Root.cover()
	open := Everywhere()
	var sure bySet
	for i := range sure {
		sure[i] = w.possible.only(i)
		open = open.Subtract(sure[i])
	}
	c := Coverage{Pass: sure[iPass], Fail: sure[iFail], SoftFail: sure[iSoftFail], Neutral: sure[iNeutral], Open: open, Shares: w.shares}
	for _, d := range w.doubts {
		if !d.addresses.Intersect(open).IsEmpty() && !slices.Contains(c.OpenNodes, d.node) {
			c.OpenNodes = append(c.OpenNodes, d.node)
		}
	}
	c.Strict = t.Result == Valid && !t.Partial && !t.PartialVoids && t.Voids6 <= MaxVoids
	return c
}

// doubt is a term of which it is not known whether it matches some addresses.
type doubt struct {
	node      *Node
	addresses AddressSet
}

// within restricts doubts to a set.
func within(doubts []doubt, s AddressSet) []doubt {
	var rest []doubt
	for _, d := range doubts {
		if a := d.addresses.Intersect(s); !a.IsEmpty() {
			rest = append(rest, doubt{d.node, a})
		}
	}
	return rest
}

// covering is the evaluation of one record for all addresses at once.
type covering struct {
	reach    AddressSet // the addresses that may get to the term at hand
	given    [resultCount][]addressRange
	possible bySet
	doubts   []doubt
	shares   []Share
}

// cover evaluates the record of the root, or of an include or redirect.
func (n *Node) cover() *covering {
	w := &covering{reach: Everywhere()}
	switch {
	case n.State == StateNone:
		w.give(iNeutral, w.reach)
	case n.unread():
		w.anything(n)
	default:
		w.record(n)
	}
	for i, ranges := range w.given {
		w.possible[i] = collect(ranges)
	}
	return w
}

// unread reports whether it is not known what the record of n says.
func (n *Node) unread() bool {
	return n.Record == nil || n.Children == nil && len(n.Record.Terms) > 0
}

// give notes that the addresses can get a result.
func (w *covering) give(i int, s AddressSet) { w.given[i] = append(w.given[i], s.ranges...) }

// anything is a record that n leads to and that is not known.
func (w *covering) anything(n *Node) {
	for i := range w.given {
		w.give(i, w.reach)
	}
	w.doubts = append(w.doubts, doubt{n, w.reach})
	w.reach = AddressSet{}
}

// record follows RFC 7208 §4.6.2, §4.6.3 and §4.7.
func (w *covering) record(n *Node) {
	var redirect *Node
	for _, c := range n.Children {
		switch kind := c.Term.Kind; {
		case !c.Term.Valid:
		case kind == KindRedirect:
			redirect = c
		case kind.Mechanism():
			w.term(c)
		}
		if w.reach.IsEmpty() {
			return
		}
	}
	if redirect != nil {
		w.redirect(redirect)
	}
	w.give(iNeutral, w.reach)
}

// term lets a mechanism take what it matches.
func (w *covering) term(c *Node) {
	m := c.matches()
	i := slices.Index(results[:], c.Term.Qualifier.Result())
	w.give(i, w.reach.Intersect(m.may))
	w.share(c, i, m.must)
	if len(m.doubts) > 0 {
		w.doubts = append(w.doubts, within(m.doubts, w.reach.Intersect(m.may).Subtract(m.must))...)
	}
	w.reach = w.reach.Subtract(m.must)
}

func (w *covering) share(c *Node, i int, must AddressSet) {
	if s := w.reach.Intersect(must); !s.IsEmpty() {
		w.shares = append(w.shares, Share{c, results[i], s})
	}
}

// redirect lets another record decide what is left (RFC 7208 §6.1).
func (w *covering) redirect(c *Node) {
	if c.State == StateNone || c.State == StateLoop {
		return
	}
	to := c.cover()
	for i := range to.possible {
		w.give(i, w.reach.Intersect(to.possible[i]))
		w.share(c, i, to.possible.only(i))
	}
	w.doubts = append(w.doubts, within(to.doubts, w.reach)...)
	w.reach = AddressSet{}
}

// match is what a mechanism matches: all of must, and perhaps more of may.
type match struct {
	must, may AddressSet
	doubts    []doubt // about what is in may only
}

func surely(s AddressSet) match { return match{must: s, may: s} }

// perhaps is a term that surely matches must and perhaps all of more.
func (n *Node) perhaps(must, more AddressSet) match {
	if more.IsEmpty() {
		return surely(must)
	}
	return match{must, must.Union(more), []doubt{{n, more}}}
}

func (n *Node) matches() match {
	switch kind := n.Term.Kind; {
	case kind == KindAll:
		return surely(Everywhere())
	case kind == KindIP4, kind == KindIP6:
		return surely(networks(n.Term.Prefix))
	// Only a term behind an all with a syntax error is ignored, and met here.
	case n.State == StateSender, n.State == StateTruncated, n.State == StateIgnored:
		return n.perhaps(AddressSet{}, Everywhere())
	case kind == KindInclude:
		return n.includes()
	case n.Err != nil && n.Hosts == nil:
		return n.perhaps(AddressSet{}, Everywhere())
	case kind == KindExists:
		return n.exists()
	}
	return n.hosts()
}

// includes is the pass set of the included record (RFC 7208 §5.2).
func (n *Node) includes() match {
	if n.State == StateNone || n.State == StateLoop {
		return match{}
	}
	w := n.cover()
	m := match{must: w.possible.only(iPass), may: w.possible[iPass]}
	if len(w.doubts) > 0 {
		m.doubts = within(w.doubts, m.may.Subtract(m.must))
	}
	return m
}

// exists matches every client or none (RFC 7208 §5.7).
func (n *Node) exists() match {
	if len(n.Hosts) > 0 && len(n.Hosts[0].V4) > 0 {
		return surely(Everywhere())
	}
	return match{}
}

// hosts is for a and mx, whose hosts have been asked for both families.
func (n *Node) hosts() match {
	var found, unknown []netip.Prefix
	for _, h := range n.Hosts {
		found = append(found, h.prefixes(n.Term)...)
		if h.Err4 != nil {
			unknown = append(unknown, everything4)
		}
		if h.Err6 != nil {
			unknown = append(unknown, everything6)
		}
	}
	if len(n.Hosts) == maxTreeHosts {
		unknown = append(unknown, everything4, everything6) // of hosts that were not asked
	}
	must := networks(found...)
	return n.perhaps(must, networks(unknown...).Subtract(must))
}

// networks returns the clients in the networks of terms. RFC 7208 §5: the
// client of an IPv4-mapped address is an IPv4 client, which no IPv6 network
// matches.
func networks(ps ...netip.Prefix) AddressSet {
	return NewAddressSet(slices.DeleteFunc(ps, mapped)...)
}
