package proof

import (
	"fmt"

	"sendplan/internal/method"
	"sendplan/spf"
)

// envelopes judges SPF for each envelope sender of a hop.
func (r *Receiver) envelopes(h method.Hop) (list []SPFOutcome, notes []string) {
	m := h.MailFrom
	switch {
	case m.Null && h.HELO == "":
		return blind(SPFOutcome{Why: "the null sender is judged by HELO, which is not known"})
	case m.Null:
		o, notes := r.envelope(h, sender{domain: h.HELO, null: true, helo: h.HELO})
		return []SPFOutcome{o}, notes
	case m.Known == method.False:
		return blind(SPFOutcome{Foreign: true, Why: "MAIL FROM is " + words(m.Text, "somebody else's domain") + ", which never aligns"})
	case m.Known != method.True || len(m.Domains) == 0:
		return blind(SPFOutcome{Why: "MAIL FROM is not known: " + words(m.Text, "nothing tells")})
	}
	for _, domain := range m.Domains {
		o, more := r.envelope(h, sender{domain: domain, helo: h.HELO})
		list = append(list, o)
		notes = append(notes, more...)
	}
	return list, notes
}

// words returns text, or otherwise if it is empty.
func words(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// blind is SPF of a sender that is not known.
func blind(o SPFOutcome) ([]SPFOutcome, []string) {
	o.Verdict = Unknown
	return []SPFOutcome{o}, nil
}

// envelope judges SPF for one envelope sender.
func (r *Receiver) envelope(h method.Hop, from sender) (SPFOutcome, []string) {
	src := r.source(h, from.domain)
	o := SPFOutcome{Domain: from.domain, Complete: src.gap == ""}
	for _, p := range src.points {
		s := r.sample(from, p)
		o.Samples = append(o.Samples, s)
		o.Lookups = max(o.Lookups, s.Lookups)
	}
	o.Term = o.term()
	root := r.tree(from.domain).Root
	if fixed, why := whatever(root); fixed != "" {
		o.Verdict, o.Why, o.Complete, o.fixed = fixed, why, true, true
		return o, src.notes
	}
	if src.err == nil && root.Record == nil {
		src.err = root.Err
	}
	o.judge(src)
	return o, src.notes
}

// whatever returns the verdict that a domain's record gives to every address,
// "" if it tells addresses apart or could not be asked.
func whatever(root *spf.Node) (v Verdict, why string) {
	switch {
	case root.Err != nil && root.Record == nil:
		return "", ""
	case root.State == spf.StateNone: // RFC 7208 §4.5
		return None, root.Note
	case len(root.Selection.Records) > 1: // RFC 7208 §4.5
		return PermError, root.Note
	case root.Record != nil && !root.Record.Valid(): // RFC 7208 §4.6
		return PermError, fmt.Sprintf("the SPF record of %s: %s", root.Domain, root.Record.Errors[0].Message)
	}
	return "", ""
}

// judge draws the samples together.
func (o *SPFOutcome) judge(src source) {
	for _, s := range o.Samples {
		switch {
		case s.certain():
		case o.Verdict != Unknown:
			o.Verdict, o.Err, o.Why = Unknown, s.Cause, s.words()
		case o.Err == nil:
			o.Err = s.Cause
		}
	}
	switch {
	case o.Verdict == Unknown:
	case !o.Complete:
		o.Verdict, o.Err, o.Why = Unknown, src.err, src.words()
	default:
		o.agree()
	}
}

// agree gives the verdict of samples that are all certain.
func (o *SPFOutcome) agree() {
	first := o.Samples[0]
	o.Verdict, o.Why = Verdict(first.Result), first.words()
	for _, s := range o.Samples {
		if s.Result != first.Result {
			o.Verdict, o.Why = Depends, first.words()+"; "+s.words()
			return
		}
	}
}

// words says what became of a sample.
func (s Sample) words() string {
	where := s.Addr.String()
	if s.Block.IsValid() && !s.Block.IsSingleIP() {
		where += " of " + s.Block.String()
	}
	switch {
	case s.Cause != nil:
		return fmt.Sprintf("%s: %s", where, s.Cause)
	case s.Doubt != "":
		return fmt.Sprintf("%s: %s", where, s.Doubt)
	case s.Mechanism == "":
		return fmt.Sprintf("%s gives %s", where, s.Result)
	}
	return fmt.Sprintf("%s gives %s (%s in the record of %s)", where, s.Result, s.Mechanism, s.MatchDomain)
}

// term returns the term that all samples matched.
func (o *SPFOutcome) term() string {
	for _, s := range o.Samples {
		if s.Mechanism != o.Samples[0].Mechanism || s.MatchDomain != o.Samples[0].MatchDomain {
			return ""
		}
	}
	if len(o.Samples) == 0 {
		return ""
	}
	return o.Samples[0].Mechanism
}
