package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/internal/term"
	"sendplan/planner"
)

func writePlan(t fataler, f render.Format, width int, p render.Planned) string {
	var b bytes.Buffer
	at := page()
	at.Width = width
	if err := f.Plan(&b, at, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var planCases = map[string]func(testing.TB) render.Planned{"nothing": nothingPlan, "ordinary": ordinaryPlan, "everything": everythingPlan}

func TestPlanGolden(t *testing.T) {
	t.Parallel()
	for name, made := range planCases {
		for _, f := range render.Formats {
			if !f.Documents() && !f.Tables() {
				continue
			}
			widths := []int{80}
			if f.Name == "text" {
				widths = []int{80, 140}
			}
			for _, width := range widths {
				t.Run(fmt.Sprint(name, " ", f.Name, " ", width), func(t *testing.T) {
					t.Parallel()
					file := "plan-" + name + "-" + f.Name
					if f.Name == "text" {
						file += fmt.Sprintf("-%d", width)
					}
					compareGolden(t, file, writePlan(t, f, width, made(t)))
				})
			}
		}
	}
}

// When a stage is due: a day is named only where it is to come.
func TestStageIsDue(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		stage planner.Stage
		want  string
	}{
		{planner.Stage{}, "(can wait)"},
		{planner.Stage{Current: true}, "(current, can wait)"},
		{planner.Stage{BeforeDate: true, Until: until}, "(before the date, 31 December 2026)"},
		{planner.Stage{Current: true, Overdue: true}, "(current, overdue)"},
		{planner.Stage{Overdue: true, BeforeDate: true, Until: until}, "(overdue, before the date, 31 December 2026)"},
	} {
		test.stage.Title, test.stage.Tasks = "Do it", []planner.Task{{Text: "do it"}}
		p := render.Planned{Plan: planner.Plan{Stages: []planner.Stage{test.stage}}}
		if got := writePlan(t, format(t, "text"), 80, p); !strings.Contains(got, "Stage 1: Do it "+test.want) {
			t.Errorf("want %s in\n%s", test.want, got)
		}
		due := test.stage.Overdue || test.stage.BeforeDate
		if got := writePlan(t, format(t, "jsonl"), 80, p); !strings.Contains(got, fmt.Sprintf(`"before_date":%v`, due)) || strings.Contains(got, `"until":null`) == test.stage.BeforeDate {
			t.Errorf("%s: %s", test.want, got)
		}
	}
}

// What is blocked outweighs what is not known, and a device that is not right is
// never passed over.
func TestPlanVerdict(t *testing.T) {
	t.Parallel()
	right := func(r method.Truth) []planner.Device { return []planner.Device{{Right: method.True}, {Right: r}} }
	for _, test := range []struct {
		what string
		plan planner.Plan
		want render.PlanVerdict
	}{
		{"nothing at all", planner.Plan{}, render.PlanMade},
		{"all right", planner.Plan{Devices: right(method.True)}, render.PlanMade},
		{"a device is not known", planner.Plan{Devices: right(method.Unknown)}, render.PlanUnknown},
		{"a device is not right", planner.Plan{Devices: right(method.False)}, render.PlanBlocked},
		{"something is not known", planner.Plan{Unknown: []planner.Unknown{{}}}, render.PlanUnknown},
		{"a block", planner.Plan{Blocked: []planner.Block{{}}}, render.PlanBlocked},
		{"a block and unknown", planner.Plan{Blocked: []planner.Block{{}}, Unknown: []planner.Unknown{{}}, Devices: right(method.Unknown)}, render.PlanBlocked},
	} {
		if got := (render.Planned{Plan: test.plan}).Verdict(); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
}

func TestPlanAccepts(t *testing.T) {
	t.Parallel()
	want := []planner.AcceptID{"spf-gain/nordwind.example/192.0.2.0/24", "dmarc-tighten/nordwind.example/quarantine", "spf-flatten/nordwind.example/include:spf.protection.outlook.com"}
	p := everythingPlan(t)
	p.Offers = append(p.Offers, p.Offers[0])
	p.Stages[0].Conditions = []planner.Condition{{Met: true, Accept: "met/already"}}
	if got := p.Accepts(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A record stands on one line whatever the width, from its first octet to its
// last, so that it can be copied; everything else keeps to the width.
func TestPlanTextKeepsRecordsWhole(t *testing.T) {
	t.Parallel()
	p := everythingPlan(t)
	unbroken := []string{"--accept ", `"`, "New-InboundConnector", "x|y", "include:"}
	for _, width := range []int{20, 40, 60, 80, 140} {
		lines := strings.Split(writePlan(t, format(t, "text"), width, p), "\n")
		for _, s := range p.Stages {
			for _, c := range s.Changes {
				for _, r := range append(slices.Clone(c.Old), c.New...) {
					if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasSuffix(l, " "+r.Data.String()) }) {
						t.Errorf("at %d the record %s is on no line", width, r.Data)
					}
				}
			}
		}
		for _, line := range lines {
			whole := slices.ContainsFunc(unbroken, func(s string) bool { return strings.Contains(line, s) })
			if width >= 60 && !whole && term.Cells(line) > width {
				t.Errorf("at %d: %d cells: %s", width, term.Cells(line), line)
			}
		}
	}
}

// Empty parts are left out, and a plan without work says so in one line.
func TestPlanTextLeavesOut(t *testing.T) {
	t.Parallel()
	got := writePlan(t, format(t, "text"), 80, nothingPlan(t))
	if !strings.Contains(got, "\nNothing is to be done.\n") {
		t.Errorf("not said:\n%s", got)
	}
	for _, word := range []string{"blocks", "not known", "Records", "Stages", "yes to", "besides"} {
		if strings.Contains(got, word) {
			t.Errorf("%q in\n%s", word, got)
		}
	}
}

// An outcome that was never made is not taken for mail that nobody judges.
func TestPlanUnmadeOutcome(t *testing.T) {
	t.Parallel()
	p := nothingPlan(t)
	p.Devices[0].Before.SPF, p.Devices[0].Before.Right = "", method.Unknown
	var doc struct {
		Devices []struct{ Before, After struct{ SPF string } }
	}
	for want, right := range map[string]method.Truth{"unknown": method.Unknown, "not-judged": method.True} {
		p.Devices[0].Before.Right = right
		if err := json.Unmarshal([]byte(writePlan(t, format(t, "json"), 80, p)), &doc); err != nil {
			t.Fatal(err)
		}
		if got := doc.Devices[0].Before.SPF; got != want {
			t.Errorf("right %q: %q, want %q", right, got, want)
		}
	}
}

// The states of changes: held, open, waiting, and behind what waits.
func TestPlanStates(t *testing.T) {
	t.Parallel()
	got := writePlan(t, format(t, "text"), 140, everythingPlan(t))
	for _, want := range []string{
		"TXT nordwind.example (stage 1, TTL 3600, held back by what blocks the plan)",
		"TXT _dmarc.nordwind.example (stage 2, zone nordwind.example, TTL 3600 -> 300, waits for the conditions of its stage)",
		"CNAME old.fabrikam.example (stage 3, zone fabrikam.example, the whole set goes)",
		"TXT elsewhere.example (stage 3, a new set, TTL 60)",
		"TXT _dmarc.nordwind.example (stage 3, zone nordwind.example, the whole set goes, waits for an earlier stage)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// hostilePlan draws a plan whose every text is hostile.
func hostilePlan(t *rapid.T, frame render.Planned) render.Planned {
	text := hostileText()
	draw := func(what string) string { return text.Draw(t, what) }
	name := func(what string) dns.Name {
		if n, err := dns.RawName(draw(what)); err == nil {
			return n
		}
		return "contoso.example"
	}
	p := frame
	p.Inventory = draw("inventory")
	id := planner.AcceptID(draw("accept"))
	set := func(owner dns.Name) []dns.Record { return txtSet(owner, 60, draw("record")) }
	owner := name("owner")
	p.Domains = []planner.Domain{{Name: name("domain"), SPF: planner.SPF{
		Before: []string{draw("before")}, After: draw("after"), Warnings: []string{draw("warning")},
		Terms:  []planner.Term{{Action: planner.Replace, Text: draw("term"), With: draw("with"), Why: draw("why")}},
		Gained: []planner.Difference{{Who: draw("who"), Result: "none"}}, Lost: []planner.Difference{{Who: draw("who"), Result: "none"}},
	}}}
	p.Stages = []planner.Stage{{
		Title: draw("title"), Conditions: []planner.Condition{{Text: draw("condition"), Why: draw("why"), Accept: id}},
		Changes: []dns.Change{{Zone: name("zone"), Key: dns.Key{Name: owner, Type: dns.TypeTXT}, Old: set(owner), New: set(owner), Why: []string{draw("why")}}},
		Tasks:   []planner.Task{{Who: draw("who"), Subject: draw("subject"), Text: draw("task"), Command: draw("command"), Why: draw("why")}},
	}}
	failure := &dns.Error{Key: dns.Key{Name: owner, Type: dns.TypeTXT}, Cause: dns.Timeout, Server: "192.0.2.53:53", Detail: draw("detail")}
	p.Blocked = []planner.Block{{ID: planner.BlockAlias, Accept: id, Subject: draw("subject"), Message: draw("message"), Fix: draw("fix"), Holds: []dns.Key{{Name: owner, Type: dns.TypeTXT}}}}
	p.Unknown = []planner.Unknown{{Subject: draw("subject"), Message: draw("message"), Fix: draw("fix"), Cause: failure}}
	p.Offers = []planner.Offer{{Accept: id, Subject: draw("subject"), Text: draw("text")}}
	p.Devices, p.Senders = slices.Clone(p.Devices), slices.Clone(p.Senders)
	for i := range p.Devices {
		d := &p.Devices[i]
		d.Name, d.Why, d.Right = draw("name"), draw("why"), method.False
		d.After.Hops = slices.Clone(d.After.Hops)
		for j := range d.After.Hops {
			h := d.After.Hops[j]
			h.Envelopes = slices.Clone(h.Envelopes)
			for k := range h.Envelopes {
				h.Envelopes[k].Term, h.Envelopes[k].Why, h.Envelopes[k].Domain = draw("matched"), draw("why"), name("envelope")
			}
			d.After.Hops[j] = h
		}
	}
	for i := range p.Senders {
		p.Senders[i].What, p.Senders[i].Who, p.Senders[i].Domain = draw("what"), draw("who"), name("sender")
	}
	return p
}

// Whatever a plan holds, it acts on nobody who reads it.
func TestHostilePlan(t *testing.T) {
	t.Parallel()
	frame := ordinaryPlan(t)
	rapid.Check(t, func(t *rapid.T) {
		p := hostilePlan(t, frame)
		for _, f := range render.Formats {
			if !f.Documents() && !f.Tables() {
				continue
			}
			got := writePlan(t, f, 80, p)
			if strings.ContainsAny(got, "\x00\x1b\x7f\t\u0085\u202e\u2066\u200b\ufeff") {
				t.Fatalf("%s holds a control character: %q", f.Name, got)
			}
			switch f.Name {
			case "markdown":
				if what := live([]byte(got)); what != "" {
					t.Fatalf("%s in\n%s", what, got)
				}
			case "json", "jsonl":
				if !json.Valid([]byte(got)) {
					t.Fatalf("no JSON: %s", got)
				}
			case "csv":
				if rows := readCSV(t, got, ','); len(rows) != 1+len(p.Devices)+len(p.Senders) {
					t.Fatalf("%d rows:\n%s", len(rows), got)
				}
			}
		}
	})
}

// A hostile plan has the headings and tables that a tame one has.
func TestMarkdownOfPlanKeepsItsShape(t *testing.T) {
	t.Parallel()
	frame := ordinaryPlan(t)
	markdown := format(t, "markdown")
	var want map[string]int
	rapid.Check(t, func(t *rapid.T) {
		p := hostilePlan(t, frame)
		got := shape(writePlan(t, markdown, 80, p))
		if want == nil {
			want = got
		}
		for _, kind := range []string{"Table", "TableRow", "TableCell"} {
			if got[kind] != want[kind] {
				t.Fatalf("%d of %s, want %d, in\n%s", got[kind], kind, want[kind], writePlan(t, markdown, 80, p))
			}
		}
	})
}

// Long lists are cut for people and whole for programs.
func TestPlanListsAreBounded(t *testing.T) {
	t.Parallel()
	p := nothingPlan(t)
	for range 1000 {
		p.Domains[0].SPF.Terms = append(p.Domains[0].SPF.Terms, planner.Term{Action: planner.Add, Text: "ip4:192.0.2.1"})
	}
	for name, want := range map[string]int{"text": 60 - 1, "markdown": 60 - 1, "json": 1000} {
		if got := strings.Count(writePlan(t, format(t, name), 80, p), "ip4:192.0.2.1"); got != want {
			t.Errorf("%s shows %d terms, want %d", name, got, want)
		}
	}
}
