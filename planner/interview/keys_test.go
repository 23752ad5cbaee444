package interview_test

import (
	"slices"
	"testing"

	"sendplan/planner/interview"
)

// presses counts the keys for a form about a new thing, beyond what is typed: one
// opens it, enter goes on from each question, a choice whose proposal is wrong
// takes its digit, and ctrl+s takes the rest as proposed. It returns what was
// answered, too.
func presses(t *testing.T, s interview.State, about interview.Subject, want interview.Answers) (int, interview.Answers) {
	t.Helper()
	given := interview.Answers{}
	keys, last := 1, 0
	for at := 0; ; at++ {
		questions := s.Questions(about, given)
		if at == len(questions) {
			break
		}
		q := questions[at]
		if answer, ok := want[q.ID]; ok && answer != q.Answer {
			given[q.ID] = answer
			if len(q.Options) > 0 {
				keys++
			}
			last = at
		}
	}
	return keys + last + 1, given
}

// An office with a site and three devices is entered with few keys: what cannot be
// proposed comes first, and what can is right.
func TestKeysOfAnOffice(t *testing.T) {
	t.Parallel()
	s := begun(t, "nordwind.example")
	total := 0
	for _, c := range []struct {
		about interview.Subject
		want  interview.Answers // what is so
		most  int
	}{
		{aboutSite(""), interview.Answers{"name": "office", "addresses": "203.0.113.10", "static": "true", "shared": "false", "port25": "open"}, 9},
		{aboutDevice(""), interview.Answers{"name": "scanner", "kind": "scanner", "recipients": "internal", "site": "office", "from": "scanner@nordwind.example", "now": "smtp-auth", "auth": "basic", "tls": "1.2"}, 4},
		{aboutDevice(""), interview.Answers{"name": "usv", "kind": "ups", "recipients": "one-external", "site": "office", "from": "usv@nordwind.example", "now": "smtp-auth", "auth": "basic", "tls": "1.2"}, 4},
		{aboutDevice(""), interview.Answers{"name": "erp", "kind": "application", "recipients": "anyone", "site": "office", "from": "erp@nordwind.example", "now": "smtp-auth", "auth": "basic", "tls": "1.2"}, 4},
	} {
		keys, given := presses(t, s, c.about, c.want)
		if keys > c.most {
			t.Errorf("%s takes %d keys, at most %d are right: %v", c.want["name"], keys, c.most, given)
		}
		total += keys
		s = put(t, s, c.about, given)
	}
	if total > 21 {
		t.Errorf("the office takes %d keys", total)
	}
	var got []string
	for _, d := range s.Draft.Devices {
		got = append(got, string(d.Method))
	}
	if want := []string{"connector-ip", "connector-ip", "connector-ip"}; !slices.Equal(got, want) {
		t.Errorf("the methods are %q, want %q", got, want)
	}
}

// In the usual case a device takes nine questions.
func TestFewQuestions(t *testing.T) {
	t.Parallel()
	s := on(t, "2026-11-22")
	for _, name := range []string{"scanner-2", "usv", "qnap", "Drucker", "kopierer", "alarm"} {
		if n := len(s.Questions(aboutDevice(""), interview.Answers{"name": name})); n > 9 {
			t.Errorf("%s takes %d questions", name, n)
		}
	}
}
