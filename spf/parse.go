package spf

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const versionTag = "v=spf1"

// Parse reads a record. It never fails: what is wrong is listed in Errors, and
// a term that is wrong does not keep the others from being read.
func Parse(text string) Record {
	p := &parser{rec: Record{text: text}}
	start, ok := p.version()
	if ok {
		p.terms(start)
	}
	return p.rec
}

type parser struct{ rec Record }

func (p *parser) fail(f Fault) { p.rec.Errors = append(p.rec.Errors, f) }

func (p *parser) doubt(f Fault) { p.rec.Doubts = append(p.rec.Doubts, f) }

// version reads the version section and returns where the terms begin; ok is
// false when nothing like a version is there.
func (p *parser) version() (start int, ok bool) {
	text := p.rec.text
	if IsSPF(text) {
		return len(versionTag), true
	}
	v, ok := looseVersion(text)
	if !ok {
		p.fail(Fault{BadVersion, Span{0, 0}, -1, "the text does not start with v=spf1", ""})
		return 0, false
	}
	f := Fault{BadVersion, Span{0, v.End}, -1, versionProblem(text, v), versionTag}
	if v.End < len(text) {
		f.Suggest += " "
	}
	p.fail(f)
	return v.End, true
}

// terms splits the rest of the text into terms (RFC 7208 §4.6.1: only blanks
// separate them; what else looks like white space separates here too, but is an
// error).
func (p *parser) terms(i int) {
	text := p.rec.text
	begin := -1
	flush := func(end int) {
		if begin >= 0 {
			p.term(Span{begin, end})
			begin = -1
		}
	}
	for i < len(text) {
		n, name := separatorAt(text[i:])
		if n == 0 {
			if begin < 0 {
				begin = i
			}
			i++
			continue
		}
		flush(i)
		if name != "" {
			p.fail(Fault{BadSeparator, Span{i, i + n}, -1, fmt.Sprintf("%s is in the record: only blanks may separate terms", name), " "})
		}
		i += n
	}
	flush(len(text))
}

// separatorAt returns the length of the white space that s begins with; the
// name is "" for the blank, the only one that is allowed.
func separatorAt(s string) (n int, name string) {
	switch s[0] {
	case ' ':
		return 1, ""
	case '\t':
		return 1, "a TAB"
	case '\n', '\r', '\v', '\f':
		return 1, "a line break"
	}
	switch r, n := utf8.DecodeRuneInString(s); {
	case r == 0xa0, r == 0x202f:
		return n, "a no-break space"
	case 0x2000 <= r && r <= 0x200a, r == 0x3000, r == 0x1680, r == 0x205f:
		return n, fmt.Sprintf("a Unicode space (U+%04X)", r)
	case r == 0x2028, r == 0x2029, r == 0x85:
		return n, "a line break"
	}
	return 0, ""
}

// term reads one term and adds it to the record.
func (p *parser) term(span Span) {
	tp := termParser{
		text: p.rec.text, index: len(p.rec.Terms),
		t: Term{Span: span, Text: span.Of(p.rec.text), CIDR4: NoCIDR, CIDR6: NoCIDR},
	}
	tp.parse()
	if bad := tp.characters(); bad != nil {
		// What else is wrong follows from the octets that do not belong there.
		tp.errors = bad
	}
	if k := tp.t.Kind; (k == KindRedirect || k == KindExp) && p.rec.first(k) >= 0 {
		// RFC 7208 §6
		tp.fail(Repeated, span, fmt.Sprintf("%s= is there twice: once is allowed", k), "")
	}
	tp.t.Valid = len(tp.errors) == 0
	p.rec.Terms = append(p.rec.Terms, tp.t)
	if tp.t.Kind == KindAll && p.rec.all == 0 {
		p.rec.all = len(p.rec.Terms)
	}
	p.rec.Errors = append(p.rec.Errors, tp.errors...)
	for _, f := range tp.doubts {
		p.doubt(f)
	}
}

// show quotes a part of a record in a message, cut to a length that people read.
func show(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%q...", strings.ToValidUTF8(s[:most], ""))
	}
	return fmt.Sprintf("%q", s)
}
