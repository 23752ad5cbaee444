package interview_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/world"
	"sendplan/planner"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var fence = regexp.MustCompile("(?ms)^```(zone|yaml)\n(.*?)^```$")

// example is one file of docs/plans: its zones, its inventory, and where its
// servers are.
type example struct {
	zones   *dns.Zones
	text    string
	options planner.Options
}

func readExample(t *testing.T, name string) example {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("../../docs/plans", name+".md"))
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string]string)
	for _, m := range fence.FindAllStringSubmatch(string(content), -1) {
		parts[m[1]] += m[2]
	}
	zones, err := dns.ParseZones(parts["zone"], name)
	if err != nil {
		t.Fatal(err)
	}
	places := make(dns.Places)
	for _, apex := range zones.Apexes() {
		for _, r := range zones.Records(apex) {
			if ns, ok := r.Data.(dns.NS); ok {
				places[ns.Host] = netip.MustParseAddrPort("192.0.2.53:53")
			}
		}
	}
	return example{zones, parts["yaml"], planner.Options{Date: interviewtest.Date, Nameservers: places}}
}

// planned is an interview at the plan of an inventory.
func (e example) planned(t *testing.T, draft *inventory.File) interview.State {
	t.Helper()
	plan := planner.Make(&draft.Inventory, e.zones, e.options)
	s := interviewtest.Empty()
	s.At, s.Draft, s.Plan = interview.Plan, draft, &plan
	return s
}

func examplePlan(t *testing.T, name string) interview.State {
	t.Helper()
	e := readExample(t, name)
	return e.planned(t, interviewtest.Draft(t, e.text))
}

func exampleNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../docs/plans/[0-9]*.md")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".md")
	}
	return files
}

// checkPlan holds the page of a plan to the plan: all of it stands there.
func checkPlan(t *testing.T, s interview.State) {
	t.Helper()
	p := pageAt(s, interview.Plan)
	checkPage(t, p)
	in := make(map[string][]interview.Item)
	for _, one := range p.Sections {
		in[strings.Split(one.Title, ",")[0]] = one.Items
	}
	plan := *s.Plan
	sizes := map[string]int{
		"What blocks it": len(plan.Blocked), "What is not known": len(plan.Unknown), "Devices": len(plan.Devices),
		"Whom the records allow besides": len(plan.Senders), "Stages": len(plan.Stages), "Record changes": 0, "What you can say yes to": -1, "SPF": -1, "Notes": -1,
	}
	for _, stage := range plan.Stages {
		sizes["Record changes"] += len(stage.Changes)
	}
	for title, n := range sizes {
		if n >= 0 && len(in[title]) != n {
			t.Errorf("%s: %d items, the plan has %d", title, len(in[title]), n)
		}
	}
	if len(in) != len(sizes) {
		t.Errorf("%d sections", len(in))
	}
	checkAsked(t, plan, in)
	checkOutcomes(t, plan, in)
	checkStages(t, plan, in)
}

