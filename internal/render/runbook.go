package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sendplan/internal/method"
	"sendplan/internal/runbook"
	"sendplan/internal/words"
)

// RunbookFormats are the names of the formats that a run-book is written in: it
// is for people only.
var RunbookFormats = []string{"text", "markdown"}

// Runbook writes a plan as a document that a person carries out.
func (f Format) Runbook(w io.Writer, p Page, doc runbook.Document) error {
	return f.document(w, p, runbookDoc{doc}, func(t *Text) { tell(textBook{t}, doc) })
}

type runbookDoc struct{ runbook.Document }

func (doc runbookDoc) markdown(m *Markdown) { tell(markdownBook{m}, doc.Document) }

// tone says how something is to be taken.
type tone uint8

const (
	plain tone = iota
	urgent
	doubtful
	lesser
)

// bookWriter writes the pieces of a run-book.
type bookWriter interface {
	heading(level int, text string)
	say(text string)
	// item is a point of a list; cite is what it rests on, "" if nothing.
	item(depth int, label, text, cite string, tone tone)
	// copied is text to be copied: it is never broken.
	copied(depth int, label, text string)
}

// tell writes a run-book, from what is pressing to what has time.
func tell(w bookWriter, doc runbook.Document) {
	w.heading(1, "Run-book of "+doc.Inventory+" as of "+doc.Date.Format("2 January 2006"))
	w.say("It changes nothing by itself. Commands of Exchange Online are typed in a session of Connect-ExchangeOnline. They have a grade: M, a text of Microsoft shows it; OBS, seen in use in public; untested, its parameters are documented but it was seen nowhere whole. " +
		"None of them was run on a tenant for this page: where one changes something, run it with -WhatIf first, and read what it says.")
	tellStops(w, doc)
	tellOpen(w, doc)
	tellStages(w, doc.Stages)
	tellLast(w, doc.Last)
	tellContacts(w, doc)
}

func tellStops(w bookWriter, doc runbook.Document) {
	w.heading(2, "What stops if nothing is done")
	if len(doc.Stops) == 0 {
		w.say("Nothing is known that would stop a device of the inventory.")
	}
	told := ""
	for _, s := range doc.Stops {
		w.item(0, s.Device, dayWords(s.Event)+"; it uses "+words.OrUnknown(string(s.Today)), "", urgency(s.Event))
		if s.Event.Text != told {
			w.item(1, "", s.Event.Text, citeWords(s.Event.Fact), plain)
			told = s.Event.Text
		}
		w.item(1, "stop-gap", s.Gap, "", plain)
	}
	tellSteps(w, "Basic authentication after that day", doc.Reenable)
}

// dayWords are the day of an event and how far it is.
func dayWords(e method.Event) string {
	switch {
	case e.ID == method.EventRefused:
		return "refused already, as far as is known"
	case e.Day.IsZero():
		return "no date is known"
	case e.Days == 0:
		return e.Day.Format(time.DateOnly) + ", today"
	case e.Past:
		return e.Day.Format(time.DateOnly) + ", " + words.Plural(-e.Days, "day") + " ago"
	}
	return e.Day.Format(time.DateOnly) + ", " + words.Plural(e.Days, "day") + " left"
}

func urgency(e method.Event) tone {
	if e.Day.IsZero() {
		return doubtful
	}
	return urgent
}

// citeWords are the grade and the source of a fact.
func citeWords(f method.Fact) string {
	switch {
	case f.Established() && f.Source != "":
		return string(f.Grade) + " " + string(f.Source)
	case f.Open != "":
		return "not established"
	}
	return ""
}

// tellOpen is what must be settled before the plan can be carried out whole.
func tellOpen(w bookWriter, doc runbook.Document) {
	if len(doc.Blocked)+len(doc.Unknown) > 0 {
		w.heading(2, "Settle first")
		w.say("Do the rest only where nothing of this is about it. sendplan plan -i " + doc.File + " says more.")
	}
	for _, b := range doc.Blocked {
		w.item(0, b.Subject, b.Message, "", urgent)
		w.item(1, "fix", b.Fix, "", plain)
	}
	for _, u := range doc.Unknown {
		w.item(0, u.Subject, u.Message, "", doubtful)
		w.item(1, "fix", u.Fix, "", plain)
	}
	if len(doc.Undecided) == 0 {
		return
	}
	w.heading(2, "Devices without a decision")
	w.say("Nothing is planned for them, neither records nor settings. Write the method into the inventory and make the run-book again; sendplan devices -i " + doc.File + " --explain NAME shows what fits, and why.")
	for _, u := range doc.Undecided {
		w.item(0, u.Device, "uses "+words.OrUnknown(string(u.Today))+"; "+u.Why, "", doubtful)
		w.item(1, "to write", u.Write, "", plain)
		for _, q := range u.Questions {
			w.item(1, "asked, "+q.Field, q.Text, "", plain)
		}
		tellSteps(w, "", u.Steps)
	}
}

func tellContacts(w bookWriter, doc runbook.Document) {
	if len(doc.Contacts) > 0 {
		w.heading(2, "Whom to ask")
	}
	for _, c := range doc.Contacts {
		w.item(0, c.Who, strings.Join(c.For, ", "), "", plain)
	}
	if len(doc.Sources) > 0 {
		w.heading(2, "Sources")
	}
	for _, s := range doc.Sources {
		w.item(0, string(s.Key), fmt.Sprintf("%s (%s)", s.Where, s.AsOf), "", lesser)
	}
}
