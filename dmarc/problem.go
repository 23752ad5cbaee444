package dmarc

import (
	"slices"
)

// Kind names a sort of problem, in kebab-case.
type Kind string

// The kinds of problems that [Parse] finds.
const (
	NotDMARC         Kind = "not-dmarc"         // nothing in the text says DMARC
	VersionMissing   Kind = "version-missing"   // meant as DMARC, but there is no v tag
	VersionNotFirst  Kind = "version-not-first" // v=DMARC1 stands after other tags
	VersionWrong     Kind = "version-wrong"     // v is not exactly DMARC1
	LeadingSpace     Kind = "leading-space"     // white space before v
	MissingSemicolon Kind = "missing-semicolon" // two tags run into each other
	UnknownTag       Kind = "unknown-tag"       // ignored by receivers
	DuplicateTag     Kind = "duplicate-tag"     // only the first counts here, some receivers drop the record
	RemovedTag       Kind = "removed-tag"       // pct, rf, ri: historic since RFC 9989
	TagCase          Kind = "tag-case"          // a tag name not in lower case
	ValueCase        Kind = "value-case"        // a keyword not in lower case
	PolicyMissing    Kind = "policy-missing"    // no p
	PolicyInvalid    Kind = "policy-invalid"    // p, sp or np is none of the three policies
	PolicyNotSecond  Kind = "policy-not-second" // RFC 7489 wanted p right after v
	InvalidValue     Kind = "invalid-value"     // the default is used instead
	NoEffect         Kind = "no-effect"         // valid, but ignored in this record
	URIInvalid       Kind = "uri-invalid"       // not a URI that can be reported to
	URINoScheme      Kind = "uri-no-scheme"     // an address without mailto:
	URINotMailto     Kind = "uri-not-mailto"    // a scheme that no receiver need support
	URISize          Kind = "uri-size"          // obsolete size suffix such as !10m
	EmptyTag         Kind = "empty-tag"         // nothing between two semicolons
	Junk             Kind = "junk"              // text that is no tag=value
	BadCharacter     Kind = "bad-character"     // what no DMARC record may hold: line breaks, anything beyond ASCII
	Quotes           Kind = "quotes"            // a zone file's notation inside the text: quotes, backslashes
)

// Problem is something wrong with a record, or unwise.
type Problem struct {
	Kind    Kind
	Span    Span
	Message string // what is so and what follows, for people
}

// maxProblems bounds what is kept of a hostile record.
const maxProblems = 100

// sorted returns the problems in the order of the text, for one place in the
// order in which they were found.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Span.Start - b.Span.Start })
	return problems
}

// near returns the one of words that s is most likely a misspelling of, or "".
func near(s string, words []string) string {
	best, limit := "", 3
	for _, w := range words {
		// One or two letters are too few to tell a misspelling from another word,
		// unless they only changed places.
		allowed := len(w) / 3
		if len(w) == 2 && len(s) == 2 && s[0] == w[1] && s[1] == w[0] {
			allowed = 1
		}
		if d := distance(s, w); d <= allowed && d < limit {
			best, limit = w, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their neighbour
// to turn a into b. Long texts are no misspelling of a keyword.
func distance(a, b string) int {
	if len(a) > 20 || len(b) > 20 {
		return 20
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			rows[i][j] = nearer(rows, a, b, i, j)
		}
	}
	return rows[len(a)][len(b)]
}

func nearer(rows [][]int, a, b string, i, j int) int {
	if i == 0 || j == 0 {
		return i + j
	}
	change := 1
	if a[i-1] == b[j-1] {
		change = 0
	}
	d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		d = min(d, rows[i-2][j-2]+1)
	}
	return d
}
