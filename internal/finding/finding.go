// Package finding holds the judgements that sendplan makes: what each is
// called, how grave it is, and what to do. It has no logic of its own.
package finding

import "sendplan/internal/dns"

// ID names one kind of judgement, in kebab-case, for ever: users put it in
// --ignore, links and suppression files.
type ID string

// Severity says how grave it is when the judgement fails.
type Severity uint8

// The severities, in rising order.
const (
	Note    Severity = iota // worth knowing
	Warning                 // works today, but is fragile, unwise or about to break
	Error                   // mail is lost, or spoofed mail let in
)

var severityNames = [...]string{"note", "warning", "error"}

// String returns "note", "warning" or "error".
func (s Severity) String() string { return severityNames[s] }

// Status is the outcome of a judgement.
type Status uint8

// The outcomes.
const (
	Pass    Status = iota
	Fail           // the finding holds
	Unknown        // the DNS did not answer, so nothing can be said
)

var statusNames = [...]string{"pass", "fail", "unknown"}

// String returns "pass", "fail" or "unknown".
func (s Status) String() string { return statusNames[s] }

// Span is a range of octets in a finding's Record; empty when Start == End.
type Span struct{ Start, End int }

// Finding is one judgement about one subject.
type Finding struct {
	ID       ID
	Severity Severity
	Status   Status
	Subject  dns.Name   // the name that it is about
	Record   string     // text of the record, as published; "" if there is none
	Span     Span       // the part of Record that it is about
	Message  string     // what is so, lower-case start, no full stop; may hold text from DNS
	Fix      string     // what to do, in the imperative, with the exact record where it is known
	Cause    *dns.Error // of an Unknown: why the DNS did not answer
	Refs     []string   // sections of standards, vendor pages
}
