package interview

import (
	"fmt"
	"slices"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/words"
	"sendplan/spf"
)

// lookLead says in a few sentences what was found.
func lookLead(reports []check.Report) []Line {
	var lead lines
	lead.add(Plain, 0, receiversWords(reports))
	lead.add(Plain, 0, allowedWords(reports))
	if several := tenants(reports); len(several) > 1 {
		lead.add(Warn, 0, severalTenants(several))
	}
	failed, asked := 0, 0
	for _, r := range reports {
		failed += len(look{Report: r}.failed())
		asked += r.Queries
	}
	if failed > 0 {
		lead.add(Unknown, 0, fmt.Sprintf("%s not answered, and what hangs on that is unknown: %s.", words.Count(failed, "question was", "questions were"), again))
	} else {
		lead.add(Good, 0, "All questions were answered.")
	}
	return lead
}

// severalTenants is said where the domains are of more than one tenant.
func severalTenants(all []dns.Name) string {
	names := make([]string, len(all))
	for i, n := range all {
		names[i] = n.Unicode()
	}
	return "The DKIM records lead to " + named(names) + ", so the domains are probably of several tenants: an inventory is about one, make one for each."
}

// receiversWords say what takes the mail of the domains.
func receiversWords(reports []check.Report) string {
	if len(reports) == 1 {
		d := reports[0].Domain
		switch {
		case !d.Exists():
			return "The domain " + shownName(d.Name) + " does not exist."
		case mailFailure(d.Exchange) != nil:
			return "Where the mail of " + shownName(d.Name) + " goes could not be found out."
		}
		return "The mail of " + shownName(d.Name) + " is " + receiver(d, intake.Domain(d)) + "."
	}
	counts := make(map[string]int)
	var kinds []string
	for _, r := range reports {
		kind := receiverKind(r.Domain)
		if counts[kind]++; counts[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return counts[b] - counts[a] })
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", counts[kind], kind)
	}
	return words.Count(len(reports), "domain was", "domains were") + " looked at: " + named(kinds) + "."
}

// receiverKind is the same for domains whose mail is taken alike.
func receiverKind(d *check.Domain) string {
	switch {
	case !d.Exists():
		return "not there"
	case mailFailure(d.Exchange) != nil:
		return "not known"
	case d.Exchange.Null() || d.Exchange.Implicit():
		return "without a mail server"
	}
	if gateway := intake.Domain(d).Gateway; gateway != "" {
		return "behind " + gateway
	}
	for _, h := range d.Exchange.Hosts {
		if h.Provider != "" {
			return "at " + h.Provider
		}
	}
	return "at other servers"
}

// allowedWords say whom the SPF records allow, all together.
func allowedWords(reports []check.Report) string {
	var who []string
	records := false
	for _, r := range reports {
		tree := r.Domain.SPF
		records = records || tree.Root.Record != nil
		for _, w := range allowed(tree) {
			if !slices.Contains(who, w) {
				who = append(who, w)
			}
		}
	}
	switch {
	case who != nil:
		return "By SPF may send: " + named(who) + "."
	case records:
		return "By SPF nobody may send."
	}
	return ""
}

// allowed are those whom an SPF record names, by the names that people know.
func allowed(tree spf.Tree) []string {
	if tree.Root == nil {
		return nil
	}
	var who []string
	for _, n := range tree.Root.Children {
		if w := allowedBy(n); w != "" && !slices.Contains(who, w) {
			who = append(who, w)
		}
	}
	return who
}

// allowedBy is whom a term allows, "" if it allows nobody in particular.
func allowedBy(n *spf.Node) string {
	t := n.Term
	switch {
	case t.Kind.Mechanism() && t.Qualifier != '+' || n.State == spf.StateIgnored || !t.Valid:
		return ""
	case t.Kind == spf.KindIP4 || t.Kind == spf.KindIP6:
		return prefixText(t.Prefix)
	case t.Kind == spf.KindAll:
		return "everybody"
	case t.Kind == spf.KindMX:
		return "the mail servers of " + targetName(n)
	case t.Kind == spf.KindA:
		return "the addresses of " + targetName(n)
	case t.Kind == spf.KindPTR || t.Kind == spf.KindExists:
		return t.Text
	case t.Kind != spf.KindInclude && t.Kind != spf.KindRedirect:
		return ""
	}
	if operator := check.Operator(n); operator != "" {
		return operator
	}
	return "whom " + targetName(n) + " names"
}

// targetName is what a term asks for, as people read it.
func targetName(n *spf.Node) string {
	if n.Target == "" {
		return n.Term.Text
	}
	return n.Target.Unicode()
}
