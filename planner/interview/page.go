package interview

import "sendplan/planner"

// Mark says what a line is, for front ends to sign and colour. Its word is
// always part of what is shown: colour is never the only carrier of meaning.
type Mark uint8

// The marks.
const (
	Plain   Mark = iota
	Heading      // of the lines that follow
	Good         // all is well
	Note         // worth knowing
	Warn         // works today, but is fragile, unwise or about to break
	Bad          // mail is lost, or spoofed mail let in; what blocks
	Unknown      // could not be found out
	Muted        // less important than what is around
	Code         // a record or a command, to be copied: shown as it is, never wrapped by words
	Added        // text that a change brings
	Removed      // text that a change takes away
)

// Word is what the mark is called where words must say it; "" where the line
// says it.
func (m Mark) Word() string {
	return map[Mark]string{Good: "ok", Note: "note", Warn: "warning", Bad: "error", Unknown: "unknown", Added: "+", Removed: "-"}[m]
}

// Line is a line of text. It may be longer than a screen is wide, and may hold
// text of the network: front ends make it safe and wrap it.
type Line struct {
	Mark   Mark
	Indent int // in steps
	Text   string
}

// Item is one thing on a page. It shows its title, and more when it is opened.
type Item struct {
	Mark  Mark
	Title string
	Cells []string // of a section with columns, beside the title
	More  []Line   // shown when it is opened; none: there is nothing to open
	Open  bool     // to be shown open from the beginning

	// Old and New are the records of a change, whole, to be shown side by side
	// or one below the other. TTL and the like stand in the text.
	Old, New []string

	Accept planner.AcceptID // the yes that it waits for; "" if none
	About  Subject          // what answers would change it; zero if none
}

// Section is a group of items.
type Section struct {
	Title   string
	Columns []string // headings of the title and the cells; none: titles only
	Items   []Item
	Empty   string // what to say where there are no items; "" leaves the section out
}

// Page is something to read.
type Page struct {
	Lead     []Line // what it comes to, in a few lines
	Sections []Section
}

// Table is a list of what the inventory holds.
type Table struct {
	Columns []string
	Rows    []Row
	Empty   string // what to do where there are no rows, in a sentence
}

// Row is one thing of a table.
type Row struct {
	About     Subject
	Cells     []string // one for each column
	Mark      Mark     // Bad or Warn where it needs attention
	Suggested bool     // it is not in the inventory: the DNS hints at it, Answers begin its form
	Answers   Answers  // of a suggested one
	More      []Line   // about it, for a pane beside the table or for when it is opened
}
