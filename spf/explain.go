package spf

import "sendplan/internal/dns"

// explanation makes the text for a fail of f's record (RFC 7208 §6.2). Whatever
// goes wrong, the default text stands in; nothing here changes the result or
// counts against a limit.
func (e *evaluator) explanation(f *frame) string {
	i := f.record.Exp()
	if i < 0 {
		return e.q.DefaultExplanation
	}
	e.uncounted, e.haveValidated = true, false
	t := f.record.Terms[i]
	text, why := e.explain(f, t)
	s := f.at(t.Span)
	s.Words = "the explanation is made"
	if why != "" {
		text, s.Words = e.q.DefaultExplanation, "no explanation: "+why
	}
	e.step(s)
	return text
}

// explain fetches and expands the text; why tells what went wrong.
func (e *evaluator) explain(f *frame, t Term) (text, why string) {
	values := e.values(f, t.Span)
	domain, stop := expandDomain(t.Domain, values)
	if stop != nil {
		return "", stop.cause.Error()
	}
	to := newTarget(domain)
	if to.name == "" {
		return "", show(to.text) + " is no domain name"
	}
	ans, failed := e.lookup(to.name, dns.TypeTXT)
	if failed != nil {
		return "", failed.Error()
	}
	txts := texts(ans)
	if len(txts) != 1 {
		return "", to.name.String() + " has not exactly one TXT record"
	}
	parts, bad := scanMacros(txts[0], macroExplain)
	if bad != nil {
		return "", bad.message
	}
	text, stop = expandText(parts, values)
	if stop != nil {
		return "", stop.cause.Error()
	}
	return text, ""
}
