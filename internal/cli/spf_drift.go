package cli

import (
	"context"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/spf"
)

// driftFlags are the options of "sendplan spf drift", as typed.
type driftFlags struct {
	network   network
	output    output
	inventory string
}

func newSPFDrift(streams Streams) *cobra.Command {
	flags := driftFlags{output: output{table: true}}
	c := &cobra.Command{
		Use:   "drift -i FILE",
		Short: "say whether the addresses in the place of SPF terms are still right",
		Long: `A record may hold addresses in the place of an include, to save lookups; when its operator then sends from other addresses,
nobody notices until mail is lost. drift reads such terms from the inventory, domains[].spf.flattened, with the addresses
as of the day on which they were written; asks what each term matches today; and says which addresses came and went.

Exit status: 0 unchanged, 1 an address came or went, or a term is broken, 3 could not tell. What could not be asked is
neither gained nor lost.`,
		Example: `  sendplan spf drift -i inventory.yaml
  sendplan spf drift -i inventory.yaml --format csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return flags.run(c.Context(), streams) },
	}
	flags.network.flags(c.Flags())
	flags.output.flags(c.Flags())
	inventoryFlag(c, &flags.inventory)
	flags.output.complete(c)
	return c
}

func (flags *driftFlags) run(ctx context.Context, streams Streams) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	file, err := loadInventory(streams, flags.inventory)
	if err != nil {
		return err
	}
	if err := checkPins(file.Domains); err != nil {
		return err
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	page.Date = s.date.Format(dateForm)
	return s.finish(ctx, s.drift(ctx, file.Domains, func(pins []render.PinDrift) error { return format.SPFDrift(streams.Out, page, pins) }))
}

// checkPins refuses terms that cannot be compared.
func checkPins(domains []inventory.Domain) error {
	for _, d := range domains {
		for _, pin := range d.SPF.Flattened {
			if refused := spf.CheckTerm(pin.Term); refused != nil {
				return usageError(`write it as it stood in the record: "include:spf.example.net"`, "spf.flattened of %s: %v", d.Name, refused)
			}
		}
	}
	return nil
}

// drift compares the pins of all domains and writes them; its error holds the
// exit status.
func (s *session) drift(ctx context.Context, domains []inventory.Domain, write func([]render.PinDrift) error) error {
	var all []render.PinDrift
	code := exitFine
	for _, d := range domains {
		if len(d.SPF.Flattened) == 0 {
			continue
		}
		gathered := s.gatherFor(ctx, d.Name, nil, func(r dns.Resolver) { pinDrifts(ctx, r, d) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		all = append(all, pinDrifts(ctx, gathered, d)...)
	}
	for _, pin := range all {
		code = worse(code, driftStatus(pin.Drift.State()))
	}
	if err := write(all); err != nil {
		return err
	}
	return status(code)
}

// pinDrifts compares the pins of a domain.
func pinDrifts(ctx context.Context, r dns.Resolver, d inventory.Domain) []render.PinDrift {
	var list []render.PinDrift
	for _, pin := range d.SPF.Flattened {
		now := spf.ExpandTerm(ctx, r, d.Name, pin.Term)
		list = append(list, render.PinDrift{Domain: d.Name, Term: pin.Term, Since: pin.Date, Addresses: pin.Addresses, Drift: spf.DriftOf(pin.Addresses, now)})
	}
	return list
}

func driftStatus(s spf.DriftState) int {
	switch s {
	case spf.DriftChanged, spf.DriftBroken:
		return exitFindings
	case spf.DriftUnknown:
		return exitUnknown
	}
	return exitFine
}
