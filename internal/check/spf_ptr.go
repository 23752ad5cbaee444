package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfPTR = Check{
	ID:       "spf-ptr",
	Severity: finding.Warning,
	Title:    `the SPF record uses "ptr"`,
	Explain: `For "ptr", and for the macro %{p}, the receiver looks up the name of the client's address and then the
addresses of that name. The standard says that it should not be published: it is slow, it fails when the reverse zone
of the client does, and some receivers skip it, so the result differs from one to the next.

Name the servers by "ip4:", "ip6:" or "a:".`,
	Refs: []string{"RFC 7208 §5.5", "RFC 7208 §7.2"},
	Run:  runSPFPTR,
}

func runSPFPTR(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		var first *spf.Node
		var terms []string
		for n := range r.terms() {
			if n.Term.Kind == spf.KindPTR || strings.Contains(strings.ToLower(n.Term.Domain), "%{p") {
				terms = append(terms, n.Term.Text)
				if first == nil {
					first = n
				}
			}
		}
		if first != nil {
			faults = append(faults, r.fail(first.Term,
				fmt.Sprintf("the SPF record of %s depends on reverse names: %s", r.Name.Unicode(), strings.Join(terms, ", ")),
				d.askOperator(r.Name, fmt.Sprintf("name the addresses in place of %q", first.Term.Text))))
		}
	}
	return faults
}
