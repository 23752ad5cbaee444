package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// tableView shows a table with a cursor, and what there is to say of the row
// under it: beside the table or below it, or in its place when it is opened.
type tableView struct {
	st    *styles
	table interview.Table
	at    int

	rows    [][]string // the cells, safe; the headings first
	natural []int      // how wide the columns would like to be
	tag     int        // cells of the words behind the rows

	w, h   int
	opened *pageView // all about the row with the cursor
}

func newTableView(st *styles, t interview.Table) tableView {
	return tableView{st: st, w: 80, h: 20}.withTable(t)
}

// withTable replaces the table; the cursor stays on the same subject.
func (v tableView) withTable(t interview.Table) tableView {
	old, had := v.selected()
	v.table, v.opened = t, nil
	v.at = clamp(v.at, 0, len(t.Rows)-1)
	same := func(r interview.Row) bool { return r.About == old.About }
	if i := slices.IndexFunc(t.Rows, same); had && i >= 0 {
		v.at = i
	}
	v.rows, v.tag = [][]string{safeAll(t.Columns)}, 0
	for _, r := range t.Rows {
		v.rows = append(v.rows, safeAll(r.Cells))
		if len(r.Cells) == 0 {
			v.rows[len(v.rows)-1] = []string{""}
		}
		v.tag = max(v.tag, len(rowWord(r)))
	}
	v.natural = naturalWidths(v.rows)
	return v
}

// rowWord is what stands behind a row.
func rowWord(r interview.Row) string {
	if r.Suggested {
		return "suggested"
	}
	return r.Mark.Word()
}

// sized tells the table how much of it will be seen.
func (v tableView) sized(w, h int) tableView {
	v.w, v.h = w, h
	if v.opened != nil {
		p := v.opened.sized(w, h)
		v.opened = &p
	}
	return v
}

// selected returns the row at the cursor.
func (v tableView) selected() (interview.Row, bool) {
	if v.at < 0 || v.at >= len(v.table.Rows) {
		return interview.Row{}, false
	}
	return v.table.Rows[v.at], true
}

// takesEsc reports whether esc is for the table now: it closes what was opened.
func (v tableView) takesEsc() bool { return v.opened != nil }

func (v tableView) Update(msg tea.Msg) (tableView, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case v.opened != nil && key.Matches(press, keys.unshow):
		v.opened = nil
	case v.opened != nil:
		p, _ := v.opened.Update(press)
		v.opened = &p
	case key.Matches(press, keys.up):
		return v.moved(-1), nil
	case key.Matches(press, keys.down):
		return v.moved(1), nil
	case key.Matches(press, keys.pageUp):
		return v.moved(-v.page()), nil
	case key.Matches(press, keys.pageDown):
		return v.moved(v.page()), nil
	case key.Matches(press, keys.home):
		return v.moved(-len(v.table.Rows)), nil
	case key.Matches(press, keys.end):
		return v.moved(len(v.table.Rows)), nil
	case key.Matches(press, keys.show) && v.tells():
		p := newPageView(v.st, v.all()).sized(v.w, v.h)
		v.opened = &p
	}
	return v, nil
}

func (v tableView) moved(by int) tableView {
	v.at = clamp(v.at+by, 0, len(v.table.Rows)-1)
	return v
}

// page is how many rows a page has.
func (v tableView) page() int { return max(v.h/2, 1) }

// tells reports whether there is more to say of the row at the cursor.
func (v tableView) tells() bool {
	r, ok := v.selected()
	return ok && len(r.Cells) > 0
}

// about is what there is to say of the row at the cursor: some of its columns,
// and more.
func (v tableView) about(columns []int) []interview.Line {
	r, _ := v.selected()
	lines := named(v.table.Columns, r.Cells, columns)
	if len(lines) > 0 && len(r.More) > 0 {
		lines = append(lines, interview.Line{})
	}
	return append(lines, r.More...)
}

// all about the row at the cursor, as a page.
func (v tableView) all() interview.Page {
	r, _ := v.selected()
	heading := interview.Line{Mark: interview.Heading, Text: r.Cells[0]}
	columns := make([]int, 0, len(r.Cells))
	for i := 1; i < len(r.Cells); i++ {
		if r.Cells[i] != "" {
			columns = append(columns, i)
		}
	}
	return interview.Page{Lead: append([]interview.Line{heading}, v.about(columns)...)}
}

// keys are those that do something now.
func (v tableView) keys() []key.Binding {
	if v.opened != nil {
		return append([]key.Binding{does(keys.unshow, "close")}, v.opened.keys()...)
	}
	many := len(v.table.Rows) > 1
	long := len(v.table.Rows) > v.page()
	return []key.Binding{
		when(keys.up, many), when(keys.down, many), when(keys.show, v.tells()),
		when(keys.pageDown, long), when(keys.pageUp, long), when(keys.home, many), when(keys.end, many),
	}
}
