package interview

import (
	"cmp"
	"slices"
	"strings"

	"sendplan/internal/fleet"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/provider"
	"sendplan/internal/words"
)

// The answers that stand for a method which names something: what it is is asked
// next.
const (
	anyRelay  = inventory.Method("relay:")
	anyHoster = inventory.Method("hoster:")
	anyVia    = inventory.Method("via:")
)

// answerOf is how a method of the advice stands in an answer.
func answerOf(id method.ID) inventory.Method {
	if k := id.Kind(); id.Name() == "" && (k == method.Relay || k == method.Hoster || k == method.Via) {
		return inventory.Method(k) + ":"
	}
	return inventory.Method(id)
}

// unnamed reports whether an answer needs another one to be a method.
func unnamed(m inventory.Method) bool { return m == anyRelay || m == anyHoster || m == anyVia }

// methodText names a method in a sentence, with its word in the inventory.
func methodText(o method.Option) string {
	id := string(answerOf(o.Method))
	if unnamed(inventory.Method(id)) {
		return o.Name()
	}
	return o.Name() + " (" + id + ")"
}

// now asks how the device sends today, all that exists and what is dead too.
func (f *deviceForm) now() {
	q := Question{
		ID: "now", Kind: Choice, Text: "How does it hand over its mail today?", Label: "Today",
		Why: "What works today must go on working until the change, and whether it ends, and when, depends on this.",
	}
	for _, m := range todays {
		if m.method != anyVia || len(f.relays()) > 0 {
			q.Options = append(q.Options, Option{Value: string(m.method), Text: m.text, Note: m.note})
		}
	}
	for _, m := range []string{string(f.old.Now), f.given["now"]} {
		q.Options = withMethod(q.Options, m)
	}
	if !hosted(f.device) && f.device.Kind != inventory.Website {
		q.Answer, q.Basis = string(inventory.SMTPAuth), "a guess: what most devices do; change it if this one has no name and password in its settings"
	}
	f.put(q)
	f.device.Now = f.which("now_name", f.device.Now)
}

// todays are the methods that a device may use today, the frequent ones first.
var todays = []struct {
	method     inventory.Method
	text, note string
}{
	{inventory.SMTPAuth, "SMTP AUTH (smtp-auth)", "it logs in with a mailbox of the tenant, at smtp.office365.com in the worldwide cloud"},
	{inventory.DirectSend, "Direct Send (direct-send)", "to the tenant's MX host on port 25, without a login and without a connector"},
	{inventory.ConnectorIP, "a connector with the site's address (connector-ip)", "to the tenant's MX host on port 25; Exchange Online knows the site by its address"},
	{anyVia, "a relay on the LAN (via)", "another device of the inventory hands its mail on"},
	{anyRelay, "a relay service (relay)", "such as SendGrid, SMTP2GO or Amazon SES"},
	{anyHoster, "a hoster's SMTP server (hoster)", "with a mailbox there"},
	{inventory.OwnServer, "own mail server that delivers itself (own-server)", "to the recipients' MX hosts"},
	{inventory.HVE, "High Volume Email (hve)", "it logs in at smtp.hve.mx.microsoft"},
	{inventory.Graph, "Microsoft Graph (graph)", "a web API"},
	{inventory.ACS, "Azure Communication Services (acs)", ""},
	{inventory.ConnectorCert, "a connector with a certificate (connector-cert)", ""},
	{inventory.PopBeforeSMTP, "SMTP after POP (pop-before-smtp)", "it must go"},
	{inventory.OpenRelay, "an open relay (open-relay)", "it must go"},
	{"", "not known, or it does not send yet", "no method is proposed then: the one that is chosen counts as that of today too"},
}

// withMethod adds a method that is there already to options that lack it.
func withMethod(options []Option, m string) []Option {
	if _, err := inventory.ParseMethod(m); err != nil || hasOption(options, m) {
		return options
	}
	return slices.Insert(options, 0, Option{Value: m, Text: method.Option{Method: method.ID(m)}.Name() + " (" + m + ")"})
}

