package words

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/planner"
)

// Plan is what a plan comes to, in a sentence or two.
func Plan(p planner.Plan) string {
	var list []string
	if n := len(p.Blocked); n > 0 {
		list = append(list, "The plan is blocked by "+Plural(n, "thing")+".")
	} else {
		list = append(list, Work(p))
	}
	if n := len(p.Unknown); n > 0 {
		list = append(list, Count(n, "thing is", "things are")+" not known.")
	}
	if n := p.Count(method.False); n > 0 {
		list = append(list, Count(n, "device is", "devices are")+" not right after it.")
	}
	if n := p.Count(method.Unknown); n > 0 {
		list = append(list, "Whether "+Count(n, "device is", "devices are")+" right after it is not known.")
	}
	return strings.Join(list, " ")
}

// Work is how much there is to be done, in a sentence.
func Work(p planner.Plan) string {
	changes, tasks := 0, 0
	for _, s := range p.Stages {
		changes, tasks = changes+len(s.Changes), tasks+len(s.Tasks)
	}
	var list []string
	if changes > 0 {
		list = append(list, Plural(changes, "change"))
	}
	if tasks > 0 {
		list = append(list, Plural(tasks, "task"))
	}
	switch {
	case list == nil && len(p.Unknown) == 0 && p.Right() == method.True:
		return "Nothing is to be done."
	case list == nil:
		return "Nothing is planned."
	}
	return "The plan is made: " + strings.Join(list, " and ") + " in " + Plural(len(p.Stages), "stage") + "."
}

// Stage is the title of a stage with its number and when it is due.
func Stage(n int, s planner.Stage) string {
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

// Wait is how long a stage takes to reach everybody, "" if nothing is to be waited
// for.
func Wait(s planner.Stage) string {
	if s.Wait == 0 {
		return ""
	}
	return fmt.Sprintf("wait %s: so long resolvers may keep what was there before", Duration(s.Wait))
}

// Condition is whether a condition is met, and what is known of it.
func Condition(c planner.Condition) string {
	text := c.Text + ": not met"
	if c.Met {
		text = c.Text + ": met"
	}
	if c.Why != "" {
		text += " (" + c.Why + ")"
	}
	return text
}

// Task is who does what.
func Task(t planner.Task) string {
	var head []string
	for _, part := range []string{t.Who, t.Subject} {
		if part != "" {
			head = append(head, part)
		}
	}
	if len(head) == 0 {
		return t.Text
	}
	return strings.Join(head, ", ") + ": " + t.Text
}

// Set is what befalls a record set as a whole.
func Set(c dns.Change) string {
	switch before, after := dns.TTL(c.Old), dns.TTL(c.New); {
	case len(c.Old) == 0:
		return fmt.Sprintf("a new set, TTL %d", after)
	case len(c.New) == 0:
		return "the whole set goes"
	case before != after:
		return fmt.Sprintf("TTL %d -> %d", before, after)
	default:
		return fmt.Sprintf("TTL %d", after)
	}
}
