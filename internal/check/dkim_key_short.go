package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimKeyShort = Check{
	ID:       "dkim-key-short",
	Severity: finding.Warning,
	Title:    "a DKIM key is shorter than 2048 bits",
	Explain: `Verifiers still accept RSA keys from 1024 bits, but signers should use at least 2048: a key of 1024 bits is
within reach of a determined attacker. Microsoft 365 made keys of 1024 bits unless told otherwise.

Change to 2048 bits. In Microsoft 365 Rotate-DkimSigningConfig -KeySize 2048 renews the selector that is not in use, so run
it twice, some days apart.`,
	Refs: []string{"RFC 8301 §3.2", "Microsoft: Rotate-DkimSigningConfig"},
	Run:  runDKIMKeyShort,
}

func runDKIMKeyShort(d *Domain) []finding.Finding {
	return d.keyFaults(isCode(dkim.Short), d.longerKey, dkim.Live)
}
