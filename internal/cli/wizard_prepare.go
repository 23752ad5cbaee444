package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"sendplan/internal/render"
	"sendplan/internal/runbook"
	"sendplan/internal/zone"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// preparation is the making of what shall be written.
type preparation struct {
	wizard *wizard
	plan   render.Planned
	state  interview.State
	folder string
	forms  []string
	pieces []interview.Piece
}

// Prepare makes the inventory and, of the plan, what was chosen beside it.
func (w *wizard) Prepare(ctx context.Context, s interview.State, export interview.Answers) ([]interview.Piece, error) {
	path, plan := export["inventory"], s.Plan
	if plan == nil || path != w.inventory {
		made := w.planAs(ctx, &s.Draft.Inventory, path, nil)
		plan = &made
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p := preparation{wizard: w, state: s, folder: export["folder"], forms: chosenForms(export), plan: render.Planned{Plan: *plan, Inventory: path}}
	if err := p.inventory(path); err != nil {
		return nil, err
	}
	for _, form := range p.forms {
		if err := p.add(form); err != nil {
			return nil, err
		}
	}
	return p.pieces, w.distinct(p.pieces)
}

// chosenForms are the forms that were chosen, in their order.
func chosenForms(export interview.Answers) []string {
	return strings.FieldsFunc(export["forms"], func(r rune) bool { return r == ',' || r == ' ' })
}

func (p *preparation) inventory(path string) error {
	folder := ""
	if filepath.Dir(path) == filepath.Clean(p.folder) && !exists(p.folder) {
		folder = p.folder // which is made
	}
	piece, err := p.wizard.piece("the inventory", path, folder, p.state.Draft.Bytes())
	if err != nil {
		return err
	}
	if piece.Exists && !piece.Same && !p.wizard.knows(path) {
		piece.Note = "it holds something else than the wizard began with, which is then lost"
	}
	p.pieces = append(p.pieces, piece)
	return nil
}

// add makes what one form that was chosen stands for.
func (p *preparation) add(form string) error {
	switch form {
	case "runbook":
		return p.document("the run-book", "runbook.md", func(f render.Format, w io.Writer, page render.Page) error {
			return f.Runbook(w, page, runbook.Make(&p.state.Draft.Inventory, p.plan.Plan, p.plan.Inventory))
		})
	case "plan":
		return p.document("the plan with its proof", "plan.md", func(f render.Format, w io.Writer, page render.Page) error {
			return f.Plan(w, page, p.plan)
		})
	}
	known, ok := zone.FormByName(form)
	if !ok {
		return fmt.Errorf("%q is no form of changes: it is one of %s", form, strings.Join(formNames(), ", "))
	}
	return p.changes(known)
}

// document makes a page for people.
func (p *preparation) document(what, name string, write func(render.Format, io.Writer, render.Page) error) error {
	format, _ := render.FormatByName("markdown")
	var text bytes.Buffer
	if err := write(format, &text, render.Page{Version: version(), Date: p.wizard.session.date.Format(dateForm)}); err != nil {
		return err
	}
	return p.file(what, name, text.Bytes(), "")
}

// file adds a file of the folder.
func (p *preparation) file(what, name string, text []byte, note string) error {
	piece, err := p.wizard.piece(what, filepath.Join(p.folder, name), p.folder, text)
	if err != nil {
		return err
	}
	piece.Note = note
	p.pieces = append(p.pieces, piece)
	return nil
}

// changes makes the changes of a stage in a form, and the way back beside them:
// once they are published, a plan does not know any more what was there.
func (p *preparation) changes(form zone.Form) error {
	number := dueStage(p.plan.Plan)
	forth, _ := stageBatches(p.plan.Plan, number, false)
	back, _ := stageBatches(p.plan.Plan, number, true)
	before := len(p.pieces)
	for _, b := range forth {
		written, err := p.batch(form, number, b, false)
		if i := slices.IndexFunc(back, func(undo zone.Batch) bool { return undo.Zone == b.Zone }); written && i >= 0 {
			back[i].Held = nil // that is said where it is not done
			_, err = p.batch(form, number, back[i], true)
		}
		if err != nil {
			return err
		}
	}
	if len(p.pieces) == before {
		p.pieces = append(p.pieces, interview.Piece{What: "the changes as " + form.Name, Note: "no record is to be changed now"})
	}
	return nil
}

// dueStage returns the number of the stage whose changes are to be published
// first: the current one, or where that only has tasks the next that has records.
func dueStage(plan planner.Plan) int {
	current := currentStage(plan)
	for number := max(current, 1); number <= len(plan.Stages); number++ {
		batches, _ := stageBatches(plan, number, false)
		if slices.ContainsFunc(batches, func(b zone.Batch) bool { return len(b.Changes) > 0 }) {
			return number
		}
	}
	return current
}

// batch makes the changes of one zone, and reports whether there is something to
// write. That a form cannot say them is no reason to write nothing else.
func (p *preparation) batch(form zone.Form, number int, b zone.Batch, undo bool) (written bool, err error) {
	what := changesCalled(form, number, b, undo)
	made, err := emitAll(form, []zone.Batch{b}, zone.Options{Date: p.wizard.session.date})
	if refusal := new(zone.Refusal); errors.As(err, &refusal) {
		p.pieces = append(p.pieces, interview.Piece{What: what, Note: "not written: " + err.Error() + "; another form may take it"})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if len(made) == 0 {
		if len(b.Held) > 0 {
			p.pieces = append(p.pieces, interview.Piece{What: what, Note: "not written; " + heldWords(b)})
		}
		return false, nil
	}
	name, err := emitName(b.Zone, p.apart(form), number, undo)
	if err != nil {
		return false, err
	}
	return true, p.file(what, name, made[0].text, heldWords(b))
}

func changesCalled(form zone.Form, number int, b zone.Batch, undo bool) string {
	what := "the changes"
	if number > 0 {
		what = fmt.Sprintf("stage %d", number)
	}
	if undo {
		what = "the way back from " + what
	}
	return what + " for " + b.Zone.Unicode() + " as " + form.Name
}

// apart returns the form with an extension that no form chosen before it has.
func (p *preparation) apart(form zone.Form) zone.Form {
	for _, name := range p.forms {
		other, _ := zone.FormByName(name)
		if other.Name == form.Name {
			break
		}
		if other.Extension == form.Extension {
			form.Extension = "." + form.Name + form.Extension
			break
		}
	}
	return form
}

// heldWords says what of a zone is not written, and why.
func heldWords(b zone.Batch) string {
	var list []string
	for _, h := range b.Held {
		list = append(list, fmt.Sprintf("held back: %s: %s", h.Key, h.Why))
	}
	return strings.Join(list, "; ")
}
