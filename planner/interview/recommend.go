package interview

import (
	"fmt"
	"strings"

	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
)

// Recommend writes the recommended method of a device, or with "" of every
// device for which none is decided, into the draft. Its error is a *[Mistake]: a
// recommendation is lacking, or says too little to be written.
func (s State) Recommend(device string) (State, error) {
	all := s.fleet()
	if device == "" {
		return s.recommendAll(all)
	}
	d, ok := all.Find(device)
	if !ok {
		return s, noDevice(device)
	}
	if m := s.unrecommended(d); m != nil {
		return s, m
	}
	return s.recommended([]fleet.Device{d})
}

func (s State) recommendAll(all fleet.Fleet) (State, error) {
	var ready []fleet.Device
	var first *Mistake
	var open []string
	for _, d := range all.Devices {
		if d.Method != "" {
			continue
		}
		if m := s.unrecommended(d); m == nil {
			ready = append(ready, d)
		} else {
			first, open = m, append(open, fmt.Sprintf("%q", d.Name))
		}
	}
	switch {
	case len(ready) > 0:
		return s.recommended(ready)
	case len(open) == 1:
		return s, first
	case len(open) > 1:
		return s, &Mistake{Message: "nothing can be recommended yet for " + named(open), Fix: "answer what is open about them"}
	}
	return s, &Mistake{Message: "there is no device whose method is not decided"}
}

// unrecommended says why the recommended method of a device cannot be written; nil
// if it can.
func (s State) unrecommended(d fleet.Device) *Mistake {
	a := d.Advice
	f := deviceForm{state: s, old: d.Device, known: true}
	switch best := answerOf(a.Recommended); {
	case a.Recommended == "" && len(a.Questions) > 0:
		return &Mistake{Message: fmt.Sprintf("what fits %q best is open: %s", d.Name, strings.Join(questionTexts(a.Questions), " ")), Fix: "answer what is open"}
	case a.Recommended == "":
		return &Mistake{Message: fmt.Sprintf("nothing fits %q as it is", d.Name), Fix: "look at what is against each method, and change what can be changed"}
	case best == anyVia && len(f.relays()) == 0:
		return &Mistake{Message: fmt.Sprintf("a relay on the LAN fits %q best, and the inventory has none", d.Name), Fix: "add it as a device of that kind, then choose it"}
	case unnamed(best) && !f.single(best):
		return &Mistake{Message: fmt.Sprintf("%s fits %q best, and it is not said which", a.Options[0].Name(), d.Name), Fix: "edit the device to choose it"}
	}
	return nil
}

// recommended writes the methods that are recommended for devices.
func (s State) recommended(list []fleet.Device) (State, error) {
	return s.edited(func(f *inventory.File) error {
		for _, d := range list {
			form := deviceForm{state: s, old: d.Device, known: true}
			next := d.Device
			next.Method = form.which("method_name", answerOf(d.Advice.Recommended))
			if err := changeDevice(f, &d.Device, &next); err != nil {
				return err
			}
		}
		return nil
	})
}
