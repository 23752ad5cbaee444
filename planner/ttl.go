package planner

import (
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
)

// aroundChanges puts the changes of sets whose TTL shall be low meanwhile between
// a stage that lowers it and one that restores it. It is a wish of the inventory:
// without it no TTL changes. Stages that have to wait come afterwards.
func (m *maker) aroundChanges() {
	open, waiting := parted(m.plan.Stages)
	lower, restore := Stage{Title: "Lower the TTLs"}, Stage{Title: "Restore the TTLs"}
	seen := map[dns.Key]bool{}
	for i := range open {
		for j, c := range open[i].Changes {
			wish, ok := m.ttlWish(c.Key.Name)
			if !ok || m.plan.Held(c.Key) || len(c.Old) == 0 {
				continue
			}
			switch during := uint32(wish.During); {
			case seen[c.Key]:
			case c.Old[0].TTL < during:
				continue // lower than wished: it stays
			case c.Old[0].TTL > during:
				lower.precede(open[i])
				lower.Changes = append(lower.Changes, dns.Change{Zone: c.Zone, Key: c.Key, Old: c.Old, New: withTTL(c.Old, wish.During), Why: []string{"so that the change reaches everybody soon"}})
			}
			seen[c.Key] = true
			open[i].Changes[j].Old, open[i].Changes[j].New = withTTL(c.Old, wish.During), withTTL(c.New, wish.During)
		}
	}
	restore.Changes = m.restored(open, seen)
	for i := range waiting {
		for j, c := range waiting[i].Changes {
			if wish, ok := m.ttlWish(c.Key.Name); ok && seen[c.Key] {
				waiting[i].Changes[j].Old, waiting[i].Changes[j].New = withTTL(c.Old, wish.Normal), withTTL(c.New, wish.Normal)
			}
		}
	}
	m.plan.Stages = nil
	for _, part := range [][]Stage{{lower}, open, {restore}, waiting} {
		for _, s := range part {
			if len(s.Changes)+len(s.Tasks) > 0 {
				m.plan.Stages = append(m.plan.Stages, s)
			}
		}
	}
}

// parted tells the stages that can be carried out from those that have to wait:
// for their conditions, or for another change of one of their sets.
func parted(stages []Stage) (open, waiting []Stage) {
	behind := map[dns.Key]bool{}
	for _, s := range stages {
		if s.Open() && !slices.ContainsFunc(s.Changes, func(c dns.Change) bool { return behind[c.Key] }) {
			open = append(open, s)
			continue
		}
		waiting = append(waiting, s)
		for _, c := range s.Changes {
			behind[c.Key] = true
		}
	}
	return open, waiting
}

// restored are the changes that bring TTLs back: of the sets that the stages
// change, and of those that were changed before and are low still.
func (m *maker) restored(stages []Stage, seen map[dns.Key]bool) []dns.Change {
	last := map[dns.Key]dns.Change{}
	var keys []dns.Key
	for _, s := range stages {
		for _, c := range s.Changes {
			if _, again := last[c.Key]; !again && seen[c.Key] {
				keys = append(keys, c.Key)
			}
			last[c.Key] = c
		}
	}
	var list []dns.Change
	add := func(zone dns.Name, k dns.Key, records []dns.Record) {
		wish, ok := m.ttlWish(k.Name)
		if !ok || len(records) == 0 || wish.Normal == wish.During || records[0].TTL != uint32(wish.During) {
			return
		}
		list = append(list, dns.Change{Zone: zone, Key: k, Old: records, New: withTTL(records, wish.Normal), Why: []string{"the changes are made"}})
	}
	for _, k := range keys {
		add(last[k].Zone, k, last[k].New)
	}
	for _, k := range m.mailSets() {
		if _, changes := last[k]; changes {
			continue
		}
		if set := m.zones.Set(k); set.Problem() == "" {
			add(set.Zone, k, set.Records)
		}
	}
	sortChanges(list)
	return list
}

// mailSets are the sets of the own domains that a plan may change.
func (m *maker) mailSets() []dns.Key {
	var keys []dns.Key
	for _, d := range m.domains {
		if _, ok := m.ttlWish(d.Name); !ok {
			continue
		}
		keys = append(keys, txt(d.Name))
		for _, label := range []string{"_dmarc", "selector1._domainkey", "selector2._domainkey"} {
			name, err := d.Child(label)
			if err != nil {
				continue
			}
			k := txt(name)
			if label != "_dmarc" {
				k.Type = dns.TypeCNAME
			}
			keys = append(keys, k)
		}
	}
	return keys
}

// ttlWish is what the inventory wishes for the sets at a name: that of the
// closest domain above it.
func (m *maker) ttlWish(name dns.Name) (inventory.TTL, bool) {
	var best *domain
	for _, d := range m.domains {
		if name.Below(d.Name) && (best == nil || d.Below(best.Name)) {
			best = d
		}
	}
	if best == nil || best.wish.TTL.During == 0 || best.wish.TTL.Normal == 0 {
		return inventory.TTL{}, false
	}
	return best.wish.TTL, true
}

// withTTL returns records with another TTL.
func withTTL(records []dns.Record, seconds int) []dns.Record {
	list := slices.Clone(records)
	for i := range list {
		list[i].TTL = uint32(seconds)
	}
	return list
}
