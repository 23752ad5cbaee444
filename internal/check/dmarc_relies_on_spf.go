package check

import (
	"fmt"
	"slices"

	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dmarcReliesOnSPF = Check{
	ID:       "dmarc-relies-on-spf",
	Severity: finding.Note,
	Title:    "the DMARC policy is enforced, but no DKIM key was found",
	Explain: `SPF breaks when a message is forwarded, because it then comes from another address. A domain that asks receivers
to refuse mail must therefore sign it with DKIM as well. No usable key was found under the selectors that were tried.

That proves nothing, because selectors are not listed anywhere: if your mail is signed, take s= from the header
DKIM-Signature of a message and ask again with --selector. If it is not signed, set up DKIM at once, or lower the policy
until it is.`,
	Refs: []string{"RFC 9989 §5.1", "RFC 9989 §7.4"},
	Run:  runDMARCReliesOnSPF,
}

func runDMARCReliesOnSPF(d *Domain) []finding.Finding {
	step, ok := d.policyStep()
	p := d.DMARC.Discovery
	switch {
	case !ok || !enforces(p) || p.OrgErr != nil || p.Org != d.Name: // a subdomain's mail may be signed by its parent
		return nil
	case !d.knowsSelectors() || d.mayBeParked() || d.hasLiveKey():
		return nil
	case slices.ContainsFunc(d.DKIM.Selectors, func(s dkim.Selector) bool { return s.State == dkim.Unknown }):
		return nil
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, policyTag(p)),
		fmt.Sprintf("the policy is %s, but none of the %d selectors asked for holds a usable DKIM key: mail may rest on SPF alone", p.Effective, len(d.DKIM.Selectors)),
		"name the selector in use with --selector, or set up DKIM where the mail leaves")}
}
