package interview

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/fleet"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
)

func (s State) deviceQuestions(name string, given Answers) []Question {
	return s.deviceForm(name, given).questions
}

func (s State) putDevice(name string, given Answers) (State, error) {
	f := s.deviceForm(name, given)
	if name != "" && !f.known {
		return s, noDevice(name)
	}
	if f.fault != nil {
		return s, f.fault
	}
	return s.edited(func(file *inventory.File) error {
		if f.known {
			return changeDevice(file, &f.old, &f.device)
		}
		return file.AddDevices(f.device)
	})
}

func noDevice(name string) error {
	return &Mistake{Message: fmt.Sprintf("there is no device %q", name), Fix: "take one of the table"}
}

// AddDevices takes devices that were read from elsewhere, in their order, as far as
// they can be taken, and returns how many that were. The error, a *[Mistake], is why
// the next one cannot be. To put hundreds one by one would take a minute.
func (s State) AddDevices(list []Offered) (taken State, n int, err error) {
	var devices []inventory.Device
	for _, o := range list {
		f := s.deviceForm("", o.Answers)
		if err = f.fault; err != nil {
			break
		}
		devices = append(devices, f.device)
	}
	all, refused := s.edited(func(file *inventory.File) error { return file.AddDevices(devices...) })
	if refused == nil {
		return all, len(devices), err
	}
	for n = range devices { // two of them have one name
		next, err := s.putDevice("", list[n].Answers)
		if err != nil {
			return s, n, err
		}
		s = next
	}
	return s, len(devices), err
}

func (s State) copyDevice(name string) Answers {
	d, ok := s.inventory().Device(name)
	if !ok {
		return nil
	}
	answers := DeviceAnswers(d)
	delete(answers, "name")
	delete(answers, "login") // of the mailbox, of which each device has its own
	return answers
}

func (s State) deleteDevice(name string) (State, error) {
	d, ok := s.inventory().Device(name)
	if !ok {
		return s, noDevice(name)
	}
	if by := uses(s.inventory(), d.Name); by != "" {
		return s, &Mistake{Message: fmt.Sprintf("%q cannot be deleted: %s", d.Name, by), Fix: "let them use something else first"}
	}
	return s.edited(func(f *inventory.File) error { return f.Delete(inventory.DeviceAt(d.Name)) })
}

// uses says what names a device: methods with "via:mx1", and paths with
// "own-server:mx1"; "" if nothing does.
func uses(inv *inventory.Inventory, name string) string {
	var devices, rest []string
	for _, d := range inv.Devices {
		for _, m := range []inventory.Method{d.Now, d.Method} {
			family, to := m.Of()
			if who := fmt.Sprintf("%q", d.Name); family == inventory.Via && strings.EqualFold(to, name) && !slices.Contains(devices, who) {
				devices = append(devices, who)
			}
		}
	}
	switch len(devices) {
	case 0:
	case 1:
		rest = append(rest, devices[0]+" hands its mail to it")
	default:
		rest = append(rest, named(devices)+" hand their mail to it")
	}
	if family, to := inv.Tenant.Inbound.Of(); family == inventory.OwnServerFamily && strings.EqualFold(to, name) {
		rest = append(rest, "the tenant's mail comes in by it")
	}
	if family, to := inv.Tenant.Outbound.Of(); family == inventory.OwnServerFamily && strings.EqualFold(to, name) {
		rest = append(rest, "the tenant's mail goes out by it")
	}
	return both(rest)
}

func (s State) deviceTable() Table {
	t := Table{
		// Where they do not all fit, the last go: the methods are what it is about.
		Columns: []string{"Device", "Today", "Method", "Site", "From", "Stands"},
		Empty:   "No device yet: add what sends mail (printers, scanners, a UPS, a NAS, an ERP system), or paste a list of them.",
	}
	for _, d := range s.fleet().Devices {
		t.Rows = append(t.Rows, deviceRow(d))
	}
	for _, v := range s.hints() {
		if !s.lists(v.SeenService) && !v.passes() {
			t.Rows = append(t.Rows, v.row(s))
		}
	}
	return t
}

func deviceRow(d fleet.Device) Row {
	text, mark := stands(d)
	return Row{
		About: Subject{OfDevice, d.Name}, Mark: mark, More: deviceLines(d),
		Cells: []string{d.Name, orNotKnown(string(d.Today())), methodWords(d), orNotKnown(siteWords(d)), orNotKnown(fromAnswer(&d.Device)), text},
	}
}

func orNotKnown(text string) string {
	if text == "" {
		return "not known"
	}
	return text
}

// siteWords is where a device stands; what somebody else hosts stands nowhere.
func siteWords(d fleet.Device) string {
	if hosted(d.Device) && d.Site == "" {
		return "hosted"
	}
	return d.Site
}

func methodWords(d fleet.Device) string {
	if d.Method == "" {
		return "not decided"
	}
	return string(d.Method)
}

// hint is a sender that records name, and the domains whose records these are.
type hint struct {
	inventory.SeenService
	from []string
}

// hints are the senders that the DNS hints at, each once.
func (s State) hints() []hint {
	if s.Found == nil {
		return nil
	}
	var list []hint
	for _, r := range s.Found.Reports {
		from := inventory.AnyLocal + "@" + r.Domain.Name.Unicode()
		for _, v := range intake.Domain(r.Domain).Services {
			if i := slices.IndexFunc(list, func(h hint) bool { return h.Name == v.Name }); i >= 0 {
				list[i].from = append(list[i].from, from)
				continue
			}
			list = append(list, hint{v, []string{from}})
		}
	}
	return list
}

// passes reports whether the service only hands on mail of the tenant: then it is
// no sender, and the outbound path asks for it.
func (h hint) passes() bool {
	return h.Method == "" && slices.Contains(intake.Catalogue(inventory.Gateway), h.Name)
}

// lists reports whether the draft has a service already.
func (s State) lists(v inventory.SeenService) bool {
	return slices.ContainsFunc(s.inventory().Devices, func(d inventory.Device) bool {
		return strings.EqualFold(d.Name, v.Name) || v.Method != "" && (d.Now == v.Method || d.Method == v.Method)
	})
}

// row is a hint as a row that can be taken into the inventory.
func (h hint) row(s State) Row {
	name, err := parseName("name", h.Name, nil)
	if err != nil {
		name = "service"
	}
	var others []string
	for _, d := range s.inventory().Devices {
		others = append(others, d.Name)
	}
	name = freeName(name, others)
	from := strings.Join(h.from, ", ")
	answers := Answers{"name": name, "kind": string(inventory.Service), "now": string(h.Method), "from": from}
	var more lines
	more.add(Note, 0, h.Title+", seen in "+h.Why)
	more.add(Muted, 0, "A record shows who may send, not who does: take it in if it still sends.")
	return Row{
		About: Subject{Of: OfDevice}, Suggested: true, Mark: Note, Answers: answers, More: more.more(),
		Cells: []string{name, orNotKnown(string(h.Method)), "", "hosted", from, "seen in " + bounded(h.Why, maxTitle)},
	}
}
