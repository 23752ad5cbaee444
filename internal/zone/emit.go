package zone

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// Emit writes a batch in a form, reads back what it wrote where that form can be
// read, and compares it with the plan: names, types, TTLs and the exact data.
// If they differ it returns an error and nothing else.
func Emit(f Form, b Batch, o Options) ([]byte, error) {
	if err := check(b); err != nil {
		return nil, fmt.Errorf("zone %s: %w", b.Zone, err)
	}
	var out bytes.Buffer
	if err := f.Write(&out, b, o); err != nil {
		return nil, fmt.Errorf("zone %s as %s: %w", b.Zone, f.Name, err)
	}
	if f.Read == nil {
		return out.Bytes(), nil
	}
	sets, err := f.Read(out.Bytes(), b)
	if err == nil {
		err = compare(sets, b)
	}
	if err != nil {
		return nil, fmt.Errorf("zone %s as %s: what was written is not the plan, so nothing is handed out: %w", b.Zone, f.Name, err)
	}
	return out.Bytes(), nil
}

// compare tells how sets differ from the changes of a batch.
func compare(sets []Set, b Batch) error {
	seen := map[dns.Key]bool{}
	for _, s := range sets {
		if seen[s.Key] {
			return fmt.Errorf("%s is there twice", s.Key)
		}
		seen[s.Key] = true
		at := slices.IndexFunc(b.Changes, func(c dns.Change) bool { return c.Key == s.Key })
		switch {
		case at < 0:
			return fmt.Errorf("%s is not planned", s.Key)
		case !sameSet(s.Old, b.Changes[at].Old):
			return fmt.Errorf("%s: old records %v, planned %v", s.Key, s.Old, b.Changes[at].Old)
		case !sameSet(s.New, b.Changes[at].New):
			return fmt.Errorf("%s: new records %v, planned %v", s.Key, s.New, b.Changes[at].New)
		}
	}
	for _, c := range b.Changes {
		if !seen[c.Key] {
			return fmt.Errorf("%s is missing", c.Key)
		}
	}
	return nil
}

// sameSet reports whether two sets hold the same records. Their order means
// nothing (RFC 2181 §5).
func sameSet(a, b []dns.Record) bool { return slices.Equal(sorted(a), sorted(b)) }

func sorted(records []dns.Record) []dns.Record {
	return slices.SortedFunc(slices.Values(records), func(a, b dns.Record) int { return cmp.Compare(a.String(), b.String()) })
}

// maxTTL is the longest TTL (RFC 2181 §8).
const maxTTL = 1<<31 - 1

// check refuses what no host could take, or what would do harm: the forms need
// not think of it then.
func check(b Batch) error {
	if len(b.Changes) == 0 {
		return errors.New("there is nothing to write")
	}
	seen := map[dns.Key]bool{}
	aliases, others := map[dns.Name]bool{}, map[dns.Name]bool{}
	for _, c := range b.Changes {
		if seen[c.Key] {
			return fmt.Errorf("%s is planned twice", c.Key)
		}
		seen[c.Key] = true
		if err := checkChange(c, b.Zone); err != nil {
			return refused(c.Key, err)
		}
		if len(c.New) > 0 && c.Key.Type == dns.TypeCNAME {
			aliases[c.Key.Name] = true
		} else if len(c.New) > 0 {
			others[c.Key.Name] = true
		}
		// RFC 1034 §3.6.2: a name with a CNAME record has no other data.
		if aliases[c.Key.Name] && others[c.Key.Name] {
			return fmt.Errorf("%s would be an alias and have other records", c.Key.Name)
		}
	}
	return nil
}

func checkChange(c dns.Change, zone dns.Name) error {
	apex := c.Key.Name == zone
	switch t := c.Key.Type; {
	case c.Zone != zone || !c.Key.Name.Below(zone):
		return fmt.Errorf("it is not in zone %s", zone)
	case t == dns.TypeSOA, t == dns.TypeNS && apex, t == dns.TypeCNAME && apex:
		return errors.New("this set of a zone's own name is not for a plan to change")
	case sameSet(c.Old, c.New):
		return errors.New("nothing changes")
	case c.Key.Type == dns.TypeCNAME && len(c.New) > 1:
		return errors.New("a name has one CNAME record")
	}
	// RFC 2181 §5.2: the records of a set have one TTL. Servers give out others.
	if slices.ContainsFunc(c.New, func(r dns.Record) bool { return r.TTL != c.New[0].TTL }) {
		return errors.New("its records would have several TTLs: give them one first")
	}
	for _, set := range [][]dns.Record{c.Old, c.New} {
		if err := checkSet(c.Key, set); err != nil {
			return err
		}
	}
	return nil
}

func checkSet(k dns.Key, set []dns.Record) error {
	for i, r := range set {
		switch {
		case r.Data == nil || r.Name != k.Name || r.Data.Type() != k.Type:
			return fmt.Errorf("a record of another set is in it: %v", r)
		case r.TTL > maxTTL:
			return fmt.Errorf("TTL %d is over %d", r.TTL, maxTTL)
		case slices.ContainsFunc(set[:i], func(s dns.Record) bool { return s.Data == r.Data }):
			return fmt.Errorf("a record is in it twice: %s", r)
		}
		if back, err := readRecord(r.String()); err != nil || back != r {
			return fmt.Errorf("a record that cannot be written: %s", r)
		}
	}
	return nil
}
