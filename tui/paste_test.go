package tui

import (
	"strings"
	"testing"
)

func box(st *styles) pasteBox {
	return newPasteBox(st, "Paste a list of devices", "Lines of a table or a CSV file, or the path of a file.", "name;address\nScanner reception;192.0.2.1")
}

func pasteStates(st *styles) map[string]pasteBox {
	with := func(text string) pasteBox {
		p, _ := box(st).Update(pasted(text))
		return p
	}
	return map[string]pasteBox{
		"empty":   box(st),
		"one":     with("devices.csv"),
		"table":   with("name\taddress\r\nScanner\t192.0.2.1\r\nNAS\t192.0.2.2\r\n"),
		"many":    pressed(with(strings.Repeat("Scanner;192.0.2.1\n", 200)), "up", "up", "left"),
		"problem": with("devices.cvs").withProblem(`there is no file "devices.cvs"`),
		"nasty":   with(long + "\n" + nasty + "\n" + nasty).withProblem(nasty + long),
	}
}

func TestPasteIsReadAsItIs(t *testing.T) {
	t.Parallel()
	p, _ := box(plainStyles()).Update(pasted("a\tb\r\nc\td\r"))
	_, said := after(p, "e", "enter", "ctrl+s")
	if said != (pastedMsg{"a\tb\nc\td\ne\n"}) {
		t.Errorf("said %#v", said)
	}
}

func TestPasteOfNothing(t *testing.T) {
	t.Parallel()
	if _, said := after(box(plainStyles()), "enter", " ", "ctrl+s"); said != nil {
		t.Errorf("said %#v", said)
	}
}

// A terminal that does not mark what is pasted sends it as keys.
func TestPasteTyped(t *testing.T) {
	t.Parallel()
	if got := pressed(box(plainStyles()), "a", "tab", "b", "enter", "c", "up", "home", "x").text(); got != "xa\tb\nc" {
		t.Errorf("%q", got)
	}
}

func TestPasteProblem(t *testing.T) {
	t.Parallel()
	p := pressed(box(plainStyles()), "x").withProblem("no such file")
	if view := p.View(80, 24); !strings.Contains(view, "error    no such file") {
		t.Errorf("not shown:\n%s", view)
	}
	if view := pressed(p, "y").View(80, 24); strings.Contains(view, "no such file") {
		t.Errorf("it stays:\n%s", view)
	}
}

func TestPasteShowsTheCursor(t *testing.T) {
	t.Parallel()
	for name, p := range pasteStates(plainStyles()) {
		for _, size := range [][2]int{{80, 24}, {40, 12}, {30, 5}, {20, 2}} {
			if view := p.View(size[0], size[1]); name != "nasty" && strings.Count(view, "█") != 1 {
				t.Errorf("%s at %v:\n%s", name, size, view)
			}
		}
	}
}

func TestPasteShowsWhatItHolds(t *testing.T) {
	t.Parallel()
	p, _ := box(plainStyles()).Update(pasted("a\tb\x1b[2J\u200b\u00a0c"))
	if view := p.View(80, 24); !strings.Contains(view, "a→b·[2J· c█") {
		t.Errorf("drawn as:\n%s", view)
	}
}
