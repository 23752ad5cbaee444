package runbook

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/method"
	"sendplan/planner"
)

func digits(n int) string { return strconv.Itoa(n) }

// stops is the first page: what stops if nothing is done.
func (b *book) stops() {
	for _, d := range b.plan.Devices {
		if e, ok := d.Advice.Deadline(); ok {
			b.doc.Stops = append(b.doc.Stops, Stop{Device: d.Name, Today: method.ID(d.Today()), Event: e, Gap: b.gap(d)})
		}
	}
	slices.SortStableFunc(b.doc.Stops, func(a, b Stop) int {
		return cmp.Or(undated(a)-undated(b), a.Event.Day.Compare(b.Event.Day))
	})
	at := slices.IndexFunc(b.doc.Stops, func(s Stop) bool { return s.Event.ID == method.EventBasicOff })
	if at >= 0 {
		b.doc.Reenable = []Step{reenabling(b.doc.Stops[at].Event)}
	}
}

// undated sorts what has no date behind what has one.
func undated(s Stop) int {
	if s.Event.Day.IsZero() {
		return 1
	}
	return 0
}

// gap is the shortest safe way to keep the mail of a device that stops.
func (b *book) gap(d planner.Device) string {
	a, target := d.Advice, d.Target()
	n := b.movesAt(d)
	switch {
	case n > 0 && a.Chosen.State == method.Depends:
		return "its move in stage " + digits(n) + " to " + target.Name() + ", once its questions are answered"
	case n > 0:
		return "its move in stage " + digits(n) + " to " + target.Name()
	case target.Method == "" && len(a.Questions) > 0:
		return "none is safe before its questions are answered: " + fields(a.Questions)
	case target.Method == "":
		return "none that is known fits it: it needs other abilities, or something in front of it"
	case target.Method == a.Today.Method:
		return "none: of what is known, its present method still fits it best"
	case target.Method == a.Meanwhile:
		return target.Name() + " (" + string(target.Method) + ") can do meanwhile; which is best depends on " + fields(a.Questions)
	}
	return target.Name() + " (" + string(target.Method) + "), which fits and is recommended, but is not decided"
}

func fields(questions []method.Question) string {
	var list []string
	for _, q := range questions {
		list = append(list, q.Field)
	}
	return strings.Join(list, ", ")
}

// reenabling is what can be said of a way back from the end of basic
// authentication: that there is one, not which.
func reenabling(e method.Event) Step {
	return Step{
		Who:  tenantAdmin,
		Text: "do not count on switching basic authentication on again; move what stops before the day, and keep this for what cannot be moved",
		Lines: []Line{
			{Text: e.Fact.Text, Fact: e.Fact},
			{Fact: method.Fact{Open: "which switch re-enables it; no command is given for it. Look for Microsoft's announcement in the message centre of the tenant"}},
			{Text: "Set-CASMailbox and Set-TransportConfig switch client submission as a whole; that they bring basic authentication back is not established"},
		},
	}
}

// undecided collects the devices for which there is nothing to carry out yet.
func (b *book) undecided() {
	for _, d := range b.plan.Devices {
		if moves(d) || stays(d) {
			continue
		}
		b.doc.Undecided = append(b.doc.Undecided, Undecided{
			Device: d.Name, Today: method.ID(d.Today()), Why: b.whyUndecided(d), Write: toWrite(d), Questions: d.Advice.Questions,
			Steps: b.exemption(d),
		})
	}
}

// whyUndecided takes what is not known of the device over from the plan, so that
// it is said once.
func (b *book) whyUndecided(d planner.Device) string {
	var open []string
	b.doc.Unknown = slices.DeleteFunc(slices.Clone(b.doc.Unknown), func(u planner.Unknown) bool {
		mine := u.Subject == d.Name && u.Cause == nil
		if mine {
			open = append(open, u.Message)
		}
		return mine
	})
	if open != nil {
		return strings.Join(open, "; ")
	}
	if d.Device.Device.Method == "" {
		return "the inventory names no method that it shall use"
	}
	var reasons []string
	for _, v := range d.Advice.Chosen.Vetoes {
		reasons = append(reasons, v.Reason)
	}
	return string(d.Device.Device.Method) + " does not fit it: " + strings.Join(reasons, "; ")
}

// toWrite is the line of the inventory that decides.
func toWrite(d planner.Device) string {
	target := d.Target()
	switch {
	case target.Method == "" || target.Method != d.Advice.Recommended:
		return ""
	case target.Auth != "" && target.Method.Kind() == method.SMTPAuth:
		return "method: " + string(target.Method) + " (with " + string(target.Auth) + ")"
	}
	return "method: " + string(target.Method)
}
