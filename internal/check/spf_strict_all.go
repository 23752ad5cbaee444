package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfStrictAll = Check{
	ID:       "spf-strict-all",
	Severity: finding.Note,
	Title:    `the SPF record ends in "-all" while DMARC is enforced`,
	Explain: `With "-all", some receivers refuse a message as soon as SPF fails, before they look at DKIM and DMARC. A
forwarded message that carries a valid signature of the domain, and would pass DMARC, is lost that way. With a DMARC
policy of quarantine or reject, "~all" protects just as well: DMARC decides on what passes neither SPF nor DKIM.

"-all" is not wrong, and Microsoft's instructions propose it; "~all" is the safer ending as long as DMARC is enforced. A
domain that sends nothing keeps "-all".`,
	Refs: []string{"RFC 9989 §7.1", "RFC 7208 §8.4"},
	Run:  runSPFStrictAll,
}

func runSPFStrictAll(d *Domain) []finding.Finding {
	r, ok := d.spfEnd()
	if !ok || r.Record.All() < 0 || !d.own(r.Name) || !d.allowsSenders() || d.SPF.Result == spf.PermanentErr {
		return nil // what breaks the record comes first
	}
	all, policy := r.Record.Terms[r.Record.All()], d.DMARC.Effective
	if all.Qualifier != spf.QualifierFail || policy != dmarc.Quarantine && policy != dmarc.Reject {
		return nil
	}
	return []finding.Finding{r.fail(all,
		fmt.Sprintf("the SPF record ends in %q while the DMARC policy is %s: some receivers then refuse forwarded mail before they look at its signature",
			all.Text, policy),
		d.propose(r, replaceSpans(r.Record.Text(), map[spf.Span]string{all.Span: "~all"}), "write ~all and leave the decision to DMARC"))}
}

// allowsSenders reports whether the tree surely lets somebody send.
func (d *Domain) allowsSenders() bool {
	a := d.SPF.Authorized()
	for _, n := range a.Open {
		if n.State == spf.StateSender {
			return true
		}
	}
	return len(a.Grants) > 0
}
