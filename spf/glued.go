package spf

import (
	"fmt"
	"strings"
)

// starts are texts that begin a term and are in no other place of a record
// where the grammar fails.
var starts = []string{
	"~all", "-all", "?all", "+all", "include:", "ip4:", "ip6:", "exists:", "redirect=", "+a", "+mx", versionTag,
}

// glued returns where in s another term begins without a blank before it, or 0.
func glued(s string) int {
	lower := lowerASCII(s)
	best := 0
	for _, start := range starts {
		if i := strings.Index(lower[min(1, len(lower)):], start); i >= 0 && (best == 0 || i+1 < best) {
			best = i + 1
		}
	}
	// The qualifier belongs to the term that it stands before.
	if best > 1 && strings.IndexByte("+-~?", s[best-1]) >= 0 {
		best--
	}
	return best
}

func missingBlank(s string) string {
	return fmt.Sprintf(": a blank is missing before %s", show(s[glued(s):]))
}
