package check

import (
	"fmt"
	"slices"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfVoidLookupsIPv6 = Check{
	ID:       "spf-void-lookups-ipv6",
	Severity: finding.Warning,
	Title:    "for mail over IPv6, more than two lookups of the SPF record find nothing",
	Explain: `For a message that arrives over IPv6 a receiver asks for AAAA addresses only. Terms such as "a" and "mx"
whose hosts have no IPv6 address are then void lookups, and at the third a receiver may stop with permerror. Mail over
IPv4 is not affected, nor is a domain that lets nobody send over IPv6. Receivers differ in whether the addresses of the
hosts of an "mx" count.

Name the IPv4 addresses by "ip4:" in place of "a" and "mx", or put the terms that match your IPv6 senders first.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §5.3"},
	Run:  runSPFVoidLookupsIPv6,
}

// allowsIPv6 reports whether the tree lets anybody send over IPv6. Where nobody
// may, such mail does not pass either way.
func (d *Domain) allowsIPv6() bool {
	a := d.SPF.Authorized()
	return len(a.Open) > 0 || slices.ContainsFunc(a.Grants, func(g spf.Grant) bool { return g.Prefix.Addr().Is6() })
}

func runSPFVoidLookupsIPv6(d *Domain) []finding.Finding {
	if !d.Exists() || !d.spfAnswered() || d.SPF.Voids6 <= maxVoids || d.SPF.Voids4 > maxVoids || !d.allowsIPv6() {
		return nil
	}
	own6 := func(n *spf.Node) int { return n.Voids6 }
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{},
		fmt.Sprintf("for mail over IPv6 %s lookups of the SPF record find nothing, %d are allowed: %s",
			atLeast(d.SPF.Voids6, d.SPF.PartialVoids), maxVoids, voidTerms(d, own6)),
		`write "ip4:" with the addresses in place of terms whose hosts have no IPv6 address`)}
}
