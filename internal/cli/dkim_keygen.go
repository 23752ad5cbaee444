package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sendplan/dkim"
	"sendplan/internal/render"
	"sendplan/internal/term"
)

// keygen are the options of "sendplan dkim keygen", as typed.
type keygen struct {
	lookup   lookup
	selector string
	keyType  string
	out      string
	offline  bool
}

func newKeygen(streams Streams) *cobra.Command {
	var k keygen
	c := &cobra.Command{
		Use:   "keygen DOMAIN --selector NAME --out FILE",
		Short: "make a DKIM key for a mail server of your own, and the record to publish",
		Long: `keygen is for mail servers that sign themselves; Exchange Online and sending services make their own keys. The private key
goes to a new file that only its owner may read, and nowhere else. The record for the DNS is printed.

It asks the DNS whether the selector is free; --offline leaves that out. If something is published there it warns, names
another selector, and ends with status 1: the key is made and fits any selector, but the record that stands must stay.
If the DNS cannot tell, it says so and ends with status 0.`,
		Example: `  sendplan dkim keygen contoso.com --selector mta2026 --out mta2026.pem
  sendplan dkim keygen contoso.com --selector mta2026-ed --type ed25519 --out mta2026-ed.pem`,
		Args:              oneOrNone,
		ValidArgsFunction: k.lookup.network.completeDomain,
		RunE:              func(c *cobra.Command, args []string) error { return k.run(c, streams, args) },
	}
	f := c.Flags()
	k.lookup.network.flags(f)
	k.lookup.output.flags(f)
	k.lookup.output.complete(c)
	types := []string{string(dkim.RSA), string(dkim.Ed25519)}
	f.StringVar(&k.selector, "selector", "", "make the key for this `NAME`, a selector that is not in use")
	f.StringVar(&k.keyType, "type", types[0], "make a key of this `TYPE`: "+strings.Join(types, " (2048 bits) or "))
	f.StringVar(&k.out, "out", "", "write the private key to this `FILE`, which must not exist")
	f.BoolVar(&k.offline, "offline", false, "ask no DNS")
	// They fail only for flags that do not exist.
	_ = c.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(types, cobra.ShellCompDirectiveNoFileComp))
	_ = c.MarkFlagFilename("out", "pem", "key", "private")
	return c
}

func (k *keygen) run(c *cobra.Command, streams Streams, args []string) error {
	made, err := k.parse(c, streams, args)
	if err != nil {
		return err
	}
	format, page, err := k.lookup.output.parse(streams)
	if err != nil {
		return err
	}
	s, err := k.lookup.network.openUnless(k.offline)
	if err != nil {
		return err
	}
	page.Date = s.date.Format(dateForm)
	if err = s.standing(c.Context(), made); err == nil {
		err = k.produce(streams, made, func() error { return format.NewKey(streams.Out, page, *made) })
	}
	return s.finish(c.Context(), err)
}

// parse checks what was typed, so that nothing is asked or made in vain.
func (k *keygen) parse(c *cobra.Command, streams Streams, args []string) (*render.NewKey, error) {
	domain, err := k.lookup.domain(c, args)
	if err != nil {
		return nil, err
	}
	if k.selector == "" {
		return nil, usageError("take one that is not in use, such as --selector mta2026", "name the selector with --selector")
	}
	if err := parseSelectors([]string{k.selector}); err != nil {
		return nil, err
	}
	if t := dkim.KeyType(k.keyType); t != dkim.RSA && t != dkim.Ed25519 {
		return nil, usageError("", "--type %q: must be rsa or ed25519", k.keyType)
	}
	if k.out == "" {
		return nil, usageError("such as --out "+k.selector+".pem", "name the file for the private key with --out")
	}
	if err := vacant(k.out, streams.Out); err != nil {
		return nil, usageError("name a new file", "--out: %v", err)
	}
	selector, _ := dkim.ParseSelector(k.selector)       // checked above
	name, err := domain.Child(selector + "._domainkey") // RFC 6376 §3.6.2.1
	if err != nil {
		return nil, usageError("take a shorter selector", "--selector: %v", err)
	}
	return &render.NewKey{Domain: domain, Selector: selector, Name: name, File: k.out, Standing: render.NameUnasked}, nil
}

// produce warns, makes the key and shows its record.
func (k *keygen) produce(streams Streams, made *render.NewKey, show func() error) error {
	for _, w := range made.Warnings {
		fmt.Fprintf(streams.Err, "warning: %s\n", term.Safe(w))
	}
	key, err := dkim.Generate(dkim.KeyType(k.keyType))
	if err != nil {
		return err
	}
	if err := writeSecret(k.out, bytes.NewReader(key.PEM())); err != nil {
		return usageError("name a new file in a folder that can be written", "--out: %v", err)
	}
	made.Record = key.Record()
	if err := show(); err != nil {
		return fmt.Errorf("the private key is in %s, but its record could not be printed: %w", k.out, err)
	}
	if made.Standing == render.NameTaken {
		return status(exitFindings)
	}
	return nil
}
