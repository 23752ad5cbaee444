package method

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// EventID names something that happens to devices that are left as they are.
type EventID string

// The events.
const (
	EventBasicOff   EventID = "basic-auth-off"
	EventBasicFinal EventID = "basic-auth-final"
	EventHVEBasic   EventID = "hve-basic-auth-end"
	EventHVEHost    EventID = "hve-old-host"
	EventDirectSend EventID = "direct-send-default"
	EventRefused    EventID = "refused-already"
	EventRisk       EventID = "at-risk"
	EventDead       EventID = "method-dead"
)

// Event is what happens to a device if nothing is done.
type Event struct {
	ID    EventID
	Day   time.Time // zero where no date is known
	Days  int       // from the date of the advice to Day, negative if that is over
	Past  bool
	Stops bool // the device's mail stops, or may stop
	Text  string
	Fact  Fact
}

// days says how far a day is: "39 days left", "1 day left", "today", "1 day
// ago".
func days(n int) string {
	unit := " days"
	if n == 1 || n == -1 {
		unit = " day"
	}
	switch {
	case n > 0:
		return strconv.Itoa(n) + unit + " left"
	case n < 0:
		return strconv.Itoa(-n) + unit + " ago"
	}
	return "today"
}

func between(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

// on is an event on a day, seen from a date.
func on(id EventID, date, d time.Time, f Fact, text string) Event {
	n := between(date, d)
	return Event{ID: id, Day: d, Days: n, Past: n < 0, Stops: true, Text: text, Fact: f}
}

// untilBasicOff says when basic authentication goes off by default.
func untilBasicOff(date time.Time) string {
	n := between(date, basicOff)
	if n < 0 {
		return "basic authentication went off by default at the end of December 2026, " + days(n)
	}
	return "basic authentication goes off by default at the end of December 2026, " + days(n)
}

// events returns what happens to the device with the method that it uses today,
// by date; those without a date come last.
func events(in Input, date time.Time) []Event {
	today := in.Device.Today()
	if today == "" {
		return nil
	}
	var list []Event
	kind := today.Kind()
	switch {
	case kind.Dead():
		list = append(list, Event{ID: EventDead, Stops: true, Text: kind.String() + " must go, whatever the date", Fact: Lookup(today, "").Dates[0].What})
	case kind == SMTPAuth && in.Device.Auth != AuthOAuth:
		list = append(list, basicEvents(in, date)...)
	case kind == HVE:
		if in.Device.Auth != AuthOAuth {
			list = append(list, hveBasic(date))
		}
		list = append(list, Event{ID: EventHVEHost, Text: "if it uses smtp-hve.office365.com, change it to smtp.hve.mx.microsoft: " + factHVEHost.Text, Fact: factHVEHost})
	case kind == DirectSend && in.Tenant.RejectDirectSend != True:
		list = append(list, Event{ID: EventDirectSend, Stops: true, Text: "RejectDirectSend may become the default, which would stop it; no date was announced by September 2026", Fact: factDirectSendDefault})
	}
	list = append(list, refused(in, date)...)
	slices.SortStableFunc(list, func(a, b Event) int {
		switch {
		case a.Day.IsZero() && b.Day.IsZero():
			return 0
		case a.Day.IsZero():
			return 1
		case b.Day.IsZero():
			return -1
		}
		return a.Day.Compare(b.Day)
	})
	return list
}

// soft are the vetoes of methods that may go on working for a while, or for
// part of the mail.
var soft = []VetoID{VetoShared, VetoDynamic, VetoPerDay, VetoPerMinute, VetoBulk, VetoTenantLimit, VetoOnMicrosoft, VetoFromVaries}

// refused returns the vetoes of today's method, but those that have an event of
// their own.
func refused(in Input, date time.Time) []Event {
	var list []Event
	for _, v := range Judge(in, in.Device.Today(), AuthUnknown, date).Vetoes {
		switch {
		case v.ID == VetoBasicOff || v.ID == VetoDead:
		case slices.Contains(soft, v.ID):
			list = append(list, Event{ID: EventRisk, Text: "is at risk with its present method: " + v.Reason, Fact: v.Fact})
		default:
			list = append(list, Event{ID: EventRefused, Day: date, Stops: true, Fact: v.Fact,
				Text: "should be refused already, look again at what is known of it if its mail arrives: " + v.Reason})
		}
	}
	return list
}

// basicEvents is the end of basic authentication for client submission.
func basicEvents(in Input, date time.Time) []Event {
	var prefix string
	if in.Device.Auth == AuthUnknown {
		prefix = "if it logs in with a password: "
	}
	list := []Event{on(EventBasicOff, date, basicOff, factBasicOff, prefix+basicOffText(in, date))}
	final := on(EventBasicFinal, date, basicFinal, factBasicFinal, "")
	final.Stops = false
	switch {
	case date.Before(basicFinal):
		final.Text = "Microsoft announces the final removal date in the second half of 2027"
	case date.Before(basicKnown):
		final.Past = false
		final.Text = "Microsoft announces the final removal date in this half of the year: look it up"
	default:
		final.Past = true
		final.Text = fmt.Sprintf("Microsoft was to announce the final removal date in the second half of 2027: look it up, what is known here ends on %s", FactsAsOf)
	}
	return append(list, final)
}

func basicOffText(in Input, date time.Time) string {
	const reply = "it is refused with 535 5.7.139"
	t := in.Tenant
	switch {
	case t.BasicSMTP == False:
		return "basic authentication for client submission is off in the tenant: " + reply
	case t.BasicSMTP != True && t.Created.After(basicOff):
		return "the tenant was made after December 2026, where basic authentication is unavailable by default: " + reply
	case !date.After(basicOff):
		return untilBasicOff(date) + ": from then on " + reply + ", unless an administrator re-enables it"
	case t.BasicSMTP == True:
		return untilBasicOff(date) + "; an administrator has re-enabled it, until the final removal"
	}
	return untilBasicOff(date) + ": " + reply + ", unless an administrator has re-enabled it"
}

func hveBasic(date time.Time) Event {
	last := hveBasicOut.AddDate(0, 0, -1)
	e := on(EventHVEBasic, date, last, factHVEBasic, "")
	switch {
	case e.Past:
		e.Text = "by one source basic authentication for High Volume Email ended in September 2028, " + days(e.Days)
	default:
		e.Text = "by one source basic authentication for High Volume Email ends in September 2028, " + days(e.Days)
	}
	return e
}

// wait returns what has time.
func wait(in Input, a Advice, date time.Time) []Reason {
	today := in.Device.Today()
	if today == "" || a.Today.State == Vetoed {
		return nil
	}
	var list []Reason
	switch kind := today.Kind(); {
	case kind == SMTPAuth && in.Device.Auth == AuthOAuth:
		list = append(list, Reason{"it uses OAuth: the end of basic authentication does not touch it", factBasicNew})
	case kind == SMTPAuth:
		if date.After(basicOff) {
			return nil
		}
		list = append(list, Reason{"only its login is pressed for time: DMARC and the tidying of SPF can wait until it is moved", factBasicOff})
	case kind == HVE && date.Before(hveBasicEnd):
		list = append(list, Reason{"its move to OAuth can wait until 2028", factHVEBasic})
	case kind == DirectSend && a.Today.State == Free:
		list = append(list, Reason{"no date is announced against Direct Send; move it after what ends in December 2026", factDirectSendDefault})
	case a.Today.State == Free:
		list = append(list, Reason{"nothing that is announced ends its method", Lookup(today, "").Dates[0].What})
	}
	return list
}
