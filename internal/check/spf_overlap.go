package check

import (
	"fmt"
	"net/netip"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfOverlap = Check{
	ID:       "spf-overlap",
	Severity: finding.Note,
	Title:    "a term of the SPF record says nothing that others do not say",
	Explain: `All addresses of the term are named by other terms of the same record: by earlier ones, so that it never decides, or
by a wider one with the same result. It does no harm, but it makes the record longer, and who reads it may believe that
taking it out stops the sender.

If the term has another sign than the one before it, the record does not do what was meant: the first that matches counts.
Put the narrower term first, or take it out.`,
	Refs: []string{"RFC 7208 §4.6.2", "RFC 7208 §5.6"},
	Run:  runSPFOverlap,
}

func runSPFOverlap(d *Domain) []finding.Finding {
	var faults []finding.Finding
	for _, r := range d.ownSPF() {
		over := idleTerms(r)
		useless := func(n *spf.Node) bool { _, ok := over[n]; return ok }
		for n := range r.terms() {
			if by, ok := over[n]; ok {
				faults = append(faults, r.fail(n.Term, fmt.Sprintf("%q %s", n.Term.Text, by), d.dropFix(r, n, "take it out", useless)))
			}
		}
	}
	return faults
}

// maxOverlapTerms bounds the work: longer records are hostile.
const maxOverlapTerms = 500

// idleTerms returns the terms with an address that are of no effect, and why.
// What repeats another literally is left to spf-duplicate. Includes are not
// compared with: what is in them can change tomorrow.
func idleTerms(r spfRecord) map[*spf.Node]string {
	var nodes []*spf.Node
	repeated := repeatedTerms(r)
	for n := range r.terms() {
		_, second := repeated[n]
		if n.Term.Valid && !second && (n.Term.Kind == spf.KindIP4 || n.Term.Kind == spf.KindIP6) {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) > maxOverlapTerms {
		return nil
	}
	over := make(map[*spf.Node]string)
	var before []netip.Prefix
	for i, n := range nodes {
		if covered(n.Term.Prefix, before) {
			over[n] = "never decides: earlier terms match all its addresses"
		} else if wider := widerLater(n, nodes[i+1:]); wider != nil {
			over[n] = fmt.Sprintf("is a part of %q, which has the same result", wider.Term.Text)
		}
		before = append(before, n.Term.Prefix)
	}
	return over
}

// widerLater returns a later term that holds all addresses of n and gives the
// same result, unless a term between them decides otherwise for some of them.
func widerLater(n *spf.Node, later []*spf.Node) *spf.Node {
	for _, l := range later {
		switch {
		case !l.Term.Prefix.Overlaps(n.Term.Prefix):
		case l.Term.Qualifier != n.Term.Qualifier:
			return nil
		case covered(n.Term.Prefix, []netip.Prefix{l.Term.Prefix}):
			return l
		}
	}
	return nil
}
