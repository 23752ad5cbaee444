package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfVoidLookups = Check{
	ID:       "spf-void-lookups",
	Severity: finding.Error,
	Title:    "more than two lookups of the SPF record find nothing",
	Explain: `A lookup is void when the name does not exist, or has no record of the type asked for. Receivers should
stop with permerror at the third, and many do. Such terms are left over from servers and services that are gone, or
hold a typing error: they authorise nobody and put the whole record at risk.

Take the terms out, or correct the names.`,
	Refs: []string{"RFC 7208 §4.6.4", "RFC 7208 §11.1"},
	Run:  runSPFVoidLookups,
}

func runSPFVoidLookups(d *Domain) []finding.Finding {
	if !d.Exists() || d.SPF.Voids4 <= maxVoids {
		return nil
	}
	own4 := func(n *spf.Node) int { return n.Voids4 }
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{},
		fmt.Sprintf("%s lookups of the SPF record find nothing, %d are allowed: %s",
			atLeast(d.SPF.Voids4, d.SPF.PartialVoids), maxVoids, voidTerms(d, own4)),
		voidFix(d))}
}

// voidFix gives the record without its void terms, if that is enough.
func voidFix(d *Domain) string {
	const advice = "correct these names, or take the terms out"
	left := d.SPF.Voids4
	own := spfRecord{d.Name, d.SPF.Root, d.SPF.Root.Record}
	void := func(n *spf.Node) bool { return n.State == spf.StateVoid }
	for n := range own.terms() {
		if void(n) {
			left -= n.Voids4
		}
	}
	if left > maxVoids {
		return advice
	}
	return d.dropAll(own, advice, void)
}

// voidTerms lists the terms with empty answers of their own, by a count of
// empty answers that includes what is below.
func voidTerms(d *Domain, count func(*spf.Node) int) string {
	var terms []string
	for n := range d.spfNodes() {
		voids := count(n)
		for _, c := range n.Children {
			voids -= count(c)
		}
		if voids == 0 || n.Parent == nil {
			continue
		}
		term := n.Term.Text
		if n.Domain != d.Name {
			term += " of " + n.Domain.Unicode()
		}
		if voids > 1 {
			term += fmt.Sprintf(" (%d)", voids)
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, ", ")
}
