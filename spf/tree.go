package spf

import (
	"net/netip"

	"sendplan/internal/dns"
)

// Validity is what can be said about a domain's SPF without a message.
type Validity string

// The validities of a [Tree].
const (
	NoRecord      Validity = "none"      // the domain has no SPF record
	Valid         Validity = "valid"     // each message gets a result other than permerror
	PermanentErr  Validity = "permerror" // messages that no earlier term matches get permerror
	UnknownErrors Validity = "temperror" // something could not be asked, so it is not known
)

// State is what became of one term of a [Tree].
type State string

// The states of a [Node].
const (
	StateOK        State = "ok"
	StateVoid      State = "void"              // asked, and neither family has an address there
	StateNone      State = "none"              // include or redirect of a name without an SPF record: permerror
	StatePermError State = "permerror"         // the term, or what it leads to, is permerror
	StateTempError State = "temperror"         // the term, or what it leads to, could not be asked
	StateLoop      State = "loop"              // the target is a record that is being evaluated: permerror
	StateSender    State = "depends-on-sender" // the questions depend on the message (macros, ptr)
	StateIgnored   State = "ignored"           // after all, redirect beside all, exp, unknown modifier
	StateTruncated State = "truncated"         // not followed, because the tree grew too large
)

// Tree is a domain's SPF record and everything it leads to. It is complete even
// when a limit is exceeded, up to 200 lookups and a depth of 20.
type Tree struct {
	Domain    dns.Name
	Selection Selection // what the TXT records at the domain are
	Result    Validity
	Counts         // for a message that no term matches
	Truncated bool // the tree was cut
	Problems  []Problem
	Root      *Node // the domain's own record
}

// Counts is what evaluating a term, or a whole tree, costs.
type Counts struct {
	Lookups int // terms that ask the DNS
	Voids4  int // lookups without an answer, for an IPv4 client
	Voids6  int // the same for an IPv6 client

	// Lookups, or Voids4 and Voids6, are lower bounds: something could not be
	// asked, depends on the sender, or has no end.
	Partial      bool
	PartialVoids bool
}

// Node is the record of a tree's root, or one term.
type Node struct {
	Domain dns.Name // whose record holds the term; the tree's domain at the root
	Parent *Record  // that record; nil at the root
	Term   Term     // zero at the root
	State  State
	Note   string // the state in words, "" where it needs none
	Beyond bool   // ten lookups are spent before this term: evaluations do not get here
	Err    *dns.Error

	Cost   int // 1 for a term that asks the DNS, 0 for others and for ignored ones
	Counts     // with everything below

	Target    dns.Name  // the name that the term asks for, "" if none or not known
	Selection Selection // at the target of include and redirect, and at the root
	Record    *Record   // the record there, nil if there is not exactly one
	Children  []*Node   // that record's terms, in the order written
	Hosts     []Host    // what a, mx and exists found
}

// Host is a name that was asked for its addresses.
type Host struct {
	Name       dns.Name
	V4, V6     []netip.Addr
	Err4, Err6 *dns.Error
}

// ProblemKind names what is wrong with a record or with what it leads to.
type ProblemKind string

// The kinds of problems.
const (
	ProblemSyntax      ProblemKind = "syntax"
	ProblemMultiple    ProblemKind = "multiple-records"
	ProblemIncludeNone ProblemKind = "include-none"
	ProblemRedirect    ProblemKind = "redirect-none"
	ProblemLoop        ProblemKind = "loop"
	ProblemLookups     ProblemKind = "too-many-lookups"
	ProblemMXHosts     ProblemKind = "too-many-mx-hosts"
	ProblemVoids       ProblemKind = "too-many-voids"
	ProblemVoids6      ProblemKind = "too-many-voids-ipv6" // for IPv6 clients only
	ProblemUnanswered  ProblemKind = "unanswered"          // a question could not be answered
	ProblemTruncated   ProblemKind = "truncated"
)

// Problem is one reason why an evaluation cannot give a result.
type Problem struct {
	Kind    ProblemKind
	Domain  dns.Name // whose record it is in
	Record  string   // that record, "" if there is none
	Span    Span     // the place in it; empty if it is about the whole record
	Message string
	Err     *dns.Error // of [ProblemUnanswered]
}
