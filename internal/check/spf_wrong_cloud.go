package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfWrongCloud = Check{
	ID:       "spf-wrong-cloud",
	Severity: finding.Warning,
	Title:    "the SPF record includes another Microsoft cloud than the one that takes the mail",
	Explain: `Microsoft 365 exists several times: worldwide (with GCC), for the US government (GCC High and DoD), and in
China, operated by 21Vianet. Each has its own include. A tenant sends from its own cloud only, so the include of
another one lets strangers send and does not let your tenant.

Write the include of the cloud to which the MX records lead. During a move between clouds both are needed for a while.`,
	Refs: []string{"Microsoft: set up SPF for Microsoft 365"},
	Run:  runSPFWrongCloud,
}

func runSPFWrongCloud(d *Domain) []finding.Finding {
	cloud := d.exchangeCloud()
	if cloud == "" {
		return nil
	}
	right := cloud.SPFInclude()
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		for n := range r.terms() {
			other := foreignCloud(n, cloud)
			if other == "" {
				continue
			}
			news := map[spf.Span]string{n.Term.DomainSpan: right.String()}
			text, advice := replaceSpans(r.Record.Text(), news), fmt.Sprintf("write %s in place of %s", right, n.Target)
			if includes(r, right) {
				text, advice = withoutTerms(r.Record, n.Term), "take the term out once nothing is left in that cloud"
			}
			faults = append(faults, r.fail(n.Term,
				fmt.Sprintf("%q belongs to %s, but mail arrives at %s", n.Term.Text, other, cloudNames[cloud]), d.propose(r, text, advice)))
		}
	}
	return faults
}

// foreignCloud names the Microsoft cloud of an include if it is another one,
// else "".
func foreignCloud(n *spf.Node, cloud provider.Cloud) string {
	switch c := microsoftCloud(n.Target); {
	case n.Term.Kind != spf.KindInclude:
		return ""
	case n.Target == closedInclude:
		return "Microsoft Cloud Germany, which is closed"
	case c == "" || c == cloud:
		return ""
	default:
		return cloudNames[c]
	}
}

func includes(r spfRecord, name dns.Name) bool {
	for n := range r.terms() {
		if n.Term.Kind == spf.KindInclude && n.Target == name {
			return true
		}
	}
	return false
}

// closedInclude belonged to Microsoft Cloud Germany. It still answers, and
// includes the worldwide name.
const closedInclude dns.Name = "spf.protection.outlook.de"
