package method

import (
	"fmt"
	"time"
)

// VetoID names a reason why a method cannot be used, for ever.
type VetoID string

// The vetoes.
const (
	VetoDead         VetoID = "method-dead"
	VetoRecipients   VetoID = "recipients-external"
	VetoDynamic      VetoID = "address-dynamic"
	VetoShared       VetoID = "address-shared"
	VetoIPv6         VetoID = "address-ipv6"
	VetoPort25       VetoID = "port-25-blocked"
	VetoTLS          VetoID = "tls-old"
	VetoAuth         VetoID = "auth-missing"
	VetoOAuth        VetoID = "oauth-missing"
	VetoCertificate  VetoID = "certificate-missing"
	VetoHTTPS        VetoID = "https-missing"
	VetoBasicOff     VetoID = "basic-auth-off"
	VetoDefaults     VetoID = "security-defaults"
	VetoPerDay       VetoID = "volume-per-day"
	VetoPerMinute    VetoID = "volume-per-minute"
	VetoBulk         VetoID = "volume-bulk"
	VetoTenantLimit  VetoID = "tenant-limit"
	VetoOnMicrosoft  VetoID = "from-onmicrosoft"
	VetoFrom         VetoID = "from-not-accepted"
	VetoFromVaries   VetoID = "from-varies"
	VetoNullSender   VetoID = "null-sender"
	VetoRejectDirect VetoID = "reject-direct-send"
	VetoLocked       VetoID = "inbound-locked"
	VetoPartner      VetoID = "partner-connector"
	VetoCloud        VetoID = "cloud"
	VetoNoLAN        VetoID = "no-lan"
	VetoUpstream     VetoID = "relay-method"
)

// Veto is a reason why a method cannot be used, with the fact that says so.
type Veto struct {
	ID     VetoID
	Reason string // what of this device is against it
	Fact   Fact
}

// Question is something that must be known before a method can be judged.
type Question struct {
	Field string // of the inventory: "device.auth", "site.static", "tenant.reject_direct_send"
	Text  string
	Fact  Fact // why it matters
}

// Condition is what must be seen to, or known, when a method is used.
type Condition struct {
	Text string
	Fact Fact
	Todo bool // it is known not to be so yet: without it the method does not work
}

// State is how a method stands for a device.
type State string

// The states.
const (
	Free    State = "free"    // nothing known is against it
	Depends State = "depends" // on the answers to its questions
	Vetoed  State = "vetoed"
)

// Reason is one ground of a rank. Its Fact is empty where the inventory itself
// says it.
type Reason struct {
	Text string
	Fact Fact
}

// Option is one method judged for one device.
type Option struct {
	Method     ID
	Auth       Auth // which authentication it would use, where it has a choice
	State      State
	Vetoes     []Veto
	Questions  []Question
	Conditions []Condition
	Reasons    []Reason // of its rank, most important first
	// Of a vetoed method only the vetoes are told.
	rank rank
}

// Name returns the method as it is called in a sentence.
func (o Option) Name() string {
	m := Lookup(o.Method, o.Auth)
	if m.Provider != "" || o.Method.Name() == "" {
		return m.Name
	}
	return m.Name + " " + o.Method.Name()
}

// judgment is an option in the making.
type judgment struct {
	in   Input
	kind Kind
	date time.Time
	out  Option

	depth int // of relays that hand on to relays
}

func (j *judgment) veto(id VetoID, f Fact, format string, args ...any) {
	j.out.Vetoes = append(j.out.Vetoes, Veto{id, fmt.Sprintf(format, args...), f})
}

func (j *judgment) ask(field string, f Fact, text string) {
	j.out.Questions = append(j.out.Questions, Question{field, text, f})
}

func (j *judgment) see(f Fact, format string, args ...any) {
	j.out.Conditions = append(j.out.Conditions, Condition{Text: fmt.Sprintf(format, args...), Fact: f})
}

// lack notes what must be done before the method works.
func (j *judgment) lack(f Fact, format string, args ...any) {
	j.out.Conditions = append(j.out.Conditions, Condition{Text: fmt.Sprintf(format, args...), Fact: f, Todo: true})
}

// rules returns what judges a method for a device, each for one matter. Their
// order is that of the vetoes in the output.
func rules() []func(*judgment) {
	return []func(*judgment){
		(*judgment).dead,
		(*judgment).recipients,
		(*judgment).cloud,
		(*judgment).login,
		(*judgment).abilities,
		(*judgment).tls,
		(*judgment).basicAuth,
		(*judgment).switches,
		(*judgment).address,
		(*judgment).ipv6,
		(*judgment).port25,
		(*judgment).directSend,
		(*judgment).partner,
		(*judgment).locked,
		(*judgment).sender,
		(*judgment).onMicrosoft,
		(*judgment).volume,
		(*judgment).tenantLimit,
		(*judgment).lan,
	}
}

// Judge judges one method for a device. auth is only looked at for SMTP AUTH,
// where AuthUnknown means the best that the device can do.
func Judge(in Input, id ID, auth Auth, date time.Time) Option { return judge(in, id, auth, date, 0) }

// effective is the authentication that a method would use.
func effective(d Device, k Kind, auth Auth) Auth {
	switch {
	case k != SMTPAuth && k != HVE:
		return ""
	case k == SMTPAuth && (auth == AuthBasic || auth == AuthOAuth):
		return auth
	case d.Auth == AuthOAuth:
		return AuthOAuth
	}
	return AuthBasic
}

func judge(in Input, id ID, auth Auth, date time.Time, depth int) Option {
	auth = effective(in.Device, id.Kind(), auth)
	j := judgment{in: in, kind: id.Kind(), date: date, out: Option{Method: id, Auth: auth}, depth: depth}
	for _, rule := range rules() {
		rule(&j)
	}
	o := j.out
	switch {
	case len(o.Vetoes) > 0:
		return Option{Method: o.Method, Auth: o.Auth, State: Vetoed, Vetoes: o.Vetoes}
	case len(o.Questions) > 0:
		o.State = Depends
	default:
		o.State = Free
	}
	o.rank, o.Reasons = rankOf(in, o)
	return o
}
