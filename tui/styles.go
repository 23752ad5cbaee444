package tui

import (
	"github.com/charmbracelet/lipgloss"

	"sendplan/planner/interview"
)

// styledWord is a word and its style.
type styledWord struct {
	style lipgloss.Style
	word  string
}

// styles are all styles of the program, built once. They know only the sixteen
// colours that a terminal's theme sets itself. No meaning hangs on them: each
// has a word or a sign beside it.
type styles struct {
	plain   lipgloss.Style
	title   lipgloss.Style // of a screen or a box
	heading lipgloss.Style // within a screen
	accent  lipgloss.Style // what has the focus
	dim     lipgloss.Style // what is less important
	strong  lipgloss.Style // what is more important
	code    lipgloss.Style // records and commands
	cursor  lipgloss.Style // the cell of a text that is typed into
	good    lipgloss.Style
	note    lipgloss.Style
	warn    lipgloss.Style
	bad     lipgloss.Style
	unknown lipgloss.Style
	added   lipgloss.Style
	removed lipgloss.Style
	changed lipgloss.Style // laid over added and removed: what differs within the line

	color bool // whether the renderer shows any of that
}

func newStyles(r *lipgloss.Renderer) *styles {
	plain := r.NewStyle()
	color := func(n string) lipgloss.Style { return r.NewStyle().Foreground(lipgloss.Color(n)) }
	st := &styles{
		plain:   plain,
		title:   color("6").Bold(true),
		heading: r.NewStyle().Bold(true),
		accent:  color("6"),
		dim:     r.NewStyle().Faint(true),
		strong:  r.NewStyle().Bold(true),
		code:    plain,
		cursor:  r.NewStyle().Reverse(true),
		good:    color("2"),
		note:    color("6"),
		warn:    color("3"),
		bad:     color("1"),
		unknown: color("5"),
		added:   color("2"),
		removed: color("1"),
		changed: r.NewStyle().Bold(true).Underline(true),
	}
	st.color = st.cursor.Render("x") != "x"
	return st
}

// mark is the style of what a mark stands at.
func (st *styles) mark(m interview.Mark) lipgloss.Style {
	switch m {
	case interview.Heading:
		return st.heading
	case interview.Good:
		return st.good
	case interview.Note:
		return st.note
	case interview.Warn:
		return st.warn
	case interview.Bad:
		return st.bad
	case interview.Unknown:
		return st.unknown
	case interview.Muted:
		return st.dim
	case interview.Code:
		return st.code
	case interview.Added:
		return st.added
	case interview.Removed:
		return st.removed
	}
	return st.plain
}
