package cli

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"sendplan/dkim"
	"sendplan/internal/check"
	"sendplan/internal/compare"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/internal/render"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// checkOptions are the options of "sendplan check", parsed.
type checkOptions struct {
	domains []dns.Name
	look    check.Options
	ignored []finding.ID
	failOn  failOn
	format  render.Format
	page    render.Page
	since   map[dns.Name]compare.Result // of --baseline; nil without one
}

// failOn is the least severity that makes a run fail.
type failOn struct {
	never    bool
	severity finding.Severity
}

func parseFailOn(text string) (failOn, error) {
	for _, s := range []finding.Severity{finding.Error, finding.Warning, finding.Note} {
		if text == s.String() {
			return failOn{severity: s}, nil
		}
	}
	if text == "never" {
		return failOn{never: true}, nil
	}
	return failOn{}, usageError("", "--fail-on %q: must be error, warning, note or never", text)
}

// fails reports whether a failed finding of this severity makes a run fail.
func (f failOn) fails(s finding.Severity) bool { return !f.never && s >= f.severity }

// checkFlags are the options as typed.
type checkFlags struct {
	network   network
	output    output
	selectors []string
	deep      bool
	noHTTPS   bool
	profile   string
	sources   []string
	lists     bool

	authoritative bool

	ignore   []string
	failOn   string
	baseline string
}

