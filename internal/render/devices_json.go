package render

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/words"
)

// devicesDoc is the result of "sendplan devices".
type devicesDoc struct {
	devicesJSON
	fleet fleet.Fleet
}

// devicesJSON is its form for programs.
type devicesJSON struct {
	Schema  int          `json:"schema"`
	Date    string       `json:"date"`
	Tenant  tenantJSON   `json:"tenant"`
	Devices []deviceJSON `json:"devices"`
	Sources []sourceJSON `json:"sources"` // of the facts above
}

// tenantJSON is what the inventory says of the tenant; "unknown" where it does
// not.
type tenantJSON struct {
	InitialDomain    string `json:"initial_domain"`
	Cloud            string `json:"cloud"`
	Inbound          string `json:"inbound"`
	Outbound         string `json:"outbound"`
	RejectDirectSend any    `json:"reject_direct_send"`
	SMTPAuth         any    `json:"smtp_auth"`
}

type deviceJSON struct {
	Name        string         `json:"name"`
	Kind        string         `json:"kind"`
	Site        string         `json:"site"`
	Method      string         `json:"method"`      // what it shall use, "" if the inventory does not say
	Now         string         `json:"now"`         // what it uses today, "" if that is not known
	Recommended string         `json:"recommended"` // "" while questions are open
	Meanwhile   string         `json:"meanwhile"`   // the best about which nothing must be asked
	Fits        any            `json:"fits"`        // true, false or "unknown": is a veto against method, or against now where there is no method
	Until       string         `json:"until"`       // the day until which it fits, "" if none is known
	Right       any            `json:"right"`       // false, or "unknown": whether receivers accept the mail is not judged here
	Vetoes      []vetoJSON     `json:"vetoes"`      // of the method that fits is about
	Questions   []questionJSON `json:"questions"`   // what must be known to recommend
	Ranking     []optionJSON   `json:"ranking"`
	Deadline    *eventJSON     `json:"deadline"`
	Events      []eventJSON    `json:"events"`
	CanWait     []reasonJSON   `json:"can_wait"`
	Tricks      []trickJSON    `json:"tricks"`
	Target      string         `json:"target"` // the method that settings and hops are for
	Settings    []settingJSON  `json:"settings"`
	Hops        []deviceHop    `json:"hops"`
	Review      string         `json:"review"`
}

type vetoJSON struct {
	ID     string    `json:"id"`
	Reason string    `json:"reason"`
	Fact   *factJSON `json:"fact"`
}

// factJSON is a value with where it comes from. A value that no source
// establishes has neither source nor grade.
type factJSON struct {
	Text        string `json:"text"`
	Established bool   `json:"established"`
	Source      string `json:"source"`
	Grade       string `json:"grade"`
	AsOf        string `json:"as_of"`
}

type questionJSON struct {
	Field string    `json:"field"`
	Text  string    `json:"text"`
	Fact  *factJSON `json:"fact"`
}

type reasonJSON struct {
	Text string    `json:"text"`
	Fact *factJSON `json:"fact"`
}

type optionJSON struct {
	Method     string         `json:"method"`
	Auth       string         `json:"auth"`
	State      string         `json:"state"` // free, depends or vetoed
	Vetoes     []vetoJSON     `json:"vetoes"`
	Questions  []questionJSON `json:"questions"`
	Conditions []reasonJSON   `json:"conditions"`
	Reasons    []reasonJSON   `json:"reasons"`
}

type eventJSON struct {
	ID    string    `json:"id"`
	Date  string    `json:"date"` // "" where none is known
	Days  int       `json:"days"` // until then, negative if it is over
	Past  bool      `json:"past"`
	Stops bool      `json:"stops"`
	Text  string    `json:"text"`
	Fact  *factJSON `json:"fact"`
}

type trickJSON struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	Fact *factJSON `json:"fact"`
}

type settingJSON struct {
	Name  string    `json:"name"`
	Value *factJSON `json:"value"`
}

type deviceHop struct {
	From      string    `json:"from"`
	To        string    `json:"to"`
	Judged    any       `json:"judged"`    // true, false or "unknown"
	Address   string    `json:"address"`   // of a site; "" of a service
	Includes  []string  `json:"includes"`  // what SPF names for a service
	MailFrom  string    `json:"mail_from"` // "<>" for the null sender, "" if not known
	HELO      string    `json:"helo"`
	Signed    any       `json:"signed"`
	SignedFor []string  `json:"signed_for"`
	Signer    string    `json:"signer"`
	Why       string    `json:"why"`
	Fact      *factJSON `json:"fact"`
	Notes     []string  `json:"notes"`
}

type sourceJSON struct {
	Key   string `json:"key"`
	Where string `json:"where"`
	AsOf  string `json:"as_of"`
}

// sources collects where facts come from, in the order in which they are used.
type sources struct{ keys []method.SourceKey }

func (s *sources) fact(f method.Fact) *factJSON {
	if f.Established() && !slices.Contains(s.keys, f.Source) {
		s.keys = append(s.keys, f.Source)
	}
	return &factJSON{octets(f.String()), f.Established(), string(f.Source), string(f.Grade), f.AsOf}
}

func (s *sources) list() []sourceJSON {
	list := []sourceJSON{}
	for _, key := range s.keys {
		if source, ok := method.SourceOf(key); ok {
			list = append(list, sourceJSON{string(key), source.Where, source.AsOf})
		}
	}
	return list
}

