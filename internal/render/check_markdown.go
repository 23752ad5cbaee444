package render

import (
	"io"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/words"
)

// markdownChecks writes reports as CommonMark, with a table of them in front of
// all when there are several.
type markdownChecks struct {
	w       io.Writer
	page    Page
	reports []check.Report
}

func newMarkdownChecks(w io.Writer, p Page) Writer { return &markdownChecks{w: w, page: p} }

func (c *markdownChecks) Report(r check.Report) error {
	c.reports = append(c.reports, r)
	return nil
}

func (c *markdownChecks) Close(int) error {
	var m Markdown
	m.Line("# Mail DNS of %s on %s", words.Plural(len(c.reports), "domain"), c.page.Date)
	if len(c.reports) > 1 {
		m.Blank()
		m.summary(c.reports)
	}
	for _, r := range c.reports {
		m.Blank()
		m.report(r)
		if err := m.flush(c.w); err != nil {
			return err
		}
	}
	return m.flush(c.w)
}

func (m *Markdown) summary(reports []check.Report) {
	m.Line("| domain | status | errors | unknown | warnings | notes |")
	m.Line("|---|---|--:|--:|--:|--:|")
	for _, r := range reports {
		c := count(r)
		m.Line("| %s | %s | %d | %d | %d | %d |", cell(shownName(r.Domain.Name)), r.Status(), c.errors, c.unknown, c.warnings, c.notes)
	}
}

func (m *Markdown) report(r check.Report) {
	d := r.Domain
	m.Line("## %s: %s\n", code(shownName(d.Name)), r.Status())
	m.Text(func(t *Text) {
		t.mx(d.Exchange)
		t.spf(d.SPF)
		t.dkim(d.DKIM)
		t.dmarc(d.DMARC)
	})
	m.Line("\n%s.", tally(r))
	if r.Since != nil {
		m.Line("\n%s.", sinceLine(*r.Since))
	}
	for _, f := range bySeverity(r.Findings) {
		m.Blank()
		m.finding(f)
	}
}

func (m *Markdown) finding(f finding.Finding) {
	word := kindWord(f.Severity, f.Status)
	m.Line("### %s: %s\n\nAbout %s: %s", word, f.ID, code(f.Subject.Unicode()), sentence(f.Message))
	if f.Cause != nil {
		m.Line("\nCause: %s.", code(f.Cause.Error()))
	}
	if f.Record != "" {
		m.Blank()
		m.Text(func(t *Text) { t.Mark(0, f.Record, f.Span.Start, f.Span.End, t.Style.Red) })
	}
	if f.Fix != "" {
		m.Line("\nFix: %s", sentence(f.Fix))
	}
	if len(f.Refs) > 0 {
		refs := make([]string, len(f.Refs))
		for i, ref := range f.Refs {
			refs[i] = reference(ref)
		}
		m.Line("\n%s", strings.Join(refs, ", "))
	}
}

// kindWord is how a finding is called: by its severity, or unknown.
func kindWord(s finding.Severity, status finding.Status) string {
	if status == finding.Unknown {
		return status.String()
	}
	return s.String()
}
