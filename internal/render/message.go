package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/message"
	"sendplan/internal/term"
	"sendplan/spf"
)

// wide is a label of a message's lines.
func wide(s string) string { return term.Pad("  "+s, len("  MAIL FROM  ")) }

// shownHops is how many hops of a message are drawn for people.
const shownHops = 30

func (t *Text) message(j message.Judgement, results string) {
	t.author(j.Author)
	t.Para(0, wide("MAIL FROM"), senderLine(j.Sender), unlessKnown(t, j.Sender.Known))
	t.Para(0, wide("client"), clientLine(j.Client), unlessKnown(t, j.Client.IP.IsValid()))
	t.Para(0, wide(""), j.Client.Why, t.Style.Dim)
	t.Blank()
	if len(j.Hops) > 0 {
		t.Line("hops, the newest first")
	}
	for _, h := range j.Hops[:min(len(j.Hops), shownHops)] {
		t.hop(h, j.Client.Hop)
	}
	if more := len(j.Hops) - shownHops; more > 0 {
		t.Line("  and %d more", more)
	}
	if j.Client.Hop > shownHops {
		t.hop(j.Hops[j.Client.Hop-1], j.Client.Hop)
	}
	if len(j.Hops) > 0 {
		t.Blank()
	}
	t.messageSPF(j)
	t.messageDKIM(j)
	t.messageDMARC("DMARC", j.Author, j.DMARC, j)
	t.messageDMARC("RFC 7489", j.Author, j.Old, j)
	t.carried(j.Carried)
	t.Blank()
	t.Line("as a field of the header")
	t.headerField("Authentication-Results: " + results)
}

// headerField writes a field of a header, which may be folded at blanks and
// nowhere else.
func (t *Text) headerField(text string) {
	line := " "
	for _, word := range strings.Fields(term.Safe(text)) {
		if len(line) > 1 && term.Cells(line+" "+word) > t.Width {
			t.Line("%s", line)
			line = " "
		}
		line += " " + word
	}
	t.Line("%s", line)
}

func unlessKnown(t *Text, known bool) term.Pen {
	if known {
		return term.Pen{}
	}
	return t.Style.Magenta
}

func (t *Text) author(a message.Author) {
	first := wide("From")
	for _, f := range a.Fields[:min(len(a.Fields), 5)] {
		t.Para(0, first, f, t.Style.Bold)
		first = wide("")
	}
	if a.Why != "" {
		t.Para(0, first, a.Why+": DMARC does not apply", t.Style.Red)
	}
}

func senderLine(s message.Sender) string {
	if !s.Known {
		return "unknown: " + s.Why
	}
	return s.String() + " (" + s.Why + ")"
}

func clientLine(c message.Client) string {
	if !c.IP.IsValid() {
		return "unknown"
	}
	line := c.IP.String()
	if c.HELO != "" {
		line += ", called itself " + c.HELO
	}
	if c.Hop > 0 {
		line += fmt.Sprintf(" (hop %d)", c.Hop)
	}
	return line
}

func (t *Text) hop(h message.Hop, chosen int) {
	sign, pen := " ", t.Style.Dim
	if h.Number == chosen {
		sign, pen = ">", t.Style.Bold
	}
	var parts []string
	add := func(before, text string) {
		if text != "" {
			parts = append(parts, before+text)
		}
	}
	add("from ", h.HELO)
	if h.IP.IsValid() && !strings.Contains(h.HELO, h.IP.String()) {
		parts = append(parts, "["+h.IP.String()+"]")
	}
	if h.PTR != h.HELO {
		add("found as ", h.PTR)
	}
	add("by ", h.By)
	add("with ", h.With)
	if !h.Date.IsZero() {
		add("", h.Date.Format(time.RFC3339))
	}
	if h.HELO == "" && h.By == "" {
		parts = []string{"cannot be read: " + h.Text}
	}
	t.Para(0, fmt.Sprintf("%s %2d ", sign, h.Number), strings.Join(parts, " "), pen)
}

func (t *Text) messageSPF(j message.Judgement) {
	if !j.SPF.Known {
		t.Para(0, wide("SPF"), "unknown: "+j.SPF.Why, t.Style.Magenta)
		return
	}
	e := j.SPF.Evaluation
	t.Para(0, wide("SPF"), fmt.Sprintf("%s for %s from %s", e.Result, e.Sender, j.Client.IP), t.resultPen(string(e.Result)))
	if e.Mechanism != "" {
		t.Para(0, wide(""), e.Mechanism+" in the record of "+e.MatchDomain.String(), t.Style.Dim)
	}
	if e.Problem != nil {
		t.Para(0, wide(""), e.Problem.Message, t.Style.Dim)
	}
	if e.Cause != nil {
		t.Para(0, wide(""), e.Cause.Error(), t.Style.Dim)
	}
}

