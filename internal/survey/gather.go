package survey

import (
	"context"
	"fmt"

	"sendplan/internal/dns"
)

// Options bound a survey.
type Options struct {
	MaxQueries int            // different questions at most; 0 means DefaultMaxQueries
	Progress   func(Progress) // called after each answer, from the goroutine that gathers; may be nil
}

// DefaultMaxQueries is the budget of questions for one domain. A usual domain
// takes about forty; one that nests includes to the limit and has ten mail
// hosts takes about a hundred.
const DefaultMaxQueries = 300

// maxInFlight bounds the questions that are out at the same time.
const maxInFlight = 64

// Progress tells how far a survey is.
type Progress struct {
	Asked, Answered int
	Last            dns.Key    // answered last
	Err             *dns.Error // why that failed, or nil
}

// Gather asks r everything that judge needs and returns what came back. It runs
// judge on the growing survey again and again: questions that do not need each
// other's answers go out together, and one that needs an answer goes out as
// soon as that answer is there, so the time is that of the longest chain of
// dependent questions. judge must be pure, read only from the resolver that it
// is given, and go on past a failed question to the others.
//
// When ctx ends, or the budget is spent, the questions that are still open are
// kept as failures; Gather itself never fails.
func Gather(ctx context.Context, r dns.Resolver, opts Options, judge func(dns.Resolver)) *Survey {
	g := gathering{
		ctx: ctx, resolver: r, opts: opts,
		survey:  &Survey{results: make(map[dns.Question]result)},
		asked:   make(map[dns.Question]bool),
		replies: make(chan reply),
	}
	if g.opts.MaxQueries == 0 {
		g.opts.MaxQueries = DefaultMaxQueries
	}
	g.run(judge)
	return g.survey
}

type gathering struct {
	ctx      context.Context
	resolver dns.Resolver
	opts     Options
	survey   *Survey
	asked    map[dns.Question]bool
	waiting  []dns.Question // asked for, not sent yet
	inFlight int
	replies  chan reply
}

type reply struct {
	question dns.Question
	result
}

func (g *gathering) run(judge func(dns.Resolver)) {
	for {
		for fresh := true; fresh; { // a spent budget answers at once, and may lead to more
			judge(g.survey)
			fresh = g.enqueue()
		}
		g.send()
		if g.inFlight == 0 {
			return
		}
		g.keep(<-g.replies)
		for more := true; more && g.inFlight > 0; { // judge once for all that is there
			select {
			case rep := <-g.replies:
				g.keep(rep)
			default:
				more = false
			}
		}
	}
}

// enqueue takes what the judge lacked. It reports whether a question was
// answered on the spot.
func (g *gathering) enqueue() bool {
	need := g.survey.order
	g.survey.order, g.survey.lacking = nil, nil
	answered := false
	for _, q := range need {
		if g.asked[q] {
			continue
		}
		g.asked[q] = true
		if len(g.asked) > g.opts.MaxQueries {
			g.survey.results[q] = result{err: OverBudget(q.Key, g.opts.MaxQueries)}
			answered = true
			continue
		}
		g.waiting = append(g.waiting, q)
	}
	return answered
}

func (g *gathering) send() {
	for len(g.waiting) > 0 && g.inFlight < maxInFlight {
		q := g.waiting[0]
		g.waiting = g.waiting[1:]
		g.inFlight++
		go func() {
			answer, err := dns.At(g.resolver, q.Source).Lookup(g.ctx, q.Key.Name, q.Key.Type)
			g.replies <- reply{q, result{answer, asError(q.Key, err)}}
		}()
	}
}

func (g *gathering) keep(rep reply) {
	g.inFlight--
	g.survey.results[rep.question] = rep.result
	if g.opts.Progress != nil {
		g.opts.Progress(Progress{Asked: len(g.survey.results) + g.inFlight + len(g.waiting), Answered: len(g.survey.results), Last: rep.question.Key, Err: rep.err})
	}
}

// asError keeps the failure of a resolver; one that is no *dns.Error breaks the
// resolver's contract, but is a failure all the same.
func asError(key dns.Key, err error) *dns.Error {
	if err == nil {
		return nil
	}
	if e := dns.AsError(err); e != nil {
		return e
	}
	return &dns.Error{Key: key, Cause: dns.Unreachable, Detail: err.Error()}
}

// OverBudget is the failure of a question that was not asked because max others
// were.
func OverBudget(key dns.Key, max int) *dns.Error {
	return &dns.Error{Key: key, Cause: dns.Budget, Detail: fmt.Sprintf("%d questions were asked", max)}
}
