package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"sendplan/internal/term"
)

const (
	keyGap  = "  " // between two bindings of the footer
	more    = "more"
	tooMany = "…"
)

// shownKey is a binding as it is written: "enter open".
type shownKey struct{ name, does string }

func (k shownKey) cells() int { return cells(k.name) + 1 + cells(k.does) }

func (st *styles) drawKey(k shownKey) string {
	return st.strong.Render(k.name) + " " + st.dim.Render(k.does)
}

// shownKeys are the enabled bindings.
func shownKeys(bindings []key.Binding) []shownKey {
	var shown []shownKey
	for _, b := range bindings {
		if b.Enabled() && b.Help().Key != "" {
			shown = append(shown, shownKey{term.Safe(b.Help().Key), term.Safe(b.Help().Desc)})
		}
	}
	return shown
}

// keyLine is the footer: as many enabled bindings as fit into w cells, none of
// them cut. Where some are left out, it ends in the key of the help, or in … if
// that is not among the bindings.
func keyLine(st *styles, bindings []key.Binding, w int) string {
	all := shownKeys(bindings)
	if line, ok := st.keysWithin(all, w); ok {
		return line
	}
	tail := st.dim.Render(tooMany)
	tailCells := cells(tooMany)
	help := keys.help.Help().Key
	if i := slices.IndexFunc(all, func(k shownKey) bool { return k.name == help }); i >= 0 {
		all = slices.Delete(slices.Clone(all), i, i+1)
		tail, tailCells = st.drawKey(shownKey{help, more}), shownKey{help, more}.cells()
	}
	line, _ := st.keysWithin(all, w-tailCells-len(keyGap))
	if line == "" {
		line = spaces(margin)
	} else {
		line += keyGap
	}
	return frame([]string{line + tail}, w, 1)
}

// keysWithin writes the first of the bindings, as many as fit into w cells, and
// whether that is all of them.
func (st *styles) keysWithin(all []shownKey, w int) (line string, whole bool) {
	used := margin
	var parts []string
	for i, k := range all {
		need := k.cells()
		if i > 0 {
			need += len(keyGap)
		}
		if used+need > w {
			break
		}
		used += need
		parts = append(parts, st.drawKey(k))
	}
	if len(parts) == 0 {
		return "", len(all) == 0
	}
	return spaces(margin) + strings.Join(parts, keyGap), len(parts) == len(all)
}

// keyHelp is the overlay with all enabled bindings: in columns, or one after
// the other where there are more of them than lines.
func keyHelp(st *styles, title string, bindings []key.Binding, w, h int) string {
	all := shownKeys(bindings)
	lines := []string{st.headline(title, "", w)}
	if h >= airy {
		lines = append(lines, "")
	}
	table := st.keyColumns(all, w-2*margin, h-len(lines))
	if table == nil {
		table = st.keyFlow(all, w-2*margin)
	}
	return frame(append(lines, indent(table, margin)...), w, h)
}

// keyColumns writes the bindings one below the other, in as few columns as h
// lines allow; nil: they do not fit.
func (st *styles) keyColumns(all []shownKey, w, h int) []string {
	name, width := 0, 0
	for _, k := range all {
		name = max(name, cells(k.name))
	}
	for _, k := range all {
		width = max(width, name+2+cells(k.does))
	}
	if h < 1 || len(all) == 0 {
		return nil
	}
	columns := (len(all) + h - 1) / h
	if columns*(width+4)-4 > w {
		return nil
	}
	rows := (len(all) + columns - 1) / columns
	lines := make([]string, rows)
	for i, k := range all {
		cell := st.strong.Render(pad(k.name, name)) + "  " + st.dim.Render(k.does)
		if i+rows < len(all) {
			cell += spaces(width + 4 - name - 2 - cells(k.does))
		}
		lines[i%rows] += cell
	}
	return lines
}

// keyFlow writes the bindings one after the other, none of them broken.
func (st *styles) keyFlow(all []shownKey, w int) []string {
	var lines []string
	used := w
	for _, k := range all {
		if used+len(keyGap)+k.cells() > w {
			lines = append(lines, st.drawKey(k))
			used = k.cells()
			continue
		}
		lines[len(lines)-1] += keyGap + st.drawKey(k)
		used += len(keyGap) + k.cells()
	}
	return lines
}
