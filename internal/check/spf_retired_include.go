package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfRetiredInclude = Check{
	ID:       "spf-retired-include",
	Severity: finding.Warning,
	Title:    "the SPF record includes a name that was retired",
	Explain: `The record there still answers, so nothing shows that it is a left-over: the service was closed, renamed, or no longer
needs it. The include costs lookups and lets somebody send who need not, and one day the record will be gone, which makes
yours a permanent error.

Take it out, or put the name in its place that the service publishes today.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §5.2"},
	Run:  runSPFRetiredInclude,
}

func runSPFRetiredInclude(d *Domain) []finding.Finding {
	return d.judgeIncludes(func(n *spf.Node) (message, fix string, ok bool) {
		known, _ := provider.IncludeByName(n.Target)
		if known.Retired == "" {
			return "", "", false
		}
		fix = "take it out"
		if len(known.Cheaper) > 0 {
			fix = fmt.Sprintf("write include:%s instead, or take it out", known.Cheaper[0])
		}
		return fmt.Sprintf("%q is a left-over: %s", n.Term.Text, known.Retired), fix, true
	})
}

func retired(n *spf.Node) bool {
	known, _ := provider.IncludeByName(n.Target)
	return known.Retired != ""
}
