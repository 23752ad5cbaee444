package interview_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sendplan/planner"
	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

var aboutDomains = interview.Subject{Of: interview.OfDomains}

// What people paste in the place of a domain is taken, and told.
func TestDomainsTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, answer, basis string }{
		{"contoso.com", "contoso.com", ""},
		{" Contoso.COM. ", "contoso.com", ""},
		{"contoso.com,contoso.de;\ncontoso.com", "contoso.com, contoso.de", ""},
		{"info@contoso.com", "contoso.com", `contoso.com is taken from "info@contoso.com"`},
		{"<müller@bücher.example>", "bücher.example", `bücher.example is taken from "<müller@bücher.example>"`},
		{"https://www.contoso.com/kontakt?x=1", "contoso.com", `contoso.com is taken from "https://www.contoso.com/kontakt?x=1"`},
		{"http://bücher.example:8080", "bücher.example", `bücher.example is taken from "http://bücher.example:8080"`},
		{"www.contoso.com", "contoso.com", `contoso.com is taken from "www.contoso.com"`},
		{"www.com", "www.com", ""},
		{"xn--bcher-kva.example", "bücher.example", ""},
		{"a.example a@b.example", "a.example, b.example", `b.example is taken from "a@b.example"`},
	} {
		q := ask(t, interviewtest.Empty(), aboutDomains, interview.Answers{"domains": c.typed}, "domains")
		if q.Answer != c.answer || q.Basis != c.basis {
			t.Errorf("%q: %q (%s), want %q (%s)", c.typed, q.Answer, q.Basis, c.answer, c.basis)
		}
		s := put(t, interviewtest.Empty(), aboutDomains, interview.Answers{"domains": c.typed})
		if again := ask(t, s, aboutDomains, nil, "domains"); again.Answer != c.answer || again.Basis != "" {
			t.Errorf("%q: asked again, %q (%s)", c.typed, again.Answer, again.Basis)
		}
	}
}

func TestDomainsMistakes(t *testing.T) {
	t.Parallel()
	const fix = "type a domain such as contoso.com"
	for typed, message := range map[string]string{
		"":            "no domain is named",
		" , ;":        "no domain is named",
		"contoso":     `"contoso" is not a whole domain: it has no dot`,
		"203.0.113.1": `"203.0.113.1" is an IP address, not a domain`,
		"a..example":  `domain name "a..example" has an empty label`,
		"ftp://[::1]": `"[" is not a domain name: it holds '['`,
		"a_b@":        "empty domain name",
	} {
		_, err := interviewtest.Empty().Put(aboutDomains, interview.Answers{"domains": typed})
		checkMistake(t, err, interview.Mistake{ID: "domains", Message: message, Fix: fix})
		q := ask(t, interviewtest.Empty(), aboutDomains, interview.Answers{"domains": typed}, "domains")
		if strings.TrimSpace(q.Answer) != strings.TrimSpace(typed) && message != "no domain is named" {
			t.Errorf("%q became %q", typed, q.Answer)
		}
	}
}

// A draft keeps the domains it has, and gets those that it lacks; what was found
// and planned is not about them any more.
func TestDomainsOfDraft(t *testing.T) {
	t.Parallel()
	s := withDraft(t, "version: 1\ndomains:\n  - name: bücher.example # ours\n  - {name: nordwind.example, dmarc: {target: reject}}\n")
	if q := ask(t, s, aboutDomains, nil, "domains"); q.Answer != "bücher.example, nordwind.example" {
		t.Errorf("proposed: %q", q.Answer)
	}
	s.Found, s.Plan = &interview.Found{}, &planner.Plan{}
	next := put(t, s, aboutDomains, interview.Answers{"domains": "rheintal.example bücher.example"})
	checkText(t, "draft", changed(s, next), "+  - name: rheintal.example\n")
	if !slices.Equal(next.Domains, names("rheintal.example", "bücher.example")) || next.Found != nil || next.Plan != nil {
		t.Errorf("%v, found %v, plan %v", next.Domains, next.Found, next.Plan)
	}
	next.Found, next.Plan = s.Found, s.Plan
	if same := put(t, next, aboutDomains, nil); same.Found == nil || same.Plan == nil {
		t.Error("the same domains again forget what was found")
	}
}

