package render

import (
	"io"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/proof"
	"sendplan/internal/term"
	"sendplan/internal/words"
	"sendplan/planner"
)

// Validated is what becomes of devices and senders, by a plan or by a zone that
// is not published yet.
type Validated struct {
	Planned
	Zone dns.Name // that the file holds; "" where the plan is judged
	File string
}

// ValidVerdict says in a word how a validation ends.
type ValidVerdict string

// The verdicts, the worst first.
const (
	ValidWrong   ValidVerdict = "wrong"   // a device is not right, or a sender would lose
	ValidUnknown ValidVerdict = "unknown" // whether that is so is not known
	ValidRight   ValidVerdict = "right"
)

// Verdict returns how the validation ends.
func (v Validated) Verdict() ValidVerdict {
	switch {
	case v.Right() == method.False || len(v.losses()) > 0:
		return ValidWrong
	case v.Right() == method.Unknown || v.Zone != "" && len(v.Unknown) > 0:
		return ValidUnknown
	}
	return ValidRight
}

// losses are the blocks by which a sender would lose, or a domain its policy.
func (v Validated) losses() []planner.Block {
	return slices.DeleteFunc(slices.Clone(v.Blocked), func(b planner.Block) bool { return !loss(b) })
}

func loss(b planner.Block) bool { return b.ID == planner.BlockLoses || b.ID == planner.BlockUnguarded }

// bearing keeps the blocks that bear on a device or by which a sender loses.
func (v Validated) bearing() Planned {
	p := v.Planned
	p.Blocked = slices.DeleteFunc(slices.Clone(p.Blocked), func(b planner.Block) bool { return !loss(b) && !v.touches(b) })
	return p
}

// touches reports whether a block is about a device, or about records above or
// below a name that one sends from.
func (v Validated) touches(b planner.Block) bool {
	names := []dns.Name{dns.Name(b.Subject)}
	for _, k := range b.Holds {
		names = append(names, k.Name)
	}
	return slices.ContainsFunc(v.Devices, func(d planner.Device) bool {
		return d.Name == b.Subject || slices.ContainsFunc(names, func(n dns.Name) bool { return sendsNear(d, n) })
	})
}

// sendsNear reports whether a device sends from a name, or one above or below it.
func sendsNear(d planner.Device, name dns.Name) bool {
	for _, a := range d.From {
		if a.Domain.Below(name) || name.Below(a.Domain) {
			return true
		}
	}
	return false
}

// losing are the senders whose mail passes today, and would not or may not.
func (v Validated) losing() []planner.Sender {
	return slices.DeleteFunc(slices.Clone(v.Senders), func(s planner.Sender) bool {
		return s.After.Right == method.True || s.Before.Right != method.True && (v.Zone == "" || s.After.Right != method.False)
	})
}

// Validation writes what becomes of every device, and who would lose.
func (f Format) Validation(w io.Writer, p Page, v Validated) error {
	if f.tests != nil {
		return f.tests(w, v.junit())
	}
	return f.write(w, p, newValidation(v), func() [][]string { return planRows(v.Planned) }, func(t *Text) { t.validation(v) })
}

// validHead are the columns of a validation for people.
var validHead = []string{"METHOD", "BEFORE", "AFTER", "RIGHT"}

// validRow is a device in one line, and why it is not right.
func validRow(d planner.Device) outcomeRow {
	r := outcomeRow{Name: d.Name, Cells: []string{words.OrUnknown(string(d.Method)), outcomeWord(d.Before), outcomeWord(d.After), words.Right(d.Right)}, Right: d.Right}
	if now := string(d.Today()); now != string(d.Method) {
		r.Remarks = append(r.Remarks, "today by "+words.OrUnknown(now))
	}
	if d.Right != method.True {
		r.Why = d.Why
	}
	return r
}

// outcomeWord is an outcome in a word: what becomes of the mail.
func outcomeWord(o proof.Outcome) string {
	switch {
	case o.Right == method.False:
		return "fails"
	case o.Right != method.True:
		return string(proof.Unknown)
	case o.SPF == proof.NotJudged && o.DKIM == proof.NotJudged && o.DMARC == proof.NotJudged:
		return words.NotJudged
	}
	return "passes"
}

// about says what is judged.
func (v Validated) about() string {
	if v.Zone == "" {
		return "after the plan"
	}
	return "with the zone " + v.Zone.Unicode() + " as " + v.File + " has it"
}

// words are the verdict in a sentence or two.
func (v Validated) words() string {
	var list []string
	if n := len(v.Devices); n == 0 {
		list = append(list, "The inventory has no devices.")
	} else if v.Right() == method.True {
		list = append(list, words.Count(n, "device is", "devices are")+" right.")
	}
	if n := v.Count(method.False); n > 0 {
		list = append(list, words.Count(n, "device is", "devices are")+" not right.")
	}
	if n := v.Count(method.Unknown); n > 0 {
		list = append(list, "Whether "+words.Count(n, "device is", "devices are")+" right is not known.")
	}
	switch losses := v.losses(); {
	case slices.ContainsFunc(losses, func(b planner.Block) bool { return b.ID == planner.BlockLoses }):
		list = append(list, "Somebody who sends today would lose.")
	case len(losses) > 0:
		list = append(list, "A DMARC policy of today would be lost.")
	case v.Zone != "" && len(v.Unknown) > 0:
		list = append(list, "Whether somebody who sends today would lose is not known.")
	case v.Zone != "":
		list = append(list, "Nobody who sends today would lose.")
	}
	return strings.Join(list, " ")
}

// junit is a test case for each device, and one for each loss and for each
// thing that keeps the verdict from being told.
func (v Validated) junit() junitDoc {
	doc := junitDoc{Name: "sendplan"}
	devices := junitSuite{Name: "devices", Time: "0"}
	for _, d := range v.Devices {
		devices.add(deviceCase(d))
	}
	doc.add(devices)
	others := junitSuite{Name: "senders", Time: "0"}
	for _, b := range v.losses() {
		others.add(junitCase{Class: "senders", Name: term.SafeMax(b.Subject, maxSpan), Time: "0", Failure: newJUnitWords(string(b.ID), b.Message, b.Fix)})
	}
	if v.Zone != "" {
		for _, u := range v.Unknown {
			others.add(junitCase{Class: "senders", Name: term.SafeMax(u.Subject, maxSpan), Time: "0", Error: newJUnitWords("unknown", u.Message, u.Fix)})
		}
	}
	if len(others.Cases) > 0 {
		doc.add(others)
	}
	return doc
}

func deviceCase(d planner.Device) junitCase {
	c := junitCase{Class: "devices", Name: term.SafeMax(d.Name, maxSpan), Time: "0"}
	switch d.Right {
	case method.True:
	case method.False:
		c.Failure = newJUnitWords("wrong", d.Why, "")
	default:
		c.Error = newJUnitWords("unknown", d.Why, "")
	}
	return c
}
