package check

import (
	"fmt"
	"strings"

	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var bimiRecord = Check{
	ID:       "bimi-record",
	Severity: finding.Note,
	Title:    "the BIMI record cannot be used",
	Explain: `A BIMI record names a logo that some mail services show beside messages that pass DMARC. It begins with "v=BIMI1", and its
l= and a= are https addresses, or both empty to say that there is no logo. A record with a mistake is ignored, and no logo is
shown; nothing else happens.

BIMI is no standard yet; what services ask for beyond the record, such as a certificate for the logo, differs between them.`,
	Refs: []string{"draft-brand-indicators-for-message-identification §4"},
	Run:  runBIMIRecord,
}

func runBIMIRecord(d *Domain) []finding.Finding {
	name, err := d.Name.Child("default._bimi")
	texts := d.Transport.BIMI.records("v=BIMI1")
	const fix = `publish one record "v=BIMI1; l=https://<the logo, SVG>; a=https://<its certificate, PEM>"`
	switch {
	case err != nil || len(texts) == 0:
		return nil
	case len(texts) > 1:
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, fmt.Sprintf("there are %d BIMI records, one is allowed: all are ignored", len(texts)), fix)}
	}
	if wrong := bimiFault(texts[0]); wrong != "" {
		return []finding.Finding{failAt(name, texts[0], finding.Span{}, "the BIMI record is ignored: "+wrong, fix)}
	}
	return []finding.Finding{pass(name, "the BIMI record is valid")}
}

func bimiFault(text string) string {
	tags, ok := splitTags(text)
	if !ok {
		return "it is no list of name=value, parted by semicolons"
	}
	if _, ok := tagValue(tags, "l"); !ok {
		return "it has no l="
	}
	for _, t := range tags {
		if (t.Name == "l" || t.Name == "a") && t.Value != "" && !strings.HasPrefix(strings.ToLower(t.Value), "https://") {
			return fmt.Sprintf("%s=%s is no https address", t.Name, t.Value)
		}
	}
	return ""
}

var bimiPolicy = Check{
	ID:       "bimi-policy",
	Severity: finding.Note,
	Title:    "the logo is not shown, because DMARC enforces nothing",
	Explain: `Mail services show the logo of a BIMI record only for domains whose DMARC policy is quarantine or reject, for subdomains
too. With p=none, or sp=none, the record has no effect.

Enforce DMARC first; that is worth more than the logo.`,
	Refs: []string{"draft-brand-indicators-for-message-identification §5"},
	Run:  runBIMIPolicy,
}

func runBIMIPolicy(d *Domain) []finding.Finding {
	name, err := d.Name.Child("default._bimi")
	texts := d.Transport.BIMI.records("v=BIMI1")
	p := d.DMARC.Discovery
	if err != nil || len(texts) != 1 || bimiFault(texts[0]) != "" || p.Err != nil || p.PolicyDomain == "" {
		return nil
	}
	if tags, _ := splitTags(texts[0]); declines(tags) || p.Effective != dmarc.None {
		return nil
	}
	return []finding.Finding{failAt(name, texts[0], finding.Span{}, "the DMARC policy that applies is none, so no logo is shown",
		"set p=quarantine or p=reject in the DMARC record when reports show that all senders pass")}
}

// declines reports whether a BIMI record says that there is no logo.
func declines(tags []tag) bool {
	l, _ := tagValue(tags, "l")
	a, _ := tagValue(tags, "a")
	return l == "" && a == ""
}
