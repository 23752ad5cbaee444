package interview

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
)

// deviceForm asks about one device. What is asked, and proposed, depends on what
// the answers before it make of the device; what cannot be proposed comes early,
// so that the rest can be taken as it is.
type deviceForm struct {
	form
	state  State
	known  bool             // the device stands in the draft, as old
	old    inventory.Device // zero for a new one
	device inventory.Device // of the answers so far, and of what is not asked
	fault  error            // the first answer that cannot be taken, a *[Mistake]
}

func (s State) deviceForm(name string, given Answers) *deviceForm {
	f := s.beginDevice(name, given)
	f.identity()
	f.abilities()
	f.method()
	return f
}

func (s State) beginDevice(name string, given Answers) *deviceForm {
	f := &deviceForm{form: form{given: given}, state: s}
	if name != "" {
		f.old, f.known = s.inventory().Device(name)
	}
	f.device = f.old
	d := &f.device
	d.Name, d.Kind, d.Site, d.Now, d.From, d.Recipients, d.Auth, d.TLS, d.HTTPS, d.PerDay = "", "", "", "", nil, "", "", "", "", 0
	f.carry()
	return f
}

// asked are the fields that a question may be about. All others come along with a
// device that was read or copied.
var asked = []ID{"kind", "site", "method", "now", "from", "recipients", "auth", "tls", "https", "per_day"}

// carry takes answers to what nobody asks.
func (f *deviceForm) carry() {
	for _, fd := range deviceFields {
		if answer, ok := f.given[fd.id]; ok && !slices.Contains(asked, fd.id) {
			f.note(fd.set(&f.device, strings.TrimSpace(answer)))
		}
	}
}

func (f *deviceForm) note(err error) {
	if f.fault == nil && err != nil {
		f.fault = err
	}
}

// put asks about a field and takes the answer. What the draft says stands before
// what is proposed.
func (f *deviceForm) put(q Question) {
	fd := deviceFieldOf(q.ID)
	had := fd.get(&f.old)
	if f.known && (had != "" || q.ID != "method") {
		q.Answer, q.Basis = had, ""
	}
	answer := strings.TrimSpace(f.ask(q))
	if q.Kind == Choice && !(f.known && answer == had) {
		f.note(q.refused(answer))
	}
	f.note(fd.set(&f.device, answer))
}

// has reports whether there is a value for a field, which then must be seen.
func (f *deviceForm) has(id ID) bool {
	fd := deviceFieldOf(id)
	return f.known && fd.get(&f.old) != "" || strings.TrimSpace(f.given[id]) != ""
}

// identity asks what the device is, and how it sends today.
func (f *deviceForm) identity() {
	f.name()
	f.put(recipientsQuestion())
	f.kind()
	f.site()
	f.from()
	f.now()
}

// abilities asks what the advice depends on besides. What is known is shown in any
// case.
func (f *deviceForm) abilities() {
	if f.has("auth") || f.bears("device.auth") {
		f.auth()
	}
	if f.has("tls") || f.bears("device.tls") {
		f.tls()
	}
	if f.has("https") || coded(f.device.Kind) && f.decides("device.https") {
		f.put(httpsQuestion())
	}
	if f.has("per_day") || coded(f.device.Kind) {
		f.put(perDayQuestion())
	}
}

func (f *deviceForm) name() {
	answer := f.ask(Question{
		ID: "name", Kind: Text, Text: "What is it called?", Label: "Device", Answer: f.old.Name, Example: "scanner-2nd-floor",
		Why: "One thing that sends mail: a printer, a scanner, a UPS, a NAS, an application. The name stands in the plan and in the run-book, and it proposes some of the answers that follow.",
	})
	var others []string
	for _, d := range f.state.inventory().Devices {
		if !f.known || d.Name != f.old.Name {
			others = append(others, d.Name)
		}
	}
	f.device.Name = strings.TrimSpace(answer)
	_, err := parseName("name", answer, others)
	f.note(err)
}

