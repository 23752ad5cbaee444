package planner

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// pins puts the addresses that the inventory holds in the place of the terms
// that the administrator agreed to flatten.
func (e *spfEdit) pins() {
	for _, pin := range e.wish.SPF.Flattened {
		set := spf.NewAddressSet(pin.Addresses...)
		i := e.pinned(pin)
		if i < 0 {
			e.addPinned(pin, set)
			continue
		}
		before := e.record.Text()
		if e.flatten(i, pin, set); e.record.Text() == before {
			continue
		}
		for again := e.pinned(pin); again >= 0; again = e.pinned(pin) {
			e.remove(again, "it stood there more than once")
		}
	}
}

// pinned returns the index of the term that a pin is about, or -1.
func (e *spfEdit) pinned(pin inventory.Flattened) int {
	return slices.IndexFunc(e.record.Terms, func(t spf.Term) bool { return sameTerm(t, pin.Term) })
}

// sameTerm reports whether a term of a record is the one that a pin names.
func sameTerm(t spf.Term, pinned string) bool {
	named := spf.Parse("v=spf1 " + pinned)
	return len(named.Terms) == 1 && t.String() == named.Terms[0].String()
}

// flatten replaces term i by the addresses pinned for it. What the term allows
// by now and the pin does not is not given up: then the pin is out of date.
func (e *spfEdit) flatten(i int, pin inventory.Flattened, set spf.AddressSet) {
	t := e.record.Terms[i]
	tree := e.tree()
	if tree.Root == nil || i >= len(tree.Root.Children) || failure(tree) != nil {
		return
	}
	flat, refused := tree.Flatten(tree.Root.Children[i])
	switch {
	case refused != nil:
		e.block(Block{ID: BlockLookups, Subject: string(e.Name), Message: fmt.Sprintf("%s is pinned, but cannot be flattened any more: %s", t.Text, refused.Why),
			Fix: "take it out of domains.spf.flattened"})
		return
	case !set.Equal(flat.Addresses):
		e.block(Block{ID: BlockLookups, Subject: string(e.Name), Message: fmt.Sprintf("what %s allows has changed since %s, when its addresses were pinned", t.Text, pin.Date.Format("2006-01-02")),
			Fix: "look at what changed (sendplan spf drift), and accept the flattening anew", Accept: acceptID("spf-flatten", e.Name, pin.Term)})
		e.offerFlattening(pin.Term, flat, 0)
		return
	}
	before := e.record
	e.record = flat.Record
	e.why[t.Text] = fmt.Sprintf("its addresses as of %s stand in its place, as you agreed", pin.Date.Format("2006-01-02"))
	for _, term := range e.record.Terms {
		if !slices.ContainsFunc(before.Terms, func(have spf.Term) bool { return have.Text == term.Text }) {
			e.why[term.Text] = "in the place of " + t.Text
		}
	}
	e.spf.Warnings = append(e.spf.Warnings, flat.Notes...)
	e.spf.Warnings = append(e.spf.Warnings, fmt.Sprintf("%s is written out: when its operator changes it, the record does not follow; run sendplan spf drift regularly", t.Text))
}

// addPinned adds the addresses of a pin whose term is gone already, where the
// record lacks them.
func (e *spfEdit) addPinned(pin inventory.Flattened, set spf.AddressSet) {
	e.drifted(pin)
	cover := e.tree().Coverage()
	if !cover.Open.IsEmpty() {
		return
	}
	for _, p := range set.Subtract(cover.Pass).Prefixes() {
		if wide(p) && !e.mayGain(p, "the inventory pins it for "+pin.Term) {
			continue
		}
		term := addressTerm(p)
		e.record = e.record.Insert(e.record.PlaceForAddress(), term)
		e.why[term] = fmt.Sprintf("%s allowed it on %s, when its addresses were pinned", pin.Term, pin.Date.Format("2006-01-02"))
	}
}

// offerFlat offers to flatten terms, those that save most first. By which the
// people's mailboxes send changes often, so such a term is only offered where the
// others are not enough.
func (e *spfEdit) offerFlat() {
	tree := e.tree()
	left := tree.Lookups
	for _, people := range []bool{false, true} {
		for _, i := range e.byCost() {
			n := tree.Root.Children[i]
			entry, known := provider.ByInclude(n.Target)
			if n.Term.Kind == spf.KindRedirect || (known && e.ofPeople(entry)) != people {
				continue
			}
			flat, refused := tree.Flatten(n)
			switch {
			case n.Term.Kind == spf.KindMX && slices.ContainsFunc(n.Hosts, ofMicrosoft):
				continue // nobody sends from there
			case refused != nil:
				e.note(fmt.Sprintf("%s cannot be flattened: %s", n.Term.Text, refused.Why))
				continue
			case slices.ContainsFunc(flat.Addresses.Prefixes(), inventory.TooWide):
				e.note(fmt.Sprintf("%s is not worth flattening: it allows a good part of the internet", n.Term.Text))
				continue
			}
			left -= n.Lookups
			e.offerFlattening(e.pinName(n.Term), flat, n.Lookups)
		}
		if left <= spf.MaxLookups {
			return
		}
	}
}

