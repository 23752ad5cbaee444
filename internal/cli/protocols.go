package cli

import (
	"context"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/render"
	"sendplan/internal/world"
	"sendplan/spf"
)

// lookup is what the commands about one protocol have in common: a domain in, a
// document out. They report and do not judge.
type lookup struct {
	network network
	output  output
}

func (l *lookup) command(streams Streams, c *cobra.Command, run func(context.Context, *session, render.Format, render.Page, dns.Name) error) *cobra.Command {
	c.Args = oneOrNone
	c.ValidArgsFunction = l.network.completeDomain
	c.RunE = func(c *cobra.Command, args []string) error {
		name, err := l.domain(c, args)
		if err != nil {
			return err
		}
		format, page, err := l.output.parse(streams)
		if err != nil {
			return err
		}
		s, err := l.network.open()
		if err != nil {
			return err
		}
		page.Date = s.date.Format(dateForm)
		return s.finish(c.Context(), run(c.Context(), s, format, page, name))
	}
	l.network.flags(c.Flags())
	l.output.flags(c.Flags())
	l.output.complete(c)
	return c
}

// oneOrNone refuses more than one argument.
func oneOrNone(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return cobra.ExactArgs(1)(c, args)
}

// domain reads the domain to look at. With --demo it may be left out: then it
// is the first of the embedded world.
func (l *lookup) domain(c *cobra.Command, args []string) (dns.Name, error) {
	switch {
	case len(args) > 0:
		return parseDomain(args[0])
	case l.network.demo:
		return world.Domains()[0], nil
	}
	return "", usageError(c.CommandPath()+" contoso.com, or "+c.CommandPath()+" --demo", "name a domain")
}

// unless turns "could not tell" into the exit status.
func unless(known bool) error {
	if known {
		return nil
	}
	return status(exitUnknown)
}

func newSPF(streams Streams) *cobra.Command {
	return group("spf", "look at SPF alone", newSPFTree(streams), newSPFEval(streams), newSPFDrift(streams))
}

func newSPFTree(streams Streams) *cobra.Command {
	var l lookup
	c := &cobra.Command{
		Use:     "tree DOMAIN",
		Short:   "show everything that a domain's SPF record leads to, with its cost",
		Example: "  sendplan spf tree contoso.com\n  sendplan spf tree --demo too-many-lookups.example",
	}
	return l.command(streams, c, func(ctx context.Context, s *session, f render.Format, p render.Page, name dns.Name) error {
		gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { spf.Expand(ctx, r, name) })
		if err != nil {
			return err
		}
		tree := spf.Expand(ctx, gathered, name)
		if err := f.SPFTree(streams.Out, p, tree, gathered.Queries(), gathered.Servers()); err != nil {
			return err
		}
		return unless(tree.Result != spf.UnknownErrors)
	})
}

func newSPFEval(streams Streams) *cobra.Command {
	var l lookup
	var ip, sender, helo string
	c := &cobra.Command{
		Use:   "eval --ip IP [--sender ADDR] [--helo NAME] DOMAIN",
		Short: "evaluate SPF for one message and tell every decision",
		Long: `eval does what a receiver does (check_host of RFC 7208) for mail from the address --ip. The MAIL FROM is --sender, or
postmaster at the domain; --sender "<>" is the null sender, for which receivers check the --helo name.`,
		Example: `  sendplan spf eval --ip 192.0.2.10 --sender scan@contoso.com contoso.com
  sendplan spf eval --demo --ip 203.0.113.10 nordwind.example`,
	}
	c = l.command(streams, c, func(ctx context.Context, s *session, f render.Format, p render.Page, name dns.Name) error {
		q, err := parseQuery(ip, sender, helo, name)
		if err != nil {
			return err
		}
		gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { spf.Evaluate(ctx, r, q) })
		if err != nil {
			return err
		}
		e := spf.Evaluate(ctx, gathered, q)
		if err := f.SPFEval(streams.Out, p, q, e); err != nil {
			return err
		}
		return unless(e.Result != spf.TempError)
	})
	c.Flags().StringVar(&ip, "ip", "", "address of the sending host")
	c.Flags().StringVar(&sender, "sender", "", "MAIL FROM address (default: postmaster@DOMAIN)")
	c.Flags().StringVar(&helo, "helo", "", "HELO or EHLO name (default: DOMAIN)")
	return c
}

func parseQuery(ip, sender, helo string, name dns.Name) (spf.Query, error) {
	if ip == "" {
		return spf.Query{}, usageError("sendplan spf eval --ip 192.0.2.10 "+name.String(), "name the address of the sending host with --ip")
	}
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Zone() != "" {
		return spf.Query{}, usageError("write it as 192.0.2.10 or 2001:db8::10", "--ip %q is not an address", ip)
	}
	if strings.HasSuffix(sender, "@") {
		return spf.Query{}, usageError(`write it as scan@`+name.String()+` or "<>"`, "--sender %q has no domain", sender)
	}
	if sender == "" {
		sender = "postmaster@" + name.String()
	}
	if helo == "" {
		helo = name.String()
	}
	return spf.Query{IP: addr, MailFrom: sender, Helo: helo, Domain: name}, nil
}

func newDMARC(streams Streams) *cobra.Command {
	var l lookup
	c := &cobra.Command{
		Use:     "lookup DOMAIN",
		Short:   "find the DMARC policy for mail from a domain, and how receivers find it",
		Example: "  sendplan dmarc lookup contoso.com\n  sendplan dmarc lookup --demo nordwind.example",
	}
	c = l.command(streams, c, func(ctx context.Context, s *session, f render.Format, p render.Page, name dns.Name) error {
		gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { check.LookDMARC(r, name) })
		if err != nil {
			return err
		}
		policy := check.LookDMARC(gathered, name)
		if err := f.DMARC(streams.Out, p, policy); err != nil {
			return err
		}
		return unless(policy.Effective != dmarc.Unknown)
	})
	return group("dmarc", "look at DMARC alone", c)
}

func newDKIM(streams Streams) *cobra.Command {
	var l lookup
	var look check.Options
	c := &cobra.Command{
		Use:   "lookup DOMAIN",
		Short: "show the DKIM keys at a domain's selectors",
		Long: `lookup asks for the selectors that are named by --selector; without one, for those of the services that MX and SPF
point to, and for the commonest. Selectors cannot be listed in the DNS: not found proves nothing.`,
		Example: "  sendplan dkim lookup --selector selector1 contoso.com\n  sendplan dkim lookup --demo nordwind.example",
	}
	c = l.command(streams, c, func(ctx context.Context, s *session, f render.Format, p render.Page, name dns.Name) error {
		if err := parseSelectors(look.Selectors); err != nil {
			return err
		}
		gathered, err := s.gatherOne(ctx, func(r dns.Resolver) { check.LookDKIM(r, name, look) })
		if err != nil {
			return err
		}
		found := check.LookDKIM(gathered, name, look)
		if err := f.DKIM(streams.Out, p, name, found); err != nil {
			return err
		}
		return unless(!anyUnknown(found.Selectors))
	})
	c.Flags().StringArrayVar(&look.Selectors, "selector", nil, "look at this `SELECTOR`; may be repeated")
	c.Flags().BoolVar(&look.Deep, "deep", false, "look at the long list of selectors")
	return group("dkim", "look at DKIM alone, make keys", c, newKeygen(streams))
}

func anyUnknown(selectors []dkim.Selector) bool {
	for _, s := range selectors {
		if s.State == dkim.Unknown {
			return true
		}
	}
	return false
}
