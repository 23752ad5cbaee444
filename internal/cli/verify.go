package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/method"
	"sendplan/internal/render"
	"sendplan/planner"
)

// verifyFlags are the options of "sendplan verify", as typed.
type verifyFlags struct {
	network   network
	output    output
	inventory string
	wait      bool
	patience  time.Duration
	sleep     func(context.Context, time.Duration) error // between two rounds of --wait
}

// defaultPatience is how long --wait goes on.
const defaultPatience = 30 * time.Minute

func newVerify(streams Streams) *cobra.Command {
	flags := verifyFlags{sleep: sleep}
	c := &cobra.Command{
		Use:   "verify -i FILE",
		Short: "say whether what is planned is published: on every authoritative server, and at the resolver",
		Long: `verify asks every authoritative server of every zone whether it has what the plan of the inventory wants published now,
then compares what the resolver says, and tells what comes next.

No plan is kept from before. Each server is taken for the only one of its zone, and what would still be planned then is
what it lacks. So run it with the inventory that the plan was made from.

With --wait it asks again until everything is live or the time of --for is over.

Exit status: 0 live everywhere, 1 not yet, 3 could not tell, 2 bad input.`,
		Example: `  sendplan verify -i inventory.yaml
  sendplan verify -i inventory.yaml --wait --for 1h
  sendplan verify -i examples/office.yaml --demo`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("for") && !flags.wait {
				return usageError("add --wait", "--for says how long --wait goes on")
			}
			return flags.run(c.Context(), streams)
		},
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.placeFlag(f)
	flags.output.flags(f)
	inventoryFlag(c, &flags.inventory)
	f.BoolVar(&flags.wait, "wait", false, "ask again until everything is live")
	f.DurationVar(&flags.patience, "for", defaultPatience, "give up --wait after this long")
	flags.output.complete(c)
	return c
}

func (flags *verifyFlags) run(ctx context.Context, streams Streams) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	if err := flags.check(); err != nil {
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
	page.Date = s.date.Format(dateForm)
	maker := planMaker{session: s, progress: newProgress(streams), name: flags.inventory}
	return s.finish(ctx, flags.carryOut(ctx, streams, maker, &file.Inventory, func(v render.Verified) error {
		return format.Verification(streams.Out, page, v)
	}))
}

func (flags *verifyFlags) check() error {
	switch {
	case !flags.wait:
		return nil
	case flags.network.replay != "" || flags.network.record != "":
		return usageError("a recording is of one moment", "--wait cannot be used with --record and --replay")
	case flags.patience <= 0:
		return usageError("write 10m or 1h", "--for must be more than nothing")
	}
	return nil
}

func (flags *verifyFlags) carryOut(ctx context.Context, streams Streams, m planMaker, inv *inventory.Inventory, write func(render.Verified) error) error {
	result, err := flags.look(ctx, streams, m, inv)
	if err != nil {
		return err
	}
	if err := write(result); err != nil {
		return err
	}
	return status(verifyStatus[result.Live])
}

// look verifies once, or again and again.
func (flags *verifyFlags) look(ctx context.Context, streams Streams, m planMaker, inv *inventory.Inventory) (render.Verified, error) {
	if !flags.wait {
		return m.verify(ctx, inv)
	}
	start := time.Now()
	w := waiting{
		patience: flags.patience,
		elapsed:  func() time.Duration { return time.Since(start) },
		sleep:    flags.sleep,
		said:     func(words string) { fmt.Fprintln(streams.Err, words) },
	}
	return w.until(ctx, func() (render.Verified, error) {
		m.resolver = dns.NewCache(m.uncached) // what was asked before may have changed
		return m.verify(ctx, inv)
	})
}

// verifyStatus is the exit status of a verification.
var verifyStatus = map[method.Truth]int{method.True: exitFine, method.False: exitFindings, method.Unknown: exitUnknown}

// verify asks all that the verification of an inventory needs, and makes it.
func (m planMaker) verify(ctx context.Context, inv *inventory.Inventory) (render.Verified, error) {
	standing, err := judged(ctx, m, inv, "verify", func(r dns.Resolver) planner.Standing { return planner.Verify(inv, r, m.options()) })
	return render.Verified{Standing: standing, Inventory: m.name}, err
}
