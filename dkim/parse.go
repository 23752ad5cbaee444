package dkim

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads the text of a TXT record, its strings joined, as a key record. It
// never fails: what is wrong is in [Record.Problems], and [Parse](s).Text() is s.
func Parse(text string) Record {
	p := parser{Record: Record{text: text}}
	p.split()
	if !p.isKey() {
		p.problems = nil
		p.add(Problem{NotKey, Span{0, len(text)}, "the text is no DKIM key record", true})
		return p.Record
	}
	p.keyType = RSA
	p.duplicates()
	p.version()
	p.quotes()
	p.lists()
	p.key()
	slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Span.Start - b.Span.Start })
	return p.Record
}

// parser fills a Record step by step.
type parser struct {
	Record
	quoted bool // a panel's quotation mark or backslash was reported
}

func (p *parser) add(problem Problem) { p.problems = append(p.problems, problem) }

// fatal adds a problem that leaves verifiers without a key.
func (p *parser) fatal(code Code, at Span, format string, args ...any) {
	p.add(Problem{code, at, fmt.Sprintf(format, args...), true})
}

// note adds a problem that verifiers do not mind.
func (p *parser) note(code Code, at Span, format string, args ...any) {
	p.add(Problem{code, at, fmt.Sprintf(format, args...), false})
}

// isSpace reports folding white space, as far as a TXT record can hold it
// (RFC 6376 §2.8).
func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// trim returns the part of at that has no white space at its ends.
func (p *parser) trim(at Span) Span {
	s := p.text[at.Start:at.End]
	left := strings.TrimLeftFunc(s, isSpace)
	at.Start += len(s) - len(left)
	at.End = at.Start + len(strings.TrimRightFunc(left, isSpace))
	return at
}

// split cuts the text into tags.
//
// RFC 6376 §3.2: tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
func (p *parser) split() {
	for start := 0; start <= len(p.text); {
		end := len(p.text)
		if i := strings.IndexByte(p.text[start:], ';'); i >= 0 {
			end = start + i
		}
		p.tag(p.trim(Span{start, end}), end == len(p.text))
		start = end + 1
	}
}

