package authority

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/internal/dns"
	"sendplan/internal/survey"
)

// see returns what a resolver says about TXT records, in one line.
func see(t *testing.T, r dns.Resolver, name dns.Name) string {
	t.Helper()
	a, err := r.Lookup(t.Context(), name, dns.TypeTXT)
	if err != nil {
		return "error " + err.Error()
	}
	var words []string
	for _, link := range a.Chain {
		words = append(words, "> "+link.Data.String())
	}
	for _, record := range a.Records {
		words = append(words, record.Data.String())
	}
	if !a.Exists {
		words = append(words, "NXDOMAIN")
	}
	return strings.Join(words, " ")
}

func TestView(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	r := New(w, Options{Own: []dns.Name{"fabrikam.example", "contoso.example", "sub.contoso.example", "unregistered.example"}}).View()
	for name, want := range map[dns.Name]string{
		"www.contoso.example":        `"public www"`,
		"alias.contoso.example":      `> www.contoso.example. "public www"`,
		"away.contoso.example":       `> there.fabrikam.example. "there"`, // from own zone to own zone
		"back.fabrikam.example":      `> www.contoso.example. "public www"`,
		"into":                       `> www.contoso.example. "public www"`,
		"elsewhere":                  `"elsewhere"`,
		"_dmarc.sub.contoso.example": `"v=DMARC1; p=none"`,
		"x.wild.contoso.example":     `"wild"`,
		"none.contoso.example":       `NXDOMAIN`,
		"unregistered.example":       `NXDOMAIN`,
	} {
		if got := see(t, r, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for q := range w.asked {
		if q.Source == dns.Given && q.Key.Type == dns.TypeTXT && q.Key.Name.Below("contoso.example") {
			t.Errorf("the resolver was asked for %s", q)
		}
	}
}

func TestViewBarred(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	own := []dns.Name{"contoso.example", "fabrikam.example"}
	w.outcome = without(dns.Timeout, one, six)
	r := New(w, Options{Own: own}).View()
	if got := see(t, r, "www.contoso.example"); got != `"public www"` {
		t.Errorf("the first that answers: %s", got)
	}
	w.outcome = without(dns.Timeout, top, one, two, six)
	r = New(w, Options{Own: own}).View()
	for _, name := range []dns.Name{"www.contoso.example", "into"} {
		if got := see(t, r, name); !strings.Contains(got, "timeout") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := see(t, r, "elsewhere"); got != `"elsewhere"` {
		t.Errorf("a name of others: %s", got)
	}
	if got := see(t, r, "ns1.host.example"); got != "" {
		t.Errorf("a name of others in the zone that cannot be asked: %s", got)
	}
}

// Of the zone of a registry only the own domain is asked there.
func TestViewUnregistered(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	r := New(w, Options{Own: []dns.Name{"unregistered.example"}}).View()
	if got := see(t, r, "www.contoso.example"); got != "NXDOMAIN" || w.asked[dns.Question{Source: dns.Given, Key: key("TXT www.contoso.example")}] != 1 {
		t.Errorf("another domain: %s", got)
	}
	if got := see(t, r, "_dmarc.unregistered.example"); got != "NXDOMAIN" || w.asked[dns.Question{Source: top, Key: key("TXT _dmarc.unregistered.example")}] != 1 {
		t.Errorf("the own one: %s", got)
	}
}

// The view says what the set says wherever there is one.
func TestViewIsTheSets(t *testing.T) {
	t.Parallel()
	a := internet(t, contosoText, contosoText).reader()
	for _, name := range []dns.Name{"contoso.example", "own.wild.contoso.example", "x.wild.contoso.example", "_dmarc.sub.contoso.example", "none.contoso.example"} {
		s := a.Set(dns.Key{Name: name, Type: dns.TypeTXT})
		got, err := a.View().Lookup(t.Context(), name, dns.TypeTXT)
		if err != nil || lines(got.Records) != lines(append(s.Records, s.Materialise...)) || got.Exists != s.Exists {
			t.Errorf("%s: %+v, %v, the set is %+v", name, got, err, s)
		}
	}
}

// A survey learns of all questions that do not need each other's answers at
// once, and ends with the same result.
func TestSurvey(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	questions := []string{"TXT contoso.example", "TXT alias.contoso.example", "TXT x.wild.contoso.example", "TXT _dmarc.sub.contoso.example"}
	judge := func(r dns.Resolver) string {
		a := New(r, Options{Own: []dns.Name{"contoso.example"}})
		var b strings.Builder
		for _, q := range questions {
			b.WriteString(describe(a.Set(key(q))) + "\n")
		}
		fmt.Fprintln(&b, a.Loss("new.x.wild.contoso.example"))
		fmt.Fprintln(&b, see(t, a.View(), "away.contoso.example"))
		return b.String()
	}
	s := survey.Gather(t.Context(), w, survey.Options{}, func(r dns.Resolver) { judge(r) })
	if got, want := judge(s), judge(w); got != want || strings.Contains(got, "not asked") {
		t.Errorf("from the survey\n%s\ndirectly\n%s", got, want)
	}
	if lacking := s.Lacking(); len(lacking) > 0 {
		t.Errorf("still lacking: %v", lacking)
	}
	t.Logf("%d questions", s.Queries())
}

// Where nothing but the servers' answers about one set is unknown, one pass
// tells all of them.
func TestOpenQuestionsAtOnce(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	question := key("TXT contoso.example")
	w.outcome = func(q dns.Question) *dns.Error {
		if q.Key == question {
			return &dns.Error{Key: q.Key, Cause: dns.NotAsked}
		}
		return nil
	}
	if s := w.reader().Set(question); s.Err == nil || s.Err.Cause != dns.NotAsked {
		t.Errorf("%+v", s)
	}
	for _, source := range []dns.Source{one, two, six} {
		if w.asked[dns.Question{Source: source, Key: question}] == 0 {
			t.Errorf("%s was not asked", source)
		}
	}
}

func TestLoss(t *testing.T) {
	t.Parallel()
	w := internet(t, contosoText, contosoText)
	a := w.reader()
	for name, want := range map[dns.Name]string{
		"contoso.example":             "",
		"new.contoso.example":         "",
		"_dmarc.www.contoso.example":  "",
		"x.wild.contoso.example":      "x.wild.contoso.example. 120 IN MX 10 mx.contoso.example.\nx.wild.contoso.example. 120 IN TXT \"wild\"\n",
		"own.wild.contoso.example":    "",
		"_d.own.wild.contoso.example": "", // its own wildcard is stopped by the name above
		// The name above comes to exist as well, and its mail would stop.
		"_dmarc.x.wild.contoso.example": "_dmarc.x.wild.contoso.example. 120 IN MX 10 mx.contoso.example.\n_dmarc.x.wild.contoso.example. 120 IN TXT \"wild\"\n" +
			"x.wild.contoso.example. 120 IN MX 10 mx.contoso.example.\nx.wild.contoso.example. 120 IN TXT \"wild\"\n",
		"x.links.contoso.example": "x.links.contoso.example. 3600 IN CNAME www.contoso.example.\n",
	} {
		if got := a.Loss(name); lines(got.Records) != want || got.Problem != "" || got.Err != nil {
			t.Errorf("%s: %+v\n%s", name, got, lines(got.Records))
		}
	}
	if n := w.asked[dns.Question{Source: one, Key: key("MX new.contoso.example")}]; n > 0 {
		t.Error("where no wildcard answers, its types are asked for")
	}
	second := strings.Replace(contosoText, "*.wild.contoso.example. 120 IN MX 10 mx", "*.wild.contoso.example. 120 IN MX 10 mail", 1)
	if got := internet(t, contosoText, second).reader().Loss("x.wild.contoso.example"); !strings.Contains(got.Problem, "differ about MX") || got.Err != nil {
		t.Errorf("%+v", got)
	}
	w.outcome = func(q dns.Question) *dns.Error {
		if q.Key.Type == dns.TypeMX {
			return &dns.Error{Key: q.Key, Cause: dns.ServFail}
		}
		return nil
	}
	if got := w.reader().Loss("x.wild.contoso.example"); got.Err == nil || got.Err.Cause != dns.ServFail {
		t.Errorf("%+v", got)
	}
	w.outcome = without(dns.Timeout, top)
	if got := w.reader().Loss("x.wild.contoso.example"); got.Err == nil || got.Problem == "" {
		t.Errorf("%+v", got)
	}
}
