package compare

import (
	"slices"

	"sendplan/internal/check"
	"sendplan/internal/finding"
)

// Since returns r without the failed findings that base, what an earlier run
// found about the same domain, holds too, and how many of its findings are not
// there any more. Findings whose ID is in ignored are left out of that count.
//
// What is unknown is never taken out, nor does an earlier unknown take out a
// fail: a baseline accepts faults that somebody has seen, not questions that
// nobody could answer.
func Since(base Result, r check.Report, ignored []finding.ID) check.Report {
	known := make(map[finding.Fingerprint]int)
	total := 0
	for _, f := range base.Findings {
		if f.Status == finding.Fail && !slices.Contains(ignored, f.ID) {
			known[f.Fingerprint()]++
			total++
		}
	}
	since := check.Since{}
	var left []finding.Finding
	for _, f := range r.Findings {
		if print := f.Fingerprint(); f.Status == finding.Fail && known[print] > 0 {
			known[print]--
			since.Known++
			continue
		}
		left = append(left, f)
	}
	if gone := total - since.Known; r.Unknown() {
		since.Unseen = gone
	} else {
		since.Gone = gone
	}
	r.Findings, r.Since = left, &since
	return r
}
