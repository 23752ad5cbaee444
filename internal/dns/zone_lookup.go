package dns

import "context"

// zoneServer is Answer.Server of a Zones.
const zoneServer = "zone"

// Lookup answers from the zones. Questions outside them, below a delegation to
// zones that are not here, or along a CNAME chain that leads there, fail with
// cause Refused: the text does not know.
func (z *Zones) Lookup(_ context.Context, name Name, t Type) (Answer, error) {
	asked := Key{name, t}
	a := Answer{Server: zoneServer, Secure: true}
	for target := name; ; target = a.Target(name) {
		s, failed := z.find(Key{target, t})
		if failed != nil {
			return Answer{}, aboutTarget(failed, asked)
		}
		apex, _ := z.zoneOf(target)
		a.Secure = a.Secure && z.signed[apex]
		if s.alias == nil {
			a.Records, a.Exists, a.Negative = s.records, s.exists, s.negative
			return a, nil
		}
		a.Chain = append(a.Chain, *s.alias)
		if detail := loop(name, a.Chain); detail != "" {
			return Answer{}, &Error{Key: asked, Cause: Loop, Server: zoneServer, Detail: detail}
		}
	}
}

// step is what one name says to a question: an alias, records, or neither.
type step struct {
	alias    *Record
	records  []Record
	exists   bool
	negative *Record
}

// find answers for one name, aliases not followed (RFC 1034 §4.3.2).
func (z *Zones) find(k Key) (step, *Error) {
	if cause, ok := z.fault(k); ok {
		return step{}, &Error{Key: k, Cause: cause, Server: zoneServer, Detail: "planned fault"}
	}
	// RFC 6895 §3.1: 128 to 255 are questions and meta data, no records.
	if k.Type >= 128 && k.Type <= 255 {
		return step{}, &Error{Key: k, Cause: Malformed, Server: zoneServer, Detail: "not a type of record"}
	}
	apex, ok := z.zoneOf(k.Name)
	if !ok {
		return step{}, z.refuse(k, "outside the zones")
	}
	if detail := z.cut(k.Name, apex); detail != "" {
		return step{}, z.refuse(k, detail)
	}
	source, ok := z.source(k.Name)
	if !ok {
		return step{negative: z.negative(apex)}, nil
	}
	if source != k.Name {
		if other, _ := z.zoneOf(source); other != apex {
			return step{}, z.refuse(k, "the wildcard is a zone of its own")
		}
		if detail := z.cut(source, apex); detail != "" {
			return step{}, z.refuse(k, detail)
		}
	}
	return z.step(k, source, apex)
}

// step reads the sets at source, which is the name asked for or its wildcard.
func (z *Zones) step(k Key, source, apex Name) (step, *Error) {
	if z.unread[Key{source, k.Type}] {
		return step{}, &Error{Key: k, Cause: Malformed, Server: zoneServer, Detail: "records of this type are not read"}
	}
	s := step{exists: true, records: owned(z.sets[Key{source, k.Type}], k.Name)}
	if len(s.records) > 0 {
		return s, nil
	}
	if alias := owned(z.sets[Key{source, TypeCNAME}], k.Name); len(alias) > 0 {
		return step{alias: &alias[0]}, nil
	}
	s.negative = z.negative(apex)
	return s, nil
}

// owned returns a copy of a set with another owner: RFC 4592 §2.2.1, wildcard
// records take the name that was asked for.
func owned(set []Record, owner Name) []Record {
	var records []Record
	for _, r := range set {
		r.Name = owner
		records = append(records, r)
	}
	return records
}

// source returns the name whose sets answer for n: n itself if it exists, else
// the wildcard at its closest encloser (RFC 4592 §3.3.1). It is false if there
// is none.
func (z *Zones) source(n Name) (source Name, ok bool) {
	if z.nodes[n] {
		return n, true
	}
	encloser := n.Parent()
	for !z.nodes[encloser] { // ends at the zone's apex
		encloser = encloser.Parent()
	}
	source, err := encloser.Child("*")
	return source, err == nil && z.nodes[source]
}

// cut says why a name of the zone at apex is not for this zone to answer, "" if
// it is.
func (z *Zones) cut(n, apex Name) string {
	for above := n; ; above = above.Parent() {
		if above != n && z.unread[Key{above, typeDNAME}] { // RFC 6672 §2.3
			return "below the DNAME record of " + above.String()
		}
		if above == apex {
			return ""
		}
		if len(z.sets[Key{above, TypeNS}]) > 0 {
			return "delegated at " + above.String()
		}
	}
}

func (z *Zones) fault(k Key) (cause Cause, ok bool) {
	if cause, ok = z.faults[k]; !ok {
		cause, ok = z.faults[Key{k.Name, anyType}]
	}
	return cause, ok
}

func (z *Zones) refuse(k Key, detail string) *Error {
	return &Error{Key: k, Cause: Refused, Server: zoneServer, Detail: detail}
}

// negative is the SOA record as it comes with an empty answer.
func (z *Zones) negative(apex Name) *Record {
	soa := z.apexes[apex]
	// RFC 2308 §3: the lesser of its TTL and its minimum field.
	soa.TTL = min(soa.TTL, soa.Data.(SOA).Minimum)
	return &soa
}

// exists reports whether a set is at or below n, other than those that are gone.
func (z *Zones) exists(n Name, gone func(Key) bool) bool {
	for _, e := range z.entries {
		if e.Name.Below(n) && !gone(e.key()) {
			return true
		}
	}
	return false
}

// Ask answers for every server: each gives what the zones hold, without
// following aliases if it is asked as an authority.
func (z *Zones) Ask(ctx context.Context, q Question) (Answer, error) {
	if q.Source == Given || q.Source == Trusted {
		return z.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	s, failed := z.find(q.Key)
	if failed != nil {
		return Answer{}, failed
	}
	if s.alias != nil {
		return Answer{Chain: []Record{*s.alias}, Exists: true, Server: zoneServer}, nil
	}
	return Answer{Records: s.records, Exists: s.exists, Negative: s.negative, Server: zoneServer}, nil
}
