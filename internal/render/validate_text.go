package render

import (
	"strings"

	"sendplan/internal/term"
	"sendplan/internal/words"
)

func (t *Text) validation(v Validated) {
	t.Para(0, "", "Validation of "+v.Inventory+" as of "+v.Date.Format("2 January 2006")+", "+v.about(), t.Style.Bold)
	pens := map[ValidVerdict]term.Pen{ValidWrong: t.Style.Red, ValidUnknown: t.Style.Magenta, ValidRight: t.Style.Green}
	t.Para(0, "", v.words(), pens[v.Verdict()])
	if v.Zone == "" {
		t.Para(0, "", words.Work(v.Plan), term.Pen{})
	}
	t.planPart("Devices, before and after", len(v.Devices))
	t.outcomeTable("DEVICE", validHead, mapped(v.Devices, validRow))
	t.planPart("Senders that would lose or may, before -> after", len(v.losing()))
	t.outcomeTable("SENDER", outcomeHead, mapped(v.losing(), senderRow))
	t.blocked(v.bearing())
	t.unknown(v.Planned)
}

func (doc validDoc) markdown(m *Markdown) {
	v := doc.valid
	m.Line("# Validation of mail DNS as of %s\n\nOf the inventory %s, %s. %s", doc.Date, code(v.Inventory), prose(v.about()), v.words())
	if v.Zone == "" {
		m.Line("\n%s", words.Work(v.Plan))
	}
	m.planPart("Devices", len(v.Devices))
	m.outcomeTable("Device", upperFirst(validHead), mapped(v.Devices, validRow))
	m.planPart("Senders that would lose or may", len(v.losing()))
	m.verdictTable("Sender", mapped(v.losing(), senderRow))
	m.blocked(v.bearing())
	m.unknown(v.Planned)
}

// upperFirst writes the heads of columns as words.
func upperFirst(heads []string) []string {
	return mapped(heads, func(s string) string { return upperOne(strings.ToLower(s)) })
}

// upperOne writes the first letter of words of ours large.
func upperOne(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