func recipientsQuestion() Question {
	return Question{
		ID: "recipients", Kind: Choice, Text: "Whom does it write to?", Label: "Recipients",
		Why: "High Volume Email and Direct Send reach only mailboxes of the tenant: mail to others would be refused.",
		Options: []Option{
			{Value: string(inventory.Internal), Text: "mailboxes of the tenant only"},
			{Value: string(inventory.OneExternal), Text: "one address outside the tenant", Note: "such as the electrician's"},
			{Value: string(inventory.OneDomain), Text: "addresses of one other organisation"},
			{Value: string(inventory.Anyone), Text: "anyone", Note: "such as customers"},
			{Text: "not known"},
		},
	}
}

func (f *deviceForm) kind() {
	q := Question{
		ID: "kind", Kind: Choice, Text: "What is it?", Label: "Kind", Options: kindOptions(),
		Why:    "Appliances have settings for SMTP, but no code that could call a web API. A service leaves from addresses that are not yours.",
		Answer: string(guessKind(f.device.Name)), Basis: kindBasis(f.device.Name),
	}
	if q.Answer == string(inventory.Other) {
		q.Basis = ""
	}
	f.put(q)
}

func httpsQuestion() Question {
	return Question{
		ID: "https", Kind: Choice, Text: "Can it call a web API, or can its code be changed to?", Label: "Web API",
		Why:     "Then Microsoft Graph sends its mail without SMTP. It needs no password that ends, and no address that must be static.",
		Options: truths("it has Microsoft Graph or OAuth 2.0 among its settings, or somebody maintains its code", "it can only do SMTP", "then what fits it best may stay open"),
	}
}

// hosted reports whether the device is somebody else's, which stands at no site.
func hosted(d inventory.Device) bool {
	return d.Kind == inventory.Service || d.Kind == inventory.Newsletter && d.Site == ""
}

func (f *deviceForm) site() {
	sites := f.state.inventory().Sites
	if (hosted(f.device) || len(sites) == 0) && !f.has("site") {
		return
	}
	q := Question{
		ID: "site", Kind: Choice, Text: "Where does it stand?", Label: "Site",
		Why: "From which address its mail leaves, and whether that can prove who it is, depends on the site.",
	}
	for _, s := range sites {
		q.Options = append(q.Options, Option{Value: s.Name, Text: s.Name, Note: list(s.Addresses, prefixText)})
	}
	q.Options = append(q.Options, Option{Text: "none of these, or not known"})
	if f.device.Kind != inventory.Website { // most are at a hoster
		q.Answer, q.Basis = likelySite(f.device.Name, sites)
	}
	f.put(q)
}

// likelySite proposes the only site, or the only one that the device's name
// holds.
func likelySite(device string, sites []inventory.Site) (name, basis string) {
	if len(sites) == 1 {
		return sites[0].Name, "it is the only site"
	}
	for _, s := range sites {
		if len(s.Name) < 2 || !strings.Contains(strings.ToLower(device), strings.ToLower(s.Name)) {
			continue
		}
		if name != "" {
			return "", ""
		}
		name, basis = s.Name, fmt.Sprintf("the name %q", device)
	}
	return name, basis
}

func (f *deviceForm) from() {
	q := Question{
		ID: "from", Kind: List, Text: "Which From address does it write as?", Label: "From", Example: "scan@contoso.com",
		Why: "SPF, DKIM and DMARC are judged for its domain. Several are parted by commas; *@contoso.com stands for any address of a domain.",
	}
	domains := f.state.senderDomains()
	if len(domains) > 0 && f.device.Name != "" {
		q.Example = "scan@" + domains[0].Unicode()
		if local := localPart(f.device.Name); local != "" {
			q.Answer = local + "@" + domains[0].Unicode()
			q.Basis = "a proposal: change it to what the device really uses"
		}
	}
	if hosted(f.device) && len(domains) > 0 {
		q.Answer, q.Basis = inventory.AnyLocal+"@"+domains[0].Unicode(), "a service may write as any address of the domain: narrow it if you know"
	}
	f.put(q)
}

