package check

import (
	"sendplan/dmarc"
	"sendplan/internal/finding"
)

var dmarcSyntax = Check{
	ID:       "dmarc-syntax",
	Severity: finding.Warning,
	Title:    "the DMARC record holds a mistake",
	Explain: `Receivers ignore what they do not understand in a DMARC record, and use the default of a tag whose value is
invalid. So the record works, but not as written, and some receivers are stricter than the standard and drop it.`,
	Refs: []string{"RFC 9989 §4.7", "RFC 9989 §4.8"},
	Run:  runDMARCSyntax,
}

func runDMARCSyntax(d *Domain) []finding.Finding {
	mistakes := isKind(dmarc.UnknownTag, dmarc.DuplicateTag, dmarc.TagCase, dmarc.ValueCase,
		dmarc.InvalidValue, dmarc.EmptyTag, dmarc.Junk, dmarc.BadCharacter, dmarc.Quotes)
	told := make(map[dmarc.Kind]bool)
	return d.recordFaults(func(p dmarc.Problem) bool {
		switch {
		case !mistakes(p), told[p.Kind]:
			return false
		case p.Kind == dmarc.BadCharacter, p.Kind == dmarc.Quotes: // seldom alone, and the first says it all
			told[p.Kind] = true
		case p.Kind == dmarc.InvalidValue: // the missing semicolon is what makes it so
			return !hasKind(d.DMARC.Record, dmarc.MissingSemicolon)
		}
		return true
	}, dmarcTidy)
}

// dmarcTidy says what to do about a mistake.
func dmarcTidy(p dmarc.Problem) string {
	switch p.Kind {
	case dmarc.UnknownTag:
		return "correct the name of the tag, or remove it"
	case dmarc.DuplicateTag:
		return "keep one of the two; of rua= and ruf=, with the addresses of both and a comma between"
	case dmarc.TagCase, dmarc.ValueCase:
		return "write it in lower case"
	case dmarc.InvalidValue:
		return "give the tag one of its values, or remove it"
	case dmarc.EmptyTag:
		return "remove the superfluous semicolon"
	}
	return "remove it from the record"
}
