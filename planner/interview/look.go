package interview

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/words"
	"sendplan/spf"
)

// lookPage tells what was found, domain by domain. It does not judge: its marks
// are those of the findings, which stand on the page of [Verify].
func (s State) lookPage() Page {
	if s.Found == nil {
		return Page{Lead: []Line{{Text: "Nothing was looked at yet."}}}
	}
	p := Page{Lead: lookLead(s.Found.Reports)}
	for _, r := range s.Found.Reports {
		p.Sections = append(p.Sections, section(shownName(r.Domain.Name), look{r, intake.Domain(r.Domain), s.Found.DNS}.items()))
	}
	return p
}

// look is what one domain's DNS told.
type look struct {
	check.Report
	seen inventory.Seen
	dns  dns.Resolver
}

func (l look) items() []Item {
	if !l.Domain.Exists() {
		return []Item{item(Bad, "the domain does not exist: is it spelt right?", nil)}
	}
	items := l.view()
	items = append(items, l.mail(), l.tenant(), l.spf(), l.dkim(), l.dmarc(), l.host())
	items = append(items, l.senders()...)
	return append(items, l.failures()...)
}

// view says so if it may be an inside view that was seen.
func (l look) view() []Item {
	if len(l.Domain.View.Private)+len(l.Domain.View.Differs) == 0 {
		return nil
	}
	for _, f := range l.Findings {
		if f.ID == "split-dns" {
			return []Item{findingItem(f)}
		}
	}
	return nil
}

// mark is the worst of the findings about a protocol.
func (l look) mark(p protocol) Mark {
	for _, f := range bySeverity(l.Findings) {
		if protocolOf(f.ID) == p {
			return findingMark(f)
		}
	}
	return Good
}

func (l look) mail() Item {
	if err := mailFailure(l.Domain.Exchange); err != nil {
		return unanswered("where its mail goes is not known", err)
	}
	return item(l.mark(aboutMX), "mail: "+receiver(l.Domain, l.seen), mailHosts(l.Domain.Exchange))
}

// receiver says what takes the mail of a domain of which that is known.
func receiver(d *check.Domain, seen inventory.Seen) string {
	x := d.Exchange
	switch {
	case x.Null():
		return "taken by nobody (null MX)"
	case x.Implicit() && len(x.Hosts[0].Addresses()) > 0:
		return "taken by the domain's own address, because there is no MX record"
	case x.Implicit():
		return "taken by nobody: there is no MX record, and no address"
	case seen.Gateway != "":
		return "taken by " + seen.Gateway + ", a gateway before the mailboxes"
	}
	return "taken by " + named(operators(x))
}

