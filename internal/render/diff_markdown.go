package render

import (
	"sendplan/internal/compare"
)

func (doc diffDoc) markdown(m *Markdown) {
	m.Line("# What changed in the mail DNS")
	if len(doc.d.Domains) == 0 {
		m.Line("\nNo difference.")
	}
	for _, one := range doc.d.Domains {
		m.Blank()
		m.domainDifference(one)
	}
}

func (m *Markdown) domainDifference(d compare.DomainDifference) {
	m.Line("## %s: %s", code(shownName(d.Domain)), statusStep(d))
	if len(d.Facts) > 0 {
		m.Line("\nRecords:\n")
	}
	for _, c := range d.Facts {
		m.Line("- %s was %s, is %s", code(c.New.What), factCode(c.Old), factCode(c.New))
	}
	m.diffFindings("Appeared", d.Appeared)
	if len(d.Changed) > 0 {
		m.Line("\nChanged:\n")
	}
	for _, c := range d.Changed {
		m.Line("%s (was %s)", diffItem(c.New), prose(changeWords(c)))
	}
	m.diffFindings("Gone", d.Gone)
	for _, remark := range partialRemarks(d) {
		m.Line("\nNote: %s.", remark)
	}
}

func (m *Markdown) diffFindings(title string, findings []compare.Finding) {
	if len(findings) > 0 {
		m.Line("\n%s:\n", title)
	}
	for _, f := range findings {
		m.Line("%s", diffItem(f))
	}
}

// diffItem is a finding as an item of a list.
func diffItem(f compare.Finding) string {
	return "- " + kindWord(f.Severity, f.Status) + " " + code(string(f.ID)) + " about " + code(f.Subject) + ": " + prose(f.Message)
}

func factCode(f compare.Fact) string {
	if !f.Known || f.Text == "" {
		return factWords(f)
	}
	return code(f.Text)
}
