package render

import (
	"io"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/term"
)

type explainDoc struct {
	Schema   int      `json:"schema"`
	ID       string   `json:"id"`
	Severity string   `json:"severity"`
	Title    string   `json:"title"`
	Explain  string   `json:"explain"`
	Refs     []string `json:"refs"`
}

type explanationsDoc struct {
	Schema int               `json:"schema"`
	Checks []explanationJSON `json:"checks"`
}

type explanationJSON struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
}

// Explanations writes a list of checks: what there is to explain.
func (f Format) Explanations(w io.Writer, p Page, checks []check.Check) error {
	doc := explanationsDoc{Schema: Schema, Checks: []explanationJSON{}}
	width := 0
	for _, c := range checks {
		doc.Checks = append(doc.Checks, explanationJSON{string(c.ID), c.Severity.String(), c.Title})
		width = max(width, len(c.ID))
	}
	return f.document(w, p, doc, func(t *Text) {
		for _, c := range checks {
			severity := c.Severity.String()
			pad := strings.Repeat(" ", max(labelWidth-len(severity), 0))
			t.Para(0, term.Pad(string(c.ID), width)+"  "+severity+pad, c.Title, term.Pen{})
		}
	})
}

// Explain writes what a check looks for, why, and what to do.
func (f Format) Explain(w io.Writer, p Page, c check.Check) error {
	doc := explainDoc{Schema, string(c.ID), c.Severity.String(), c.Title, c.Explain, emptyNotNull(c.Refs)}
	return f.document(w, p, doc, func(t *Text) {
		t.Line("%s  %s", t.Style.Bold.Draw(string(c.ID)), t.severityPen(c.Severity).Draw(c.Severity.String()))
		t.Para(0, "", c.Title, term.Pen{})
		for _, paragraph := range strings.Split(c.Explain, "\n\n") {
			t.Blank()
			t.Para(0, "", strings.Join(strings.Fields(paragraph), " "), term.Pen{})
		}
		t.Blank()
		for _, ref := range c.Refs {
			t.Para(0, "- ", ref, t.Style.Dim)
		}
	})
}
