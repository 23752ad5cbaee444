package method

import (
	"slices"
	"time"
)

// Advice is what is best for one device.
type Advice struct {
	// Options are all methods: those that no veto is against, the best first,
	// then the vetoed ones.
	Options []Option

	// Recommended is the first of Options if nothing that is not known could put
	// another one there;
	// else it is empty, Questions decide, and Meanwhile is the best method about
	// which nothing must be asked. All of these are empty if nothing fits the
	// device as it is.
	Recommended ID
	Auth        Auth // of Recommended, where it has a choice
	Meanwhile   ID
	Questions   []Question

	Today  Option // the method that the device uses now; its Method is empty if that is not known
	Chosen Option // the method that it shall use; likewise
	Tricks []Trick
	Events []Event // what happens if nothing is done, by date
	Wait   []Reason
}

// Right reports whether the device's chosen method fits it: False if a veto is
// against it, Unknown if it depends on something or nothing is chosen.
func (a Advice) Right() Truth {
	switch a.Chosen.State {
	case Free:
		return True
	case Vetoed:
		return False
	}
	return Unknown
}

// Deadline returns the first event that stops the device's mail and is not
// over, or the last one that is.
func (a Advice) Deadline() (Event, bool) {
	var last Event
	found := false
	for _, e := range a.Events {
		if !e.Stops {
			continue
		}
		if !e.Past {
			return e, true
		}
		last, found = e, true
	}
	return last, found
}

// Advise judges every method for a device, as things stand on a date.
func Advise(in Input, date time.Time) Advice {
	date = day(date.Year(), date.Month(), date.Day())
	a := Advice{Options: ordered(in, date)}
	a.recommend(in, date)
	if id := in.Device.Today(); id != "" {
		a.Today = Judge(in, id, AuthUnknown, date)
	}
	if id := in.Device.Method; id != "" {
		a.Chosen = Judge(in, id, AuthUnknown, date)
	}
	a.Tricks = tricks(in, a)
	a.Events = events(in, date)
	a.Wait = wait(in, a, date)
	return a
}

// ordered judges all methods and puts them in order.
func ordered(in Input, date time.Time) []Option {
	options := candidates(in)
	for i, c := range options {
		options[i] = Judge(in, c.Method, c.Auth, date)
	}
	slices.SortStableFunc(options, func(x, y Option) int {
		switch vx, vy := x.State == Vetoed, y.State == Vetoed; {
		case vx && vy:
			return 0
		case vx:
			return 1
		case vy:
			return -1
		}
		return x.rank.compare(y.rank)
	})
	return options
}

// recommend takes the first option, unless something that is not known of the
// device could put another one there.
func (a *Advice) recommend(in Input, date time.Time) {
	first := a.Options[0]
	if first.State == Vetoed || first.rank.fit == elsewhere {
		return
	}
	a.Questions = append(a.Questions, first.Questions...)
	for _, g := range gaps {
		if g.open(in) && g.decides(in, first, date) && !slices.ContainsFunc(a.Questions, func(q Question) bool { return q.Field == g.ask.Field }) {
			a.Questions = append(a.Questions, g.ask)
		}
	}
	if len(a.Questions) == 0 {
		a.Recommended, a.Auth = first.Method, first.Auth
		return
	}
	if i := slices.IndexFunc(a.Options, func(o Option) bool { return o.State == Free && o.rank.fit != elsewhere }); i >= 0 {
		a.Meanwhile = a.Options[i].Method
	}
}
