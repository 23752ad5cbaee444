package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfCheaperInclude = Check{
	ID:       "spf-cheaper-include",
	Severity: finding.Note,
	Title:    "an include has a cheaper replacement",
	Explain: `The record needs most of the ten lookups, or more, and the same service has a name that costs fewer: usually one for a
region instead of the whole world.

Find out which region your account is in, by the MX records or in the service's console, and include that name. The ranges
of the other regions are then authorised no more.`,
	Refs: []string{"RFC 7208 §4.6.4"},
	Run:  runSPFCheaperInclude,
}

// nearLimit is when a record has too few lookups left to add a service.
const nearLimit = 8

func runSPFCheaperInclude(d *Domain) []finding.Finding {
	if d.SPF.Lookups < nearLimit {
		return nil
	}
	return d.judgeIncludes(func(n *spf.Node) (message, fix string, ok bool) {
		known, _ := provider.IncludeByName(n.Target)
		if len(known.Cheaper) == 0 || n.Lookups < 2 {
			return "", "", false
		}
		var names []string
		for _, cheaper := range known.Cheaper {
			names = append(names, cheaper.String())
		}
		return fmt.Sprintf("%q costs %s of the %d DNS lookups; %s publishes names that cost fewer", n.Term.Text, atLeast(n.Lookups, n.Partial),
				maxLookups, orElse(Operator(n), "the service")),
			"include the one that your account is in instead: " + strings.Join(names, ", "), true
	})
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
