package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimKeyLong = Check{
	ID:       "dkim-key-long",
	Severity: finding.Note,
	Title:    "a DKIM key is longer than verifiers need to support",
	Explain: `Verifiers must be able to use RSA keys of up to 4096 bits. A longer one may be refused, and its record may not
fit into a DNS answer over UDP. 2048 bits are enough.`,
	Refs: []string{"RFC 8301 §3.2"},
	Run:  runDKIMKeyLong,
}

func runDKIMKeyLong(d *Domain) []finding.Finding {
	return d.keyFaults(isCode(dkim.Long), d.longerKey, dkim.Live)
}
