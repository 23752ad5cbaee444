package render

import (
	"fmt"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/planner"
	"sendplan/spf"
)

// verdictWords are the verdict in a sentence or two.
func (p Planned) verdictWords() string {
	var not []string
	if n := len(p.Blocked); n > 0 {
		not = append(not, "The plan is blocked by "+plural(n, "thing")+".")
	}
	if n := len(p.Unknown); n > 0 {
		not = append(not, countWords(n, "thing is", "things are")+" not known.")
	}
	if n := p.devices(method.False); n > 0 {
		not = append(not, countWords(n, "device is", "devices are")+" not right after it.")
	}
	if n := p.devices(method.Unknown); n > 0 {
		not = append(not, "Whether "+countWords(n, "device is", "devices are")+" right after it is not known.")
	}
	if len(p.Blocked) == 0 {
		not = append([]string{p.workWords()}, not...)
	}
	return strings.Join(not, " ")
}

// workWords say how much there is to be done.
func (p Planned) workWords() string {
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
	return "The plan is made: " + strings.Join(work, " and ") + " in " + plural(len(p.Stages), "stage") + "."
}

// devices counts those that are right, wrong or unknown after the plan.
func (p Planned) devices(right method.Truth) int {
	n := 0
	for _, d := range p.Devices {
		if d.Right == right {
			n++
		}
	}
	return n
}

func countWords(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// rightWord is yes, no or unknown.
func rightWord(t method.Truth) string {
	switch t {
	case method.True:
		return "yes"
	case method.False:
		return "no"
	}
	return "unknown"
}

// keyWords names a record set.
func keyWords(k dns.Key) string { return k.Type.String() + " " + k.Name.String() }

// words say where a set stands and what befalls it as a whole.
func (c placed) words() string {
	parts := []string{fmt.Sprintf("stage %d", c.Stage)}
	if c.Zone != c.Key.Name {
		parts = append(parts, "zone "+c.Zone.String())
	}
	switch before, after := ttl(c.Old), ttl(c.New); {
	case len(c.Old) == 0:
		parts = append(parts, "a new set", fmt.Sprintf("TTL %d", after))
	case len(c.New) == 0:
		parts = append(parts, "the whole set goes")
	case before != after:
		parts = append(parts, fmt.Sprintf("TTL %d -> %d", before, after))
	default:
		parts = append(parts, fmt.Sprintf("TTL %d", after))
	}
	if c.State != "" {
		parts = append(parts, c.State)
	}
	return strings.Join(parts, ", ")
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
		when = append(when, "before the date, "+s.Until.Format("2 January 2006"))
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
		switch n := d / unit.of; {
		case n == 1 && d%unit.of == 0:
			return "1 " + unit.name
		case n > 0 && d%unit.of == 0:
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return fmt.Sprintf("%d seconds", int(d.Seconds()))
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

// taskWords say who does what.
func taskWords(task planner.Task) string {
	var head []string
	for _, part := range []string{task.Who, task.Subject} {
		if part != "" {
			head = append(head, part)
		}
	}
	if len(head) == 0 {
		return task.Text
	}
	return strings.Join(head, ", ") + ": " + task.Text
}

// speaks reports whether there is something to say about an SPF record beyond
// that it stays.
func speaks(s planner.SPF) bool {
	for _, term := range s.Terms {
		if term.Action != planner.Keep {
			return true
		}
	}
	return len(s.Gained)+len(s.Lost)+len(s.Warnings) > 0
}

// termWords are a term and what takes its place.
func termWords(term planner.Term) string {
	words := term.Text
	if term.Action == planner.Replace {
		words += " -> " + term.With
	}
	return words
}

// gainWords and lossWords say what a network got before and gets after.
func gainWords(d planner.Difference) string { return differenceWords(d, string(d.Result)+" -> pass") }

func lossWords(d planner.Difference) string { return differenceWords(d, "pass -> "+string(d.Result)) }

func differenceWords(d planner.Difference, step string) string {
	words := d.Prefix.String() + ": " + step
	if d.Who != "" {
		words += ", " + d.Who
	}
	return words
}

// costWords are the lookups of a record before and after.
func costWords(s planner.SPF) string {
	if len(s.Before) > 1 { // RFC 7208 §4.5
		return fmt.Sprintf("permerror, because there are %d records -> %s of %d lookups, %s of %d void", len(s.Before),
			atLeast(s.LookupsAfter.Lookups, s.LookupsAfter.Partial), spf.MaxLookups, voids(s.LookupsAfter), spf.MaxVoids)
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
