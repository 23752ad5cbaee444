package check

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/provider"
	"sendplan/spf"
)

// Domain is what the checks judge: one domain's mail DNS as the protocols read
// it. Wherever a question was not answered, the parts say so.
type Domain struct {
	Name     dns.Name
	Exchange Exchange
	SPF      spf.Tree
	DKIM     DKIM
	DMARC    Policy
	Gone     []Gone // names that these trust, and that do not exist

	Transport   Transport
	ReportHosts []ReportHost
	Sources     []Source // addresses that were asked for
	Profile     Profile  // what the user says that the domain is for

	View      View       // which view of the domain the above is
	Authority *Authority // what each name server says; nil unless asked for
}

// DKIM is what was found about a domain's signing keys.
type DKIM struct {
	Selectors []dkim.Selector // in the order asked, states final
	Given     int             // the first so many were named by the user
	Microsoft provider.MicrosoftDKIM
	Probe     dkim.Selector // a name that nobody publishes: it answers only under a wildcard
}

// Policy is what the two generations of receivers find about DMARC.
type Policy struct {
	dmarc.Discovery                     // RFC 9989
	Old             dmarc.Discovery     // RFC 7489, with the public suffix list
	Reports         []dmarc.Destination // of the record that applies
}

// Options say where to look beyond the domain itself.
type Options struct {
	Selectors []string // DKIM selectors to look at first
	Deep      bool     // look at the long list of selectors
	NoHTTPS   bool     // ask no web server

	Profile Profile      // what the domain is for, "" if that is not said
	Sources []netip.Addr // addresses that send for it: their names and block lists are looked up
	Lists   bool         // look up those too that the domain's own SPF record names

	Public        bool       // a resolver was named for the public view
	Nameservers   dns.Places // where authoritative servers are reached, other than the DNS says
	Authoritative bool       // ask every authoritative server
}

// Look reads everything about a domain from r. It goes on past failures, so
// that on a survey one call shows every question that can be asked by now.
func Look(r dns.Resolver, name dns.Name, opts Options) *Domain {
	zone := lookZone(r, name) // its questions are the first ones: a spent budget must not hide the view
	d := look(r, name, opts)
	view, judged := lookView(r, d, zone, opts)
	if judged != nil {
		d = look(judged, name, opts)
	}
	if view.Judged == JudgedPublic && len(view.Public) > 0 {
		d.Transport.Root.Answer.Secure = false // authoritative servers validate nothing
	}
	d.View = view
	if view.Judged != JudgedGiven {
		opts.NoHTTPS = true // web servers are found by the given resolver, which shows another view
	}
	d.Transport.Policy = lookSTSPolicy(r, d, opts)
	if opts.Authoritative {
		d.Authority = lookAuthority(r, d, opts)
	}
	return d
}

// look reads a domain as one resolver shows it.
func look(r dns.Resolver, name dns.Name, opts Options) *Domain {
	ctx := context.Background() // r answers from memory: there is nothing to cancel
	d := &Domain{Name: name, Exchange: lookExchange(r, name), SPF: spf.Expand(ctx, r, name)}
	d.DMARC = LookDMARC(r, name)
	d.DKIM = lookDKIM(ctx, r, d, opts)
	d.Gone = lookGone(r, d)
	d.Transport = lookTransport(r, d)
	d.ReportHosts = lookReportHosts(r, d)
	d.Sources, d.Profile = lookSources(r, d, opts), opts.Profile
	return d
}

// LookDMARC reads the DMARC policy of a domain from r.
func LookDMARC(r dns.Resolver, name dns.Name) Policy {
	ctx := context.Background()
	p := Policy{Discovery: dmarc.Discover(ctx, r, name), Old: dmarc.Discover7489(ctx, r, name, PublicSuffix)}
	if p.PolicyDomain != "" {
		p.Reports = dmarc.Destinations(ctx, r, p.PolicyDomain, p.Record)
	}
	return p
}

