package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfMXHosts = Check{
	ID:       "spf-mx-hosts",
	Severity: finding.Error,
	Title:    `an "mx" term leads to more than 10 hosts`,
	Explain: `For "mx" a receiver asks for the addresses of each mail exchanger, ten at most. With more MX records the
result is permerror for every sender that no earlier term matches.

Incoming servers are seldom the ones that send: name those that do by "ip4:", "ip6:" or the provider's include, and
take "mx" out.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §5.4"},
	Run:  runSPFMXHosts,
}

func runSPFMXHosts(d *Domain) []finding.Finding {
	var faults []finding.Finding
	seen := make(map[spf.Problem]bool)
	for _, p := range d.spfProblems(spf.ProblemMXHosts) {
		if seen[p] {
			continue
		}
		seen[p] = true
		faults = append(faults, failAt(p.Domain, p.Record, finding.Span(p.Span),
			fmt.Sprintf("%q leads to too many hosts: %s", p.Span.Of(p.Record), p.Message),
			d.askOperator(p.Domain, "name the servers that send, by ip4: and ip6:, in place of mx")))
	}
	return faults
}
