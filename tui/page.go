package tui

import (
	"maps"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sendplan/planner/interview"
)

// pageView shows a page to read. Its items are opened and closed; it sends
// acceptMsg and editMsg.
type pageView struct {
	st   *styles
	page interview.Page
	open map[string]bool // by the key of the item, where it is not as the page wants it; never changed in place

	at   int // the item with the cursor
	top  int // the first line that is seen
	w, h int
	lay  layout // of the page in w cells
}

// newPageView returns a view that shows the beginning of the page.
func newPageView(st *styles, p interview.Page) pageView {
	v := pageView{st: st, page: p, w: 80, h: 20}
	return v.placed()
}

// withPage replaces the page; what has the same title stays open, and the
// cursor stays on it.
func (v pageView) withPage(p interview.Page) pageView {
	old, had := v.current()
	v.page = p
	v = v.placed()
	v.at = clamp(v.at, 0, len(v.lay.items)-1)
	for i, it := range v.lay.items {
		if had && it.key == old.key {
			v.at = i
		}
	}
	if had {
		v = v.revealed()
	}
	return v.scrolled(0)
}

// sized tells the page how much of it will be seen, so that keys move by that.
func (v pageView) sized(w, h int) pageView {
	if v.w == w && v.h == h {
		return v
	}
	relay := v.w != w
	v.w, v.h = w, h
	if relay {
		v = v.placed()
	}
	v = v.scrolled(0)
	if it, ok := v.current(); ok && (v.at > 0 || v.top > 0) && !v.sees(it) {
		v = v.revealed()
	}
	return v
}

// sees reports whether anything of an item is seen.
func (v pageView) sees(it placedItem) bool { return it.from < v.top+v.body() && it.to > v.top }

// placed lays the page out anew.
func (v pageView) placed() pageView {
	v.lay = layPage(v.st, v.page, v.isOpen, v.w)
	return v
}

// isOpen reports whether an item is open.
func (v pageView) isOpen(key string, it interview.Item) bool {
	if is, ok := v.open[key]; ok {
		return is
	}
	return it.Open
}

// itemKey names an item across pages: nth counts those with the same title.
func itemKey(section, title string, nth int) string {
	return section + "\x00" + title + "\x00" + strconv.Itoa(nth)
}

// current is the item with the cursor.
func (v pageView) current() (placedItem, bool) {
	if v.at < 0 || v.at >= len(v.lay.items) {
		return placedItem{}, false
	}
	return v.lay.items[v.at], true
}

// body is how many lines of the page are seen.
func (v pageView) body() int { return bodyHeight(len(v.lay.lines), v.h) }

// scrolled moves what is seen by some lines.
func (v pageView) scrolled(by int) pageView {
	v.top = clamp(v.top+by, 0, len(v.lay.lines)-v.body())
	return v
}

// revealed scrolls to the item with the cursor; at the first one, to what
// stands above it if that can be seen with it.
func (v pageView) revealed() pageView {
	it, ok := v.current()
	if !ok {
		return v.scrolled(0)
	}
	from := it.above
	if v.at == 0 {
		from = 0
	}
	if it.to-from > v.body() {
		from = it.from
	}
	v.top = keepVisible(v.top, from, it.to, v.body())
	return v.scrolled(0)
}

func (v pageView) Update(msg tea.Msg) (pageView, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return v, nil
	}
	it, has := v.current()
	switch {
	case key.Matches(press, keys.up):
		return v.up(), nil
	case key.Matches(press, keys.down):
		return v.down(), nil
	case key.Matches(press, keys.pageUp):
		return v.paged(-1), nil
	case key.Matches(press, keys.pageDown):
		return v.paged(1), nil
	case key.Matches(press, keys.home):
		return v.on(0), nil
	case key.Matches(press, keys.end):
		v = v.on(len(v.lay.items) - 1)
		return v.scrolled(len(v.lay.lines)), nil
	case key.Matches(press, keys.sectionBefore):
		return v.section(-1), nil
	case key.Matches(press, keys.sectionAfter):
		return v.section(1), nil
	case !has:
		return v, nil
	case key.Matches(press, keys.open) && it.opens:
		return v.toggled(it), nil
	case key.Matches(press, keys.edit, keys.open) && it.About != (interview.Subject{}):
		return v, func() tea.Msg { return editMsg{it.About} }
	case key.Matches(press, keys.accept) && it.Accept != "":
		return v, func() tea.Msg { return acceptMsg{it.Accept} }
	}
	return v, nil
}

