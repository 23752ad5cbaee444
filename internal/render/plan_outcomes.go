package render

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/planner"
	"sendplan/spf"
)

// outcomeHead are the columns of verdicts; senders have no last one.
var outcomeHead = []string{"SPF", "DKIM", "DMARC", "RIGHT"}

// outcomeRow is what becomes of one device or sender.
type outcomeRow struct {
	Name    string
	Cells   []string // below outcomeHead
	Remarks []string
	Right   method.Truth
	Why     string // of a Right that is not True
}

func deviceRow(d planner.Device) outcomeRow {
	r := outcomeRow{Name: d.Name, Cells: append(verdictSteps(d.Before, d.After), rightWord(d.Right)), Right: d.Right}
	r.Remarks = append([]string{methodStep(d)}, proofs(d.After)...)
	if d.Right != method.True {
		r.Why = d.Why
	}
	return r
}

func senderRow(s planner.Sender) outcomeRow {
	r := outcomeRow{Name: s.What, Cells: verdictSteps(s.Before, s.After), Right: method.True}
	who := "of " + s.Domain.Unicode()
	if s.Who != "" {
		who += ", " + s.Who
	}
	r.Remarks = append([]string{who}, proofs(s.After)...)
	return r
}

// methodStep is the method of today and the one that the proof is about.
func methodStep(d planner.Device) string {
	now, then := orUnknown(string(d.Today())), orUnknown(string(d.Method))
	if now == then {
		return now
	}
	return now + " -> " + then
}

// verdictSteps are SPF, DKIM and DMARC before and after.
func verdictSteps(before, after proof.Outcome) []string {
	b, a := verdicts(before), verdicts(after)
	steps := make([]string, len(b))
	for i := range b {
		if steps[i] = b[i]; a[i] != b[i] {
			steps[i] += " -> " + a[i]
		}
	}
	return steps
}

// notJudged is the verdict of mail that no receiver judges.
const notJudged = "not-judged"

// verdicts are SPF, DKIM and DMARC in words.
func verdicts(o proof.Outcome) [3]string {
	return [3]string{verdictWord(o.SPF, o.Right), verdictWord(o.DKIM, o.Right), verdictWord(o.DMARC, o.Right)}
}

// verdictWord is a verdict. Where there is none, only an outcome that is right
// tells that nobody judges; one that was never made tells nothing.
func verdictWord(v proof.Verdict, right method.Truth) string {
	switch {
	case v != proof.NotJudged:
		return string(v)
	case right == method.True:
		return notJudged
	}
	return string(proof.Unknown)
}

// proofs say how the verdicts came about: the terms that matched, what they
// cost, and where the two generations of receivers differ.
func proofs(o proof.Outcome) []string {
	var list []string
	add := func(words string) {
		if words != "" && !slices.Contains(list, words) {
			list = append(list, words)
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
	return list
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

var planHead = []string{
	"what", "domain", "name", "now", "method", "spf_before", "spf_after", "dkim_before", "dkim_after", "dmarc_before", "dmarc_after", "right", "why",
}

// planRows are the devices and senders as a table.
func planRows(p Planned) [][]string {
	rows := [][]string{planHead}
	for _, d := range p.Devices {
		var from []string
		for _, a := range d.From {
			if name := a.Domain.String(); !slices.Contains(from, name) {
				from = append(from, name)
			}
		}
		row := []string{"device", strings.Join(from, ", "), d.Name, string(d.Today()), string(d.Method)}
		rows = append(rows, append(append(row, beforeAfter(d.Before, d.After)...), rightWord(d.Right), d.Why))
	}
	for _, s := range p.Senders {
		row := []string{"sender", s.Domain.String(), s.What, "", ""}
		rows = append(rows, append(append(row, beforeAfter(s.Before, s.After)...), "", s.Who))
	}
	return rows
}

// beforeAfter are the verdicts in the order of planHead.
func beforeAfter(before, after proof.Outcome) []string {
	b, a := verdicts(before), verdicts(after)
	return []string{b[0], a[0], b[1], a[1], b[2], a[2]}
}
