package render

import (
	"fmt"
	"io"
	"strings"

	"sendplan/internal/term"
	"sendplan/spf"
)

type spfEvalDoc struct {
	Schema      int         `json:"schema"`
	Domain      string      `json:"domain"` // that was checked; "" when the sender has none
	IP          string      `json:"ip"`
	Sender      string      `json:"sender"`
	Result      spf.Result  `json:"result"`
	Mechanism   string      `json:"mechanism"` // that matched, "" if none did
	Explanation string      `json:"explanation"`
	Problem     string      `json:"problem,omitempty"` // of a permerror
	Error       *dnsErrJSON `json:"error,omitempty"`   // of a temperror
	Lookups     int         `json:"lookups"`
	VoidLookups int         `json:"void_lookups"`
	Trace       []traceJSON `json:"trace"`
}

type traceJSON struct {
	Depth       int         `json:"depth"`
	Domain      string      `json:"domain"`
	Term        string      `json:"term,omitempty"`
	Asked       []string    `json:"asked,omitempty"`
	Matched     bool        `json:"matched"`
	Lookups     int         `json:"lookups"`
	VoidLookups int         `json:"void_lookups"`
	Error       *dnsErrJSON `json:"error,omitempty"`
	Words       string      `json:"words"`
}

// SPFEval writes the result of an evaluation and how it came about.
func (f Format) SPFEval(w io.Writer, p Page, q spf.Query, e spf.Evaluation) error {
	doc := spfEvalDoc{
		Schema: Schema, Domain: e.Domain.String(), IP: q.IP.String(), Sender: octets(e.Sender), Result: e.Result,
		Mechanism: octets(e.Mechanism), Explanation: octets(e.Explanation), Error: newDNSErr(e.Cause),
		Lookups: e.Lookups, VoidLookups: e.Voids, Trace: []traceJSON{},
	}
	if e.Problem != nil {
		doc.Problem = octets(e.Problem.Message)
	}
	for _, s := range e.Trace {
		doc.Trace = append(doc.Trace, newTrace(s))
	}
	return f.document(w, p, doc, func(t *Text) { t.spfEval(q, e) })
}

func newTrace(s spf.Step) traceJSON {
	step := traceJSON{
		Depth: s.Depth, Domain: s.Domain.String(), Term: octets(s.Term()), Matched: s.Matched,
		Lookups: s.Lookups, VoidLookups: s.Voids, Error: newDNSErr(s.Err), Words: octets(s.Words),
	}
	for _, k := range s.Asked {
		step.Asked = append(step.Asked, k.String())
	}
	return step
}

func (t *Text) spfEval(q spf.Query, e spf.Evaluation) {
	t.Line("%s  %s", t.Style.Bold.Draw(string(e.Result)), term.Safe(fmt.Sprintf("for %s from %s", e.Sender, q.IP)))
	if e.Mechanism != "" {
		t.Para(2, "matched: ", e.Mechanism+" in the record of "+e.MatchDomain.String(), term.Pen{})
	}
	if e.Explanation != "" {
		t.Para(2, "the domain says: ", e.Explanation, term.Pen{})
	}
	if e.Problem != nil {
		t.Para(2, "reason: ", e.Problem.Message, t.Style.Red)
		if e.Problem.Record != "" {
			t.Mark(4, e.Problem.Record, e.Problem.Span.Start, e.Problem.Span.End, t.Style.Red)
		}
	}
	if e.Cause != nil {
		t.Para(2, "reason: ", e.Cause.Error(), t.Style.Magenta)
	}
	t.Line("  %d of 10 lookups, %d of 2 void", e.Lookups, e.Voids)
	t.Blank()
	for _, s := range e.Trace {
		head := strings.Repeat("  ", min(s.Depth, 20))
		if s.Term() != "" {
			head += term.SafeMax(s.Term(), t.Width/2) + "  "
		}
		t.Para(0, head, s.Words, t.Style.Dim)
	}
}