// toggled opens or closes the item with the cursor.
func (v pageView) toggled(it placedItem) pageView {
	v.open = maps.Clone(v.open)
	if v.open == nil {
		v.open = map[string]bool{}
	}
	v.open[it.key] = !v.isOpen(it.key, it.Item)
	return v.placed().revealed()
}

// on puts the cursor on an item.
func (v pageView) on(i int) pageView {
	v.at = clamp(i, 0, len(v.lay.items)-1)
	if i <= 0 {
		v.top = 0
	}
	return v.revealed()
}

// down goes to the next item, but first through the lines of one that is longer
// than what is seen.
func (v pageView) down() pageView {
	it, ok := v.current()
	if end := v.top + v.body(); !ok || it.to > end || v.at == len(v.lay.items)-1 {
		return v.scrolled(1)
	}
	return v.on(v.at + 1)
}

func (v pageView) up() pageView {
	it, ok := v.current()
	if !ok || it.from < v.top || v.at == 0 {
		return v.scrolled(-1)
	}
	v.at--
	if above, _ := v.current(); above.from < v.top && above.to-above.from > v.body() {
		v.top = above.to - v.body() // its end comes first
		return v.scrolled(0)
	}
	return v.revealed()
}

// paged moves by what is seen, and the cursor with it.
func (v pageView) paged(by int) pageView {
	v = v.scrolled(by * max(v.body()-1, 1))
	for i, it := range v.lay.items {
		if v.sees(it) {
			v.at = i
			if by < 0 || it.from >= v.top {
				break
			}
		}
	}
	if v.top == 0 {
		v.at = 0
	} else if v.top == len(v.lay.lines)-v.body() && by > 0 {
		v.at = len(v.lay.items) - 1
	}
	return v
}

// section puts the cursor on the first item of the section before or after.
func (v pageView) section(by int) pageView {
	it, ok := v.current()
	if !ok {
		return v
	}
	want := v.at
	for i, other := range v.lay.items {
		first := i == 0 || v.lay.items[i-1].section != other.section
		if by > 0 && first && other.section > it.section {
			return v.on(i)
		}
		if by < 0 && first && other.section < it.section {
			want = i
		}
	}
	if by < 0 && want == v.at {
		want = 0
	}
	return v.on(want)
}

// View draws what is seen of the page.
func (v pageView) View(w, h int) string {
	v = v.sized(w, h)
	lines := v.lay.lines
	if it, ok := v.current(); ok {
		lines = append([]string(nil), lines...)
		lines[it.from] = v.st.accent.Render("> ") + lines[it.from][margin:]
	}
	return frame(v.st.scrolled(lines, v.top, h), w, h)
}

// keys are those that do something now.
func (v pageView) keys() []key.Binding {
	it, ok := v.current()
	open, about := "open", it.About != (interview.Subject{})
	switch {
	case it.opens && v.isOpen(it.key, it.Item):
		open = "close"
	case !it.opens:
		open = "answer"
	}
	long := len(v.lay.lines) > v.h
	return []key.Binding{
		when(does(keys.open, open), ok && (it.opens || about)),
		when(does(keys.accept, "say yes to it"), ok && it.Accept != ""),
		when(does(keys.edit, "answer"), ok && about),
		when(keys.up, long || len(v.lay.items) > 1), when(keys.down, long || len(v.lay.items) > 1),
		when(keys.pageDown, long), when(keys.pageUp, long),
		when(keys.sectionAfter, v.lay.sections > 1), when(keys.sectionBefore, v.lay.sections > 1),
		when(keys.home, long || len(v.lay.items) > 1), when(keys.end, long || len(v.lay.items) > 1),
	}
}
