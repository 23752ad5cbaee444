package cli

import (
	"slices"
	"strings"

	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/internal/runbook"
)

// runbookHelp is the help of the option that writes a plan as a run-book.
const runbookHelp = "write the plan as a run-book for a person to carry out, in text or markdown"

// checkRunbook refuses formats that are for programs.
func (flags *planFlags) checkRunbook() error {
	if flags.runbook && !slices.Contains(render.RunbookFormats, flags.output.format) {
		return usageError("", "--runbook is for people: --format must be one of %s", strings.Join(render.RunbookFormats, ", "))
	}
	return nil
}

// write writes a plan, or its run-book. The plan was made from what file holds by
// now: with --accept that has changed since it was read.
func (flags *planFlags) write(streams Streams, format render.Format, page render.Page, inv *inventory.Inventory, plan render.Planned) error {
	if flags.runbook {
		return format.Runbook(streams.Out, page, runbook.Make(inv, plan.Plan, plan.Inventory))
	}
	return format.Plan(streams.Out, page, plan)
}
