package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sendplan/internal/dns"
	"sendplan/internal/evidence"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/render"
)

func newImport(streams Streams) *cobra.Command {
	return group("import", "read exports of Exchange Online into the inventory",
		newImportExchange(streams),
		newImportEvidence(streams, evidence.SMTPAuth, "smtp-auth FILE|-", "read the SMTP AUTH clients report (CSV)"),
		newImportEvidence(streams, evidence.Trace, "trace FILE|-", "read a message trace (CSV)"),
	)
}

// importFlags are the options of "sendplan import smtp-auth" and "import
// trace", as typed.
type importFlags struct {
	kind      evidence.Kind
	output    output
	inventory string
	write     bool
	dates     string
	accepted  []string
	days      int
}

func newImportEvidence(streams Streams, kind evidence.Kind, use, short string) *cobra.Command {
	flags := importFlags{kind: kind, output: output{table: true}}
	name := "sendplan import " + string(kind)
	c := &cobra.Command{
		Use:   use,
		Short: short,
		Long: `It shows who sends, how, and from where, as devices to be reviewed. Recipients only count towards whom a sender writes to;
neither they nor subjects are kept or shown.

With -i it says which of them the inventory has already, and with --write it adds the others, each with what is to be
reviewed. Comments and the order of the file stay.`,
		Example: "  " + name + " export.csv\n  " + name + " export.csv -i inventory.yaml --write",
		Args:    oneFile,
		RunE:    func(c *cobra.Command, args []string) error { return flags.run(c.Context(), streams, args[0]) },
	}
	f := c.Flags()
	flags.output.flags(f)
	inventoryFlag(c, &flags.inventory)
	f.BoolVar(&flags.write, "write", false, "add the new devices to the inventory")
	f.StringVar(&flags.dates, "dates", "", "read 03/04/2026 as day first, dmy, or month first, mdy (default: as the rows tell)")
	if kind == evidence.Trace {
		f.StringArrayVar(&flags.accepted, "accepted", nil, "take this `DOMAIN` for one of the tenant's; may be repeated (default: the domains of the inventory)")
	} else {
		f.IntVar(&flags.days, "days", 0, "the report is about this many days, which it does not say itself")
	}
	flags.output.complete(c)
	return c
}

// oneFile asks for the file to read.
func oneFile(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError("see "+c.CommandPath()+" --help", "name a file to read, or - for standard input")
	}
	return cobra.ExactArgs(1)(c, args)
}

func (flags *importFlags) run(_ context.Context, streams Streams, path string) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	file, err := openInventory(streams, flags.inventory, flags.write, path)
	if err != nil {
		return err
	}
	opts, err := flags.options(file)
	if err != nil {
		return err
	}
	report, err := readEvidence(streams, path, opts)
	if err != nil {
		return usageError("docs/evidence.md says which exports are read", "%s: %v", path, err)
	}
	return flags.finish(streams, format, page, file, report)
}

// openInventory reads the inventory that an import compares with, an empty one
// where none is named.
func openInventory(streams Streams, path string, write bool, input string) (*inventory.File, error) {
	switch {
	case path == "" && write:
		return nil, usageError("", "--write needs the inventory to write to: name it with -i FILE")
	case path == "":
		return &inventory.File{}, nil
	case path == "-" && write:
		return nil, usageError("name a file with -i", "--write cannot write to standard input")
	case path == "-" && input == "-":
		return nil, usageError("save one of them as a file", "only one file can come from standard input")
	}
	return loadInventory(streams, path)
}

func (flags *importFlags) options(file *inventory.File) (evidence.Options, error) {
	opts := evidence.Options{Kind: flags.kind, Dates: evidence.DateOrder(flags.dates), Days: flags.days}
	switch opts.Dates {
	case "", evidence.DayFirst, evidence.MonthFirst:
	default:
		return opts, usageError("", "--dates %q: must be dmy or mdy", flags.dates)
	}
	if flags.days < 0 {
		return opts, usageError("", "--days must not be less than 0")
	}
	for _, text := range flags.accepted {
		name, err := parseDomain(text)
		if err != nil {
			return opts, err
		}
		opts.Accepted = append(opts.Accepted, name)
	}
	if len(opts.Accepted) == 0 {
		opts.Accepted = ownDomains(&file.Inventory)
	}
	if flags.kind == evidence.Trace && len(opts.Accepted) == 0 {
		return opts, usageError("name them with --accepted DOMAIN, or the inventory that lists them with -i FILE", "a trace can only be read with the tenant's accepted domains")
	}
	opts.Inbound = connectorNames(&file.Inventory)
	return opts, nil
}

func connectorNames(inv *inventory.Inventory) []string {
	var names []string
	for _, c := range inv.Tenant.Connectors {
		names = append(names, c.Name)
	}
	return names
}

func ownDomains(inv *inventory.Inventory) []dns.Name {
	var list []dns.Name
	for _, d := range inv.Domains {
		list = append(list, d.Name)
	}
	if inv.Tenant.InitialDomain != "" {
		list = append(list, inv.Tenant.InitialDomain)
	}
	return list
}

func readEvidence(streams Streams, path string, opts evidence.Options) (evidence.Report, error) {
	var from io.Reader = streams.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return evidence.Report{}, err
		}
		defer file.Close()
		from = file
	}
	return evidence.Read(from, opts)
}

// finish shows what was found and, if that is wanted, adds it to the inventory
// first, so that nothing is said to be written that was not.
func (flags *importFlags) finish(streams Streams, format render.Format, page render.Page, file *inventory.File, report evidence.Report) error {
	proposed := intake.Propose(&file.Inventory, report.Found)
	written := 0
	if flags.write {
		var devices []inventory.Device
		for _, p := range proposed {
			if p.IsDevice() {
				devices = append(devices, p.Device)
			}
		}
		before := file.Bytes()
		if written = len(devices); written > 0 {
			if err := file.AddDevices(devices...); err != nil {
				return usageError(inventoryHint, "%s: %v", flags.inventory, err)
			}
			if err := saveInventory(flags.inventory, before, file); err != nil {
				return err
			}
		}
	}
	return format.Imported(streams.Out, page, report, proposed, written)
}
