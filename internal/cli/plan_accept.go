package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/internal/term"
	"sendplan/planner"
	"sendplan/planner/interview"
)

// accept says yes to what was named, writes the inventory, and returns the plan
// of what is then in it. Unless all that was named is offered, nothing is
// written. A yes may bring up the next question, so several are taken in turns.
func (flags *planFlags) accept(ctx context.Context, streams Streams, maker planMaker, file *inventory.File, plan render.Planned) (render.Planned, error) {
	before := file.Bytes()
	var done []string
	for left := flags.fresh(&file.Inventory); len(left) > 0; {
		var offered []string
		offered, left = parted(left, plan.Accepts())
		left = slices.DeleteFunc(left, func(id string) bool { return pinned(&file.Inventory, id) })
		if len(offered)+len(left) == 0 {
			break
		}
		if len(offered) == 0 {
			return plan, notOffered(left[0], plan.Accepts())
		}
		for _, id := range offered {
			words, err := interview.Accept(file, plan.Plan, planner.AcceptID(id), maker.date)
			if err != nil {
				return plan, usageError(inventoryHint, "%s: %v", flags.inventory, err)
			}
			done = append(done, words...)
		}
		var err error
		if plan, err = maker.make(ctx, &file.Inventory); err != nil {
			return plan, err
		}
	}
	if len(done) == 0 {
		return plan, nil
	}
	if err := saveInventory(flags.inventory, before, file); err != nil {
		return plan, err
	}
	for _, words := range done {
		fmt.Fprintf(streams.Err, "%s: %s\n", term.Safe(flags.inventory), term.Safe(words))
	}
	return plan, nil
}

// fresh returns what was named and is not yet in the inventory, each once.
func (flags *planFlags) fresh(inv *inventory.Inventory) []string {
	var list []string
	for _, id := range flags.accepted {
		if !inv.Accepts(id) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// pinned reports whether the addresses that go with a yes to a flattening are in
// the inventory already.
func pinned(inv *inventory.Inventory, id string) bool {
	for _, d := range inv.Domains {
		for _, f := range d.SPF.Flattened {
			if id == "spf-flatten/"+d.Name.String()+"/"+f.Term {
				return true
			}
		}
	}
	return false
}

// parted tells what is offered from what is not.
func parted(named []string, offers []planner.AcceptID) (offered, left []string) {
	for _, id := range named {
		if slices.Contains(offers, planner.AcceptID(id)) {
			offered = append(offered, id)
		} else {
			left = append(left, id)
		}
	}
	return offered, left
}

func notOffered(id string, offers []planner.AcceptID) error {
	var list []string
	for _, o := range offers {
		list = append(list, string(o))
	}
	hint := "the plan offers nothing that needs a yes"
	if len(list) > 0 {
		hint = nearestOf(id, list, "the plan offers "+strings.Join(list, ", "))
	}
	return usageError(term.Safe(hint), "--accept: the plan does not offer %q, so nothing is written", id)
}
