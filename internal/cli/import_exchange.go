package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"sendplan/internal/inventory"
	"sendplan/internal/inventory/exchange"
)

// exchangeFlags are the options of "sendplan import exchange", as typed.
type exchangeFlags struct {
	output    output
	inventory string
	write     bool
	of        string
}

func newImportExchange(streams Streams) *cobra.Command {
	var flags exchangeFlags
	c := &cobra.Command{
		Use:   "exchange FILE|-",
		Short: "read what cmdlets of Exchange Online print about the tenant",
		Long: `exchange reads the output of ` + strings.Join(cmdletNames(), ", ") + `,
as ConvertTo-Json or Format-List (fl) prints it, one or several in a file, and shows what it says. With --write that goes
into the inventory; comments and the order of the file stay.`,
		Example: "  sendplan import exchange dkim.json\n  sendplan import exchange connectors.json -i inventory.yaml --write",
		Args:    oneFile,
		RunE:    func(_ *cobra.Command, args []string) error { return flags.run(streams, args[0]) },
	}
	flags.output.flags(c.Flags())
	inventoryFlag(c, &flags.inventory)
	c.Flags().BoolVar(&flags.write, "write", false, "write what is said into the inventory")
	c.Flags().StringVar(&flags.of, "of", "", "take the file for the output of this `CMDLET`, where that cannot be seen in it")
	flags.output.complete(c)
	return c
}

func cmdletNames() []string {
	var names []string
	for _, c := range exchange.Cmdlets() {
		names = append(names, string(c))
	}
	return names
}

// maxExport is how much is read of the output of cmdlets.
const maxExport = 64 << 20

func (flags *exchangeFlags) run(streams Streams, path string) error {
	format, page, err := flags.output.parse(streams)
	if err != nil {
		return err
	}
	of, err := parseCmdlet(flags.of)
	if err != nil {
		return err
	}
	file, err := openInventory(streams, flags.inventory, flags.write, path)
	if err != nil {
		return err
	}
	data, err := readBounded(streams, path, maxExport)
	if err != nil {
		return usageError("name a file that holds the output of a cmdlet", "%v", err)
	}
	if len(data) > maxExport {
		return usageError("save the output of one cmdlet at a time", "%s has more than %d MB", path, maxExport>>20)
	}
	name := path
	if path == "-" {
		name = "standard input"
	}
	export, err := exchange.Read(data, name, of)
	if err != nil {
		return usageError("docs/inventory.md says which output is read", "%v", err)
	}
	if err := flags.save(file, export); err != nil {
		return err
	}
	return format.Exchange(streams.Out, page, export, flags.write)
}

// save writes an export into the inventory, if that is wanted.
func (flags *exchangeFlags) save(file *inventory.File, export *exchange.Export) error {
	if !flags.write {
		return nil
	}
	before := file.Bytes()
	if err := export.Apply(file); err != nil {
		return usageError(inventoryHint, "%s: %v", flags.inventory, err)
	}
	return saveInventory(flags.inventory, before, file)
}

func parseCmdlet(text string) (exchange.Cmdlet, error) {
	for _, c := range exchange.Cmdlets() {
		if strings.EqualFold(text, string(c)) {
			return c, nil
		}
	}
	if text != "" {
		return "", usageError(nearestOf(text, cmdletNames(), ""), "--of %q: must be one of %s", text, strings.Join(cmdletNames(), ", "))
	}
	return exchange.Unknown, nil
}
