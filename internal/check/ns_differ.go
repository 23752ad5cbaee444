package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var nsDiffer = Check{
	ID:       "ns-differ",
	Severity: finding.Error,
	Title:    "the authoritative servers give different answers",
	Explain: `Every receiver asks one of the servers, so some see one record and some another: mail passes or fails by chance. A
change that was just published spreads within minutes; if the difference stays, a server no longer gets the zone (a
transfer that fails, a server of the former DNS host that is still delegated to), or the zone is kept by hand in two places.

Compared are MX, TXT, the DMARC record and the DKIM selectors that were found.`,
	Refs: []string{"RFC 1034 §4.3.5"},
	Run:  runNSDiffer,
}

func runNSDiffer(d *Domain) []finding.Finding {
	if d.Authority == nil || len(d.Authority.Servers) == 0 {
		return nil
	}
	var faults []finding.Finding
	whole := !d.Authority.Partial
	for i, set := range d.Authority.firstSets() {
		said := map[string][]string{} // what was said, by whom
		for _, s := range d.Authority.Servers {
			if len(s.Sets) <= i || s.Sets[i].Err != nil {
				whole = whole && s.NoRoute
				continue
			}
			words := saidBy(s.Sets[i])
			said[words] = append(said[words], s.String())
		}
		if len(said) > 1 {
			faults = append(faults, fail(set.Key.Name, fmt.Sprintf("the authoritative servers differ about %s: %s", set.Key, versions(said)),
				"make all servers serve the same zone: repair the zone transfer, or remove servers that do not belong to it from the delegation"))
		}
	}
	if len(faults) == 0 && !whole {
		return nil
	}
	return orPass(faults, d.Name, "all authoritative servers give the same answers")
}

// firstSets returns the sets of the first server that was asked.
func (a *Authority) firstSets() []Set {
	for _, s := range a.Servers {
		if s.Sets != nil {
			return s.Sets
		}
	}
	return nil
}

// saidBy returns what a server said about a set, in words.
func saidBy(set Set) string {
	a := set.Answer
	var words []string
	switch {
	case len(a.Referral) > 0:
		for _, r := range a.Referral {
			if r.Data.Type() == dns.TypeNS {
				words = append(words, r.Data.String())
			}
		}
		return "delegated to " + strings.Join(words, ", ")
	case len(a.Chain) > 0:
		return "CNAME " + a.Chain[0].Data.String()
	case len(a.Records) == 0:
		return "nothing"
	}
	for _, r := range a.Records {
		words = append(words, r.Data.String())
	}
	return strings.Join(words, ", ")
}

// maxSaid is how much of one server's answer a message repeats, in octets.
const maxSaid = 160

// versions tells who said what, the version of most servers first.
func versions(said map[string][]string) string {
	type version struct {
		words string
		by    []string
	}
	var list []version
	for words, by := range said {
		list = append(list, version{words, by})
	}
	slices.SortFunc(list, func(a, b version) int {
		return cmp.Or(len(b.by)-len(a.by), slices.Compare(a.by, b.by))
	})
	var lines []string
	for _, v := range list {
		words := v.words
		if len(words) > maxSaid {
			words = strings.ToValidUTF8(words[:maxSaid], "") + "..."
		}
		lines = append(lines, strings.Join(v.by, ", ")+": "+words)
	}
	return strings.Join(lines, "; ")
}
