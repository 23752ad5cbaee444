package tui

import (
	"slices"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/term"
)

// editor is text that is typed into, with the cursor before text[pos]. Its text
// is never changed in place.
//
// It stands in for those of bubbles, which read the clipboard by running
// programs, turn tabs into spaces, and show no cursor without colour.
type editor struct {
	text []rune
	pos  int
}

func newEditor(s string) editor {
	e := editor{text: []rune(s)}
	e.pos = len(e.text)
	return e
}

func (e editor) String() string { return string(e.text) }

// edits are the keys that change the text or move in it, as shells have them.
// Those of lines are for texts of several.
var edits = map[string]func(editor) editor{
	"left": editor.left, "ctrl+b": editor.left,
	"right": editor.right, "ctrl+f": editor.right,
	"ctrl+left": editor.wordLeft, "alt+left": editor.wordLeft, "alt+b": editor.wordLeft,
	"ctrl+right": editor.wordRight, "alt+right": editor.wordRight, "alt+f": editor.wordRight,
	"home": editor.lineStart, "ctrl+a": editor.lineStart,
	"end": editor.lineEnd, "ctrl+e": editor.lineEnd,
	"backspace": erasing(editor.left), "ctrl+h": erasing(editor.left),
	"delete": erasing(editor.right), "ctrl+d": erasing(editor.right),
	"ctrl+w": erasing(editor.wordLeft), "alt+backspace": erasing(editor.wordLeft),
	"alt+d": erasing(editor.wordRight), "alt+delete": erasing(editor.wordRight),
	"ctrl+u": erasing(editor.lineStart),
	"ctrl+k": erasing(editor.lineEnd),
	"up":     func(e editor) editor { return e.line(-1) },
	"down":   func(e editor) editor { return e.line(1) },
	"pgup":   func(e editor) editor { return e.line(-10) },
	"pgdown": func(e editor) editor { return e.line(10) },
}

// update takes a key. What is typed or pasted must have been cleaned.
func (e editor) update(msg tea.KeyMsg) editor {
	if msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace {
		if msg.Alt {
			if edit := edits[msg.String()]; edit != nil {
				return edit(e)
			}
			return e
		}
		return e.insert(msg.Runes)
	}
	if edit := edits[msg.String()]; edit != nil {
		return edit(e)
	}
	return e
}

func (e editor) insert(s []rune) editor {
	return editor{slices.Concat(e.text[:e.pos], s, e.text[e.pos:]), e.pos + len(s)}
}

// erasing takes away what lies between the cursor and where a move leads.
func erasing(move func(editor) editor) func(editor) editor {
	return func(e editor) editor {
		low, high := min(e.pos, move(e).pos), max(e.pos, move(e).pos)
		return editor{slices.Concat(e.text[:low], e.text[high:]), low}
	}
}

// left moves over a letter with its marks.
func (e editor) left() editor {
	for e.pos > 0 {
		e.pos--
		if runeCells(e.text[e.pos]) > 0 || e.text[e.pos] == '\n' {
			break
		}
	}
	return e
}

func (e editor) right() editor {
	for e.pos < len(e.text) {
		e.pos++
		if e.pos == len(e.text) || runeCells(e.text[e.pos]) > 0 || e.text[e.pos] == '\n' {
			break
		}
	}
	return e
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func (e editor) wordLeft() editor {
	for e.pos > 0 && !inWord(e.text[e.pos-1]) {
		e.pos--
	}
	for e.pos > 0 && inWord(e.text[e.pos-1]) {
		e.pos--
	}
	return e
}

func (e editor) wordRight() editor {
	for e.pos < len(e.text) && !inWord(e.text[e.pos]) {
		e.pos++
	}
	for e.pos < len(e.text) && inWord(e.text[e.pos]) {
		e.pos++
	}
	return e
}

func (e editor) lineStart() editor {
	for e.pos > 0 && e.text[e.pos-1] != '\n' {
		e.pos--
	}
	return e
}

func (e editor) lineEnd() editor {
	for e.pos < len(e.text) && e.text[e.pos] != '\n' {
		e.pos++
	}
	return e
}

// line moves up or down, to the same column where the line is long enough.
func (e editor) line(by int) editor {
	column := e.pos - e.lineStart().pos
	for ; by < 0 && e.lineStart().pos > 0; by++ {
		e.pos = e.lineStart().pos - 1
	}
	for ; by > 0 && e.lineEnd().pos < len(e.text); by-- {
		e.pos = e.lineEnd().pos + 1
	}
	e = e.lineStart()
	e.pos = min(e.pos+column, e.lineEnd().pos)
	return e
}

// clean makes pasted text one line that shows all it holds: each run of line
// ends and tabs becomes between, and what nobody would see goes.
func clean(s, between string) string {
	if strings.ContainsAny(s, "\n\r\t") {
		parts := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' })
		s = strings.Join(parts, between)
	}
	return strings.Map(seen, s)
}

// seen returns r if a terminal shows it, a space for all kinds of space, and -1
// for what nobody would see.
func seen(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.Is(unicode.M, r) && term.Safe(string(r)) != string(r):
		return -1
	case unicode.Is(unicode.M, r) && term.Safe("a"+string(r)) != "a"+string(r):
		return -1
	}
	return r
}

// cleanKey is what is typed or pasted, cleaned.
func cleanKey(msg tea.KeyMsg, between string) tea.KeyMsg {
	if msg.Type == tea.KeyRunes {
		msg.Runes = []rune(clean(string(msg.Runes), between))
	}
	return msg
}

// draw draws what is typed into a line of w cells, scrolled so that the cursor
// is seen. Without colour the cursor is a cell of its own.
func (e editor) draw(st *styles, w int) string {
	before, after := string(e.text[:e.pos]), string(e.text[e.pos:])
	under := "█"
	if st.color {
		under = after[:firstLetter(after)]
		after = after[len(under):]
		if under == "" {
			under = " "
		}
	}
	room := w - cells(under) - min(cells(after), max(w/3, 1))
	before = cutLeft(before, room)
	return before + st.cursor.Render(under) + cut(after, w-cells(before)-cells(under))
}

// firstLetter is how long the first letter of s is, with its marks.
func firstLetter(s string) int {
	for i, r := range s {
		if i > 0 && runeCells(r) > 0 {
			return i
		}
	}
	return len(s)
}

// cutLeft is cut, but keeps the end of s.
func cutLeft(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	over := cells(s) - max(n-1, 0)
	for s != "" && over > 0 {
		letter := firstLetter(s)
		over -= cells(s[:letter])
		s = s[letter:]
	}
	return "…" + s
}
