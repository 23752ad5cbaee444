package check

import (
	"fmt"
	"slices"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var dmarcReportDead = Check{
	ID:       "dmarc-report-dead",
	Severity: finding.Warning,
	Title:    "DMARC reports go to a domain that takes no mail",
	Explain: `The domain of a report address does not exist, has neither mail exchangers nor an address, or refuses all mail with a null
MX. Reports are lost, and nobody sees who else sends as the domain. If the domain expired, whoever registers it gets the
reports, and learns from them where your mail comes from.

Put an address in its place that somebody reads.`,
	Refs: []string{"RFC 9990 §3", "RFC 5321 §5.1", "RFC 7505 §3"},
	Run:  runDMARCReportDead,
}

// ReportHost is the domain of an address for reports, and where its mail goes.
type ReportHost struct {
	Name        dns.Name
	Addresses   []string // as the record has them
	MX, A, AAAA Lookup
}

// maxReportHosts bounds the domains that are asked about.
const maxReportHosts = 10

func lookReportHosts(r dns.Resolver, d *Domain) []ReportHost {
	var hosts []ReportHost
	index := map[dns.Name]int{}
	for _, report := range d.DMARC.Reports {
		name := report.URI.Host
		if !report.URI.Valid || name == "" {
			continue
		}
		i, seen := index[name]
		if !seen {
			if len(hosts) == maxReportHosts {
				return hosts
			}
			i = len(hosts)
			index[name] = i
			hosts = append(hosts, lookReportHost(r, name))
		}
		hosts[i].Addresses = append(hosts[i].Addresses, report.URI.Text)
	}
	return hosts
}

// lookReportHost asks for addresses only where there are no MX records.
func lookReportHost(r dns.Resolver, name dns.Name) ReportHost {
	h := ReportHost{Name: name, MX: lookup(r, name, dns.TypeMX)}
	if h.MX.Err == nil && h.MX.Answer.Void() {
		h.A, h.AAAA = lookup(r, name, dns.TypeA), lookup(r, name, dns.TypeAAAA)
	}
	return h
}

// dead says why no mail gets there, "" if it may.
func (h ReportHost) dead() string {
	switch a := h.MX.Answer; {
	case h.MX.Err != nil:
		return ""
	case len(a.Records) == 1:
		if mx, ok := a.Records[0].Data.(dns.MX); ok && mx.Host == dns.Root {
			return "it refuses all mail by a null MX"
		}
		return ""
	case len(a.Records) > 0, h.A.Err != nil, h.AAAA.Err != nil, !h.A.Answer.Void(), !h.AAAA.Answer.Void():
		return ""
	case !a.Exists:
		return "it does not exist"
	}
	return "it has neither an MX record nor an address"
}

// takesNoReports reports whether mail to the domain of a report address is
// known to be lost.
func (d *Domain) takesNoReports(host dns.Name) bool {
	return slices.ContainsFunc(d.ReportHosts, func(h ReportHost) bool { return h.Name == host && h.dead() != "" })
}

func runDMARCReportDead(d *Domain) []finding.Finding {
	at, err := d.DMARC.PolicyDomain.Child("_dmarc")
	if err != nil || d.DMARC.PolicyDomain == "" || d.Exchange.MX.Err != nil || !d.Exists() {
		return nil
	}
	var faults []finding.Finding
	for _, h := range d.ReportHosts {
		if why := h.dead(); why != "" {
			faults = append(faults, failAt(at, d.DMARC.Record.Text(), finding.Span{},
				fmt.Sprintf("reports to %s are lost: %s takes no mail, %s", quoted(h.Addresses[0]), h.Name.Unicode(), why),
				"put an address in its place that somebody reads"))
		}
	}
	return faults
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }
