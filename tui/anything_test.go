package tui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"pgregory.net/rapid"

	"sendplan/planner/interview"
)

// anything draws data that no interview would give, but must not hurt.
type anything struct{ *rapid.T }

func (a anything) text(what string) string { return nastyText().Draw(a.T, what) }
func (a anything) count(what string) int   { return rapid.IntRange(0, 4).Draw(a.T, what) }
func (a anything) is(what string) bool     { return rapid.Bool().Draw(a.T, what) }
func (a anything) mark() interview.Mark {
	return interview.Mark(rapid.IntRange(0, 10).Draw(a.T, "mark"))
}
func (a anything) texts(what string) []string {
	return rapid.SliceOfN(nastyText(), 0, 4).Draw(a.T, what)
}

func (a anything) lines() []interview.Line {
	lines := make([]interview.Line, a.count("lines"))
	for i := range lines {
		lines[i] = interview.Line{Mark: a.mark(), Indent: rapid.IntRange(-1, 50).Draw(a.T, "indent"), Text: a.text("line")}
	}
	return lines
}

func (a anything) page() interview.Page {
	p := interview.Page{Lead: a.lines()}
	for range a.count("sections") {
		s := interview.Section{Title: a.text("title"), Columns: a.texts("columns"), Empty: a.text("empty")}
		for range a.count("items") {
			s.Items = append(s.Items, interview.Item{Mark: a.mark(), Title: a.text("item"), Cells: a.texts("cells"), More: a.lines(),
				Open: a.is("open"), Old: a.texts("old"), New: a.texts("new"), About: interview.Subject{Name: a.text("about")}})
		}
		p.Sections = append(p.Sections, s)
	}
	return p
}

func (a anything) table() interview.Table {
	t := interview.Table{Columns: a.texts("columns"), Empty: a.text("empty")}
	for range a.count("rows") * a.count("times") {
		t.Rows = append(t.Rows, interview.Row{About: interview.Subject{Name: a.text("name")}, Cells: a.texts("cells"), Mark: a.mark(), Suggested: a.is("suggested"), More: a.lines()})
	}
	return t
}

func (a anything) questions() []interview.Question {
	questions := make([]interview.Question, a.count("questions"))
	for i := range questions {
		q := interview.Question{ID: interview.ID(rune('a' + i)), Kind: interview.Kind(rapid.IntRange(0, 3).Draw(a.T, "kind")),
			Text: a.text("text"), Label: a.text("label"), Why: a.text("why"), Answer: a.text("answer"), Basis: a.text("basis"), Example: a.text("example")}
		for range a.count("options") * a.count("times") {
			q.Options = append(q.Options, interview.Option{Value: a.text("value"), Text: a.text("option"), Note: a.text("note"), Recommended: a.is("recommended"), Against: a.texts("against"), Instead: a.text("instead")})
		}
		questions[i] = q
	}
	return questions
}

// key is one that was pressed or a text that was pasted.
func (a anything) key() tea.KeyMsg {
	names := []string{"up", "down", "left", "right", "pgup", "pgdown", "home", "end", "[", "]", "enter", "tab", "shift+tab", "ctrl+g", "ctrl+s", " ", "/", "1", "9", "a", "y", "n", "e", "esc", "backspace", "delete", "ctrl+u", "ctrl+w"}
	if rapid.IntRange(0, 9).Draw(a.T, "paste") == 0 {
		return pasted(a.text("pasted"))
	}
	return keyNamed(rapid.SampledFrom(names).Draw(a.T, "key"))
}

// used presses keys in a component, and looks at it in all sorts of sizes.
func used[T interface {
	part
	Update(tea.Msg) (T, tea.Cmd)
}](a anything, c T) {
	for range rapid.IntRange(0, 12).Draw(a.T, "presses") {
		c, _ = c.Update(a.key())
		w, h := rapid.IntRange(1, 140).Draw(a.T, "w"), rapid.IntRange(1, 50).Draw(a.T, "h")
		if s, ok := any(c).(interface{ sized(w, h int) T }); ok && a.is("sized") {
			c = s.sized(w, h)
		}
		fitsIn(a.T, c.View(w, h), w, h)
		fitsIn(a.T, keyLine(plainStyles(), c.keys(), w), w, 1)
	}
}

func TestPartsTakeAnything(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(a anything){
		"page": func(a anything) {
			v := newPageView(plainStyles(), a.page())
			used(a, v)
			used(a, v.withPage(a.page()))
		},
		"table": func(a anything) {
			v := newTableView(plainStyles(), a.table())
			used(a, v)
			used(a, v.withTable(a.table()))
		},
		"form": func(a anything) {
			f := newForm(plainStyles(), a.text("title"), fixed(a.questions()...), nil)
			used(a, f)
			used(a, f.withMistake(&interview.Mistake{ID: interview.ID(rapid.SampledFrom([]string{"", "a", "b", "z"}).Draw(a.T, "id")), Message: a.text("message"), Fix: a.text("fix")}))
		},
		"questions that change": func(a anything) {
			sets := [][]interview.Question{a.questions(), a.questions(), a.questions()}
			ask := func(given interview.Answers) []interview.Question { return sets[len(given)%3] }
			used(a, newForm(plainStyles(), "", ask, nil))
		},
		"paste": func(a anything) {
			used(a, newPasteBox(plainStyles(), a.text("title"), a.text("hint"), a.text("example")).withProblem(a.text("problem")))
		},
		"confirm": func(a anything) {
			used(a, newConfirm(plainStyles(), a.text("question"), a.lines(), a.text("yes")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { use(anything{t}) })
		})
	}
}
