package interview

import (
	"cmp"
	"slices"
	"strings"

	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// openAnswer is something that the advice about devices depends on, and that can be
// answered here.
type openAnswer struct {
	about    Subject
	field    ID // of the subject
	question Question
	facts    []string // why it matters
	devices  []string // for which
}

func (o openAnswer) id() ID {
	if o.about.Name == "" {
		return ID(string(o.about.Of) + "." + string(o.field))
	}
	return ID(string(o.about.Of) + "." + o.about.Name + "." + string(o.field))
}

func (s State) openQuestions(given Answers) []Question {
	f := form{given: given}
	for _, o := range s.open() {
		o.question.ID = o.id()
		o.question.Why = "Asked because of " + named(o.devices) + ": " + strings.Join(o.facts, "; ") + ". " + o.question.Why
		if o.about.Name != "" {
			o.question.Text = o.about.Name + ": " + o.question.Text
			o.question.Label = o.about.Name + ": " + o.question.Label
		}
		f.ask(o.question)
	}
	return f.questions
}

// putOpen takes those of the questions that were answered; the others stay open.
func (s State) putOpen(given Answers) (State, error) {
	next := s
	for _, o := range s.open() {
		answer := strings.TrimSpace(given[o.id()])
		if answer == "" {
			continue
		}
		var err error
		if next, err = next.answered(o, answer); err != nil {
			m := *mistake(err).(*Mistake)
			m.ID = o.id()
			return s, &m
		}
	}
	return next, nil
}

// answered takes the answer to one of what is open.
func (s State) answered(o openAnswer, answer string) (State, error) {
	if o.question.Kind == Choice {
		if err := o.question.refused(answer); err != nil {
			return s, err
		}
	}
	switch o.about.Of {
	case OfSite:
		return s.putSite(o.about.Name, Answers{o.field: answer})
	case OfDevice:
		d, _ := s.inventory().Device(o.about.Name)
		return s.putDevice(o.about.Name, Answers{o.field: answer, "method": string(d.Method)})
	}
	value := inventory.Text(answer)
	if o.field == "licences" {
		n, err := parseCount(o.field, answer)
		if err != nil {
			return s, err
		}
		value = inventory.Number(n)
	} else if o.field != "cloud" {
		value = inventory.Bool(inventory.Truth(answer))
	}
	return s.edited(func(f *inventory.File) error { return f.Set(inventory.TenantAt().Key(string(o.field)), value) })
}

// open is what is open for all devices, each once: of the tenant, of sites, of
// devices.
func (s State) open() []openAnswer {
	var list []openAnswer
	for _, d := range s.fleet().Devices {
		for _, q := range asks(d) {
			if o, ok := s.answerable(d, q); ok {
				list = o.into(list, d.Name, q)
			}
		}
	}
	order := []Of{OfTenant, OfSite, OfDevice}
	slices.SortStableFunc(list, func(a, b openAnswer) int {
		return cmp.Compare(slices.Index(order, a.about.Of), slices.Index(order, b.about.Of))
	})
	return list
}

// asks are the questions that a device's method depends on: the one that it shall
// use, or else the best.
func asks(d fleet.Device) []method.Question {
	if d.Method != "" {
		return d.Advice.Chosen.Questions
	}
	return d.Advice.Questions
}

// into adds what is open to a list, or one more reason to what is there.
func (o openAnswer) into(list []openAnswer, device string, q method.Question) []openAnswer {
	i := slices.IndexFunc(list, func(have openAnswer) bool { return have.id() == o.id() })
	if i < 0 {
		list, i = append(list, o), len(list)
	}
	if !slices.Contains(list[i].devices, device) {
		list[i].devices = append(list[i].devices, device)
	}
	if why := q.Fact.String(); !slices.Contains(list[i].facts, why) {
		list[i].facts = append(list[i].facts, why)
	}
	return list
}

// answerable returns how a question about a device is asked here, if it is.
func (s State) answerable(d fleet.Device, q method.Question) (openAnswer, bool) {
	about := s.asked(d, q.Text)
	of, field, _ := strings.Cut(q.Field, ".")
	o := openAnswer{about: Subject{Of: Of(of)}, field: ID(field)}
	var among []Question
	switch {
	case o.about.Of == OfTenant:
		among = s.openTenant()
	case o.about.Of == OfSite && about.Site != "":
		o.about.Name, among = about.Site, s.siteQuestions(about.Site, nil)
	case o.about.Of == OfSite:
		o.about, o.field = Subject{OfDevice, about.Name}, "site"
		among = s.deviceQuestions(about.Name, nil)
	case o.about.Of == OfDevice:
		o.about.Name = about.Name
		among = []Question{recipientsQuestion(), authQuestion(), tlsQuestion(), httpsQuestion(), perDayQuestion(), certificateQuestion()}
	}
	i := slices.IndexFunc(among, func(q Question) bool { return q.ID == o.field })
	if i < 0 {
		return o, false
	}
	o.question = among[i]
	return o, true
}

// asked is the device that a question is about: the relay that hands on, where the
// text names one.
func (s State) asked(d fleet.Device, text string) inventory.Device {
	about := d.Device
	for {
		rest, ok := strings.CutPrefix(text, "of ")
		name, rest, cut := strings.Cut(rest, ", which hands on by ")
		relay, known := s.inventory().Device(name)
		if !ok || !cut || !known {
			return about
		}
		about = relay
		_, text, _ = strings.Cut(rest, ": ")
	}
}

func certificateQuestion() Question {
	return Question{
		ID: "certificate", Kind: Choice, Text: "Can it present a client certificate for a domain of yours?", Label: "Certificate",
		Why:     "A connector can know a device by its certificate, wherever it stands.",
		Options: truths("its settings take a certificate with its key for outgoing mail", "as most devices", "then the connector with a certificate stays open"),
	}
}

// openTenant are the questions about the tenant that can be answered here.
func (s State) openTenant() []Question {
	list := []Question{
		cloudQuestion(s.inventory().Tenant, inventory.Seen{}),
		{
			ID: "basic_smtp", Kind: Choice, Text: "Does the tenant take passwords for SMTP AUTH?", Label: "Passwords for SMTP AUTH",
			Why:     "Microsoft switches them off by default at the end of December 2026; administrators can switch them on again, until the final removal.",
			Options: truths("it was switched on again, or is still on", "devices that log in with a password get 535 5.7.139", "then methods with a password stay open"),
		},
		{
			ID: "licences", Kind: Text, Text: "How many mailbox licences has the tenant?", Label: "Licences", Example: "40",
			Why: "How many external recipients a day the tenant may have follows from them.",
		},
	}
	for _, q := range s.tenantQuestions(nil) {
		if q.ID == "reject_direct_send" {
			list = append(list, q)
		}
	}
	return list
}
