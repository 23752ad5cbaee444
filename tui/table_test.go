package tui

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/planner/interview"
)

func deviceRow(name, site, method, until string) interview.Row {
	return interview.Row{About: interview.Subject{Of: interview.OfDevice, Name: name}, Cells: []string{name, site, method, until}}
}

func devices() interview.Table {
	scanner := deviceRow("Scanner reception", "main office", "smtp-auth", "2026-12-31")
	scanner.Mark = interview.Bad
	scanner.More = []interview.Line{{Text: "Basic authentication for SMTP AUTH ends; the device has to move before that."},
		{Mark: interview.Good, Text: "connector-ip is possible: the site has a fixed address"}}
	guess := deviceRow("mail.nordwind.example", "", "", "")
	guess.Suggested = true
	guess.More = line("The SPF record names it.")
	return interview.Table{Columns: []string{"Device", "Site", "Method", "Lasts until"}, Empty: "There is no device yet: a adds one, p takes a pasted list.",
		Rows: []interview.Row{scanner, deviceRow("NAS", "main office", "connector-ip", "no end"), guess}}
}

func manyDevices() interview.Table {
	t := devices()
	for i := range 60 {
		t.Rows = append(t.Rows, deviceRow(fmt.Sprintf("Printer %d", i+1), "warehouse", "direct-send", "no end"))
	}
	return t
}

func nastyTable() interview.Table {
	row := interview.Row{About: interview.Subject{Of: interview.OfDevice, Name: "n"}, Cells: []string{nasty, long, nasty, "打"}, Mark: interview.Warn, More: []interview.Line{{Text: long}, {Mark: interview.Code, Text: nasty}}}
	return interview.Table{Columns: []string{nasty, long, "x"}, Rows: []interview.Row{row, {}, row, {Suggested: true, Cells: []string{long}}}}
}

func tableStates(st *styles) map[string]tableView {
	one := devices()
	one.Rows = one.Rows[:1]
	empty := devices()
	empty.Rows = nil
	return map[string]tableView{
		"empty":  newTableView(st, empty),
		"one":    newTableView(st, one),
		"few":    newTableView(st, devices()),
		"second": pressed(newTableView(st, devices()), "down"),
		"many":   pressed(newTableView(st, manyDevices()), "pgdown", "pgdown"),
		"opened": pressed(newTableView(st, devices()), " "),
		"nasty":  newTableView(st, nastyTable()),
		"nasty2": pressed(newTableView(st, nastyTable()), " ", "down"),
		"bare":   pressed(newTableView(st, nastyTable()), "down", " "),
	}
}

func TestTableMoves(t *testing.T) {
	t.Parallel()
	start := newTableView(plainStyles(), manyDevices()).sized(80, 20)
	for keys, want := range map[string]string{
		"up":          "Scanner reception",
		"down":        "NAS",
		"j j k":       "NAS",
		"end":         "Printer 60",
		"end down":    "Printer 60",
		"end home":    "Scanner reception",
		"pgdown":      "Printer 8",
		"pgdown pgup": "Scanner reception",
	} {
		v := pressed(start, strings.Fields(keys)...)
		if r, ok := v.selected(); !ok || r.About.Name != want {
			t.Errorf("%s: at %q", keys, r.About.Name)
		}
		for _, size := range [][2]int{{80, 20}, {40, 10}, {140, 20}, {30, 3}, {30, 1}} {
			if view := v.View(size[0], size[1]); strings.Count("\n"+view, "\n> ") != 1 {
				t.Errorf("%s: the cursor is not seen at %v:\n%s", keys, size, view)
			}
		}
	}
}

func TestTableIsReplaced(t *testing.T) {
	t.Parallel()
	v := pressed(newTableView(plainStyles(), devices()), "down")
	v = v.withTable(manyDevices())
	if r, _ := v.selected(); r.About.Name != "NAS" {
		t.Errorf("the cursor went to %q", r.About.Name)
	}
	less := devices()
	less.Rows = less.Rows[:1]
	if r, _ := v.withTable(less).selected(); r.About.Name != "Scanner reception" {
		t.Errorf("the cursor went to %q", r.About.Name)
	}
	v = v.withTable(interview.Table{Empty: "none"})
	if r, ok := v.selected(); ok {
		t.Errorf("%q is selected of nothing", r.About.Name)
	}
	if v = pressed(v, "down", "end", " ", "pgup"); strings.TrimSpace(v.View(80, 20)) != "none" {
		t.Errorf("an empty table:\n%s", v.View(80, 20))
	}
	if r, _ := v.withTable(devices()).selected(); r.About.Name != "Scanner reception" {
		t.Errorf("the cursor went to %q", r.About.Name)
	}
}

func TestTableSaysMore(t *testing.T) {
	t.Parallel()
	v := newTableView(plainStyles(), devices())
	const more = "Basic authentication"
	for _, size := range [][2]int{{80, 24}, {140, 24}, {60, 14}} {
		if view := v.View(size[0], size[1]); !strings.Contains(view, more) {
			t.Errorf("not in a pane at %v:\n%s", size, view)
		}
	}
	if view := v.View(140, 24); !strings.Contains(strings.Split(view, "\n")[0], "│ Scanner reception") {
		t.Errorf("not at the right:\n%s", view)
	}
	if v.takesEsc() {
		t.Error("esc is taken with nothing open")
	}
	for _, show := range []string{" ", "right"} {
		opened := pressed(v.sized(80, 9), show)
		if view := opened.View(80, 9); !strings.Contains(view, more) || !strings.Contains(view, "Site: main office") || !opened.takesEsc() {
			t.Errorf("%q does not open it:\n%s", show, view)
		}
		if r, _ := opened.selected(); r.About.Name != "Scanner reception" {
			t.Errorf("the row is lost: %q", r.About.Name)
		}
		for _, unshow := range []string{" ", "esc", "left"} {
			if pressed(opened, unshow).takesEsc() {
				t.Errorf("%q does not close it", unshow)
			}
		}
	}
}

// What does not fit into the columns is told in the pane.
func TestTableTellsWhatWasCut(t *testing.T) {
	t.Parallel()
	view := pressed(newTableView(plainStyles(), devices()), "down").View(40, 20)
	if !strings.Contains(view, "Lasts until: no end") {
		t.Errorf("not told:\n%s", view)
	}
	view = pressed(newTableView(plainStyles(), devices()), "down").View(90, 20)
	if strings.Contains(view, "──") {
		t.Errorf("a pane without anything to say:\n%s", view)
	}
}

func TestTableMarksRows(t *testing.T) {
	t.Parallel()
	for _, w := range []int{40, 80, 140} {
		view := newTableView(plainStyles(), devices()).View(w, 20)
		for _, want := range []string{"error", "suggested"} {
			if !strings.Contains(view, want) {
				t.Errorf("%q is not said at %d cells:\n%s", want, w, view)
			}
		}
	}
}
