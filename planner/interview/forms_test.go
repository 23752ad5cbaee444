package interview_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

// begun returns an interview about domains of the embedded world, looked at.
func begun(t testing.TB, names ...string) interview.State {
	t.Helper()
	return learnt(t, interviewtest.New(t), interviewtest.Empty(), names...)
}

// learnt names the domains and looks at them.
func learnt(t testing.TB, w *interviewtest.World, s interview.State, names ...string) interview.State {
	t.Helper()
	s = put(t, s, interview.Subject{Of: interview.OfDomains}, interview.Answers{"domains": strings.Join(names, " ")})
	s, err := s.Learn(w.Look(context.Background(), s.Domains, false, nil))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s interview.State, about interview.Subject, given interview.Answers) interview.State {
	t.Helper()
	next, err := s.Put(about, given)
	if err != nil {
		t.Fatalf("%v: %v", given, err)
	}
	return next
}

// withDraft returns a state about the domains of an inventory, not looked at.
func withDraft(t testing.TB, text string) interview.State {
	t.Helper()
	s := interviewtest.Empty()
	s.Draft = interviewtest.Draft(t, text)
	return s
}

// checkMistake compares an error with what a form says.
func checkMistake(t testing.TB, err error, want interview.Mistake) {
	t.Helper()
	var m *interview.Mistake
	if !errors.As(err, &m) {
		t.Fatalf("no mistake but %v, want %q", err, want.Message)
	}
	if *m != want {
		t.Errorf("\n%#v, want\n%#v", *m, want)
	}
}

// question returns one of the questions; ok is false if it is not asked.
func question(s interview.State, about interview.Subject, given interview.Answers, id interview.ID) (q interview.Question, ok bool) {
	list := s.Questions(about, given)
	i := slices.IndexFunc(list, func(q interview.Question) bool { return q.ID == id })
	if i < 0 {
		return q, false
	}
	return list[i], true
}

// ask is question, for one that must be asked.
func ask(t testing.TB, s interview.State, about interview.Subject, given interview.Answers, id interview.ID) interview.Question {
	t.Helper()
	q, ok := question(s, about, given, id)
	if !ok {
		t.Fatalf("%s is not asked", id)
	}
	return q
}

func asked(s interview.State, about interview.Subject, given interview.Answers) string {
	var ids []string
	for _, q := range s.Questions(about, given) {
		ids = append(ids, string(q.ID))
	}
	return strings.Join(ids, " ")
}

// changed returns the lines that two drafts do not share: "-" of the first, "+"
// of the second.
func changed(before, after interview.State) string {
	had, has := strings.Split(string(before.Draft.Bytes()), "\n"), strings.Split(string(after.Draft.Bytes()), "\n")
	var b strings.Builder
	for _, l := range had {
		if i := slices.Index(has, l); i >= 0 {
			has = slices.Delete(has, i, i+1)
		} else {
			b.WriteString("-" + l + "\n")
		}
	}
	for _, l := range has {
		b.WriteString("+" + l + "\n")
	}
	return b.String()
}

func checkText(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func names(list ...string) []dns.Name {
	var parsed []dns.Name
	for _, n := range list {
		parsed = append(parsed, dns.MustName(n))
	}
	return parsed
}
