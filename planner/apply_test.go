package planner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// model is zone text that changes can be carried out in.
type model struct {
	records []dns.Record
	faults  string // the lines that plan them
}

// modelOf reads zone text; the faults come apart from it.
func modelOf(t tester, text, faults string) model {
	t.Helper()
	z := model{}.with(t, text, faults)
	m := model{faults: faults}
	for _, apex := range z.Apexes() {
		m.records = append(m.records, z.Records(apex)...)
	}
	return m
}

// with parses zone text.
func (model) with(t tester, text, faults string) *dns.Zones {
	t.Helper()
	z, err := dns.ParseZones(text+faults, "zones")
	if err != nil {
		t.Fatalf("%v\n%s%s", err, text, faults)
	}
	return z
}

func (m model) text() string {
	var b strings.Builder
	for _, r := range m.records {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}

func (m model) zones(t tester) *dns.Zones {
	t.Helper()
	return m.with(t, m.text(), m.faults)
}

// set returns the records of a set, sorted by their text.
func (m model) set(k dns.Key) []dns.Record {
	var list []dns.Record
	for _, r := range m.records {
		if r.Name == k.Name && r.Data.Type() == k.Type {
			list = append(list, r)
		}
	}
	return sorted(list)
}

func sorted(list []dns.Record) []dns.Record {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b dns.Record) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// names returns the names that have records.
func (m model) names() []dns.Name {
	var list []dns.Name
	for _, r := range m.records {
		list = append(list, r.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// apply carries changes out. Each must begin with what is there, and change it.
func (m model) apply(t tester, changes []dns.Change) model {
	t.Helper()
	m.records = slices.Clone(m.records)
	for _, c := range changes {
		if had := m.set(c.Key); !slices.Equal(had, sorted(c.Old)) {
			t.Fatalf("%s: the plan takes %q for the old set, the zone has %q", c.Key, c.Old, had)
		}
		if slices.Equal(sorted(c.Old), sorted(c.New)) {
			t.Fatalf("%s is changed to what it is: %q", c.Key, c.New)
		}
		for _, r := range c.New {
			if r.Name != c.Key.Name || r.Data.Type() != c.Key.Type || r.TTL != c.New[0].TTL {
				t.Fatalf("%s: %s does not belong into the set", c.Key, r)
			}
		}
		if !c.Key.Name.Below(c.Zone) {
			t.Fatalf("%s is said to be in the zone %s", c.Key, c.Zone)
		}
		m.records = slices.DeleteFunc(m.records, func(r dns.Record) bool { return r.Name == c.Key.Name && r.Data.Type() == c.Key.Type })
		m.records = append(m.records, c.New...)
	}
	return m
}

// acceptable returns all that a plan asks a yes for, each once.
func acceptable(p Plan) []AcceptID {
	var list []AcceptID
	for _, b := range p.Blocked {
		list = append(list, b.Accept)
	}
	for _, s := range p.Stages {
		for _, c := range s.Conditions {
			list = append(list, c.Accept)
		}
	}
	for _, o := range p.Offers {
		list = append(list, o.Accept)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(id AcceptID) bool { return id == "" })
}

// accept writes a yes into an inventory, as the command does.
func accept(t tester, f *inventory.File, p Plan, id AcceptID) {
	t.Helper()
	pinned := false
	for _, o := range p.Offers {
		if o.Accept != id || o.Pin == nil {
			continue
		}
		pinned = true
		if err := f.PutFlattened(o.Pin.Domain, o.Pin.Flattened); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	if pinned {
		return
	}
	if err := f.Accept(string(id), p.Date); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
}

// tester is what tests and property tests have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// failing answers as the zones do, but for one question, or for one set whoever
// is asked.
type failing struct {
	*dns.Zones
	question   dns.Question
	everywhere bool
}

func (f failing) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return f.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (f failing) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q == f.question || f.everywhere && q.Key == f.question.Key {
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: dns.ServFail, Server: "zone"}
	}
	return f.Zones.Ask(ctx, q)
}
