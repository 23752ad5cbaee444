package authority

import (
	"cmp"
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// Set is a record set as all authoritative servers of its zone hold it.
type Set struct {
	Key  dns.Key
	Zone dns.Name // apex of the zone that holds it
	// Records are sorted by their text; the TTL is the zone's own, the largest
	// where the servers differ in nothing else.
	Records []dns.Record
	Alias   *dns.Record // the CNAME record that stands there instead
	Exists  bool        // the name exists, by itself or through a wildcard
	// Wildcard: what the servers answer is what they answer for any name that
	// nobody has. Records and Alias are empty then: no such set is in the zone.
	Wildcard bool
	// Materialise are the wildcard's records with this owner, which go as soon
	// as any set stands at the name. A CNAME record among them is what cannot be
	// kept beside another set.
	Materialise []dns.Record
	Delegated   bool     // the zone is one below that of the own or registered domain
	Notes       []string // what is worth telling, in words
	// Differs tells, in words, which server has what if they differ, and Err why
	// the set could not be read from all of them. If either is there nothing may
	// be planned at this name, and the fields above mean nothing.
	Differs string
	Err     *dns.Error
}

// Problem returns why nothing may be planned on the set, in words, or "".
func (s Set) Problem() string {
	switch {
	case s.Err != nil:
		return s.Err.Error()
	case s.Differs != "":
		return fmt.Sprintf("the authoritative servers differ about %s: %s", s.Key, s.Differs)
	}
	return ""
}

// maxRecords is how many records of one set are taken.
const maxRecords = 500

// Set reads a record set.
func (a *Reader) Set(k dns.Key) Set {
	if s, ok := a.sets[k]; ok {
		return s
	}
	s := a.readSet(k)
	a.sets[k] = s
	return s
}

func (a *Reader) readSet(k dns.Key) Set {
	z := a.Zone(k.Name)
	s := Set{Key: k, Zone: z.Apex}
	if z.Err != nil {
		s.Err = about(k, z.Err)
		return s
	}
	s.Delegated = z.Apex != a.from(a.home(k.Name)).Apex
	got := a.all(z.Servers, k)
	if s.Notes, s.Err = got.complete(k); s.Err != nil {
		return s
	}
	if s.Differs = got.differs(); s.Differs != "" {
		return s
	}
	records := s.merge(got)
	if s.Err = refuse(k, got, records); s.Err != nil || len(records) == 0 {
		return s
	}
	var masked bool
	if masked, s.Err = a.masked(k, records, z); s.Err != nil {
		return s
	}
	s.put(records, masked)
	return s
}

// merge returns the records that the servers agree on, each with the largest of
// its TTLs.
func (s *Set) merge(got answers) []dns.Record {
	ttls := map[dns.Data]uint32{}
	var records []dns.Record
	uneven := false
	for _, n := range got {
		if n.err != nil {
			continue
		}
		s.Exists = s.Exists || n.said.Exists
		for _, r := range held(n.said) {
			ttl, seen := ttls[r.Data]
			if !seen {
				records = append(records, r)
			}
			uneven = uneven || seen && ttl != r.TTL
			ttls[r.Data] = max(ttl, r.TTL)
		}
	}
	for i, r := range records {
		records[i].TTL = ttls[r.Data]
	}
	slices.SortFunc(records, func(a, b dns.Record) int { return cmp.Compare(a.Data.String(), b.Data.String()) })
	if uneven {
		s.Notes = append(s.Notes, "the authoritative servers have different TTLs for "+s.Key.String()+", the largest counts")
	}
	return records
}

// put sets what the records are to the name.
func (s *Set) put(records []dns.Record, masked bool) {
	switch {
	case masked:
		s.Wildcard, s.Materialise = true, records
	case records[0].Data.Type() != s.Key.Type:
		s.Alias = &records[0]
	default:
		s.Records = records
	}
}

// refuse returns why what all servers say cannot be planned on.
func refuse(k dns.Key, got answers, records []dns.Record) *dns.Error {
	for _, n := range got {
		if n.err == nil && len(n.said.Referral) > 0 {
			return &dns.Error{Key: k, Cause: dns.Lame, Server: n.said.Server, Detail: "the servers of the zone refer to others"}
		}
	}
	if len(records) > maxRecords {
		return &dns.Error{Key: k, Cause: dns.Malformed, Detail: fmt.Sprintf("more than %d records", maxRecords)}
	}
	return nil
}
