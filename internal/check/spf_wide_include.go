package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfWideInclude = Check{
	ID:       "spf-wide-include",
	Severity: finding.Note,
	Title:    "an include authorises far more than its name says",
	Explain: `The included record leads on to the ranges of large services that many thousands of others use, so that each of their
customers can send mail as you that passes SPF. The name of the include does not show it.

If your mail leaves by another way, take the include out, or name in its place the service or the server that you use.`,
	Refs: []string{"RFC 7208 §11.4"},
	Run:  runSPFWideInclude,
}

func runSPFWideInclude(d *Domain) []finding.Finding {
	return d.judgeIncludes(func(n *spf.Node) (message, fix string, ok bool) {
		known, _ := provider.IncludeByName(n.Target)
		if known.Wide == "" {
			return "", "", false
		}
		return fmt.Sprintf("%q authorises %s", n.Term.Text, known.Wide), "name what sends for the domain in its place, or take it out", true
	})
}
