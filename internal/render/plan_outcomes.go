package render

import (
	"slices"
	"strings"

	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/internal/words"
	"sendplan/planner"
)

// outcomeHead are the columns of verdicts; senders have no last one.
var outcomeHead = []string{"SPF", "DKIM", "DMARC", "RIGHT"}

// outcomeRow is what becomes of one device or sender.
type outcomeRow struct {
	Name    string
	Cells   []string // below outcomeHead
	Remarks []string
	Right   method.Truth
	Why     string // of a Right that is not True
}

func deviceRow(d planner.Device) outcomeRow {
	r := outcomeRow{Name: d.Name, Cells: append(words.Steps(d.Before, d.After), words.Right(d.Right)), Right: d.Right}
	r.Remarks = append([]string{words.Method(d)}, words.Reasons(d.After)...)
	if d.Right != method.True {
		r.Why = d.Why
	}
	return r
}

func senderRow(s planner.Sender) outcomeRow {
	r := outcomeRow{Name: s.What, Cells: words.Steps(s.Before, s.After), Right: method.True}
	r.Remarks = append([]string{words.Sender(s)}, words.Reasons(s.After)...)
	return r
}

var planHead = []string{
	"what", "domain", "name", "now", "method", "spf_before", "spf_after", "dkim_before", "dkim_after", "dmarc_before", "dmarc_after", "right", "why",
}

// planRows are the devices and senders as a table.
func planRows(p Planned) [][]string {
	rows := [][]string{planHead}
	for _, d := range p.Devices {
		var from []string
		for _, a := range d.From {
			if name := a.Domain.String(); !slices.Contains(from, name) {
				from = append(from, name)
			}
		}
		row := []string{"device", strings.Join(from, ", "), d.Name, string(d.Today()), string(d.Method)}
		rows = append(rows, append(append(row, beforeAfter(d.Before, d.After)...), words.Right(d.Right), d.Why))
	}
	for _, s := range p.Senders {
		row := []string{"sender", s.Domain.String(), s.What, "", ""}
		rows = append(rows, append(append(row, beforeAfter(s.Before, s.After)...), "", s.Who))
	}
	return rows
}

// beforeAfter are the verdicts in the order of planHead.
func beforeAfter(before, after proof.Outcome) []string {
	b, a := words.Verdicts(before), words.Verdicts(after)
	return []string{b[0], a[0], b[1], a[1], b[2], a[2]}
}
