package render

import (
	"strings"

	"sendplan/internal/term"
)

// textBook writes a run-book as text.
type textBook struct{ *Text }

func (t textBook) heading(level int, text string) {
	indent := 0
	if level > 1 {
		t.Blank()
	}
	if level > 2 {
		indent = 2
	}
	t.Para(indent, "", text, t.Style.Bold)
}

func (t textBook) say(text string) { t.Para(0, "", text, term.Pen{}) }

func (t textBook) item(depth int, label, text, cite string, how tone) {
	if text == "" {
		return
	}
	if cite != "" {
		text += " [" + cite + "]"
	}
	if label != "" {
		text = label + ": " + text
	}
	t.Para(2+4*depth, "- ", text, t.pen(how))
}

func (t textBook) pen(how tone) term.Pen {
	switch how {
	case urgent:
		return t.Style.Red
	case doubtful:
		return t.Style.Yellow
	case lesser:
		return t.Style.Dim
	}
	return term.Pen{}
}

func (t textBook) copied(depth int, label, text string) {
	t.Para(2+4*depth, "- ", label+":", term.Pen{})
	t.whole(8+4*depth, "", text, t.Style.Cyan)
}

// markdownBook writes a run-book as Markdown.
type markdownBook struct{ *Markdown }

func (m markdownBook) heading(level int, text string) {
	m.gap()
	m.Line("%s %s\n", strings.Repeat("#", level), prose(text))
}

// gap parts what comes from what was written.
func (m markdownBook) gap() {
	if text := m.b.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		m.Blank()
	}
}

func (m markdownBook) say(text string) { m.Line("%s\n", prose(text)) }

func (m markdownBook) item(depth int, label, text, cite string, _ tone) {
	if text == "" {
		return
	}
	words := prose(text)
	if label != "" {
		words = prose(label) + ": " + words
	}
	if cite != "" {
		words += " (" + code(cite) + ")"
	}
	m.Line("%s- %s", strings.Repeat("  ", depth), words)
}

func (m markdownBook) copied(depth int, label, text string) {
	m.Line("%s- %s: %s", strings.Repeat("  ", depth), prose(label), code(text))
}
