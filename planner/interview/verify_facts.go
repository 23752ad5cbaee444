package interview

import (
	"fmt"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/provider"
	"sendplan/internal/words"
	"sendplan/spf"
)

// facts are how the records of a protocol stand.
func (j judgement) facts() []Item {
	d := j.Domain
	switch j.about {
	case aboutMX:
		return []Item{mxFact(d)}
	case aboutSPF:
		return []Item{spfFact(d.SPF)}
	case aboutDKIM:
		return dkimFacts(d.DKIM)
	case aboutDMARC:
		return []Item{dmarcFact(d.DMARC)}
	}
	return transportFacts(d)
}

func mxFact(d *check.Domain) Item {
	x := d.Exchange
	if err := mailFailure(x); err != nil {
		return unanswered("the mail exchangers are not known", err)
	}
	title := "mail goes to " + named(operators(x))
	switch {
	case x.Null():
		title = "null MX: the domain takes no mail"
	case x.Implicit() && len(x.Hosts[0].Addresses()) > 0:
		title = "no MX record: mail goes to the domain's own address"
	case x.Implicit():
		title = "no MX record, and no address either"
	}
	return item(Plain, title, mailHosts(x))
}

// spfFact is the record with its budget, and the tree of all that it leads to.
func spfFact(tree spf.Tree) Item {
	var more lines
	if tree.Root.Record == nil {
		if tree.Result == spf.UnknownErrors {
			return unanswered(spfAbsence(tree), tree.Root.Err)
		}
		for _, text := range tree.Selection.Records {
			more.add(Code, 0, text)
		}
		for _, miss := range tree.Selection.Misses {
			more.add(Warn, 0, "not SPF: "+miss.Message)
			more.add(Code, 1, miss.Text)
		}
		return item(validityMark(tree.Result), spfAbsence(tree), more)
	}
	more.add(Code, 0, tree.Root.Record.Text())
	if tree.Result == spf.Valid {
		more.add(Plain, 0, words.Count(spf.MaxLookups-tree.Lookups, "lookup is", "lookups are")+" left")
	}
	more = append(more, treeLines(tree.Root.Children, 0)...)
	return item(validityMark(tree.Result), "SPF is "+words.Tree(tree), more)
}

func validityMark(v spf.Validity) Mark {
	switch v {
	case spf.Valid:
		return Good
	case spf.UnknownErrors:
		return Unknown
	}
	return Bad
}

// maxDepth is how far lines are indented: deeper ones stand below each other.
const maxDepth = 6

// treeLines are the terms of a record and what they lead to. Of a record that is
// included the terms that cost nothing are left out: its text shows them.
func treeLines(nodes []*spf.Node, depth int) lines {
	var more lines
	indent := min(depth, maxDepth)
	for _, n := range nodes {
		if depth > 0 && n.Cost == 0 && n.State == spf.StateOK {
			continue
		}
		text := n.Term.Text
		if remark := nodeRemark(n); remark != "" {
			text += "  <- " + remark
		}
		more.add(nodeMark(n.State), indent, text)
		if n.Record != nil {
			more.add(Muted, indent+1, n.Record.Text())
		}
		if len(more) > maxMore {
			break
		}
		more = append(more, treeLines(n.Children, depth+1)...)
	}
	return more
}

// nodeRemark says what a term costs, with everything below it, who is behind it,
// and what is wrong with it.
func nodeRemark(n *spf.Node) string {
	var remarks []string
	if n.Lookups > 0 {
		remarks = append(remarks, words.Plural(n.Lookups, "lookup"))
	}
	if n.Voids4 > 0 {
		remarks = append(remarks, fmt.Sprintf("%d void", n.Voids4))
	}
	if remark := words.Node(n); remark != "" {
		remarks = append(remarks, remark)
	}
	return strings.Join(remarks, "; ")
}

func nodeMark(s spf.State) Mark {
	switch s {
	case spf.StateNone, spf.StatePermError, spf.StateLoop:
		return Bad
	case spf.StateVoid, spf.StateTruncated:
		return Warn
	case spf.StateTempError:
		return Unknown
	case spf.StateIgnored:
		return Muted
	}
	return Plain
}