// drifted tells of a pin that is out of date, and offers to renew it.
func (e *spfEdit) drifted(pin inventory.Flattened) {
	tree := spf.ExpandTerm(e.ctx, e.now, e.Name, pin.Term)
	drift := spf.DriftOf(pin.Addresses, tree)
	if drift.Gained.IsEmpty() && drift.Lost.IsEmpty() {
		return
	}
	e.note(fmt.Sprintf("what %s allows has changed since %s, when its addresses were pinned; sendplan spf drift shows how", pin.Term, pin.Date.Format("2006-01-02")))
	if len(drift.Unknown)+len(drift.Broken) > 0 {
		return
	}
	now := spf.NewAddressSet(pin.Addresses...).Union(drift.Gained).Subtract(drift.Lost)
	e.offer(Offer{Accept: acceptID("spf-flatten", e.Name, pin.Term), Subject: string(e.Name), Text: fmt.Sprintf("pin the addresses of %s anew, as of %s; what it lost must be taken out of the record by hand", pin.Term, e.date.Format("2006-01-02")),
		Pin: &Pin{Domain: e.Name, Flattened: inventory.Flattened{Term: pin.Term, Date: e.date, Addresses: now.Prefixes()}}})
}

// pinName is how a pin names a term: as the inventory does already, or as the
// record has it.
func (e *spfEdit) pinName(t spf.Term) string {
	for _, pin := range e.wish.SPF.Flattened {
		if sameTerm(t, pin.Term) {
			return pin.Term
		}
	}
	return t.Text
}

// ofMicrosoft reports whether a host takes mail for Microsoft 365.
func ofMicrosoft(h spf.Host) bool {
	_, ok := provider.ParseMX(h.Name)
	return ok
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// tell notes what is worth telling of the domain.
func (e *spfEdit) tell(text string) {
	if !slices.Contains(e.out.Notes, text) {
		e.out.Notes = append(e.out.Notes, text)
	}
}

// note warns of what is planned.
func (e *spfEdit) note(text string) {
	if !slices.Contains(e.spf.Warnings, text) {
		e.spf.Warnings = append(e.spf.Warnings, text)
	}
}

func (e *spfEdit) offerFlattening(term string, flat spf.Flattening, saves int) {
	text := fmt.Sprintf("write %s in the place of %q, as of %s", count(len(flat.Addresses.Prefixes()), "network"), term, e.date.Format("2006-01-02"))
	if saves > 0 {
		text += fmt.Sprintf("; that leaves %d lookups of %d, but you must follow its changes yourself (sendplan spf drift)", e.tree().Lookups-saves, spf.MaxLookups)
	}
	e.offer(Offer{Accept: acceptID("spf-flatten", e.Name, term), Subject: string(e.Name), Text: text,
		Pin: &Pin{Domain: e.Name, Flattened: inventory.Flattened{Term: term, Date: e.date, Addresses: flat.Addresses.Prefixes()}}})
}

// split moves networks into records of their own where flattening made the
// record long.
func (e *spfEdit) split() {
	content := spf.SizeOf(e.Name, texts(e.newSet())...).Content
	if len(e.wish.SPF.Flattened) == 0 || content <= spf.AdviceOctets {
		return
	}
	others := content - len(e.record.Text())
	parts, refused := e.tree().Children(spf.AdviceOctets-others, e.taken)
	if refused != nil || len(parts.Children) == 0 {
		return
	}
	e.record, e.children = parts.Record, parts.Children
	for _, c := range e.childChanges() {
		e.stage(stagePrepare, c)
	}
	for _, c := range parts.Children {
		e.why["include:"+string(c.Name)] = "networks of the record, so that the answer stays small"
		for _, t := range spf.Parse(c.Text).Terms {
			e.why[t.Text] = "it stands in the record of " + string(c.Name)
		}
	}
}

// taken reports whether a name is in use, or whether that is not known.
func (e *spfEdit) taken(name dns.Name) bool {
	set := e.zones.Set(txt(name))
	return set.Problem() != "" || len(set.Records) > 0 || set.Alias != nil
}

// sizeWarnings says what a set of TXT records costs in the answer.
func sizeWarnings(name dns.Name, records []dns.Record) []string {
	size := spf.SizeOf(name, texts(records)...)
	var list []string
	if size.Longest > dns.MaxString {
		list = append(list, fmt.Sprintf("the longest TXT record has %d octets, so it is split into strings of at most %d (RFC 7208 §3.3)", size.Longest, dns.MaxString))
	}
	switch {
	case size.Message > spf.UDPOctets:
		list = append(list, fmt.Sprintf("the answer has %d octets: over %d it needs TCP, which some networks block", size.Message, spf.UDPOctets))
	case size.Plain > spf.PlainOctets:
		list = append(list, fmt.Sprintf("the answer has %d octets: over %d it does not fit into a plain UDP answer", size.Plain, spf.PlainOctets))
	case size.Content > spf.AdviceOctets:
		list = append(list, fmt.Sprintf("name and TXT records have %d octets, RFC 7208 §3.4 advises to stay below %d", size.Content, spf.AdviceOctets))
	}
	return list
}