func (t *Text) messageDKIM(j message.Judgement) {
	if len(j.DKIM) == 0 {
		t.Para(0, wide("DKIM"), "none: the message is not signed", t.Style.Yellow)
	}
	first := wide("DKIM")
	for _, v := range j.DKIM {
		line := string(v.Outcome)
		if s := v.Signature; s.Domain != "" {
			line += fmt.Sprintf(" %s, selector %s (%s)", shownName(s.Domain), s.Selector, s.Algorithm)
		}
		t.Para(0, first, line, t.resultPen(string(v.Outcome)))
		first = wide("")
		t.Para(0, first, v.Reason, t.Style.Dim)
		for _, n := range v.Notes[:min(len(v.Notes), 10)] {
			t.Para(0, first+"- ", n, t.Style.Dim)
		}
	}
}

func (t *Text) messageDMARC(name string, a message.Author, d message.DMARC, j message.Judgement) {
	if !d.Applies {
		t.Para(0, wide(name), "none: "+a.Why, t.Style.Yellow)
		return
	}
	line := d.Status.String() + " for " + shownName(a.Domain) + ", " + policyLine(d.Discovery)
	if d.Status == dmarc.StatusFail {
		line += "; the owner asks for " + dispositionWord(d.Disposition)
	}
	t.Para(0, wide(name), line, t.resultPen(d.Status.String()))
	t.Para(0, wide(""), "SPF: "+alignmentLine(d.SPF, j.SPF.Known), t.Style.Dim)
	for _, a := range d.Verdict.DKIM {
		t.Para(0, wide(""), "DKIM: "+alignmentLine(a, true), t.Style.Dim)
	}
}

func dispositionWord(p dmarc.Policy) string {
	if p == dmarc.None {
		return "nothing but reports"
	}
	return p.String()
}

var modeWords = [...]string{dmarc.Relaxed: "relaxed", dmarc.Strict: "strict"}

// alignmentLine says what one identifier adds to DMARC.
func alignmentLine(a dmarc.Alignment, known bool) string {
	if a.Domain == "" || !known {
		return "no known domain"
	}
	line := fmt.Sprintf("%s (%s), ", a.Domain, a.Result)
	switch {
	case a.Aligned == dmarc.Yes:
		line += "aligned"
	case a.Aligned == dmarc.No:
		line += "not aligned"
	case a.Err != nil:
		line += "alignment unknown: " + a.Err.Error()
	default:
		line += "alignment unknown"
	}
	return line + ", " + modeWords[a.Mode]
}

func (t *Text) carried(list []message.Carried) {
	if len(list) == 0 {
		return
	}
	t.Blank()
	t.Para(0, "", "what servers on the way wrote down (it may be forged; the DNS may have changed since)", term.Pen{})
	pens := map[message.Agreement]term.Pen{message.Agrees: t.Style.Green, message.Differs: t.Style.Yellow, message.NoMatter: t.Style.Dim}
	for _, c := range list[:min(len(list), 60)] {
		line := fmt.Sprintf("%s=%s", c.Method, c.Result)
		if c.About != "" {
			line += " " + c.About
		}
		if c.Server != "" {
			line += " by " + c.Server
		}
		line += ": " + strings.ReplaceAll(string(c.Agreement), "-", " ")
		if c.Why != "" {
			line += ", " + c.Why
		}
		t.Para(2, "", line, pens[c.Agreement])
	}
	if more := len(list) - 60; more > 0 {
		t.Line("  and %d more", more)
	}
}

// resultPen colours a result of SPF, DKIM or DMARC.
func (t *Text) resultPen(result string) term.Pen {
	switch result {
	case string(spf.Pass):
		return t.Style.Green
	case string(spf.TempError), dmarc.StatusUnknown.String():
		return t.Style.Magenta
	case string(spf.Fail), string(spf.PermError), string(dkim.OutcomePolicy):
		return t.Style.Red
	}
	return t.Style.Yellow
}

// Message writes the judgement of a message; results is its
// Authentication-Results value.
func (f Format) Message(w io.Writer, p Page, j message.Judgement, results string) error {
	return f.document(w, p, newMessage(j, results), func(t *Text) { t.message(j, results) })
}