// tag reads one tag-spec, whose outer white space is gone.
func (p *parser) tag(at Span, last bool) {
	s := p.text[at.Start:at.End]
	name, value, ok := strings.Cut(s, "=")
	switch {
	case s == "" && last:
		return // the optional final semicolon
	case s == "":
		p.note(EmptyTag, at, "there is nothing between two semicolons")
		return
	case !ok:
		p.fatal(Syntax, at, "%s is no tag: it lacks an equals sign", quote(s))
		return
	}
	t := Tag{
		NameSpan:  p.trim(Span{at.Start, at.Start + len(name)}),
		ValueSpan: p.trim(Span{at.End - len(value), at.End}),
	}
	t.Name = p.text[t.NameSpan.Start:t.NameSpan.End]
	t.Value = p.text[t.ValueSpan.Start:t.ValueSpan.End]
	p.tags = append(p.tags, t)
	if !isTagName(t.Name) && !strings.ContainsAny(t.Name, `"\`) {
		p.fatal(Syntax, t.NameSpan, "%s is no tag name: letters, digits and underscores after a letter", quote(t.Name))
	}
}

// RFC 6376 §3.2: tag-name = ALPHA *ALNUMPUNC
func isTagName(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// isKey reports whether the text means to be a key record: v= names DKIM, or
// there is no v= and a p=. A wildcard's SPF or DMARC record is none.
func (p *parser) isKey() bool {
	hasKey := false
	for _, t := range p.tags {
		switch strings.TrimLeft(t.Name, `"\`) {
		case "v", "V":
			v := strings.TrimLeft(t.Value, `"\`)
			return len(v) >= 4 && strings.EqualFold(v[:4], "dkim")
		case "p":
			hasKey = true
		}
	}
	return hasKey
}

// RFC 6376 §3.2: tags with duplicate names MUST NOT occur within a single
// tag-list; if a tag name does occur more than once, the entire tag-list is
// invalid.
func (p *parser) duplicates() {
	seen := map[string]bool{}
	for _, t := range p.tags {
		if seen[t.Name] {
			p.fatal(Duplicate, t.Span(), "the tag %s= is there twice", t.Name)
		}
		seen[t.Name] = true
	}
}

// version judges v=.
//
// RFC 6376 §3.6.1: if specified, v= MUST be DKIM1 and MUST be the first tag;
// other values MUST be discarded, and the comparison is of strings. Verifiers
// differ on a v= that stands elsewhere: some read the record, others discard it,
// so mail cannot count on the key.
func (p *parser) version() {
	t, ok := p.Tag("v")
	switch {
	case !ok:
		return
	case strings.ContainsAny(t.Value, `"\`):
		return // quotes says it
	case t.Value != "DKIM1":
		p.fatal(Version, t.ValueSpan, "the version is %s, it must be DKIM1 in capitals", quote(t.Value))
	}
	if p.tags[0].Name != "v" {
		p.fatal(VersionOrder, t.Span(), "v= must be the first tag; strict verifiers discard the record")
	}
}

// quotes reports the first mark of zone-file quoting inside the record: a panel
// took the quotation marks or backslashes as part of the value. Notes and
// unknown tags may hold such octets.
func (p *parser) quotes() {
	for _, t := range p.tags {
		at := t.NameSpan
		i := strings.IndexAny(t.Name, `"\`)
		if i < 0 && len(t.Name) == 1 && strings.Contains("vkphst", t.Name) {
			at = t.ValueSpan
			i = strings.IndexAny(t.Value, `"\`)
		}
		if i >= 0 {
			at = Span{at.Start + i, at.Start + i + 1}
			p.quoted = true
			p.fatal(Quotes, at, "the record itself holds %s, left over from the quoting of a zone file", quote(p.text[at.Start:at.End]))
			return
		}
	}
}

// item is one value of a colon-separated list.
type item struct {
	Value string
	Span  Span
}

// listItems cuts the value of h=, s= or t= (RFC 6376 §3.6.1); an empty value
// has none.
func listItems(t Tag) []item {
	var items []item
	for start := 0; start < len(t.Value); {
		end := len(t.Value)
		if i := strings.IndexByte(t.Value[start:], ':'); i >= 0 {
			end = start + i
		}
		v := t.Value[start:end]
		left := strings.TrimLeftFunc(v, isSpace)
		at := t.ValueSpan.Start + start + len(v) - len(left)
		v = strings.TrimRightFunc(left, isSpace)
		items = append(items, item{v, Span{at, at + len(v)}})
		start = end + 1
	}
	return items
}

// lists judges the tags that limit what the key may be used for.
func (p *parser) lists() {
	// RFC 6376 §3.6.1 and RFC 8301 §3.1: a key whose h= lacks sha256 fits no
	// signature that verifiers still accept.
	if t, ok := p.Tag("h"); ok && !p.names(t, "sha256") {
		p.fatal(Hash, t.Span(), "h= leaves out sha256, and sha1 is no longer accepted")
	}
	// RFC 6376 §3.6.1: verifiers ignore the record if the service is not listed.
	if t, ok := p.Tag("s"); ok && !p.names(t, "email") && !p.names(t, "*") {
		p.fatal(Service, t.Span(), "s= lists neither email nor *, so the key is not for mail")
	}
	if t, ok := p.Tag("t"); ok {
		if p.names(t, "y") {
			p.note(TestingFlag, t.Span(), "t=y says that the domain only tests DKIM")
		}
		if p.names(t, "s") {
			p.note(StrictFlag, t.Span(), "t=s allows no subdomain in the identity (i=) of a signature")
		}
	}
	// RFC 6376 §3.6.1 dropped g=, which RFC 4871 had: an empty one matched nothing.
	if t, ok := p.Tag("g"); ok {
		p.note(Granularity, t.Span(), "g= is no longer part of DKIM; old verifiers may still apply it")
	}
}

// names reports whether the list holds want. RFC 6376 §3.2 makes values
// case-sensitive, but capitals are read by the verifiers in use: they are noted
// and do not spoil the key.
func (p *parser) names(t Tag, want string) bool {
	for _, item := range listItems(t) {
		if item.Value == want {
			return true
		}
		if strings.EqualFold(item.Value, want) {
			p.note(LetterCase, item.Span, "%s should be written %s", quote(item.Value), want)
			return true
		}
	}
	return false
}

const maxQuoted = 40 // octets of the record that a message repeats

// quote quotes text from a record, cut to a bearable length.
func quote(s string) string {
	if len(s) > maxQuoted {
		return fmt.Sprintf("%q...", s[:maxQuoted])
	}
	return fmt.Sprintf("%q", s)
}