func newDevices(f fleet.Fleet, devices []fleet.Device) devicesDoc {
	doc := devicesDoc{devicesJSON{Schema: Schema, Date: f.Date.Format(time.DateOnly), Tenant: newTenant(f.Tenant), Devices: []deviceJSON{}}, f}
	var used sources
	for _, d := range devices {
		doc.Devices = append(doc.Devices, used.device(d))
	}
	doc.Sources = used.list()
	return doc
}

func newTenant(t inventory.Tenant) tenantJSON {
	return tenantJSON{
		InitialDomain: octets(string(t.InitialDomain)), Cloud: words.OrUnknown(string(t.Cloud)), Inbound: words.OrUnknown(string(t.Inbound)),
		Outbound: words.OrUnknown(string(t.Outbound)), RejectDirectSend: truth(t.RejectDirectSend), SMTPAuth: truth(t.SMTPAuth),
	}
}

// truth is true, false or "unknown".
func truth(t method.Truth) any {
	switch t {
	case method.True:
		return true
	case method.False:
		return false
	}
	return "unknown"
}

func (s *sources) device(d fleet.Device) deviceJSON {
	a, target := d.Advice, d.Target()
	out := deviceJSON{
		Name: octets(d.Name), Kind: string(d.Kind), Site: octets(d.Site), Method: string(d.Method), Now: string(d.Today()),
		Recommended: string(a.Recommended), Meanwhile: string(a.Meanwhile), Fits: truth(d.Fits()), Right: "unknown",
		Vetoes: s.vetoes(d.Judged().Vetoes), Questions: s.questions(a.Questions), Ranking: []optionJSON{}, Events: []eventJSON{},
		CanWait: s.reasons(a.Wait), Tricks: []trickJSON{}, Target: string(target.Method), Settings: []settingJSON{}, Hops: []deviceHop{}, Review: octets(d.Review),
	}
	if d.Fits() == method.False {
		out.Right = false
	}
	if until := d.Until(); !until.IsZero() {
		out.Until = until.Format(time.DateOnly)
	}
	for _, o := range a.Options {
		out.Ranking = append(out.Ranking, s.option(o))
	}
	for _, e := range a.Events {
		out.Events = append(out.Events, s.event(e))
	}
	if e, ok := a.Deadline(); ok {
		event := s.event(e)
		out.Deadline = &event
	}
	for _, t := range a.Tricks {
		out.Tricks = append(out.Tricks, trickJSON{string(t.ID), octets(t.Text), s.fact(t.Fact)})
	}
	for _, v := range d.Settings() {
		out.Settings = append(out.Settings, settingJSON{v.Name, s.fact(v.Value)})
	}
	for _, h := range d.Route() {
		out.Hops = append(out.Hops, s.hop(h))
	}
	return out
}

func (s *sources) vetoes(list []method.Veto) []vetoJSON {
	out := []vetoJSON{}
	for _, v := range list {
		out = append(out, vetoJSON{string(v.ID), octets(v.Reason), s.fact(v.Fact)})
	}
	return out
}

func (s *sources) questions(list []method.Question) []questionJSON {
	out := []questionJSON{}
	for _, q := range list {
		out = append(out, questionJSON{q.Field, octets(q.Text), s.fact(q.Fact)})
	}
	return out
}

func (s *sources) reasons(list []method.Reason) []reasonJSON {
	out := []reasonJSON{}
	for _, r := range list {
		out = append(out, reasonJSON{octets(r.Text), s.fact(r.Fact)})
	}
	return out
}

func (s *sources) option(o method.Option) optionJSON {
	out := optionJSON{
		Method: string(o.Method), Auth: string(o.Auth), State: string(o.State), Vetoes: s.vetoes(o.Vetoes), Questions: s.questions(o.Questions),
		Conditions: []reasonJSON{}, Reasons: s.reasons(o.Reasons),
	}
	for _, c := range o.Conditions {
		out.Conditions = append(out.Conditions, reasonJSON{octets(c.Text), s.fact(c.Fact)})
	}
	return out
}

func (s *sources) event(e method.Event) eventJSON {
	out := eventJSON{ID: string(e.ID), Days: e.Days, Past: e.Past, Stops: e.Stops, Text: octets(e.Text), Fact: s.fact(e.Fact)}
	if !e.Day.IsZero() {
		out.Date = e.Day.Format(time.DateOnly)
	}
	return out
}

func (s *sources) hop(h method.Hop) deviceHop {
	return deviceHop{
		From: octets(h.From), To: octets(h.To), Judged: truth(h.Judged), Address: ranges(h.Addresses), Includes: dnsNames(h.Includes),
		MailFrom: octets(envelope(h.MailFrom)), HELO: octets(string(h.HELO)), Signed: truth(h.Signer.Signed), SignedFor: dnsNames(h.Signer.Domains),
		Signer: octets(h.Signer.Text), Why: octets(h.Why), Fact: s.fact(h.Fact), Notes: emptyNotNull(h.Notes),
	}
}

// ranges lists networks, single addresses without their length.
func ranges(list []netip.Prefix) string {
	var texts []string
	for _, p := range list {
		if p.IsSingleIP() {
			texts = append(texts, p.Addr().String())
			continue
		}
		texts = append(texts, p.String())
	}
	return strings.Join(texts, ", ")
}

func dnsNames(list []dns.Name) []string {
	out := []string{}
	for _, n := range list {
		out = append(out, octets(n.String()))
	}
	return out
}

// envelope is MAIL FROM, "" if it is not one of known domains.
func envelope(m method.MailFrom) string {
	if m.Null {
		return "<>"
	}
	return strings.Join(dnsNames(m.Domains), ", ")
}
