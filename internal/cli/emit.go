package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/internal/term"
	"sendplan/internal/zone"
	"sendplan/planner"
)

// emitFlags are the options of "sendplan emit", as typed.
type emitFlags struct {
	network   network
	inventory string
	form      string
	provider  string
	stage     string
	undo      bool
	folder    string
	force     bool
}

// What --stage takes besides a number.
const (
	stageCurrent = "current"
	stageAll     = "all"
)

func newEmit(streams Streams) *cobra.Command {
	flags := emitFlags{}
	c := &cobra.Command{
		Use:   "emit -i FILE --as FORM",
		Short: "write the changes of the plan in the form that your DNS host takes",
		Long: `emit makes the plan of an inventory, as "sendplan plan" does, and writes its record changes: nothing else of a zone, and
nothing that a block or an open condition holds back. What is held back is named on standard error.
What was written is read back and compared with the plan before it is handed out.

Write the undo at the same time, with --undo: once the changes are published, a plan does not know any more what was there.

Forms: ` + formHelp() + `.

Exit status: 0 the plan is made, 1 it is blocked or leaves a device that is not right, 3 something is not known, 2 bad input.`,
		Example: `  sendplan emit -i examples/office.yaml --demo --as panel
  sendplan emit -i inventory.yaml --as nsupdate --out changes
  sendplan emit -i inventory.yaml --as nsupdate --out changes --undo`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return flags.run(c.Context(), streams) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.placeFlag(f)
	inventoryFlag(c, &flags.inventory)
	f.StringVar(&flags.form, "as", "", "write this `FORM`: "+strings.Join(formNames(), ", "))
	f.StringVar(&flags.provider, "provider", "", "with --as terraform, write for this `PROVIDER`: "+strings.Join(zone.Providers(), ", "))
	f.StringVar(&flags.stage, "stage", stageCurrent, "the changes of stage `N`, of the one of that title, of the current one, or of \"all\" that may be carried out, folded together")
	f.BoolVar(&flags.undo, "undo", false, "write the way back")
	f.StringVar(&flags.folder, "out", "", "write a file for each zone into the folder `DIR`, instead of standard output")
	f.BoolVar(&flags.force, "force", false, "write over files that are there")
	// They fail only for flags that do not exist.
	_ = c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(formNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("provider", cobra.FixedCompletions(zone.Providers(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("stage", cobra.FixedCompletions([]string{stageCurrent, stageAll}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func formNames() []string {
	var names []string
	for _, f := range zone.Forms {
		names = append(names, f.Name)
	}
	return names
}

func formHelp() string {
	var list []string
	for _, f := range zone.Forms {
		list = append(list, f.Name+" ("+f.Title+")")
	}
	return strings.Join(list, ", ")
}

// parse checks the options and returns the form.
func (flags *emitFlags) parse() (zone.Form, error) {
	form, ok := zone.FormByName(flags.form)
	n, err := strconv.Atoi(flags.stage)
	switch {
	case !ok:
		return form, usageError(nearestOf(flags.form, formNames(), ""), "--as %q: must be one of %s", flags.form, strings.Join(formNames(), ", "))
	case flags.provider != "" && !slices.Contains(zone.Providers(), flags.provider):
		return form, usageError(nearestOf(flags.provider, zone.Providers(), ""), "--provider %q: must be one of %s", flags.provider, strings.Join(zone.Providers(), ", "))
	case flags.provider != "" && form.Name != "terraform":
		return form, usageError("", "--provider says nothing with --as %s", form.Name)
	case flags.stage == "" || err == nil && n < 1:
		return form, usageError("", "--stage %q: must be the number or the title of a stage, %s or %s", flags.stage, stageCurrent, stageAll)
	case flags.force && flags.folder == "":
		return form, usageError("", "--force says nothing without --out DIR")
	}
	return form, nil
}

func (flags *emitFlags) run(ctx context.Context, streams Streams) error {
	form, err := flags.parse()
	if err != nil {
		return err
	}
	file, err := loadInventory(streams, flags.inventory)
	if err != nil {
		return err
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	return s.finish(ctx, flags.carryOut(ctx, streams, s, &file.Inventory, form))
}

// carryOut makes the plan, hands out its changes and tells what is not among
// them. It ends with the status that the plan stands for.
func (flags *emitFlags) carryOut(ctx context.Context, streams Streams, s *session, inv *inventory.Inventory, form zone.Form) error {
	plan, err := planMaker{session: s, progress: newProgress(streams), name: flags.inventory}.make(ctx, inv)
	if err != nil {
		return err
	}
	number, err := flags.number(plan)
	if err != nil {
		return err
	}
	batches, ahead := stageBatches(plan.Plan, number, flags.undo)
	pieces, err := emitAll(form, batches, zone.Options{Date: s.date, Provider: flags.provider})
	if refusal := new(zone.Refusal); errors.As(err, &refusal) {
		return &exitError{exitFindings, "nothing is written: " + err.Error(), "--as panel or --as bind may take it"}
	}
	if err == nil {
		err = flags.deliver(streams, form, number, pieces)
	}
	if err != nil {
		return err
	}
	tellHeld(streams, plan, batches)
	if len(pieces) == 0 {
		fmt.Fprintln(streams.Err, flags.nothing(plan, number))
	}
	if ahead {
		return status(exitFindings)
	}
	return status(planStatus[plan.Verdict()])
}

// stageBatches parts the changes of a stage, 0 for all, by zone. It reports
// whether some are held back because an earlier stage comes first.
func stageBatches(plan planner.Plan, number int, undo bool) (batches []zone.Batch, ahead bool) {
	batches = zone.Batches(plan, number, undo)
	if number > 0 && !undo {
		ahead = holdAhead(plan, number, batches)
	}
	return batches, ahead
}

// holdAhead holds back changes of sets that an earlier stage changes, which is
// not published yet: the numbers of stages count what is left, and a step must
// not be left out because they moved on. It reports whether there were any.
func holdAhead(plan planner.Plan, number int, batches []zone.Batch) bool {
	first := map[dns.Key]int{}
	for i, s := range plan.Stages[:number-1] {
		for _, c := range s.Changes {
			if _, seen := first[c.Key]; !seen && s.Open() && !plan.Held(c.Key) {
				first[c.Key] = i + 1
			}
		}
	}
	found := false
	for i, b := range batches {
		batches[i].Changes = slices.DeleteFunc(b.Changes, func(c dns.Change) bool {
			stage, ahead := first[c.Key]
			if ahead {
				found = true
				batches[i].Held = append(batches[i].Held, zone.Held{Key: c.Key, Why: fmt.Sprintf("stage %d changes it first: publish that, and plan again", stage)})
			}
			return ahead
		})
	}
	return found
}

// number returns which stage is meant, 0 for all.
func (flags *emitFlags) number(plan render.Planned) (int, error) {
	switch flags.stage {
	case stageAll:
		return 0, nil
	case stageCurrent:
		return currentStage(plan.Plan), nil
	}
	n, err := strconv.Atoi(flags.stage)
	if err != nil {
		n = 1 + slices.IndexFunc(plan.Stages, func(s planner.Stage) bool { return strings.EqualFold(s.Title, flags.stage) })
	}
	switch {
	case n > len(plan.Stages):
		return 0, usageError(stagesHint, "--stage %d: the plan has %d stages", n, len(plan.Stages))
	case n < 1:
		return 0, usageError(stagesHint, "--stage %q: the plan has no stage of this title, or not any more: what is published is not in it", flags.stage)
	}
	return n, nil
}

const stagesHint = "sendplan plan shows them"

// currentStage returns the number of the stage that is due, 0 if there is none:
// then all of nothing.
func currentStage(plan planner.Plan) int {
	return 1 + slices.IndexFunc(plan.Stages, func(s planner.Stage) bool { return s.Current })
}

// nothing says why nothing was written, and where there is something.
func (flags *emitFlags) nothing(plan render.Planned, number int) string {
	var elsewhere []string
	for i := range plan.Stages {
		if i+1 != number && slices.ContainsFunc(zone.Batches(plan.Plan, i+1, flags.undo), func(b zone.Batch) bool { return len(b.Changes) > 0 }) {
			elsewhere = append(elsewhere, strconv.Itoa(i+1))
		}
	}
	switch {
	case len(elsewhere) == 0 && plan.Verdict() != render.PlanMade:
		return "nothing is written: no record can be changed now"
	case number == 0 || len(elsewhere) == 0:
		return "nothing to do: no record is to be changed now"
	case len(elsewhere) == 1:
		return fmt.Sprintf("nothing to do: stage %d changes no record now; stage %s does", number, elsewhere[0])
	}
	return fmt.Sprintf("nothing to do: stage %d changes no record now; stages %s do", number, strings.Join(elsewhere, ", "))
}

// tellHeld names what was not written, and what else is wrong with the plan or
// not known.
func tellHeld(streams Streams, plan render.Planned, batches []zone.Batch) {
	for _, b := range batches {
		for _, h := range b.Held {
			fmt.Fprintf(streams.Err, "held back: %s: %s\n", term.Safe(h.Key.String()), term.Safe(h.Why))
		}
	}
	for _, b := range plan.Blocked {
		fmt.Fprintf(streams.Err, "blocked: %s: %s: %s\n", b.ID, term.Safe(b.Subject), term.Safe(b.Message))
	}
	for _, u := range plan.Unknown {
		fmt.Fprintf(streams.Err, "not known: %s: %s\n", term.Safe(u.Subject), term.Safe(u.Message))
	}
}
