package spf

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"sendplan/internal/dns"
)

const (
	hardLookups = 500  // terms that ask the DNS, whatever the limits say
	maxSteps    = 2000 // of a trace
)

// Evaluate is check_host() of RFC 7208 §4 with the processing of sender and
// HELO around it. A question that r cannot answer gives temperror, never
// another result; only a reverse lookup that the DNS fails is no match, as §5.5
// wants it.
func Evaluate(ctx context.Context, r dns.Resolver, q Query) Evaluation {
	e := &evaluator{ctx: ctx, r: r, q: q, ip: q.IP.Unmap().WithZone(""), limits: q.Limits.resolved()}
	if !q.IP.IsValid() {
		e.step(Step{Words: "the address of the client is not known"})
		return Evaluation{Result: TempError, Trace: e.trace}
	}
	domain, ok := e.identify()
	if !ok {
		return Evaluation{Result: None, Sender: e.sender(), Trace: e.trace}
	}
	o := e.check(domain, 0, Span{}, nil)
	return e.evaluation(domain, o)
}

func (e *evaluator) evaluation(domain target, o outcome) Evaluation {
	v := Evaluation{Result: o.result, Domain: domain.name, Sender: e.sender()}
	if o.stop != nil {
		v.Cause, v.Problem = o.stop.cause, o.stop.problem
	}
	if o.frame != nil && o.term >= 0 {
		t := o.frame.record.Terms[o.term]
		v.Mechanism, v.MatchDomain = t.Text, o.frame.name
		v.MatchRecord, v.MatchSpan = o.frame.record.Text(), t.Span
	}
	// RFC 7208 §6.2
	if o.result == Fail {
		v.Explanation = e.explanation(o.frame)
	}
	v.Lookups, v.Voids, v.Trace = e.lookups, e.voids, e.trace
	return v
}

// resolved replaces the zero values and "no limit" by numbers.
func (l Limits) resolved() Limits {
	or := func(n, standard int) int {
		switch {
		case n == 0:
			return standard
		case n < 0:
			return hardLookups
		}
		return n
	}
	// RFC 7208 §4.6.4
	return Limits{Lookups: min(or(l.Lookups, MaxLookups), hardLookups), MXHosts: or(l.MXHosts, MaxMXHosts), PTRNames: or(l.PTRNames, 10), Voids: or(l.Voids, MaxVoids)}
}

// evaluator is the state of one evaluation, shared by all its records.
type evaluator struct {
	ctx    context.Context
	r      dns.Resolver
	q      Query
	limits Limits

	ip                  netip.Addr
	local, senderDomain string

	lookups, voids int
	uncounted      bool       // empty answers do not count: an explanation is being made
	validated      []dns.Name // the client's validated names, for the term at hand
	haveValidated  bool
	asked          []dns.Key // since the last step
	trace          []Step
}

// target is a domain to check: as macros show it, and as a name to ask for.
type target struct {
	text string
	name dns.Name
}

// frame is a record that is being evaluated.
type frame struct {
	target
	depth  int
	record Record
}

// stop ends an evaluation with temperror or permerror.
type stop struct {
	result  Result
	cause   *dns.Error
	problem *Problem
}

// outcome is the result of one record; frame and term tell the match.
type outcome struct {
	result Result
	frame  *frame
	term   int // -1: none matched
	stop   *stop
}

func stopped(s *stop) outcome { return outcome{result: s.result, term: -1, stop: s} }

func (e *evaluator) sender() string {
	if e.senderDomain == "" {
		return ""
	}
	return e.local + "@" + e.senderDomain
}

