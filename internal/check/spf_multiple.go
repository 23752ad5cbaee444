package check

import (
	"fmt"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfMultiple = Check{
	ID:       "spf-multiple",
	Severity: finding.Error,
	Title:    "there are several SPF records at one name",
	Explain: `Of the TXT records at a name exactly one may start with "v=spf1". With two, receivers do not choose and do
not join: each evaluation ends in permerror, which DMARC counts as no pass, for every sender. It happens when a new
service's instructions say "add this TXT record" and an SPF record is there already.

Merge them: one record with the mechanisms of both and a single "all" at the end. At a name that others operate and
you include, only they can repair it.`,
	Refs: []string{"RFC 7208 §3.2", "RFC 7208 §4.5"},
	Run:  runSPFMultiple,
}

func runSPFMultiple(d *Domain) []finding.Finding {
	if !d.Exists() {
		return nil
	}
	var faults []finding.Finding
	if records := d.SPF.Selection.Records; len(records) > 1 {
		faults = append(faults, fail(d.Name,
			fmt.Sprintf("the domain has %d SPF records, so receivers use none of them: %s", len(records), quoteAll(records)), mergeFix(d, records)))
	}
	seen := make(map[dns.Name]bool)
	for n := range d.spfNodes() {
		if records := n.Selection.Records; n != d.SPF.Root && len(records) > 1 && !seen[n.Target] {
			seen[n.Target] = true
			faults = append(faults, fail(n.Target,
				fmt.Sprintf("%s, to which %q of %s leads, has %d SPF records: %s",
					n.Target.Unicode(), n.Term.Text, n.Domain.Unicode(), len(records), quoteAll(records)),
				d.askOperator(n.Target, "leave one SPF record")))
		}
	}
	return faults
}

func quoteAll(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = fmt.Sprintf("%q", t)
	}
	return strings.Join(quoted, " and ")
}

// mergeFix says how to make one record of several.
func mergeFix(d *Domain, records []string) string {
	merged, open := mergeSPF(records)
	if open != "" {
		return "make one record of them by hand: " + open
	}
	advice := "replace them by one record"
	if fix := d.propose(spfRecord{Name: d.Name}, merged, advice); fix != advice {
		return fix
	}
	if lookups := countTerms(spf.Parse(merged)); lookups > maxLookups {
		return fmt.Sprintf("make one record of them, with fewer of the %d terms that ask the DNS: %d are allowed", lookups, maxLookups)
	}
	return fmt.Sprintf("publish their union %q in their place, after counting the DNS lookups of what it includes (at most %d in all)",
		merged, maxLookups)
}

// countTerms counts the terms of a record that ask the DNS, without what lies
// behind them.
func countTerms(record spf.Record) int {
	n := 0
	for i, t := range record.Terms {
		if t.Kind.Counts() && record.Reached(i) {
			n++
		}
	}
	return n
}

// mergeSPF makes one record of several that only let senders pass, so that the
// order of their terms means nothing. Where that is not so, open is what
// somebody must decide.
func mergeSPF(records []string) (merged, open string) {
	var terms []string
	var all spf.Qualifier
	seen := make(map[string]bool)
	for _, text := range records {
		record := spf.Parse(text)
		if !record.Valid() || len(record.Doubts) > 0 {
			return "", fmt.Sprintf("%q has mistakes", text)
		}
		end := record.All()
		if end < 0 || end != len(record.Terms)-1 {
			return "", fmt.Sprintf("%q does not end in all", text)
		}
		for _, t := range record.Terms[:end] {
			if !t.Kind.Mechanism() || t.Qualifier != spf.QualifierPass {
				return "", fmt.Sprintf("%q in %q does more than let somebody send", t.Text, text)
			}
			if !seen[t.String()] {
				seen[t.String()] = true
				terms = append(terms, t.Text)
			}
		}
		switch q := record.Terms[end].Qualifier; {
		case q != spf.QualifierFail && q != spf.QualifierSoftFail:
			return "", fmt.Sprintf("%q ends in %q, so decide what the merged record ends in", text, record.Terms[end].Text)
		case all != spf.QualifierSoftFail:
			all = q // the milder of the two does no harm to a sender that was forgotten
		}
	}
	return strings.Join(append(append([]string{"v=spf1"}, terms...), all.String()+"all"), " "), ""
}
