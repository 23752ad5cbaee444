package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/internal/provider"
	"sendplan/spf"
)

var spfIncludeNone = Check{
	ID:       "spf-include-none",
	Severity: finding.Error,
	Title:    "an include or redirect leads to a name without an SPF record",
	Explain: `An include of a name that does not exist, or that has no SPF record, is not skipped: the evaluation ends
there with permerror, for every sender that no earlier term matches. The same holds for redirect. Usual causes are a
typing error (an underscore at the beginning forgotten), a service that renamed or closed its record, and an account
that was cancelled. If somebody else can register the name, they can authorise themselves to send as you.

Correct the name as the service's documentation has it, or take the term out.`,
	Refs: []string{"RFC 7208 §5.2", "RFC 7208 §6.1"},
	Run:  runSPFIncludeNone,
}

func runSPFIncludeNone(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.spfRecords() {
		none := func(n *spf.Node) bool { return n.State == spf.StateNone && n.Term.Kind == spf.KindInclude }
		for n := range r.terms() {
			if n.State != spf.StateNone {
				continue
			}
			message := fmt.Sprintf("%q is permerror for every sender that no earlier term matches: %s", n.Term.Text, n.Note)
			for _, miss := range n.Selection.Misses[:min(1, len(n.Selection.Misses))] {
				message += "; " + miss.Message
			}
			faults = append(faults, r.fail(n.Term, message, includeNoneFix(d, r, n, none)))
		}
	}
	return faults
}

func includeNoneFix(d *Domain, r spfRecord, n *spf.Node, none func(*spf.Node) bool) string {
	if n.Term.Kind == spf.KindRedirect && d.own(r.Name) {
		return d.propose(r, replaceSpans(r.Record.Text(), map[spf.Span]string{n.Term.Span: "~all"}),
			"correct the name, or end the record in ~all in place of the redirect")
	}
	advice := "correct the name, or take the term out if nothing sends through it"
	if e, ok := provider.ByInclude("_" + n.Target); ok && n.Target != "" {
		advice = fmt.Sprintf("if %s is meant, write include:_%s; if nothing sends through it, take the term out", e.Name, n.Target)
	}
	return d.dropFix(r, n, advice, none)
}
