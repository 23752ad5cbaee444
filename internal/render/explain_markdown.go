package render

import "strings"

func (doc explainDoc) markdown(m *Markdown) {
	m.Line("# %s: %s\n\n%s", doc.Severity, doc.ID, prose(doc.Title))
	for _, paragraph := range strings.Split(doc.Explain, "\n\n") {
		m.Line("\n%s", prose(strings.Join(strings.Fields(paragraph), " ")))
	}
	if len(doc.Refs) > 0 {
		m.Blank()
	}
	for _, ref := range doc.Refs {
		m.Line("- %s", reference(ref))
	}
}
