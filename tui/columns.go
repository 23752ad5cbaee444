package tui

import (
	"slices"
	"strings"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

const (
	columnGap = 2
	columnMin = 10 // narrower than this, a cut column says nothing
)

// fitColumns returns how wide each column is to be in w cells. None is wider
// than it needs; the first matters most. Where not even narrow ones fit, the
// last are left out: the result is shorter than natural.
func fitColumns(natural []int, w int) []int {
	var widths []int
	rest := w
	for i, n := range natural {
		least, gap := min(n, columnMin), columnGap
		if i == 0 {
			least, gap = min(n, max(columnMin, w/2), max(w, 0)), 0
		}
		if i > 0 && least+gap > rest {
			break
		}
		rest -= least + gap
		widths = append(widths, least)
	}
	rest -= widen(widths, natural, 0, rest/2)
	rest -= widen(widths, natural, 1, rest)
	widen(widths, natural, 0, rest)
	return widths
}

// widen gives spare cells to the first column, or with from 1 to the others, and
// returns how many it gave: as many to each, but those that lack little first, so
// that short ones stay whole.
func widen(widths, natural []int, from, spare int) int {
	order := []int{0}
	if from > 0 {
		order = nil
		for i := from; i < len(widths); i++ {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return natural[a] - widths[a] - natural[b] + widths[b] })
	order = order[:min(len(order), len(widths))]
	given := 0
	for k, i := range order {
		left := len(order) - k
		more := clamp((spare-given+left-1)/left, 0, natural[i]-widths[i])
		widths[i] += more
		given += more
	}
	return given
}

// naturalWidths is how wide each column would like to be.
func naturalWidths(rows [][]string) []int {
	var natural []int
	for _, row := range rows {
		for i, text := range row {
			if i == len(natural) {
				natural = append(natural, 0)
			}
			natural[i] = max(natural[i], cells(text))
		}
	}
	return natural
}

// widthOf is how wide columns are together.
func widthOf(widths []int) int {
	all := 0
	for i, n := range widths {
		if i > 0 {
			all += columnGap
		}
		all += n
	}
	return all
}

// inColumns puts the texts of a row, which are safe, into columns.
func inColumns(row []string, widths []int) string {
	var b strings.Builder
	for i, text := range row[:min(len(row), len(widths))] {
		if i > 0 {
			b.WriteString(spaces(columnGap))
		}
		b.WriteString(pad(text, widths[i]))
	}
	return strings.TrimRight(b.String(), " ")
}

// missing are the columns of a row that had to be cut or left out.
func missing(row []string, widths []int) []int {
	var columns []int
	for i, text := range row {
		if text != "" && (i >= len(widths) || cells(text) > widths[i]) {
			columns = append(columns, i)
		}
	}
	return columns
}

// named are the texts of some columns of a row, each behind what its column is
// called.
func named(headings, row []string, columns []int) []interview.Line {
	var lines []interview.Line
	for _, i := range columns {
		text := row[i]
		if i < len(headings) && headings[i] != "" {
			text = headings[i] + ": " + text
		}
		lines = append(lines, interview.Line{Text: text})
	}
	return lines
}

func safeAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = term.Safe(s)
	}
	return out
}
