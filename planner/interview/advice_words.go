package interview

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"sendplan/internal/fleet"
	"sendplan/internal/method"
	"sendplan/internal/words"
)

// vetoWords says why a method cannot be used, with the rule behind it.
func vetoWords(v method.Veto) string {
	if !v.Fact.Established() || strings.Contains(v.Reason, v.Fact.Text) {
		return v.Reason
	}
	return v.Reason + " (" + v.Fact.Text + ")"
}

// rule is how the grounds of a rank name the decision rules, whose numbers tell
// people nothing.
var rule = regexp.MustCompile(`^(recommended|the second choice) by rule \d+: `)

// noRule stands where no decision rule speaks for a method.
const noRule = "no decision rule recommends it"

// grounds are the reasons for the rank of a method that people ask for: whom it is
// for, how long it lasts and what it costs.
func grounds(in method.Input, o method.Option) []string {
	const kinds = 3
	var list []string
	for _, r := range o.Reasons[:min(len(o.Reasons), kinds)] {
		if text := rule.ReplaceAllString(r.Text, ""); r.Text != noRule && !assumed(in, text) {
			list = append(list, text)
		}
	}
	return list
}

// assumed reports whether a reason says of the device what is not known of it: in a
// rank that counts as fitting.
func assumed(in method.Input, reason string) bool {
	d, s := in.Device, in.Site
	for word, known := range map[string]bool{
		"recipients": d.Recipients != method.RecipientsUnknown, "log in": d.Auth != method.AuthUnknown, "OAuth": d.Auth != method.AuthUnknown,
		"web API": d.HTTPS != method.Unknown, "a static address": s.Static != method.Unknown && s.Shared != method.Unknown,
	} {
		if !known && strings.Contains(reason, word) {
			return true
		}
	}
	return false
}

func reasonWords(in method.Input, o method.Option) string { return strings.Join(grounds(in, o), "; ") }

// noteWords says what a method means for a device that can take it: when it ends,
// if that is near, why it ranks where it does, and what it depends on.
func noteWords(in method.Input, o method.Option, date time.Time) string {
	list := grounds(in, o)
	if e, ok := ending(in, o, date); ok {
		list = slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, "does not last") })
		list = append([]string{untilWords(e)}, list...)
	}
	if len(o.Questions) > 0 {
		list = append(list, "depends on: "+strings.Join(questionTexts(o.Questions), " "))
	}
	for _, c := range o.Conditions {
		if c.Todo {
			list = append(list, "to do: "+c.Text)
		}
	}
	return strings.Join(list, "; ")
}

// soon is how many days ahead an end is counted down to.
const soon = 366

// ending is what would end a method, if the device used it today, and if that is
// over or soon.
func ending(in method.Input, o method.Option, date time.Time) (method.Event, bool) {
	if o.Auth == "" {
		return method.Event{}, false // no end of others has a date
	}
	in.Device.Method, in.Device.Now, in.Device.Auth = o.Method, o.Method, o.Auth
	e, ok := method.Advise(in, date).Deadline()
	return e, ok && !e.Day.IsZero() && e.Days <= soon
}

// untilWords says when a method ends.
func untilWords(e method.Event) string {
	day := e.Day.Format("2 January 2006")
	switch {
	case e.Past || e.ID == method.EventRefused:
		return e.Text
	case e.Days == 0:
		return "works until " + day + ": today is the last day"
	case e.Days == 1:
		return "works until " + day + ", 1 day left"
	}
	return fmt.Sprintf("works until %s, %d days left", day, e.Days)
}

// questionTexts are the questions themselves, each once.
func questionTexts(asks []method.Question) []string {
	var list []string
	for _, q := range asks {
		if !slices.Contains(list, q.Text) {
			list = append(list, q.Text)
		}
	}
	return list
}

// stands says in a few words how a device stands, and whether that needs
// attention.
func stands(d fleet.Device) (string, Mark) {
	a := d.Advice
	questions := d.Judged().Questions
	switch {
	case d.Method == "" && a.Recommended != "" && d.Fits() == method.False:
		return "recommended: " + string(a.Recommended), Bad
	case d.Method == "" && a.Recommended != "":
		return "recommended: " + string(a.Recommended), Warn
	case d.Method == "" && len(a.Questions) > 0:
		return words.Plural(len(a.Questions), "question"), Warn
	case d.Method == "":
		return "nothing fits", Bad
	case d.Fits() == method.False:
		return "vetoed", Bad
	case len(questions) > 0:
		return words.Plural(len(questions), "question"), Warn
	case !d.Until().IsZero():
		return "ends " + d.Until().Format("2 Jan 2006"), Warn
	}
	return "fits", Plain
}

