package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
	"sendplan/planner"
)

// validateFlags are the options of "sendplan validate", as typed.
type validateFlags struct {
	network   network
	output    output
	inventory string
	zone      string
	origin    string
}

func newValidate(streams Streams) *cobra.Command {
	flags := validateFlags{output: output{table: true, tests: true}}
	c := &cobra.Command{
		Use:   "validate -i FILE",
		Short: "say whether every device is right after the plan, or with a zone file that is not published yet",
		Long: `validate makes the plan of an inventory and says of each device whether receivers let its mail pass before and after,
and whether it is right then. It is the gate before a migration, and in a pipeline.

With --zone it makes no plan: what is not published yet stands in a zone file, which is taken as it is. Names in it come
from the file alone, names that it delegates and all others from the DNS. Who sends by the records of today and would not
pass any more is found too.

Exit status: 0 every device is right, 1 one is not or a sender would lose, 3 something is not known, 2 bad input.`,
		Example: `  sendplan validate -i examples/office.yaml --demo
  sendplan validate -i inventory.yaml --format junit > report.xml
  sendplan validate -i inventory.yaml --zone zones/contoso.com.zone --origin contoso.com`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return flags.run(c.Context(), streams) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.placeFlag(f)
	flags.output.flags(f)
	inventoryFlag(c, &flags.inventory)
	f.StringVar(&flags.zone, "zone", "", "judge this zone `FILE` as what will be published, in place of a plan")
	f.StringVar(&flags.origin, "origin", "", "the zone's `NAME`, for a file that does not say $ORIGIN")
	flags.output.complete(c)
	return c
}

func (flags *validateFlags) run(ctx context.Context, streams Streams) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	zone, err := flags.readZone(streams)
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
	page.Date = s.date.Format(dateForm)
	maker := planMaker{session: s, progress: newProgress(streams), name: flags.inventory}
	return s.finish(ctx, flags.carryOut(ctx, maker, &file.Inventory, zone, func(v render.Validated) error {
		return format.Validation(streams.Out, page, v)
	}))
}

func (flags *validateFlags) carryOut(ctx context.Context, m planMaker, inv *inventory.Inventory, zone *zoneFile, write func(render.Validated) error) error {
	var result render.Validated
	var err error
	if zone == nil {
		result.Planned, err = m.make(ctx, inv)
	} else {
		result, err = flags.compare(ctx, m, inv, zone)
	}
	if err != nil {
		return err
	}
	if err := write(result); err != nil {
		return err
	}
	return status(validStatus[result.Verdict()])
}

// compare judges by a zone file. That a file is fine in which nothing is looked
// up would say nothing: it may be that of another zone.
func (flags *validateFlags) compare(ctx context.Context, m planMaker, inv *inventory.Inventory, zone *zoneFile) (render.Validated, error) {
	result := render.Validated{Planned: render.Planned{Inventory: m.name}, Zone: zone.origin, File: flags.zone}
	used := concerns(inv, zone.origin)
	var err error
	result.Plan, err = judged(ctx, m, inv, "validate", func(r dns.Resolver) planner.Plan {
		unpublished := planner.Unpublished(zone.zones, zone.origin, m.places)
		return planner.Compare(inv, r, func(view dns.Resolver) dns.Resolver { return watched{unpublished(view), zone.origin, &used} }, m.options())
	})
	if err == nil && !used && result.Verdict() == render.ValidRight {
		return result, usageError("is it the right --origin, or $ORIGIN of the file, and the right inventory?",
			"--zone %s: nothing of the inventory depends on the zone %s, so the file says nothing about it", flags.zone, zone.origin)
	}
	return result, err
}

// concerns reports whether an inventory names a domain in a zone, or the domain that
// a zone is in.
func concerns(inv *inventory.Inventory, zone dns.Name) bool {
	return slices.ContainsFunc(inv.Domains, func(d inventory.Domain) bool { return d.Name.Below(zone) || zone.Below(d.Name) })
}

// watched is a resolver that notes whether anything of a zone was asked for, or
// came up as the target of an alias.
type watched struct {
	dns.Resolver
	zone dns.Name
	used *bool
}

// Lookup asks one question.
func (w watched) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	a, err := w.Resolver.Lookup(ctx, name, t)
	*w.used = *w.used || a.Target(name).Below(w.zone) || name.Below(w.zone) || slices.ContainsFunc(a.Chain, func(r dns.Record) bool { return r.Name.Below(w.zone) })
	return a, err
}

// validStatus is the exit status of a validation.
var validStatus = map[render.ValidVerdict]int{
	render.ValidRight: exitFine, render.ValidWrong: exitFindings, render.ValidUnknown: exitUnknown,
}

// zoneFile is one zone as a file has it.
type zoneFile struct {
	zones  *dns.Zones
	origin dns.Name
}

// maxZoneFile is how much is read of a zone file, in octets.
const maxZoneFile = 64 << 20

// readZone reads the zone that --zone names, nil if that was not given.
func (flags *validateFlags) readZone(streams Streams) (*zoneFile, error) {
	switch {
	case flags.zone == "" && flags.origin != "":
		return nil, usageError("name the file with --zone FILE", "--origin is for --zone")
	case flags.zone == "":
		return nil, nil
	case flags.zone == "-" && flags.inventory == "-":
		return nil, usageError("save one of them as a file", "--zone and -i cannot both read standard input")
	}
	var origin dns.Name
	if flags.origin != "" {
		var err error
		if origin, err = parseDomain(flags.origin); err != nil {
			return nil, err
		}
	}
	data, err := readBounded(streams, flags.zone, maxZoneFile)
	if err != nil {
		return nil, usageError("", "--zone: %v", err)
	}
	zones, err := dns.ParseZonesAt(string(data), flags.zone, origin)
	if err != nil {
		return nil, usageError(originHint(origin), "--zone: %v", err)
	}
	return onlyZone(flags.zone, zones, origin)
}

func originHint(origin dns.Name) string {
	if origin == "" {
		return "a file that does not say $ORIGIN needs --origin NAME, its zone"
	}
	return ""
}

// onlyZone returns the one zone of a file, which must be that of origin if that
// is known.
func onlyZone(file string, zones *dns.Zones, origin dns.Name) (*zoneFile, error) {
	apexes := zones.Apexes()
	switch {
	case len(apexes) == 0:
		return nil, usageError(originHint(origin), "--zone %s: it holds no SOA record, so it is no whole zone", file)
	case len(apexes) > 1:
		return nil, usageError("give a file for one zone", "--zone %s: it holds the zones %s and %s", file, apexes[0], apexes[1])
	case origin != "" && apexes[0] != origin:
		return nil, usageError("the SOA record stands at the zone's name", "--zone %s: %s", file, fmt.Sprintf("its SOA record is that of %s, not of %s", apexes[0], origin))
	}
	return &zoneFile{zones, apexes[0]}, nil
}