func checkAsked(t *testing.T, plan planner.Plan, in map[string][]interview.Item) {
	t.Helper()
	for i, b := range plan.Blocked {
		one := in["What blocks it"][i]
		if !strings.HasPrefix(b.Subject+": "+b.Message, strings.TrimSuffix(one.Title, "…")) || one.Accept != b.Accept || one.Mark != interview.Bad || !says(one.More, b.Fix) {
			t.Errorf("%+v is shown as %+v", b, one)
		}
	}
	for i, u := range plan.Unknown {
		one := in["What is not known"][i]
		if !strings.HasPrefix(u.Subject+": "+u.Message, strings.TrimSuffix(one.Title, "…")) || one.Mark != interview.Unknown || !says(one.More, u.Fix) || u.Cause != nil && !says(one.More, strings.Replace(u.Cause.Error(), ": canceled", ": not waited for", 1)) {
			t.Errorf("%+v is shown as %+v", u, one)
		}
	}
	for _, o := range plan.Offers {
		n := 0
		for _, one := range in["What you can say yes to"] {
			if one.Accept == o.Accept {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is offered %d times", o.Accept, n)
		}
	}
}

func checkOutcomes(t *testing.T, plan planner.Plan, in map[string][]interview.Item) {
	t.Helper()
	for i, d := range plan.Devices {
		one := in["Devices"][i]
		if one.Title != d.Name || one.About != (interview.Subject{Of: interview.OfDevice, Name: d.Name}) || !says(one.More, d.Why) && d.Right != "true" {
			t.Errorf("%s is shown as %+v", d.Name, one)
		}
	}
	for i, s := range plan.Senders {
		if one := in["Whom the records allow besides"][i]; !strings.HasPrefix(s.What, strings.TrimSuffix(one.Title, "…")) || !says(one.More, s.Domain.Unicode()) {
			t.Errorf("%s is shown as %+v", s.What, one)
		}
	}
}

func checkStages(t *testing.T, plan planner.Plan, in map[string][]interview.Item) {
	t.Helper()
	change := 0
	for i, s := range plan.Stages {
		one := in["Stages"][i]
		if one.Open != s.Current || !strings.Contains(one.Title, s.Title) && !says(one.More, s.Title) {
			t.Errorf("stage %d is shown as %+v", i+1, one)
		}
		for _, task := range s.Tasks {
			if !says(one.More, task.Text) || task.Command != "" && !slices.Contains(one.More, interview.Line{Mark: interview.Code, Indent: 1, Text: task.Command}) {
				t.Errorf("stage %d lacks %+v", i+1, task)
			}
		}
		for _, c := range s.Conditions {
			if !says(one.More, c.Text) {
				t.Errorf("stage %d lacks %+v", i+1, c)
			}
			if !c.Met && c.Accept != "" && !accepts(in, c.Accept) {
				t.Errorf("%s cannot be said yes to", c.Accept)
			}
		}
		for _, c := range s.Changes {
			shown := in["Record changes"][change]
			change++
			if !strings.HasPrefix(shown.Title, fmt.Sprintf("%s %s (stage %d", c.Key.Type, c.Key.Name, i+1)) || !slices.Equal(shown.Old, dataTexts(c.Old)) || !slices.Equal(shown.New, dataTexts(c.New)) {
				t.Errorf("%+v is shown as %+v", c, shown)
			}
		}
	}
}

func accepts(in map[string][]interview.Item, id planner.AcceptID) bool {
	for _, items := range in {
		if slices.ContainsFunc(items, func(i interview.Item) bool { return i.Accept == id }) {
			return true
		}
	}
	return false
}

func dataTexts(set []dns.Record) []string {
	var list []string
	for _, r := range set {
		list = append(list, r.Data.String())
	}
	return list
}

func says(lines []interview.Line, text string) bool {
	return slices.ContainsFunc(lines, func(l interview.Line) bool { return strings.Contains(l.Text, text) })
}

// Each thing that a plan waits for can be agreed to, and the next plan is made
// of what is then in the inventory.
func TestPlanExamples(t *testing.T) {
	t.Parallel()
	for _, name := range exampleNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := readExample(t, name)
			s := e.planned(t, interviewtest.Draft(t, e.text))
			checkPlan(t, s)
			for _, i := range pageItems(s.Page()) {
				if i.Accept == "" {
					continue
				}
				next, err := s.Accept(i.Accept)
				if err != nil {
					t.Errorf("%s: %v", i.Accept, err)
					continue
				}
				if next.Plan != nil || s.Plan == nil || string(s.Draft.Bytes()) != e.text {
					t.Errorf("%s: the old plan stays, or the old draft does not", i.Accept)
				}
				again := e.planned(t, next.Draft)
				checkPlan(t, again)
				if slices.ContainsFunc(again.Plan.Offers, func(o planner.Offer) bool { return o.Accept == i.Accept }) {
					t.Errorf("%s is offered again", i.Accept)
				}
			}
		})
	}
}

