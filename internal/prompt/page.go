package prompt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sendplan/planner"
	"sendplan/planner/interview"
)

// page is a step that shows something to read.
func (r *session) page() (move, error) {
	if r.state.At == interview.Plan {
		if err := r.plan(false); err != nil {
			return stay, err
		}
	}
	r.whole()
	r.out.blank()
	r.out.text("Commands: " + usages(r.pageBoard().commands) + ". ? tells what they do.")
	return r.choose(r.pageBoard)
}

// whole writes the page: what it comes to, then the titles, numbered.
func (r *session) whole() {
	p := r.state.Page()
	r.out.lines(0, p.Lead)
	n := 0
	for _, s := range p.Sections {
		if len(s.Items) == 0 && s.Empty == "" {
			continue
		}
		r.out.blank()
		r.out.text(strings.TrimRight(s.Title, ":") + ":")
		if len(s.Items) == 0 {
			r.out.text(s.Empty)
		}
		for _, item := range s.Items {
			r.row(n, titled(s, item, n))
			if item.Open {
				r.opened(item)
			}
			n++
		}
	}
}

// titled is an item in a line.
func titled(s interview.Section, item interview.Item, n int) string {
	text := marked(item.Mark, cells(s.Columns, append([]string{item.Title}, item.Cells...)))
	if item.Accept != "" {
		text += fmt.Sprintf(" (waits for a yes: yes %d)", n+1)
	}
	return text
}

// opened writes what lies behind an item, its records whole.
func (r *session) opened(item interview.Item) {
	r.out.lines(1, item.More)
	if len(item.Old)+len(item.New) == 0 {
		return
	}
	r.records("now:", item.Old)
	r.records("then:", item.New)
}

func (r *session) records(when string, list []string) {
	if len(list) == 0 {
		r.out.item("  ", when+" nothing")
		return
	}
	r.out.item("  ", when)
	for _, record := range list {
		r.out.code(2, record)
	}
}

// numberedItem is an item with its section.
type numberedItem struct {
	interview.Item
	section interview.Section
}

// items are all items of the page, in the order of their numbers.
func (r *session) items() []numberedItem {
	var list []numberedItem
	for _, s := range r.state.Page().Sections {
		for _, item := range s.Items {
			list = append(list, numberedItem{item, s})
		}
	}
	return list
}

// pageBoard is the page with the commands that it has.
func (r *session) pageBoard() board {
	items := r.items()
	count := func() int { return len(items) }
	b := board{title: r.state.At.Title(), empty: "next", pick: func(n int) string { return fmt.Sprintf("show %d", n) }}
	b.commands = []command{{"show", "N", "tell all about number N, or about several; show all tells everything", r.showItems}}
	if slices.ContainsFunc(items, func(i numberedItem) bool { return i.Accept != "" }) {
		b.commands = append(b.commands, command{"yes", "N", "say yes to number N, or to several; it asks before", r.accept})
	}
	if slices.ContainsFunc(items, func(i numberedItem) bool { return i.About.Of != "" }) {
		b.commands = append(b.commands, command{"edit", "N", "answer the questions that number N hangs on", r.numbered(count, r.editItem)})
	}
	b.commands = append(b.commands,
		command{"list", "", "tell the whole page again", func(string) (move, error) { r.whole(); return stay, nil }},
		command{"retry", "", "ask the DNS again for what it did not answer", r.retry})
	b.commands = append(b.commands, leaving()...)
	return b
}

func (r *session) showItems(args string) (move, error) {
	items := r.items()
	picked, wrong := numbers(args, len(items))
	if wrong != "" {
		r.out.text(outOf(wrong, len(items)))
		return stay, nil
	}
	for _, i := range picked {
		r.row(i, titled(items[i].section, items[i].Item, i))
		r.opened(items[i].Item)
	}
	return stay, nil
}

// accept says yes to items, after it was asked for each, and plans anew.
func (r *session) accept(args string) (move, error) {
	items := r.items()
	if args == "all" {
		r.out.text("Name by its number what you say yes to: not to all at once.")
		return stay, nil
	}
	picked, wrong := numbers(args, len(items))
	if wrong != "" {
		r.out.text(outOf(wrong, len(items)))
		return stay, nil
	}
	var ids []planner.AcceptID
	for _, i := range picked {
		if items[i].Accept == "" {
			r.out.text(fmt.Sprintf("Number %d does not wait for a yes.", i+1))
			continue
		}
		yes, err := r.yes("Say yes to: "+strings.TrimRight(items[i].Title, ".?"), false)
		if err != nil {
			return stay, err
		}
		if yes {
			ids = append(ids, items[i].Accept)
		}
	}
	return stay, r.acceptAll(ids)
}

// acceptAll writes the yeses. They are all of one plan, so that is taken away
// only after the last.
func (r *session) acceptAll(ids []planner.AcceptID) error {
	if len(ids) == 0 {
		return nil
	}
	plan := r.state.Plan
	for _, id := range ids {
		next := r.state
		next.Plan = plan
		next, err := next.Accept(id)
		if err != nil {
			if err := r.refused(err); err != nil {
				return err
			}
			continue
		}
		r.taken(next)
	}
	return r.again(false)
}

// editItem asks what an item hangs on.
func (r *session) editItem(i int) error {
	item := r.items()[i]
	if item.About.Of == "" {
		r.out.text(fmt.Sprintf("Number %d hangs on no question here.", i+1))
		return nil
	}
	switch err := r.form(item.About, nil); {
	case errors.Is(err, errBack):
		r.out.text("Left; what was typed stands there when it is opened again.")
		return nil
	case err != nil:
		return err
	}
	return r.again(false)
}

// retry asks the DNS again.
func (r *session) retry(string) (move, error) { return stay, r.again(true) }

// again brings the page up to date and writes it.
func (r *session) again(retry bool) error {
	if r.state.At == interview.Plan {
		if err := r.plan(retry); err != nil {
			return err
		}
	} else if retry || r.state.Found == nil {
		if _, err := r.look(retry); err != nil {
			return err
		}
	}
	r.out.blank()
	r.whole()
	return nil
}
