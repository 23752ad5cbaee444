package dmarc

import (
	"strings"

	"sendplan/internal/dns"
)

// Span is a range of octets in a record's text.
type Span struct{ Start, End int }

// Tag is one tag=value pair of a record.
type Tag struct {
	Name, Value         string // as written, without white space around them
	NameSpan, ValueSpan Span
	Known               bool // RFC 9989 gives it a meaning
}

// Use says what receivers make of a text's policy (RFC 9989 §4.10.1).
type Use uint8

// The uses.
const (
	UseNothing Use = iota // not a DMARC record, or it has neither a usable policy nor a place to send reports: no DMARC
	UseAsNone             // a policy tag is missing or invalid, but rua is there: as if it said p=none
	UsePolicy             // as published
)

var useNames = [...]string{"no DMARC", "as p=none", "as published"}

// String returns the use in words.
func (u Use) String() string { return useNames[u] }

// Record is a DMARC policy record, read as RFC 9989 reads it. Its fields P to
// PCT are what receivers act on: defaults are filled in, and invalid values
// replaced as the standard says.
type Record struct {
	DMARC    bool // it starts with v=DMARC1, so it is a DMARC record, good or bad
	Use      Use
	Tags     []Tag     // in order, v included; nil if nothing in the text says DMARC
	Problems []Problem // in order of their spans

	P, SP, NP   Policy // NoPolicy if Use is UseNothing
	ADKIM, ASPF Mode
	PSD         PSD
	T           bool   // t=y: apply one level lower
	RUA, RUF    []URI  // in order, invalid ones included
	FO          string // such as "1:d:s"
	PCT         int    // for readers of RFC 7489 only

	text      string
	p, sp, np declared
}

// declared is a policy tag as it stands in the record.
type declared struct {
	present bool
	policy  Policy // NoPolicy if the value is none of the three
}

// Text returns the text that was parsed, unchanged.
func (r Record) Text() string { return r.text }

// String returns the record in its canonical form: lower-case tag names, one
// blank after each semicolon, none at the end, junk left out. What is not a
// DMARC record is returned as it is.
func (r Record) String() string {
	if !r.DMARC {
		return r.text
	}
	parts := make([]string, len(r.Tags))
	for i, t := range r.Tags {
		parts[i] = lower(t.Name) + "=" + t.Value
	}
	return strings.Join(parts, "; ")
}

// Tag returns the first tag of that name, in lower case: the one that counts.
func (r Record) Tag(name string) (t Tag, ok bool) {
	for _, t := range r.Tags {
		if lower(t.Name) == name {
			return t, true
		}
	}
	return Tag{}, false
}

// use applies the rule of RFC 9989 §4.10.1 to the declared policies, of which
// RFC 7489 §6.6.3 knows only p and sp.
func (r Record) use(policies ...declared) Use {
	usable := policies[0].present
	for _, d := range policies {
		usable = usable && (!d.present || d.policy != NoPolicy)
	}
	switch {
	case !r.DMARC:
		return UseNothing
	case usable:
		return UsePolicy
	case anyValid(r.RUA):
		return UseAsNone
	}
	return UseNothing
}

func anyValid(uris []URI) bool {
	for _, u := range uris {
		if u.Valid {
			return true
		}
	}
	return false
}

// policies returns what receivers read from p, sp and np under a use; np falls
// back to sp, and sp to p (RFC 9989 §4.7).
func (r Record) policies(u Use) (p, sp, np Policy) {
	switch u {
	case UseNothing:
		return NoPolicy, NoPolicy, NoPolicy
	case UseAsNone:
		return None, None, None
	}
	p = r.p.policy
	sp, np = p, p
	if r.sp.present {
		sp, np = r.sp.policy, r.sp.policy
	}
	if r.np.present {
		np = r.np.policy
	}
	return p, sp, np
}

// URI is one element of rua or ruf.
type URI struct {
	Text    string // as written, an obsolete size suffix included
	Span    Span
	Scheme  string   // lower case; "" if there is none
	Address string   // of a mailto: URI, percent-decoded
	Host    dns.Name // of the address, or of the URI's authority; "" if there is none
	Valid   bool     // it is syntactically a URI that names a destination
}
