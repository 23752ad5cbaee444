// Package runbook turns a plan into a document that a person carries out: what
// stops and when, what to do in each stage and by whom, the commands with their
// grade and their way back, the settings of each device, the test and its sign.
//
// [Make] is pure. It adds no verdict to those of the plan, and a value that no
// source establishes is said to be so.
package runbook

import (
	"time"

	"sendplan/internal/method"
	"sendplan/internal/zone"
	"sendplan/planner"
)

// Document is a plan as it is carried out, from the first page to the last.
type Document struct {
	Inventory string // the name of the file that the plan was made from
	File      string // the same as it is typed in a shell; FILE if it has none
	Date      time.Time
	Stops     []Stop // what stops if nothing is done, the soonest first
	Reenable  []Step // what can be said of switching basic authentication on again; none if nothing stops by it
	Blocked   []planner.Block
	Unknown   []planner.Unknown
	Undecided []Undecided
	Stages    []Stage
	Last      []Farewell // basic authentication is switched off by oneself, device by device
	Contacts  []Contact
	Sources   []method.Source // of all that is cited, in the order in which it is
}

// Stop is a device that stops if nothing is done.
type Stop struct {
	Device string
	Today  method.ID
	Event  method.Event
	Gap    string // the shortest safe way to keep its mail
}

// Undecided is a device for which the inventory names no method that it could
// move to, so that there is nothing to carry out yet.
type Undecided struct {
	Device    string
	Today     method.ID // "" if it is not known
	Why       string
	Write     string // what to write into the inventory; "" if questions decide
	Questions []method.Question
	Steps     []Step // what can be done for it meanwhile
}

// Stage is a stage of the plan, with what its changes and tasks come to.
type Stage struct {
	planner.Stage
	Number   int          // from 1, as in the plan
	Batches  []zone.Batch // its record changes by zone
	Emit     string       // the command that writes them as a DNS host takes them
	EmitUndo string       // likewise, the way back
	Verify   string       // the command that looks whether they are live
	Steps    []Step       // its tasks, but for the devices
	Sheets   []Sheet      // the devices that it switches
}

// Step is something that one person does.
type Step struct {
	Who      string
	Subject  string // a device, a domain or a site
	Text     string // in the imperative
	Why      string
	Lines    []Line
	Commands []Command
	Sign     string // by which one sees that it worked
	Undo     string // the way back where no command is it
}

// Line is a sentence with what it rests on.
type Line struct {
	Text string
	Fact method.Fact // the zero Fact: the inventory or the plan itself
}

// Shell is where a command is typed.
type Shell string

// The shells.
const (
	ExchangeOnline Shell = "Exchange Online PowerShell"
	WindowsShell   Shell = "PowerShell on Windows"
	AnyShell       Shell = "a shell"
)

// Grade says how well the form of a command is established.
type Grade string

// The grades, the best first. None of them says that it was tried on a tenant.
const (
	Microsoft Grade = "M"        // a text of Microsoft shows it
	Observed  Grade = "OBS"      // seen in use in public, no text of Microsoft shows it whole
	Untested  Grade = "untested" // its parameters are documented, but it was seen nowhere whole
	Local     Grade = ""         // a tool on the own computer, not on the tenant
)

// Command is one line to type.
type Command struct {
	Shell  Shell
	Text   string
	WhatIf bool // it changes something: first with -WhatIf
	Fill   bool // what stands between < and > is to be filled in
	Grade  Grade
	Source method.SourceKey
	Undo   string // the command that takes it back
	Note   string
}

// Sheet is what to do for one device that moves.
type Sheet struct {
	Device     string
	Kind       string
	Site       string
	Ask        string // whom
	From, To   method.ID
	Name       string // of the method To, for people
	Right      method.Truth
	Why        string // of a Right that is not True
	Questions  []method.Question
	Conditions []method.Condition
	Settings   []method.Setting
	Back       []method.Setting // what the method of today asks for
	Tests      []Step
	Replies    []Line // what a refusal says, and what it means
}

// Farewell is how basic authentication ends for the mailbox of one device.
type Farewell struct {
	Device string
	Login  string // "" if the inventory does not say it
	Steps  []Step
}

// Contact is somebody who must be asked, and for what.
type Contact struct {
	Who string
	For []string
}
