package planner

import (
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// addNeeds adds to the record what the devices need and it does not allow.
func (e *spfEdit) addNeeds() {
	for _, n := range e.needs {
		for _, p := range n.prefixes {
			e.addPrefix(n, p)
		}
		e.addService(n)
	}
}

// addPrefix adds the addresses of a site, if they may stand in a record.
func (e *spfEdit) addPrefix(n need, p netip.Prefix) {
	r := e.candidate()
	if e.allowed(r, p) {
		e.also(addressTerm(p), n)
		return
	}
	if e.standsThere(p) && e.refuses(r, p) == "" {
		return // once is enough, whatever keeps receivers from coming to it
	}
	may, why := e.fixed(p)
	switch may {
	case method.False:
		e.tell(fmt.Sprintf("SPF: %s of %s is not put into the record: %s", show(p), n.who, why))
		return
	case method.Unknown:
		e.unknown(Unknown{Subject: n.who, Message: fmt.Sprintf("%s: so %s is not put into the SPF record of %s", why, show(p), e.Name),
			Fix: "say sites.static and sites.shared in the inventory"})
		return
	}
	term := addressTerm(p)
	if wide(p) && !e.mayGain(p, n.who+" sends from it") {
		return
	}
	at := e.record.PlaceForAddress()
	if refusing := e.refuses(r, p); refusing != "" && !e.overrules(n, term, p.String(), refusing) {
		return
	}
	e.record = e.record.Insert(at, term)
	e.added = append(e.added, addition{term: term, prefix: p, who: []string{n.who}, why: n.why})
}

// standsThere reports whether a term of the record names a network and would let
// it send.
func (e *spfEdit) standsThere(p netip.Prefix) bool {
	return slices.ContainsFunc(e.record.Terms, func(t spf.Term) bool {
		return t.Valid && t.Qualifier == spf.QualifierPass && t.Prefix == p.Masked()
	})
}

// mayGain asks for a yes to let a network send that is wider than a handful of
// addresses.
func (e *spfEdit) mayGain(p netip.Prefix, why string) bool {
	o := Offer{Accept: acceptID("spf-gain", e.Name, p.String()), Subject: string(e.Name), Text: fmt.Sprintf("let all %s of %s send for %s: %s", addressCount(p), p, e.Name, why)}
	if e.accepts(o) {
		return true
	}
	e.block(Block{ID: BlockGain, Accept: o.Accept, Subject: string(e.Name), Message: fmt.Sprintf("%s is more than a handful of addresses, and %s", p, why),
		Fix: "narrow the addresses in the inventory to those that mail leaves from, or say yes"})
	return false
}

// addition is a term that was added for senders.
type addition struct {
	term   string
	prefix netip.Prefix // of an address term
	who    []string
	why    string
}

// also notes that a term that was added serves another need too.
func (e *spfEdit) also(term string, n need) {
	for i, a := range e.added {
		if a.term == term && !slices.Contains(a.who, n.who) {
			e.added[i].who = append(a.who, n.who)
		}
	}
}

// trim takes out additions that the record turned out not to need: other terms
// that receivers could not come to before allow the same.
func (e *spfEdit) trim() {
	for _, a := range e.added {
		i := slices.IndexFunc(e.record.Terms, func(t spf.Term) bool { return t.Text == a.term })
		if i < 0 || !a.prefix.IsValid() || !e.before.broken {
			continue
		}
		full := e.record
		e.record = full.Remove(i)
		if tree := e.tree(); tree.Result != spf.Valid || !e.allowed(e.candidate(), a.prefix) {
			e.record = full
		}
	}
	for _, a := range e.added {
		e.why[a.term] = strings.Join(a.who, ", ") + ": " + a.why
	}
}

// addService adds what a service's customers include. A service has several
// names where they stand for regions or products: which one it is, it must say.
func (e *spfEdit) addService(n need) {
	if n.service == "" && len(n.includes) == 0 {
		return
	}
	if e.provides(n) {
		for _, name := range n.includes {
			e.also("include:"+string(name), n)
		}
		return
	}
	if len(n.includes) != 1 {
		e.unknown(Unknown{Subject: n.who, Message: fmt.Sprintf("what the SPF record of %s must name for %s is not known%s", e.Name, n.service, oneOf(n.includes)),
			Fix: "ask the service, and put the term that it names into the record"})
		return
	}
	name := n.includes[0]
	service := spf.Expand(e.ctx, e.now, name)
	if err := failure(service); err != nil {
		if !asking(err) {
			e.unknown(Unknown{Subject: n.who, Message: fmt.Sprintf("what %s allows could not be asked, so it is not put into the SPF record of %s", name, e.Name),
				Fix: "plan again when that name answers", Cause: err})
		}
		return
	}
	if service.Root.Record == nil {
		e.unknown(Unknown{Subject: n.who, Message: fmt.Sprintf("%s, which an SPF record must name for %s, has no SPF record, so nothing is put into that of %s", name, n.service, e.Name),
			Fix: "ask the service what its customers must name"})
		return
	}
	term, at := "include:"+string(name), e.record.PlaceForName()
	if i := e.refusesAll(service.Coverage().Pass); i >= 0 {
		refusing := e.record.Terms[i].Text
		if !e.overrules(n, term, string(name), refusing) {
			return
		}
		at = i
	}
	e.record = e.reached(term, at, service.Coverage().Pass)
	e.added = append(e.added, addition{term: term, who: []string{n.who}, why: n.why})
}

// reached returns the record with a term put in where receivers come to it: at a
// place, or else before the first term that asks the DNS, because one of those
// fails for some senders, or is an error to receivers.
func (e *spfEdit) reached(term string, at int, allows spf.AddressSet) spf.Record {
	before := e.record
	defer func() { e.record = before }()
	for _, place := range []int{at, before.PlaceForAddress()} {
		e.record = before.Insert(place, term)
		r := e.candidate()
		if !slices.ContainsFunc(firsts(allows), func(ip netip.Addr) bool { return e.resultIn(r, ip) != spf.Pass }) {
			return e.record
		}
	}
	return before.Insert(at, term)
}

// firsts returns the first address of a set of each family.
func firsts(set spf.AddressSet) []netip.Addr {
	var list []netip.Addr
	for _, p := range set.Prefixes() {
		if len(list) == 0 || list[0].Is4() != p.Addr().Is4() && len(list) == 1 {
			list = append(list, p.Addr())
		}
	}
	return list
}

func oneOf(names []dns.Name) string {
	if len(names) == 0 {
		return ""
	}
	return ": one of " + joinNames(names)
}

// names reports whether the record, or what it leads to, includes a name.
func (e *spfEdit) names(is func(dns.Name) bool) bool {
	tree := e.tree()
	return tree.Root != nil && leads(tree.Root, is)
}

// leads reports whether an include or redirect below a node passes what a target
// of a kind does.
func leads(n *spf.Node, is func(dns.Name) bool) bool {
	return slices.ContainsFunc(n.Children, func(c *spf.Node) bool {
		follows := c.Term.Kind == spf.KindInclude && c.Term.Qualifier == spf.QualifierPass || c.Term.Kind == spf.KindRedirect
		return follows && c.State != spf.StateIgnored && (is(c.Target) || leads(c, is))
	})
}

// provides reports whether the record allows what a need asks for by a name.
func (e *spfEdit) provides(n need) bool {
	return e.serves(n) || slices.ContainsFunc(n.includes, e.covers)
}

// serves reports whether what a need asks for is named already: one of its
// includes, or another name of the same service, such as that of a region or of
// one customer.
func (e *spfEdit) serves(n need) bool {
	return e.names(func(target dns.Name) bool {
		entry, ok := provider.ByInclude(target)
		return slices.Contains(n.includes, target) || ok && n.service != "" && string(entry.ID) == n.service
	})
}

// covers reports whether the record allows all that a name includes, by other
// terms. It is false when that cannot be told.
func (e *spfEdit) covers(name dns.Name) bool {
	service := spf.Expand(e.ctx, e.now, name)
	if failure(service) != nil || service.Root == nil || service.Root.Record == nil {
		return false
	}
	cover := service.Coverage()
	if !cover.Open.IsEmpty() || cover.Pass.IsEmpty() {
		return false
	}
	return e.tree().Coverage().Pass.Covers(cover.Pass)
}

// candidate returns the DNS with the record as it is by now.
func (e *spfEdit) candidate() dns.Resolver {
	changes := []dns.Change{{Zone: e.set.Zone, Key: e.set.Key, Old: e.set.Records, New: e.newSet()}}
	return e.with(append(changes, e.childChanges()...))
}

// allowed reports whether the record lets all addresses of a network send: by its
// terms, and in the evaluation that receivers make. Where an answer fails that an
// evaluation needs, the terms alone tell: what they name is not named twice.
func (e *spfEdit) allowed(r dns.Resolver, p netip.Prefix) bool {
	named := e.tree().Coverage().Pass.Covers(spf.NewAddressSet(p))
	for _, ip := range samples(p) {
		if got := e.resultIn(r, ip); got != spf.Pass && !(got == spf.TempError && named) {
			return false
		}
	}
	return named || small(p) // then each address was evaluated
}

// evaluate is what receivers make of mail of the domain from an address.
func (e *spfEdit) evaluate(r dns.Resolver, ip netip.Addr) spf.Evaluation {
	return spf.Evaluate(e.ctx, r, spf.Query{IP: ip, MailFrom: "postmaster@" + string(e.Name), Helo: string(e.Name)})
}

// resultIn is its result.
func (e *spfEdit) resultIn(r dns.Resolver, ip netip.Addr) spf.Result { return e.evaluate(r, ip).Result }

// samples returns all addresses of a small network, else its first.
func samples(p netip.Prefix) []netip.Addr {
	p = p.Masked()
	if !small(p) {
		return []netip.Addr{p.Addr()}
	}
	var list []netip.Addr
	for ip := p.Addr(); ip.IsValid() && p.Contains(ip); ip = ip.Next() {
		list = append(list, ip)
	}
	return list
}

// small reports whether each address of a network is looked at: up to eight.
func small(p netip.Prefix) bool { return p.Addr().BitLen()-p.Bits() <= 3 }

// refuses returns the mechanism, other than all, by which the record refuses an
// address of a network; "" if none does.
func (e *spfEdit) refuses(r dns.Resolver, p netip.Prefix) string {
	for _, share := range e.tree().Coverage().Shares {
		if refusal(share.Result, share.Node.Term) && !share.Addresses.Intersect(spf.NewAddressSet(p)).IsEmpty() {
			return share.Node.Term.Text
		}
	}
	// What depends on the message is in no share.
	for _, ip := range samples(p) {
		got := e.evaluate(r, ip)
		i := slices.IndexFunc(e.record.Terms, func(t spf.Term) bool { return t.Span == got.MatchSpan })
		if got.MatchDomain == e.Name && i >= 0 && refusal(got.Result, e.record.Terms[i]) {
			return e.record.Terms[i].Text
		}
	}
	return ""
}

// refusesAll returns the index of the first mechanism, other than all, that
// refuses addresses of a set, if together such mechanisms refuse all of it; else
// -1.
func (e *spfEdit) refusesAll(set spf.AddressSet) int {
	first := -1
	for _, share := range e.tree().Coverage().Shares {
		if !refusal(share.Result, share.Node.Term) || share.Addresses.Intersect(set).IsEmpty() {
			continue
		}
		if first < 0 {
			first = slices.IndexFunc(e.record.Terms, func(t spf.Term) bool { return t.Span == share.Node.Term.Span })
		}
		set = set.Subtract(share.Addresses)
	}
	if !set.IsEmpty() {
		return -1
	}
	return first
}

// overrules asks for a yes to put a term before the one that refuses what it
// names.
func (e *spfEdit) overrules(n need, term, what, refusing string) bool {
	o := Offer{Accept: acceptID("spf-overrule", e.Name, what), Subject: string(e.Name), Text: fmt.Sprintf("put %s before %q, which refuses it", term, refusing)}
	if e.accepts(o) {
		return true
	}
	e.block(Block{ID: BlockRefused, Accept: o.Accept, Subject: string(e.Name),
		Message: fmt.Sprintf("%s needs %s, which the record refuses by %q", n.who, term, refusing),
		Fix:     "take that term away if it is a mistake, or say yes"})
	return false
}

// refusal reports whether a result is that of a term which refuses addresses by
// name.
func refusal(r spf.Result, t spf.Term) bool {
	return (r == spf.Fail || r == spf.SoftFail) && t.Kind.Mechanism() && t.Kind != spf.KindAll
}

// lacking returns the needs that the record does not meet, in words.
func (e *spfEdit) lacking() []string {
	var list []string
	for _, n := range e.needs {
		for _, p := range n.prefixes {
			if !e.allowed(e.now, p) {
				list = append(list, addressTerm(p)+" for "+n.who)
			}
		}
		if len(n.includes) > 0 && !e.provides(n) {
			list = append(list, "include:"+string(n.includes[0])+" for "+n.who)
		}
	}
	return list
}

// meets reports whether the record meets any need.
func (e *spfEdit) meets() bool {
	return slices.ContainsFunc(e.needs, func(n need) bool {
		return len(n.includes) > 0 && e.provides(n) || slices.ContainsFunc(n.prefixes, func(p netip.Prefix) bool { return e.allowed(e.candidate(), p) })
	})
}

// addressTerm is the SPF term for a network.
func addressTerm(p netip.Prefix) string {
	if p.Addr().Is4() {
		return "ip4:" + show(p)
	}
	return "ip6:" + show(p)
}

// show writes a network, a single address without its length.
func show(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.Masked().String()
}

func addressCount(p netip.Prefix) string {
	bits := p.Addr().BitLen() - p.Bits()
	if bits > 20 {
		return fmt.Sprintf("2^%d addresses", bits)
	}
	return fmt.Sprintf("%d addresses", 1<<bits)
}

func joinNames(names []dns.Name) string {
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = string(n)
	}
	return strings.Join(words, ", ")
}

// maxAcceptID bounds the IDs, which people copy.
const maxAcceptID = 200

// acceptID builds the ID of a yes. Of what is no printable ASCII character the
// octets are written in hexadecimal, and what is too long ends in a checksum, so that
// two things do not share one.
func acceptID(kind string, name dns.Name, what string) AcceptID {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s/", kind, name)
	for _, c := range []byte(what) {
		if c <= ' ' || c > '~' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	id := b.String()
	if len(id) <= maxAcceptID {
		return AcceptID(id)
	}
	sum := fnv.New64a()
	sum.Write([]byte(id))
	return AcceptID(fmt.Sprintf("%s~%016x", id[:maxAcceptID-17], sum.Sum64()))
}