// LookDKIM reads the selectors of a domain from r: those of opts, or, without
// any, those that Look takes.
func LookDKIM(r dns.Resolver, name dns.Name, opts Options) DKIM {
	ctx := context.Background()
	if len(opts.Selectors) > 0 && !opts.Deep {
		return lookSelectors(ctx, r, name, len(opts.Selectors), opts.Selectors)
	}
	return lookDKIM(ctx, r, &Domain{Name: name, Exchange: lookExchange(r, name), SPF: spf.Expand(ctx, r, name)}, opts)
}

func lookDKIM(ctx context.Context, r dns.Resolver, d *Domain, opts Options) DKIM {
	// The list depends on both: it must not change with which is answered first.
	// Of SPF it is the record itself that counts; what its terms lead to may
	// still be open.
	if asking(d.Exchange.MX.Err) || d.SPF.Root.Record == nil && asking(d.SPF.Root.Err) {
		return lookSelectors(ctx, r, d.Name, 0, nil)
	}
	given := distinct(opts.Selectors)
	selectors := provider.Selectors(slices.Concat(given, tenantSelectors(d.Name)), d.providers(), opts.Deep)
	return lookSelectors(ctx, r, d.Name, len(given), selectors)
}

// distinct returns selectors without repetitions. DNS does not tell case apart.
func distinct(selectors []string) []string {
	var list []string
	for _, s := range selectors {
		if s = strings.ToLower(s); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// asking reports whether a question is still open in a survey that grows.
func asking(err *dns.Error) bool { return err != nil && err.Cause == dns.NotAsked }

func lookSelectors(ctx context.Context, r dns.Resolver, name dns.Name, given int, selectors []string) DKIM {
	found := DKIM{Given: given, Probe: dkim.Lookup(ctx, r, name, dkim.ProbeLabel(name))}
	for _, selector := range selectors {
		found.Selectors = append(found.Selectors, dkim.Lookup(ctx, r, name, selector))
	}
	found.Selectors = dkim.Guard(found.Probe, found.Selectors)
	found.Microsoft = provider.RefineDKIM(name, found.Selectors)
	found.Selectors = found.Microsoft.Merge(found.Selectors)
	return found
}

// Wildcard reports whether names that nobody published answer too.
func (d DKIM) Wildcard() bool { return d.Probe.State != dkim.Missing && d.Probe.State != dkim.Unknown }

// providers returns who is named by the domain's MX hosts and by the terms of
// its own SPF record.
func (d *Domain) providers() []provider.Entry {
	var entries []provider.Entry
	for _, h := range d.Exchange.Hosts {
		entries = append(entries, provider.ByMX(h.Name)...)
	}
	for _, term := range d.SPF.Root.Children {
		if term.Term.Kind == spf.KindInclude || term.Term.Kind == spf.KindRedirect {
			if e, ok := provider.ByInclude(term.Target); ok {
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// Exists reports whether the domain's name exists. It is true when that is not
// known: nothing is concluded from a failure.
func (d *Domain) Exists() bool {
	mx := d.Exchange.MX
	return mx.Err != nil || len(mx.Answer.Chain) > 0 || mx.Answer.Exists || len(mx.Answer.Records) > 0
}

// SPFText returns the domain's SPF record, "" unless there is exactly one.
func (d *Domain) SPFText() string {
	if d.SPF.Root.Record == nil {
		return ""
	}
	return d.SPF.Root.Record.Text()
}

// sends reports whether the domain's SPF record lets anybody send for it. A
// domain without a record makes no such statement.
func (d *Domain) sends() bool {
	record := d.SPF.Root.Record
	if record == nil {
		return false
	}
	for i, t := range record.Terms {
		switch {
		case !record.Reached(i):
		case t.Kind == spf.KindRedirect, t.Kind.Mechanism() && t.Qualifier != spf.QualifierFail:
			if t.Kind != spf.KindAll || t.Qualifier == spf.QualifierPass {
				return true
			}
		}
	}
	return false
}

// usesMicrosoft reports whether the MX records lead to Microsoft 365.
func (d *Domain) usesMicrosoft() bool {
	for _, h := range d.Exchange.Hosts {
		if h.Microsoft.Family != "" {
			return true
		}
	}
	return false
}

// texts returns all TXT records at the domain itself.
func (d *Domain) texts() []string { return allTexts(d.SPF.Selection) }
