package render

import (
	"fmt"
	"io"

	"sendplan/internal/check"
	"sendplan/internal/compare"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// diffDoc is the JSON document of what differs between two runs.
type diffDoc struct {
	Schema  int          `json:"schema"`
	OldDate string       `json:"old_date,omitempty"`
	NewDate string       `json:"new_date,omitempty"`
	Domains []diffDomain `json:"domains"` // those that differ
	d       compare.Difference
}

type diffDomain struct {
	Domain   string           `json:"domain"`
	Old      *check.Status    `json:"old_status"` // null: the run did not look at the domain
	New      *check.Status    `json:"new_status"`
	Appeared []diffFinding    `json:"appeared"`
	Gone     []diffFinding    `json:"gone"`
	Changed  []diffChange     `json:"changed"`
	Records  []diffFactChange `json:"records"`

	// The old, or new, run could not ask everything: what it lacks may be there.
	OldPartial bool `json:"old_partial"`
	NewPartial bool `json:"new_partial"`
}

type diffFinding struct {
	ID          finding.ID          `json:"id"`
	Severity    string              `json:"severity"`
	Status      string              `json:"status"`
	Subject     string              `json:"subject"`
	Marked      string              `json:"marked,omitempty"`
	Message     string              `json:"message"`
	Fingerprint finding.Fingerprint `json:"fingerprint"`
}

type diffChange struct {
	Old diffFinding `json:"old"`
	New diffFinding `json:"new"`
}

type diffFactChange struct {
	What string  `json:"what"` // MX, SPF, DMARC, "DKIM selector1"
	Old  *string `json:"old"`  // "" if nothing was there, null if the DNS did not answer
	New  *string `json:"new"`
}

// Difference writes what differs between two runs.
func (f Format) Difference(w io.Writer, p Page, d compare.Difference) error {
	doc := diffDoc{Schema: Schema, OldDate: octets(d.OldDate), NewDate: octets(d.NewDate), Domains: []diffDomain{}, d: d}
	for _, one := range d.Domains {
		doc.Domains = append(doc.Domains, newDiffDomain(one))
	}
	return f.document(w, p, doc, func(t *Text) { t.difference(d) })
}

func newDiffDomain(d compare.DomainDifference) diffDomain {
	one := diffDomain{
		Domain: d.Domain.String(), Old: newStatus(d.Old), New: newStatus(d.New),
		Appeared: diffFindings(d.Appeared), Gone: diffFindings(d.Gone), Changed: []diffChange{}, Records: []diffFactChange{},
		OldPartial: d.OldPartial, NewPartial: d.NewPartial,
	}
	for _, c := range d.Changed {
		one.Changed = append(one.Changed, diffChange{newDiffFinding(c.Old), newDiffFinding(c.New)})
	}
	for _, c := range d.Facts {
		one.Records = append(one.Records, diffFactChange{octets(c.New.What), newFact(c.Old), newFact(c.New)})
	}
	return one
}

func newStatus(s check.Status) *check.Status {
	if s == "" {
		return nil
	}
	return &s
}

func newFact(f compare.Fact) *string {
	if !f.Known {
		return nil
	}
	text := octets(f.Text)
	return &text
}

func diffFindings(findings []compare.Finding) []diffFinding {
	list := []diffFinding{}
	for _, f := range findings {
		list = append(list, newDiffFinding(f))
	}
	return list
}

func newDiffFinding(f compare.Finding) diffFinding {
	return diffFinding{f.ID, f.Severity.String(), f.Status.String(), octets(f.Subject), octets(f.Marked), octets(f.Message), f.Fingerprint()}
}

func (t *Text) difference(d compare.Difference) {
	if len(d.Domains) == 0 {
		t.Line("no difference")
		return
	}
	for i, one := range d.Domains {
		if i > 0 {
			t.Blank()
		}
		t.domainDifference(one)
	}
}

func (t *Text) domainDifference(d compare.DomainDifference) {
	t.Line("%s  %s", t.Style.Bold.Draw(term.Safe(shownName(d.Domain))), statusStep(d))
	for _, c := range d.Facts {
		t.Line("  %s", term.Safe(c.New.What))
		t.Para(4, "was ", factWords(c.Old), t.Style.Dim)
		t.Para(4, "is  ", factWords(c.New), term.Pen{})
	}
	for _, f := range d.Appeared {
		t.Line("  + %s", t.kindPen(f).Draw(findingHead(f)))
		t.Para(6, "", f.Message, term.Pen{})
	}
	for _, c := range d.Changed {
		t.Line("  ~ %s", t.kindPen(c.New).Draw(findingHead(c.New)))
		t.Para(6, "", c.New.Message, term.Pen{})
		t.Para(6, "was ", changeWords(c), t.Style.Dim)
	}
	for _, f := range d.Gone {
		t.Line("  - %s", t.Style.Dim.Draw(findingHead(f)))
		t.Para(6, "", f.Message, t.Style.Dim)
	}
	for _, remark := range partialRemarks(d) {
		t.Para(2, "", remark, t.Style.Magenta)
	}
}

// findingHead is a finding's kind, ID and subject.
func findingHead(f compare.Finding) string {
	return fmt.Sprintf("%s %s %s", kindWord(f.Severity, f.Status), f.ID, term.SafeMax(f.Subject, 80))
}

func (t *Text) kindPen(f compare.Finding) term.Pen {
	if f.Status == finding.Unknown {
		return t.Style.Magenta
	}
	return t.severityPen(f.Severity)
}

// statusStep says how the standing of a domain moved.
func statusStep(d compare.DomainDifference) string {
	switch {
	case d.Old == "":
		return fmt.Sprintf("not checked before, now %s", d.New)
	case d.New == "":
		return fmt.Sprintf("was %s, not checked any more", d.Old)
	case d.Old == d.New:
		return string(d.New)
	}
	return fmt.Sprintf("was %s, now %s", d.Old, d.New)
}

func factWords(f compare.Fact) string {
	switch {
	case !f.Known:
		return "unknown: the DNS did not answer"
	case f.Text == "":
		return "nothing"
	}
	return f.Text
}

// changeWords says what a finding was before it changed.
func changeWords(c compare.Change) string {
	was := ""
	if kind := kindWord(c.Old.Severity, c.Old.Status); kind != kindWord(c.New.Severity, c.New.Status) {
		was = kind + ": "
	}
	if c.Old.Message == c.New.Message && c.Old.Marked != c.New.Marked {
		return fmt.Sprintf("%sabout %q", was, c.Old.Marked)
	}
	return was + c.Old.Message
}

// partialRemarks says what the difference does not prove.
func partialRemarks(d compare.DomainDifference) []string {
	var remarks []string
	if d.OldPartial && len(d.Appeared) > 0 {
		remarks = append(remarks, "the old run could not ask everything: what appeared may have been there")
	}
	if d.NewPartial && len(d.Gone) > 0 {
		remarks = append(remarks, "the new run could not ask everything: what went may still be there")
	}
	return remarks
}