// senderDomains are the domains with those last that nobody sends as.
func (s State) senderDomains() []dns.Name {
	var used, idle []dns.Name
	for _, name := range s.domains() {
		if d, _ := s.inventory().Domain(name); d.Parked == inventory.True || s.today(name).locked {
			idle = append(idle, name)
		} else {
			used = append(used, name)
		}
	}
	return append(used, idle...)
}

// maxLocal is how long the local part of an address may be (RFC 5321 §4.5.3.1.1).
const maxLocal = 64

// localPart makes the local part of an address out of a name; "" if no letter or
// digit is left.
func localPart(name string) string {
	name = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	local := strings.Join(words, "-")
	return strings.Trim(local[:min(len(local), maxLocal)], "-")
}

// logsIn reports whether the device shows a name and password, or a token, today.
func (f *deviceForm) logsIn() bool {
	m := f.device.Now
	family, _ := m.Of()
	return m == inventory.SMTPAuth || m == inventory.HVE || m == inventory.ACS || family == inventory.Hoster
}

func (f *deviceForm) auth() {
	q := authQuestion()
	if f.logsIn() {
		q.Answer, q.Basis = string(inventory.AuthBasic), "it logs in today; choose OAuth 2.0 if its settings have it"
	}
	f.put(q)
}

func authQuestion() Question {
	return Question{
		ID: "auth", Kind: Choice, Text: "What is the best login that it can do?", Label: "Login",
		Why: "Passwords for SMTP AUTH end; OAuth goes on. What cannot log in at all needs a connector, or a relay in front.",
		Options: []Option{
			{Value: string(inventory.AuthBasic), Text: "a name and a password"},
			{Value: string(inventory.AuthOAuth), Text: "OAuth 2.0", Note: "its settings have OAuth or \"modern authentication\" for SMTP; a password works too"},
			{Value: string(inventory.AuthNone), Text: "none", Note: "its settings have no name and password for SMTP"},
			{Text: "not known"},
		},
	}
}

func (f *deviceForm) tls() {
	q := tlsQuestion()
	m := f.device.Now
	if (m == inventory.SMTPAuth || m == inventory.HVE || m == inventory.ACS) && f.state.inventory().Tenant.LegacyTLS != inventory.True {
		q.Answer, q.Basis = string(inventory.TLS12), "it logs in today, and the usual server takes nothing older"
	}
	f.put(q)
}

func tlsQuestion() Question {
	return Question{
		ID: "tls", Kind: Choice, Text: "What is the newest TLS that it can do?", Label: "TLS",
		Why: "Logging in at Microsoft 365 needs TLS 1.2 or newer. Old firmware often has less.",
		Options: []Option{
			{Value: string(inventory.TLS12), Text: "TLS 1.2"}, {Value: string(inventory.TLS13), Text: "TLS 1.3"},
			{Value: string(inventory.TLS11), Text: "TLS 1.1"}, {Value: string(inventory.TLS10), Text: "TLS 1.0"},
			{Value: string(inventory.TLSNone), Text: "none"}, {Text: "not known"},
		},
	}
}

func perDayQuestion() Question {
	return Question{
		ID: "per_day", Kind: Text, Text: "To how many recipients a day does it write, about?", Label: "Per day", Example: "200",
		Why: "A mailbox may write to 10,000 recipients a day, and bulk mail belongs on a service of its own. Leave it empty if it is clearly less.",
	}
}

// decides reports whether it depends on a field what is best for the device, as far
// as that is known.
func (f *deviceForm) decides(field string) bool { return asksFor(f.judged().Advice.Questions, field) }

// bears reports whether any method that is open to the device depends on a field.
// Of what somebody else hosts that is the other's to know, but for what decides.
func (f *deviceForm) bears(field string) bool {
	if hosted(f.device) {
		return f.decides(field)
	}
	a := f.judged().Advice
	return asksFor(a.Questions, field) || slices.ContainsFunc(a.Options, func(o method.Option) bool { return asksFor(o.Questions, field) })
}

func asksFor(asks []method.Question, field string) bool {
	return slices.ContainsFunc(asks, func(q method.Question) bool { return q.Field == field })
}

// judged is the device of the answers so far with what is said of it.
func (f *deviceForm) judged() fleet.Device { return f.state.judged(f.old.Name, f.device) }
