package tui

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEditor(t *testing.T) {
	t.Parallel()
	const start = "scan@nord.example"
	tests := map[string]struct {
		keys []string
		want string
	}{
		"typed":            {[]string{"x"}, start + "|x"},
		"left":             {[]string{"left", "left", "x"}, "scan@nord.examp|x|le"},
		"word":             {[]string{"ctrl+left", "x"}, "scan@nord.|x|example"},
		"words":            {[]string{"alt+b", "alt+left", "alt+b", "ctrl+right", "x"}, "scan|x|@nord.example"},
		"home":             {[]string{"home", "x"}, "|x|scan@nord.example"},
		"end":              {[]string{"ctrl+a", "ctrl+e", "x"}, start + "|x"},
		"erase word":       {[]string{"ctrl+w"}, "scan@nord."},
		"erase next word":  {[]string{"home", "alt+d"}, "@nord.example"},
		"erase all before": {[]string{"ctrl+u", "x"}, "|x"},
		"erase all after":  {[]string{"home", "right", "ctrl+k"}, "s"},
		"delete":           {[]string{"home", "delete"}, "can@nord.example"},
		"at the ends":      {[]string{"right", "delete", "home", "left", "backspace"}, start},
		"unknown":          {[]string{"ctrl+t", "f5", "alt+q"}, start},
	}
	for name, test := range tests {
		e := newEditor(start)
		for _, k := range test.keys {
			bare, alt := strings.CutPrefix(k, "alt+")
			msg := keyNamed(bare)
			msg.Alt = alt
			e = e.update(msg)
		}
		// A bar stands around what was typed.
		if want := strings.ReplaceAll(test.want, "|", ""); e.String() != want {
			t.Errorf("%s: %q, want %q", name, e, want)
		}
	}
}

func TestEditorLines(t *testing.T) {
	t.Parallel()
	e := newEditor("first\nb\nthird")
	for _, test := range []struct {
		key  string
		want int
	}{{"up", 7}, {"up", 1}, {"up", 1}, {"end", 5}, {"down", 7}, {"down", 9}, {"down", 9}, {"home", 8}, {"left", 7}, {"right", 8}, {"pgup", 0}, {"pgdown", 8}} {
		if e = e.update(keyNamed(test.key)); e.pos != test.want {
			t.Fatalf("%s goes to %d, want %d", test.key, e.pos, test.want)
		}
	}
}

func TestEditorMovesOverMarks(t *testing.T) {
	t.Parallel()
	e := newEditor("ae\u0301").update(keyNamed("left"))
	if e.pos != 1 {
		t.Errorf("left goes into a letter: %d", e.pos)
	}
	if e = e.update(keyNamed("right")); e.pos != 3 {
		t.Errorf("right goes into a letter: %d", e.pos)
	}
	if e = e.update(keyNamed("backspace")); e.String() != "a" {
		t.Errorf("backspace leaves %q", e)
	}
}

func TestEditorDraws(t *testing.T) {
	t.Parallel()
	e := newEditor("0123456789")
	for _, test := range []struct {
		pos, w int
		want   string
	}{{10, 20, "0123456789█"}, {3, 20, "012█3456789"}, {10, 6, "…6789█"}, {0, 6, "█0123…"}, {5, 6, "…34█5…"}} {
		e.pos = test.pos
		if got := e.draw(plainStyles(), test.w); got != test.want {
			t.Errorf("at %d in %d: %q, want %q", test.pos, test.w, got, test.want)
		}
	}
	if got := e.draw(colourStyles(), 20); got != "01234\x1b[7m5\x1b[0m6789" {
		t.Errorf("with colour: %q", got)
	}
}

func TestEditorAlwaysFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := newEditor(clean(nastyText().Draw(t, "text"), " "))
		e.pos = rapid.IntRange(0, len(e.text)).Draw(t, "pos")
		w := rapid.IntRange(4, 80).Draw(t, "w")
		fitsIn(t, e.draw(plainStyles(), w), w, 1)
	})
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\nb\r\nc\n": "a, b, c", "a\tb": "a, b", " a ": " a ", "a\u00a0b": "a b", "a\u200bb\x1bc": "abc", "e\u0301 打": "e\u0301 打", "": "",
	} {
		if got := clean(in, ", "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
