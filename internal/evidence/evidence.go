// Package evidence reads the CSV exports of Exchange Online that tell what
// sends mail today: the SMTP AUTH clients report and the message trace.
//
// A file is read as a stream, in one pass. Recipients only count towards who a
// sender writes to ([Scope]); they are compared by hashes that end with the
// reading. Subjects are not even taken out of the file. Neither is in a result
// or in an error.
package evidence

import (
	"io"
	"net/netip"

	"sendplan/internal/dns"
)

// Kind is which export a file is.
type Kind string

// The exports that are read.
const (
	SMTPAuth Kind = "smtp-auth" // the SMTP AUTH clients report: one row for each mailbox that logs in
	Trace    Kind = "trace"     // a message trace: enhanced summary, extended, or Get-MessageTraceV2
)

// DateOrder is how 03/04/2026 is meant.
type DateOrder string

// The orders that exist where the year comes last.
const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

// Auth is how a device logs in.
type Auth string

// What the SMTP AUTH clients report tells apart.
const (
	AuthBasic   Auth = "basic"
	AuthOAuth   Auth = "oauth"
	AuthUnknown Auth = "unknown"
)

// TLS is a protocol version as the inventory writes it, "" if the file does
// not tell.
type TLS string

// The versions that have a column.
const (
	TLS10 TLS = "1.0"
	TLS11 TLS = "1.1"
	TLS12 TLS = "1.2"
	TLS13 TLS = "1.3"
)

// Scope is whom a sender wrote to, judged by the accepted domains.
type Scope string

// The scopes, from narrow to wide. The narrow ones hold for the days of the
// file only: a scanner that wrote to colleagues for a week may write to a
// customer tomorrow.
const (
	ScopeInternal    Scope = "internal"     // accepted domains only
	ScopeOneExternal Scope = "one-external" // one address outside, and perhaps inside
	ScopeOneDomain   Scope = "one-domain"   // several addresses of one domain outside, and perhaps inside
	ScopeAnyone      Scope = "anyone"
	ScopeUnknown     Scope = "unknown"
)

// Direction is Exchange's view of a message.
type Direction string

// The values of the column directionality.
const (
	Inbound          Direction = "inbound"
	Outbound         Direction = "outbound"
	Both             Direction = "both" // of a group: some were one, some the other
	DirectionUnknown Direction = "unknown"
)

// Options say what a file cannot. The zero value finds out what it can.
type Options struct {
	Kind     Kind       // "" goes by the columns
	Dates    DateOrder  // "" goes by the rows, and fails if none decides
	Accepted []dns.Name // the tenant's accepted domains, needed for a trace
	Days     int        // how many days an SMTP AUTH clients report is about; it does not say so itself
	Inbound  []string   // names of the tenant's inbound connectors, as far as they are known
}

// Report is what a file tells.
type Report struct {
	Kind        Kind
	Encoding    Encoding
	Separator   rune
	Rows        int    // after the header, blank lines not counted
	First, Last string // days, YYYY-MM-DD; empty if the file has none
	Days        int    // how many days have rows
	UTC         bool   // the days are those of UTC; else the file does not say of which time zone
	Found       []Found
	Skipped     []Skip
	Notes       []string // what the user should know about the file as a whole
}

// Found is one sender by one way: what rows of the file have in common.
type Found struct {
	Sender       string   // an address, lower case
	MailFrom     dns.Name // domain of the return path if it is another than the sender's, and the same in all rows
	NullMailFrom bool     // the return path was <> in all rows
	Auth         Auth
	Lowest       TLS // lowest and highest version that was used at all
	Highest      TLS
	Address      netip.Addr // of the client; the zero Addr if there was none
	Connector    string
	Direction    Direction
	Own          Ownership
	Recipients   Scope
	Messages     int
	PerDay       int    // messages of the busiest day; of an SMTP AUTH report the average, rounded up; 0: not known
	RcptPerDay   int    // recipients of the busiest day, which is what limits are about; 0: not known
	Days         int    // with messages
	First, Last  string // days, YYYY-MM-DD
	told         told
	inbound      bool // Connector is one of Options.Inbound
	server       bool // there is none, but rows name one of Exchange's servers
}

// told is what could be told at all: an empty cell is another thing than a
// column that is not there. A report about mailboxes tells nothing of this.
type told struct{ trace, connector, direction, address, inbound bool }

// Ownership is how a sender's domain relates to the accepted domains.
type Ownership string

// Senders of other domains are not in a report.
const (
	OwnAccepted  Ownership = "accepted"  // it is one, or the file is about mailboxes of the tenant
	OwnSubdomain Ownership = "subdomain" // it is below one, and not one itself
)

// Reason is why rows say nothing about a device.
type Reason string

// The reasons, in the order of a report.
const (
	OtherDomain  Reason = "the sender is of another domain"
	NullSender   Reason = "there is no sender"
	NoAddress    Reason = "the sender is no plain address"
	OneMessage   Reason = "the sender is an address made for one message"
	ExchangeSelf Reason = "the sender is Exchange itself"
	LaterEvent   Reason = "the row is a later event of a message"
	HeaderAgain  Reason = "the row repeats the header"
)

var reasons = [...]Reason{OtherDomain, NullSender, NoAddress, OneMessage, ExchangeSelf, LaterEvent, HeaderAgain}

// Skip counts the rows that were left out for a reason.
type Skip struct {
	Reason Reason
	Rows   int
	Line   int // of the first
}

// Read reads an export. What it cannot make sense of is an [Error] with the
// place: a wrong count would become a wrong plan.
func Read(r io.Reader, opts Options) (Report, error) {
	text, encoding, err := decode(r)
	if err != nil {
		return Report{}, err
	}
	t, err := open(text)
	if err != nil {
		return Report{}, err
	}
	kind, err := t.head.kind(opts.Kind)
	if err != nil {
		return Report{}, err
	}
	in := newReading(t, opts)
	var found []Found
	if kind == Trace {
		found, err = in.trace()
	} else {
		found, err = in.smtpAuth()
	}
	if err != nil {
		return Report{}, err
	}
	rep := Report{
		Kind: kind, Encoding: encoding, Separator: rune(t.sep), Rows: in.rows, Found: found,
		UTC: in.dates.utc, Skipped: in.skipped(),
	}
	rep.First, rep.Last, rep.Days = in.dates.span()
	rep.Notes = notes(rep, t.head, opts)
	return rep, nil
}