func hasOption(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}

// which asks what a method names, if it is to name something. What is not said
// leaves the method unknown.
func (f *deviceForm) which(id ID, m inventory.Method) inventory.Method {
	if !unnamed(m) {
		return m
	}
	q := Question{ID: id, Kind: Choice}
	switch m {
	case anyVia:
		q.Text, q.Label, q.Why = "Which device hands it on?", "By", "Its own method decides what the mail looks like to receivers."
		for _, d := range f.relays() {
			q.Options = append(q.Options, Option{Value: d.Name, Text: d.Name, Note: kindText(d.Kind)})
		}
	case anyRelay:
		q.Text, q.Label, q.Why = "Which relay service?", "Service", "What SPF and DKIM need is in the catalogue of providers."
		q.Options = f.state.services(inventory.Relay)
	case anyHoster:
		q.Text, q.Label, q.Why = "Which hoster?", "Hoster", "What SPF and DKIM need is in the catalogue of providers."
		q.Options = f.state.services(inventory.Hoster)
	}
	q.Options = append(q.Options, Option{Text: "none of these, or not known"})
	if f.single(m) {
		q.Answer, q.Basis = q.Options[0].Value, "the only one: "+q.Options[0].Note
	}
	name := f.ask(q)
	f.note(q.refused(name))
	if name == "" {
		return ""
	}
	return m + inventory.Method(name)
}

// relays are the devices that may hand on mail for others: relays, then servers.
func (f *deviceForm) relays() []inventory.Device {
	var list []inventory.Device
	for _, d := range f.state.inventory().Devices {
		if (d.Kind == inventory.LANRelay || d.Kind == inventory.Server) && d.Name != f.old.Name {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b inventory.Device) int { return cmp.Compare(rankOf(a), rankOf(b)) })
	return list
}

func rankOf(d inventory.Device) int {
	if d.Kind == inventory.LANRelay {
		return 0
	}
	return 1
}

