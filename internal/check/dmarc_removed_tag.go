package check

import (
	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcRemovedTag = Check{
	ID:       "dmarc-removed-tag",
	Severity: finding.Note,
	Title:    "a tag of the DMARC record has no effect",
	Explain: `RFC 9989 of May 2026 took pct, rf and ri out of DMARC, and with them the size limit of report addresses;
receivers that follow it ignore them. fo= has a meaning only beside ruf=. Such tags do no harm, and no good.`,
	Refs: []string{"RFC 9989 §9.3", "RFC 9989 §4.7"},
	Run:  runDMARCRemovedTag,
}

func runDMARCRemovedTag(d *Domain) []finding.Finding {
	return d.recordFaults(func(p dmarc.Problem) bool {
		return isKind(dmarc.RemovedTag, dmarc.NoEffect, dmarc.URISize)(p) && !d.isPartial(p)
	}, func(p dmarc.Problem) string {
		if p.Kind == dmarc.URISize {
			return "remove the size limit"
		}
		return "remove the tag"
	})
}
