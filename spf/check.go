package spf

import (
	"fmt"

	"sendplan/internal/dns"
)

// check evaluates the record of a domain. When an include or redirect led here,
// by is the record that holds it and span the term.
func (e *evaluator) check(t target, depth int, span Span, by *frame) outcome {
	f := &frame{target: t, depth: depth}
	// RFC 7208 §4.3: not a name, or a single label.
	if len(t.name.Labels()) < 2 {
		s := f.at(Span{})
		s.Words = fmt.Sprintf("%s is no domain name of two or more labels: none", show(t.text))
		e.step(s)
		return outcome{result: None, term: -1}
	}
	place, free := by, false
	if by == nil {
		place, free = f, true
	}
	ans, stop := e.ask(place, span, t.name, dns.TypeTXT, free)
	if stop != nil {
		return stopped(stop)
	}
	// RFC 7208 §4.5
	switch found := Select(texts(ans)).Records; len(found) {
	case 0:
		s := f.at(Span{})
		s.Words = noRecord(t.name, ans) + ": none"
		e.step(s)
		return outcome{result: None, term: -1}
	case 1:
		f.record = Parse(found[0])
	default:
		return stopped(e.permerror(f, Span{}, ProblemMultiple, fmt.Sprintf("%s has %d SPF records, one is allowed", t.name, len(found))))
	}
	// RFC 7208 §4.6: the whole record is checked before any term is evaluated.
	if !f.record.Valid() {
		first := f.record.Errors[0]
		return stopped(e.permerror(f, first.Span, ProblemSyntax, first.Message))
	}
	s := f.at(Span{})
	s.Words = fmt.Sprintf("%s has one SPF record, its syntax is right", t.name)
	e.step(s)
	return e.terms(f)
}

// noRecord words why a name has no SPF record.
func noRecord(name dns.Name, ans dns.Answer) string {
	switch n := len(ans.Records); {
	case n > 0:
		return fmt.Sprintf("%s has no SPF record (TXT records of other kinds: %d)", name, n)
	case ans.Exists:
		return fmt.Sprintf("%s has no TXT record", name)
	}
	return fmt.Sprintf("%s does not exist", name)
}

// terms evaluates the mechanisms in order, then redirect (RFC 7208 §4.6.2,
// §4.6.3, §4.7).
func (e *evaluator) terms(f *frame) outcome {
	for i, t := range f.record.Terms {
		if !t.Kind.Mechanism() {
			continue
		}
		matched, stop := e.match(f, t)
		if stop != nil {
			return stopped(stop)
		}
		if matched {
			return outcome{result: t.Qualifier.Result(), frame: f, term: i}
		}
	}
	if i := f.record.Redirect(); i >= 0 {
		return e.redirect(f, f.record.Terms[i])
	}
	s := f.at(Span{})
	s.Words = "no term matches, and there is no redirect: neutral"
	e.step(s)
	return outcome{result: Neutral, frame: f, term: -1}
}

// redirect goes on with the record of another domain (RFC 7208 §6.1).
func (e *evaluator) redirect(f *frame, t Term) outcome {
	to, stop := e.enter(f, t)
	if stop != nil {
		return stopped(stop)
	}
	s := f.at(t.Span)
	s.Words = fmt.Sprintf("no term matches: the record of %s decides", show(to.text))
	e.step(s)
	o := e.check(to, f.depth+1, t.Span, f)
	if o.result == None {
		return stopped(e.permerror(f, t.Span, ProblemRedirect, fmt.Sprintf("redirect leads to %s, which has no SPF record", show(to.text))))
	}
	return o
}

// enter counts a term that asks the DNS and expands what it asks for. An
// invalid name gives a target with the name "".
func (e *evaluator) enter(f *frame, t Term) (target, *stop) {
	e.haveValidated = false
	if e.lookups++; e.lookups > e.limits.Lookups {
		return target{}, e.permerror(f, t.Span, ProblemLookups,
			fmt.Sprintf("%s is term number %d that asks the DNS, at most %d are allowed", show(t.Text), e.lookups, e.limits.Lookups))
	}
	if !t.HasDomain() {
		return f.target, nil
	}
	text, stop := expandDomain(t.Domain, e.values(f, t.Span))
	if stop != nil {
		return target{}, stop
	}
	return newTarget(text), nil
}

func newTarget(text string) target {
	name, err := dns.RawName(text)
	if err != nil {
		name = ""
	}
	return target{text, name}
}
