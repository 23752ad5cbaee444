package cli

import (
	"context"
	"math"
	"time"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/internal/survey"
	"sendplan/planner"
)

// planFlags are the options of "sendplan plan", as typed.
type planFlags struct {
	network   network
	output    output
	inventory string
	accepted  []string
	runbook   bool
}

func newPlan(streams Streams) *cobra.Command {
	flags := planFlags{output: output{table: true}}
	c := &cobra.Command{
		Use:   "plan -i FILE",
		Short: "plan the DNS changes that keep every device and sender working, and prove them",
		Long: `plan reads an inventory and what the DNS holds, and says which records to change, in which order, what else is to be done
and by whom, and what SPF, DKIM and DMARC say for each device and each sender that the records allow, before and after.
It changes nothing. What is in doubt is not planned: it stands under what blocks the plan or what is not known.

What needs your yes is named with an ID. --accept ID writes that yes into the inventory, with the date, and plans again.

Record sets are read from the authoritative servers of their zones, all of them.

Exit status: 0 the plan is made, 1 it is blocked or leaves a device that is not right, 3 something is not known, 2 bad input.`,
		Example: `  sendplan plan -i examples/office.yaml --demo
  sendplan plan -i inventory.yaml --format markdown > plan.md
  sendplan plan -i inventory.yaml --runbook --format markdown > runbook.md
  sendplan plan -i inventory.yaml --nameserver ns1.contoso.com=192.0.2.1:5353`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return flags.run(c.Context(), streams) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.placeFlag(f)
	flags.output.flags(f)
	inventoryFlag(c, &flags.inventory)
	f.StringArrayVar(&flags.accepted, "accept", nil, "say yes to what the plan offers under this `ID`, in the inventory; may be repeated")
	f.BoolVar(&flags.runbook, "runbook", false, runbookHelp)
	flags.output.complete(c)
	return c
}

func (flags *planFlags) run(ctx context.Context, streams Streams) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	if err := flags.checkRunbook(); err != nil {
		return err
	}
	if len(flags.accepted) > 0 && flags.inventory == "-" {
		return usageError("save it as a file", "--accept cannot write to standard input")
	}
	file, err := loadInventory(streams, flags.inventory)
	if err != nil {
		return err
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	page.Date = s.date.Format(dateForm)
	return s.finish(ctx, flags.carryOut(ctx, streams, s, file, func(plan render.Planned) error {
		return flags.write(streams, format, page, &file.Inventory, plan)
	}))
}

// carryOut makes the plan, or with --accept first a new inventory and then the
// plan, and ends with the status that the plan stands for.
func (flags *planFlags) carryOut(ctx context.Context, streams Streams, s *session, file *inventory.File, write func(render.Planned) error) error {
	maker := planMaker{session: s, progress: newProgress(streams), name: flags.inventory}
	plan, err := maker.make(ctx, &file.Inventory)
	if err == nil && len(flags.accepted) > 0 {
		plan, err = flags.accept(ctx, streams, maker, file, plan)
	}
	if err != nil {
		return err
	}
	if err := write(plan); err != nil {
		return err
	}
	return status(planStatus[plan.Verdict()])
}

// planStatus is what a plan is worth as an exit status.
var planStatus = map[render.PlanVerdict]int{
	render.PlanMade: exitFine, render.PlanBlocked: exitFindings, render.PlanUnknown: exitUnknown,
}

// planMaker makes plans of one inventory with what one network tells.
type planMaker struct {
	*session
	progress *progress
	name     string // of the inventory
}

// make asks all that the plan of an inventory needs, and makes it. Its error
// says that the user interrupted it.
func (m planMaker) make(ctx context.Context, inv *inventory.Inventory) (render.Planned, error) {
	plan, err := judged(ctx, m, inv, "plan", func(r dns.Resolver) planner.Plan { return planner.Make(inv, r, m.options()) })
	return render.Planned{Plan: plan, Inventory: m.name}, err
}

// options are how plans are made of the inventory.
func (m planMaker) options() planner.Options {
	o := m.session.options()
	o.Inventory = m.name
	return o
}

// options are how plans are made in this session.
func (s *session) options() planner.Options {
	return planner.Options{Date: s.date, Nameservers: s.places}
}

// judged asks all that a judgement of an inventory needs, and makes it. Its error
// says that the user interrupted it.
func judged[T any](ctx context.Context, m planMaker, inv *inventory.Inventory, what string, judge func(dns.Resolver) T) (T, error) {
	shown := func(step survey.Progress) { m.progress.line(what, step) }
	gathered := m.surveyed(ctx, inv, shown, func(r dns.Resolver) { judge(r) })
	m.progress.clear()
	if ctx.Err() != nil {
		var none T
		return none, ctx.Err()
	}
	return judge(gathered), nil
}

// surveyed surveys what a judgement of an inventory needs.
func (s *session) surveyed(ctx context.Context, inv *inventory.Inventory, progress func(survey.Progress), judge func(dns.Resolver)) *survey.Survey {
	return s.scaled(planSize(inv)).gather(ctx, progress, judge)
}

// maxPlanSize bounds what a plan may ask and how long it may take, in domains.
const maxPlanSize = 100

// planSize counts the domains that a plan is about: those of the inventory, and
// those that its devices send from. It is at least one.
func planSize(inv *inventory.Inventory) int {
	seen := make(map[dns.Name]bool)
	for _, d := range inv.Domains {
		seen[d.Name] = true
	}
	for _, d := range inv.Devices {
		for _, from := range d.From {
			seen[from.Domain] = true
		}
	}
	return min(max(len(seen), 1), maxPlanSize)
}

// scaled is the session with the budget and the deadline of n domains together.
func (s *session) scaled(n int) *session {
	one := session{resolver: s.resolver, deadline: s.deadline, maxQueries: s.maxQueries}
	if one.maxQueries <= math.MaxInt/n {
		one.maxQueries *= n
	}
	if one.deadline <= math.MaxInt64/time.Duration(n) {
		one.deadline *= time.Duration(n)
	}
	if replay, ok := s.resolver.(spent); ok && replay.budget <= math.MaxInt/n {
		one.resolver = spent{replay.recording, replay.budget * n}
	}
	return &one
}
