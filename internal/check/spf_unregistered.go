package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfUnregistered = Check{
	ID:       "spf-unregistered",
	Severity: finding.Error,
	Title:    "the SPF record trusts a domain that anybody can register",
	Explain: `A term leads to a name whose whole domain does not exist: it expired, or was never right. Whoever registers it decides
what the term authorises, and can then send mail as you that passes SPF, and with it DMARC. Expired names in SPF records are
searched for and bought for just that.

Take the term out, at once. If it is in an included record, tell its operator and take the include out until it is repaired.`,
	Refs: []string{"RFC 7208 §11.2", "RFC 8020 §2"},
	Run:  runSPFUnregistered,
}

func runSPFUnregistered(d *Domain) []finding.Finding {
	unregistered := func(n *spf.Node) bool {
		_, asks := askedBy(n)
		g, gone := d.gone(n.Target)
		return asks && gone && g.Unregistered()
	}
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		for n := range r.terms() {
			if !unregistered(n) {
				continue
			}
			g, _ := d.gone(n.Target)
			faults = append(faults, r.fail(n.Term,
				fmt.Sprintf("%q trusts %s, %s: whoever registers it may send", n.Term.Text, n.Target.Unicode(), g.words()),
				d.dropFix(r, n, "take it out", unregistered)))
		}
	}
	return faults
}
