package render

import (
	"strings"

	"sendplan/internal/words"
)

func (doc devicesDoc) markdown(m *Markdown) {
	m.Line("# Devices as of %s", doc.Date)
	m.Line("\nTenant: %s, cloud %s, mail comes in: %s, goes out: %s.\n", code(words.OrUnknown(doc.Tenant.InitialDomain)), doc.Tenant.Cloud, code(doc.Tenant.Inbound), code(doc.Tenant.Outbound))
	m.Line("| Device | Now | Method | Fits | Recommended | Deadline |")
	m.Line("| --- | --- | --- | --- | --- | --- |")
	for _, d := range doc.fleet.Devices {
		deadline := ""
		if e, ok := d.Advice.Deadline(); ok {
			deadline = strings.ReplaceAll(prose(e.Text), "|", `\x7c`)
		}
		m.Line("| %s | %s | %s | %s | %s | %s |", cell(d.Name), cell(words.OrUnknown(string(d.Today()))), cell(words.OrUnknown(string(d.Judged().Method))), lasting(d), cell(best(d)), deadline)
	}
	for _, d := range doc.fleet.Devices {
		vetoes := d.Judged().Vetoes
		if len(vetoes) == 0 && len(d.Advice.Questions) == 0 {
			continue
		}
		m.Line("\n## %s\n", code(d.Name))
		for _, v := range vetoes {
			m.Line("- not %s: %s", code(string(d.Judged().Method)), prose(v.Reason))
		}
		for _, q := range d.Advice.Questions {
			m.Line("- to be answered, %s: %s", code(q.Field), prose(q.Text))
		}
	}
}
