package authority

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// held returns what an answer says that stands at the name: records, or the
// alias in their place.
func held(said dns.Answer) []dns.Record {
	if len(said.Chain) > 0 {
		return said.Chain[:1]
	}
	return said.Records
}

// version is an answer without TTLs, and the servers that gave it.
type version struct {
	lines []string // sorted
	by    []string
}

// differs tells which server has what, in words, or "" if those that answered
// agree. TTLs do not count.
func (l answers) differs() string {
	var versions []version
	for _, n := range l {
		if n.err != nil {
			continue
		}
		lines := content(n.said)
		i := slices.IndexFunc(versions, func(v version) bool { return slices.Equal(v.lines, lines) })
		if i < 0 {
			i = len(versions)
			versions = append(versions, version{lines: lines})
		}
		versions[i].by = append(versions[i].by, where(n.server))
	}
	if len(versions) < 2 {
		return ""
	}
	return tell(versions)
}

// content returns a line for each record, or what there is instead of records.
func content(said dns.Answer) []string {
	var lines []string
	for _, r := range slices.Concat(said.Referral, held(said)) {
		switch {
		case len(said.Referral) > 0 && r.Data.Type() != dns.TypeNS: // an address along the way
			continue
		case len(said.Referral) > 0:
			lines = append(lines, "a delegation to "+r.Data.String())
		case len(said.Chain) > 0:
			lines = append(lines, "an alias to "+r.Data.String())
		default:
			lines = append(lines, r.Data.String())
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// maxTold is how much of one version the words repeat, in octets.
const maxTold = 500

// tell says who has what, without the records that all have.
func tell(versions []version) string {
	shared := map[string]int{}
	for _, v := range versions {
		for _, line := range v.lines {
			shared[line]++
		}
	}
	var words []string
	common := 0
	for _, v := range versions {
		own := slices.DeleteFunc(slices.Clone(v.lines), func(line string) bool { return shared[line] == len(versions) })
		common = len(v.lines) - len(own)
		has, what := "has", "nothing"
		if len(v.by) > 1 {
			has = "have"
		}
		if len(own) > 0 {
			what = strings.Join(own, ", ")
		}
		if len(what) > maxTold {
			what = strings.ToValidUTF8(what[:maxTold], "") + "..."
		}
		words = append(words, strings.Join(v.by, ", ")+" "+has+" "+what)
	}
	if common > 0 {
		words = append(words, fmt.Sprintf("besides, all have %d in common", common))
	}
	return strings.Join(words, "; ")
}
