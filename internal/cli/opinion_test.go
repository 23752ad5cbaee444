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
// Knot with Unbound in front, and other people's programs must come to what the
// proof says of every device and every sender.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	for _, o := range opinions {
		o.need(t)
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
	l := serveExample(t, e)
	for _, command := range e.all("console") {
		l.run(t, command) // writes into the inventory what the example says yes to
		plan := planFile(t, l.inventory, zones)
		h.side(t, "before", serveReally(t, kind, zones, faults), beforeOf(plan))
		after := zonesOf(t, carriedOut(t, zones, plan.Changes())+faults)
		h.side(t, "after", serveReally(t, kind, after, faults), afterOf(plan))
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

// beforeOf and afterOf are what a plan proves of the two sides.
func beforeOf(p planner.Plan) (list []proved) {
	for _, d := range p.Devices {
		list = append(list, proved{d.Name, d.Before})
	}
	for _, s := range p.Senders {
		list = append(list, proved{s.What + " of " + s.Domain.String(), s.Before})
	}
	return list
}

func afterOf(p planner.Plan) (list []proved) {
	for _, d := range p.Devices {
		list = append(list, proved{d.Name, d.After})
	}
	for _, s := range p.Senders {
		list = append(list, proved{s.What + " of " + s.Domain.String(), s.After})
	}
	return list
}