// identify finds the domain to check (RFC 7208 §2.3, §2.4, §4.3).
func (e *evaluator) identify() (target, bool) {
	from := e.q.MailFrom
	identity := "the sender " + show(from)
	if from == "" || from == "<>" {
		from, identity = "postmaster@"+e.q.Helo, "HELO "+show(e.q.Helo)
	}
	at := strings.LastIndexByte(from, '@')
	e.local = from[:max(at, 0)]
	if e.local == "" {
		e.local = "postmaster" // §4.3
	}
	domain := strings.TrimSuffix(from[at+1:], ".")
	name, err := dns.ParseName(domain)
	if e.senderDomain = domain; err == nil && !isASCII(domain) {
		e.senderDomain = name.String() // RFC 8616 §4: U-labels as A-labels
	}
	checked := target{e.senderDomain, name}
	if e.q.Domain != "" {
		checked, identity, err = target{e.q.Domain.String(), e.q.Domain}, e.q.Domain.String(), nil
	}
	if err != nil || len(checked.name.Labels()) < 2 {
		e.senderDomain = ""
		e.step(Step{Words: fmt.Sprintf("%s has no domain of two or more labels: none", identity)})
		return target{}, false
	}
	return checked, true
}

// step adds to the trace.
func (e *evaluator) step(s Step) {
	s.Lookups, s.Voids, s.Asked = e.lookups, e.voids, e.asked
	e.asked = nil
	switch n := len(e.trace); {
	case n < maxSteps:
		e.trace = append(e.trace, s)
	case n == maxSteps:
		e.trace = append(e.trace, Step{Words: "further steps are left out"}, s)
	default:
		e.trace[n-1] = s // keep the last one
	}
}

// at begins a step about a term of f's record.
func (f *frame) at(span Span) Step {
	return Step{Depth: f.depth, Domain: f.name, Record: f.record.Text(), Span: span}
}

// permerror ends the evaluation because of the term at span in f's record.
func (e *evaluator) permerror(f *frame, span Span, kind ProblemKind, message string) *stop {
	s := f.at(span)
	s.Words = message + ": permerror"
	e.step(s)
	return &stop{result: PermError, problem: &Problem{Kind: kind, Domain: f.name, Record: f.record.Text(), Span: span, Message: message}}
}

// ask looks up one set for the term at span of f's record. A failure ends the
// evaluation (RFC 7208 §4.4, §5), and so does one empty answer too many
// (§4.6.4).
func (e *evaluator) ask(f *frame, span Span, name dns.Name, t dns.Type, free bool) (dns.Answer, *stop) {
	ans, failed := e.lookup(name, t)
	if failed != nil {
		s := f.at(span)
		s.Err, s.Words = failed, failed.Error()+": temperror"
		e.step(s)
		return ans, &stop{result: TempError, cause: failed}
	}
	return ans, e.void(f, span, ans, free)
}

// void counts an empty answer.
func (e *evaluator) void(f *frame, span Span, ans dns.Answer, free bool) *stop {
	if !ans.Void() || free || e.uncounted {
		return nil
	}
	if e.voids++; e.voids <= e.limits.Voids {
		return nil
	}
	return e.permerror(f, span, ProblemVoids, fmt.Sprintf("lookup without an answer number %d, at most %d are allowed", e.voids, e.limits.Voids))
}

func (e *evaluator) lookup(name dns.Name, t dns.Type) (dns.Answer, *dns.Error) {
	e.asked = append(e.asked, dns.Key{Name: name, Type: t})
	return lookup(e.ctx, e.r, name, t)
}

// lookup asks r and makes sure that a failure is a *dns.Error.
func lookup(ctx context.Context, r dns.Resolver, name dns.Name, t dns.Type) (dns.Answer, *dns.Error) {
	ans, err := r.Lookup(ctx, name, t)
	if err == nil {
		return ans, nil
	}
	if failed := dns.AsError(err); failed != nil {
		return dns.Answer{}, failed
	}
	return dns.Answer{}, &dns.Error{Key: dns.Key{Name: name, Type: t}, Cause: dns.Malformed, Detail: err.Error()}
}

// texts returns the TXT records of an answer, each joined (RFC 7208 §3.3).
func texts(ans dns.Answer) []string {
	var txts []string
	for _, r := range ans.Records {
		if d, ok := r.Data.(dns.TXT); ok {
			txts = append(txts, d.Joined())
		}
	}
	return txts
}