// deviceLines says of a device what is known of its method: of today's, of the one
// to come, of the best one, what to type in, and what happens if nothing is done.
func deviceLines(d fleet.Device) []Line {
	var l lines
	today(&l, d)
	shallUse(&l, d)
	best(&l, d)
	settings(&l, d)
	undone(&l, d)
	l.add(Note, 0, labelled("to be reviewed", d.Review))
	l.add(Muted, 0, d.Note)
	return l.more()
}

func labelled(label, text string) string {
	if text == "" {
		return ""
	}
	return label + ": " + text
}

func today(l *lines, d fleet.Device) {
	o := d.Advice.Today
	if o.Method == "" {
		l.add(Unknown, 0, "today: its method is not known")
		return
	}
	if e, ok := d.Advice.Deadline(); ok && e.ID != method.EventRefused {
		words := e.Text
		if !e.Day.IsZero() {
			words = untilWords(e)
		}
		l.add(Warn, 0, "today "+string(o.Method)+": "+words)
	} else {
		l.add(Plain, 0, "today "+string(o.Method)+": "+o.Name())
	}
	vetoes(l, o)
}

func vetoes(l *lines, o method.Option) {
	for _, v := range o.Vetoes {
		l.add(Bad, 1, "does not fit: "+vetoWords(v))
	}
}

func shallUse(l *lines, d fleet.Device) {
	o := d.Advice.Chosen
	if d.Method == "" || d.Method == d.Today() {
		return
	}
	l.add(map[method.State]Mark{method.Free: Good, method.Depends: Unknown, method.Vetoed: Bad}[o.State], 0,
		"shall use "+methodText(o)+map[method.State]string{method.Free: "", method.Depends: ": that depends", method.Vetoed: ": it cannot"}[o.State])
	vetoes(l, o)
	for _, q := range o.Questions {
		l.add(Unknown, 1, q.Text)
	}
	for _, c := range o.Conditions {
		l.add(Muted, 1, "see to it: "+c.Text)
	}
}

// best says what fits the device best, unless it has that.
func best(l *lines, d fleet.Device) {
	a := d.Advice
	switch {
	case a.Recommended != "" && a.Recommended != a.Chosen.Method:
		l.add(Good, 0, "recommended: "+methodText(a.Options[0]))
		for _, r := range grounds(d.Input, a.Options[0]) {
			l.add(Muted, 1, r)
		}
	case len(a.Questions) > 0 && a.Chosen.State != method.Free:
		l.add(Unknown, 0, "what fits it best depends on:")
		for _, text := range questionTexts(a.Questions) {
			l.add(Unknown, 1, text)
		}
		l.add(Note, 0, labelled("can be used meanwhile", string(a.Meanwhile)))
	case a.Recommended == "" && len(a.Questions) == 0:
		l.add(Bad, 0, "nothing fits it as it is")
		for _, t := range a.Tricks {
			l.add(Note, 1, t.Text)
		}
	}
}

// settings are what to type into the device.
func settings(l *lines, d fleet.Device) {
	list := d.Settings()
	if len(list) == 0 {
		return
	}
	l.add(Heading, 0, "Settings for "+string(d.Target().Method))
	for _, s := range list {
		if s.Name == "Other ports" {
			continue
		}
		mark := Plain
		if !s.Value.Established() {
			mark = Unknown
		}
		l.add(mark, 1, s.Name+": "+s.Value.String())
	}
}

// undone is what happens if nothing is done.
func undone(l *lines, d fleet.Device) {
	for i, e := range d.Advice.Events {
		if i == 0 {
			l.add(Heading, 0, "If nothing is done")
		}
		text := e.Text
		if !e.Day.IsZero() {
			text = e.Day.Format(time.DateOnly) + " " + text
		}
		l.add(Plain, 1, text)
	}
}