// operators are those of the mail exchangers; one that is not known is named
// by its host.
func operators(x check.Exchange) []string {
	var list []string
	for _, h := range x.Hosts {
		name := h.Provider
		switch {
		case h.Leftover:
			continue
		case name == "" && h.Literal.IsValid():
			name = h.Literal.String()
		case name == "":
			name = h.Name.Unicode()
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if list == nil {
		return []string{"nobody"}
	}
	return list
}

// cloudNames are Microsoft's clouds as people call them.
var cloudNames = map[inventory.Cloud]string{
	inventory.Worldwide: "the worldwide cloud", inventory.GCCHigh: "GCC High", inventory.DoD: "the DoD cloud", inventory.China: "the cloud in China (21Vianet)",
}

// tenant says what is known of the Microsoft 365 tenant. What was not answered
// might have told more.
func (l look) tenant() Item {
	var words []string
	if l.seen.InitialDomain != "" {
		words = append(words, l.seen.InitialDomain.String())
	}
	if l.seen.Cloud != "" {
		words = append(words, "in "+cloudNames[l.seen.Cloud])
	}
	if len(words) < 2 && intake.Unasked(l.Domain) {
		title := "Microsoft 365 tenant: not known"
		if len(words) > 0 {
			title = "Microsoft 365 tenant: " + words[0] + ", the rest is not known"
		}
		return unanswered(title, l.Domain.Exchange.MX.Err, l.Domain.DKIM.Microsoft.First.Selector.Err, l.Domain.DKIM.Microsoft.Second.Selector.Err, l.Domain.SPF.Root.Err)
	}
	if words == nil {
		return item(Muted, "Microsoft 365 tenant: the DNS tells of none", nil)
	}
	var more lines
	if l.seen.InitialDomain == "" {
		more.add(Plain, 0, "its name is not told by the DNS: the aliases for DKIM would tell it")
	}
	return item(Plain, "Microsoft 365 tenant: "+strings.Join(words, ", "), more)
}

func (l look) spf() Item {
	tree := l.Domain.SPF
	if tree.Root.Record == nil {
		if tree.Result == spf.UnknownErrors {
			return unanswered(spfAbsence(tree), tree.Root.Err)
		}
		var more lines
		for _, text := range tree.Selection.Records {
			more.add(Code, 0, text)
		}
		return item(l.mark(aboutSPF), spfAbsence(tree), more)
	}
	var more lines
	more.add(Code, 0, tree.Root.Record.Text())
	more.add(Plain, 0, words.Tree(tree))
	title := "SPF allows nobody"
	if who := allowed(tree); len(who) > 0 {
		title = "SPF allows " + named(who)
	}
	return item(l.mark(aboutSPF), title, more)
}

// ownKeys is what keys are called whose keeper is not recognised.
const ownKeys = "keys of its own"

// dkim names who has keys to sign with. A published key is no proof that
// somebody signs.
func (l look) dkim() Item {
	who, unknown := signers(l.Domain.DKIM)
	var more lines
	for _, s := range l.Domain.DKIM.Selectors {
		if s.State != dkim.Missing && s.State != dkim.Wildcard {
			more.add(selectorMark(s.State), 0, selectorWords(s))
			more = append(more, below(selectorRecords(s))...)
		}
	}
	mark := l.mark(aboutDKIM)
	if unknown {
		more.add(Muted, 0, again)
		if mark != Bad {
			mark = Unknown
		}
	}
	switch {
	case who != nil:
		return item(mark, "DKIM: "+named(who), more)
	case unknown:
		return item(Unknown, "DKIM: whether there are keys is not known", more)
	}
	return item(mark, fmt.Sprintf("DKIM: no usable key at %s", words.Plural(len(l.Domain.DKIM.Selectors), "usual name")), more)
}

// signers are those who have usable keys, each with its selectors. unknown
// reports that a selector could not be looked at.
func signers(d check.DKIM) (who []string, unknown bool) {
	selectors := make(map[string][]string)
	for _, s := range d.Selectors {
		unknown = unknown || s.State == dkim.Unknown
		if s.State != dkim.Live {
			continue
		}
		signer := check.Signer(s)
		if signer == "" {
			signer = ownKeys
		}
		if selectors[signer] == nil {
			who = append(who, signer)
		}
		selectors[signer] = append(selectors[signer], s.Selector)
	}
	for i, signer := range who {
		who[i] = signer + " (" + strings.Join(selectors[signer], ", ") + ")"
	}
	return who, unknown
}

func (l look) dmarc() Item {
	p := l.Domain.DMARC
	if p.Err != nil && p.PolicyDomain == "" {
		return unanswered("DMARC: "+words.Policy(p.Discovery), p.Err)
	}
	var more lines
	if p.PolicyDomain != "" {
		more.add(Code, 0, p.Record.Text())
	}
	more = append(more, reportLines(p)...)
	title := "DMARC: " + words.Policy(p.Discovery)
	if len(p.Record.RUA) > 0 {
		title += ", reports to " + words.Count(len(p.Record.RUA), "address", "addresses")
	}
	return item(l.mark(aboutDMARC), title, more)
}

// host says who keeps the zone.
func (l look) host() Item {
	zone := l.Domain.View.Zone
	if zone == "" {
		zone = l.Domain.Name
	}
	answer, err := l.dns.Lookup(context.Background(), zone, dns.TypeNS)
	if e := dns.AsError(err); e != nil {
		return unanswered("DNS host: not known", e)
	}
	var more lines
	var hosts []string
	for _, r := range answer.Records {
		if ns, ok := r.Data.(dns.NS); ok {
			more.add(Code, 0, zone.String()+" NS "+ns.String())
			if who := registrable(ns.Host).Unicode(); !slices.Contains(hosts, who) {
				hosts = append(hosts, who)
			}
		}
	}
	if hosts == nil {
		return item(Muted, "DNS host: not told", nil)
	}
	return item(Plain, "DNS host: name servers of "+named(hosts), more)
}

// registrable is the part of a name that somebody registered.
func registrable(n dns.Name) dns.Name {
	suffix := check.PublicSuffix(n)
	for n != suffix && n.Parent() != suffix && n.Parent() != dns.Root {
		n = n.Parent()
	}
	return n
}

// senders are what may send besides the tenant itself.
func (l look) senders() []Item {
	var items []Item
	if l.seen.Gateway != "" {
		var more lines
		more.add(Plain, 0, "mail comes in through it. Whether mail leaves through it as well is asked next: SPF must then allow it")
		items = append(items, item(Plain, "gateway: "+l.seen.Gateway, more))
	}
	var who []string
	var more lines
	for _, s := range l.seen.Services {
		who = append(who, s.Title)
		more.add(Plain, 0, s.Title+": "+s.Why)
	}
	for _, s := range l.seen.Sources {
		who = append(who, prefixText(s.Prefix))
		more.add(Plain, 0, prefixText(s.Prefix)+": "+s.Why)
	}
	if who != nil {
		more.add(Muted, 0, "the records say who may send, not who does: your devices are asked for later")
		items = append(items, item(Plain, "may send besides: "+named(who), more))
	}
	return items
}

// failures is an item for all that was not answered.
func (l look) failures() []Item {
	failed := l.failed()
	if len(failed) == 0 {
		return nil
	}
	return []Item{unanswered(fmt.Sprintf("%s not answered: %s", words.Count(len(failed), "question was", "questions were"), reason(failed[0])), failed...)}
}

// failed are the questions that were not answered, as far as something depends
// on them.
func (l look) failed() []*dns.Error {
	var failed []*dns.Error
	add := func(why *dns.Error) {
		if why != nil && !slices.ContainsFunc(failed, func(e *dns.Error) bool { return *e == *why }) {
			failed = append(failed, why)
		}
	}
	for _, f := range l.Findings {
		if f.Status == finding.Unknown {
			add(f.Cause)
		}
	}
	for _, s := range l.Domain.DKIM.Selectors {
		add(s.Err)
	}
	return failed
}
