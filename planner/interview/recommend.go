package interview

import (
	"fmt"

	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/words"
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
		return &Mistake{Message: fmt.Sprintf("what fits %q best is open: %s", d.Name, openWords(questionTexts(a.Questions))), Fix: "answer what is open"}
	case a.Recommended == "":
		return &Mistake{Message: fmt.Sprintf("nothing fits %q as it is", d.Name), Fix: "look at what is against each method, and change what can be changed"}
	case d.Today() == "":
		return &Mistake{Message: fmt.Sprintf("how %q sends today is not known: the recommended method would count as that of today too", d.Name), Fix: "edit the device and say how it sends today, or choose the method there"}
	case best == anyVia && len(f.relays()) == 0:
		return &Mistake{Message: fmt.Sprintf("a relay on the LAN fits %q best, and the inventory has none", d.Name), Fix: "add it as a device of that kind, then choose it"}
	case unnamed(best) && !f.single(best):
		return &Mistake{Message: fmt.Sprintf("%s fits %q best, and it is not said which", a.Options[0].Name(), d.Name), Fix: "edit the device to choose it"}
	}
	return nil
}

// openWords name a question, or how many there are: a notice has two lines.
func openWords(questions []string) string {
	if len(questions) == 1 {
		return questions[0]
	}
	return words.Plural(len(questions), "question")
}

// recommended writes the methods that are recommended for devices.
func (s State) recommended(list []fleet.Device) (State, error) {
	var methods []inventory.Setting
	for _, d := range list {
		form := deviceForm{state: s, old: d.Device, known: true}
		method := form.which("method_name", answerOf(d.Advice.Recommended))
		methods = append(methods, inventory.Setting{At: inventory.DeviceAt(d.Name).Key("method"), Value: inventory.Text(string(method))})
	}
	return s.edited(func(f *inventory.File) error { return f.SetEach(methods...) })
}
