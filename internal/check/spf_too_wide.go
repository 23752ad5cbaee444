package check

import (
	"fmt"
	"net/netip"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfTooWide = Check{
	ID:       "spf-too-wide",
	Severity: finding.Error,
	Title:    "the SPF record lets a large part of the internet send",
	Explain: `A network of this size belongs to many thousands of others: an IPv4 network of length /8 holds 16 million addresses, and
an IPv6 network shorter than /19 is larger than any that a registry gives to one organization. Everybody in it can send mail
as you that passes SPF, and with it DMARC. Usually a digit was lost from the prefix length.

Name the addresses that send.`,
	Refs: []string{"RFC 7208 §5.6", "RFC 7208 §11.4"},
	Run:  func(d *Domain) []finding.Finding { return runSPFWide(d, shareOfInternet) },
}

var spfWideRange = Check{
	ID:       "spf-wide-range",
	Severity: finding.Warning,
	Title:    "the domain's own SPF record names a very wide range",
	Explain: `The record of the domain itself lets a network send that has over 65,536 IPv4 addresses, or is wider than the /32 that an
internet provider gets. Hardly any organization sends from so many; large providers that do are reached by an include.
Everybody else in that network can send as you.

Name the addresses that send. If the whole network is yours, all is well.`,
	Refs: []string{"RFC 7208 §5.6", "RFC 7208 §11.4"},
	Run:  func(d *Domain) []finding.Finding { return runSPFWide(d, widerThanAnOrganization) },
}

// width is how many addresses a network holds, for a judgement.
type width uint8

const (
	reasonable width = iota
	widerThanAnOrganization
	shareOfInternet
	wholeInternet // for spf-pass-all
)

func widthOf(p netip.Prefix) width {
	organization, share := 16, 8
	if p.Addr().Is6() {
		organization, share = 32, 18
	}
	switch {
	case wide(p):
		return wholeInternet
	case p.Addr().Is6() && !p.Overlaps(internet6):
		return reasonable // nobody can send from there
	case p.Bits() <= share:
		return shareOfInternet
	case p.Bits() < organization:
		return widerThanAnOrganization
	}
	return reasonable
}

// runSPFWide finds terms that let networks of that width send. In records of
// others only the widest are a fault: they are in the business of sending.
func runSPFWide(d *Domain, at width) []finding.Finding {
	if !d.Exists() || d.SPF.Root.Record == nil {
		return nil
	}
	var faults []finding.Finding
	seen := make(map[*spf.Node]bool)
	for _, g := range d.SPF.Authorized().Grants {
		top, last := g.Path[0], g.Path[len(g.Path)-1]
		if widthOf(g.Prefix) != at || seen[last] || at != shareOfInternet && !d.own(last.Domain) {
			continue
		}
		seen[last] = true
		message := fmt.Sprintf("%q lets all of %s send", last.Term.Text, g.Prefix)
		if last != top {
			message = fmt.Sprintf("%q lets all of %s send, because of %q in the record of %s", top.Term.Text, g.Prefix, last.Term.Text, last.Domain.Unicode())
		}
		faults = append(faults, failAt(d.Name, d.SPFText(), finding.Span(top.Term.Span), message, wideFix(d, last)))
	}
	return faults
}

func wideFix(d *Domain, last *spf.Node) string {
	if !d.own(last.Domain) {
		return d.askOperator(last.Domain, fmt.Sprintf("narrow %q", last.Term.Text))
	}
	return fmt.Sprintf("name the addresses that send in place of %q", last.Term.Text)
}
