package render_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func readCSV(t fataler, text string, comma rune) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, comma != ',', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A spreadsheet calculates no cell, whether its list separator is a comma or a
// semicolon.
func TestCSVHoldsNoFormula(t *testing.T) {
	t.Parallel()
	f := format(t, "csv")
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport(t)
		text := write(t, f, r)
		rows := readCSV(t, text, ',')
		if want := 1 + max(len(r.Findings), 1); len(rows) != want {
			t.Fatalf("%d rows, want %d:\n%s", len(rows), want, text)
		}
		var cells []string
		for _, row := range rows {
			if len(row) != len(rows[0]) {
				t.Fatalf("%d cells, want %d: %q", len(row), len(rows[0]), row)
			}
			cells = append(cells, row...)
		}
		for line := range strings.Lines(text) {
			cells = append(cells, strings.Split(strings.TrimSpace(line), ";")...)
		}
		for _, cell := range cells {
			bare := strings.TrimLeft(cell, "\" \t\u00a0")
			if bare != "" && strings.ContainsAny(string([]rune(bare)[0]), "=+-@＝＋－＠\t\r") {
				t.Fatalf("the cell %q is a formula", cell)
			}
			if strings.ContainsAny(cell, "\x00\x1b\n\r\t\u202e") {
				t.Fatalf("the cell %q holds a control character", cell)
			}
		}
	})
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	rows := readCSV(t, write(t, format(t, "csv"), goldenReports(t)...), ',')
	column := slices.Index(rows[0], "domain")
	for _, name := range goldenDomains {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[column] == name.String() }) {
			t.Errorf("no row about %s", name)
		}
	}
	if empty := write(t, format(t, "csv")); empty != strings.Join(rows[0], ",")+"\r\n" {
		t.Errorf("without reports: %q", empty)
	}
}
