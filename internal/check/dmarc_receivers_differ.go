package check

import (
	"slices"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcReceiversDiffer = Check{
	ID:       "dmarc-receivers-differ",
	Severity: finding.Note,
	Title:    "old and new receivers read the DMARC record differently",
	Explain: `RFC 9989 replaced RFC 7489 in May 2026. Receivers move over one by one, and for years both are about. The newer
ones walk up the DNS tree instead of using the public suffix list, know np=, psd= and t=, and ignore pct=. For this domain
the two come to different results.

A DMARC record at the domain itself, with the policy right after v=DMARC1 and without pct= and t=, is read alike by both.`,
	Refs: []string{"RFC 9989 §4.10", "RFC 9989 §C"},
	Run:  runDMARCReceiversDiffer,
}

func runDMARCReceiversDiffer(d *Domain) []finding.Finding {
	faults := d.recordFaults(isKind(dmarc.PolicyNotSecond), func(dmarc.Problem) string { return "move p= right after v=DMARC1" })
	old, now := d.DMARC.Old, d.DMARC.Discovery
	if !d.isPresent() || old.Err != nil || old.OrgErr != nil || now.Err != nil || now.OrgErr != nil {
		return faults
	}
	if slices.ContainsFunc(now.Record.Problems, d.isPartial) && now.Effective == old.Effective {
		old.PCT = 100 // dmarc-pct tells of it
	}
	if now.Source == dmarc.FromNowhere && old.Source == dmarc.FromNowhere {
		return faults // without a policy nothing aligns either
	}
	for _, words := range dmarc.Differences(now, old) {
		faults = append(faults, fail(d.Name, words, "decide whether both are right for you; a record at _dmarc."+d.Name.Zone()+" without t= and pct= is read alike by both"))
	}
	return faults
}
