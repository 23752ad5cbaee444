package prompt

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/planner/interview"
)

// table is a step that lists what the inventory holds.
func (r *session) table() (move, error) {
	r.rows(r.state.Table())
	r.pending()
	r.out.text("Commands: " + usages(r.tableBoard().commands) + ". ? tells what they do.")
	return r.choose(r.tableBoard)
}

// rows lists a whole table.
func (r *session) rows(t interview.Table) {
	if len(t.Rows) == 0 && t.Empty != "" {
		r.out.text(t.Empty)
	}
	for i, row := range t.Rows {
		r.row(i, rowText(t, row))
	}
}

func (r *session) row(i int, text string) { r.out.item(fmt.Sprintf("%d. ", i+1), text) }

// rowText is a row in words: what its first cell says, then each other cell
// behind the heading of its column.
func rowText(t interview.Table, row interview.Row) string {
	text := cells(t.Columns, row.Cells)
	if row.Suggested {
		text += " (suggested by the DNS, not in the inventory yet)"
	}
	return marked(row.Mark, text)
}

// cells writes cells in a line. The first stands for itself; of the others empty
// ones are left out.
func cells(columns, cells []string) string {
	var parts []string
	for i, c := range cells {
		switch {
		case i > 0 && c == "":
		case i > 0 && i < len(columns) && columns[i] != "":
			parts = append(parts, columns[i]+": "+c)
		default:
			parts = append(parts, c)
		}
	}
	return strings.Join(parts, "; ")
}

// pending says how many questions the advice about devices depends on.
func (r *session) pending() {
	if n := r.unanswered(); n > 0 {
		r.out.text(counted(n, "question is", "questions are") + " open on which the advice depends; the word questions asks what is open.")
	}
}

// unanswered is how many questions the advice depends on.
func (r *session) unanswered() int {
	if r.state.At != interview.Devices {
		return 0
	}
	return len(r.state.Questions(interview.Subject{Of: interview.OfOpen}, nil))
}

func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// tableBoard is the table with the commands that its step has.
func (r *session) tableBoard() board {
	table := r.state.Table()
	b := board{title: r.state.At.Title(), empty: "next", pick: func(n int) string { return "edit " + strconv.Itoa(n) }}
	count := func() int { return len(table.Rows) }
	one := func(does func(interview.Row) error) func(string) (move, error) {
		return r.numbered(count, func(i int) error { return does(table.Rows[i]) })
	}
	edit := command{"edit", "N", "answer the questions about number N again, or take it up if it is suggested", one(r.edit)}
	show := command{"show", "N", "tell all about number N", one(r.show)}
	list := command{"list", "", "list all again", func(string) (move, error) { r.rows(r.state.Table()); return stay, nil }}
	if r.state.At == interview.Wishes {
		b.commands = []command{edit, show, list}
	} else {
		b.empty = r.first(table)
		b.commands = []command{
			{"add", "", "answer the questions about a new one", r.add},
			edit,
			{"copy", "N", "add one like number N", one(r.copy)},
			{"delete", "N", "take number N out of the inventory", one(r.delete)},
			show, list,
		}
	}
	if r.state.At == interview.Devices {
		b.commands = append(b.commands, r.deviceCommands(one)...)
	}
	b.commands = append(b.commands, leaving()...)
	return b
}

// first is what an empty line does: while there is nothing in the inventory, it
// begins with something.
func (r *session) first(t interview.Table) string {
	switch {
	case slices.ContainsFunc(t.Rows, func(row interview.Row) bool { return !row.Suggested }):
		return "next"
	case r.state.At == interview.Sites && len(t.Rows) > 0:
		return "edit 1"
	}
	return "add"
}

// deviceCommands are those that only devices have.
func (r *session) deviceCommands(one func(func(interview.Row) error) func(string) (move, error)) []command {
	recommend := one(func(row interview.Row) error { return r.recommend(row.About.Name) })
	return []command{
		{"paste", "", "add devices from a list that you paste", r.paste},
		{"import", "FILE", "add devices from a file: a list, a CSV export, or what an Exchange command printed as JSON", r.importFile},
		{"recommended", "[N]", "take the recommended method for number N, or for all that have none", func(args string) (move, error) {
			if args == "" {
				return stay, r.recommend("")
			}
			return recommend(args)
		}},
		{"questions", "", "answer what the advice depends on", func(string) (move, error) { return stay, r.open() }},
	}
}

func (r *session) subject(name string) interview.Subject {
	of := map[interview.Step]interview.Of{interview.Sites: interview.OfSite, interview.Devices: interview.OfDevice, interview.Wishes: interview.OfDomain}
	return interview.Subject{Of: of[r.state.At], Name: name}
}

func (r *session) add(string) (move, error) {
	about := r.subject("")
	if len(r.begun[about]) > 0 {
		r.out.text("This goes on with what was typed before.")
	}
	return stay, r.filled(about, nil)
}

func (r *session) edit(row interview.Row) error { return r.filled(row.About, row.Answers) }

func (r *session) copy(row interview.Row) error {
	if row.Suggested {
		return r.edit(row)
	}
	return r.filled(r.subject(""), r.state.Copy(row.About))
}

func (r *session) show(row interview.Row) error {
	t := r.state.Table()
	r.out.text(rowText(t, row))
	r.out.lines(1, row.More)
	return nil
}

func (r *session) delete(row interview.Row) error {
	if row.Suggested {
		r.out.text("It is only suggested; there is nothing to delete.")
		return nil
	}
	yes, err := r.yes("Delete "+row.Cells[0]+" from the inventory", false)
	if err != nil || !yes {
		return err
	}
	return r.edited(func() (interview.State, error) { return r.state.Delete(row.About) })
}

func (r *session) recommend(device string) error {
	return r.edited(func() (interview.State, error) { return r.state.Recommend(device) })
}

// edited takes what becomes of the state, and says what became of the table.
func (r *session) edited(edit func() (interview.State, error)) error {
	before := r.listed()
	next, err := edit()
	if err != nil {
		return r.refused(err)
	}
	r.taken(next)
	r.news(before)
	return nil
}

// open asks the questions on which the advice depends.
func (r *session) open() error {
	about := interview.Subject{Of: interview.OfOpen}
	if len(r.state.Questions(about, nil)) == 0 {
		r.out.text("No question is open.")
		return nil
	}
	return r.filled(about, nil)
}

// filled asks a form, and says what became of the table by it.
func (r *session) filled(about interview.Subject, begin interview.Answers) error {
	before := r.listed()
	switch err := r.form(about, begin); {
	case errors.Is(err, errBack):
		r.out.text("Left; what was typed stands there when it is opened again.")
	case err != nil:
		return err
	default:
		r.news(before)
	}
	return nil
}

// listing is a table as it was told.
type listing struct {
	rows []string
	open int // questions on which the advice depends
}

func (r *session) listed() listing {
	t := r.state.Table()
	l := listing{open: r.unanswered()}
	for _, row := range t.Rows {
		l.rows = append(l.rows, rowText(t, row))
	}
	return l
}

// news tells the rows that were not there before.
func (r *session) news(before listing) {
	now := r.listed()
	r.out.blank()
	for i, text := range now.rows {
		if !slices.Contains(before.rows, text) {
			r.row(i, text)
		}
	}
	switch {
	case slices.Equal(now.rows, before.rows):
		r.out.text("The list is as before.")
	case len(now.rows) != len(before.rows):
		r.out.text("The list has " + counted(len(now.rows), "row", "rows") + " now; the word list tells all of it.")
	}
	if now.open != before.open {
		r.pending()
	}
}
