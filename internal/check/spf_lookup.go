package check

import (
	"fmt"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfLookup = Check{
	ID:       "spf-lookup",
	Severity: finding.Error,
	Title:    "the SPF record, or something that it leads to, could not be read",
	Explain: `A question that every evaluation of the SPF record asks was not answered. Receivers in the same position
answer temperror, and most of them make the sender try again later. The failure does not mean that the record is
missing or wrong, so nothing is concluded from it, and counts of DNS lookups may be too low.

Ask again, with another --resolver if need be. If it lasts, ask the operator of the name servers that fail.`,
	Refs: []string{"RFC 7208 §2.6.6", "RFC 7208 §4.4", "RFC 2308 §7"},
	Run:  runSPFLookup,
}

func runSPFLookup(d *Domain) []finding.Finding {
	if !d.Exists() {
		return nil
	}
	seen := make(map[dns.Key]bool)
	var faults []finding.Finding
	for _, p := range d.spfProblems(spf.ProblemUnanswered) {
		if seen[p.Err.Key] {
			continue
		}
		seen[p.Err.Key] = true
		message := "could not find out whether the domain has an SPF record"
		if p.Record != "" {
			message = fmt.Sprintf("could not find out what %q in the SPF record of %s leads to", p.Span.Of(p.Record), p.Domain.Unicode())
		}
		faults = append(faults, unknown(p.Err.Key.Name, message, p.Err))
	}
	return orPass(faults, d.Name, "all questions about SPF were answered")
}
