package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfDoubtful = Check{
	ID:       "spf-doubtful",
	Severity: finding.Warning,
	Title:    "a term of the SPF record is valid, but hardly means what it should",
	Explain: `A term with "=" after its name is a modifier, and receivers must ignore modifiers that they do not know. So
"include=spf.example.com" is no error and has no effect: the service is not authorised. The same happens to a second
"v=spf1" in the middle of a record, and to a misspelt "redirect=".

Mechanisms take a colon: "include:spf.example.com".`,
	Refs: []string{"RFC 7208 §4.6.1", "RFC 7208 §6"},
	Run:  runSPFDoubtful,
}

// gluedFix is the advice about two records in one text, the second of which
// begins at an offset.
func gluedFix(d *Domain, r spfRecord, second int) string {
	advice := fmt.Sprintf("remove %q, put the terms that are needed before the first \"all\", and keep only one \"all\"", "v=spf1")
	text := r.Record.Text()
	merged, open := mergeSPF([]string{strings.TrimRight(text[:second], " "), text[second:]})
	if open != "" {
		return advice
	}
	return d.propose(r, merged, advice)
}

func runSPFDoubtful(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		for _, doubt := range r.Record.Doubts {
			fix := fmt.Sprintf("correct or remove %q", doubt.Span.Of(r.Record.Text()))
			if second := strings.Index(strings.ToLower(r.Record.Text()[1:]), "v=spf1") + 1; second == doubt.Span.Start {
				fix = gluedFix(d, r, second)
			} else if doubt.Suggest != "" {
				fix = d.propose(r, replaceSpans(r.Record.Text(), map[spf.Span]string{doubt.Span: doubt.Suggest}),
					fmt.Sprintf("write %q in place of %q", doubt.Suggest, doubt.Span.Of(r.Record.Text())))
			}
			faults = append(faults, failAt(r.Name, r.Record.Text(), finding.Span(doubt.Span), doubt.Message, fix))
		}
	}
	return faults
}
