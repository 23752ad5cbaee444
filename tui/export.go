package tui

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sendplan/internal/survey"
	"sendplan/planner/interview"
)

// prepare has the world make what shall be written.
func (m model) prepare() (model, tea.Cmd) {
	s := m.state
	return m.start(task{doing: "making the files", escape: func(m model) (model, tea.Cmd) { return m.leave(), nil },
		work: func(ctx context.Context, _ func(survey.Progress)) then {
			pieces, err := m.world.Prepare(ctx, s, s.Export)
			return func(m model) (model, tea.Cmd) {
				if err != nil {
					return m.failed(err), nil
				}
				return m.offer(pieces), nil
			}
		},
	})
}

// offer shows what would be written, and where.
func (m model) offer(pieces []interview.Piece) model {
	return m.push(layer{
		view: held[pageView]{newPageView(m.st, piecesPage(pieces))}, name: "What will be written", escape: popped,
		actions: func(model) []action {
			return []action{on(bind("w", "", "w"), "write the files", func(m model) (model, tea.Cmd) { return m.agreed(pieces) })}
		},
	})
}

// piecesPage lists the files, each with its text.
func piecesPage(pieces []interview.Piece) interview.Page {
	files := interview.Section{Title: "Files", Columns: []string{"File", "", "Size"}, Empty: "there is nothing to write"}
	for _, p := range pieces {
		mark, fate := fate(p)
		i := interview.Item{Mark: mark, Title: cmp.Or(p.Path, p.What), Cells: []string{fate, size(len(p.Text))}}
		if p.Path != "" {
			i.More = append(i.More, interview.Line{Mark: interview.Muted, Text: p.What})
		}
		if p.Note != "" {
			i.More = append(i.More, interview.Line{Mark: interview.Note, Text: p.Note})
		}
		for line := range strings.Lines(string(p.Text)) {
			i.More = append(i.More, interview.Line{Mark: interview.Code, Text: strings.TrimRight(line, "\r\n")})
		}
		files.Items = append(files.Items, i)
	}
	lead := []interview.Line{{Text: "Nothing is written yet. Open a file to read it; w writes them all."}}
	if over := overwritten(pieces); len(over) > 0 {
		lead = append(lead, interview.Line{Mark: interview.Warn, Text: "WILL BE OVERWRITTEN: " + strings.Join(over, ", ")})
	}
	return interview.Page{Lead: lead, Sections: []interview.Section{files}}
}

// fate is what becomes of the file that may be there.
func fate(p interview.Piece) (interview.Mark, string) {
	switch {
	case p.Path == "":
		return interview.Note, "not written"
	case p.Same:
		return interview.Good, "the same"
	case overwrites(p):
		return interview.Warn, "overwritten"
	}
	return interview.Plain, "new"
}

// overwrites reports whether a file that holds something else would be lost.
func overwrites(p interview.Piece) bool { return p.Exists && !p.Same }

func size(octets int) string {
	if octets < 10_000 {
		return fmt.Sprintf("%d B", octets)
	}
	return fmt.Sprintf("%d kB", octets/1000)
}

// overwritten are the paths of the files that would hold something else.
func overwritten(pieces []interview.Piece) []string {
	var paths []string
	for _, p := range pieces {
		if overwrites(p) {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

// agreed asks whether the files shall be written.
func (m model) agreed(pieces []interview.Piece) (model, tea.Cmd) {
	return m.ask(m.writing(pieces), func(m model) (model, tea.Cmd) { return m.write(pieces) })
}

// writing is the question that is asked before. Where something is written over
// it says what, and wants more than enter.
func (m model) writing(pieces []interview.Piece) confirm {
	files, over := 0, 0
	var lines []interview.Line
	for _, p := range pieces {
		if p.Path == "" || p.Same {
			continue
		}
		if files++; !overwrites(p) {
			continue
		}
		over++
		lines = append(lines, interview.Line{Mark: interview.Warn, Text: p.Path + " WILL BE OVERWRITTEN"})
		if p.Note != "" {
			lines = append(lines, interview.Line{Indent: 1, Text: p.Note})
		}
	}
	switch {
	case files == 0:
		return newConfirm(m.st, "Everything is there already. Finish?", nil, "finish")
	case over == 0:
		return newConfirm(m.st, fmt.Sprintf("Write %s?", counted(files)), nil, "write")
	case files == over:
		return newConfirm(m.st, fmt.Sprintf("Overwrite %s?", counted(files)), lines, "overwrite").carefully()
	}
	return newConfirm(m.st, fmt.Sprintf("Write %s, and overwrite %d of them?", counted(files), over), lines, "overwrite").carefully()
}

func counted(files int) string {
	if files == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", files)
}

// write has the world write the files.
func (m model) write(pieces []interview.Piece) (model, tea.Cmd) {
	return m.start(task{doing: "writing",
		work: func(ctx context.Context, _ func(survey.Progress)) then {
			m.busy.Lock()
			defer m.busy.Unlock()
			err := ctx.Err() // the program may have ended before this began
			if err == nil {
				err = m.world.Write(pieces)
			}
			return func(m model) (model, tea.Cmd) {
				if err != nil {
					return m.failed(err), nil
				}
				return m.farewell(pieces)
			}
		},
	})
}

// farewell shows what is to be done now. The draft has done its work.
func (m model) farewell(written []interview.Piece) (model, tea.Cmd) {
	m.written, m.done = written, true
	m = m.pop().push(layer{
		view: held[pageView]{newPageView(m.st, interview.Page{Lead: m.state.Farewell(written)})}, name: "Done", escape: popped,
		actions: func(model) []action {
			return []action{on(keys.open, "finish", func(m model) (model, tea.Cmd) { return m, tea.Quit })}
		},
	})
	return m, func() tea.Msg { return keptMsg{err: m.keeper.drop()} }
}
