package cli

import (
	"context"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/fleet"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
)

// devicesFlags are the options of "sendplan devices", as typed.
type devicesFlags struct {
	network   network
	output    output
	inventory string
	explain   string
	offline   bool
}

func newDevices(streams Streams) *cobra.Command {
	flags := devicesFlags{output: output{table: true}}
	c := &cobra.Command{
		Use:   "devices -i FILE",
		Short: "say which devices stop, when, and what fits each best",
		Long: `devices reads an inventory and says of each device whether its method of sending fits it, which method fits best and why,
and what happens if nothing is done. With --explain it shows one device in full: what is against each method, the ranking
with its grounds, the settings to type into the device, and the way that its mail takes.

It asks the DNS only where the mail of the domains goes (MX and A records); --offline leaves that out. What could not be
asked stays unknown. It reports and does not judge: the exit status is 0 for any answer.`,
		Example: `  sendplan devices -i examples/office.yaml --demo
  sendplan devices -i inventory.yaml --date 2027-01-01
  sendplan devices -i inventory.yaml --explain scanner-2og`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return flags.run(c.Context(), streams) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.output.flags(f)
	inventoryFlag(c, &flags.inventory)
	f.StringVar(&flags.explain, "explain", "", "show the device with this `NAME` in full")
	f.BoolVar(&flags.offline, "offline", false, "ask no DNS")
	flags.output.complete(c)
	return c
}

// inventoryFlag adds the option that names the inventory.
func inventoryFlag(c *cobra.Command, path *string) {
	c.Flags().StringVarP(path, "inventory", "i", "", "read the inventory from this `FILE`, - for standard input")
	// It fails only for flags that do not exist.
	_ = c.MarkFlagFilename("inventory", "yaml", "yml")
}

func (flags *devicesFlags) run(ctx context.Context, streams Streams) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	file, err := loadInventory(streams, flags.inventory)
	if err != nil {
		return err
	}
	if _, ok := file.Device(flags.explain); flags.explain != "" && !ok {
		return usageError(nearestOf(flags.explain, deviceNames(&file.Inventory), "sendplan devices -i "+flags.inventory+" lists them"), "--explain: there is no device %q", flags.explain)
	}
	s, err := flags.network.openUnless(flags.offline)
	if err != nil {
		return err
	}
	page.Date = s.date.Format(dateForm)
	return s.finish(ctx, s.devices(ctx, &file.Inventory, func(all fleet.Fleet) error {
		return flags.write(streams, format, page, all)
	}))
}

func (flags *devicesFlags) write(streams Streams, format render.Format, page render.Page, all fleet.Fleet) error {
	if flags.explain == "" {
		return format.Devices(streams.Out, page, all)
	}
	d, _ := all.Find(flags.explain)
	return format.Device(streams.Out, page, all, d)
}

// devices judges an inventory by what the DNS tells of its domains.
func (s *session) devices(ctx context.Context, inv *inventory.Inventory, write func(fleet.Fleet) error) error {
	var seen fleet.Seen
	if s.resolver != nil {
		look := func(r dns.Resolver) { fleet.Look(r, inv) }
		seen = fleet.Look(s.gather(ctx, nil, look), inv)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return write(fleet.Judge(inv, seen, s.date))
}

func deviceNames(inv *inventory.Inventory) []string {
	names := make([]string, len(inv.Devices))
	for i, d := range inv.Devices {
		names[i] = d.Name
	}
	return names
}
