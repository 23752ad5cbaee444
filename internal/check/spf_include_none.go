package check

import (
	"fmt"
	"strings"

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
			if i := gluedAll(n.Term.Text); i > 0 {
				message += fmt.Sprintf("; a blank is missing before %q (panels that split a text into strings lose it)", n.Term.Text[i:])
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
	if i := gluedAll(n.Term.Text); i > 0 && d.own(r.Name) {
		apart := n.Term.Text[:i] + " " + n.Term.Text[i:]
		return d.propose(r, replaceSpans(r.Record.Text(), map[spf.Span]string{n.Term.Span: apart}),
			fmt.Sprintf("put the blank that is missing before %q", n.Term.Text[i:]))
	}
	advice := "correct the name, or take the term out if nothing sends through it"
	if e, ok := provider.ByInclude("_" + n.Target); ok && n.Target != "" && d.own(r.Name) {
		// No record without the term: the service most likely does send.
		return fmt.Sprintf("if %s is meant, write include:_%s; if nothing sends through it, take the term out", e.Name, n.Target)
	}
	return d.dropFix(r, n, advice, none)
}

// gluedAll returns where an all mechanism begins in a term whose name it became
// a part of, because no blank stands between them, or 0.
func gluedAll(term string) int {
	i := len(term) - len("-all")
	if i > 0 && strings.EqualFold(term[i+1:], "all") && strings.IndexByte("+-~?", term[i]) >= 0 {
		return i
	}
	return 0
}

// lostAll reports whether the record's last term swallowed its all mechanism.
func (r spfRecord) lostAll() bool {
	n := len(r.Node.Children)
	return n > 0 && r.Node.Children[n-1].State != spf.StateOK && gluedAll(r.Node.Children[n-1].Term.Text) > 0
}
