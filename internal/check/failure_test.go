package check_test

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// failing is a resolver that gets no answer to some questions.
type failing struct {
	asker
	questions map[dns.Question]bool
	cause     dns.Cause
}

func (f failing) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return f.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (f failing) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	if f.questions[q] {
		return dns.Answer{}, &dns.Error{Key: q.Key, Cause: f.cause, Server: "192.0.2.53:53"}
	}
	return f.asker.Ask(ctx, q)
}

// recording is a resolver that notes what it was asked.
type recording struct {
	asker
	asked map[dns.Question]bool
}

func (r recording) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return r.Ask(ctx, dns.Question{Key: dns.Key{Name: name, Type: t}})
}

func (r recording) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	r.asked[q] = true
	return r.asker.Ask(ctx, q)
}

// questions returns what the judgement of an example asks, in a fixed order.
func questions(ex example) []dns.Question {
	r := recording{ex.Zones, make(map[dns.Question]bool)}
	check.Look(r, ex.Domain, ex.Options)
	return slices.SortedFunc(maps.Keys(r.asked), func(a, b dns.Question) int {
		return cmp.Or(cmp.Compare(a.Key.Name, b.Key.Name), cmp.Compare(a.Key.Type, b.Key.Type), cmp.Compare(a.Source, b.Source))
	})
}

// judge judges an example on a resolver that answers from memory. That this is
// the same as by way of a survey is what TestSurveyIsComplete shows.
func judge(r dns.Resolver, ex example) []finding.Finding {
	return check.Judge(check.Look(r, ex.Domain, ex.Options), check.All)
}

// accusation is a failed finding, as far as a failure of the DNS must not make
// it.
type accusation struct {
	ID      finding.ID
	Subject dns.Name
}

// accusations counts the failed findings.
func accusations(findings []finding.Finding) map[accusation]int {
	n := make(map[accusation]int)
	for _, f := range findings {
		if f.Status == finding.Fail {
			n[accusation{f.ID, f.Subject}]++
		}
	}
	return n
}

// TestFailuresAccuseNobody holds the first promise: a verdict is never wrong
// because the DNS failed. Each question of each example fails once; no finding
// may fail then that does not fail otherwise, nor a check pass that does not.
func TestFailuresAccuseNobody(t *testing.T) {
	t.Parallel()
	for name, ex := range examples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := judge(ex.Zones, ex)
			for _, key := range questions(ex) {
				compareFailure(t, ex, whole, key)
			}
		})
	}
}

// TestFailuresAccuseNobodyInTheWorld does the same in the embedded world.
func TestFailuresAccuseNobodyInTheWorld(t *testing.T) {
	t.Parallel()
	for name, ex := range worldExamples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := judge(ex.Zones, ex)
			for _, key := range questions(ex) {
				compareFailure(t, ex, whole, key)
			}
		})
	}
}

// worldExamples returns the domains of the embedded world by their names.
func worldExamples(t *testing.T) map[string]example {
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]example)
	for _, name := range world.Domains() {
		all[name.String()] = example{Domain: name, Zones: zones}
	}
	return all
}

// TestFailuresAccuseNobodyAnywhere does the same with any number of failures, in
// zones that mix the records of several examples.
func TestFailuresAccuseNobodyAnywhere(t *testing.T) {
	t.Parallel()
	groups := recordGroups(t)
	rapid.Check(t, func(t *rapid.T) {
		ex := mixed(t, groups)
		keys := questions(ex)
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, min(len(keys), 6), rapid.ID).Draw(t, "failing")
		compareFailure(t, ex, judge(ex.Zones, ex), chosen...)
	})
}

