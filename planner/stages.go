package planner

import (
	"cmp"
	"slices"

	"sendplan/internal/authority"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
)

// phase orders what a plan does. Each rung of a policy is a stage of its own,
// behind stageSwitch.
type phase int

// The phases.
const (
	stagePrepare phase = iota // new names, on which nothing depends yet
	stageRecords              // the records that receivers judge by
	stageSwitch               // the devices move
	stagePolicy               // policies get stricter
)

// staged is a change with its place in the plan.
type staged struct {
	phase
	dns.Change
}

// stagedTask is a task with its place in the plan.
type stagedTask struct {
	phase
	Task
}

func (m *maker) stage(p phase, c dns.Change) { m.staged = append(m.staged, staged{p, c}) }

func (m *maker) task(p phase, t Task) {
	if !slices.Contains(m.tasks, stagedTask{p, t}) {
		m.tasks = append(m.tasks, stagedTask{p, t})
	}
}

// readable reports whether a set was read from all its servers, so that it can be
// planned, and says why if not.
func (m *maker) readable(d *domain, set authority.Set) bool {
	switch {
	case set.Err != nil:
		if !asking(set.Err) {
			m.unknown(Unknown{Subject: set.Key.String(), Message: "its record set could not be read from the authoritative servers, so nothing is planned for it", Fix: "plan again when they answer; --nameserver names another way to one", Cause: set.Err})
		}
		return false
	case set.Differs != "":
		m.unknown(Unknown{Subject: set.Key.String(), Message: "the authoritative servers differ, so nothing is planned for it: " + set.Differs, Fix: "wait until they agree, and plan again"})
		return false
	}
	return true
}

// settled returns the changes of all phases before the policies that nothing
// holds back.
func (m *maker) settled() []dns.Change {
	var list []dns.Change
	for _, s := range m.staged {
		if !m.plan.Held(s.Key) {
			list = append(list, s.Change)
		}
	}
	return list
}

// carryWildcards adds what wildcards gave to the names that become new.
func (m *maker) carryWildcards() {
	planned := map[dns.Key]bool{}
	for _, s := range m.staged {
		planned[s.Key] = true
	}
	var carried []staged
	seen := map[dns.Name]bool{}
	for _, s := range m.staged {
		if seen[s.Key.Name] || len(s.New) == 0 {
			continue
		}
		seen[s.Key.Name] = true
		for _, c := range m.carryWildcard(s.Key.Name, s.Zone, planned) {
			planned[c.Key] = true
			carried = append(carried, staged{s.phase, c})
		}
	}
	m.staged = append(m.staged, carried...)
}

// assemble puts the changes and tasks into stages.
func (m *maker) assemble() {
	titles := []string{stagePrepare: "Prepare: new names", stageRecords: "Publish the records", stageSwitch: "Switch the devices"}
	m.switchTasks()
	var stages []Stage
	for p, title := range titles {
		s := Stage{Title: title, BeforeDate: m.deadline()}
		for _, c := range m.staged {
			if c.phase == phase(p) {
				s.Changes = append(s.Changes, c.Change)
			}
		}
		for _, t := range m.tasks {
			if t.phase == phase(p) {
				s.Tasks = append(s.Tasks, t.Task)
			}
		}
		sortChanges(s.Changes)
		if len(s.Changes)+len(s.Tasks) > 0 {
			stages = append(stages, s)
		}
	}
	m.plan.Stages = append(stages, m.plan.Stages...) // those of the policies are there
	if len(m.plan.Stages) > 0 {
		m.plan.Stages[0].Current = true
	}
}

// sortChanges orders the changes of a stage by zone, then removals before
// additions at one name, then name.
func sortChanges(list []dns.Change) {
	slices.SortStableFunc(list, func(a, b dns.Change) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Key.Name, b.Key.Name), cmp.Compare(len(a.New), len(b.New)), cmp.Compare(a.Key.Type, b.Key.Type))
	})
}

// deadline reports whether a device stops on a known day if nothing is done.
func (m *maker) deadline() bool {
	return slices.ContainsFunc(m.fleet.Devices, func(d fleet.Device) bool {
		e, ok := d.Advice.Deadline()
		return ok && !e.Day.IsZero()
	})
}

// switchTasks are the devices that change their method.
func (m *maker) switchTasks() {
	for _, d := range m.fleet.Devices {
		if d.Device.Method == "" || d.Device.Method == d.Today() {
			continue
		}
		m.task(stageSwitch, Task{Who: "whoever keeps the device", Subject: d.Name, Text: "switch it from " + string(d.Today()) + " to " + string(d.Device.Method) + ", send a test mail and look at what arrived",
			Command: "sendplan devices -i FILE --explain " + quoteArg(d.Name), Why: "the inventory says that it shall use " + string(d.Device.Method)})
	}
}
