// Package fleet judges the devices of an inventory: how each hands over its
// mail, what fits it best, and what happens if nothing is done.
package fleet

import (
	"strings"
	"time"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// Fleet is the devices of an inventory, judged as of a day.
type Fleet struct {
	Date    time.Time
	Tenant  inventory.Tenant
	Devices []Device // in the order of the inventory
}

// Device is one device with what is said of it.
type Device struct {
	inventory.Device
	Input  method.Input // what the advice rests on
	Advice method.Advice
}

// Judge judges each device. It is pure: what the DNS tells is in seen.
func Judge(inv *inventory.Inventory, seen Seen, date time.Time) Fleet {
	f := Fleet{Date: date, Tenant: inv.Tenant, Devices: make([]Device, len(inv.Devices))}
	for i, in := range inputs(inv, seen) {
		f.Devices[i] = Device{Device: inv.Devices[i], Input: in, Advice: method.Advise(in, date)}
	}
	return f
}

// Find returns the devices with a name, compared without case: one or none.
func (f Fleet) Find(name string) (Device, bool) {
	for _, d := range f.Devices {
		if strings.EqualFold(d.Name, name) {
			return d, true
		}
	}
	return Device{}, false
}

// Judged returns the method that the device shall use, judged, or that of today
// where the inventory names no other. Without either its Method is empty.
func (d Device) Judged() method.Option {
	if d.Advice.Chosen.Method != "" {
		return d.Advice.Chosen
	}
	return d.Advice.Today
}

// Fits reports whether no veto is against the method of [Device.Judged]. Whether
// receivers then accept the mail is another question.
func (d Device) Fits() method.Truth {
	switch d.Judged().State {
	case method.Free:
		return method.True
	case method.Vetoed:
		return method.False
	}
	return method.Unknown
}

// Until returns the day on which the method of [Device.Judged] ends if nothing
// is done; zero where none is known to come.
func (d Device) Until() time.Time {
	if d.Judged().Method != d.Advice.Today.Method {
		return time.Time{} // events are about the method of today
	}
	e, ok := d.Advice.Deadline()
	if !ok || e.Past || e.ID == method.EventRefused {
		return time.Time{}
	}
	return e.Day
}

// Target returns the method to set up: what the inventory says if it fits, else
// what is recommended or, while questions are open, can do meanwhile.
func (d Device) Target() method.Option {
	if d.Advice.Chosen.Method != "" && d.Advice.Chosen.State != method.Vetoed {
		return d.Advice.Chosen
	}
	for _, want := range []method.ID{d.Advice.Recommended, d.Advice.Meanwhile} {
		for _, o := range d.Advice.Options {
			if want != "" && o.Method == want && o.State == method.Free {
				return o
			}
		}
	}
	return method.Option{}
}

// Settings returns what to type into the device for [Device.Target].
func (d Device) Settings() []method.Setting {
	if target := d.Target(); target.Method != "" {
		return method.Settings(d.Input, target.Method, target.Auth)
	}
	return nil
}

// Route returns the hops of the device's mail by [Device.Target].
func (d Device) Route() []method.Hop {
	if target := d.Target(); target.Method != "" {
		return method.Route(d.Input, target.Method)
	}
	return nil
}
