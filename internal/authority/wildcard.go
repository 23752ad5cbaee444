package authority

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// unlikely is a label that nobody has: what it answers comes from a wildcard.
// An overlay asks for the same.
const unlikely = "xq7v2kz9w4"

// masked tells whether records come from a wildcard (RFC 4592 §3.3.1): then a
// name beside it that nobody has, and one below it, answer the same. Below a
// name that exists by itself that wildcard does not answer.
func (a *Reader) masked(k dns.Key, records []dns.Record, z Zone) (bool, *dns.Error) {
	if k.Name == z.Apex {
		return false, nil
	}
	for _, parent := range []dns.Name{k.Name.Parent(), k.Name} {
		other, failed := a.unlikely(parent, k, z)
		if failed != nil {
			return false, failed
		}
		if synthesised(k.Name, records, held(other)) {
			return false, &dns.Error{Key: k, Cause: dns.Lame, Detail: "a DNAME record above it gives its alias: the name is not of this zone"}
		}
		if !sameData(records, held(other)) {
			return false, nil
		}
	}
	return true, nil
}

// sameData tells whether two answers hold the same, whoever owns it.
func sameData(a, b []dns.Record) bool {
	has := map[dns.Data]bool{}
	for _, r := range a {
		has[r.Data] = true
	}
	for _, r := range b {
		if !has[r.Data] {
			return false
		}
	}
	return len(a) == len(b)
}

// unlikely asks what a name has below parent that nobody made.
func (a *Reader) unlikely(parent dns.Name, k dns.Key, z Zone) (dns.Answer, *dns.Error) {
	name, err := parent.Child(unlikely)
	if err != nil {
		return dns.Answer{}, &dns.Error{Key: k, Cause: dns.Malformed, Detail: "the name is too long to tell whether a wildcard answers for it"}
	}
	got := a.first(z.heard, dns.Key{Name: name, Type: k.Type})
	return got.said, about(k, got.err)
}

// synthesised tells whether an alias was made from a DNAME record (RFC 6672
// §3.1): then the target begins as the name does, and that of another name
// beside it with the other's label.
func synthesised(name dns.Name, records, other []dns.Record) bool {
	if len(records) == 0 || len(other) == 0 {
		return false
	}
	mine, ok := records[0].Data.(dns.CNAME)
	theirs, also := other[0].Data.(dns.CNAME)
	if !ok || !also || mine.Target == dns.Root || theirs.Target == dns.Root {
		return false
	}
	return mine.Target.Labels()[0] == name.Labels()[0] && theirs.Target.Labels()[0] == unlikely && mine.Target.Parent() == theirs.Target.Parent()
}

// Loss is what names get from wildcards until a set of their own stands there.
type Loss struct {
	Records []dns.Record // by name; a CNAME record among them stands for all types
	Problem string       // why it cannot be told, in words, or ""
	Err     *dns.Error   // the failure behind Problem, if it is one
}

// Loss returns what is no more once a first set stands at a name: a new name,
// and each name above it that comes to exist with it, is answered for by no
// wildcard any more, for no type (RFC 4592 §2.2.2). Looked at are addresses, MX
// and TXT. It is empty where the name exists already.
func (a *Reader) Loss(name dns.Name) Loss {
	z := a.Zone(name)
	if z.Err != nil {
		return Loss{Problem: z.Err.Error(), Err: z.Err}
	}
	var lost Loss
	for n := name; n != z.Apex && n != dns.Root; n = n.Parent() {
		k := dns.Key{Name: n, Type: dns.TypeTXT}
		other, failed := a.unlikely(n.Parent(), k, z)
		if failed != nil {
			lost.fail(failed)
			continue
		}
		if other.Exists && a.lose(n, &lost) {
			break // what exists by itself takes nothing along, nor do the names above it
		}
	}
	return lost
}

// lose adds what a wildcard gives a name, and reports whether the name exists by
// itself.
func (a *Reader) lose(name dns.Name, lost *Loss) (exists bool) {
	for _, t := range []dns.Type{dns.TypeA, dns.TypeAAAA, dns.TypeMX, dns.TypeTXT} {
		s := a.Set(dns.Key{Name: name, Type: t})
		switch {
		case s.Err != nil:
			lost.fail(s.Err)
		case s.Differs != "" && lost.Problem == "":
			lost.Problem = s.Problem()
		}
		exists = exists || len(s.Records) > 0 || s.Alias != nil
		for _, r := range s.Materialise {
			if !slices.Contains(lost.Records, r) {
				lost.Records = append(lost.Records, r)
			}
		}
	}
	return exists
}

// fail keeps the first failure; an open question goes before all others.
func (l *Loss) fail(e *dns.Error) {
	if l.Err == nil || e.Cause == dns.NotAsked && l.Err.Cause != dns.NotAsked {
		l.Err, l.Problem = e, fmt.Sprint(e)
	}
}
