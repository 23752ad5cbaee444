package planner

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sendplan/internal/authority"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
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
	carried bool // over from a wildcard, because of other changes
}

// stagedTask is a task with its place in the plan.
type stagedTask struct {
	phase
	Task
}

func (m *maker) stage(p phase, c dns.Change) {
	same := func(s staged) bool { return s.Key == c.Key && slices.Equal(s.New, c.New) }
	if !slices.ContainsFunc(m.staged, same) {
		m.staged = append(m.staged, staged{phase: p, Change: c})
	}
}

func (m *maker) task(p phase, t Task) {
	if !slices.Contains(m.tasks, stagedTask{p, t}) {
		m.tasks = append(m.tasks, stagedTask{p, t})
	}
}

// readable reports whether a set was read from all its servers, so that it can be
// planned, and says why if not.
func (m *maker) readable(set authority.Set) bool {
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

// settled returns the changes that are planned by now, that nothing holds back
// and that need not wait.
func (m *maker) settled() []dns.Change {
	var list []dns.Change
	for _, s := range m.staged {
		if !m.plan.Held(s.Key) {
			list = append(list, s.Change)
		}
	}
	return append(list, m.plan.Changes()...)
}

// outlook returns settled and the DMARC records that are foreseen for other
// domains.
func (m *maker) outlook() []dns.Change {
	var list []dns.Change
	for _, s := range m.foreseen {
		list = append(list, s.Change)
	}
	return append(list, m.settled()...)
}

// carryWildcards adds what wildcards gave to the names that become new.
func (m *maker) carryWildcards() {
	planned := map[dns.Key]bool{}
	for _, s := range m.staged {
		planned[s.Key] = true
	}
	seen := map[dns.Name]bool{}
	for i := 0; i < len(m.staged); i++ { // what is carried over is new, too
		s := m.staged[i]
		if seen[s.Key.Name] || len(s.New) == 0 || strings.HasPrefix(string(s.Key.Name), "*.") {
			continue // a wildcard takes nothing from the names that it answers for
		}
		seen[s.Key.Name] = true
		for _, c := range m.carryWildcard(s.Key.Name, s.Zone, planned) {
			planned[c.Key] = true
			m.staged = append(m.staged, staged{phase: s.phase, Change: c, carried: true})
		}
	}
	m.together()
	m.holdTogether()
}

// together puts the changes of a name that becomes new into one stage, the first
// of theirs and of those below it: with the first record there a wildcard stops
// answering for all types.
func (m *maker) together() {
	for i, s := range m.staged {
		name := s.Key.Name
		if labels := name.Labels(); len(labels) > 1 && labels[0] == "*" {
			name = name.Parent() // what is carried over for names below it
		}
		if len(s.Old) > 0 || m.zones.Loss(name).Records == nil {
			continue
		}
		for _, other := range m.staged {
			if len(other.New) > 0 && other.Key.Name.Below(name) {
				m.staged[i].phase = min(m.staged[i].phase, other.phase)
			}
		}
	}
}

// holdTogether holds back, with a set that a wildcard gives and that is held, all
// that would make its name exist: then the wildcard would give it no more.
func (m *maker) holdTogether() {
	for i, b := range m.plan.Blocked {
		for _, held := range b.Holds {
			if !m.zones.Set(held).Wildcard {
				continue
			}
			for _, c := range m.changes() {
				if len(c.New) > 0 && c.Key.Name.Below(held.Name) && !slices.Contains(m.plan.Blocked[i].Holds, c.Key) {
					m.plan.Blocked[i].Holds = append(m.plan.Blocked[i].Holds, c.Key)
				}
			}
		}
	}
}

// dropUncaused leaves out what would be carried over from a wildcard only because
// of changes that are held back.
func (m *maker) dropUncaused() {
	m.staged = slices.DeleteFunc(slices.Clone(m.staged), func(s staged) bool {
		if !s.carried || m.plan.Held(s.Key) {
			return false
		}
		name := s.Key.Name
		if name.Labels()[0] == "*" {
			name = name.Parent()
		}
		return !slices.ContainsFunc(m.changes(), func(c dns.Change) bool {
			carried := slices.ContainsFunc(m.staged, func(o staged) bool { return o.carried && o.Key == c.Key })
			return !carried && len(c.New) > 0 && c.Key.Name.Below(name) && !m.plan.Held(c.Key)
		})
	})
}

// changes returns all that is planned by now, whatever keeps it from being done.
func (m *maker) changes() []dns.Change {
	var list []dns.Change
	for _, s := range m.staged {
		list = append(list, s.Change)
	}
	for _, s := range m.plan.Stages {
		list = append(list, s.Changes...)
	}
	return list
}

// titles are those of the phases.
var titles = [...]string{stagePrepare: "Prepare: new names", stageRecords: "Publish the records", stageSwitch: "Switch the devices"}

// assemble puts the changes and tasks into stages. Those of the policies are
// there already.
func (m *maker) assemble() {
	m.switchTasks()
	waiting := m.enablingStages()
	var stages []Stage
	for p, title := range titles {
		if s := m.phaseStage(phase(p), title); len(s.Changes)+len(s.Tasks) > 0 {
			stages = append(stages, s)
		}
	}
	m.plan.Stages = slices.Concat(stages, waiting, m.plan.Stages)
	m.aroundChanges()
	for i, s := range m.plan.Stages {
		m.plan.Stages[i].Wait = m.wait(s.Changes)
	}
	if len(m.plan.Stages) > 0 {
		m.plan.Stages[m.plan.current()].Current = true
	}
}

func (m *maker) phaseStage(p phase, title string) Stage {
	s := Stage{Title: title}
	for _, c := range m.staged {
		if c.phase == p {
			s.Changes = append(s.Changes, c.Change)
			m.press(&s, func(d fleet.Device) bool { return sendsBelow(d, c.Key.Name) })
		}
	}
	for _, t := range m.tasks {
		if t.phase == p {
			s.Tasks = append(s.Tasks, t.Task)
			m.press(&s, func(d fleet.Device) bool { return d.Name == t.Subject || sendsBelow(d, dns.Name(t.Subject)) })
		}
	}
	sortChanges(s.Changes)
	return s
}

// press notes of a stage what hurries it: the first day on which the present
// method of a device ends that is to leave it, of the devices that are meant, and
// whether one should be refused already.
func (m *maker) press(s *Stage, meant func(fleet.Device) bool) {
	for _, d := range m.fleet.Devices {
		if d.Device.Method == "" || d.Device.Method == d.Today() || !meant(d) {
			continue // nobody decided that it leaves
		}
		switch e, ok := d.Advice.Deadline(); {
		case !ok || e.Day.IsZero():
		case e.Past || e.ID == method.EventRefused:
			s.Overdue = true
		default:
			s.before(e.Day)
		}
	}
}

// before notes a day before which the stage must be done.
func (s *Stage) before(day time.Time) {
	if !s.BeforeDate || day.Before(s.Until) {
		s.BeforeDate, s.Until = true, day
	}
}

// precede makes the stage as pressing as one that needs it.
func (s *Stage) precede(next Stage) {
	if next.BeforeDate {
		s.before(next.Until)
	}
	s.Overdue = s.Overdue || next.Overdue
}

// sendsBelow reports whether a name is of a domain that a device sends as.
func sendsBelow(d fleet.Device, name dns.Name) bool {
	return slices.ContainsFunc(d.From, func(a inventory.Address) bool { return name.Below(a.Domain) })
}

// wait is how long resolvers may keep what they had before the changes.
func (m *maker) wait(changes []dns.Change) time.Duration {
	var longest uint32
	for _, c := range changes {
		for _, r := range c.Old {
			longest = max(longest, r.TTL)
		}
		if len(c.Old) > 0 {
			continue
		}
		longest = max(longest, m.zones.Zone(c.Key.Name).NegativeTTL)
		for _, r := range m.zones.Set(c.Key).Materialise {
			longest = max(longest, r.TTL)
		}
	}
	return time.Duration(longest) * time.Second
}

// sortChanges orders the changes of a stage by zone, then removals before
// additions at one name, then name.
func sortChanges(list []dns.Change) {
	slices.SortStableFunc(list, func(a, b dns.Change) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Key.Name, b.Key.Name), cmp.Compare(len(a.New), len(b.New)), cmp.Compare(a.Key.Type, b.Key.Type))
	})
}

// switchTasks are the devices that change their method.
func (m *maker) switchTasks() {
	for _, d := range m.fleet.Devices {
		if todo := lacking(d); todo != "" && d.Device.Method != "" && d.Fits() != method.False {
			m.task(stagePrepare, Task{Who: "tenant admin", Subject: d.Name, Text: todo + "; then write it into the inventory (sendplan import exchange)",
				Why: "without it " + string(d.Device.Method) + " does not work; sendplan plan --runbook has the command"})
		}
		if d.Device.Method == "" || d.Device.Method == d.Today() || d.Fits() == method.False {
			continue // it stays where it is
		}
		m.task(stageSwitch, Task{Who: "whoever keeps the device", Subject: d.Name, Text: "switch it from " + string(d.Today()) + " to " + string(d.Device.Method) + ", send a test mail and look at what arrived",
			Command: m.explaining(d.Name), Why: "the inventory says that it shall use " + string(d.Device.Method)})
	}
}
