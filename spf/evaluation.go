package spf

import (
	"net/netip"
	"time"

	"sendplan/internal/dns"
)

// Result is what an evaluation gives (RFC 7208 §2.6).
type Result string

// The seven results.
const (
	None      Result = "none"      // no domain to check, or no record there
	Neutral   Result = "neutral"   // the domain makes no statement about the address
	Pass      Result = "pass"      // the address may send for the domain
	Fail      Result = "fail"      // the address may not
	SoftFail  Result = "softfail"  // the address probably may not
	TempError Result = "temperror" // a question could not be answered: nothing is known
	PermError Result = "permerror" // the published records cannot be evaluated
)

// Limits bound an evaluation. Zero stands for the value of RFC 7208 §4.6.4, a
// negative number for none; whatever they say, an evaluation ends after
// 500 terms that ask the DNS.
type Limits struct {
	Lookups  int // terms that ask the DNS; 10
	MXHosts  int // hosts of one mx term; 10, more is permerror
	PTRNames int // names of one reverse lookup; 10, more are not looked at
	Voids    int // lookups without an answer; 2
}

// Query is one message to judge.
type Query struct {
	IP       netip.Addr // the client; an IPv4-mapped address is taken as IPv4
	MailFrom string     // the reverse-path; "" and "<>" are the null sender, which HELO then stands for
	Helo     string     // what the client said in HELO or EHLO
	Domain   dns.Name   // whose record to check, the <domain> of RFC 7208 §4.1; "" is the domain of the sender or of HELO

	Receiver           string    // the receiving host, for %{r} in explanations; "" is "unknown"
	Time               time.Time // for %{t} in explanations
	DefaultExplanation string    // for a fail without a usable exp=
	Limits             Limits
}

// Evaluation is a result and how it came about.
type Evaluation struct {
	Result Result
	Domain dns.Name // the domain that was checked, "" when the sender has none
	Sender string   // the sender that macros speak of

	// Mechanism is the term that matched, in the record of the checked domain
	// or where redirect led: "-all", "include:_spf.example.net", or "" when
	// none did.
	Mechanism   string
	MatchDomain dns.Name // whose record holds it
	MatchRecord string   // that record
	MatchSpan   Span     // the term in it

	Explanation string // of a fail
	Lookups     int    // terms that asked the DNS
	Voids       int    // lookups without an answer
	Trace       []Step

	Cause   *dns.Error // of a temperror
	Problem *Problem   // of a permerror
}

// Step is one decision of an evaluation. The steps read in order are the whole
// story; an evaluation of a hostile record is cut short after 2000.
type Step struct {
	Depth   int      // includes and redirects around this record
	Domain  dns.Name // whose record is evaluated
	Record  string   // its text, "" before it is known
	Span    Span     // the term in it; empty for a step about the whole record
	Asked   []dns.Key
	Matched bool
	Lookups int // so far
	Voids   int // so far
	Err     *dns.Error
	Words   string // what was decided and why
}

// Term returns the text of the term that the step is about, or "".
func (s Step) Term() string { return s.Span.Of(s.Record) }
