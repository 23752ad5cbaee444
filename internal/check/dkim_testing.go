package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimTesting = Check{
	ID:       "dkim-testing",
	Severity: finding.Warning,
	Title:    "a DKIM key is marked as a test",
	Explain: `t=y says that the domain is testing DKIM. Verifiers must then treat a message whose signature fails as if it
were not signed, and some give a signature that passes no credit either.

Remove the flag once signing works.`,
	Refs: []string{"RFC 6376 §3.6.1"},
	Run:  runDKIMTesting,
}

func runDKIMTesting(d *Domain) []finding.Finding {
	return d.keyFaults(isCode(dkim.TestingFlag), func(dkim.Selector, dkim.Problem) string {
		return "remove t=y from the record, or have the service that keeps it do so"
	}, dkim.Live)
}
