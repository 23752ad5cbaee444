package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfSyntax = Check{
	ID:       "spf-syntax",
	Severity: finding.Error,
	Title:    "the SPF record has a syntax error",
	Explain: `A receiver checks the whole text of a record before it looks at any term. One mistake anywhere, even after
a term that would match, makes the result permerror for every sender, and DMARC counts that as no pass. In a record
that is included, it does so to all who include it and whose earlier terms do not match.

Frequent ones: "ipv4:" for "ip4:", a colon forgotten, an address without all four numbers, a dash that a word
processor made longer, a comma or a TAB between terms, two records glued into one.`,
	Refs: []string{"RFC 7208 §4.6", "RFC 7208 §4.6.1", "RFC 7208 §5.2"},
	Run:  runSPFSyntax,
}

func runSPFSyntax(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		for _, e := range r.Record.Errors {
			faults = append(faults, failAt(r.Name, r.Record.Text(), finding.Span(e.Span), e.Message, syntaxFix(d, r, e)))
		}
	}
	if d.Exists() && d.SPF.Root.Record != nil && d.spfAnswered() {
		return orPass(faults, d.Name, "the SPF record, and what it includes, has no syntax error")
	}
	return faults
}

// syntaxFix says how to correct one mistake, and gives the whole record if all
// of them can be corrected by what the parser suggests.
func syntaxFix(d *Domain, r spfRecord, fault spf.Fault) string {
	wrong := fault.Span.Of(r.Record.Text())
	advice := "correct or remove it"
	switch {
	case fault.Suggest != "":
		advice = fmt.Sprintf("write %q in place of %q", fault.Suggest, wrong)
	case wrong != "":
		advice = fmt.Sprintf("correct or remove %q", wrong)
	}
	if !d.own(r.Name) {
		return d.askOperator(r.Name, advice)
	}
	if len(r.Record.Text()) > maxRewritten {
		return advice
	}
	news := make(map[spf.Span]string)
	for _, e := range r.Record.Errors {
		if e.Suggest == "" || overlaps(news, e.Span) {
			return advice
		}
		news[e.Span] = e.Suggest
	}
	return d.propose(r, replaceSpans(r.Record.Text(), news), advice)
}

func overlaps(news map[spf.Span]string, s spf.Span) bool {
	for have := range news {
		if have.Start < s.End && s.Start < have.End {
			return true
		}
	}
	return false
}
