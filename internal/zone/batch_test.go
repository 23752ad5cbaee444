package zone

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/planner"
)

func text(t testing.TB, name, value string) []dns.Record {
	return recordList(t, name+`. 300 IN TXT "`+value+`"`)
}

// staged is a plan of two zones: a set that changes twice, then waits; one that a
// block holds back; one that waits.
func staged(t testing.TB) planner.Plan {
	change := func(zone, name dns.Name, old, now []dns.Record, why string) dns.Change {
		return dns.Change{Zone: zone, Key: dns.Key{Name: name, Type: dns.TypeTXT}, Old: old, New: now, Why: []string{why}}
	}
	const a, b = "a.example", "b.example"
	dmarc := dns.Name("_dmarc.a.example")
	level := func(p string) []dns.Record { return text(t, string(dmarc), "v=DMARC1; p="+p) }
	return planner.Plan{
		Stages: []planner.Stage{
			{Title: "Prepare", Changes: []dns.Change{change(a, "new.a.example", nil, text(t, "new.a.example", "x"), "new"), change(a, dmarc, nil, level("none"), "begin")}},
			{Title: "Publish", Changes: []dns.Change{change(a, a, text(t, a, "old"), text(t, a, "now"), "held"), change(b, b, text(t, b, "old"), text(t, b, "now"), "b"), change(a, dmarc, level("none"), level("quarantine"), "raise")}},
			{Title: "Raise", Conditions: []planner.Condition{{Text: "reports"}, {Text: "met", Met: true}}, Changes: []dns.Change{change(a, dmarc, level("quarantine"), level("reject"), "top")}},
			{Title: "Later", Changes: []dns.Change{change(a, dmarc, level("reject"), nil, "away"), change(b, "new.b.example", nil, text(t, "new.b.example", "x"), "late")}},
		},
		Blocked: []planner.Block{{ID: planner.BlockGain, Message: "too much", Holds: []dns.Key{{Name: a, Type: dns.TypeTXT}}}},
	}
}

// shown is a batch in a line, for tables.
func shown(b Batch) string {
	var parts []string
	one := func(records []dns.Record) string {
		if len(records) == 0 {
			return "nothing"
		}
		return records[0].Data.String()
	}
	for _, c := range b.Changes {
		parts = append(parts, string(c.Key.Name)+": "+one(c.Old)+" -> "+one(c.New)+" ("+strings.Join(c.Why, ", ")+")")
	}
	for _, h := range b.Held {
		parts = append(parts, "held "+string(h.Key.Name)+": "+h.Why)
	}
	return string(b.Zone) + " | " + b.Stage + " | " + strings.Join(parts, " | ")
}

func TestBatches(t *testing.T) {
	t.Parallel()
	const waits = "stage 3 waits: reports"
	for _, test := range []struct {
		name  string
		stage int
		undo  bool
		want  []string
	}{
		{"the first stage", 1, false, []string{`a.example | stage 1: Prepare | new.a.example: nothing -> "x" (new) | _dmarc.a.example: nothing -> "v=DMARC1; p=none" (begin)`}},
		{"a stage of two zones", 2, false, []string{
			`a.example | stage 2: Publish | _dmarc.a.example: "v=DMARC1; p=none" -> "v=DMARC1; p=quarantine" (raise) | held a.example: spf-gain: too much`,
			`b.example | stage 2: Publish | b.example: "old" -> "now" (b)`}},
		{"a stage with a condition", 3, false, []string{`a.example | stage 3: Raise | held _dmarc.a.example: ` + waits}},
		{"a stage after it: only its own sets wait", 4, false, []string{
			`a.example | stage 4: Later | held _dmarc.a.example: ` + waits, `b.example | stage 4: Later | new.b.example: nothing -> "x" (late)`}},
		{"no such stage", 5, false, nil},
		{"all, folded", 0, false, []string{
			`a.example | all stages that may be carried out | new.a.example: nothing -> "x" (new) | _dmarc.a.example: nothing -> "v=DMARC1; p=quarantine" (begin, raise) | held a.example: spf-gain: too much | held _dmarc.a.example: ` + waits,
			`b.example | all stages that may be carried out | b.example: "old" -> "now" (b) | new.b.example: nothing -> "x" (late)`}},
		{"the way back", 0, true, []string{
			`b.example | undo of all stages that may be carried out | new.b.example: "x" -> nothing (the undo of: late) | b.example: "now" -> "old" (the undo of: b)`,
			`a.example | undo of all stages that may be carried out | _dmarc.a.example: "v=DMARC1; p=quarantine" -> nothing (the undo of: begin, the undo of: raise) | new.a.example: "x" -> nothing (the undo of: new) | held a.example: spf-gain: too much | held _dmarc.a.example: ` + waits}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := staged(t)
			var got []string
			for _, b := range Batches(p, test.stage, test.undo) {
				got = append(got, shown(b))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if !reflect.DeepEqual(p, staged(t)) {
				t.Error("the plan was changed")
			}
		})
	}
}

