package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/world"
)

// initFlags are the options of "sendplan init", as typed.
type initFlags struct {
	network network
	out     string
	force   bool
}

func newInit(streams Streams) *cobra.Command {
	var flags initFlags
	c := &cobra.Command{
		Use:   "init DOMAIN",
		Short: "write a first inventory, filled with what the DNS tells",
		Long: `init writes a commented inventory for a domain: the cloud and the tenant's name, what receives its mail, and, as comments
to be confirmed, the addresses and services that its SPF and DKIM records name. What the DNS does not tell stays open.

It prints the file, or writes it to -o FILE, which must not exist.`,
		Example: `  sendplan init contoso.com
  sendplan init contoso.com -o inventory.yaml
  sendplan init --demo nordwind.example`,
		Args:              oneOrNone,
		ValidArgsFunction: flags.network.completeDomain,
		RunE:              func(c *cobra.Command, args []string) error { return flags.run(c.Context(), streams, args) },
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.flags(f)
	f.StringVarP(&flags.out, "output", "o", "", "write the inventory to this `FILE`")
	f.BoolVar(&flags.force, "force", false, "write over a file that exists")
	return c
}

func (flags *initFlags) run(ctx context.Context, streams Streams, args []string) error {
	name, err := flags.domain(args)
	if err != nil {
		return err
	}
	if flags.out != "" && !flags.force && exists(flags.out) {
		return usageError("name another file, or write over it with --force", "-o: %s exists", flags.out)
	}
	s, err := flags.network.open()
	if err != nil {
		return err
	}
	return s.finish(ctx, s.initInventory(ctx, name, func(draft []byte) error { return flags.write(streams, draft) }))
}

func (flags *initFlags) domain(args []string) (dns.Name, error) {
	switch {
	case len(args) > 0:
		return parseDomain(args[0])
	case flags.network.demo:
		return world.Domains()[0], nil
	}
	return "", usageError("sendplan init contoso.com, or sendplan init --demo", "name a domain")
}

// initInventory looks at a domain and drafts its inventory. What could not be
// asked is left open in the draft, and told.
func (s *session) initInventory(ctx context.Context, name dns.Name, write func([]byte) error) error {
	opts := check.Options{NoHTTPS: true}
	s.applyView(&opts)
	gathered := s.lookAt(ctx, name, opts, nil)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	domain := check.Look(gathered, name, opts)
	if !domain.Exists() {
		return usageError("is it spelt right?", "the domain %s does not exist", name)
	}
	draft := inventory.Draft(intake.Domain(domain))
	if _, err := inventory.Parse(draft, "the draft", intake.Catalogue); err != nil {
		return fmt.Errorf("the draft cannot be read again: %v", err)
	}
	if err := write(draft); err != nil {
		return err
	}
	if !intake.Unasked(domain) {
		return nil
	}
	return &exitError{exitUnknown, fmt.Sprintf("not everything about %s could be asked: what that would tell is open in the inventory", name), "sendplan check " + name.String() + " shows which questions"}
}

func (flags *initFlags) write(streams Streams, draft []byte) error {
	if flags.out == "" {
		_, err := streams.Out.Write(draft)
		return err
	}
	if err := writeFile(flags.out, bytes.NewReader(draft)); err != nil {
		return usageError("name a file that can be written", "-o: %v", err)
	}
	fmt.Fprintf(streams.Err, "wrote %s\n", flags.out)
	return nil
}
