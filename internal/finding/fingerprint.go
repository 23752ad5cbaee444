package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"sendplan/internal/dns"
)

// Fingerprint tells from one run to the next whether a finding is the same: of
// the same kind, about the same name and the same part of its record. What may
// change without making it another one is left out: the message, the severity,
// the rest of the record, and whether the question could be answered.
type Fingerprint string

// maxMarked is how much of the marked text counts. Results that are written keep
// at least that much of it.
const maxMarked = 1000

// NewFingerprint returns the fingerprint of a finding about the text marked, as
// UTF-8, of a record at subject; marked is empty if the record as a whole is
// meant, or none.
func NewFingerprint(id ID, subject, marked string) Fingerprint {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + subject + "\x00" + marked[:min(len(marked), maxMarked)]))
	return Fingerprint(hex.EncodeToString(sum[:8]))
}

// Fingerprint returns the fingerprint of f.
func (f Finding) Fingerprint() Fingerprint {
	span := f.Span.Whole(f.Record)
	return NewFingerprint(f.ID, f.Subject.String(), dns.UTF8(f.Record[span.Start:span.End]))
}

// Whole returns the span without what is outside text, and widened to whole
// characters where it ends inside one of UTF-8: a span counts octets.
func (s Span) Whole(text string) Span {
	start := max(0, min(s.Start, len(text)))
	end := max(start, min(s.End, len(text)))
	empty := start == end
	if p, _, inside := character(text, start); inside {
		start = p
	}
	if empty {
		return Span{start, start}
	}
	if _, q, inside := character(text, end); inside {
		end = q
	}
	return Span{start, end}
}

// character returns the bounds of the UTF-8 character around octet i of text;
// inside is false if one starts at i, or none is there.
func character(text string, i int) (start, end int, inside bool) {
	for start = i; start > 0 && start > i-utf8.UTFMax && start < len(text) && !utf8.RuneStart(text[start]); {
		start--
	}
	_, n := utf8.DecodeRuneInString(text[start:])
	return start, start + n, start < i && i < start+n
}
