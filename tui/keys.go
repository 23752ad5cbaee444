package tui

import "github.com/charmbracelet/bubbles/key"

// keyMap holds all keys of the program, so that a key means the same
// everywhere. What they do is said where they are offered: see [does].
type keyMap struct {
	// Lists, tables and pages.
	up, down, pageUp, pageDown, home, end            key.Binding
	sectionBefore, sectionAfter                      key.Binding
	open, show, unshow, add, edit, duplicate, remove key.Binding
	paste, load, recommend, questions                key.Binding
	accept, again, next, back, help, quit, cut       key.Binding

	// Forms and boxes.
	take, done, before, after, why, search, toggle, pick, fill key.Binding
	arrowUp, arrowDown, yes, yesEnter, no                      key.Binding
}

func bind(help, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
}

var keys = keyMap{
	up:            bind("↑/k", "up", "up", "k"),
	down:          bind("↓/j", "down", "down", "j"),
	pageUp:        bind("pgup", "page up", "pgup"),
	pageDown:      bind("pgdn", "page down", "pgdown"),
	home:          bind("home", "to the top", "home"),
	end:           bind("end", "to the end", "end"),
	sectionBefore: bind("[", "section before", "["),
	sectionAfter:  bind("]", "next section", "]"),
	open:          bind("enter", "open", "enter"),
	show:          bind("space", "all about it", " ", "right"),
	unshow:        bind("esc", "close", "esc", " ", "left"),
	add:           bind("a", "add", "a"),
	edit:          bind("e", "edit", "e"),
	duplicate:     bind("d", "duplicate", "d"),
	remove:        bind("x", "delete", "x"),
	paste:         bind("p", "paste a list", "p"),
	load:          bind("i", "import a file", "i"),
	recommend:     bind("m", "take the recommended method", "m"),
	questions:     bind("o", "open questions", "o"),
	accept:        bind("y", "say yes", "y"),
	again:         bind("r", "look again", "r"),
	next:          bind("n", "next step", "n"),
	back:          bind("esc", "back", "esc"),
	help:          bind("?", "help", "?"),
	quit:          bind("q", "quit", "q"),
	cut:           bind("ctrl+c", "quit", "ctrl+c"),

	take:      bind("enter", "take", "enter"),
	done:      bind("ctrl+s", "done", "ctrl+s"),
	before:    bind("shift+tab", "question before", "shift+tab"),
	after:     bind("tab", "next question", "tab"),
	why:       bind("ctrl+g", "why it is asked", "ctrl+g"),
	search:    bind("/", "search", "/"),
	toggle:    bind("space", "mark", " "),
	pick:      bind("1-9", "pick", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
	fill:      bind("→", "change it", "right", "left", "home", "end", "backspace"),
	arrowUp:   bind("↑", "up", "up"),
	arrowDown: bind("↓", "down", "down"),
	yes:       bind("y", "yes", "y", "Y"),
	yesEnter:  bind("y/enter", "yes", "y", "Y", "enter"),
	no:        bind("n/esc", "no", "n", "N", "esc"),
}

// does says of a key what it does here.
func does(b key.Binding, what string) key.Binding {
	b.SetHelp(b.Help().Key, what)
	return b
}

// when is the key where it does something, else nothing.
func when(b key.Binding, on bool) key.Binding {
	b.SetEnabled(on)
	return b
}
