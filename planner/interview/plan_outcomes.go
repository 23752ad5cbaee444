package interview

import (
	"fmt"
	"slices"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/planner"
	"sendplan/spf"
)

// devices are what receivers make of the mail of each device, before and after.
func (p planned) devices() Section {
	var items []Item
	for _, d := range p.Plan.Devices {
		var more lines
		if d.Right != method.True {
			more.add(rightMark(d.Right), 0, d.Why)
		}
		more.add(Plain, 0, "method: "+methodStep(d))
		more = append(more, proofLines(d.After)...)
		for i, h := range d.Hops {
			more = append(more, hopLines(i+1, h)...)
		}
		one := item(rightMark(d.Right), d.Name, more)
		one.Cells = append(verdictSteps(d.Before, d.After), rightWord(d.Right))
		one.About = Subject{OfDevice, d.Name}
		items = append(items, one)
	}
	table := section("Devices, before -> after (one word: the same)", items)
	table.Columns = []string{"Device", "SPF", "DKIM", "DMARC", "Right"}
	return table
}

// senders are what receivers make of those whom the records allow besides.
func (p planned) senders() Section {
	var items []Item
	for _, s := range p.Plan.Senders {
		who := "of " + s.Domain.Unicode()
		if s.Who != "" {
			who += ", " + s.Who
		}
		var more lines
		more.add(Plain, 0, who)
		more = append(more, proofLines(s.After)...)
		one := item(senderMark(s), s.What, more)
		one.Cells = verdictSteps(s.Before, s.After)
		items = append(items, one)
	}
	table := section("Whom the records allow besides, before -> after", items)
	table.Columns = []string{"Sender", "SPF", "DKIM", "DMARC"}
	return table
}

// senderMark signs what becomes of a sender. One that fails as it did before is no
// fault of the plan.
func senderMark(s planner.Sender) Mark {
	if s.After.Right == method.False && s.Before.Right != method.True {
		return Warn
	}
	return rightMark(s.After.Right)
}

func rightMark(right method.Truth) Mark {
	switch right {
	case method.True:
		return Good
	case method.False:
		return Bad
	}
	return Unknown
}

// rightWord is yes, no or unknown.
func rightWord(right method.Truth) string {
	switch right {
	case method.True:
		return "yes"
	case method.False:
		return "no"
	}
	return "unknown"
}

// methodStep is the method of today and the one that the proof is about.
func methodStep(d planner.Device) string {
	now, then := orUnknown(string(d.Today())), orUnknown(string(d.Method))
	if now == then {
		return now
	}
	return now + " -> " + then
}

func orUnknown(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}

// verdictSteps are SPF, DKIM and DMARC before and after, a single word where
// they stay.
func verdictSteps(before, after proof.Outcome) []string {
	b, a := verdicts(before), verdicts(after)
	for i := range b {
		if a[i] != b[i] {
			b[i] += " -> " + a[i]
		}
	}
	return b
}

func verdicts(o proof.Outcome) []string {
	return []string{verdictWord(o.SPF, o.Right), verdictWord(o.DKIM, o.Right), verdictWord(o.DMARC, o.Right)}
}

// verdictWord is a verdict. Where there is none, only an outcome that is right
// tells that nobody judges; one that was never made tells nothing.
func verdictWord(v proof.Verdict, right method.Truth) string {
	switch {
	case v != proof.NotJudged:
		return string(v)
	case right == method.True:
		return "not-judged"
	}
	return string(proof.Unknown)
}

// proofLines say how the verdicts came about: the terms that matched, what they
// cost, and where the two generations of receivers differ.
func proofLines(o proof.Outcome) lines {
	var more lines
	add := func(words string) {
		if !slices.ContainsFunc(more, func(l Line) bool { return l.Text == words }) {
			more.add(Plain, 0, words)
		}
	}
	for _, h := range o.Hops {
		for _, e := range h.Envelopes {
			add(envelopeWords(e))
		}
		for _, a := range h.Authors {
			add(generationWords(a))
		}
	}
	return more
}

// envelopeWords say which term decides SPF for one sender domain.
func envelopeWords(e proof.SPFOutcome) string {
	if e.Domain == "" || len(e.Samples) == 0 {
		return e.Why
	}
	words := fmt.Sprintf("SPF of %s: %s", e.Domain.Unicode(), e.Verdict)
	if e.Term != "" {
		words += ` by "` + e.Term + `"`
	}
	words += fmt.Sprintf(", %d of %d lookups", e.Lookups, spf.MaxLookups)
	if e.Why != "" && (e.Verdict != proof.Pass || e.Term == "") { // of a pass it repeats the term
		words += "; " + e.Why
	}
	return words
}

// generationWords say where the two generations of receivers differ.
func generationWords(a proof.Author) string {
	if a.DMARC.Verdict == a.DMARC7489.Verdict {
		return ""
	}
	return fmt.Sprintf("DMARC of %s: %s by RFC 9989, %s by RFC 7489", a.Domain.Unicode(),
		verdictWord(a.DMARC.Verdict, a.DMARC.Right), verdictWord(a.DMARC7489.Verdict, a.DMARC7489.Right))
}

// hopLines say how the mail goes a step further, and whether it is judged there.
func hopLines(n int, h method.Hop) lines {
	judged := map[method.Truth]string{method.True: "judged", method.False: "informative", method.Unknown: "judged or not: unknown"}[h.Judged]
	var more lines
	more.add(Plain, 0, fmt.Sprintf("hop %d: %s -> %s: %s", n, h.From, h.To, judged))
	more.add(Muted, 1, h.Why)
	if len(h.Addresses) > 0 {
		more.add(Muted, 1, "from "+list(h.Addresses, prefixText))
	}
	for _, name := range h.Includes {
		more.add(Muted, 1, "from the addresses of include:"+name.String())
	}
	for _, note := range h.Notes {
		more.add(Muted, 1, note)
	}
	return more
}