// services are the entries of the catalogue that can stand behind a family: first
// those that the DNS names, marked with the record.
func (s State) services(family inventory.Family) []Option {
	var seen, rest []Option
	for _, id := range intake.Catalogue(family) {
		e, _ := provider.ByID(provider.ID(id))
		o := Option{Value: id, Text: e.ShortName()}
		if why := s.seenAs(inventory.Method(string(family) + ":" + id)); why != "" {
			o.Note, o.Recommended = why, true
			seen = append(seen, o)
			continue
		}
		rest = append(rest, o)
	}
	slices.SortStableFunc(rest, func(a, b Option) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	return append(seen, rest...)
}

// seenAs returns the records that name the service of a method.
func (s State) seenAs(m inventory.Method) string {
	for _, v := range s.hints() {
		if v.Method == m {
			return "seen in " + v.Why
		}
	}
	return ""
}

// method asks what the device shall use.
func (f *deviceForm) method() {
	m := methods{form: f, device: f.judged()}
	q := Question{
		ID: "method", Kind: Choice, Text: "By which method shall it send?", Label: "Method",
		Why:     "The plan makes this work. What fits the device best is first; what has something against it says so.",
		Options: m.options(),
	}
	q.Answer, q.Basis = m.proposed()
	if asks := m.device.Advice.Questions; len(asks) > 0 {
		q.Why += " What is best depends on: " + strings.Join(questionTexts(asks), " ")
	}
	f.put(q)
	chosen := f.device.Method
	if !unnamed(chosen) {
		return
	}
	if f.device.Method = f.which("method_name", chosen); f.device.Method == "" {
		f.note(&Mistake{ID: "method_name", Message: "it is not said which one", Fix: "take one of the list, or leave the method undecided"})
		return
	}
	if o := m.option(f.judged().Advice.Chosen); len(o.Against) > 0 {
		f.note(Question{ID: "method_name", Options: []Option{o}}.refused(o.Value))
	}
}

// methods are the methods for one device.
type methods struct {
	form   *deviceForm
	device fleet.Device // judged with the method that the draft has
}

// options are all methods: those that no veto is against, the best first, then
// that none is decided, then the others.
func (m methods) options() []Option {
	var fit, against []Option
	for _, o := range m.device.Advice.Options {
		switch value := string(answerOf(o.Method)); {
		case hasOption(fit, value) || hasOption(against, value): // SMTP AUTH is there once for each login
		case o.Method.Kind().Dead() && o.Method != m.device.Advice.Today.Method:
		default:
			if option := m.option(o); o.State == method.Vetoed {
				against = append(against, option)
			} else {
				fit = append(fit, option)
			}
		}
	}
	if other := inventory.Method(m.form.given["method"]); !unnamed(other) && !hasOption(fit, string(other)) && !hasOption(against, string(other)) {
		against = append(against, m.other(other)...)
	}
	return slices.Concat(fit, []Option{{Text: "not decided yet"}}, against)
}

// other is the option for a method that the advice does not list, because it names
// something that nobody uses yet.
func (m methods) other(id inventory.Method) []Option {
	if _, err := inventory.ParseMethod(string(id)); err != nil {
		return nil
	}
	d := m.form.device
	d.Method = id
	return []Option{m.option(m.form.state.judged(m.form.old.Name, d).Advice.Chosen)}
}

func (m methods) option(o method.Option) Option {
	a := m.device.Advice
	option := Option{Value: string(answerOf(o.Method)), Text: methodText(o), Recommended: o.Method == a.Recommended}
	for _, v := range o.Vetoes {
		option.Against = append(option.Against, vetoWords(v))
	}
	if o.State != method.Vetoed {
		option.Note = noteWords(m.device.Input, o, m.form.state.Date)
		if o.Method == a.Meanwhile {
			option.Note = "can be used meanwhile: " + option.Note
		}
		if m.lacking(o) {
			option.Against = []string{"the inventory has no relay yet: add it as a device of that kind first"}
		}
	}
	if len(option.Against) > 0 {
		option.Instead = m.instead(o.Method)
	}
	return option
}

// lacking reports whether a relay on the LAN is meant where there is none.
func (m methods) lacking(o method.Option) bool {
	return answerOf(o.Method) == anyVia && len(m.form.relays()) == 0
}

// instead is what to take in the place of a method that cannot be taken.
func (m methods) instead(of method.ID) string {
	for _, o := range m.device.Advice.Options {
		if o.State != method.Vetoed && o.Method != of && !m.lacking(o) {
			return methodText(o)
		}
	}
	return ""
}

// proposed is the recommended method, if it says all that the inventory must know.
func (m methods) proposed() (answer, basis string) {
	a := m.device.Advice
	switch best := answerOf(a.Recommended); {
	case a.Recommended == "" && len(a.Questions) > 0:
		return "", words.Plural(len(a.Questions), "question") + " to answer first: " + named(questionTexts(a.Questions))
	case a.Recommended == "":
		return "", "nothing fits it as it is"
	case m.form.device.Now == "":
		return "", "how it sends today is not known: a method that is chosen counts as that of today too, so that the plan has nothing to switch"
	case unnamed(best) && !m.form.single(best):
		return "", "recommended is " + methodText(a.Options[0]) + ": take it to say which"
	default:
		return string(best), "recommended: " + reasonWords(m.device.Input, a.Options[0])
	}
}

// single reports whether only one thing can stand behind an unnamed method.
func (f *deviceForm) single(m inventory.Method) bool {
	if m == anyVia {
		list := f.relays()
		return len(list) > 0 && list[0].Kind == inventory.LANRelay && (len(list) == 1 || list[1].Kind != inventory.LANRelay)
	}
	family, _ := m.Of()
	seen := f.state.services(family)
	return len(seen) > 1 && seen[0].Recommended && !seen[1].Recommended
}
