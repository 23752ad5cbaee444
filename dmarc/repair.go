package dmarc

import (
	"slices"
	"strings"
)

// Repair returns the record that a text was meant to be, and in words what had
// to be done; nothing had to be for a record without mistakes. ok is false where
// that is not safe to tell: then the record is the text as it stands.
//
// It says what was meant, not what to publish: a repaired record comes into
// force as a whole, so receivers would suddenly apply a policy that was never
// tried. [Ramp] starts from what they do today.
func Repair(text string) (rec Record, done []string, ok bool) {
	rec, done = mend(text)
	if rec.Use != UsePolicy || !IsDMARC(text) && !rec.clear() {
		return Parse(text), nil, false
	}
	return rec, done, true
}

// clear reports whether nothing in a record looks as if more went wrong with its
// text than was mended.
func (r Record) clear() bool {
	for _, p := range r.Problems {
		switch p.Kind {
		case Junk, BadCharacter, Quotes, EmptyTag, MissingSemicolon, InvalidValue, URIInvalid:
			return false
		}
	}
	return r.DMARC && !slices.ContainsFunc(r.Tags, func(t Tag) bool { return !isTagName(t.Name) })
}

// repairs are the mistakes that can be told from the text alone, in the order in
// which they are mended: each relies on those before it.
var repairs = [...]struct {
	words string
	mend  func(string) string
}{
	{"left out quotes, backslashes, blanks in front and invisible characters", readable},
	{"put in the missing semicolons", separated},
	{"made v=DMARC1 the first that stands there", versionFirst},
	{"closed up empty places between semicolons", closedUp},
	{"kept only the first of each tag that stood there more than once", firstOnly},
	{"wrote tag names and keywords in lower case", lowerCase},
	{"corrected the spelling of a policy", spelled},
	{"put mailto: in front of an address", withScheme},
}

// mend applies the repairs. What comes out need not be a record that receivers
// can use, nor one at all.
func mend(text string) (rec Record, done []string) {
	for _, r := range repairs {
		if mended := r.mend(text); mended != text {
			text, done = mended, append(done, r.words)
		}
	}
	return Parse(text), done
}

// readable takes out what no record may hold and what is no letter of any: a
// zone file's notation, and white space and marks from web pages.
func readable(text string) string {
	if strings.Contains(text, `"`) {
		parts := strings.Split(text, `"`)
		for i := 1; i < len(parts)-1; i++ {
			if strings.Trim(parts[i], wsp) == "" {
				parts[i] = "" // between two strings of one record
			}
		}
		text = strings.Join(parts, "")
	}
	text = invisible.Replace(text) // which leaves alone what is no text at all
	if bare := strings.TrimLeft(text, wsp); IsDMARC(bare) || LooksLikeDMARC(bare) {
		return bare
	}
	return text
}

var invisible = strings.NewReplacer(`\n`, " ", `\r`, " ", `\t`, " ", `\`, "", "\ufeff", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "",
	"\u00a0", " ", "\r", " ", "\n", " ")

// separated puts a semicolon before each tag that the value before it has
// swallowed.
func separated(text string) string {
	problems := Parse(text).Problems
	for _, p := range slices.Backward(problems) {
		if p.Kind == MissingSemicolon {
			text = text[:p.Span.Start] + "; " + strings.TrimLeft(text[p.Span.Start:], wsp+",:")
		}
	}
	return text
}

// versionFirst makes v=DMARC1 the first tag of a text that was meant as a
// record. A version that is plainly another is left alone.
func versionFirst(text string) string {
	if IsDMARC(text) || !LooksLikeDMARC(text) {
		return text
	}
	parts := strings.Split(text, ";")
	at := slices.IndexFunc(parts, isVersion)
	switch {
	case at == 0:
		parts[0] = "v=DMARC1"
		return strings.Join(parts, ";")
	case at > 0:
		parts = slices.Delete(parts, at, at+1)
	case slices.ContainsFunc(parts, func(s string) bool { return tagName(s) == "v" }):
		return text
	}
	return "v=DMARC1; " + strings.TrimLeft(strings.Join(parts, ";"), wsp)
}

func tagName(part string) string {
	name, _, ok := strings.Cut(part, "=")
	if !ok {
		return ""
	}
	return lower(strings.Trim(name, wsp))
}

// isVersion reports whether what stands between two semicolons was meant to be
// v=DMARC1.
func isVersion(part string) bool {
	bare := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, lower(part))
	if bare == "vdmarc1" || bare == "dmarc1" {
		return true
	}
	if before, ok := strings.CutSuffix(lower(strings.TrimRight(part, wsp)), "v=dmarc1"); ok && !strings.Contains(before, "=") {
		// Such as _dmarc.example.com. IN TXT, from a zone file.
		return strings.TrimRight(before, "abcdefghijklmnopqrstuvwxyz0123456789") == before
	}
	if tagName(part) != "v" {
		return false
	}
	// Another number would be another version.
	word := bare[1:]
	digits := strings.TrimLeft(word, "abcdefghijklmnopqrstuvwxyz")
	return (digits == "" || digits == "1") && near(word, []string{"dmarc1"}) != ""
}

// closedUp removes empty places between semicolons; a semicolon at the end is
// none.
func closedUp(text string) string {
	if !IsDMARC(text) {
		return text
	}
	parts := strings.Split(text, ";")
	last := len(parts) - 1
	kept := parts[:0:0]
	for i, part := range parts {
		if i == last || strings.Trim(part, wsp) != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ";")
}

// firstOnly drops all but the first of each tag. RFC 9989 does not say which
// counts; here it is the first, see [Parse].
func firstOnly(text string) string {
	seen := map[string]bool{}
	return Parse(text).cut(func(_ int, t Tag) bool {
		again := seen[lower(t.Name)]
		seen[lower(t.Name)] = true
		return again
	}).text
}

// lowerCase writes tag names and keywords as all receivers know them.
func lowerCase(text string) string {
	for _, p := range Parse(text).Problems {
		if p.Kind == TagCase || p.Kind == ValueCase {
			text = text[:p.Span.Start] + lower(text[p.Span.Start:p.Span.End]) + text[p.Span.End:]
		}
	}
	return text
}

// spelled corrects p, sp and np where it is plain which policy is meant.
func spelled(text string) string {
	for _, p := range slices.Backward(Parse(text).Problems) {
		if p.Kind != PolicyInvalid {
			continue
		}
		if word := near(lower(text[p.Span.Start:p.Span.End]), policyWords); word != "" {
			text = text[:p.Span.Start] + word + text[p.Span.End:]
		}
	}
	return text
}

// withScheme makes URIs of bare addresses.
func withScheme(text string) string {
	for _, p := range slices.Backward(Parse(text).Problems) {
		if p.Kind != URINoScheme {
			continue
		}
		address, _ := cutSize(text[p.Span.Start:p.Span.End])
		if _, _, wrong := mailto(address); wrong == "" {
			text = text[:p.Span.Start] + "mailto:" + text[p.Span.Start:]
		}
	}
	return text
}
