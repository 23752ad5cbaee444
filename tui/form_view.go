package tui

import (
	"fmt"
	"slices"

	"sendplan/internal/term"
	"sendplan/planner/interview"
)

// airy is from how many lines on a view has empty ones.
const airy = 16

// View draws the form: its title, then the questions, of which as many are
// seen as fit around the one with the focus. Where its options are so many that
// what is asked would be above them, out of sight, that stays at the top.
func (f form) View(w, h int) string {
	wide := min(w, measure)
	head := f.drawHead(wide, h)
	room := h - len(head)
	body := f.drawBody(wide, room)
	if around(body.block, room) > body.open && room > 3 {
		head = append(head, spaces(margin)+f.st.title.Render(cut(term.Safe(f.questions[f.at].Text), wide-margin)))
		room--
	}
	return frame(append(head, f.st.scrolled(body.lines, around(body.block, room), room)...), w, h)
}

// around is the line to begin with so that a block stands in the middle.
func around(b block, h int) int {
	body := bodyHeight(len(b.lines), h)
	top := b.from - max(body-(b.to-b.from), 0)/2
	return clamp(top, 0, len(b.lines)-body)
}

// drawHead draws the title, how far the form is, and a mistake that is about
// no single question.
func (f form) drawHead(w, h int) []string {
	if h < 6 {
		return nil
	}
	count := ""
	if len(f.questions) > 1 {
		count = fmt.Sprintf("%d of %d", f.at+1, len(f.questions))
	}
	lines := []string{f.st.headline(f.title, count, w)}
	if f.mistake != nil && f.index(f.mistake.ID) < 0 {
		if h >= airy {
			lines = append(lines, "")
		}
		lines = append(lines, indent(f.st.drawMistake(f.mistake, w-margin), margin)...)
	}
	if h >= airy {
		lines = append(lines, "")
	}
	return lines
}

// headline is a title at the left, and something small at the right.
func (st *styles) headline(title, right string, w int) string {
	room := w - 2*margin
	title = cut(term.Safe(title), room)
	gap := room - cells(title) - cells(right)
	if gap < 2 {
		return spaces(margin) + st.title.Render(title)
	}
	return spaces(margin) + st.title.Render(title) + spaces(gap) + st.dim.Render(right)
}

func (st *styles) drawMistake(m *interview.Mistake, w int) []string {
	lines := []interview.Line{{Mark: interview.Bad, Text: m.Message}}
	label := tagOf(interview.Bad.Word(), w)
	out := st.marked(lines, w)
	if m.Fix != "" {
		out = append(out, indent(wrap(m.Fix, w-cells(label)), cells(label))...)
	}
	return out
}

// asked is the questions of a form as lines, those from open on being of the
// question with the focus.
type asked struct {
	block
	open int
}

// drawBody draws all questions. The block's from and to are of what must be
// seen: of a long question, the lines around the cursor.
func (f form) drawBody(w, h int) asked {
	var b asked
	if len(f.questions) == 0 {
		b.add(spaces(margin) + f.st.dim.Render("there is nothing to ask"))
		return b
	}
	labels := f.labelCells(w)
	for i, q := range f.questions {
		if i != f.at {
			b.add(f.drawAnswered(q, labels, w))
			continue
		}
		if h >= airy && i > 0 {
			b.add("")
		}
		b.open = len(b.lines)
		open := f.drawOpen(q, w, h)
		b.add(open.lines...)
		b.from, b.to = b.open, len(b.lines)
		if b.to-b.from > bodyHeight(len(b.lines), h) {
			b.from, b.to = b.open+open.from, b.open+open.to
		}
		if h >= airy && i+1 < len(f.questions) {
			b.add("")
		}
	}
	return b
}

// labelCells is how wide the column of labels is.
func (f form) labelCells(w int) int {
	widest := 0
	for _, q := range f.questions {
		widest = max(widest, cells(term.Safe(q.Label)))
	}
	return min(widest, max(w/3, 8))
}

// drawAnswered draws a question without the focus as one line: what it is
// called, and its answer.
func (f form) drawAnswered(q interview.Question, labels, w int) string {
	label := spaces(margin) + f.st.dim.Render(pad(term.Safe(q.Label), labels)) + "  "
	room := w - margin - labels - 2
	text := summary(q)
	_, given := f.given[q.ID]
	switch {
	case text == "" && given:
		return label + f.st.dim.Render(cut("left open", room))
	case text == "":
		return label + f.st.dim.Render(cut("not answered yet", room))
	case q.Basis == "":
		return label + cut(text, room)
	}
	const word = " (proposed)"
	return label + f.st.dim.Render(cut(text, room-len(word))+word)
}

// drawOpen draws the question with the focus. The block's lines are those with
// the cursor and what was wrong.
func (f form) drawOpen(q interview.Question, w, h int) block {
	room := w - margin
	var b block
	b.add(styled(f.st.title, wrap(q.Text, room))...)
	why := styled(f.st.dim, wrap(q.Why, room))
	if f.why && q.Why != "" {
		b.add(why...)
	}
	if h >= airy {
		b.add("")
	}
	answer := f.drawAnswer(q, room, h-len(b.lines))
	if f.mistake != nil && f.index(f.mistake.ID) == f.at {
		lines := indent(f.st.drawMistake(f.mistake, room-2), 2)
		answer.lines = slices.Insert(answer.lines, answer.mid, lines...)
		answer.to += len(lines)
	}
	b.from, b.to = len(b.lines)+answer.from, len(b.lines)+answer.to
	if f.why { // it is read now
		b.from, b.to = 0, len(b.lines)
	}
	b.add(answer.lines...)
	others := len(f.questions) - 1
	if rest := h - len(b.lines) - others - 3; !f.why && q.Why != "" && h >= airy && len(why) <= rest {
		b.add("")
		b.add(why...)
	}
	b.lines = indent(b.lines, margin)
	return b
}

// drawAnswer draws the editor. Options say all that speaks for and against
// them if there is room for it.
func (f form) drawAnswer(q interview.Question, w, h int) block {
	st := f.st
	if !isChoice(q) {
		lines := f.field.draw(st, w)
		return block{lines: lines, mid: 1, to: len(lines)}
	}
	var b block
	if q.Basis != "" {
		b.add(styled(st.dim, wrap("proposed: "+q.Basis, w))...)
	}
	full := f.choice.draw(st, w, false)
	if len(full.lines)+len(b.lines) > h {
		full = f.choice.draw(st, w, true)
	}
	at := len(b.lines)
	b.from, b.mid, b.to = at+full.from, at+full.mid, at+full.to
	b.add(full.lines...)
	return b
}
