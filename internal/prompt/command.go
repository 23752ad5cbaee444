package prompt

import (
	"fmt"
	"strconv"
	"strings"
)

// command is what can be typed where something is listed.
type command struct {
	word string
	args string // as help shows them: "N"
	does string // in the imperative
	run  func(args string) (move, error)
}

func (c command) usage() string { return strings.TrimSpace(c.word + " " + c.args) }

// board is a list with its commands: a table or a page.
type board struct {
	title    string
	commands []command
	empty    string             // the command that an empty line gives
	pick     func(n int) string // the command for a number alone; nil: none
}

// choose reads commands and carries them out until one leads away.
func (r *session) choose(make func() board) (move, error) {
	for {
		b := make()
		about := EndedError{Question: b.title + ": what next?", Answer: "a command, such as " + b.empty}
		line, err := r.line(b.title+" ["+b.empty+"]", about)
		if err != nil {
			return stay, err
		}
		if line == "" {
			line = b.empty
		}
		if n, err := strconv.Atoi(line); err == nil && b.pick != nil {
			line = b.pick(n)
		}
		to, err := r.command(b, line)
		if err != nil || to != stay {
			return to, err
		}
	}
}

// command carries out one line.
func (r *session) command(b board, line string) (move, error) {
	word, args, _ := strings.Cut(line, " ")
	switch word {
	case "?":
		r.help(b)
		return stay, nil
	case "quit":
		return stay, errQuit
	}
	var found []command
	for _, c := range b.commands {
		if c.word == word {
			found = []command{c}
			break
		}
		if strings.HasPrefix(c.word, word) {
			found = append(found, c)
		}
	}
	switch args = strings.TrimSpace(args); {
	case len(found) == 0:
		r.out.text(fmt.Sprintf("%q is no command here. Type one of: %s.", word, usages(b.commands)))
		return stay, nil
	case len(found) > 1:
		r.out.text(fmt.Sprintf("%q can be one of: %s. Type more of it.", word, usages(found)))
		return stay, nil
	case args == "" && found[0].args != "" && found[0].args[0] != '[':
		r.out.text("Type " + found[0].usage() + ".")
		return stay, nil
	}
	return found[0].run(args)
}

// help lists the commands.
func (r *session) help(b board) {
	for _, c := range b.commands {
		r.out.item("  ", c.usage()+": "+c.does)
	}
	r.out.item("  ", "quit: stop; the draft is kept")
	r.out.text("The beginning of a word is enough. An empty line is " + b.empty + ".")
}

// usages lists the commands in a line.
func usages(list []command) string {
	var words []string
	for _, c := range list {
		words = append(words, c.usage())
	}
	return strings.Join(words, ", ")
}

// leaving are the commands with which every list ends.
func leaving() []command {
	return []command{
		{"next", "", "go on to the next step", func(string) (move, error) { return on, nil }},
		{"back", "", "go back to the step before; nothing is lost", func(string) (move, error) { return back, nil }},
	}
}

// numbered wraps a command about one of n things into one that reads its number.
func (r *session) numbered(n func() int, run func(i int) error) func(string) (move, error) {
	return func(args string) (move, error) {
		i, err := strconv.Atoi(args)
		if err != nil || i < 1 || i > n() {
			r.out.text(outOf(args, n()))
			return stay, nil
		}
		return stay, run(i - 1)
	}
}

// outOf says that a text is not the number of one of n things.
func outOf(text string, n int) string {
	if n == 0 {
		return fmt.Sprintf("There is nothing with the number %q: the list is empty.", text)
	}
	return fmt.Sprintf("There is nothing with the number %q. Type one from 1 to %d.", text, n)
}

// numbers reads numbers from 1 to n, parted by commas or blanks, or all; it
// returns them as indexes, or the word that is none.
func numbers(text string, n int) (list []int, wrong string) {
	if text == "all" {
		for i := range n {
			list = append(list, i)
		}
		return list, ""
	}
	for _, word := range parted(text) {
		i, err := strconv.Atoi(word)
		if err != nil || i < 1 || i > n {
			return nil, word
		}
		list = append(list, i-1)
	}
	return list, ""
}
