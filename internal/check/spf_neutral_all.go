package check

import (
	"fmt"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfNeutralAll = Check{
	ID:       "spf-neutral-all",
	Severity: finding.Warning,
	Title:    `the SPF record ends in "?all"`,
	Explain: `"?all" says that nothing is known about servers that are not named: a forged message is treated as if the
domain had no SPF record. It serves for a short test at most.

End the record in "~all" once everything that sends is named.`,
	Refs: []string{"RFC 7208 §8.2", "RFC 7208 §2.6.2"},
	Run:  runSPFNeutralAll,
}

func runSPFNeutralAll(d *Domain) []finding.Finding {
	r, ok := d.spfEnd()
	if !ok || r.Record.All() < 0 {
		return nil
	}
	all := r.Record.Terms[r.Record.All()]
	if all.Qualifier != spf.QualifierNeutral {
		return nil
	}
	fix := d.askOperator(r.Name, `write "~all" in place of "?all"`)
	if end := d.ownEnd(); end != "" {
		fix = end
	}
	if d.own(r.Name) {
		fix = d.propose(r, replaceSpans(r.Record.Text(), map[spf.Span]string{all.Span: "~all"}),
			"name everything that sends, and end the record in ~all")
	}
	return []finding.Finding{r.fail(all,
		fmt.Sprintf("the SPF record of %s ends in %q, so it says nothing about servers that it does not name", r.Name.Unicode(), all.Text), fix)}
}
