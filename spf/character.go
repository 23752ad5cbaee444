package spf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendplan/internal/dns"
)

// characters reports octets that no term may hold: each run of them once
// (RFC 7208 §3.1, §4.6.1).
func (p *termParser) characters() []Fault {
	var faults []Fault
	s := p.t.Span
	for i := s.Start; i < s.End; {
		if visible(p.text[i]) {
			i++
			continue
		}
		j := i
		for j < s.End && !visible(p.text[j]) {
			j++
		}
		bad, suggest := characterName(p.text[i:j])
		at := Span{i, j}
		if label, alabel := p.internationalLabel(i); alabel != "" {
			at, suggest = label, alabel
		}
		faults = append(faults, Fault{BadCharacter, at, p.index,
			fmt.Sprintf("%s in %s: only printable US-ASCII is allowed", bad, show(p.t.Text)), suggest})
		i = at.End
	}
	return faults
}

// internationalLabel returns the label around an octet that is not ASCII, and
// its A-label, "" if it has none. RFC 7208 §4.3: a record holds A-labels only.
func (p *termParser) internationalLabel(at int) (label Span, alabel string) {
	label = Span{at, at}
	for label.Start > p.t.Span.Start && strings.IndexByte(".:=/", p.text[label.Start-1]) < 0 {
		label.Start--
	}
	for label.End < p.t.Span.End && strings.IndexByte("./", p.text[label.End]) < 0 {
		label.End++
	}
	text := label.Of(p.text)
	for _, r := range text {
		if r == '%' || r >= utf8.RuneSelf && (r == utf8.RuneError || !unicode.IsLetter(r)) {
			return label, ""
		}
	}
	name, err := dns.ParseName(text)
	if err != nil || label.Start == p.t.Span.Start {
		return label, "" // no label, but the name of the term
	}
	return label, name.String()
}

func visible(c byte) bool { return c > ' ' && c < 0x7f }

// characterName names what a run of octets begins with, and what was probably
// meant if it is that one character.
func characterName(run string) (name, suggest string) {
	r, n := utf8.DecodeRuneInString(run)
	if n < len(run) {
		suggest = ""
	} else if 0x2010 <= r && r <= 0x2015 || r == 0x2212 {
		suggest = "-"
	}
	switch {
	case r == utf8.RuneError:
		name = fmt.Sprintf("the octet 0x%02X", run[0])
	case 0x2010 <= r && r <= 0x2015 || r == 0x2212:
		name = fmt.Sprintf("a dash that is no hyphen (U+%04X)", r)
	case 0x200b <= r && r <= 0x200f || r == 0xfeff || r == 0x2060 || r == 0xad:
		name = fmt.Sprintf("an invisible character (U+%04X)", r)
	case 0x2018 <= r && r <= 0x201f:
		name = fmt.Sprintf("a typographic quote (U+%04X)", r)
	default:
		name = fmt.Sprintf("the character U+%04X", r)
	}
	return name, suggest
}
