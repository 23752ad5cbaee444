package words

import (
	"fmt"
	"slices"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/planner"
	"sendplan/spf"
)

// Right is yes, no or unknown.
func Right(t method.Truth) string {
	switch t {
	case method.True:
		return "yes"
	case method.False:
		return "no"
	}
	return "unknown"
}

// Method is that of today and the one that the proof is about.
func Method(d planner.Device) string {
	now, then := OrUnknown(string(d.Today())), OrUnknown(string(d.Method))
	if now == then {
		return now
	}
	return now + " -> " + then
}

// Sender is for which domain somebody sends, and who that is.
func Sender(s planner.Sender) string {
	who := "of " + s.Domain.Unicode()
	if s.Who != "" {
		who += ", " + s.Who
	}
	return who
}

// Steps are SPF, DKIM and DMARC before and after, a single word where they stay.
func Steps(before, after proof.Outcome) []string {
	b, a := Verdicts(before), Verdicts(after)
	for i := range b {
		if a[i] != b[i] {
			b[i] += " -> " + a[i]
		}
	}
	return b[:]
}

// NotJudged is the verdict of mail that no receiver judges.
const NotJudged = "not-judged"

// Verdicts are SPF, DKIM and DMARC.
func Verdicts(o proof.Outcome) [3]string {
	return [3]string{Verdict(o.SPF, o.Right), Verdict(o.DKIM, o.Right), Verdict(o.DMARC, o.Right)}
}

// Verdict is a verdict. Where there is none, only an outcome that is right tells
// that nobody judges; one that was never made tells nothing.
func Verdict(v proof.Verdict, right method.Truth) string {
	switch {
	case v != proof.NotJudged:
		return string(v)
	case right == method.True:
		return NotJudged
	}
	return string(proof.Unknown)
}

// Reasons say how the verdicts came about: the terms that matched, what they cost,
// and where the two generations of receivers differ. Each is there once.
func Reasons(o proof.Outcome) []string {
	var list []string
	add := func(text string) {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	for _, h := range o.Hops {
		for _, e := range h.Envelopes {
			add(envelope(e))
		}
		for _, a := range h.Authors {
			add(generations(a))
		}
	}
	return list
}

// envelope is which term decides SPF for one sender domain.
func envelope(e proof.SPFOutcome) string {
	if e.Domain == "" || len(e.Samples) == 0 {
		return e.Why
	}
	text := fmt.Sprintf("SPF of %s: %s", e.Domain.Unicode(), e.Verdict)
	if e.Term != "" {
		text += ` by "` + e.Term + `"`
	}
	text += fmt.Sprintf(", %d of %d lookups", e.Lookups, spf.MaxLookups)
	if e.Why != "" && (e.Verdict != proof.Pass || e.Term == "") { // of a pass it repeats the term
		text += "; " + e.Why
	}
	return text
}

// generations is where the two generations of receivers differ.
func generations(a proof.Author) string {
	if a.DMARC.Verdict == a.DMARC7489.Verdict {
		return ""
	}
	return fmt.Sprintf("DMARC of %s: %s by RFC 9989, %s by RFC 7489", a.Domain.Unicode(),
		Verdict(a.DMARC.Verdict, a.DMARC.Right), Verdict(a.DMARC7489.Verdict, a.DMARC7489.Right))
}
