package check

import (
	"fmt"
	"strings"

	"sendplan/internal/finding"
	"sendplan/spf"
)

var spfAlmost = Check{
	ID:       "spf-almost",
	Severity: finding.Error,
	Title:    "a TXT record was meant to be SPF, but is none",
	Explain: `Receivers take a TXT record for SPF only if it starts with exactly "v=spf1" and a blank. A blank or an
invisible character in front (panels and copied text leave them), "v=spf1;" or a missing blank after it make it any
other TXT record: the domain then has no SPF at all, although everybody who looks at the zone believes that it has.

Publish the corrected text in place of the wrong one. If a real SPF record is there too, there must stay only one: add
to it what the wrong one allows, and remove the wrong one.`,
	Refs: []string{"RFC 7208 §4.5", "RFC 7208 §12"},
	Run:  runSPFAlmost,
}

func runSPFAlmost(d *Domain) []finding.Finding {
	if !d.Exists() {
		return nil
	}
	found := d.SPF.Selection
	var faults []finding.Finding
	for _, miss := range found.Misses {
		if len(found.Records) > 0 && senderID(miss.Text) {
			continue // a relic that nobody looks at, beside the record that counts
		}
		message, fix := miss.Message+": receivers see no SPF at all", almostFix(d, miss)
		if len(found.Records) > 0 {
			message = miss.Message + ": what it says is ignored, only the other SPF record counts"
			fix = "remove this TXT record, after adding to the SPF record what is missing there"
		}
		faults = append(faults, failAt(d.Name, miss.Text, finding.Span{}, message, fix))
	}
	return faults
}

func almostFix(d *Domain, miss spf.NearMiss) string {
	switch {
	case len(d.SPF.Selection.Misses) > 1:
		return "publish one SPF record in place of all these texts"
	case senderID(miss.Text):
		return "publish an SPF record, which starts with v=spf1, in its place"
	case miss.Suggest == "":
		return "correct the text so that it starts with v=spf1 and a blank"
	}
	fix := "publish the corrected text in its place"
	if proposed := d.propose(spfRecord{Name: d.Name}, miss.Suggest, fix); proposed != fix {
		return proposed
	}
	if countTerms(spf.Parse(miss.Suggest)) > maxLookups {
		return fmt.Sprintf("publish a record that starts with v=spf1 and a blank and asks the DNS %d times at most in its place", maxLookups)
	}
	return fmt.Sprintf("publish %q in its place, after counting the DNS lookups of what it includes (at most %d in all)", miss.Suggest, maxLookups)
}

// senderID reports whether a text is a record of Sender ID (RFC 4406), which
// resembles SPF and is dead.
func senderID(text string) bool {
	return len(text) >= 5 && strings.EqualFold(text[:5], "spf2.")
}