// Nobody has to undo in the file what was a slip of the keyboard.
func TestDomainsCorrected(t *testing.T) {
	t.Parallel()
	s := begun(t, "nordwind.example")
	fresh := put(t, s, aboutDomains, interview.Answers{"domains": "rheintal.example"})
	if fresh.Draft != nil {
		t.Errorf("the draft about the wrong domain stays:\n%s", fresh.Draft.Bytes())
	}
	answered := put(t, s, interview.Subject{Of: interview.OfTenant}, interview.Answers{"smtp_auth": "true"})
	kept := put(t, answered, aboutDomains, interview.Answers{"domains": "rheintal.example"})
	checkText(t, "draft that was worked on", changed(answered, kept), "+  - name: rheintal.example\n")
}

func TestLearn(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	s := begun(t, "nordwind.example", "xn--bcher-kva.example")
	inv := s.Draft.Inventory
	if inv.Tenant.InitialDomain != "nordwind.onmicrosoft.com" || inv.Tenant.Cloud != "worldwide" || inv.Tenant.Inbound != "" || inv.Tenant.Outbound != "" {
		t.Errorf("tenant: %+v", inv.Tenant)
	}
	if len(inv.Domains) != 2 || inv.Domains[1].Name != "xn--bcher-kva.example" {
		t.Errorf("domains: %+v", inv.Domains)
	}
	if !strings.HasPrefix(string(s.Draft.Bytes()), "# What sends mail for nordwind.example.") {
		t.Errorf("draft:\n%s", s.Draft.Bytes())
	}
	other := begun(t, "xn--bcher-kva.example", "nordwind.example").Draft.Tenant
	if other.InitialDomain != "nordwind.onmicrosoft.com" || other.Cloud != "worldwide" {
		t.Errorf("what the second domain tells of the tenant is lost: %+v", other)
	}

	mine := withDraft(t, "version: 1\ntenant: {cloud: dod} # sic\ndomains: [{name: nordwind.example}]\n")
	mine.Domains, mine.Plan = names("nordwind.example"), &planner.Plan{}
	next, err := mine.Learn(w.Look(context.Background(), mine.Domains, false, nil))
	if err != nil || next.Found == nil || next.Plan != nil {
		t.Fatalf("%v, found %v, plan %v", err, next.Found, next.Plan)
	}
	checkText(t, "a file of the user", string(next.Draft.Bytes()), string(mine.Draft.Bytes()))
}

// What a dead resolver leaves open is filled in when it is asked again.
func TestLearnAgain(t *testing.T) {
	t.Parallel()
	s := learnt(t, interviewtest.Dead(t), interviewtest.Empty(), "nordwind.example")
	if s.Draft.Tenant.Cloud != "" {
		t.Errorf("invented: %+v", s.Draft.Tenant)
	}
	again, err := s.Learn(interviewtest.New(t).Look(context.Background(), s.Domains, true, nil))
	if err != nil || again.Draft.Tenant.Cloud != "worldwide" {
		t.Errorf("%v: %+v", err, again.Draft.Tenant)
	}
}

func TestLearnMistakes(t *testing.T) {
	t.Parallel()
	w := interviewtest.New(t)
	look := func(s interview.State, list ...string) error {
		s.Domains = names(list...)
		next, err := s.Learn(w.Look(context.Background(), s.Domains, false, nil))
		if next.Found != s.Found || next.Draft != s.Draft {
			t.Error("the state has changed")
		}
		return err
	}
	checkMistake(t, look(interviewtest.Empty(), "nordwind.example", "nordwnid.example"), interview.Mistake{
		ID: "domains", Message: `the domain "nordwnid.example" does not exist`, Fix: "correct its spelling, or take it off the list"})
	checkMistake(t, look(interviewtest.Empty(), "nordwnid.example", "bücheé.example"), interview.Mistake{
		ID: "domains", Message: `the domains "nordwnid.example" and "bücheé.example" do not exist`, Fix: "correct their spelling, or take them off the list"})
	checkMistake(t, look(interviewtest.Empty()), interview.Mistake{ID: "domains", Message: "no domain was looked at", Fix: "name one"})

	old := withDraft(t, "version: 1\ndomains: [{name: nordwind.example}, {name: gone.example}]\n")
	old.Domains = names("nordwind.example")
	if _, err := old.Learn(w.Look(context.Background(), names("nordwind.example", "gone.example"), false, nil)); err != nil {
		t.Errorf("a domain that only the inventory has stops the interview: %v", err)
	}
}
