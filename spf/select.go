package spf

import (
	"fmt"
	"strings"
)

// IsSPF reports whether a TXT record's joined text is an SPF record: its version
// is exactly "v=spf1", in any case, and a blank or the end follows
// (RFC 7208 §4.5).
func IsSPF(txt string) bool {
	return len(txt) >= len(versionTag) && strings.EqualFold(txt[:len(versionTag)], versionTag) &&
		(len(txt) == len(versionTag) || txt[len(versionTag)] == ' ')
}

// Select sorts the TXT records at a name, each given as its joined text.
func Select(txts []string) Selection {
	var s Selection
	for _, t := range txts {
		if IsSPF(t) {
			s.Records = append(s.Records, t)
		} else if miss, ok := LooksLikeSPF(t); ok {
			s.Misses = append(s.Misses, miss)
		} else {
			s.Others = append(s.Others, t)
		}
	}
	return s
}

// LooksLikeSPF reports whether a TXT record that is no SPF record was probably
// meant to be one, and what is wrong with it.
func LooksLikeSPF(txt string) (NearMiss, bool) {
	if IsSPF(txt) {
		return NearMiss{}, false
	}
	if len(txt) >= 5 && strings.EqualFold(txt[:5], "spf2.") {
		return NearMiss{txt, "this is a Sender ID record, which nobody evaluates any more: SPF starts with v=spf1", ""}, true
	}
	v, ok := looseVersion(txt)
	if !ok {
		return NearMiss{}, false
	}
	miss := NearMiss{Text: txt, Message: versionProblem(txt, v)}
	fixed := versionTag + " " + strings.Trim(blanks(txt[v.End:]), " \"'")
	if r := Parse(fixed); r.Valid() && len(r.Terms) > 0 && len(r.Doubts) == 0 {
		miss.Suggest = fixed
	}
	return miss, true
}

// looseVersion finds what was probably meant as the version section, with the
// punctuation after it.
func looseVersion(txt string) (Span, bool) {
	at := len(txt) - len(strings.TrimLeft(txt, junk))
	end, ok := misspelledVersion(txt, at)
	if !ok {
		// Somewhere inside: "@ IN TXT v=spf1 ...".
		at = strings.Index(lowerASCII(txt), versionTag+" ")
		if at < 0 {
			return Span{}, false
		}
		end = at + len(versionTag)
	}
	for end < len(txt) {
		n, _ := separatorAt(txt[end:])
		if n == 0 && strings.IndexByte(";,:.", txt[end]) < 0 {
			break
		}
		end += max(n, 1)
	}
	return Span{at, end}, true
}

// blanks makes one blank of each run of white space of any kind.
func blanks(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		n, _ := separatorAt(s[i:])
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		if !strings.HasSuffix(b.String(), " ") {
			b.WriteByte(' ')
		}
		i += n
	}
	return b.String()
}

// junk is what panels and editors leave before a record: white space, quotes,
// a byte order mark, invisible and no-break spaces.
const junk = " \t\r\n\"'`\\(\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u201c\u201d\u201e\u2018\u2019"

// misspelledVersion reads v=spf1 with the slips that occur from txt[at:] on:
// blanks inside, a missing or misread 1, two letters swapped, no "v=".
func misspelledVersion(txt string, at int) (end int, ok bool) {
	rest := lowerASCII(txt[at:])
	i := 0
	skip := func(set string) {
		for i < len(rest) && strings.IndexByte(set, rest[i]) >= 0 {
			i++
		}
	}
	tagged := strings.HasPrefix(rest, "v")
	if tagged {
		i++
		skip(" =:\t")
	}
	if i == 1 || len(rest) < i+3 || rest[i:i+3] != "spf" && (!tagged || rest[i:i+3] != "sfp" && rest[i:i+3] != "psf") {
		return 0, false
	}
	i += 3
	// Look past blanks for the number, which may be missing.
	before := i
	skip(" -_=.v")
	if i < len(rest) && (rest[i] == '1' || rest[i] == 'l' && (i+1 == len(rest) || rest[i+1] == ' ')) {
		i++
	} else if i = before; !tagged || i < len(rest) && rest[i] != ' ' {
		return 0, false
	}
	// v=spf10 is another version, not a slip.
	if i < len(rest) && digit(rest[i]) {
		return 0, false
	}
	return at + i, true
}

// lowerASCII lower-cases ASCII letters only, so that offsets stay.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// versionProblem words why the text with the loose version v is no SPF record.
func versionProblem(txt string, v Span) string {
	written := strings.TrimRight(v.Of(txt), " ")
	switch rest := txt[v.End:]; {
	case v.Start > 0 && strings.Trim(txt[:v.Start], " ") == "":
		return "a blank stands before v=spf1, so this is no SPF record"
	case v.Start > 0 && txt[:v.Start] == `"`:
		return "a quotation mark stands before v=spf1, so this is no SPF record"
	case v.Start > 0:
		return fmt.Sprintf("%s stands before v=spf1, so this is no SPF record", show(txt[:v.Start]))
	case !strings.EqualFold(v.Of(txt)[:min(len(versionTag), v.Len())], versionTag):
		return fmt.Sprintf("the text starts with %s instead of v=spf1, so this is no SPF record", show(written))
	case v.Len() == len(versionTag) && rest != "":
		return fmt.Sprintf("after v=spf1 a blank is missing before %s, so this is no SPF record", show(rest))
	case strings.TrimSpace(v.Of(txt)[len(versionTag):]) == "":
		_, name := separatorAt(v.Of(txt)[len(versionTag):])
		return fmt.Sprintf("after v=spf1 stands %s instead of a blank, so this is no SPF record", name)
	default:
		return fmt.Sprintf("after v=spf1 stands %s instead of a blank, so this is no SPF record", show(v.Of(txt)[len(versionTag):]))
	}
}
