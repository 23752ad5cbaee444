package interview

import (
	"slices"
	"strings"

	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
)

// fleet judges all devices of the draft.
func (s State) fleet() fleet.Fleet {
	return fleet.Judge(s.inventory(), s.seen(s.inventory()), s.Date)
}

// seen is what the look tells of where the domains of an inventory take mail.
func (s State) seen(inv *inventory.Inventory) fleet.Seen {
	if s.Found == nil || s.Found.DNS == nil {
		return fleet.Seen{}
	}
	return fleet.Look(s.Found.DNS, inv)
}

// judged judges one device, in the place of the one that the draft has under the
// name old; "" for a new one.
func (s State) judged(old string, d inventory.Device) fleet.Device {
	inv := *s.inventory()
	inv.Devices = around(&inv, old, d)
	return fleet.Judge(&inv, s.seen(&inv), s.Date).Devices[0]
}

// around returns a device and behind it those others that its advice depends on:
// by which methods its site sends, and what mail is handed on by. Of a thousand
// devices the rest would be judged for each key that is pressed.
func around(inv *inventory.Inventory, old string, d inventory.Device) []inventory.Device {
	near := []inventory.Device{d}
	methods := []inventory.Method{"", ""}
	var others []inventory.Device
	for _, o := range inv.Devices {
		switch known := slices.Contains(methods, o.Method) && slices.Contains(methods, o.Today()); {
		case strings.EqualFold(o.Name, old):
		case o.Site != d.Site || known && o.Kind != inventory.LANRelay:
			others = append(others, o)
		default:
			near = append(near, o)
			methods = append(methods, o.Method, o.Today())
		}
	}
	for i := 0; i < len(near); i++ {
		for _, name := range handsTo(inv.Tenant, near[i]) {
			at := slices.IndexFunc(others, func(o inventory.Device) bool { return strings.EqualFold(o.Name, name) })
			if at >= 0 {
				near = append(near, others[at])
				others = slices.Delete(others, at, at+1)
			}
		}
	}
	return near
}

// handsTo returns the devices that a device's mail, or the tenant's, may pass.
func handsTo(t inventory.Tenant, d inventory.Device) []string {
	var names []string
	for _, m := range []inventory.Method{d.Method, d.Now} {
		if family, name := m.Of(); family == inventory.Via {
			names = append(names, name)
		}
	}
	for _, p := range []inventory.Path{t.Inbound, t.Outbound} {
		if family, name := p.Of(); family == inventory.OwnServerFamily {
			names = append(names, name)
		}
	}
	return names
}
