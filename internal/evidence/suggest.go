package evidence

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// Method is how a device seems to hand over its mail.
type Method string

// What an export can tell. It names a connector and not its kind: whether that
// one goes by address or by certificate is in Get-InboundConnector.
const (
	MethodSMTPAuth   Method = "smtp-auth"
	MethodDirectSend Method = "direct-send"
	MethodConnector  Method = "connector"
	MethodUnknown    Method = "unknown"
)

// Confidence is how far the file supports the method.
type Confidence string

// High: the file says it. Medium: it follows from several columns, and
// something else than a device could look the same. Low: a lead, no more.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Suggestion is a device to be reviewed. Nothing in it is a fact about the
// device before somebody has looked at the device.
type Suggestion struct {
	Name       string // unique, lower-case letters, digits and hyphens, never a number
	From       string
	MailFrom   string // "", the same domain as From or not known; "<>"; or a domain
	Address    netip.Addr
	Private    bool // the address means something only inside a network: no connector or SPF record can hold it
	IPv6       bool // no connector by address can hold it
	Connector  string
	Method     Method
	Auth       Auth
	TLS        TLS // the lowest that was used: a device that is limited to it may be behind the mailbox
	Highest    TLS // the highest: where it differs, nothing tells what one device can do
	PerDay     int // busiest day, or average; 0: not known
	RcptPerDay int // 0: not known
	Messages   int
	Recipients Scope
	Confidence Confidence
	Why        []string // the reason for the method first
}

// Suggest turns what was found into devices to be reviewed, in the same order.
// taken are names that the inventory has already.
func Suggest(found []Found, taken []string) []Suggestion {
	names := newNames(taken)
	all := make([]Suggestion, 0, len(found))
	for _, f := range found {
		all = append(all, suggestion(f, names))
	}
	return all
}

func suggestion(f Found, names *names) Suggestion {
	g := guess(f)
	local, _, _ := strings.Cut(f.Sender, "@")
	s := Suggestion{
		Name: names.unique(local), From: f.Sender, Address: f.Address, Connector: f.Connector,
		Private: f.Address.IsValid() && dns.PrivateAddr(f.Address), IPv6: f.Address.Is6(),
		Method: g.method, Auth: f.Auth, TLS: f.Lowest, Highest: f.Highest, PerDay: f.PerDay, RcptPerDay: f.RcptPerDay,
		Messages: f.Messages, Recipients: f.Recipients, Confidence: g.confidence,
	}
	switch {
	case f.NullMailFrom:
		s.MailFrom = "<>"
	case f.MailFrom != "":
		s.MailFrom = string(f.MailFrom)
	}
	s.Why = append([]string{g.why}, remarks(f, s)...)
	return s
}

// guessed is a method with the reason.
type guessed struct {
	method     Method
	confidence Confidence
	why        string
}

// guess tells the method of what was found.
func guess(f Found) guessed {
	switch {
	case f.Auth != AuthUnknown:
		return guessed{MethodSMTPAuth, High, fmt.Sprintf("the SMTP AUTH clients report lists the mailbox with %s authentication", f.Auth)}
	case !f.told.trace:
		return guessed{MethodSMTPAuth, Medium, "the SMTP AUTH clients report lists the mailbox, without telling basic from modern authentication"}
	case f.Connector != "":
		return guessConnector(f)
	case !f.told.connector || !f.told.direction:
		return guessed{MethodUnknown, Low, "this kind of trace names neither connector nor direction: an enhanced summary does"}
	case f.server:
		return guessed{MethodUnknown, Low, "the trace names a connector of one of Exchange's own servers: it does not tell whether one of the tenant was used"}
	case f.Direction == Inbound && !f.Address.IsValid():
		return guessed{MethodUnknown, Low, "it arrived from outside by no connector, but the trace names no client"}
	case f.Direction == Inbound && f.Own == OwnSubdomain:
		return guessed{MethodUnknown, Low, "it arrived from outside by no connector, and its domain is below an accepted one without being one"}
	case f.Direction == Inbound:
		return guessed{MethodDirectSend, Medium, "it arrived from outside by no connector in the name of an accepted domain; a service outside, a forwarder or a forger looks the same"}
	case f.Direction == Outbound:
		return guessed{MethodUnknown, Low, "it was sent from inside the tenant by no connector: SMTP AUTH, Outlook and Graph look the same, the SMTP AUTH clients report tells them apart"}
	}
	return guessed{MethodUnknown, Low, "the trace does not say which direction the messages had"}
}

