package interview

import (
	"fmt"
	"strings"
	"time"

	"sendplan/internal/method"
	"sendplan/planner"
	"sendplan/spf"
)

// verdictWords are what a plan comes to, in a sentence or two.
func verdictWords(p planner.Plan) string {
	var words []string
	if n := len(p.Blocked); n > 0 {
		words = append(words, "The plan is blocked by "+plural(n, "thing")+".")
	} else {
		words = append(words, workWords(p))
	}
	if n := len(p.Unknown); n > 0 {
		words = append(words, countWords(n, "thing is", "things are")+" not known.")
	}
	right := make(map[method.Truth]int)
	for _, d := range p.Devices {
		right[d.Right]++
	}
	if n := right[method.False]; n > 0 {
		words = append(words, countWords(n, "device is", "devices are")+" not right after it.")
	}
	if n := right[method.Unknown]; n > 0 {
		words = append(words, "Whether "+countWords(n, "device is", "devices are")+" right after it is not known.")
	}
	return strings.Join(words, " ")
}

// workWords say how much there is to be done.
func workWords(p planner.Plan) string {
	changes, tasks := 0, 0
	for _, s := range p.Stages {
		changes, tasks = changes+len(s.Changes), tasks+len(s.Tasks)
	}
	var work []string
	if changes > 0 {
		work = append(work, plural(changes, "change"))
	}
	if tasks > 0 {
		work = append(work, plural(tasks, "task"))
	}
	if work == nil {
		return "Nothing is to be done."
	}
	return "The plan is made: " + both(work) + " in " + plural(len(p.Stages), "stage") + "."
}

// stageWords are the title of a stage with its number and when it is due.
func stageWords(n int, s planner.Stage) string {
	var when []string
	if s.Current {
		when = append(when, "current")
	}
	if s.Overdue {
		when = append(when, "overdue")
	}
	switch {
	case s.BeforeDate:
		when = append(when, "before the date, "+s.Until.Format(dayForm))
	case !s.Overdue:
		when = append(when, "can wait")
	}
	return fmt.Sprintf("Stage %d: %s (%s)", n, s.Title, strings.Join(when, ", "))
}

// waitWords say how long a stage takes to reach everybody, "" if nothing is to
// be waited for.
func waitWords(s planner.Stage) string {
	if s.Wait == 0 {
		return ""
	}
	return fmt.Sprintf("wait %s: so long resolvers may keep what was there before", durationWords(s.Wait))
}

// durationWords writes a duration as people say it.
func durationWords(d time.Duration) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := d / unit.of; n > 0 && d%unit.of == 0 {
			return plural(int(n), unit.name)
		}
	}
	return plural(int(d.Seconds()), "second")
}

// conditionWords say whether a condition is met, and what is known of it.
func conditionWords(c planner.Condition) string {
	words := c.Text + ": not met"
	if c.Met {
		words = c.Text + ": met"
	}
	if c.Why != "" {
		words += " (" + c.Why + ")"
	}
	return words
}

// speaks reports whether there is something to say about an SPF record beyond
// that it stays.
func speaks(s planner.SPF) bool {
	for _, t := range s.Terms {
		if t.Action != planner.Keep {
			return true
		}
	}
	return len(s.Gained)+len(s.Lost)+len(s.Warnings) > 0
}

// differenceWords say what a network got before and gets after.
func differenceWords(d planner.Difference, step string) string {
	words := d.Prefix.String() + ": " + step
	if d.Who != "" {
		words += ", " + d.Who
	}
	return words
}

// costWords are the lookups of a record before and after.
func costWords(s planner.SPF) string {
	after := fmt.Sprintf("%s of %d lookups, %s of %d void", atLeast(s.LookupsAfter.Lookups, s.LookupsAfter.Partial), spf.MaxLookups, voids(s.LookupsAfter), spf.MaxVoids)
	if n := len(s.Before); n > 1 { // RFC 7208 §4.5
		return fmt.Sprintf("permerror, because there are %d records -> %s", n, after)
	}
	return fmt.Sprintf("%s -> %s of %d lookups, %s -> %s of %d void", atLeast(s.LookupsBefore.Lookups, s.LookupsBefore.Partial), atLeast(s.LookupsAfter.Lookups, s.LookupsAfter.Partial), spf.MaxLookups,
		voids(s.LookupsBefore), voids(s.LookupsAfter), spf.MaxVoids)
}

// voids are those of the client that has more of them.
func voids(c spf.Counts) string { return atLeast(max(c.Voids4, c.Voids6), c.PartialVoids) }

func atLeast(n int, partial bool) string {
	if partial {
		return fmt.Sprintf("at least %d", n)
	}
	return fmt.Sprint(n)
}