// What comes back to what it was is no change.
func TestBatchesFoldToNothing(t *testing.T) {
	t.Parallel()
	there := dns.Change{Zone: "a.example", Key: dns.Key{Name: "a.example", Type: dns.TypeTXT}, Old: text(t, "a.example", "1"), New: text(t, "a.example", "2")}
	back := there
	back.Old, back.New = there.New, there.Old
	p := planner.Plan{Stages: []planner.Stage{{Changes: []dns.Change{there}}, {Changes: []dns.Change{back}}}}
	if got := Batches(p, 0, false); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := Batches(p, 2, false); len(got) != 1 || len(got[0].Changes) != 1 {
		t.Errorf("%v", got)
	}
}

// Folded batches do to the DNS what the plan's own changes do, one after the
// other, and their undo takes it back.
func TestBatchesAreThePlan(t *testing.T) {
	t.Parallel()
	names := []dns.Name{"a.example", "x.a.example", "b.example"}
	rapid.Check(t, func(t *rapid.T) {
		now := map[dns.Key]string{}
		var p planner.Plan
		for range rapid.IntRange(1, 5).Draw(t, "stages") {
			s := planner.Stage{Conditions: []planner.Condition{{Met: rapid.IntRange(0, 3).Draw(t, "open") > 0}}}
			for _, name := range names {
				k := dns.Key{Name: name, Type: dns.TypeTXT}
				to := rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "to")
				if to != now[k] {
					s.Changes = append(s.Changes, dns.Change{Zone: name[len(name)-len("a.example"):], Key: k, Old: set(k, now[k]), New: set(k, to)})
					now[k] = to
				}
			}
			p.Stages = append(p.Stages, s)
		}
		if rapid.Bool().Draw(t, "blocked") {
			p.Blocked = []planner.Block{{Holds: []dns.Key{{Name: names[1], Type: dns.TypeTXT}}}}
		}
		want := after(nil, p.Changes())
		var batched, undone []dns.Change
		for _, b := range Batches(p, 0, false) {
			batched = append(batched, b.Changes...)
		}
		for _, b := range Batches(p, 0, true) {
			undone = append(undone, b.Changes...)
		}
		got := after(nil, batched)
		for k := range want {
			if got[k] != want[k] {
				t.Fatalf("%s: %q, want %q", k, got[k], want[k])
			}
		}
		for k, v := range after(got, undone) {
			if v != "" { // all was empty at first
				t.Fatalf("%s is %q after the undo", k, v)
			}
		}
		var one []dns.Change
		for i := range p.Stages {
			for _, b := range Batches(p, i+1, false) {
				one = append(one, b.Changes...)
			}
		}
		if stagewise := after(nil, one); !reflect.DeepEqual(stagewise, want) {
			t.Fatalf("stage by stage %v, want %v", stagewise, want)
		}
	})
}

func set(k dns.Key, value string) []dns.Record {
	if value == "" {
		return nil
	}
	return []dns.Record{{Name: k.Name, TTL: 60, Data: dns.NewTXT(value)}}
}

// after is what sets hold after changes.
func after(before map[dns.Key]string, changes []dns.Change) map[dns.Key]string {
	now := map[dns.Key]string{}
	for k, v := range before {
		now[k] = v
	}
	for _, c := range changes {
		now[c.Key] = ""
		if len(c.New) > 0 {
			now[c.Key] = c.New[0].Data.(dns.TXT).Joined()
		}
	}
	return now
}