// guessConnector tells whether a connector brought the mail in. The column
// names source or destination.
func guessConnector(f Found) guessed {
	switch {
	case f.told.inbound && f.inbound:
		return guessed{MethodConnector, High, fmt.Sprintf("it came by %q, which is an inbound connector", f.Connector)}
	case f.told.inbound:
		return guessed{MethodUnknown, Low, fmt.Sprintf("the trace names %q, which is none of the known inbound connectors: it may be the one by which the mail left", f.Connector)}
	case f.Direction == Inbound, f.Recipients == ScopeInternal && f.Address.IsValid():
		return guessed{MethodConnector, Medium, fmt.Sprintf("it came by the connector %q", f.Connector)}
	case f.Address.IsValid():
		return guessed{MethodConnector, Low, fmt.Sprintf("the trace names the connector %q; it may also be the one by which the mail left, Get-InboundConnector tells", f.Connector)}
	}
	return guessed{MethodUnknown, Low, fmt.Sprintf("the trace names the connector %q and no client: it may be the one by which the mail left", f.Connector)}
}

// remarks are what to look at in the review.
func remarks(f Found, s Suggestion) []string {
	var all []string
	add := func(yes bool, text string) {
		if yes {
			all = append(all, text)
		}
	}
	report := !f.told.trace
	add(report, "the report counts by mailbox: several devices, and people's mail programs, may be behind it")
	add(f.Lowest == TLS10 || f.Lowest == TLS11, fmt.Sprintf("some mail came by TLS %s, the highest version seen is %s: that may be two devices, or one that tries both", f.Lowest, f.Highest))
	add(s.Private, "the address is one of an inner network: not the one that the internet sees")
	add(s.IPv6 && !s.Private, "the client came by IPv6: a connector by address takes IPv4 only")
	add(!report && f.told.address && !f.Address.IsValid(), "the trace names no client address")
	add(f.Recipients == ScopeInternal || f.Recipients == ScopeOneExternal || f.Recipients == ScopeOneDomain, "whom it writes to is what these days showed, not what it may do")
	add(f.PerDay == 0 && f.Messages > 0, "how much it sends a day is not known")
	add(f.Messages == 0, "the file counts no messages")
	return all
}

// names hands out names of devices.
type names struct {
	taken map[string]bool
	last  map[string]int // number that a base got last
}

func newNames(taken []string) *names {
	n := &names{taken: map[string]bool{}, last: map[string]int{}}
	for _, t := range taken {
		n.taken[strings.ToLower(t)] = true
	}
	return n
}

const maxDeviceName = 40

// unique makes a name of a local part. Names that YAML reads as something else
// than text, and numbers, get a word in front.
func (n *names) unique(local string) string {
	fields := strings.FieldsFunc(strings.ToLower(local), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	base := strings.Join(fields, "-")
	if len(base) > maxDeviceName {
		base = strings.Trim(base[:maxDeviceName], "-")
	}
	switch {
	case base == "":
		base = "device"
	case base[0] < 'a', slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, base):
		base = "device-" + base
	}
	name := base
	for i := max(n.last[base], 1) + 1; n.taken[name]; i++ {
		name = fmt.Sprintf("%s-%d", base, i)
		n.last[base] = i
	}
	n.taken[name] = true
	return name
}

// notes are about the file as a whole.
func notes(rep Report, h header, opts Options) []string {
	var all []string
	add := func(yes bool, text string) {
		if yes {
			all = append(all, text)
		}
	}
	add(rep.Rows == 0, "the file has a header and no rows")
	if rep.Kind == SMTPAuth {
		add(!h.has(fieldProtocol), "the report has no column Authentication Protocol: it cannot tell who uses basic authentication")
		add(!h.any([]field{fieldTLS10, fieldTLS11, fieldTLS12, fieldTLS13}), "the report has no columns about TLS")
		add(!h.has(fieldDate) && opts.Days == 0, "the report does not say which days it is about (7 unless another range was chosen): messages per day are not known")
		return all
	}
	add(!h.has(fieldConnector) || !h.has(fieldDirection), "this trace has no connectors or no directions: how mail was handed over is unknown; the download as enhanced summary has both")
	// Get-MessageTraceV2 returns 1,000 messages unless told otherwise, and never more than 5,000.
	add(!h.has(fieldConnector) && (rep.Rows == 1000 || rep.Rows == 5000), fmt.Sprintf("the trace has exactly %d rows, where Get-MessageTraceV2 cuts off: there may be more", rep.Rows))
	add(!h.has(fieldClientIP), "this trace has no client addresses")
	add(!h.has(fieldRecipients), "this trace has no recipients: whom a sender writes to is unknown")
	add(h.has(fieldDate) && !rep.UTC, "the dates do not say their time zone: days are as written")
	add(rep.Rows > 0 && len(rep.Found) == 0, "no row has a sender of an accepted domain")
	add(true, "messages refused by RejectDirectSend are in no trace")
	return all
}
