package spf

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
)

// matchPTR is RFC 7208 §5.5. Erratum 4751: a validated name matches when it is
// the target or below it.
func (e *evaluator) matchPTR(f *frame, t Term, to target) (bool, *stop) {
	names, stop := e.validate(f, t.Span)
	if stop != nil {
		return false, stop
	}
	for _, n := range names {
		if n.Below(to.name) {
			return e.decided(f, t, true, fmt.Sprintf("%s, a validated name of %s, is %s or below it", n, e.ip, to.name)), nil
		}
	}
	return e.decided(f, t, false, fmt.Sprintf("%s has %d validated names, none is %s or below it", e.ip, len(names), to.name)), nil
}

// validatedName is the value of %{p} (RFC 7208 §7.3): the domain itself, else a
// name below it, else any.
func (e *evaluator) validatedName(f *frame, span Span) (string, *stop) {
	names, stop := e.validate(f, span)
	if stop != nil {
		return "", stop
	}
	switch below := slices.IndexFunc(names, func(n dns.Name) bool { return n.Below(f.name) }); {
	case len(names) == 0:
		return "unknown", nil
	case slices.Contains(names, f.name):
		return f.name.String(), nil
	case below >= 0:
		return names[below].String(), nil
	}
	return names[0].String(), nil
}

// validate returns the client's names that have its address, for the term at
// span. The names are asked for once per term.
func (e *evaluator) validate(f *frame, span Span) ([]dns.Name, *stop) {
	if e.haveValidated {
		return e.validated, nil
	}
	e.validated, e.haveValidated = nil, true
	ans, ok, stop := e.tryAsk(f, span, reverseName(e.ip), dns.TypePTR)
	if stop != nil || !ok {
		return nil, stop
	}
	tried := 0
	for _, r := range ans.Records {
		ptr, ok := r.Data.(dns.PTR)
		if !ok {
			continue
		}
		// RFC 7208 §4.6.4: further names are ignored.
		if tried++; tried > e.limits.PTRNames {
			break
		}
		ans, ok, stop := e.tryAsk(f, span, ptr.Target, e.addressType())
		if stop != nil {
			return nil, stop
		}
		if ok && slices.Contains(addrs(ans), e.ip) {
			e.validated = append(e.validated, ptr.Target)
		}
	}
	return e.validated, nil
}

// tryAsk looks up a set whose failure is no match instead of temperror
// (RFC 7208 §5.5); ok tells success. A question that was never put to the DNS
// is no such failure: nothing is known then.
func (e *evaluator) tryAsk(f *frame, span Span, name dns.Name, t dns.Type) (ans dns.Answer, ok bool, s *stop) {
	ans, failed := e.lookup(name, t)
	if failed == nil {
		return ans, true, e.void(f, span, ans, false)
	}
	step := f.at(span)
	step.Err = failed
	switch failed.Cause {
	case dns.NotAsked, dns.Budget, dns.Canceled:
		step.Words = failed.Error() + ": temperror"
		e.step(step)
		return ans, false, &stop{result: TempError, cause: failed}
	}
	step.Words = failed.Error() + ": the name is passed over"
	e.step(step)
	return ans, false, nil
}
