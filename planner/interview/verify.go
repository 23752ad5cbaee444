package interview

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/words"
)

// verifyPage judges the domains by the reports of the look.
func (s State) verifyPage() Page {
	if s.Found == nil {
		return Page{Lead: []Line{{Text: "Nothing was looked at yet."}}}
	}
	p := Page{Lead: append(verifyLead(s.Found.Reports), s.unlistedLines()...)}
	for _, r := range s.Found.Reports {
		for about, name := range protocolNames {
			title := name + " of " + shownName(r.Domain.Name)
			if protocol(about) == aboutOther {
				title = "Other records of " + shownName(r.Domain.Name)
			}
			p.Sections = append(p.Sections, section(title, judgement{r, protocol(about)}.items()))
		}
	}
	return p
}

// unlistedLines tell of domains that devices write as and that nobody looked at,
// because they are none of the inventory's.
func (s State) unlistedLines() []Line {
	inv := s.inventory()
	var text lines
	var told []dns.Name
	for _, d := range inv.Devices {
		for _, a := range d.From {
			if _, listed := inv.Domain(a.Domain); listed || a.Domain == inv.Tenant.InitialDomain || slices.Contains(told, a.Domain) {
				continue
			}
			told = append(told, a.Domain)
			text.add(Unknown, 0, fmt.Sprintf("%s is not looked at, and %s writes as it: add it to the domains if it is yours. Otherwise only its owner can make that mail pass.", shownName(a.Domain), d.Name))
		}
	}
	return text.more()
}

// judgement is what is said of one protocol of a domain.
type judgement struct {
	check.Report
	about protocol
}

// items are how the records stand, the findings about them, and the checks that
// passed.
func (j judgement) items() []Item {
	items := j.facts()
	found := 0
	for _, f := range bySeverity(j.Findings) {
		if protocolOf(f.ID) == j.about {
			items = append(items, findingItem(f))
			found++
		}
	}
	return append(items, j.passed(found)...)
}

// passed is an item for the checks that had nothing to say, beside the findings
// of the others.
func (j judgement) passed(found int) []Item {
	var more lines
	for _, f := range j.Passed {
		if protocolOf(f.ID) == j.about {
			more.add(Good, 0, f.Message)
		}
	}
	switch n := len(more); {
	case found > 0 && n > 0:
		return []Item{item(Muted, words.Count(n, "other check", "other checks")+" passed", more)}
	case found > 0 || n == 0:
		return nil
	default:
		return []Item{item(Good, "nothing to complain about: "+words.Count(n, "check", "checks")+" passed", more)}
	}
}

// findingMark signs a finding.
func findingMark(f finding.Finding) Mark {
	if f.Status == finding.Unknown {
		return Unknown
	}
	return [...]Mark{finding.Note: Note, finding.Warning: Warn, finding.Error: Bad}[f.Severity]
}

// findingItem is a finding with all that explains it.
func findingItem(f finding.Finding) Item {
	var more lines
	more.add(Muted, 0, string(f.ID)+", about "+f.Subject.Unicode())
	more = append(more, marked(f)...)
	if f.Cause != nil {
		more.add(Unknown, 0, "cause: "+failure(f.Cause))
		more.add(Muted, 0, again)
	}
	if f.Fix != "" {
		more.add(Plain, 0, "fix: "+f.Fix)
	}
	if c, ok := check.ByID(f.ID); ok {
		for _, paragraph := range strings.Split(c.Explain, "\n\n") {
			more.add(Plain, 0, strings.Join(strings.Fields(paragraph), " "))
		}
	}
	more.add(Muted, 0, strings.Join(f.Refs, ", "))
	return item(findingMark(f), f.Message, more)
}

// maxMarked is how many columns of a record are shown above its marks: they must
// stand below each other on the narrowest screen.
const maxMarked = 34

// marked is the record of a finding, and below it the part that the finding is
// about with a line of carets. What has no width of its own, or another than
// one column, is shown as "?" there.
func marked(f finding.Finding) lines {
	var more lines
	more.add(Code, 0, f.Record)
	span := f.Span.Whole(f.Record)
	if span.Start >= span.End {
		return more
	}
	columns := []rune(plainText(f.Record))
	start, end := len([]rune(f.Record[:span.Start])), len([]rune(f.Record[:span.End]))
	end = min(end, start+maxMarked-2) // the beginning of a part that is too long
	from := max(0, min(start-(maxMarked-(end-start))/2, len(columns)-maxMarked))
	to := min(from+maxMarked, len(columns))
	if to-from < len(columns) {
		more.add(Code, 0, string(columns[from:to]))
	} else if plain := string(columns); plain != f.Record {
		more.add(Code, 0, plain)
	}
	more.add(Code, 0, strings.Repeat(" ", start-from)+strings.Repeat("^", end-start))
	return more
}

// plainText is text in which every character takes one column.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

// bySeverity returns the findings for people: errors first, then what could not
// be told, then the rest.
func bySeverity(findings []finding.Finding) []finding.Finding {
	rank := map[Mark]int{Bad: 0, Unknown: 1, Warn: 2, Note: 3}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b finding.Finding) int { return rank[findingMark(a)] - rank[findingMark(b)] })
	return sorted
}

// verifyLead says the verdict, and how many findings there are.
func verifyLead(reports []check.Report) []Line {
	counts := make(map[Mark]int)
	standing := make(map[check.Status][]string)
	for _, r := range reports {
		standing[r.Status()] = append(standing[r.Status()], r.Domain.Name.Unicode())
		for _, f := range r.Findings {
			counts[findingMark(f)]++
		}
	}
	var lead lines
	for _, s := range []struct {
		check.Status
		mark  Mark
		words string
	}{
		{check.StatusFail, Bad, "mail is lost, or spoofed mail let in"},
		{check.StatusUnknown, Unknown, "not everything could be told"},
		{check.StatusWarning, Warn, "it works today, but something is fragile or unwise"},
		{check.StatusPass, Good, "all is well"},
	} {
		if names := standing[s.Status]; len(names) > 0 {
			lead.add(s.mark, 0, fmt.Sprintf("%s: %s.", named(names), s.words))
		}
	}
	lead.add(Plain, 0, tallyWords(counts))
	if counts[Unknown] > 0 {
		lead.add(Muted, 0, "Where an answer is lacking, "+again+".")
	}
	return lead
}

// tallyWords counts findings in words.
func tallyWords(counts map[Mark]int) string {
	var parts []string
	for _, p := range []struct {
		Mark
		word string
	}{{Bad, "error"}, {Warn, "warning"}, {Note, "note"}} {
		if n := counts[p.Mark]; n > 0 {
			parts = append(parts, words.Plural(n, p.word))
		}
	}
	if n := counts[Unknown]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", n))
	}
	if parts == nil {
		return "There is nothing to complain about."
	}
	return "Found: " + both(parts) + "."
}
