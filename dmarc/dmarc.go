// Package dmarc reads DMARC policy records and finds the one that applies to
// mail from a domain (RFC 9989).
//
// [Parse] reads one record and keeps every octet of it. [Discover] walks the
// DNS tree for an author domain, [Judge] says what the policy makes of a
// message whose SPF and DKIM results are known, [Destinations] says who may be
// sent reports. [Discover7489] is the view of a receiver that has not moved on
// from RFC 7489 and the public suffix list.
package dmarc

import (
	"strings"

	"sendplan/internal/dns"
)

// Policy is what a domain owner asks receivers to do with mail that fails.
type Policy uint8

// The policies; [None] to [Reject] are in rising order of strictness.
const (
	NoPolicy   Policy = iota // no policy applies: not the same as p=none
	None                     // nothing, send reports
	Quarantine               // treat as suspicious
	Reject                   // refuse
	Unknown                  // the DNS did not tell
)

var policyNames = [...]string{"", "none", "quarantine", "reject", "unknown"}

// String returns the policy as it is written in a record, "unknown", or "" for
// [NoPolicy].
func (p Policy) String() string { return policyNames[p] }

// lower returns the policy one level below (RFC 9989 §4.7, tag t).
func (p Policy) lower() Policy {
	if p == Quarantine || p == Reject {
		return p - 1
	}
	return p
}

// parsePolicy reads a value of p, sp or np. RFC 9989 §4.8 gives the values as
// ABNF literals, which match in any case (RFC 5234 §2.3).
func parsePolicy(s string) (Policy, bool) {
	for p := None; p <= Reject; p++ {
		if strings.EqualFold(s, policyNames[p]) {
			return p, true
		}
	}
	return NoPolicy, false
}

// Mode is how closely an identifier must match the author domain.
type Mode uint8

// The alignment modes of adkim and aspf.
const (
	Relaxed Mode = iota // the same organizational domain
	Strict              // the same name
)

// String returns "r" or "s", as in a record.
func (m Mode) String() string {
	if m == Strict {
		return "s"
	}
	return "r"
}

// PSD is a record's say on the place of its name in the tree (RFC 9989 §4.7).
type PSD uint8

// The values of the tag psd.
const (
	PSDUnset PSD = iota // u, the default: the walk decides
	PSDYes              // y: this name is a public suffix
	PSDNo               // n: this name is an organizational domain
)

// String returns "u", "y" or "n", as in a record.
func (p PSD) String() string { return string("uyn"[p]) }

// Source says at which of the three places the policy was found.
type Source uint8

// The places, in the order of preference of RFC 9989 §4.10.1.
const (
	FromNowhere Source = iota // no DMARC policy applies
	FromAuthor                // at the author domain itself
	FromOrg                   // at its organizational domain
	FromPSD                   // at the public suffix above it
	FromUnknown               // the DNS did not tell
)

var sourceNames = [...]string{"none", "author", "org", "psd", "unknown"}

// String returns "none", "author", "org", "psd" or "unknown".
func (s Source) String() string { return sourceNames[s] }

// Existence says whether the author domain exists, which decides between sp and
// np.
type Existence uint8

// The answers.
const (
	NotNeeded      Existence = iota // not asked: it decides nothing
	Exists                          // the name exists, whatever it holds
	DoesNotExist                    // NXDOMAIN
	ExistsNotKnown                  // the DNS did not tell
)

var existenceNames = [...]string{"not needed", "exists", "does not exist", "unknown"}

// String returns the answer in words.
func (e Existence) String() string { return existenceNames[e] }

// Rule says how an organizational domain was determined.
type Rule uint8

// The rules of RFC 9989 §4.10.2 in their order, and that of RFC 7489 §3.2.
const (
	RuleUnknown      Rule = iota // the DNS did not tell
	RulePSDNo                    // a record with psd=n stands there
	RuleBelowPSD                 // one label below a record with psd=y
	RuleFewestLabels             // of the records found, its name is the shortest
	RuleStart                    // no record was found: the name itself
	RulePublicSuffix             // one label below the public suffix
)

var ruleNames = [...]string{
	"unknown", "psd=n", "one label below psd=y", "record with the fewest labels",
	"no record found: the name itself", "one label below the public suffix",
}

// String returns the rule in words.
func (r Rule) String() string { return ruleNames[r] }

// Step is one query of a tree walk and what became of its answer.
type Step struct {
	Domain dns.Name     // the name whose policy was asked for
	Name   dns.Name     // what was asked, _dmarc.Domain; "" if that is too long for a name and so cannot exist
	Chain  []dns.Record // CNAMEs followed: the policy is delegated
	Exists bool         // false: NXDOMAIN
	Texts  []Text       // TXT records seen, in the order of the answer
	Kept   bool         // exactly one of Texts is a DMARC record: Record
	Record Record       // of a Kept step
	Err    *dns.Error   // why the question could not be answered
}

// Text is one TXT record seen at a _dmarc name.
type Text struct {
	Text string
	Fate Fate
}

// Fate says what a walk did with a TXT record.
type Fate uint8

// The fates.
const (
	Kept     Fate = iota // the one DMARC record of its name
	Several              // a DMARC record, but not the only one: all are dropped
	NearMiss             // not a DMARC record, though meant to be one
	Foreign              // something else, ignored
)

var fateNames = [...]string{"kept", "dropped: more than one DMARC record", "not a valid DMARC record", "no DMARC record"}

// String returns the fate in words.
func (f Fate) String() string { return fateNames[f] }

// Discovery is what a receiver finds out about an author domain.
type Discovery struct {
	Author dns.Name
	Walk   []Step // every query, in order

	Org     dns.Name   // the organizational domain; "" if OrgRule is RuleUnknown
	OrgRule Rule       // how it was determined
	OrgErr  *dns.Error // of RuleUnknown: a failure that matters

	Source       Source
	PolicyDomain dns.Name // where Record was found; "" if none applies or it is not known
	Record       Record   // set even if its policy cannot be used and Source is FromNowhere
	Tag          string   // which tag gives Policy: "p", "sp" or "np"; "" if that is not known, or none does
	Existence    Existence

	Policy    Policy     // as the record says it
	Effective Policy     // as receivers apply it: after t=y (RFC 9989), or pct=0 (RFC 7489)
	PCT       int        // percentage of failing mail that Effective is for; always 100 by RFC 9989
	Err       *dns.Error // why Source, Policy or Effective is not known
}
