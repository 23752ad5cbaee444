package interview

import (
	"context"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/survey"
	"sendplan/planner"
)

// World is what the interview needs of the world outside: the DNS and the files.
// internal/cli gives it. Its calls may take long, and end soon after their
// context does.
type World interface {
	Asker
	Desk
}

// Asker asks the DNS. progress is called for each answer, from any goroutine but
// never from two at a time. again asks anew what failed before. When the context
// ends, what was not answered is unknown.
type Asker interface {
	Look(ctx context.Context, domains []dns.Name, again bool, progress func(survey.Progress)) Found
	Plan(ctx context.Context, inv *inventory.Inventory, again bool, progress func(survey.Progress)) planner.Plan
}

// Desk reads and writes files. Their errors are for the person who reads them.
type Desk interface {
	// Read reads what a person pasted, or the file that it names: a list of
	// devices, a CSV export or the JSON of an Exchange command.
	Read(s State, pasted string) (Import, error)
	// Prepare makes what shall be written, and writes nothing.
	Prepare(ctx context.Context, s State, export Answers) ([]Piece, error)
	// Write writes the pieces, all of them or, but for a disk that fails meanwhile,
	// none; its error says which. A piece that exists is written over: its Exists was
	// shown and agreed to; what appeared since then is an error.
	Write(pieces []Piece) error
	// Keep saves the draft, so that it can be taken up again, and returns where.
	// Drop takes the saved draft away.
	Keep(s State) (path string, err error)
	Drop() error
}

// Found is what the DNS tells.
type Found struct {
	Reports []check.Report // in the order of the domains that were asked about
	DNS     dns.Resolver   // all that was asked, with its answers and failures; for one goroutine
}

// Import is what was read of a file or of pasted text.
type Import struct {
	Lead    []Line          // what it was, and what was left out and why
	Devices []Offered       // to choose from
	Draft   *inventory.File // with what it says of the tenant; nil if it says nothing of that
}

// Offered is a device that was read, and whether it is probably one to take.
type Offered struct {
	Answers Answers
	Title   string // in a line
	Why     string // what was seen of it, or what speaks against taking it
	Take    bool
	Refused bool // it cannot be taken: Why says why
}

// Piece is one file to write.
type Piece struct {
	What   string // in a few words: "the inventory"
	Path   string
	Text   []byte
	Exists bool   // there is such a file
	Same   bool   // and it holds the same
	Note   string // what was held back, or why there is nothing to write; may be ""
}
