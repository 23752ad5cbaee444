package render

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// csvHead are the columns. New ones come at the end.
var csvHead = []string{
	"domain", "status", "id", "severity", "finding_status", "subject", "message", "fix", "record", "marked", "cause", "refs", "fingerprint",
}

// csvChecks writes a line per finding (RFC 4180), and one with an empty id for a
// domain without any, so that none is missing.
type csvChecks struct {
	w    *csv.Writer
	head bool // is written
}

func newCSVChecks(w io.Writer, _ Page) Writer {
	c := &csvChecks{w: csv.NewWriter(w)}
	c.w.UseCRLF = true // RFC 4180 §2
	return c
}

func (c *csvChecks) Report(r check.Report) error {
	c.start()
	domain, status := r.Domain.Name.String(), string(r.Status())
	if len(r.Findings) == 0 {
		c.row(domain, status)
	}
	for _, f := range r.Findings {
		record, span := window(f.Record, f.Span)
		cause := ""
		if f.Cause != nil {
			cause = f.Cause.Error()
		}
		c.row(domain, status, string(f.ID), f.Severity.String(), f.Status.String(), f.Subject.String(), f.Message, f.Fix,
			record, marked(record, span), cause, strings.Join(f.Refs, ", "), string(f.Fingerprint()))
	}
	c.w.Flush()
	return c.w.Error()
}

// marked returns the part of a record that a finding is about.
func marked(record string, span finding.Span) string {
	if span.Start < 0 || span.End > len(record) || span.Start >= span.End {
		return ""
	}
	return record[span.Start:span.End]
}

func (c *csvChecks) start() {
	if !c.head {
		c.row(csvHead...)
		c.head = true
	}
}

// row writes a line. What cannot be written is told by Flush.
func (c *csvChecks) row(fields ...string) {
	row := make([]string, len(csvHead))
	for i, field := range fields {
		row[i] = csvCell(field)
	}
	_ = c.w.Write(row)
}

func (c *csvChecks) Close(int) error {
	c.start()
	c.w.Flush()
	return c.w.Error()
}

// maxCell is how much a cell of the common spreadsheets holds.
const maxCell = 32000

// formula is a start of a cell that spreadsheets calculate. Where the list
// separator is a semicolon they take a file apart at those too, quotes or not.
var formula = regexp.MustCompile(`(^|;)([\s"']*[=+\-@＝＋－＠])`)

// csvCell makes text from the network safe for terminals and spreadsheets: an
// apostrophe before what would be a formula makes it text.
func csvCell(s string) string {
	return formula.ReplaceAllString(term.SafeMax(s, maxCell), `$1'$2`)
}

// writeCSV writes a table (RFC 4180), made safe as the reports of checks are.
func writeCSV(w io.Writer, rows [][]string) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true // RFC 4180 §2
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, field := range row {
			safe[i] = csvCell(field)
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
