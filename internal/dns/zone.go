package dns

import (
	"fmt"
	"maps"
	"slices"
)

// Zones answers from zone text, as servers of these zones and a resolver behind
// them would: CNAME records are followed from zone to zone, wildcards apply, and
// what lies outside, or was delegated to others, is refused. A Zones does not
// change after it was made and is safe for concurrent use.
type Zones struct {
	entries []entry // in the order of the text
	faults  map[Key]Cause
	signed  map[Name]bool   // zones whose answers are said to be validated
	apexes  map[Name]Record // the SOA record of each zone
	sets    map[Key][]Record
	unread  map[Key]bool  // sets of types that have no Data
	nodes   map[Name]bool // every owner and all names above it
}

// entry is a record and the line that holds it.
type entry struct {
	Record      // Data is nil if the type has none
	Type   Type // also of a record without Data
	at     position
}

func (e entry) key() Key { return Key{e.Name, e.Type} }

const (
	anyType Type = 0 // in Zones.faults: every type

	typeDNAME Type = 39

	maxZoneRecords = 1 << 18
	maxZoneNodes   = 1 << 20
)

// ParseZones reads master-file text (RFC 1035 §5.1) that holds any number of
// zones: each SOA record starts one, and a record belongs to the deepest zone
// that encloses it. The name file is for errors, which begin with file and line.
//
// $ORIGIN, $TTL and $GENERATE are understood, $INCLUDE is not. Records before
// any TTL get 3600 s, and so do those of a $GENERATE without its own TTL.
// Records of types that have no [Data] only make their names exist. Refused are
// texts that name servers refuse, such as a CNAME record beside other data, and
// character-strings of over 255 octets.
//
// Comments that begin with "!" plan faults:
//
//	;! servfail NAME TYPE
//
// makes that question fail with cause ServFail; timeout, refused and malformed
// are the other words. NAME is absolute, TYPE may be ANY. The comment
//
//	;! signed ZONE
//
// makes answers from that zone [Answer.Secure], as if a resolver had validated
// them.
func ParseZones(text, file string) (*Zones, error) {
	return ParseZonesAt(text, file, "")
}

// ParseZonesAt is [ParseZones] for text whose relative names belong to origin
// until its first $ORIGIN, as in files whose zone a server's configuration
// names. An empty origin is none.
func ParseZonesAt(text, file string, origin Name) (*Zones, error) {
	marks, err := scanText(text, file)
	if err != nil {
		return nil, err
	}
	entries, err := readEntries(text, file, origin, marks.long)
	if err != nil {
		return nil, err
	}
	return newZones(entries, marks.faults, marks.signed)
}

// MergeZones returns one Zones that answers for all of zs, as if their texts
// were one. It fails when two of them hold the same zone with different SOA
// records, or conflicting records.
func MergeZones(zs ...*Zones) (*Zones, error) {
	var entries []entry
	faults, signed := map[Key]Cause{}, map[Name]bool{}
	for _, z := range zs {
		entries = append(entries, z.entries...)
		maps.Copy(faults, z.faults)
		maps.Copy(signed, z.signed)
	}
	return newZones(entries, faults, signed)
}

func newZones(entries []entry, faults map[Key]Cause, signed map[Name]bool) (*Zones, error) {
	z := &Zones{
		faults: faults,
		signed: signed,
		apexes: map[Name]Record{},
		sets:   map[Key][]Record{},
		unread: map[Key]bool{},
		nodes:  map[Name]bool{},
	}
	if err := z.findApexes(entries); err != nil {
		return nil, err
	}
	type content struct {
		name Name
		data Data
	}
	seen := map[content]bool{}
	for _, e := range entries {
		if c := (content{e.Name, e.Data}); e.Data != nil {
			if seen[c] { // RFC 2181 §5: a set holds no record twice
				continue
			}
			seen[c] = true
		}
		if err := z.add(e); err != nil {
			return nil, err
		}
	}
	if err := z.checkAliases(); err != nil {
		return nil, err
	}
	for k, set := range z.sets {
		z.sets[k] = tidy(set)
	}
	return z, nil
}

func (z *Zones) findApexes(entries []entry) error {
	for _, e := range entries {
		if e.Type != TypeSOA {
			continue
		}
		if first, ok := z.apexes[e.Name]; ok && first.Data != e.Data {
			return e.at.errorf("second SOA record of zone %s", e.Name)
		}
		z.apexes[e.Name] = e.Record
	}
	return nil
}

func (z *Zones) add(e entry) error {
	if _, ok := z.zoneOf(e.Name); !ok {
		return e.at.errorf("%s is in no zone: no SOA record at it or above it", e.Name)
	}
	z.entries = append(z.entries, e)
	if e.Data == nil {
		z.unread[e.key()] = true
	} else {
		z.sets[e.key()] = append(z.sets[e.key()], e.Record)
	}
	for n := e.Name; !z.nodes[n]; n = n.Parent() {
		z.nodes[n] = true
	}
	if len(z.entries) > maxZoneRecords || len(z.nodes) > maxZoneNodes {
		return e.at.errorf("more than %d records or %d names", maxZoneRecords, maxZoneNodes)
	}
	return nil
}

// checkAliases refuses CNAME records beside other data.
func (z *Zones) checkAliases() error {
	for _, e := range z.entries {
		aliases := z.sets[Key{e.Name, TypeCNAME}]
		switch {
		case len(aliases) == 0 || besideAlias(e.Type):
		case e.Type != TypeCNAME: // RFC 1034 §3.6.2
			return e.at.errorf("%s has a CNAME record and can hold no %s record", e.Name, e.Type)
		case e.Data != aliases[0].Data: // RFC 2181 §10.1
			return e.at.errorf("%s has two CNAME records", e.Name)
		}
	}
	return nil
}

// besideAlias reports whether a type may stand beside a CNAME record: the
// signature types of RFC 4034 §3 and §4, and those that came before them.
func besideAlias(t Type) bool {
	return slices.Contains([]Type{24, 25, 30, 46, 47}, t)
}

// Apexes returns the names of the zones, sorted.
func (z *Zones) Apexes() []Name { return slices.Sorted(maps.Keys(z.apexes)) }

// Records returns the records of one zone in the order of the text, without
// those whose type has no [Data].
func (z *Zones) Records(zone Name) []Record {
	var records []Record
	for _, e := range z.entries {
		if apex, _ := z.zoneOf(e.Name); apex == zone && e.Data != nil {
			records = append(records, e.Record)
		}
	}
	return records
}

// zoneOf returns the apex of the deepest zone that encloses a name.
func (z *Zones) zoneOf(n Name) (apex Name, ok bool) {
	for {
		if _, ok := z.apexes[n]; ok {
			return n, true
		}
		if n == Root {
			return "", false
		}
		n = n.Parent()
	}
}

// position is a line of a named text.
type position struct {
	file string
	line int
}

func (p position) errorf(format string, args ...any) error {
	at := fmt.Sprintf("line %d", p.line)
	if p.file != "" {
		at = fmt.Sprintf("%s:%d", p.file, p.line)
	}
	return fmt.Errorf("%s: %w", at, fmt.Errorf(format, args...))
}
