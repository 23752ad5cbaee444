package compare

import (
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// Difference is what differs between two runs. It is empty if nothing does.
type Difference struct {
	OldDate, NewDate string
	Domains          []DomainDifference // in the order of the new run, then those that it lacks
}

// DomainDifference is what differs about one domain.
type DomainDifference struct {
	Domain   dns.Name
	Old, New check.Status // "" where the run did not look at the domain
	Appeared []Finding
	Gone     []Finding
	Changed  []Change
	Facts    []FactChange

	// In a run that could not ask everything, what is lacking may be there all
	// the same.
	OldPartial, NewPartial bool
}

// Change is one finding in both runs, with another part of the record, message,
// severity or status.
type Change struct{ Old, New Finding }

// FactChange is what was published, and what is now.
type FactChange struct{ Old, New Fact }

// Diff compares two runs. A domain that only the new run looked at differs in
// all its findings; of one that only the old run looked at nothing is known.
func Diff(old, new Run) Difference {
	d := Difference{OldDate: old.Date, NewDate: new.Date}
	before, after := old.ByDomain(), new.ByDomain()
	for _, n := range new.Results {
		if one := diffResults(before[n.Domain], n); one.differs() {
			d.Domains = append(d.Domains, one)
		}
	}
	for _, o := range old.Results {
		if _, both := after[o.Domain]; !both {
			d.Domains = append(d.Domains, DomainDifference{Domain: o.Domain, Old: o.Status})
		}
	}
	return d
}

func (d DomainDifference) differs() bool {
	return d.Old != d.New || len(d.Appeared)+len(d.Gone)+len(d.Changed)+len(d.Facts) > 0
}

// Failed reports whether the new run holds a failed finding of at least this
// severity that the old one did not hold as one.
func (d Difference) Failed(least finding.Severity) bool {
	return d.any(func(old, new Finding) bool {
		worse := old.Status != finding.Fail || old.Severity < new.Severity
		return new.Status == finding.Fail && new.Severity >= least && worse
	})
}

// Unknown reports whether the new run could not tell what the old one could.
func (d Difference) Unknown() bool {
	return d.any(func(old, new Finding) bool { return new.Status == finding.Unknown && old.Status != finding.Unknown })
}

// any reports whether a finding that appeared or changed is such; old is empty,
// passed, for one that appeared.
func (d Difference) any(such func(old, new Finding) bool) bool {
	for _, one := range d.Domains {
		for _, f := range one.Appeared {
			if such(Finding{}, f) {
				return true
			}
		}
		for _, c := range one.Changed {
			if such(c.Old, c.New) {
				return true
			}
		}
	}
	return false
}

func diffResults(old, new Result) DomainDifference {
	d := DomainDifference{
		Domain: new.Domain, Old: old.Status, New: new.Status,
		OldPartial: old.partial(), NewPartial: new.partial(),
		Facts: diffFacts(old.Facts, new.Facts),
	}
	oldLeft, newLeft := d.pair(old.Findings, new.Findings, func(f Finding) any { return f.Fingerprint() })
	// What is left of the same kind about the same name is the same fault at
	// another place of the record.
	d.Gone, d.Appeared = d.pair(oldLeft, newLeft, func(f Finding) any { return [2]string{string(f.ID), f.Subject} })
	return d
}

// pair matches findings of both runs whose keys are equal, each once and in
// order, notes those that changed, and returns those without a match.
func (d *DomainDifference) pair(old, new []Finding, key func(Finding) any) (oldLeft, newLeft []Finding) {
	waiting := make(map[any][]int) // of old, by key
	for i, f := range old {
		waiting[key(f)] = append(waiting[key(f)], i)
	}
	matched := make([]bool, len(old))
	for _, f := range new {
		k := key(f)
		if len(waiting[k]) == 0 {
			newLeft = append(newLeft, f)
			continue
		}
		i := waiting[k][0]
		waiting[k], matched[i] = waiting[k][1:], true
		if old[i] != f {
			d.Changed = append(d.Changed, Change{old[i], f})
		}
	}
	for i, f := range old {
		if !matched[i] {
			oldLeft = append(oldLeft, f)
		}
	}
	return oldLeft, newLeft
}

// diffFacts returns what both runs looked at and found otherwise.
func diffFacts(old, new []Fact) []FactChange {
	before := make(map[string]Fact)
	for _, f := range old {
		before[f.What] = f
	}
	var changes []FactChange
	for _, f := range new {
		if o, asked := before[f.What]; asked && o != f {
			changes = append(changes, FactChange{o, f})
		}
	}
	return changes
}
