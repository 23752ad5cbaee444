package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimKeyTooShort = Check{
	ID:       "dkim-key-too-short",
	Severity: finding.Error,
	Title:    "a DKIM key is so short that verifiers must refuse it",
	Explain: `An RSA key of less than 1024 bits can be broken with little effort: whoever does it signs mail as this domain.
Verifiers must not accept such a signature, so mail with this selector counts as unsigned at best.

Replace the key by one of 2048 bits.`,
	Refs: []string{"RFC 8301 §3.2"},
	Run:  runDKIMKeyTooShort,
}

func runDKIMKeyTooShort(d *Domain) []finding.Finding {
	return d.keyFaults(isCode(dkim.TooShort), d.longerKey, dkim.Invalid)
}
