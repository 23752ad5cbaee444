package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimDoubtful = Check{
	ID:       "dkim-doubtful",
	Severity: finding.Note,
	Title:    "a DKIM key record works, but is not quite in order",
	Explain: `The key can be used, but something in its record departs from the standard or is unusual, and a strict verifier
may mind.`,
	Refs: []string{"RFC 6376 §3.2", "RFC 6376 §3.6.1"},
	Run:  runDKIMDoubtful,
}

func runDKIMDoubtful(d *Domain) []finding.Finding {
	covered := isCode(dkim.Short, dkim.Long, dkim.TestingFlag)
	return d.keyFaults(func(p dkim.Problem) bool { return !p.Fatal && !covered(p) }, dkimTidy, dkim.Live)
}

// dkimTidy says what to do about a problem that leaves the key usable.
func dkimTidy(_ dkim.Selector, p dkim.Problem) string {
	switch p.Code {
	case dkim.StrictFlag:
		return "keep t=s only if no signature names a subdomain in i="
	case dkim.SeveralTexts:
		return "remove the TXT records at the name that are no key"
	case dkim.Granularity:
		return "remove the tag g="
	case dkim.LetterCase:
		return "write the value in lower case"
	case dkim.VersionOrder:
		return "move v=DKIM1 to the beginning of the record"
	case dkim.EmptyTag:
		return "remove the superfluous semicolon"
	}
	return "publish the record exactly as the service that signs gives it"
}
