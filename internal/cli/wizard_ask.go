package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/survey"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// Look checks the domains as "sendplan check" does, several at a time, and asks
// besides what the advice about devices rests on.
func (w *wizard) Look(ctx context.Context, domains []dns.Name, again bool, progress func(survey.Progress)) interview.Found {
	w.forget(again)
	var opts check.Options
	w.session.applyView(&opts)
	surveys := w.surveyAll(ctx, domains, opts, progress)
	found := interview.Found{DNS: pool(surveys)}
	for i, name := range domains {
		found.Reports = append(found.Reports, check.Examine(surveys[i], name, opts, nil))
	}
	return found
}

// Plan makes the plan of an inventory.
func (w *wizard) Plan(ctx context.Context, inv *inventory.Inventory, again bool, progress func(survey.Progress)) planner.Plan {
	w.forget(again)
	return w.planAs(ctx, inv, w.inventory, progress)
}

// planAs makes the plan of an inventory that is or will be in a file: the plan
// names it in commands.
func (w *wizard) planAs(ctx context.Context, inv *inventory.Inventory, path string, progress func(survey.Progress)) planner.Plan {
	opts := w.session.options()
	opts.Inventory = path
	gathered := w.session.surveyed(ctx, inv, progress, func(r dns.Resolver) { planner.Make(inv, r, opts) })
	return planner.Make(inv, gathered, opts)
}

// forget makes what failed be asked anew, where that is wanted. A recording has
// nothing new to say.
func (w *wizard) forget(again bool) {
	if again && w.session.cache != nil {
		w.session.cache.Forget()
	}
}

// surveyAll surveys the domains. A panic in one of them is passed on to the
// caller: who draws the screen gives the terminal back, which cannot be done from
// here.
func (w *wizard) surveyAll(ctx context.Context, domains []dns.Name, opts check.Options, progress func(survey.Progress)) []*survey.Survey {
	surveys := make([]*survey.Survey, len(domains))
	all := newJoint(len(domains), progress)
	slots := make(chan struct{}, maxDomains)
	var running sync.WaitGroup
	var fell fall
	for i, name := range domains {
		running.Go(func() {
			defer fell.note()
			slots <- struct{}{}
			defer func() { <-slots }()
			surveys[i] = w.session.gatherFor(ctx, name, all.of(i), func(r dns.Resolver) {
				check.Look(r, name, opts)
				fleet.Look(r, &inventory.Inventory{Domains: []inventory.Domain{{Name: name}}})
			})
		})
	}
	running.Wait()
	fell.pass()
	return surveys
}

// fall is the first panic of several goroutines.
type fall struct {
	once sync.Once
	text string
}

// note takes the panic of the goroutine that defers it, if there is one.
func (f *fall) note() {
	if p := recover(); p != nil {
		f.once.Do(func() { f.text = fmt.Sprintf("%v\n\n%s", p, debug.Stack()) })
	}
}

// pass panics, once the goroutines are done, if one of them did.
func (f *fall) pass() {
	if f.text != "" {
		panic(f.text)
	}
}

// joint is the progress of several surveys as that of one. Surveys may report
// at the same time.
type joint struct {
	mu    sync.Mutex
	parts []survey.Progress
	shown func(survey.Progress) // nil: show nothing
}

func newJoint(n int, shown func(survey.Progress)) *joint {
	return &joint{parts: make([]survey.Progress, n), shown: shown}
}

// of returns what takes the progress of one survey.
func (t *joint) of(part int) func(survey.Progress) {
	if t.shown == nil {
		return nil
	}
	return func(p survey.Progress) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.parts[part] = p
		p.Asked, p.Answered = 0, 0
		for _, one := range t.parts {
			p.Asked += one.Asked
			p.Answered += one.Answered
		}
		t.shown(p)
	}
}

// pool answers from several surveys. A question that more than one of them
// asked may have failed in one, whose time or budget was spent, and have been
// answered in the next.
type pool []*survey.Survey

// Lookup returns what one of the surveys was answered, or else how it failed.
func (p pool) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	return p.Ask(ctx, dns.Question{Source: dns.Given, Key: dns.Key{Name: name, Type: t}})
}

// Ask is Lookup for any source.
func (p pool) Ask(ctx context.Context, q dns.Question) (dns.Answer, error) {
	var failed error = &dns.Error{Key: q.Key, Cause: dns.NotAsked}
	for _, s := range p {
		answer, err := s.Ask(ctx, q)
		if err == nil {
			return answer, nil
		}
		if dns.AsError(err).Cause != dns.NotAsked {
			failed = err
		}
	}
	return dns.Answer{}, failed
}
