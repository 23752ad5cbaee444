package planner

import (
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// published returns the texts of the SPF records that receivers find at a name.
func published(r dns.Resolver, name dns.Name) []string {
	answer, _ := r.Lookup(ctx, name, dns.TypeTXT)
	return spf.Select(texts(answer.Records)).Records
}

// meant is what SPF records are meant to let send.
func meant(r dns.Resolver, name dns.Name, records []string) (pass, open spf.AddressSet) {
	for _, text := range records {
		cover := spf.ExpandText(ctx, r, name, text).Coverage()
		pass, open = pass.Union(cover.Pass), open.Union(cover.Open)
	}
	return pass, open
}

// checkSenders: each address that may send today, or was meant to, may
// afterwards, but for what the administrator gave up; and none comes to that
// nobody asked for.
func (p *played) checkSenders(name dns.Name) {
	if p.parked(name) || len(p.plan.Changes()) == 0 {
		return
	}
	records := published(p.old, name)
	pass, open := meant(p.old, name, records)
	late, _ := meant(p.new, name, published(p.new, name))
	answer, _ := p.old.Lookup(ctx, name, dns.TypeTXT)
	given := p.givenUp(name, records).Union(p.givenUp(answer.Target(name), records))
	allowed := pass.Union(open).Union(p.asked(name))
	for _, ip := range borders(pass, late, spf.NewAddressSet(prefixesOf(p.after.set(txt(name)))...), p.asked(name)) {
		q := spf.Query{IP: ip, MailFrom: "user@" + string(name), Helo: "h1.one.example"}
		was, is := spf.Evaluate(ctx, p.old, q).Result, spf.Evaluate(ctx, p.new, q).Result
		broken := was == spf.PermError || was == spf.TempError
		switch {
		case given.Contains(ip):
		case was == spf.Pass && is != spf.Pass:
			p.Fatalf("%s passed for %s and gets %s", ip, name, is)
		case broken && pass.Contains(ip) && is != spf.Pass && is != spf.PermError && is != spf.TempError:
			p.Fatalf("%s was meant to pass for %s, where it got %s, and gets %s", ip, name, was, is)
		case was != spf.Pass && is == spf.Pass && !allowed.Contains(ip):
			p.Fatalf("%s got %s for %s and passes", ip, was, name)
		}
	}
}

// givenUp is what the administrator agreed to take away from a domain.
func (p *played) givenUp(name dns.Name, records []string) (given spf.AddressSet) {
	d, _ := p.file.Domain(name)
	closes := d.SPF.All == inventory.SPFSoftFail || d.SPF.All == inventory.SPFFail || p.accepted("spf-all/"+string(name)+"/")
	for _, text := range records {
		r := spf.Parse(text)
		for _, term := range r.Terms {
			if p.accepted(string(acceptID("spf-unused", name, term.Text))) {
				pass, open := meant(p.old, name, []string{"v=spf1 " + strings.TrimLeft(term.Text, "+-~?") + " -all"})
				given = given.Union(pass).Union(open)
			}
		}
		if i := r.All(); closes && i >= 0 && r.Terms[i].Qualifier == spf.QualifierPass {
			all, open := meant(p.old, name, []string{text})
			others, _ := meant(p.old, name, []string{r.WithAll(spf.QualifierFail).Text()})
			given = given.Union(all.Subtract(others)).Union(open)
		}
	}
	return given
}

// asked is what a plan may let send for a domain beside what does: sites of its
// own, what the inventory pins, services, and what a broken text was meant for.
func (p *played) asked(name dns.Name) spf.AddressSet {
	answer, _ := p.old.Lookup(ctx, name, dns.TypeTXT)
	set := spf.NewAddressSet(append(p.stays(name), p.stays(answer.Target(name))...)...)
	for _, d := range p.plan.Domains { // what comes with the record of another own domain
		if tree := spf.Expand(ctx, p.new, name); tree.Root != nil && d.Name != name && leadsTo(tree.Root, d.Name) {
			pass, open := meant(p.new, d.Name, published(p.new, d.Name))
			set = set.Union(pass).Union(open)
		}
	}
	for _, c := range p.plan.Changes() { // what its mx and a come to match
		if c.Key.Name == name && c.Key.Type != dns.TypeTXT {
			pass, _ := meant(p.new, name, published(p.old, name))
			set = set.Union(pass)
		}
	}
	for _, miss := range spf.Select(texts(answer.Records)).Misses {
		pass, open := meant(p.old, name, []string{miss.Suggest})
		set = set.Union(pass).Union(open)
	}
	for _, text := range published(p.old, name) {
		repaired, _ := spf.Parse(text).Repair()
		pass, open := meant(p.old, name, []string{repaired.Text()})
		set = set.Union(pass).Union(open)
	}
	for _, text := range published(p.new, name) {
		for _, term := range spf.Parse(text).Terms {
			if include, ok := catalogued(term); ok {
				pass, open := meant(p.old, name, []string{"v=spf1 include:" + string(include)})
				set = set.Union(pass).Union(open)
			}
		}
	}
	return set
}

// stays are the networks that may come into the record of a domain: of sites
// that have them for themselves and for long, and those that are pinned.
func (p *played) stays(name dns.Name) (list []netip.Prefix) {
	for _, s := range p.file.Sites {
		if s.Static == inventory.True && s.Shared == inventory.False {
			list = append(list, s.Addresses...)
		}
	}
	d, _ := p.file.Domain(name)
	for _, pin := range d.SPF.Flattened {
		list = append(list, pin.Addresses...)
	}
	return list
}

// catalogued is the name that a term includes, if it is Microsoft's or that of a
// service that the drawn inventories know.
func catalogued(term spf.Term) (dns.Name, bool) {
	if term.Kind != spf.KindInclude {
		return "", false
	}
	name, err := dns.ParseName(term.Domain)
	if err != nil {
		return "", false
	}
	_, ok := provider.ByInclude(name)
	return name, ok
}

// borders returns the addresses at both ends of networks, those next to them,
// and some others.
func borders(sets ...spf.AddressSet) []netip.Addr {
	list := []netip.Addr{netip.MustParseAddr("203.0.113.200"), netip.MustParseAddr("192.0.2.77"), netip.MustParseAddr("2001:db8:77::1"), netip.MustParseAddr("198.51.100.7")}
	for _, set := range sets {
		prefixes := set.Prefixes()
		for i := 0; i < len(prefixes); i += 1 + len(prefixes)/30 {
			first, last := prefixes[i].Addr(), last(prefixes[i])
			list = append(list, first.Prev(), first, last, last.Next())
		}
	}
	list = slices.DeleteFunc(list, func(a netip.Addr) bool { return !a.IsValid() })
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// last returns the last address of a network.
func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

// checkRecord: what stands at a changed name is one record, no worse than the one
// before, and holds what it keeps in the order and spelling of before.
func (p *played) checkRecord(d Domain) {
	changed := slices.ContainsFunc(p.plan.Changes(), func(c dns.Change) bool { return c.Key == txt(d.Name) })
	records := published(p.new, d.Name)
	if !changed || len(records) == 0 && d.SPF.After == "" {
		return
	}
	if len(records) != 1 {
		p.Fatalf("%s has %d SPF records after the plan", d.Name, len(records))
	}
	if records[0] != d.SPF.After {
		p.Fatalf("%s is said to get %q, and gets %q", d.Name, d.SPF.After, records[0])
	}
	was, is := spf.Expand(ctx, p.old, d.Name), spf.Expand(ctx, p.new, d.Name)
	if is.Result == spf.PermanentErr && was.Result != spf.PermanentErr {
		p.Fatalf("the record of %s becomes permerror: %q", d.Name, records[0])
	}
	voids6 := func(problem spf.Problem) bool { return problem.Kind == spf.ProblemVoids6 }
	if slices.ContainsFunc(is.Problems, voids6) && !slices.ContainsFunc(was.Problems, voids6) && was.Result == spf.Valid {
		p.Fatalf("the record of %s has too many lookups without an answer for IPv6: %q", d.Name, records[0])
	}
	old := published(p.old, d.Name)
	if len(old) == 1 && was.Result == spf.UnknownErrors && was.Lookups <= spf.MaxLookups && is.Lookups > spf.MaxLookups {
		p.Fatalf("the record of %s takes %d lookups, and took %d", d.Name, is.Lookups, was.Lookups)
	}
	if len(old) == 1 && !p.parked(d.Name) {
		p.checkKept(d, termTexts(spf.Parse(old[0])), termTexts(spf.Parse(records[0])))
	}
}

// checkOffers: what the plan offers to do to terms of a record is about terms that
// stand in it, today or after the plan, or for which addresses are pinned.
func (p *played) checkOffers(d Domain) {
	terms := termTexts(spf.Parse(d.SPF.After))
	for _, text := range d.SPF.Before {
		terms = append(terms, termTexts(spf.Parse(text))...)
	}
	wish, _ := p.file.Domain(d.Name)
	for _, pin := range wish.SPF.Flattened {
		terms = append(terms, pin.Term)
	}
	for _, o := range p.plan.Offers {
		for _, kind := range []string{"spf-unused", "spf-drop", "spf-flatten"} {
			about := func(term string) bool { return o.Accept == acceptID(kind, d.Name, term) }
			if strings.HasPrefix(string(o.Accept), kind+"/"+string(d.Name)+"/") && !slices.ContainsFunc(terms, about) {
				p.Fatalf("the offer %s is about no term of the record", o.Accept)
			}
		}
	}
}

// checkKept: the plan accounts for each term, and all that it does not take away
// stand in the new record as they stood in the old one.
func (p *played) checkKept(d Domain, old, now []string) {
	var before, after, kept []string
	for _, term := range d.SPF.Terms {
		if term.Action != Add {
			before = append(before, term.Text)
		}
		switch term.Action {
		case Keep:
			kept = append(kept, term.Text)
			after = append(after, term.Text)
		case Add:
			after = append(after, term.Text)
		case Replace:
			after = append(after, strings.Fields(term.With)...)
		}
		if term.Action != Keep && term.Why == "" {
			p.Fatalf("no reason is given to %s %q", term.Action, term.Text)
		}
	}
	if !slices.Equal(before, old) || !slices.Equal(after, now) {
		p.Fatalf("the terms of %s go from %q to %q, the plan says from %q to %q", d.Name, old, now, before, after)
	}
	for _, text := range kept {
		i := slices.Index(now, text)
		if i < 0 {
			p.Fatalf("%q is kept, but not in its place", text)
		}
		now = now[i+1:]
	}
}

// checkInvented: every value of the plan comes from the inventory, the records of
// today or the catalogue, and no address from a site that it may not be of.
func (p *played) checkInvented() {
	for _, c := range p.plan.Changes() {
		for _, r := range c.New {
			switch data := r.Data.(type) {
			case dns.CNAME:
				if !p.known(r) && !slices.ContainsFunc(p.file.Tenant.DKIM, func(k inventory.DKIM) bool { return data.Target == k.Selector1 || data.Target == k.Selector2 }) {
					p.Fatalf("nobody named the target of %s", r)
				}
			case dns.MX, dns.Addr:
				if data != (dns.MX{Host: dns.Root}) && !p.known(r) {
					p.Fatalf("%s is made up", r)
				}
			case dns.TXT:
				if spf.IsSPF(data.Joined()) {
					p.checkValues(c.Key.Name, spf.Parse(data.Joined()), c)
				}
			}
		}
	}
}

// known reports whether a record's data stands somewhere today.
func (p *played) known(r dns.Record) bool {
	return slices.ContainsFunc(p.before.records, func(had dns.Record) bool { return had.Data == r.Data })
}

// checkValues looks at the terms that a record of the plan has and those of today
// have not.
func (p *played) checkValues(name dns.Name, record spf.Record, c dns.Change) {
	owner := name
	for strings.HasPrefix(string(owner), "_spf") { // a part of that one's record
		owner = owner.Parent()
	}
	answer, _ := p.old.Lookup(ctx, owner, dns.TypeTXT)
	found := strings.ToLower(strings.Join(texts(answer.Records), "\n"))
	for _, term := range record.Terms {
		include, listed := catalogued(term)
		switch {
		case strings.Contains(found, strings.ToLower(term.Text)):
		case term.Prefix.IsValid() && term.Qualifier == spf.QualifierPass:
			p.checkNetwork(owner, term.Prefix, found, c)
		case listed || term.Prefix.IsValid() || term.Kind == spf.KindAll || strings.HasPrefix(string(include), "_spf"):
		case term.Kind == spf.KindInclude && strings.Contains(found, "redirect="+strings.ToLower(term.Domain)):
		case !strings.Contains(found, strings.ToLower(term.Domain)) || term.Domain == "":
			p.Fatalf("%q of %s comes from nowhere", term.Text, name)
		}
	}
}

// checkNetwork: a network that comes into a record is one of a site that may
// stand there, and a wide one was agreed to; or it was pinned.
func (p *played) checkNetwork(owner dns.Name, network netip.Prefix, found string, c dns.Change) {
	if strings.Contains(found, network.Addr().String()) {
		return // a repair of what stands there
	}
	d, _ := p.file.Domain(owner)
	for _, pin := range d.SPF.Flattened {
		if spf.NewAddressSet(pin.Addresses...).Covers(spf.NewAddressSet(network)) {
			return
		}
	}
	agreed := p.accepted(string(acceptID("spf-gain", owner, network.String())))
	most := 29
	if network.Addr().Is6() {
		most = 64
	}
	if network.Bits() < most && !agreed {
		p.Fatalf("%s comes into the record of %s without a yes", network, c.Key.Name)
	}
	if !spf.NewAddressSet(p.stays(owner)...).Covers(spf.NewAddressSet(network)) {
		p.Fatalf("%s comes into the record of %s, and is no address that stays: %q", network, c.Key.Name, c.Why)
	}
}

// prefixesOf returns the networks that ip4 and ip6 terms of records name.
func prefixesOf(records []dns.Record) []netip.Prefix {
	var list []netip.Prefix
	for _, r := range records {
		text, ok := r.Data.(dns.TXT)
		if !ok {
			continue
		}
		for _, term := range spf.Parse(text.Joined()).Terms {
			if term.Prefix.IsValid() {
				list = append(list, term.Prefix)
			}
		}
	}
	return list
}
