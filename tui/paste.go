package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// pasteBox takes pasted text, or the name of a file. It always has the letters
// that are typed, and sends a pastedMsg.
type pasteBox struct {
	st                   *styles
	title, hint, example string
	input                editor
	problem              string
	oneLine              bool // enter reads it, as long as there is one line
}

// newPasteBox returns a box; hint says in a sentence what may be pasted, and
// example shows it.
func newPasteBox(st *styles, title, hint, example string) pasteBox {
	return pasteBox{st: st, title: title, hint: hint, example: example}
}

// ofOneLine is a box for a single line, which enter reads. What is pasted into it
// may still have several.
func (p pasteBox) ofOneLine() pasteBox {
	p.oneLine = true
	return p
}

// enterReads reports whether enter reads what is there, instead of a new line.
func (p pasteBox) enterReads() bool { return p.oneLine && !strings.Contains(p.text(), "\n") }

// withProblem shows why the text could not be read; it stays in the box.
func (p pasteBox) withProblem(text string) pasteBox {
	p.problem = text
	return p
}

// text is what is in the box.
func (p pasteBox) text() string { return p.input.String() }

// typing reports that letters always go into the text.
func (p pasteBox) typing() bool { return true }

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (p pasteBox) Update(msg tea.Msg) (pasteBox, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
		return p, nil
	case key.Matches(press, keys.done), press.Type == tea.KeyEnter && p.enterReads():
		if text := p.text(); strings.TrimSpace(text) != "" {
			return p, func() tea.Msg { return pastedMsg{text} }
		}
		return p, nil
	case press.Type == tea.KeyEnter:
		p.input = p.input.insert([]rune{'\n'})
	case press.Type == tea.KeyTab: // of a table that is pasted into a terminal that does not mark pastes
		p.input = p.input.insert([]rune{'\t'})
	case press.Type == tea.KeyRunes && !press.Alt:
		p.input = p.input.insert([]rune(lineEnds.Replace(string(press.Runes))))
	default:
		p.input = p.input.update(press)
	}
	p.problem = ""
	return p, nil
}

// keys are those that do something now.
func (p pasteBox) keys() []key.Binding {
	some := strings.TrimSpace(p.text()) != ""
	if p.enterReads() {
		return []key.Binding{when(does(keys.take, "read it"), some)}
	}
	return []key.Binding{when(does(keys.done, "read it"), some), does(keys.take, "new line")}
}

// View draws the title, the box with the text around the cursor, and what was
// wrong with it.
func (p pasteBox) View(w, h int) string {
	w = min(w, measure)
	room := max(w-2*margin, 1)
	var head []string
	if h >= 6 {
		head = append(head, p.st.headline(p.title, p.count(), w))
		if hint := wrap(p.hint, room); len(hint)+8 <= h {
			head = append(head, indent(styled(p.st.dim, hint), margin)...)
		}
	}
	if h >= airy {
		head = append(head, "")
	}
	foot := p.foot(room, h)
	boxed := h-len(head)-len(foot) >= 3 && w >= 12
	rows := h - len(head) - len(foot)
	if boxed {
		rows -= 2
	}
	inner := room
	if boxed {
		inner -= 4
	}
	lines := p.lines(inner, max(rows, 1))
	if boxed {
		lines = p.st.boxed(lines, inner)
	}
	return frame(append(append(head, indent(lines, margin)...), foot...), w, h)
}

// foot says what was wrong.
func (p pasteBox) foot(room, h int) []string {
	if p.problem == "" {
		return nil
	}
	lines := p.st.marked([]interview.Line{{Mark: interview.Bad, Text: p.problem}}, room)
	return indent(lines[:min(len(lines), max(h/3, 1))], margin)
}

// count says how much is in the box.
func (p pasteBox) count() string {
	if len(p.input.text) == 0 {
		return ""
	}
	return countLines(strings.Count(strings.TrimRight(p.text(), "\n"), "\n") + 1)
}

// lines draws h lines of the text, with the one that has the cursor among them;
// of an empty box, the example.
func (p pasteBox) lines(w, h int) []string {
	if len(p.input.text) == 0 {
		return p.placeholder(w, h)
	}
	text := strings.Split(p.text(), "\n")
	row := strings.Count(string(p.input.text[:p.input.pos]), "\n")
	top := clamp(row-h/2, 0, len(text)-min(h, len(text)))
	var lines []string
	for i := top; i < min(top+h, len(text)); i++ {
		e := editor{text: shown(text[i])}
		if i == row {
			e.pos = p.input.pos - p.input.lineStart().pos
			lines = append(lines, e.draw(p.st, w))
			continue
		}
		lines = append(lines, cut(e.String(), w))
	}
	return lines
}

func (p pasteBox) placeholder(w, h int) []string {
	lines := []string{editor{}.draw(p.st, w)}
	if p.example != "" {
		lines = append(lines, p.st.dim.Render(cut("for example:", w)))
	}
	for _, line := range strings.Split(strings.TrimRight(p.example, "\n"), "\n") {
		lines = append(lines, p.st.dim.Render(cut(string(shown(line)), w)))
	}
	return lines[:min(len(lines), max(h, 1))]
}

// shown is pasted text as it can be drawn, letter for letter: with arrows for
// tabs and dots for what nobody would see.
func shown(s string) []rune {
	letters := []rune(s)
	for i, r := range letters {
		switch {
		case r == '\t':
			letters[i] = '→'
		case seen(r) < 0:
			letters[i] = '·'
		default:
			letters[i] = seen(r)
		}
	}
	return letters
}
