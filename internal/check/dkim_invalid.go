package check

import (
	"sendplan/dkim"
	"sendplan/internal/finding"
)

var dkimInvalid = Check{
	ID:       "dkim-invalid",
	Severity: finding.Error,
	Title:    "a DKIM key record cannot be used",
	Explain: `Something is published for the selector, but verifiers find no usable key in it, so every signature with this
selector fails. Usual causes: a panel that cut the key after 255 characters, quotation marks or backslashes that became part
of the text, a line break or blank lost or added when the key was copied, two records at one name.

Copy the record again from the service that signs. A long key is published as several strings of one record, which verifiers
join without a blank.`,
	Refs: []string{"RFC 6376 §3.6.1", "RFC 6376 §3.6.2.2", "RFC 8463 §4"},
	Run:  runDKIMInvalid,
}

func runDKIMInvalid(d *Domain) []finding.Finding {
	return d.keyFaults(func(p dkim.Problem) bool { return p.Fatal && p.Code != dkim.TooShort }, dkimRepair, dkim.Invalid)
}

// dkimRepair says what to do about a fatal problem.
func dkimRepair(_ dkim.Selector, p dkim.Problem) string {
	switch p.Code {
	case dkim.PrivateKey:
		return "make a new pair of keys at once, publish its public key under a new selector, and remove this record"
	case dkim.SeveralTexts:
		return "remove all TXT records at the name but the one whose key is in use"
	case dkim.Quotes:
		return "publish the record without the quotation marks and backslashes inside the text"
	case dkim.Truncated:
		return "publish the whole key; where a string is too long for the panel, as several strings of one record"
	case dkim.Duplicate:
		return "remove the second tag of the same name"
	case dkim.Version:
		return "let the record begin with v=DKIM1"
	case dkim.Hash:
		return "add sha256 to h=, or remove the tag"
	case dkim.Service:
		return "add email to s=, or remove the tag"
	}
	return "copy the record again from the service that signs, or remove it if nothing signs with this selector"
}