// recordGroups returns the records of each example, without those that start
// zones, and each record alone.
func recordGroups(t *testing.T) []string {
	var groups []string
	for _, ex := range examples(t) {
		var records []string
		for line := range strings.Lines(ex.Text) {
			if !strings.HasPrefix(line, ";") && !strings.Contains(line, " SOA ") && strings.TrimSpace(line) != "" {
				records = append(records, line)
			}
		}
		groups = append(append(groups, records...), strings.Join(records, ""))
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// mixed draws groups of records and makes an example of those that can stand
// together.
func mixed(t *rapid.T, groups []string) example {
	// The servers of the root let the public view be asked.
	text := ". IN SOA ns.example. host.example. 1 3600 900 604800 300\n. IN NS ns.example.\nns.example. IN A 192.0.2.53\n"
	if rapid.Bool().Draw(t, "a zone of its own") {
		text += "contoso.example. IN SOA ns.contoso.example. host.contoso.example. 1 3600 900 604800 300\n"
	}
	ex := example{Domain: "contoso.example"}
	for _, group := range rapid.SliceOfN(rapid.SampledFrom(groups), 1, 8).Draw(t, "records") {
		if zones, err := dns.ParseZones(text+group, "mixed.zone"); err == nil {
			text, ex.Zones = text+group, zones
		}
	}
	if ex.Zones == nil {
		t.Skip("nothing that can be loaded")
	}
	if rapid.Bool().Draw(t, "a selector is given") {
		ex.Options.Selectors = []string{"scanner"}
	}
	if rapid.Bool().Draw(t, "a subdomain") {
		ex.Domain = "printers.contoso.example"
	}
	return ex
}

// reporter is what testing.T and rapid.T share.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func compareFailure(t reporter, ex example, whole []finding.Finding, keys ...dns.Question) {
	t.Helper()
	r := failing{ex.Zones, make(map[dns.Question]bool), dns.ServFail}
	for _, key := range keys {
		r.questions[key] = true
	}
	findings := judge(r, ex)
	for a, n := range accusations(findings) {
		if n > accusations(whole)[a] {
			t.Errorf("without an answer to %v, %s fails about %s %d times instead of %d: %+v", keys, a.ID, a.Subject, n, accusations(whole)[a], ofID(findings, a.ID))
		}
	}
	for _, f := range findings {
		if f.Status == finding.Pass && slices.ContainsFunc(ofID(whole, f.ID), func(b finding.Finding) bool { return b.Status == finding.Fail }) {
			t.Errorf("without an answer to %v, %s passes: %s", keys, f.ID, f.Message)
		}
	}
}

// TestTotalFailure: with no answer at all everything is unknown.
func TestTotalFailure(t *testing.T) {
	t.Parallel()
	for _, cause := range []dns.Cause{dns.ServFail, dns.Timeout, dns.Refused, dns.Unreachable, dns.Malformed, dns.Budget} {
		report, _ := reportOn(deaf(cause), "contoso.example", check.Options{Selectors: []string{"scanner"}})
		for _, f := range report.Findings {
			if f.Status == finding.Fail {
				t.Errorf("%s: %s fails: %s", cause, f.ID, f.Message)
			}
		}
		for _, id := range []finding.ID{"mx-lookup", "spf-lookup", "dkim-lookup", "dmarc-lookup"} {
			if found := byID(report, id); len(found) == 0 || found[0].Cause == nil || found[0].Cause.Cause != cause {
				t.Errorf("%s: %s says %+v", cause, id, found)
			}
		}
		if report.Status() != check.StatusUnknown {
			t.Errorf("%s: the status is %s", cause, report.Status())
		}
	}
}

// deaf is a resolver that never gets an answer.
type deaf dns.Cause

func (d deaf) Lookup(_ context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: dns.Cause(d)}
}

// TestSurveyIsComplete: a survey holds everything that the judgement of it
// reads, and the judgement is that of the zones themselves.
func TestSurveyIsComplete(t *testing.T) {
	t.Parallel()
	all := examples(t)
	maps.Copy(all, worldExamples(t))
	for name, ex := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, s := reportOn(ex.Zones, ex.Domain, ex.Options)
			if lacking := s.Lacking(); len(lacking) > 0 {
				t.Errorf("the survey lacks %v", lacking)
			}
			direct := check.Look(ex.Zones, ex.Domain, ex.Options)
			if !reflect.DeepEqual(report.Domain, direct) {
				t.Errorf("on the survey %+v\non the zones %+v", report.Domain, direct)
			}
			for _, key := range questions(ex) {
				if _, err := s.Ask(context.Background(), key); err != nil && dns.AsError(err).Cause == dns.NotAsked {
					t.Errorf("the survey does not hold %s", key)
				}
			}
		})
	}
}

// TestNonexistentDomain: nothing else is said about a name that does not exist,
// whatever its parents hold and whichever question fails.
func TestNonexistentDomain(t *testing.T) {
	t.Parallel()
	for _, record := range []string{
		"",
		"*.fabrikam.example. IN TXT \"v=spf1 -all\"",
		"_dmarc.contoso.example. IN TXT \"v=DMARC1; p=none\"",
		"_dmarc.contoso.example. IN TXT \"v=DMARC1; p=rejct; sp=no rua=mailto:a@fabrikam.example\"",
		"_dmarc.contoso.example. IN TXT \"v=DMARC1; p=none; psd=y; pct=20; rua=mailto:a@fabrikam.example\"",
		"_dmarc.contoso.example. IN CNAME dmarc.fabrikam.example.",
		"_dmarc.example. IN TXT \"v=DMARC1; p=reject; np=none; psd=y\"",
	} {
		text := ". IN SOA ns.example. host.example. 1 3600 900 604800 300\n" + record + "\n"
		zones, err := dns.ParseZones(text, "test.zone")
		if err != nil {
			t.Fatal(err)
		}
		ex := example{Domain: "nowhere.contoso.example", Zones: zones, Options: check.Options{Selectors: []string{"scanner"}}}
		for _, f := range judge(zones, ex) {
			if f.Status != finding.Pass && f.ID != "domain-missing" {
				t.Errorf("%s: %s says %s", record, f.ID, f.Message)
			}
		}
		for _, key := range questions(ex) {
			compareFailure(t, ex, judge(zones, ex), key)
		}
	}
}

// TestSmallBudget: a survey that ran out of questions accuses nobody either.
func TestSmallBudget(t *testing.T) {
	t.Parallel()
	for name, ex := range examples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := accusations(judge(ex.Zones, ex))
			for budget := 1; budget <= len(questions(ex)); budget *= 2 {
				s := check.Gather(context.Background(), ex.Zones, ex.Domain, ex.Options, survey.Options{MaxQueries: budget})
				for a, n := range accusations(judge(s, ex)) {
					if n > before[a] {
						t.Errorf("with a budget of %d questions %s fails about %s", budget, a.ID, a.Subject)
					}
				}
			}
		})
	}
}
