package dmarc

import "sendplan/internal/dns"

// Result is the outcome of SPF or DKIM, as far as DMARC cares.
type Result uint8

// The results.
const (
	NotPass   Result = iota // anything but a pass, and certain
	Pass                    // the domain is authenticated
	Temporary               // could not be found out
)

var resultNames = [...]string{"no pass", "pass", "unknown"}

// String returns the result in words.
func (r Result) String() string { return resultNames[r] }

// Authenticated is one result of SPF or DKIM and the domain that it is about:
// that of MAIL FROM (of HELO with the null sender), or d= of a signature.
type Authenticated struct {
	Domain dns.Name
	Result Result
}

// Status is the outcome of DMARC for a message.
type Status uint8

// The outcomes.
const (
	StatusNone    Status = iota // no policy applies
	StatusPass                  // an aligned identifier passed
	StatusFail                  // none did
	StatusUnknown               // the DNS did not tell
)

var statusNames = [...]string{"none", "pass", "fail", "unknown"}

// String returns "none", "pass", "fail" or "unknown".
func (s Status) String() string { return statusNames[s] }

// Alignment is one authenticated identifier held against the author domain.
type Alignment struct {
	Authenticated
	Mode    Mode
	Aligned Answer     // of an identifier that did not pass only as far as the names tell
	Err     *dns.Error // why that is not known, if the DNS is the reason
}

// counts is the identifier's part in the verdict.
func (a Alignment) counts() Answer {
	switch {
	case a.Result == NotPass || a.Aligned == No:
		return No
	case a.Result == Pass && a.Aligned == Yes:
		return Yes
	}
	return NotKnown
}

// Verdict is what DMARC says about a message.
type Verdict struct {
	Status      Status
	SPF         Alignment
	DKIM        []Alignment
	Disposition Policy     // what the domain owner asks for: NoPolicy if the message passes or no policy applies
	Err         *dns.Error // of StatusUnknown: the reason, if it lies in discovery or alignment and not in SPF or DKIM
}

// Judge says what a discovered policy makes of a message (RFC 9989 §5.3.4 to
// 5.3.6). org must be of the same kind as the discovery: [TreeOrg] for
// [Discover], [SuffixOrg] for [Discover7489].
//
// Judge asks the DNS only through org, and only about identifiers that passed,
// or may have. A question that failed but could not change the outcome is not
// one that "was required" in the sense of §5.3.6.
func Judge(d Discovery, spf Authenticated, dkim []Authenticated, org OrgFunc) Verdict {
	v := Verdict{SPF: d.align(spf, d.Record.ASPF, org)}
	best := v.SPF.counts()
	why := v.SPF.Err
	for _, k := range dkim {
		a := d.align(k, d.Record.ADKIM, org)
		v.DKIM = append(v.DKIM, a)
		best = better(best, a.counts())
		if why == nil {
			why = a.Err
		}
	}
	switch {
	case d.Source == FromNowhere:
		v.Status = StatusNone
	case d.Source == FromUnknown:
		v.Status, v.Disposition, v.Err = StatusUnknown, Unknown, d.Err
	case best == Yes:
		v.Status = StatusPass
	case best == No:
		v.Status, v.Disposition = StatusFail, d.Effective
	default:
		v.Status, v.Disposition, v.Err = StatusUnknown, Unknown, why
		if d.Effective == None {
			v.Disposition = None // pass or fail, nothing is asked for
		}
	}
	return v
}

// better prefers yes to not known, and that to no.
func better(a, b Answer) Answer {
	if a == Yes || b == Yes {
		return Yes
	}
	return max(a, b)
}

// align holds one identifier against the author domain.
func (d Discovery) align(id Authenticated, mode Mode, org OrgFunc) Alignment {
	a := Alignment{Authenticated: id, Mode: mode, Aligned: NotKnown}
	if d.Source == FromNowhere || d.Source == FromUnknown {
		a.Aligned = compare(id.Domain, d.Author, Relaxed) // the mode is not known
		return a
	}
	a.Aligned = compare(id.Domain, d.Author, mode)
	if a.Aligned != NotKnown || id.Result == NotPass {
		return a
	}
	ok, err := Aligned(id.Domain, d.Author, mode, org)
	switch {
	case err != nil:
		a.Err = failure(err, dns.Key{})
	case ok:
		a.Aligned = Yes
	default:
		a.Aligned = No
	}
	return a
}
