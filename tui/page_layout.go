package tui

import (
	"strings"

	"sendplan/planner/interview"
)

// layout is a page as lines, with a margin in which the cursor has room.
type layout struct {
	lines    []string
	items    []placedItem
	sections int // that hold items
}

// placedItem is an item and where it stands: its lines are from…to-1, and from
// above on what should be seen with it, the heading of its section.
type placedItem struct {
	interview.Item
	key             string
	section         int
	above, from, to int
	opens           bool // there is something to open
}

// layPage lays a page out in w cells.
func layPage(st *styles, p interview.Page, isOpen func(string, interview.Item) bool, w int) layout {
	var l layout
	l.add(st.marked(p.Lead, w-2*margin)...)
	for i, s := range p.Sections {
		if len(s.Items) == 0 && s.Empty == "" {
			continue
		}
		above := len(l.lines)
		if above > 0 {
			l.lines = append(l.lines, "")
		}
		if s.Title != "" {
			l.add(styled(st.heading, wrap(s.Title, w-2*margin))...)
		}
		if len(s.Items) == 0 {
			l.add(styled(st.dim, wrap(s.Empty, w-2*margin))...)
			continue
		}
		l.sections++
		l.addItems(newItemRows(st, s, w), i, above, isOpen)
	}
	return l
}

// add writes lines behind the margin.
func (l *layout) add(lines ...string) { l.lines = append(l.lines, indent(lines, margin)...) }

func (l *layout) addItems(r itemRows, section, above int, isOpen func(string, interview.Item) bool) {
	if line := r.headings(); line != "" {
		l.add(line)
	}
	seen := map[string]int{}
	for i, it := range r.section.Items {
		placed := placedItem{
			Item: it, key: itemKey(r.section.Title, it.Title, seen[it.Title]),
			section: section, above: above, from: len(l.lines), opens: r.opens(i),
		}
		seen[it.Title]++
		open := placed.opens && isOpen(placed.key, it)
		l.add(r.head(i, open)...)
		if open {
			l.add(r.more(i)...)
		}
		placed.to = len(l.lines)
		if i+1 < len(r.section.Items) && open {
			l.lines = append(l.lines, "")
		}
		l.items = append(l.items, placed)
		above = placed.to
	}
}

// itemRows draws the items of a section, all in the same columns.
type itemRows struct {
	st      *styles
	section interview.Section
	room    int        // behind the margin
	tag     int        // cells of the word of the mark, where it has a column of its own
	rows    [][]string // of the columns, safe; those of the items after the headings
	widths  []int      // of the columns; none: titles only
}

const openSign = 2 // cells of the sign that tells open from closed

func newItemRows(st *styles, s interview.Section, w int) itemRows {
	r := itemRows{st: st, section: s, room: max(w-2*margin, 1)}
	columns := len(s.Columns) > 0
	for _, it := range s.Items {
		if len(it.Mark.Word()) > 1 && w >= roomy {
			r.tag = tagCells
		}
		columns = columns || len(it.Cells) > 0
	}
	r.rows = [][]string{safeAll(s.Columns)}
	for _, it := range s.Items {
		title := it.Title
		if r.tag == 0 && columns {
			title = r.inlineTag(it) + title
		}
		r.rows = append(r.rows, safeAll(append([]string{title}, it.Cells...)))
	}
	if columns {
		r.widths = fitColumns(naturalWidths(r.rows), r.room-openSign-r.tag)
	}
	return r
}

// inlineTag is the word of a mark before a title, where it has no column.
func (r itemRows) inlineTag(it interview.Item) string {
	if word := it.Mark.Word(); word != "" && r.tag == 0 {
		return tagOf(word, r.room)
	}
	return ""
}

// headings are those of the columns.
func (r itemRows) headings() string {
	line := inColumns(r.rows[0], r.widths)
	if line == "" {
		return ""
	}
	return spaces(openSign+r.tag) + r.st.dim.Render(line)
}

// opens reports whether there is something to open: more lines, records, or
// cells that did not fit.
func (r itemRows) opens(i int) bool {
	it := r.section.Items[i]
	return len(it.More) > 0 || len(it.Old)+len(it.New) > 0 || len(r.missing(i)) > 0
}

func (r itemRows) missing(i int) []int {
	if r.widths == nil {
		return nil
	}
	return missing(r.rows[i+1], r.widths)
}

// head draws the line with which an item begins, or the lines of a long title.
func (r itemRows) head(i int, open bool) []string {
	it := r.section.Items[i]
	sign := spaces(openSign)
	switch {
	case open:
		sign = "▾ "
	case r.opens(i):
		sign = "▸ "
	}
	label, labelCells := r.st.dim.Render(sign), openSign
	mark := r.st.mark(it.Mark)
	style := mark
	if it.Mark.Word() != "" { // the word has the colour
		style = r.st.plain
	}
	if r.tag > 0 {
		label, labelCells = label+mark.Render(pad(it.Mark.Word(), r.tag)), labelCells+r.tag
	}
	if r.widths != nil {
		line := inColumns(r.rows[i+1], r.widths)
		tag := cut(strings.TrimRight(r.inlineTag(it), " "), cells(line))
		if !strings.HasPrefix(line, tag) {
			tag = ""
		}
		return []string{label + mark.Render(tag) + style.Render(line[len(tag):])}
	}
	tag := r.inlineTag(it)
	label, labelCells = label+mark.Render(tag), labelCells+cells(tag)
	return beside(label, labelCells, styled(style, wrap(it.Title, r.room-labelCells)))
}

// more draws what an open item shows.
func (r itemRows) more(i int) []string {
	it := r.section.Items[i]
	left := openSign + 2
	if r.room < roomy {
		left = openSign
	}
	w := r.room - left
	lines := r.st.marked(named(r.section.Columns, append([]string{it.Title}, it.Cells...), r.missing(i)), w)
	if len(it.Old)+len(it.New) > 0 {
		lines = append(lines, r.st.change(it.Old, it.New, w)...)
	}
	return indent(append(lines, r.st.marked(it.More, w)...), left)
}
