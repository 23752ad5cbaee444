package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	"pgregory.net/rapid"
)

func someKeys() []key.Binding {
	return []key.Binding{keys.open, keys.next, when(keys.add, false), keys.edit, keys.up, keys.help, keys.quit}
}

func TestKeyLine(t *testing.T) {
	t.Parallel()
	for w, want := range map[int]string{
		80: "  enter open  n next step  e edit  ↑/k up  ? help  q quit",
		57: "  enter open  n next step  e edit  ↑/k up  ? help  q quit",
		56: "  enter open  n next step  e edit  ↑/k up  ? more",
		40: "  enter open  n next step  ? more",
		20: "  enter open  ? more",
		12: "  ? more",
	} {
		if got := keyLine(plainStyles(), someKeys(), w); got != want {
			t.Errorf("%d: %q, want %q", w, got, want)
		}
	}
	if got := keyLine(plainStyles(), []key.Binding{keys.take, keys.done, keys.why}, 28); got != "  enter take  ctrl+s done  …" {
		t.Errorf("without a help: %q", got)
	}
}

func TestKeysAreNeverBroken(t *testing.T) {
	t.Parallel()
	whole := map[string]bool{"? more": true, "…": true}
	for _, b := range someKeys() {
		whole[b.Help().Key+" "+b.Help().Desc] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(8, 140).Draw(t, "w"), rapid.IntRange(1, 50).Draw(t, "h")
		footer := keyLine(plainStyles(), someKeys(), w)
		fitsIn(t, footer, w, 1)
		for _, k := range strings.Split(strings.TrimSpace(footer), "  ") {
			if !whole[k] {
				t.Fatalf("%q in %q", k, footer)
			}
		}
		fitsIn(t, keyHelp(plainStyles(), "Keys", someKeys(), w, h), w, h)
	})
}

func TestKeyHelp(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {40, 12}, {40, 6}, {140, 40}} {
		view := keyHelp(plainStyles(), "Keys", someKeys(), size[0], size[1])
		for _, b := range someKeys() {
			if strings.Contains(view, b.Help().Desc) != b.Enabled() {
				t.Errorf("%q at %v, enabled %v:\n%s", b.Help().Desc, size, b.Enabled(), view)
			}
		}
	}
	golden(t, "parts/help-80x24", keyHelp(plainStyles(), "Keys", shownInATable(), 80, 24))
	golden(t, "parts/help-40x12", keyHelp(plainStyles(), "Keys", shownInATable(), 40, 12))
}

func shownInATable() []key.Binding {
	return []key.Binding{keys.up, keys.down, keys.show, keys.add, keys.edit, keys.duplicate, keys.remove, keys.paste, keys.load, keys.recommend, keys.questions, keys.next, keys.back, keys.help, keys.quit}
}
