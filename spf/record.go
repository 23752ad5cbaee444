// Package spf reads, evaluates and explains SPF records (RFC 7208).
//
// [Parse] keeps a record's text and names every mistake with its place,
// [Evaluate] is check_host() with a trace of each decision, and [Expand] is the
// tree of everything that a record leads to, whoever the sender is.
package spf

import (
	"net/netip"
	"strings"
)

// Span is a part of a text, in octets: text[Start:End].
type Span struct{ Start, End int }

// Of returns the part of text that the span names, "" if it lies outside.
func (s Span) Of(text string) string {
	if s.Start < 0 || s.End > len(text) || s.Start > s.End {
		return ""
	}
	return text[s.Start:s.End]
}

// Len returns the number of octets.
func (s Span) Len() int { return s.End - s.Start }

// Kind says which mechanism or modifier a term is.
type Kind uint8

// The kinds of terms. Broken is a term whose name is none of the others'.
const (
	KindBroken Kind = iota
	KindAll
	KindInclude
	KindA
	KindMX
	KindPTR
	KindIP4
	KindIP6
	KindExists
	KindRedirect
	KindExp
	KindUnknownModifier
)

var kindNames = [...]string{
	KindBroken: "broken", KindAll: "all", KindInclude: "include", KindA: "a", KindMX: "mx", KindPTR: "ptr",
	KindIP4: "ip4", KindIP6: "ip6", KindExists: "exists", KindRedirect: "redirect", KindExp: "exp",
	KindUnknownModifier: "unknown modifier",
}

// String returns the canonical name, as a record has it where there is one.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// Mechanism reports whether terms of this kind are mechanisms, not modifiers.
func (k Kind) Mechanism() bool { return KindAll <= k && k <= KindExists }

// Counts reports whether evaluating such a term costs one of the ten DNS
// lookups (RFC 7208 §4.6.4).
func (k Kind) Counts() bool {
	switch k {
	case KindInclude, KindA, KindMX, KindPTR, KindExists, KindRedirect:
		return true
	}
	return false
}

// Qualifier is the result of a mechanism that matches, as the record writes it
// (RFC 7208 §4.6.2).
type Qualifier byte

// The qualifiers.
const (
	QualifierPass     Qualifier = '+'
	QualifierFail     Qualifier = '-'
	QualifierSoftFail Qualifier = '~'
	QualifierNeutral  Qualifier = '?'
)

// Result returns what an evaluation gives when a mechanism with q matches.
func (q Qualifier) Result() Result {
	switch q {
	case QualifierFail:
		return Fail
	case QualifierSoftFail:
		return SoftFail
	case QualifierNeutral:
		return Neutral
	}
	return Pass
}

// String returns the character.
func (q Qualifier) String() string { return string(rune(q)) }

// NoCIDR is the value of [Term.CIDR4] and [Term.CIDR6] where none is written.
const NoCIDR = -1

// Term is one directive or modifier of a record. All spans are into the
// record's text. What a broken term does not have is the zero value.
type Term struct {
	Kind  Kind
	Valid bool   // no syntax error is in this term
	Span  Span   // the whole term, without the blanks around it
	Text  string // as written

	Qualifier Qualifier // of a mechanism; '+' where none is written
	Explicit  bool      // the qualifier is written

	Name     string // as written, without qualifier and separator
	NameSpan Span

	// Domain is the domain-spec as written, or an unknown modifier's value.
	Domain     string
	DomainSpan Span // empty, at the name's end, where no domain-spec is written

	// Prefix is the network of ip4 and ip6, masked. The address as written is
	// AddrSpan of the record's text.
	Prefix   netip.Prefix
	AddrSpan Span

	CIDR4, CIDR6         int  // of a, mx, ip4 and ip6, or [NoCIDR]
	CIDR4Span, CIDR6Span Span // with the slashes
}

// HasDomain reports whether the term has a domain-spec of its own, so that it
// is not about the domain of the record.
func (t Term) HasDomain() bool { return t.Domain != "" }

// Bits4 returns how many bits of an IPv4 address must agree.
func (t Term) Bits4() int { return orDefault(t.CIDR4, 32) }

// Bits6 returns how many bits of an IPv6 address must agree.
func (t Term) Bits6() int { return orDefault(t.CIDR6, 128) }

func orDefault(cidr, full int) int {
	if cidr == NoCIDR {
		return full
	}
	return cidr
}

// Record is a parsed SPF record. Parsing is lossless: Text returns the input.
type Record struct {
	text   string
	all    int     // the index of the first all mechanism, plus one; 0 without
	Terms  []Term  // in the order written, broken ones included
	Errors []Fault // syntax errors: with any of them each evaluation is permerror
	Doubts []Fault // right by the grammar, but hardly what its author meant
}

// Text returns the record as it was parsed.
func (r Record) Text() string { return r.text }

// Valid reports whether the record has no syntax error.
func (r Record) Valid() bool { return len(r.Errors) == 0 }

// All returns the index of the first all mechanism, or -1.
func (r Record) All() int { return r.all - 1 }

// Redirect returns the index of the redirect modifier, or -1. With an all
// mechanism anywhere in the record it is ignored (RFC 7208 §6.1).
func (r Record) Redirect() int { return r.first(KindRedirect) }

// Exp returns the index of the exp modifier, or -1.
func (r Record) Exp() int { return r.first(KindExp) }

func (r Record) first(k Kind) int {
	for i := range r.Terms {
		if r.Terms[i].Kind == k {
			return i
		}
	}
	return -1
}

// Reached reports whether an evaluation can come to term i: not a mechanism
// after all (RFC 7208 §5.1), nor a redirect beside one (§6.1). It is true for
// the modifiers that act on the whole record.
func (r Record) Reached(i int) bool {
	all := r.All()
	if all < 0 {
		return true
	}
	switch k := r.Terms[i].Kind; {
	case k == KindRedirect:
		return false
	case k.Mechanism(), k == KindBroken:
		return i <= all
	}
	return true
}

// String returns the canonical form: names, domains and addresses in their
// usual spelling, one blank between terms, no "+" and no prefix length that is
// the default. Broken terms stay as written.
func (r Record) String() string {
	var b strings.Builder
	b.WriteString("v=spf1")
	for _, t := range r.Terms {
		b.WriteByte(' ')
		b.WriteString(t.String())
	}
	return b.String()
}
