package spf

import (
	"fmt"
	"unicode/utf8"
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
		faults = append(faults, Fault{BadCharacter, Span{i, j}, p.index,
			fmt.Sprintf("%s in %s: only printable US-ASCII is allowed", bad, show(p.t.Text)), suggest})
		i = j
	}
	return faults
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
