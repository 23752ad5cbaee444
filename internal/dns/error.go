package dns

import (
	"errors"
	"fmt"
)

// Cause says why a question could not be answered.
type Cause uint8

// The causes of an [Error].
const (
	ServFail    Cause = iota + 1 // the server said SERVFAIL: it, or the servers behind it, could not tell
	Refused                      // the server said REFUSED: it does not answer us
	BadRcode                     // another response code than NOERROR and NXDOMAIN
	Timeout                      // no answer in time
	Unreachable                  // the server could not be reached: network error, connection refused or cut
	Malformed                    // an answer came, but it is none to the question, or cannot be read
	Loop                         // the CNAME chain is a loop, or too long to follow
	Budget                       // the budget of questions was spent before this one
	Canceled                     // the caller gave up
	NotAsked                     // a survey or recording was read that does not hold this question
	Lame                         // the server was asked as an authority for the name and is none
)

var causeNames = [...]string{
	ServFail: "SERVFAIL", Refused: "REFUSED", BadRcode: "bad response code", Timeout: "timeout",
	Unreachable: "unreachable", Malformed: "malformed answer", Loop: "CNAME loop",
	Budget: "query budget spent", Canceled: "canceled", NotAsked: "not asked",
	Lame: "not authoritative",
}

// String returns the cause in words, as shown to people and kept in recordings.
func (c Cause) String() string {
	if int(c) < len(causeNames) && causeNames[c] != "" {
		return causeNames[c]
	}
	return fmt.Sprintf("cause %d", uint8(c))
}

// ParseCause reads what [Cause.String] prints.
func ParseCause(s string) (c Cause, ok bool) {
	for c, name := range causeNames {
		if name == s && name != "" {
			return Cause(c), true
		}
	}
	return 0, false
}

// Error says that a question could not be answered, and why. It is comparable.
//
// It implements net.Error with Temporary always true, because it never means
// that a record is missing: go-msgauth, which asks Temporary without
// errors.As, would else report a key as absent when its server failed.
type Error struct {
	Key    Key
	Cause  Cause
	Server string // the server that failed us last, "" if none was asked
	Detail string // what else is known, in words; may hold text from the network
}

// Error returns one line: what was asked, of whom, and what went wrong.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s", e.Key, e.Cause)
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	if e.Server != "" {
		s += " from " + e.Server
	}
	return s
}

// Timeout reports whether no answer came in time.
func (e *Error) Timeout() bool { return e.Cause == Timeout }

// Temporary returns true: a failure is never an absence.
func (e *Error) Temporary() bool { return true }

// AsError returns the [*Error] in err's chain, or nil.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
