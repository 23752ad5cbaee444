package dmarc

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// wsp is the white space of RFC 5234, the only one that a record may hold.
const wsp = " \t"

// lower folds ASCII letters only: no other letter is an ASCII keyword in
// disguise.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// IsDMARC reports whether receivers take the text for a DMARC record: its first
// tag is v, and the value of that is exactly DMARC1.
//
// RFC 9989 §4.7: v must be first and match precisely, else the entire record is
// ignored. §4.8 allows white space around "=" and before ";", but none before
// v; DKIM's tag list (RFC 6376 §3.2) would, so receivers differ there and
// [Parse] says so. The name v is an ABNF literal and so matches in any case.
func IsDMARC(text string) bool {
	first, _, _ := strings.Cut(text, ";")
	name, value, ok := strings.Cut(first, "=")
	return ok && lower(strings.TrimRight(name, wsp)) == "v" && strings.Trim(value, wsp) == "DMARC1"
}

// LooksLikeDMARC reports whether the text is no DMARC record, but somebody
// meant it to be one.
func LooksLikeDMARC(text string) bool {
	if IsDMARC(text) {
		return false
	}
	bare := strings.Map(func(r rune) rune { // v = "DMARC 1", V:dmarc1, and worse
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, lower(text))
	if strings.Contains(bare, "vdmarc1") || strings.HasPrefix(lower(text), "dmarc1;") {
		return true
	}
	p := parser{rec: Record{text: text}}
	p.split()
	for _, t := range p.rec.Tags {
		value := lower(t.Value)
		word, _, _ := strings.Cut(value, " ")
		switch lower(t.Name) {
		case "v":
			return strings.HasPrefix(value, "dmarc")
		case "p":
			if _, ok := parsePolicy(word); ok {
				return true
			}
		case "rua", "ruf":
			return strings.HasPrefix(value, "mailto:")
		}
	}
	return false
}

// Parse reads a text found at a _dmarc name. It never fails: a text that is no
// DMARC record gives a Record that says so and applies no policy.
//
// Two points are open in RFC 9989. Duplicate tags: §4.7 refers to DKIM's tag
// list, where a duplicate invalidates the whole list (RFC 6376 §3.2); but §4.8
// has syntax errors after v discarded or ignored. It is the later rule and made
// for this record, so the second occurrence is ignored here. Case of tag names:
// DKIM matches them exactly, the ABNF of §4.8 and the keywords of its table in
// any case (RFC 5234 §2.3); any case is accepted. Both are [Problem]s, because
// receivers differ.
func Parse(text string) Record {
	p := parser{rec: Record{text: text, FO: "0", PCT: 100, DMARC: IsDMARC(text)}}
	if !p.rec.DMARC && !LooksLikeDMARC(text) {
		p.problem(NotDMARC, Span{0, len(text)}, "this is not a DMARC record: receivers ignore it")
		return p.rec
	}
	p.split()
	p.version()
	p.octets()
	p.tags()
	p.rec.Use = p.rec.use(p.rec.p, p.rec.sp, p.rec.np)
	p.rec.P, p.rec.SP, p.rec.NP = p.rec.policies(p.rec.Use)
	p.policyProblems()
	p.effects()
	p.rec.Problems = sorted(p.rec.Problems)
	return p.rec
}

// parser fills a Record.
type parser struct {
	rec  Record
	bare []Span // what stands between semicolons without being tag=value
}

// problem notes a problem, until there are too many.
func (p *parser) problem(k Kind, at Span, format string, args ...any) {
	if len(p.rec.Problems) < maxProblems {
		p.rec.Problems = append(p.rec.Problems, Problem{k, at, fmt.Sprintf(format, args...)})
	}
}

// trim returns the span without white space at its ends; an all-white span
// becomes its empty start.
func trim(text string, s Span) Span {
	for s.Start < s.End && strings.IndexByte(wsp, text[s.End-1]) >= 0 {
		s.End--
	}
	for s.Start < s.End && strings.IndexByte(wsp, text[s.Start]) >= 0 {
		s.Start++
	}
	return s
}

// at returns the text of a span.
func (p *parser) at(s Span) string { return p.rec.text[s.Start:s.End] }

// split cuts the text at its semicolons into tags and the rest.
func (p *parser) split() {
	for start := 0; start <= len(p.rec.text); {
		end := len(p.rec.text)
		if i := strings.IndexByte(p.rec.text[start:], ';'); i >= 0 {
			end = start + i
		}
		p.segment(Span{start, end})
		start = end + 1
	}
}

func (p *parser) segment(s Span) {
	body := trim(p.rec.text, s)
	i := strings.IndexByte(p.at(body), '=')
	if i < 0 {
		if body.Start < body.End || s.End < len(p.rec.text) { // the end may be empty
			p.bare = append(p.bare, body)
		}
		return
	}
	name := trim(p.rec.text, Span{body.Start, body.Start + i})
	value := trim(p.rec.text, Span{body.Start + i + 1, body.End})
	p.rec.Tags = append(p.rec.Tags, Tag{
		Name: p.at(name), Value: p.at(value), NameSpan: name, ValueSpan: value,
		Known: isKnown(lower(p.at(name))),
	})
}

// version says what keeps the text from being a DMARC record.
func (p *parser) version() {
	if p.rec.DMARC {
		return
	}
	text := p.rec.text
	if rest := strings.TrimLeft(text, wsp+"\r\n\ufeff\u200b\u00a0"); rest != text && IsDMARC(rest) {
		p.problem(LeadingSpace, Span{0, len(text) - len(rest)}, "white space stands before v=DMARC1: most receivers do not take this for a DMARC record")
		return
	}
	v, ok := p.rec.Tag("v")
	switch first := len(p.rec.Tags) > 0 && v == p.rec.Tags[0] && len(p.bare) == 0; {
	case !ok:
		p.problem(VersionMissing, Span{}, "the record does not start with v=DMARC1: receivers ignore it")
	case v.Value == "DMARC1" && !first:
		p.problem(VersionNotFirst, v.NameSpan, "v=DMARC1 is not the first tag: receivers ignore the record")
	case v.Value == "DMARC1": // some white space that is none in a record
		p.problem(VersionWrong, Span{v.NameSpan.Start, v.ValueSpan.End}, "v=DMARC1 is not written plainly: receivers ignore the record")
	default:
		p.problem(VersionWrong, v.ValueSpan, "the version is %q, it must be exactly DMARC1, in capitals and followed by a semicolon: receivers ignore the record", brief(v.Value))
	}
}

// octets notes what no record may hold. RFC 9989 §4.8: values are printable
// ASCII, and a line break is no white space.
func (p *parser) octets() {
	text := p.rec.text
	if i := strings.IndexAny(text, `"\`); i >= 0 {
		p.problem(Quotes, Span{i, i + 1}, "%q is part of the published text: it belongs to the notation of a zone file, not into the record", text[i:i+1])
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			p.problem(BadCharacter, Span{i, i + n}, "the octet 0x%02X is not ASCII", text[i])
		case r >= 0x7f || r < ' ' && r != '\t':
			p.problem(BadCharacter, Span{i, i + n}, "the character %U cannot be part of a DMARC record", r)
		}
		i += n
	}
}

// brief cuts a value for a message.
func brief(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:57], "") + "..."
	}
	return s
}
