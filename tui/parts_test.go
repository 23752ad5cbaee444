package tui

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sendplan/planner/interview"
)

// plainStyles draw without colour, colourStyles with it.
func plainStyles() *styles  { return newStyles(renderer(Options{Out: io.Discard})) }
func colourStyles() *styles { return newStyles(renderer(Options{Out: io.Discard, Colour: true})) }

// part is a component as the tests see it.
type part interface {
	View(w, h int) string
	keys() []key.Binding
}

// after is a component after some keys, and the last message it sent.
func after[T interface {
	Update(tea.Msg) (T, tea.Cmd)
}](c T, names ...string) (T, tea.Msg) {
	var said tea.Msg
	for _, name := range names {
		var cmd tea.Cmd
		c, cmd = c.Update(keyNamed(name))
		said = nil
		if cmd != nil {
			said = cmd()
		}
	}
	return c, said
}

// pressed is after, without what was sent.
func pressed[T interface {
	Update(tea.Msg) (T, tea.Cmd)
}](c T, names ...string) T {
	c, _ = after(c, names...)
	return c
}

func pasted(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}

// words are those of a frame, without the cursor.
func words(frame string) []string {
	return strings.Fields(strings.ReplaceAll(ansi.Strip(frame), "█", " "))
}

const nasty = "打印机 e\u0301\u0301 👍🏽 🇩🇪🇩 \t\x1b[31mred\x1b[0m\x00\r\nשלום \u202eevil\u200b end"

// long are 4 KB without a place to break, and with many.
var long = strings.Repeat("x", 2048) + strings.Repeat(" ip4:192.0.2.1", 146)

// parts are all components in all states that are looked at.
func parts(st *styles) map[string]part {
	all := map[string]part{}
	for name, f := range formStates(st) {
		all["form-"+name] = f
	}
	for name, v := range pageStates(st) {
		all["page-"+name] = v
	}
	for name, v := range tableStates(st) {
		all["table-"+name] = v
	}
	for name, p := range pasteStates(st) {
		all["paste-"+name] = p
	}
	for name, c := range confirmStates(st) {
		all["confirm-"+name] = c
	}
	return all
}

func TestPartFrames(t *testing.T) {
	t.Parallel()
	for name, p := range parts(plainStyles()) {
		if strings.Contains(name, "nasty") {
			continue
		}
		for _, size := range [][2]int{{80, 24}, {40, 12}, {140, 40}} {
			golden(t, fmt.Sprintf("parts/%s-%dx%d", name, size[0], size[1]), p.View(size[0], size[1]))
		}
	}
}

func TestPartsFit(t *testing.T) {
	t.Parallel()
	for name, p := range parts(plainStyles()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := 1
			if strings.Contains(name, "nasty") { // 4 KB are slow to lay out
				step = 3
			}
			for w := 1; w <= 140; w += step {
				for _, h := range []int{1 + w%7, 8 + w%13, 21 + w%30} {
					fitsIn(t, p.View(w, h), w, h)
				}
			}
			for h := 1; h <= 50; h += step {
				for _, w := range []int{12, 40, 80, 111} {
					fitsIn(t, p.View(w, h), w, h)
				}
			}
			for _, size := range [][2]int{{0, 0}, {0, 10}, {10, 0}, {-1, -1}} {
				if got := p.View(size[0], size[1]); got != "" {
					t.Errorf("something is drawn in %v: %q", size, got)
				}
			}
		})
	}
}

// fitsIn checks that a frame fits, and holds nothing that a terminal obeys.
func fitsIn(t interface {
	Helper()
	Fatalf(string, ...any)
}, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) > h {
		t.Fatalf("%d lines at %dx%d:\n%s", len(lines), w, h, frame)
	}
	for _, line := range lines {
		if n := ansi.StringWidth(line); n > w {
			t.Fatalf("a line of %d cells at %dx%d:\n%s", n, w, h, line)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }) {
			t.Fatalf("not safe at %dx%d: %q", w, h, line)
		}
	}
}

func TestPartsSayTheSameWithColour(t *testing.T) {
	t.Parallel()
	plain, coloured := parts(plainStyles()), parts(colourStyles())
	for name := range plain {
		bare, styled := plain[name].View(100, 40), coloured[name].View(100, 40)
		cut := strings.Contains(name, "nasty") // elsewhere, because the cursor takes a cell of its own
		if !cut && !slices.Equal(words(bare), words(styled)) {
			t.Errorf("%s: other words with colour:\n%s\nwithout:\n%s", name, styled, bare)
		}
		if bare != ansi.Strip(bare) {
			t.Errorf("%s: escapes without colour: %q", name, bare)
		}
		if n := len(plain[name].keys()); n > 0 && plain[name].keys()[0].Enabled() && !strings.Contains(styled, "\x1b[") {
			t.Errorf("%s: no colour at all", name)
		}
	}
}

func TestPartsKeys(t *testing.T) {
	t.Parallel()
	for name, p := range parts(plainStyles()) {
		taken := map[string]string{}
		for _, b := range p.keys() {
			if !b.Enabled() {
				continue
			}
			if b.Help().Key == "" || b.Help().Desc == "" {
				t.Errorf("%s: a key without help: %v", name, b.Keys())
			}
			for _, k := range b.Keys() {
				if taken[k] != "" {
					t.Errorf("%s: %q is for %q and for %q", name, k, taken[k], b.Help().Desc)
				}
				taken[k] = b.Help().Desc
			}
		}
	}
}

func line(text string) []interview.Line { return []interview.Line{{Text: text}} }
