package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var spfManyLookups = Check{
	ID:       "spf-many-lookups",
	Severity: finding.Note,
	Title:    "the SPF record has hardly any DNS lookup left",
	Explain: `Ten DNS lookups are allowed, and this record needs nine or ten. The next service that you add, or one more
include that an included provider publishes without telling you, makes the result permerror for every sender that
comes late in the record.

Make room in advance: take out what no longer sends, and replace "a" and "mx" by addresses.`,
	Refs: []string{"RFC 7208 §4.6.4"},
	Run:  runSPFManyLookups,
}

func runSPFManyLookups(d *Domain) []finding.Finding {
	if !d.Exists() || !d.spfAnswered() || d.SPF.Lookups < maxLookups-1 || d.SPF.Lookups > maxLookups {
		return nil
	}
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{},
		fmt.Sprintf("the SPF record needs %s of the %d DNS lookups that are allowed", atLeast(d.SPF.Lookups, d.SPF.Partial), maxLookups),
		"take out what no longer sends before anything is added; the terms cost: "+lookupCosts(d.SPF.Root))}
}
