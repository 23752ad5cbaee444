package interview_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/world"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// seenOf is an interview about domains that w was asked about.
func seenOf(w *interviewtest.World, domains ...dns.Name) interview.State {
	found := w.Look(context.Background(), domains, false, nil)
	s := interviewtest.Empty()
	s.At, s.Domains, s.Found = interview.Look, domains, &found
	return s
}

// pageAt is the page of a step.
func pageAt(s interview.State, step interview.Step) interview.Page {
	s.At = step
	return s.Page()
}

func pageItems(p interview.Page) []interview.Item {
	var all []interview.Item
	for _, s := range p.Sections {
		all = append(all, s.Items...)
	}
	return all
}

// checkPage holds a page to what front ends rely on.
func checkPage(t *testing.T, p interview.Page) {
	t.Helper()
	if len(p.Lead) == 0 {
		t.Error("the page has no lead")
	}
	for _, s := range p.Sections {
		if len(s.Items) > 1001 {
			t.Errorf("%s: %d items", s.Title, len(s.Items))
		}
		for _, i := range s.Items {
			checkItem(t, s, i)
		}
	}
}

func checkItem(t *testing.T, s interview.Section, i interview.Item) {
	t.Helper()
	if i.Title == "" || len(i.Title) > 310 {
		t.Errorf("%s: title %q", s.Title, i.Title)
	}
	if len(s.Columns) > 0 && len(i.Cells) != len(s.Columns)-1 {
		t.Errorf("%s: %q has %d cells", s.Title, i.Title, len(i.Cells))
	}
	if len(i.More) > 200 || len(i.Old) > 201 || len(i.New) > 201 {
		t.Errorf("%s: %q has %d lines, %d and %d records", s.Title, i.Title, len(i.More), len(i.Old), len(i.New))
	}
	for _, l := range i.More {
		if l.Text == "" || len(l.Text) > 8200 || l.Indent > 8 {
			t.Errorf("%s: %q has the line %+v", s.Title, i.Title, l)
		}
	}
}

// Each finding of a report stands on the page once, signed as it is.
func TestVerifyTellsAllFindings(t *testing.T) {
	t.Parallel()
	signs := map[finding.Severity]interview.Mark{finding.Note: interview.Note, finding.Warning: interview.Warn, finding.Error: interview.Bad}
	for _, name := range append(world.Domains(), "gone.example", "co.example") {
		t.Run(name.String(), func(t *testing.T) {
			t.Parallel()
			s := seenOf(interviewtest.New(t), name)
			p := pageAt(s, interview.Verify)
			checkPage(t, p)
			checkPage(t, pageAt(s, interview.Look))
			for _, f := range s.Found.Reports[0].Findings {
				sign := signs[f.Severity]
				if f.Status == finding.Unknown {
					sign = interview.Unknown
				}
				ofID := string(f.ID) + ", about " + f.Subject.Unicode()
				n := 0
				for _, i := range pageItems(p) {
					if i.Title == f.Message && i.Mark == sign && slices.ContainsFunc(i.More, func(l interview.Line) bool { return l.Text == ofID }) {
						n++
					}
				}
				if n != same(s.Found.Reports[0].Findings, f) {
					t.Errorf("%s %q stands there %d times", f.ID, f.Message, n)
				}
			}
		})
	}
}

// same counts the findings that read like one.
func same(list []finding.Finding, f finding.Finding) int {
	n := 0
	for _, other := range list {
		if other.ID == f.ID && other.Message == f.Message && other.Subject == f.Subject && other.Status == f.Status {
			n++
		}
	}
	return n
}

// Nothing is concluded from answers that did not come.
func TestDeadResolver(t *testing.T) {
	t.Parallel()
	s := seenOf(interviewtest.Dead(t), "nordwind.example", "no-spf.example")
	for _, step := range []interview.Step{interview.Look, interview.Verify} {
		p := pageAt(s, step)
		checkPage(t, p)
		why := 0
		for _, i := range pageItems(p) {
			if i.Mark != interview.Unknown && i.Mark != interview.Muted {
				t.Errorf("%s: %q is said of what was not answered", step, i.Title)
			}
			for _, l := range i.More {
				if l.Mark == interview.Unknown && strings.Contains(l.Text, "timeout") && strings.Contains(l.Text, interviewtest.Server) {
					why++
				}
			}
		}
		if text := pageText(p); why < 8 || !strings.Contains(text, "it can be asked again") || strings.Contains(text, "no SPF record") || strings.Contains(text, "no policy applies") {
			t.Errorf("%s: %d reasons\n%s", step, why, text)
		}
	}
}

// Whichever single answer fails: what the page says then, it says with all
// answers too, or it is signed as unknown, or the rest of a list is said.
func TestEachFailureAlone(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	var mu sync.Mutex
	var asked []dns.Question
	w.Fails = func(q dns.Question) bool {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, q)
		return false
	}
	whole := pageAt(seenOf(w, "rheintal.example"), interview.Look)
	said := make(map[string]bool)
	for _, i := range pageItems(whole) {
		said[i.Title] = true
	}
	if len(asked) < 30 {
		t.Fatalf("%d questions", len(asked))
	}
	for _, q := range asked {
		w.Fails = func(other dns.Question) bool { return other.Key == q.Key }
		s := seenOf(w, "rheintal.example")
		for _, i := range pageItems(pageAt(s, interview.Look)) {
			if !said[i.Title] && i.Mark != interview.Unknown && !strings.HasPrefix(i.Title, "may send besides") {
				t.Errorf("without %s: %d %q", q, i.Mark, i.Title)
			}
		}
		for _, i := range pageItems(pageAt(s, interview.Verify)) {
			if i.Mark == interview.Bad {
				t.Errorf("without %s: %q", q, i.Title)
			}
		}
	}
}

