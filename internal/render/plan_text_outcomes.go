package render

import (
	"strings"

	"sendplan/internal/method"
	"sendplan/internal/term"
)

// outcomes shows what receivers make of the mail of each device and sender,
// before and after.
func (t *Text) outcomes(p Planned) {
	t.planPart("Devices, before -> after (one word: the same)", len(p.Devices))
	var rows []outcomeRow
	for _, d := range p.Devices {
		rows = append(rows, deviceRow(d))
	}
	t.outcomeTable("DEVICE", outcomeHead, rows)
	t.planPart("Whom the records allow besides, before -> after", len(p.Senders))
	rows = nil
	for _, s := range p.Senders {
		rows = append(rows, senderRow(s))
	}
	t.outcomeTable("SENDER", outcomeHead, rows)
}

// leastName is the narrowest column of names that is drawn.
const leastName = 12

// outcomeTable draws rows below their head. A name that is too long for its
// column stands on a line of its own; where the columns do not fit, a row takes
// a line for each.
func (t *Text) outcomeTable(name string, heads []string, rows []outcomeRow) {
	if len(rows) == 0 {
		return
	}
	head := outcomeRow{Name: name, Cells: heads[:len(rows[0].Cells)]}
	room, widths := t.columns(append(rows, head))
	if room >= leastName {
		t.Line("%s", t.Style.Bold.Draw(head.line(room, widths)))
	}
	for _, r := range rows {
		switch {
		case room < leastName:
			t.narrow(r, head)
		case term.Cells(term.Safe(r.Name)) > room:
			t.Para(2, "", r.Name, term.Pen{})
			t.Line("%s", outcomeRow{Cells: r.Cells}.line(room, widths))
		default:
			t.Line("%s", r.line(room, widths))
		}
		t.outcomeRemarks(r)
	}
}

// columns measures rows: the room for names, and how wide each verdict is.
func (t *Text) columns(rows []outcomeRow) (room int, widths []int) {
	widths = make([]int, len(rows[0].Cells))
	longest := leastName
	for _, r := range rows {
		longest = max(longest, term.Cells(term.Safe(r.Name)))
		for i, c := range r.Cells {
			widths[i] = max(widths[i], term.Cells(c))
		}
	}
	rest := 2
	for _, w := range widths {
		rest += 2 + w
	}
	return min(longest, t.Width-rest, t.Width/2), widths
}

// line is a row in columns.
func (r outcomeRow) line(room int, widths []int) string {
	var b strings.Builder
	b.WriteString("  " + term.Pad(term.Safe(r.Name), room))
	for i, c := range r.Cells {
		b.WriteString("  " + term.Pad(c, widths[i]))
	}
	return strings.TrimRight(b.String(), " ")
}

// narrow is a row where columns do not fit.
func (t *Text) narrow(r, head outcomeRow) {
	t.Para(2, "", r.Name, t.Style.Bold)
	for i, c := range r.Cells {
		t.Para(4, term.Pad(head.Cells[i], 7), c, term.Pen{})
	}
}

func (t *Text) outcomeRemarks(r outcomeRow) {
	for _, remark := range r.Remarks {
		t.Para(6, "", remark, t.Style.Dim)
	}
	if r.Why != "" {
		pens := map[method.Truth]term.Pen{method.False: t.Style.Red, method.Unknown: t.Style.Magenta}
		t.Para(6, "", r.Why, pens[r.Right])
	}
}
