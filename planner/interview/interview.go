// Package interview is the wizard as data: what is asked and why, in which
// order, what may be answered, what the inventory becomes with it, and what is
// to be shown. It knows no terminal: tui draws it in full screen and
// internal/prompt in plain lines, so both ask the same and write the same.
//
// It is pure. What it needs of the world is asked by its front ends through a
// [World].
package interview

import (
	"slices"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/planner"
)

// Step is one part of the interview.
type Step string

// The steps, in their order.
const (
	Domains Step = "domains" // which domains it is about
	Look    Step = "look"    // what the DNS tells of them
	Tenant  Step = "tenant"  // how mail enters and leaves the tenant
	Sites   Step = "sites"   // from where devices reach the internet
	Devices Step = "devices" // what sends, and by which method
	Verify  Step = "verify"  // MX, SPF, DKIM and DMARC as they are
	Wishes  Step = "wishes"  // what the domains shall publish in the end
	Plan    Step = "plan"    // the changes and their proof
	Export  Step = "export"  // what is written, and where
)

// Steps are all steps in their order.
var Steps = []Step{Domains, Look, Tenant, Sites, Devices, Verify, Wishes, Plan, Export}

// Title is what the step is called on a screen.
func (s Step) Title() string {
	return map[Step]string{
		Domains: "Domains", Look: "What was found", Tenant: "Tenant", Sites: "Sites", Devices: "Devices",
		Verify: "Verification", Wishes: "Goals", Plan: "Plan", Export: "Export",
	}[s]
}

// Of says what a [Subject] is.
type Of string

// What can be asked about.
const (
	OfDomains Of = "domains" // the domains as a whole
	OfTenant  Of = "tenant"
	OfSite    Of = "site"
	OfDevice  Of = "device"
	OfDomain  Of = "domain" // the wishes for one domain
	OfOpen    Of = "open"   // what the advice about devices depends on
	OfExport  Of = "export"
)

// Subject is what a group of questions is about.
type Subject struct {
	Of   Of
	Name string // of a site, a device or a domain; "" is a new one
}

// State is how far an interview is. It is a value: going on makes a new one,
// and going back loses nothing.
type State struct {
	At      Step
	Date    time.Time       // as of when methods and the plan are judged
	Domains []dns.Name      // that it is about, as asked for
	Draft   *inventory.File // nil until the first look; never edited in place
	Found   *Found          // nil until the first look
	Plan    *planner.Plan   // of this very draft; nil where none is made yet
	Export  Answers         // what shall be written where; nil until it was asked

	// Answered are the subjects that somebody answered since the last look: what
	// was left open there is meant so, and nothing is proposed any more.
	Answered []Subject

	// Of the run as a whole, set by who begins it.
	Path  string   // where the inventory is, or shall be; "" if nobody said
	Forms []Option // in which the changes can be written
	Args  []string // options that commands which are run afterwards need too: "--demo"
}

// Next returns the state at the following step, Back at the one before. At the
// ends they return s.
func (s State) Next() State { return s.moved(1) }

// Back returns the state at the step before; see [State.Next].
func (s State) Back() State { return s.moved(-1) }

func (s State) moved(by int) State {
	i := slices.Index(Steps, s.At) + by
	if i >= 0 && i < len(Steps) {
		s.At = Steps[i]
	}
	return s
}
