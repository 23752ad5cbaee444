package tui

import (
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// block is lines of which those from…to-1 have the cursor; before mid there is
// room for what was wrong.
type block struct {
	lines         []string
	from, mid, to int
}

func (b *block) add(lines ...string) { b.lines = append(b.lines, lines...) }

// draw returns the options in w cells. Brief ones say only of the option at
// the cursor what it means.
func (c choice) draw(st *styles, w int, brief bool) block {
	var b block
	if c.searching {
		b.add(st.accent.Render("/ ") + c.input.draw(st, w-2))
	}
	found := c.found()
	if len(found) == 0 {
		b.add(indent(styled(st.dim, wrap("nothing holds that; esc ends the search", w-2)), 2)...)
		b.mid, b.to = len(b.lines), len(b.lines)
	}
	for _, i := range found {
		if i == c.at {
			b.from = len(b.lines)
		}
		b.add(c.drawOption(st, i, w)...)
		if i == c.at {
			b.mid = len(b.lines)
		}
		if i == c.at || !brief {
			b.add(drawReasons(st, c.q, i, w)...)
		}
		if i == c.at {
			b.to = len(b.lines)
		}
	}
	return b
}

const optionIndent = 5 // "> 1  "

// drawOption draws what an option is called, with its number and its standing.
func (c choice) drawOption(st *styles, i, w int) []string {
	o := c.q.Options[i]
	sign, style := "  ", st.plain
	if len(o.Against) > 0 {
		style = st.dim
	}
	if i == c.at {
		sign, style = st.accent.Render("> "), st.accent
	}
	number := " "
	if i < 9 && !c.searching {
		number = strconv.Itoa(i + 1)
	}
	label, labelCells := sign+st.dim.Render(number)+"  ", optionIndent
	if c.q.Kind == interview.Choices {
		box := "[ ] "
		if slices.Contains(c.marked, o.Value) {
			box = "[x] "
		}
		label, labelCells = label+box, labelCells+len(box)
	}
	text := wrap(o.Text, w-labelCells)
	last := len(text) - 1
	used := cells(text[last])
	text = styled(style, text)
	for _, s := range c.standing(st, o) {
		if used+2+cells(s.word) <= w-labelCells {
			text[last] += "  " + s.style.Render(s.word)
			used += 2 + cells(s.word)
			continue
		}
		text = append(text, s.style.Render(s.word))
		last, used = len(text)-1, cells(s.word)
	}
	return beside(label, labelCells, text)
}

// standing are the words beside an option.
func (c choice) standing(st *styles, o interview.Option) []styledWord {
	var words []styledWord
	if o.Recommended {
		words = append(words, styledWord{st.good, "recommended"})
	}
	if len(o.Against) > 0 {
		words = append(words, styledWord{st.bad, "not possible"})
	}
	if c.q.Kind == interview.Choice && o.Value == c.q.Answer {
		switch {
		case c.q.Basis != "" && !o.Recommended:
			words = append(words, styledWord{st.dim, "proposed"})
		case c.q.Basis == "" && c.q.Answer != "":
			words = append(words, styledWord{st.dim, "chosen"})
		}
	}
	return words
}

// drawReasons draws what speaks for and against an option.
func drawReasons(st *styles, q interview.Question, i, w int) []string {
	o := q.Options[i]
	room := w - optionIndent
	var lines []string
	if o.Note != "" {
		lines = append(lines, styled(st.dim, wrap(o.Note, room))...)
	}
	for _, reason := range o.Against {
		lines = append(lines, beside("- ", 2, wrap(reason, room-2))...)
	}
	if len(o.Against) > 0 && o.Instead != "" {
		lines = append(lines, beside(st.strong.Render("instead: "), 9, wrap(optionText(q, o.Instead), room-9))...)
	}
	return indent(lines, optionIndent)
}

// summary is an answer as one line of a form says it.
func summary(q interview.Question) string {
	if q.Kind == interview.Choices {
		var texts []string
		for _, v := range splitAnswer(q.Answer) {
			texts = append(texts, term.Safe(optionText(q, v)))
		}
		return strings.Join(texts, ", ")
	}
	if q.Kind == interview.Choice {
		return term.Safe(optionText(q, q.Answer))
	}
	return term.Safe(q.Answer)
}
