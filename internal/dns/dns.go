// Package dns asks the DNS and tells apart what it answered, what does not
// exist and what could not be found out.
//
// It is the one package that speaks DNS. Everything else sees a [Resolver]:
// one question in, an [Answer] or an [*Error] out. An Answer is knowledge,
// "nothing there" included; an Error means that the question could not be
// answered and says nothing about what the DNS holds.
//
// [Network] asks authoritative servers as well, by [Question]; [FindAuthority]
// finds them and [Public] shows a zone as they do.
//
// Resolvers compose: [Client] asks name servers, [Cache] asks each question
// once, [Zones] answers from zone text, [Overlay] lays planned record sets
// over another resolver, [Recorder] keeps what was answered and [Replay] gives
// it back.
package dns

import (
	"context"
	"fmt"
)

// Type is a record type by its number in the IANA registry.
type Type uint16

// The record types that sendplan asks for or emits.
const (
	TypeA     Type = 1
	TypeNS    Type = 2
	TypeCNAME Type = 5
	TypeSOA   Type = 6
	TypePTR   Type = 12
	TypeMX    Type = 15
	TypeTXT   Type = 16
	TypeAAAA  Type = 28
	TypeSRV   Type = 33
	TypeTLSA  Type = 52
	TypeCAA   Type = 257
)

var typeNames = map[Type]string{
	TypeA: "A", TypeNS: "NS", TypeCNAME: "CNAME", TypeSOA: "SOA", TypePTR: "PTR", TypeMX: "MX",
	TypeTXT: "TXT", TypeAAAA: "AAAA", TypeSRV: "SRV", TypeTLSA: "TLSA", TypeCAA: "CAA",
}

// String returns the type's mnemonic, or the TYPE123 form of RFC 3597 §5.
func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("TYPE%d", uint16(t))
}

// ParseType reads a mnemonic as [Type.String] prints it; ok is false for a
// type that sendplan does not know.
func ParseType(s string) (t Type, ok bool) {
	for t, name := range typeNames {
		if name == s {
			return t, true
		}
	}
	return 0, false
}

// Key names a record set, and is the question that asks for it.
type Key struct {
	Name Name
	Type Type
}

// String returns the question as people write it: "TXT _dmarc.example.com".
func (k Key) String() string { return k.Type.String() + " " + k.Name.String() }

// Record is one resource record of class IN. Records are comparable.
type Record struct {
	Name Name
	TTL  uint32 // seconds
	Data Data
}

// String returns the record as one line of a zone file, all names absolute.
func (r Record) String() string {
	return fmt.Sprintf("%s %d IN %s %s", r.Name.Zone(), r.TTL, r.Data.Type(), r.Data)
}

// Answer is what the DNS says about one question.
//
// When Records is empty the set does not exist: Exists then tells "no data"
// (the name exists with other types, or below it names exist) from NXDOMAIN.
// With a Chain, both are about the chain's last target.
type Answer struct {
	Chain    []Record // CNAME records followed, in order
	Records  []Record // of the type asked for, at the end of the chain
	Exists   bool     // false: the name, or the chain's last target, does not exist (NXDOMAIN)
	Secure   bool     // the resolver said that it validated the answer (AD, RFC 4035 §3.2.3)
	Negative *Record  // the SOA that came with an empty answer (RFC 2308), if one did
	Server   string   // who answered: "192.0.2.53:53", "zone", ...
	// Referral is set when an authoritative server was asked that answers for
	// others: the NS records of the zone below, and what it knows of their hosts'
	// addresses. Nothing else is set then but Exists and Server.
	Referral []Record
}

// Target returns the name that holds the records: the end of the CNAME chain,
// or the name asked for.
func (a Answer) Target(asked Name) Name {
	if n := len(a.Chain); n > 0 {
		return a.Chain[n-1].Data.(CNAME).Target
	}
	return asked
}

// Void reports whether the answer holds no record: NXDOMAIN or no data, the
// "void lookup" of RFC 7208 §4.6.4.
func (a Answer) Void() bool { return len(a.Records) == 0 }

// Resolver answers questions. Names are absolute; there is no search list.
//
// An error is always an [*Error] and means that the question could not be
// answered, never that nothing is there.
type Resolver interface {
	Lookup(ctx context.Context, name Name, t Type) (Answer, error)
}

// Change is one whole record set before and after. An empty Old means that the
// set is new, an empty New that it goes.
type Change struct {
	Zone     Name // apex of the zone that holds the set
	Key      Key
	Old, New []Record
	Why      []string // what it is for, in words for people
}

// TTL returns that of a set, which all its records share (RFC 2181 §5.2); 0 of an
// empty one.
func TTL(set []Record) uint32 {
	if len(set) == 0 {
		return 0
	}
	return set[0].TTL
}
