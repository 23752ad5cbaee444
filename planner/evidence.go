package planner

import (
	"fmt"
	"time"

	"sendplan/internal/inventory"
)

// A policy is made stricter after reports of a month without a failure: RFC 9989
// §5.1 has domain owners wait a month at p=none, and as long at quarantine.
const (
	evidenceDays = 28
	evidenceAge  = 60 // days after which reports tell nothing of today
)

// evidence says whether the reports of a domain bear out a stricter policy. Of
// those from before since nothing is concluded; the zero time means any.
func evidence(list []inventory.Evidence, since, date time.Time) (enough bool, words string) {
	var first, last time.Time
	messages, failing := 0, 0
	for _, e := range list {
		if e.First.Before(since) {
			continue
		}
		if first.IsZero() || e.First.Before(first) {
			first = e.First
		}
		if e.Last.After(last) {
			last = e.Last
		}
		messages, failing = messages+e.Messages, failing+e.Failing
	}
	days := int(last.Sub(first).Hours()/24) + 1
	switch {
	case messages == 0:
		return false, "the inventory holds no reports of it"
	case date.Sub(last) > evidenceAge*24*time.Hour:
		return false, fmt.Sprintf("the last report is of %s", last.Format(time.DateOnly))
	case failing > 0:
		return false, fmt.Sprintf("%d of %d reported messages failed: find out whose they are", failing, messages)
	case days < evidenceDays:
		return false, fmt.Sprintf("the reports cover %d days, of %d", days, evidenceDays)
	}
	return true, fmt.Sprintf("%d messages in %d days, none failed", messages, days)
}
