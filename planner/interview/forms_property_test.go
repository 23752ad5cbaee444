package interview_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

const commentedText = `# Bücher GmbH
version: 1
tenant: # ours
  # direct, they say
  outbound: unknown # ask them
  inbound: gateway:mimecast # MX
  smtp_auth: true # till December
# places
sites:
  # the main one
  - name: hq # Hauptsitz
    addresses: [203.0.113.10, 2001:db8:1::/48] # fibre
    static: true # by contract
    ipv6: true # new
  # the other
  - {name: branch, static: false} # DSL
# names
domains:
  # the shop
  - name: bücher.example # old
    dmarc: {target: reject, rua: [mailto:d@bücher.example]} # in May
    spf: {all: keep} # why not
  - {name: no-dmarc.example} # new
  - {name: parked.example, parked: true} # kept
devices:
  # on the second floor
  - name: scanner # Ricoh
    site: HQ # by the stairs
    from: [scan@bücher.example] # alone
  - {name: mx1, kind: relay, site: hq, from: [a@no-dmarc.example]} # in the rack
# the end
`

// aState draws an interview with a draft, looked at or not.
func aState(t *testing.T) *rapid.Generator[interview.State] {
	commented := withDraft(t, commentedText)
	found := learnt(t, interviewtest.New(t), commented, "bücher.example", "no-dmarc.example", "rheintal.example")
	dead := learnt(t, interviewtest.Dead(t), commented, "bücher.example")
	fresh := begun(t, "nordwind.example", "no-dmarc.example")
	fresh.Forms, found.Forms = someForms, someForms
	return rapid.SampledFrom([]interview.State{commented, found, dead, fresh, interviewtest.Long(t)})
}

func aSubject(s interview.State) *rapid.Generator[interview.Subject] {
	list := []interview.Subject{aboutDomains, aboutTenant, aboutExport, aboutSite("")}
	for _, site := range s.Draft.Sites {
		list = append(list, aboutSite(site.Name))
	}
	for _, d := range s.Draft.Domains {
		list = append(list, aboutWishes(string(d.Name)))
	}
	return rapid.SampledFrom(list)
}

// typed are answers to what is no choice, good ones and bad ones.
var typed = []string{"", " ", "x", "Größe 7", "203.0.113.9 198.51.100.0/24", "198.51.100.7", "10.0.0.1", "2001:db8:9::1", "a@b.example", "info@bücher.example, nordwind.example",
	"www.rheintal.example", "nowhere.example", "contoso.onmicrosoft.com", "../a b", "a\x00", "hq", "Branch", "true", `"`, "yes: #", "-", "\xff"}

// answered draws answers to questions as they come, some left out.
func answered(t *rapid.T, s interview.State, about interview.Subject) interview.Answers {
	given := interview.Answers{}
	for at := 0; ; at++ {
		questions := s.Questions(about, given)
		if at >= len(questions) {
			return given
		}
		q := questions[at]
		pool := slices.Clone(typed)
		if len(q.Options) > 0 {
			pool = pool[:3]
			for _, o := range q.Options {
				pool = append(pool, o.Value, o.Value)
			}
		}
		if rapid.IntRange(0, 2).Draw(t, "answer it") > 0 {
			given[q.ID] = rapid.SampledFrom(pool).Draw(t, string(q.ID))
		}
	}
}

// puts takes answers. It reports whether they were taken; if not, there is a
// mistake with words, and nothing has changed. The state before never changes.
func puts(t *rapid.T, s interview.State, about interview.Subject, given interview.Answers) (interview.State, bool) {
	before := string(s.Draft.Bytes())
	next, err := s.Put(about, given)
	if string(s.Draft.Bytes()) != before {
		t.Fatal("the state before has changed")
	}
	if err == nil {
		return next, true
	}
	var m *interview.Mistake
	if !errors.As(err, &m) || m.Message == "" || string(next.Draft.Bytes()) != before {
		t.Fatalf("%#v, and the draft is\n%s", err, next.Draft.Bytes())
	}
	return next, false
}

// Whatever is answered: it is taken and stands, so that taking the form again
// changes nothing; or it is a mistake, and nothing has changed. Comments stay.
func TestForms(t *testing.T) {
	t.Parallel()
	states := aState(t)
	rapid.Check(t, func(t *rapid.T) {
		s := states.Draw(t, "state")
		about := aSubject(s).Draw(t, "subject")
		given := answered(t, s, about)
		next, ok := puts(t, s, about, given)
		if !ok {
			return
		}
		if next.Draft == nil {
			return // begun anew
		}
		checkComments(t, string(s.Draft.Bytes()), string(next.Draft.Bytes()))
		checkStands(t, next, about, given)
	})
}

// checkStands takes the form once more, with nothing answered.
func checkStands(t *rapid.T, s interview.State, about interview.Subject, given interview.Answers) {
	switch name := strings.TrimSpace(given["name"]); {
	case about.Of == interview.OfSite && name != "":
		about.Name = name
	case about.Of == interview.OfSite && about.Name == "":
		about.Name = s.Draft.Sites[len(s.Draft.Sites)-1].Name
	}
	after := string(s.Draft.Bytes())
	again, err := s.Put(about, nil)
	if err != nil {
		t.Fatalf("taken again: %v", err)
	}
	if got := string(again.Draft.Bytes()); got != after {
		t.Fatalf("taken again:\n%s\nwas\n%s", got, after)
	}
}

// checkComments finds comments that got lost.
func checkComments(t *rapid.T, before, after string) {
	for _, line := range strings.Split(before, "\n") {
		if i := strings.Index(line, "# "); i >= 0 && !strings.Contains(after, line[i:]) {
			t.Fatalf("%q is lost:\n%s", line[i:], after)
		}
	}
}
