package planner

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/survey"
	"sendplan/spf"
)

// TestPlanDeterministic: the same is planned each time, and from a survey that
// grew until nothing was lacking.
func TestPlanDeterministic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if s := drawScene(t); rapid.IntRange(0, 2).Draw(t, "one in three, because a survey grows slowly") == 0 {
			checkSame(t, s)
		}
	})
}

func checkSame(t tester, s scene) {
	t.Helper()
	p := play(t, s)
	make := func(r dns.Resolver) Plan { return Make(&p.file.Inventory, r, Options{Date: day}) }
	if again := make(p.old); !reflect.DeepEqual(p.plan, again) {
		p.Fatalf("made again, the plan is\n%s", sketch(again))
	}
	grown := survey.Gather(ctx, p.old, survey.Options{MaxQueries: 20000}, func(r dns.Resolver) { make(r) })
	gathered := make(grown)
	if lacking := grown.Lacking(); len(lacking) > 0 {
		p.Fatalf("the survey still lacks %v", lacking)
	}
	if !reflect.DeepEqual(p.plan, gathered) {
		p.Fatalf("from a survey, the plan is\n%s", sketch(gathered))
	}
}

// TestPlanFailure: a question that fails makes a plan take nothing away, raise no
// policy, and call no device right, that it would not otherwise.
func TestPlanFailure(t *testing.T) {
	t.Parallel()
	several(t, 3, func(t *rapid.T) {
		checkFailure(t, drawScene(t), rapid.IntRange(0, 999).Draw(t, "which question fails"), rapid.Bool().Draw(t, "everywhere"))
	})
}

func checkFailure(t tester, s scene, which int, everywhere bool) {
	t.Helper()
	p := play(t, s)
	p.publish()
	recorder := dns.NewRecorder(p.old)
	Make(&p.file.Inventory, recorder, Options{Date: day})
	questions := recorder.Replay().Questions()
	q := questions[which%len(questions)]
	hurt := Make(&p.file.Inventory, failing{p.old, q, everywhere}, Options{Date: day})
	gone := p.removed(p.plan)
	for what, key := range p.removed(hurt) {
		if _, also := gone[what]; !also && !p.loses(key) {
			p.Fatalf("when %s fails, %s is removed; the plan is then\n%s", q, what, sketch(hurt))
		}
	}
	then := p.before.apply(p, hurt.Changes()).zones(p)
	for _, d := range p.plan.Domains {
		if a, err := then.Lookup(ctx, d.Name, dns.TypeTXT); err != nil || !a.Exists {
			continue // np applies to what does not exist
		}
		was, without, with := levels(p.old, d.Name), levels(p.new, d.Name), levels(then, d.Name)
		for i := range was {
			if was[i] >= 0 && with[i] > max(was[i], without[i]) {
				p.Fatalf("when %s fails, the policy of %s goes from %d to %d instead of %d; the plan is then\n%s", q, d.Name, was, with, without, sketch(hurt))
			}
		}
	}
	for i, d := range hurt.Devices {
		if !slices.Equal(keysOf(p.plan.Changes()), keysOf(hurt.Changes())) {
			break // a policy that is not published is one that nobody fails
		}
		if d.Right == method.True && p.plan.Devices[i].Right != method.True {
			p.Fatalf("when %s fails, %s becomes right: it was %s; the plan is then\n%s", q, d.Name, p.plan.Devices[i].Right, sketch(hurt))
		}
	}
}

// loses reports whether a set is held back because somebody would lose: what is
// then not known, nobody can be seen to lose.
func (p *played) loses(k dns.Key) bool {
	return slices.ContainsFunc(p.plan.Blocked, func(b Block) bool { return b.ID == BlockLoses && slices.Contains(b.Holds, k) })
}

// removed names what a plan takes away, and the set that it is of: the terms of
// SPF records, and all other records but those of a DMARC policy.
func (p *played) removed(plan Plan) map[string]dns.Key {
	gone := map[string]dns.Key{}
	for _, c := range plan.Changes() {
		var terms []string
		for _, r := range c.New {
			if text, ok := r.Data.(dns.TXT); ok {
				terms = append(terms, termTexts(spf.Parse(text.Joined()))...)
			}
		}
		for _, r := range c.Old {
			text, ok := r.Data.(dns.TXT)
			switch {
			case slices.Contains(c.New, r) || strings.HasPrefix(string(c.Key.Name), "_dmarc."):
			case !ok || !spf.IsSPF(text.Joined()):
				gone[r.String()] = c.Key
			default:
				for _, term := range termTexts(spf.Parse(text.Joined())) {
					if !slices.Contains(terms, term) {
						gone[c.Key.String()+" "+term] = c.Key
					}
				}
			}
		}
	}
	return gone
}