func newCheck(streams Streams) *cobra.Command {
	flags := checkFlags{output: output{reports: true}}
	c := &cobra.Command{
		Use:   "check DOMAIN...",
		Short: "judge MX, SPF, DKIM and DMARC of domains, today",
		Long: `check asks the DNS for MX, SPF, DKIM and DMARC of each domain and says what is right and what is wrong, with the
records, the reasons and the remedies. What could not be asked is unknown, never missing.

Where the resolver seems to show an inside view of the domain (split DNS), the public one is looked for and judged: at the
resolver that --public names, or else at the domain's own name servers, found from outside.

With --demo and no domain it checks all domains of the embedded world.`,
		Example: `  sendplan check contoso.com
  sendplan check --demo nordwind.example
  sendplan check --format json --fail-on warning contoso.com fabrikam.com`,
		RunE: func(c *cobra.Command, args []string) error {
			opts, err := flags.parse(streams, args)
			if err != nil {
				return err
			}
			return runCheck(c.Context(), streams, flags.network, opts)
		},
	}
	f := c.Flags()
	flags.network.flags(f)
	flags.network.view.flags(f)
	flags.output.flags(f)
	f.BoolVar(&flags.authoritative, "authoritative", false, "ask every authoritative server, and report those that differ, lag or do not answer")
	f.StringArrayVar(&flags.selectors, "selector", nil, "look at this DKIM `SELECTOR` first; may be repeated")
	f.BoolVar(&flags.deep, "deep", false, "look at the long list of DKIM selectors")
	f.StringVar(&flags.profile, "profile", "", "what the domain is for: parked or sending")
	f.StringArrayVar(&flags.sources, "source", nil, "look up the name of this sending `ADDRESS`, and ask block lists about it; may be repeated")
	f.BoolVar(&flags.lists, "dnsbl", false, "look up the names of the addresses that the SPF record lists one by one, and ask block lists about them")
	f.BoolVar(&flags.noHTTPS, "no-https", false, "ask no web server: leave the MTA-STS policy out")
	f.StringSliceVar(&flags.ignore, "ignore", nil, "leave out the findings with this `ID`; may be repeated")
	failOnFlag(c, &flags.failOn)
	f.StringVar(&flags.baseline, "baseline", "", "report only what is new since this `FILE`, the JSON or JSON lines of an earlier check")
	flags.output.complete(c)
	c.ValidArgsFunction = flags.network.completeDomain
	_ = c.RegisterFlagCompletionFunc("ignore", cobra.FixedCompletions(checkIDs(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// failOnFlag is the option that both commands have that judge reports.
func failOnFlag(c *cobra.Command, value *string) {
	c.Flags().StringVar(value, "fail-on", finding.Error.String(), "exit with 1 from this severity on: error, warning, note or never")
	_ = c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"error", "warning", "note", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

func (flags *checkFlags) parse(streams Streams, args []string) (checkOptions, error) {
	opts := checkOptions{look: check.Options{Selectors: flags.selectors, Deep: flags.deep, NoHTTPS: flags.noHTTPS, Authoritative: flags.authoritative}}
	var err error
	if opts.domains, err = parseDomains(args, flags.network.demo); err != nil {
		return opts, err
	}
	if err = parseSelectors(flags.selectors); err != nil {
		return opts, err
	}
	if err = flags.purpose(&opts.look); err != nil {
		return opts, err
	}
	if opts.ignored, err = parseIDs(flags.ignore); err != nil {
		return opts, err
	}
	if opts.failOn, err = parseFailOn(flags.failOn); err != nil {
		return opts, err
	}
	if flags.baseline != "" {
		base, err := readRun(flags.baseline)
		if err != nil {
			return opts, usageError(runHint, "--baseline %s: %v", flags.baseline, err)
		}
		opts.since = base.ByDomain()
	}
	opts.format, opts.page, err = flags.output.parse(streams)
	opts.page.Fails = opts.failOn.fails
	return opts, err
}

// parseDomains reads the domains to check, each once.
func parseDomains(args []string, demo bool) ([]dns.Name, error) {
	if len(args) == 0 && demo {
		return world.Domains(), nil
	}
	if len(args) == 0 {
		return nil, usageError("sendplan check contoso.com, or sendplan check --demo", "name a domain to check")
	}
	var names []dns.Name
	seen := make(map[dns.Name]bool)
	for _, arg := range args {
		name, err := parseDomain(arg)
		if err != nil {
			return nil, err
		}
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	return names, nil
}

func parseDomain(text string) (dns.Name, error) {
	name, err := dns.ParseName(text)
	if err == nil && name == dns.Root {
		err = fmt.Errorf("the root is no mail domain")
	}
	if err != nil {
		return "", usageError("write it as contoso.com", "%v", err)
	}
	return name, nil
}

func parseSelectors(texts []string) error {
	for _, text := range texts {
		if _, err := dkim.ParseSelector(text); err != nil {
			return usageError("write it as selector1", "--selector: %v", err)
		}
	}
	return nil
}

// maxDomains bounds how many domains are surveyed at the same time.
const maxDomains = 8

func runCheck(ctx context.Context, streams Streams, net network, opts checkOptions) error {
	s, err := net.open()
	if err != nil {
		return err
	}
	s.applyView(&opts.look)
	opts.page.Date = s.date.Format(dateForm)
	writer := opts.format.Checks(streams.Out, opts.page)
	progress := newProgress(streams)
	code := exitFine
	err = s.examineAll(ctx, opts, progress, func(r check.Report) error {
		code = worse(code, opts.failOn.code(r))
		progress.clear()
		return writer.Report(r)
	})
	progress.clear()
	if err == nil {
		err = writer.Close(code)
	}
	if err == nil {
		err = status(code)
	}
	return s.finish(ctx, err)
}

// code returns the exit status that a report stands for.
func (f failOn) code(r check.Report) int {
	switch {
	case !f.never && r.Failed(f.severity):
		return exitFindings
	case r.Unknown():
		return exitUnknown
	}
	return exitFine
}

// examineAll surveys the domains, several at a time, and hands over the reports
// in the order asked for, or as they are done if the format streams. It stops
// at the first error of done.
func (s *session) examineAll(ctx context.Context, opts checkOptions, p *progress, done func(check.Report) error) error {
	ctx, cancel := context.WithCancel(ctx)
	reports := make([]chan check.Report, len(opts.domains))
	finished := make(chan int, len(opts.domains))
	slots := make(chan struct{}, maxDomains)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for i, name := range opts.domains {
		reports[i] = make(chan check.Report, 1)
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			reports[i] <- s.examine(ctx, name, opts, p)
			finished <- i
		})
	}
	for i := range opts.domains {
		next := i
		if opts.format.Stream {
			next = <-finished
		}
		r := <-reports[next]
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := done(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) examine(ctx context.Context, name dns.Name, opts checkOptions, p *progress) check.Report {
	gathered := s.lookAt(ctx, name, opts.look, func(step survey.Progress) { p.show(name, step) })
	report := check.Examine(gathered, name, opts.look, opts.ignored)
	if opts.since != nil {
		report = compare.Since(opts.since[name], report, opts.ignored)
	}
	return report
}
