package check

import (
	"fmt"
	"net/netip"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfPassAll = Check{
	ID:       "spf-pass-all",
	Severity: finding.Error,
	Title:    "the SPF record lets the whole internet send",
	Explain: `"+all", and "all" without a sign, which means the same, makes every server pass. So does "ip4:0.0.0.0/0",
an "a" or "mx" with the length /0, an "exists" whose name always has an address, and an include of a record with one
of them. Such a record is worse than none: a forged message passes SPF, and with it DMARC.

End the record in "~all" or "-all", and name what really sends. In an included record, only its operator can repair
it: take the include out until then.`,
	Refs: []string{"RFC 7208 §5.1", "RFC 7208 §11.4", "RFC 7208 §8.3"},
	Run:  runSPFPassAll,
}

func runSPFPassAll(d *Domain) []finding.Finding {
	if !d.Exists() || d.SPF.Root.Record == nil {
		return nil
	}
	var faults []finding.Finding
	seen := make(map[*spf.Node]bool)
	authorized := d.SPF.Authorized()
	for _, g := range authorized.Grants {
		top, last := g.Path[0], g.Path[len(g.Path)-1]
		if !wide(g.Prefix) || seen[last] {
			continue
		}
		seen[last] = true
		message := fmt.Sprintf("%q lets %s send", top.Term.Text, share(g.Prefix))
		if last != top {
			message += fmt.Sprintf(", because of %q in the record of %s", last.Term.Text, last.Domain.Unicode())
		}
		faults = append(faults, failAt(d.Name, d.SPFText(), finding.Span(top.Term.Span), message, passAllFix(d, top, last)))
	}
	if len(authorized.Open) > 0 || !d.spfAnswered() {
		return faults // more may be let in than can be seen
	}
	return orPass(faults, d.Name, "the SPF record does not let the whole internet send")
}

// internet6 holds all IPv6 addresses that are in use between networks.
var internet6 = netip.MustParsePrefix("2000::/3")

// wide reports whether a network is the whole internet, or half of it.
func wide(p netip.Prefix) bool {
	if p.Addr().Is4() {
		return p.Bits() <= 1
	}
	return p.Bits() <= internet6.Bits()+1 && p.Overlaps(internet6)
}

// share says in words how much of the internet a wide network is.
func share(p netip.Prefix) string {
	if p.Addr().Is4() && p.Bits() == 1 || p.Addr().Is6() && p.Bits() == internet6.Bits()+1 {
		return "half of the internet"
	}
	return "the whole internet"
}

func passAllFix(d *Domain, top, last *spf.Node) string {
	own := spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}
	switch {
	case !d.own(last.Domain) && top.Term.Kind == spf.KindInclude:
		return d.propose(own, withoutTerms(own.Record, top.Term),
			fmt.Sprintf("ask the operator of %s to repair it, and take the include out until then", last.Domain.Unicode()))
	case last != top:
		return d.askOperator(last.Domain, fmt.Sprintf("replace %q", last.Term.Text))
	case last.Term.Kind == spf.KindAll:
		return d.propose(own, replaceSpans(own.Record.Text(), map[spf.Span]string{last.Term.Span: "~all"}),
			fmt.Sprintf("name everything that sends, and write \"~all\" in place of %q", last.Term.Text))
	}
	return d.propose(own, withoutTerms(own.Record, last.Term), fmt.Sprintf("name the addresses that send in place of %q", last.Term.Text))
}
