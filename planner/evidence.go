package planner

import (
	"fmt"
	"slices"
	"time"

	"sendplan/internal/inventory"
)

// A policy is made stricter after reports of a month without a failure: RFC 9989
// §5.1 has domain owners wait a month at p=none, and as long at quarantine.
const (
	evidenceDays = 28
	evidenceAge  = 60 // days after which reports tell nothing of today
)

// oneDay is what dates in UTC lie apart.
const oneDay = 24 * time.Hour

// evidence says whether the reports of a domain bear out a stricter policy. Those
// that begin before since, the zero time for any, tell nothing of it, nor do
// those that ended too long ago.
func evidence(list []inventory.Evidence, since, date time.Time) (enough bool, words string) {
	var last time.Time
	var recent []inventory.Evidence
	messages, failing := 0, 0
	for _, e := range list {
		if e.First.Before(since) {
			continue
		}
		if e.Last.After(last) {
			last = e.Last
		}
		if date.Sub(e.Last) <= evidenceAge*oneDay {
			recent = append(recent, e)
			messages, failing = messages+e.Messages, failing+e.Failing
		}
	}
	switch days := covered(recent, date); {
	case last.IsZero():
		return false, "the inventory holds no reports of it"
	case len(recent) == 0:
		return false, fmt.Sprintf("the last report is of %s", last.Format(time.DateOnly))
	case failing > 0:
		return false, fmt.Sprintf("%d of %d reported messages failed: find out whose they are", failing, messages)
	case messages == 0:
		return false, "the reports are of no message"
	case days < evidenceDays:
		return false, fmt.Sprintf("the reports cover %d days, of %d", days, evidenceDays)
	default:
		return true, fmt.Sprintf("%d messages in %d days, none failed", messages, days)
	}
}

// covered counts the days up to date that reports are about, each once.
func covered(list []inventory.Evidence, date time.Time) int {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b inventory.Evidence) int { return a.First.Compare(b.First) })
	days := 0
	var next time.Time // the first day that is not counted
	for _, e := range list {
		first, end := e.First, e.Last
		if first.Before(next) {
			first = next
		}
		if end.After(date) {
			end = date
		}
		if !end.Before(first) {
			days += int(end.Sub(first)/oneDay) + 1
			next = end.Add(oneDay)
		}
	}
	return days
}
