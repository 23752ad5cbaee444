package prompt

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

const (
	defaultWidth = 80
	indentBy     = 2 // cells of one step
)

// printer writes lines that fit the width. Everything passes [term.Safe]. The
// first error of writing is kept, and nothing is written after it.
type printer struct {
	w     io.Writer
	width int
	space bool // the last line was empty
	err   error
}

func newPrinter(w io.Writer, width int) *printer {
	if width <= 0 {
		width = defaultWidth
	}
	return &printer{w: w, width: width}
}

func (p *printer) write(s string) {
	p.space = false
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

// blank writes an empty line, unless the last one was.
func (p *printer) blank() {
	if !p.space {
		p.write("\n")
		p.space = true
	}
}

// text writes a paragraph.
func (p *printer) text(s string) { p.item("", s) }

// item writes a paragraph behind a sign, a number for one, that its other lines
// stand to the right of.
func (p *printer) item(sign, s string) {
	p.write(sign + term.Wrap(term.Safe(s), p.width, term.Cells(sign)) + "\n")
}

// code writes a line that is to be copied.
func (p *printer) code(indent int, s string) {
	p.write(strings.Repeat(" ", indent*indentBy) + term.Safe(s) + "\n")
}

// line writes a line of a page below an indent, in steps.
func (p *printer) line(indent int, l interview.Line) {
	indent += l.Indent
	switch l.Mark {
	case interview.Heading:
		p.blank()
	case interview.Code:
		p.code(indent, l.Text)
		return
	}
	p.item(strings.Repeat(" ", indent*indentBy), marked(l.Mark, l.Text))
}

func (p *printer) lines(indent int, list []interview.Line) {
	for _, l := range list {
		p.line(indent, l)
	}
}

// prompt writes what stands before the place to type at.
func (p *printer) prompt(s string) { p.write(term.Wrap(term.Safe(s)+":", p.width, 0) + " ") }

// typed ends the line of a prompt after a line was read; show repeats what was.
func (p *printer) typed(line string, show bool) {
	p.space = false
	if show {
		p.write(term.Safe(line) + "\n")
	}
}

// end ends the line of a prompt at which nothing was read.
func (p *printer) end() { p.write("\n") }

// marked is a text behind the word of its mark.
func marked(m interview.Mark, text string) string {
	word := m.Word()
	switch {
	case word == "":
		return text
	case unicode.IsLetter(rune(word[0])):
		return word + ": " + text
	}
	return word + " " + text
}

// sentences joins phrases to text: each begins with a capital letter and has an
// end. Empty ones are left out.
func sentences(phrases ...string) string {
	var list []string
	for _, s := range phrases {
		if s != "" {
			list = append(list, sentence(s))
		}
	}
	return strings.Join(list, " ")
}

func sentence(s string) string {
	if first, size := utf8.DecodeRuneInString(s); capital(s) {
		s = string(unicode.ToUpper(first)) + s[size:]
	}
	return ended(s)
}

// ended is s with a full stop, if it has no end.
func ended(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// capital reports whether the first word of s may get a capital letter: a word
// with anything but small letters in it is a value or a name.
func capital(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return !strings.ContainsFunc(strings.TrimRight(word, ".,;:"), func(r rune) bool { return r < 'a' || r > 'z' })
}
