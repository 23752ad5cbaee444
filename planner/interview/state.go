package interview

import (
	"bytes"
	"fmt"
	"slices"

	"sendplan/internal/intake"
	"sendplan/internal/inventory"
)

// Questions returns what to ask about a subject, in order. They depend on what
// was answered so far: ask again after each answer, and show what comes then.
func (s State) Questions(about Subject, given Answers) []Question {
	switch about.Of {
	case OfDomains:
		return s.domainsQuestions(given)
	case OfTenant:
		return s.tenantQuestions(given)
	case OfSite:
		return s.siteQuestions(about.Name, given)
	case OfDevice:
		return s.deviceQuestions(about.Name, given)
	case OfDomain:
		return s.wishQuestions(about.Name, given)
	case OfOpen:
		return s.openQuestions(given)
	case OfExport:
		return s.exportQuestions(given)
	}
	return nil
}

// Put takes the answers about a subject. What was not answered is taken as
// proposed. Its error is a *[Mistake]; the state is then as it was.
func (s State) Put(about Subject, given Answers) (State, error) {
	switch about.Of {
	case OfDomains:
		return s.putDomains(given)
	case OfTenant:
		return s.putTenant(given)
	case OfSite:
		return s.putSite(about.Name, given)
	case OfDevice:
		return s.putDevice(about.Name, given)
	case OfDomain:
		return s.putWishes(about.Name, given)
	case OfOpen:
		return s.putOpen(given)
	case OfExport:
		return s.putExport(given)
	}
	return s, &Mistake{Message: fmt.Sprintf("%q cannot be asked about", about.Of)}
}

// Copy returns the answers with which a form about a new one like the subject,
// a site or a device, begins.
func (s State) Copy(about Subject) Answers {
	if about.Of == OfDevice {
		return s.copyDevice(about.Name)
	}
	return s.copySite(about.Name)
}

// Delete takes a site or a device out of the draft. Its error is a *[Mistake]:
// devices may still be at the site.
func (s State) Delete(about Subject) (State, error) {
	if about.Of == OfDevice {
		return s.deleteDevice(about.Name)
	}
	return s.deleteSite(about.Name)
}

// Table returns what the step lists: the sites, the devices, or the domains with
// their wishes. For other steps it is empty.
func (s State) Table() Table {
	switch s.At {
	case Sites:
		return s.siteTable()
	case Devices:
		return s.deviceTable()
	case Wishes:
		return s.wishTable()
	}
	return Table{}
}

// Page returns what the step has to show. For steps that only ask it is empty.
func (s State) Page() Page {
	switch s.At {
	case Look:
		return s.lookPage()
	case Verify:
		return s.verifyPage()
	case Plan:
		return s.planPage()
	}
	return Page{}
}

// edited returns the state with a draft that edit has changed. What it cannot
// change is a mistake, and the state is as it was. The plan stands if the text
// does.
func (s State) edited(edit func(*inventory.File) error) (State, error) {
	if s.Draft == nil {
		return s, &Mistake{Message: "there is no inventory yet", Fix: "look at the domains first"}
	}
	f, err := inventory.Parse(s.Draft.Bytes(), draftName, intake.Catalogue)
	if err == nil {
		err = edit(f)
	}
	if err != nil {
		return s, mistake(err)
	}
	if !bytes.Equal(f.Bytes(), s.Draft.Bytes()) {
		s.Draft, s.Plan = f, nil
	}
	return s, nil
}

// draftName is what errors call the draft.
const draftName = "the draft"

// inventory returns what the draft says; without a draft that is nothing.
func (s State) inventory() *inventory.Inventory {
	if s.Draft == nil {
		return &inventory.Inventory{}
	}
	return &s.Draft.Inventory
}

// noted returns the state with the note that somebody answered about a subject.
func (s State) noted(about Subject) State {
	if !s.wasAnswered(about) {
		s.Answered = append(slices.Clone(s.Answered), about)
	}
	return s
}

// wasAnswered reports whether somebody answered about a subject since the last
// look.
func (s State) wasAnswered(about Subject) bool { return slices.Contains(s.Answered, about) }
