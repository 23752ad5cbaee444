package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/planner"
)

// TestSecondOpinion lets others judge what the plans of docs/plans prove: the
// zones of each example, before and after the plan, are served by BIND, NSD or
// Knot with Unbound in front, and Mail::SPF, pyspf and OpenDMARC (RFC 7489) must
// come to what the proof says for certain of every device and every sender. They
// differ in nothing, so there is no list of exceptions.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	for _, o := range opinions {
		o.need(t)
	}
	for _, server := range []string{"named", "nsd", "knotd", "unbound"} {
		realserver.Program(t, server)
	}
	files, err := filepath.Glob("../../docs/plans/[0-9]*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	heard := &hearing{said: map[string]map[string]int{}}
	t.Run("examples", func(t *testing.T) {
		for i, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".md")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				heard.example(t, file, realserver.Kinds[i%len(realserver.Kinds)])
			})
		}
	})
	heard.check(t)
}

// example asks for opinions on each plan of an example.
func (h *hearing) example(t *testing.T, file string, kind realserver.Kind) {
	e := readExample(t, file)
	faults := strings.Join(plannedFaults.FindAllString(e.text, -1), "\n")
	zones := zonesOf(t, strings.Join(e.all("zone"), "\n"))
	l, today := serveExample(t, e), serveReally(t, kind, zones, faults)
	for _, command := range e.all("console") {
		l.run(t, command) // writes into the inventory what the example says yes to
		plan := planFile(t, l.inventory, zones)
		before, after := sidesOf(plan)
		h.side(t, "before", today, before)
		then := today
		if changes := plan.Changes(); len(changes) > 0 {
			then = serveReally(t, kind, zonesOf(t, carriedOut(t, zones, changes)+faults), faults)
		}
		h.side(t, "after", then, after)
	}
}

// planFile makes the plan of an inventory, as of the day of the examples.
func planFile(t *testing.T, name string, zones *dns.Zones) planner.Plan {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := inventory.Parse(data, name, intake.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	return planner.Make(&f.Inventory, zones, planner.Options{Date: time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)})
}

// sidesOf is what a plan proves of everybody, before and after.
func sidesOf(p planner.Plan) (before, after []proved) {
	for _, d := range p.Devices {
		before, after = append(before, proved{d.Name, d.Before}), append(after, proved{d.Name, d.After})
	}
	for _, s := range p.Senders {
		who := s.What + " of " + s.Domain.String()
		before, after = append(before, proved{who, s.Before}), append(after, proved{who, s.After})
	}
	return before, after
}