// A plan of nothing but what a domain's DNS tells.
func TestPlansOfAllDomains(t *testing.T) {
	t.Parallel()
	for _, name := range world.Domains() {
		t.Run(name.String(), func(t *testing.T) {
			t.Parallel()
			w := interviewtest.New(t)
			s := seenOf(w, name)
			s.Draft = interviewtest.Draft(t, string(inventory.Draft(intake.Domain(s.Found.Reports[0].Domain))))
			checkPlan(t, interviewtest.Planned(t, w, s))
		})
	}
}

// Nothing of a plan is certain when the DNS says nothing, and no record of the
// zone is touched.
func TestPlanOfDeadResolver(t *testing.T) {
	t.Parallel()
	s := interviewtest.Planned(t, interviewtest.Dead(t), interviewtest.Failing(t))
	checkPlan(t, s)
	p := s.Page()
	if p.Lead[0].Mark != interview.Unknown {
		t.Errorf("%+v", p.Lead)
	}
	for _, i := range pageItems(p) {
		if len(i.Old)+len(i.New) > 0 {
			t.Errorf("%q changes records that nobody saw", i.Title)
		}
	}
	if text := pageText(p); !strings.Contains(text, "timeout") || !strings.Contains(text, interviewtest.Server) {
		t.Error(text)
	}
}

func TestAcceptOnlyWhatIsOffered(t *testing.T) {
	t.Parallel()
	s := examplePlan(t, "08-eleven-lookups")
	for name, one := range map[string]struct {
		state interview.State
		id    planner.AcceptID
	}{
		"no such offer": {s, "spf-unused/nordwind.example/include:nobody.example"},
		"no id":         {s, ""},
		"no plan":       {interviewtest.Empty(), "spf-unused/nordwind.example/include:_spf.crm.example"},
	} {
		next, err := one.state.Accept(one.id)
		var m *interview.Mistake
		if !errors.As(err, &m) || m.Fix == "" || next.Draft != one.state.Draft || next.Plan != one.state.Plan {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The addresses that a term stands for go into the inventory with the yes.
func TestAcceptPins(t *testing.T) {
	t.Parallel()
	s := examplePlan(t, "08-eleven-lookups")
	const id = "spf-flatten/nordwind.example/include:_spf.crm.example"
	draft := interviewtest.Draft(t, string(s.Draft.Bytes()))
	words, err := interview.Accept(draft, *s.Plan, id, interviewtest.Date)
	if err != nil || len(words) != 1 || !strings.Contains(words[0], "is held as") {
		t.Fatalf("%q, %v", words, err)
	}
	next, err := s.Accept(id)
	if err != nil || string(next.Draft.Bytes()) != string(draft.Bytes()) || len(next.Draft.Accepted) != 0 {
		t.Fatalf("%v\n%s", err, next.Draft.Bytes())
	}
	d, _ := next.Draft.Domain("nordwind.example")
	if len(d.SPF.Flattened) != 1 || len(d.SPF.Flattened[0].Addresses) == 0 {
		t.Errorf("%+v", d.SPF)
	}
	const other = "spf-unused/nordwind.example/include:_spf.crm.example"
	words, err = interview.Accept(draft, *s.Plan, other, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err != nil || !slices.Equal(words, []string{"accepted " + other + " as of 2026-11-22"}) || !draft.Accepts(other) {
		t.Errorf("%q, %v", words, err)
	}
}

// A plan of a resolver that the world holds back ends with its context.
func TestPlanGivenUp(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	w.Gate = make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := interviewtest.Office(t)
	plan := w.Plan(ctx, &s.Draft.Inventory, false, nil)
	s.Plan = &plan
	checkPlan(t, s)
	if len(plan.Unknown) == 0 {
		t.Error("nothing is unknown")
	}
}
