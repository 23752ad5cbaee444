package check

import (
	"fmt"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcPolicyNone = Check{
	ID:       "dmarc-policy-none",
	Severity: finding.Warning,
	Title:    "the DMARC policy only watches",
	Explain: `With the policy none receivers send reports but deliver forged mail as before. That is the right beginning, and
no protection.

Read the aggregate reports for about a month. When every sender of yours passes, publish p=quarantine, wait as long again,
and go on to p=reject. Domains whose people write to mailing lists should stop at quarantine.`,
	Refs: []string{"RFC 9989 §5.1", "RFC 9989 §8"},
	Run:  runDMARCPolicyNone,
}

func runDMARCPolicyNone(d *Domain) []finding.Finding {
	step, ok := d.policyStep()
	p := d.DMARC.Discovery
	switch {
	case !ok || p.Err != nil || step.Record.Use != dmarc.UsePolicy && !impliesNone(step.Record):
		return nil
	case p.Effective >= dmarc.Quarantine && p.Effective <= dmarc.Reject:
		return []finding.Finding{pass(step.Name, "the policy that receivers apply is "+p.Effective.String())}
	case p.Policy != dmarc.None:
		return nil
	}
	fix := "read the reports; when all your senders pass, publish p=quarantine, and later p=reject"
	if p.Tag != "p" && p.Tag != "" {
		fix = fmt.Sprintf("read the reports; when all senders pass, raise %s= in the record, or publish a record at _dmarc.%s", p.Tag, d.Name.Zone())
	}
	if parked, known := d.isParked(); parked && known && p.Source == dmarc.FromAuthor {
		fix = "publish p=reject: the SPF record says that nothing sends from the domain"
	}
	why := policyTag(p) + "=none"
	if impliesNone(step.Record) {
		why = "without p= the record counts as p=none"
	}
	return []finding.Finding{failAt(step.Name, step.Record.Text(), tagSpan(step.Record, p.Tag),
		fmt.Sprintf("receivers are asked to do nothing about mail that fails (%s)", why), fix)}
}

// policyTag returns the tag that the policy was read from.
func policyTag(p dmarc.Discovery) string {
	if p.Tag == "" {
		return "p"
	}
	return p.Tag
}
