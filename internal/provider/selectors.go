package provider

import (
	_ "embed" // the list of selectors
	"slices"
	"strings"
	"sync"
)

// MaxSelectors is the most names that are asked for by default, the probe for
// wildcards included.
const MaxSelectors = 12

//go:embed data/selectors.txt
var selectorList string

// common returns the selectors in use, the commonest first.
var common = sync.OnceValue(func() []string {
	var list []string
	for line := range strings.Lines(selectorList) {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); name != "" && name[0] != '#' {
			list = append(list, strings.ToLower(name))
		}
	}
	return list
})

// Selectors returns the selectors to ask for, none twice: those given, the two
// of Microsoft 365, those of the providers detected, then the commonest, up to
// [MaxSelectors] less the probe. Given ones and Microsoft's are asked for however
// many they are; deep asks for every selector known.
func Selectors(given []string, detected []Entry, deep bool) []string {
	list := unique(append(slices.Clone(given), Selector1, Selector2))
	limit := max(MaxSelectors-1, len(list))
	for _, e := range detected {
		list = append(list, e.DKIMProbe...)
	}
	list = append(list, common()...)
	list = unique(list)
	if deep {
		return list
	}
	return list[:min(limit, len(list))]
}

// unique lower-cases the names (DNS does not tell case apart) and drops
// repetitions.
func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		s = strings.ToLower(s)
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
