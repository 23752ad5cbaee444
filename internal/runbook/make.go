package runbook

import (
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/shell"
	"sendplan/planner"
)

// Make writes the document of a plan that was made from an inventory. name is
// what the reader knows the inventory by.
func Make(inv *inventory.Inventory, p planner.Plan, name string) Document {
	b := &book{inv: inv, plan: p, doc: Document{Inventory: name, File: shell.File(name), Date: p.Date}}
	for _, block := range p.Blocked {
		block.Fix = b.named(block.Fix)
		b.doc.Blocked = append(b.doc.Blocked, block)
	}
	for _, u := range p.Unknown {
		u.Fix = b.named(u.Fix)
		b.doc.Unknown = append(b.doc.Unknown, u)
	}
	b.stops()
	b.undecided()
	b.stages()
	b.last()
	b.contacts()
	b.sources()
	return b.doc
}

// book is a document in the making.
type book struct {
	inv  *inventory.Inventory
	plan planner.Plan
	doc  Document
}

// named puts the inventory's file into a text of the plan, which does not know it.
func (b *book) named(text string) string {
	return strings.ReplaceAll(text, "-i "+shell.NoFile, "-i "+b.doc.File)
}

// Whom to ask.
const (
	tenantAdmin = "tenant admin"
	dealer      = "the printer dealer, or whoever keeps the device"
	keeper      = "whoever keeps the device"
)

func networkAdmin(site string) string {
	if site == "" {
		return "network admin"
	}
	return "network admin of site " + site
}

func dnsHost(zone string) string { return "DNS host of " + zone }

// keeperOf is whom to ask about the settings of a device.
func keeperOf(d planner.Device) string {
	switch d.Kind {
	case inventory.Printer, inventory.Scanner, inventory.Copier:
		return dealer
	}
	return keeper
}

// moves reports whether the inventory names a method for the device that it does
// not use yet, and that can be used.
func moves(d planner.Device) bool {
	return d.Device.Device.Method != "" && d.Device.Device.Method != d.Today() && d.Advice.Chosen.State != method.Vetoed
}

// stays reports whether the device shall go on as it does.
func stays(d planner.Device) bool {
	return d.Device.Device.Method != "" && d.Device.Device.Method == d.Today() && d.Advice.Chosen.State != method.Vetoed
}

// movesAt returns the number of the stage that switches a device, 0 if none does.
func (b *book) movesAt(d planner.Device) int {
	for i, s := range b.plan.Stages {
		if slices.ContainsFunc(s.Tasks, func(t planner.Task) bool { return switches(t, d) }) {
			return i + 1
		}
	}
	return 0
}

// switches reports whether a task of the plan is that a device moves. The sheet
// of the device says in full what the task says in short.
func switches(t planner.Task, d planner.Device) bool {
	return t.Who == keeper && t.Subject == d.Name && moves(d)
}

// sources collects what the document cites.
func (b *book) sources() {
	seen := map[method.SourceKey]bool{}
	b.cited(func(key method.SourceKey) {
		if s, ok := sourceOf(key); ok && !seen[key] {
			seen[key] = true
			b.doc.Sources = append(b.doc.Sources, s)
		}
	})
}

// cited calls cite for each source of the document, from its first page on.
func (b *book) cited(cite func(method.SourceKey)) {
	for _, s := range b.doc.Stops {
		cite(s.Event.Fact.Source)
	}
	citeSteps(b.doc.Reenable, cite)
	for _, u := range b.doc.Undecided {
		citeSteps(u.Steps, cite)
	}
	for _, s := range b.doc.Stages {
		citeSteps(s.Steps, cite)
		for _, sheet := range s.Sheets {
			sheet.cited(cite)
		}
	}
	for _, f := range b.doc.Last {
		citeSteps(f.Steps, cite)
	}
}

func (s Sheet) cited(cite func(method.SourceKey)) {
	for _, c := range s.Conditions {
		cite(c.Fact.Source)
	}
	for _, v := range slices.Concat(s.Settings, s.Back) {
		cite(v.Value.Source)
	}
	citeSteps(s.Tests, cite)
	for _, r := range s.Replies {
		cite(r.Fact.Source)
	}
}

func citeSteps(steps []Step, cite func(method.SourceKey)) {
	for _, s := range steps {
		for _, l := range s.Lines {
			cite(l.Fact.Source)
		}
		for _, c := range s.Commands {
			cite(c.Source)
		}
	}
}

// contacts collects who does what, in the order in which they are first needed.
func (b *book) contacts() {
	for _, s := range b.doc.Stages {
		stage := "stage " + digits(s.Number)
		for _, batch := range s.Batches {
			b.contact(dnsHost(batch.Zone.String()), stage)
		}
		for _, step := range s.Steps {
			b.contact(step.Who, stage)
		}
		for _, sheet := range s.Sheets {
			b.contact(sheet.Ask, sheet.Device)
		}
	}
	for _, u := range b.doc.Undecided {
		for _, step := range u.Steps {
			b.contact(step.Who, u.Device)
		}
	}
	if len(b.doc.Last) > 0 {
		b.contact(tenantAdmin, "the last stage")
	}
}

func (b *book) contact(who, what string) {
	if who == "" {
		return
	}
	at := slices.IndexFunc(b.doc.Contacts, func(c Contact) bool { return c.Who == who })
	if at < 0 {
		at, b.doc.Contacts = len(b.doc.Contacts), append(b.doc.Contacts, Contact{Who: who})
	}
	if c := &b.doc.Contacts[at]; !slices.Contains(c.For, what) {
		c.For = append(c.For, what)
	}
}
