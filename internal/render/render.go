// Package render writes results for people and for programs.
//
// Every text that came from the DNS is made safe for where it is printed:
// [term.Safe] for people, ASCII-only JSON for programs.
package render

import (
	"io"

	"sendplan/internal/check"
	"sendplan/internal/finding"
	"sendplan/internal/term"
)

// Page is what a writer needs to know about its output.
type Page struct {
	Width   int        // cells of a line, for people
	Style   term.Style // the zero Style draws no colour
	Version string     // of sendplan
	Date    string     // that is judged, YYYY-MM-DD

	// Fails reports whether a failed finding of this severity makes the run
	// fail; nil if none does.
	Fails func(finding.Severity) bool
}

// Writer writes the reports of a run of checks.
type Writer interface {
	Report(check.Report) error
	Close(status int) error // after the last report, with the exit status of the run
}

// Format is one way to write results.
type Format struct {
	Name   string
	About  string
	Stream bool // reports are written as they are done, not in the order asked for
	checks func(io.Writer, Page) Writer
	// document writes a single result; text draws it for people. It is nil for
	// formats that only fit reports of checks.
	document func(w io.Writer, p Page, doc any, text func(*Text)) error
	// table writes rows, the head first. It is nil but for formats that are
	// nothing else than a table.
	table func(w io.Writer, rows [][]string) error
	// tests writes test cases. It is nil but for formats that are nothing else.
	tests func(w io.Writer, doc junitDoc) error
}

// Formats are all formats, the default first.
var Formats = []Format{
	{Name: "text", About: "for people", checks: newTextChecks, document: writeText},
	{Name: "json", About: "one JSON document", checks: newJSONChecks, document: writeJSON},
	{Name: "jsonl", About: "a line of JSON per result, as it is done", Stream: true, checks: newJSONLChecks, document: writeJSONL},
	{Name: "markdown", About: "for tickets and pull requests", checks: newMarkdownChecks, document: writeMarkdown},
	{Name: "csv", About: "a line per finding or device, for spreadsheets", checks: newCSVChecks, table: writeCSV},
	{Name: "sarif", About: "SARIF 2.1.0, for code scanning", checks: newSARIFChecks},
	{Name: "junit", About: "JUnit XML, for CI servers", checks: newJUnitChecks, tests: writeJUnit},
}

// Documents reports whether the format can write a single result, not only
// reports of checks.
func (f Format) Documents() bool { return f.document != nil }

// Tables reports whether the format is one for tables.
func (f Format) Tables() bool { return f.table != nil }

// Tests reports whether the format is one for test cases.
func (f Format) Tests() bool { return f.tests != nil }

// write writes a result that is also a table.
func (f Format) write(w io.Writer, p Page, doc any, rows func() [][]string, text func(*Text)) error {
	if f.table != nil {
		return f.table(w, rows())
	}
	return f.document(w, p, doc, text)
}

// FormatByName finds a format; ok is false if there is none of that name.
func FormatByName(name string) (f Format, ok bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Checks returns a writer of reports in this format.
func (f Format) Checks(w io.Writer, p Page) Writer { return f.checks(w, p) }