// dkimFacts are an item for each selector at which something stands, and one for
// all others that are alike.
func dkimFacts(d check.DKIM) []Item {
	var items []Item
	var wild, unknown, missing lines
	for i, s := range d.Selectors {
		own := i < d.Given || s.Selector == provider.Selector1 || s.Selector == provider.Selector2
		switch {
		case s.State == dkim.Missing:
			missing.add(Muted, 0, s.Name.String())
		case s.State == dkim.Wildcard:
			wild.add(Muted, 0, s.Name.String())
		case s.State == dkim.Unknown && s.Err != nil && !own:
			unknown.add(Unknown, 0, failure(s.Err))
		case s.State == dkim.Unknown:
			items = append(items, unanswered(selectorWords(s), s.Err))
		default:
			items = append(items, item(selectorMark(s.State), selectorWords(s), selectorRecords(s)))
		}
	}
	if unknown != nil {
		title := "not known at " + words.Count(len(unknown), "name that is usual", "names that are usual")
		unknown.add(Muted, 0, again)
		items = append(items, item(Unknown, title, unknown))
	}
	if wild != nil {
		title := "a wildcard answers at " + words.Plural(len(wild), "name")
		if d.Probe.State == dkim.KeyRevoked {
			title = "a wildcard declares every key revoked, at " + words.Plural(len(wild), "name")
		}
		items = append(items, item(Warn, title, wild))
	}
	if missing != nil {
		what := "other name"
		if items == nil {
			what = "usual name"
		}
		items = append(items, item(Muted, "nothing at "+words.Plural(len(missing), what), missing))
	}
	return items
}

func selectorMark(s dkim.State) Mark {
	switch s {
	case dkim.Live:
		return Good
	case dkim.Unknown:
		return Unknown
	case dkim.Invalid, dkim.WrongType:
		return Bad
	case dkim.Dormant, dkim.KeyRevoked:
		return Plain
	}
	return Warn
}

// dmarcFact is the policy: what applies, where it stands, and where reports go.
func dmarcFact(p check.Policy) Item {
	if p.Err != nil && p.PolicyDomain == "" {
		return unanswered(words.Policy(p.Discovery), p.Err)
	}
	var more lines
	if p.PolicyDomain != "" {
		more.add(Code, 0, p.Record.Text())
		more.add(Plain, 0, "it stands at "+p.PolicyDomain.Unicode())
	}
	if p.Org != "" {
		more.add(Plain, 0, fmt.Sprintf("organizational domain %s (%s)", p.Org.Unicode(), p.OrgRule))
	}
	for _, difference := range dmarc.Differences(p.Discovery, p.Old) {
		more.add(Warn, 0, "receivers of RFC 7489 differ: "+difference)
	}
	more = append(more, reportLines(p)...)
	if p.PolicyDomain != "" && len(p.Record.RUA) == 0 {
		more.add(Plain, 0, "no address for aggregate reports (rua)")
	}
	return item(policyMark(p.Effective), words.Policy(p.Discovery), more)
}

func policyMark(p dmarc.Policy) Mark {
	switch p {
	case dmarc.Quarantine, dmarc.Reject:
		return Good
	case dmarc.None:
		return Warn
	case dmarc.Unknown:
		return Unknown
	}
	return Bad
}

// transportFacts are what the domain publishes about encryption on the way to it.
func transportFacts(d *check.Domain) []Item {
	t := d.Transport
	var published []string
	var more lines
	note := func(l check.Lookup, version, what string) {
		for _, r := range l.Answer.Records {
			if txt, ok := r.Data.(dns.TXT); ok && strings.HasPrefix(txt.Joined(), version) {
				published = append(published, what)
				more.add(Code, 0, txt.Joined())
				return
			}
		}
	}
	sts := "MTA-STS"
	if mode := t.Policy.Policy.Mode; mode != "" {
		sts += " " + string(mode)
	}
	note(t.STS, "v=STSv1", sts)
	note(t.TLSRPT, "v=TLSRPTv1", "TLS-RPT")
	note(t.BIMI, "v=BIMI1", "BIMI")
	pinned := 0
	for _, tlsa := range t.TLSA {
		if n := len(tlsa.Lookup.Answer.Records); n > 0 {
			pinned++
			more.add(Muted, 0, fmt.Sprintf("%s: %s", tlsa.Host.Name, words.Plural(n, "TLSA record")))
		}
	}
	if pinned > 0 {
		published = append(published, fmt.Sprintf("TLSA records of %d of %s", pinned, words.Plural(len(d.Exchange.Hosts), "host")))
	}
	if published == nil {
		return nil
	}
	return []Item{item(Plain, "published: "+both(published), more)}
}
