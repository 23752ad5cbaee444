package tui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"sendplan/internal/term"
)

// sideBySide is from how many cells on before and after stand side by side.
const sideBySide = 100

// pairing is an element before and after; -1: there is none.
type pairing struct{ old, new int }

// maxPairs bounds the work of pair; texts larger than that count as new.
const maxPairs = 1 << 16

// pair lines up two lists: what is equal in both, by the longest common
// sequence, and what stands between that.
func pair(old, new []string) []pairing {
	if len(old)*len(new) > maxPairs {
		return apart(old, new, 0, 0)
	}
	common := make([][]int, len(old)+1) // length of the common sequence of old[i:] and new[j:]
	for i := range common {
		common[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if old[i] == new[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var pairs []pairing
	i, j := 0, 0
	for fromI, fromJ := 0, 0; ; {
		switch {
		case i < len(old) && j < len(new) && old[i] == new[j]:
			pairs = append(pairs, apart(old[:i], new[:j], fromI, fromJ)...)
			pairs = append(pairs, pairing{i, j})
			i, j = i+1, j+1
			fromI, fromJ = i, j
		case i < len(old) && (j == len(new) || common[i+1][j] >= common[i][j+1]):
			i++
		case j < len(new):
			j++
		default:
			return append(pairs, apart(old, new, fromI, fromJ)...)
		}
	}
}

// apart pairs what differs from i and j on, in its order.
func apart(old, new []string, i, j int) []pairing {
	var pairs []pairing
	for ; i < len(old) || j < len(new); i, j = i+1, j+1 {
		p := pairing{-1, -1}
		if i < len(old) {
			p.old = i
		}
		if j < len(new) {
			p.new = j
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// change draws the records of a change in w cells: side by side where there is
// room, else the old ones above the new ones. What differs within a record is
// emphasized.
func (st *styles) change(old, new []string, w int) []string {
	old, new = safeAll(old), safeAll(new)
	side := w >= sideBySide
	room := w
	var lines []string
	if side {
		room = (w - 3) / 2
		lines = append(lines, st.dim.Render(pad("  before", room)+" │ "+pad("  after", room)))
	}
	for _, p := range pair(old, new) {
		was, is := st.drawPair(old, new, p, room)
		switch {
		case side:
			lines = append(lines, st.joined(was, is, room, " │ ")...)
		case p.old >= 0 && p.new >= 0 && old[p.old] == new[p.new]:
			lines = append(lines, is...)
		default:
			lines = append(lines, append(was, is...)...)
		}
	}
	return lines
}

// drawPair draws a record before and after.
func (st *styles) drawPair(old, new []string, p pairing, w int) (was, is []string) {
	switch {
	case p.new < 0:
		return st.record("- ", old[p.old], nil, w), nil
	case p.old < 0:
		return nil, st.record("+ ", new[p.new], nil, w)
	case old[p.old] == new[p.new]:
		same := st.record("  ", new[p.new], nil, w)
		return same, same
	}
	gone, come := differing(old[p.old], new[p.new])
	return st.record("- ", old[p.old], gone, w), st.record("+ ", new[p.new], come, w)
}

// joined puts two columns of lines side by side, w cells for the left one, and
// a bar between them.
func (st *styles) joined(left, right []string, w int, bar string) []string {
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		lines[i] = l + spaces(w-lipgloss.Width(l)) + st.dim.Render(bar) + r
	}
	return lines
}

// differing tells which letters of two records stand in words that the other
// has not.
func differing(old, new string) (gone, come []bool) {
	was, is := strings.Split(old, " "), strings.Split(new, " ")
	gone, come = make([]bool, 0, len(old)), make([]bool, 0, len(new))
	keptOld, keptNew := make([]bool, len(was)), make([]bool, len(is))
	for _, p := range pair(was, is) {
		if p.old >= 0 && p.new >= 0 && was[p.old] == is[p.new] {
			keptOld[p.old], keptNew[p.new] = true, true
		}
	}
	return flags(was, keptOld, gone), flags(is, keptNew, come)
}

// flags marks the letters of the words that are not common.
func flags(words []string, common, out []bool) []bool {
	for i, word := range words {
		if i > 0 {
			out = append(out, false)
		}
		for range []rune(word) {
			out = append(out, !common[i])
		}
	}
	return out
}

// record draws one record behind its sign, with the letters that flags name
// emphasized.
func (st *styles) record(sign, text string, flags []bool, w int) []string {
	style := map[string]lipgloss.Style{"- ": st.removed, "+ ": st.added, "  ": st.dim}[sign]
	letters, at := []rune(text), 0
	var lines []string
	for _, line := range strings.Split(term.Wrap(text, w-len(sign), 0), "\n") {
		var b strings.Builder
		for rest := []rune(line); len(rest) > 0; {
			for letters[at] != rest[0] { // a space that the end of a line took
				at++
			}
			n := alike(rest, letters, flags, at)
			b.WriteString(st.emphasis(style, flags != nil && flags[at]).Render(string(rest[:n])))
			rest, at = rest[n:], at+n
		}
		lines = append(lines, b.String())
	}
	return beside(style.Render(sign), len(sign), lines)
}

// alike is how many letters from at on are drawn alike.
func alike(rest, letters []rune, flags []bool, at int) int {
	n := 1
	for n < len(rest) && letters[at+n] == rest[n] && (flags == nil || flags[at+n] == flags[at]) {
		n++
	}
	return n
}

func (st *styles) emphasis(style lipgloss.Style, on bool) lipgloss.Style {
	if on {
		return style.Inherit(st.changed)
	}
	return style
}