// A domain that does not exist is told as that and no more.
func TestLookAtNothing(t *testing.T) {
	t.Parallel()
	p := pageAt(seenOf(interviewtest.New(t), "gone.example"), interview.Look)
	all := pageItems(p)
	if len(all) != 1 || all[0].Mark != interview.Bad || !strings.Contains(all[0].Title, "does not exist") || !strings.Contains(p.Lead[0].Text, "does not exist") {
		t.Error(pageText(p))
	}
}

// An inside view of split DNS is named before all else.
func TestInsideView(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	inside, err := dns.ParseZones(`$ORIGIN nordwind.example.
@ SOA dc1 hostmaster 1 7200 3600 1209600 300
@ NS dc1
dc1 A 10.0.0.5
@ MX 10 exchange
exchange A 10.0.0.6
`, "inside.zone")
	if err != nil {
		t.Fatal(err)
	}
	w.DNS = within{inside, w.DNS}
	all := pageItems(pageAt(seenOf(w, "nordwind.example"), interview.Look))
	if len(all) == 0 || !strings.Contains(all[0].Title, "view") || all[0].Mark == interview.Good {
		t.Errorf("%+v", all)
	}
}

// within is a resolver that has a zone of its own for names which the internet
// knows too.
type within struct{ inside, outside dns.Resolver }

func (w within) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	if name.Below("nordwind.example") {
		return w.inside.Lookup(ctx, name, t)
	}
	return w.outside.Lookup(ctx, name, t)
}

func (w within) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if q.Source == dns.Given {
		return w.Lookup(ctx, q.Key.Name, q.Key.Type)
	}
	return dns.At(w.outside, q.Source).Lookup(ctx, q.Key.Name, q.Key.Type)
}

// Before anything was done, each page says what is to be done.
func TestPagesOfNothing(t *testing.T) {
	t.Parallel()
	for _, step := range []interview.Step{interview.Look, interview.Verify, interview.Plan} {
		if p := pageAt(interviewtest.Empty(), step); len(p.Lead) != 1 || len(p.Sections) != 0 {
			t.Errorf("%s: %s", step, pageText(p))
		}
	}
}

// What strangers publish does not decide how long a page gets.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("$ORIGIN hostile.example.\n@ SOA ns1 h 1 7200 3600 1209600 300\n@ NS ns1.dns-kontor.example.\n")
	for i := range 300 {
		fmt.Fprintf(&b, "@ MX %d m%d\n", i, i)
	}
	b.WriteString(`@ TXT "v=spf1"`)
	for i := range 400 {
		fmt.Fprintf(&b, ` " a:%s%d.hostile.example"`, strings.Repeat("x", 50), i)
	}
	b.WriteString("\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@hostile.example\"")
	for i := range 300 {
		fmt.Fprintf(&b, ` ",mailto:%d@r%d.example"`, i, i)
	}
	zones, err := dns.ParseZones(b.String()+"\n", "hostile.zone")
	if err != nil {
		t.Fatal(err)
	}
	w := interviewtest.New(t)
	if w.DNS, err = dns.MergeZones(w.DNS.(*dns.Zones), zones); err != nil {
		t.Fatal(err)
	}
	s := seenOf(w, "hostile.example")
	for _, step := range []interview.Step{interview.Look, interview.Verify} {
		p := pageAt(s, step)
		checkPage(t, p)
		if !strings.Contains(pageText(p), "and ") {
			t.Errorf("%s leaves nothing out", step)
		}
	}
}

// The states of tests give pages that hold.
func TestPagesOfStates(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]interview.State{
		"office": interviewtest.Office(t), "failing": interviewtest.Failing(t), "many": interviewtest.Many(t), "long": interviewtest.Long(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := interviewtest.Planned(t, interviewtest.New(t), state)
			for _, step := range []interview.Step{interview.Look, interview.Verify, interview.Plan} {
				checkPage(t, pageAt(state, step))
			}
			checkPlan(t, state)
		})
	}
}

func TestGoldenPages(t *testing.T) {
	t.Parallel()
	office, failing := interviewtest.Office(t), interviewtest.Failing(t)
	for name, page := range map[string]interview.Page{
		"look-office":     pageAt(office, interview.Look),
		"look-failing":    pageAt(failing, interview.Look),
		"look-many":       {Lead: pageAt(interviewtest.Many(t), interview.Look).Lead},
		"look-slow":       pageAt(seenOf(interviewtest.New(t), "slow.example"), interview.Look),
		"look-gateway":    pageAt(seenOf(interviewtest.New(t), "rheintal.example"), interview.Look),
		"verify-office":   pageAt(office, interview.Verify),
		"verify-failing":  pageAt(failing, interview.Verify),
		"verify-many":     {Lead: pageAt(interviewtest.Many(t), interview.Verify).Lead},
		"verify-lookups":  pageAt(seenOf(interviewtest.New(t), "too-many-lookups.example"), interview.Verify),
		"verify-escape":   pageAt(seenOf(interviewtest.New(t), "escape.example"), interview.Verify),
		"plan-office":     interviewtest.Planned(t, interviewtest.New(t), office).Page(),
		"plan-dead":       interviewtest.Planned(t, interviewtest.Dead(t), office).Page(),
		"plan-lookups":    examplePlan(t, "08-eleven-lookups").Page(),
		"plan-basic-auth": examplePlan(t, "20-basic-auth-ends").Page(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, pageText(page))
		})
	}
}
