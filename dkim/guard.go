package dkim

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// ProbeLabel returns a selector that nobody uses, always the same for a domain,
// so that recordings replay. What answers there answers at any name.
func ProbeLabel(domain dns.Name) string {
	sum := sha256.Sum256([]byte(domain))
	return "zz-" + hex.EncodeToString(sum[:6])
}

// Guard takes the finds back that a wildcard record explains: it sets [Wildcard]
// on every hit whose answer is that of the probe, the lookup of [ProbeLabel].
// Other hits are records of their own and stay, as do all without an answer.
//
// When the probe failed, a hit that cannot be told from a wildcard's answer
// becomes Unknown, with the probe's error. A key record and a target that names
// the selector are no wildcard's and stay.
func Guard(probe Selector, hits []Selector) []Selector {
	out := slices.Clone(hits)
	for i, h := range out {
		switch {
		case h.State == Unknown || h.State == Missing:
		case probe.State == Unknown && !h.ownRecord():
			out[i].State, out[i].Err = Unknown, probe.Err
		case probe.answers() && probe.pattern() == h.pattern():
			out[i].State = Wildcard
		}
	}
	return out
}

// answers reports whether anything is published at the name.
func (s Selector) answers() bool { return len(s.Chain) > 0 || len(s.Texts) > 0 }

// ownRecord reports whether the answer was made for this selector, as far as it
// shows by itself.
func (s Selector) ownRecord() bool {
	if _, ok := s.Record.Tag("p"); ok && s.KeyType != "" {
		return true
	}
	return mentions(string(s.Target), s.Selector) || s.State == WrongType && mentions(s.Record.Text(), s.Selector)
}

// mentions reports whether name starts with the selector, as a whole word.
func mentions(name, selector string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(name), selector)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '-' || rest[0] == '_')
}

// pattern is what two answers of one wildcard have in common: the chain's
// targets, the selector in them blanked out (a DNAME record or a server that
// makes up names repeats it), and the texts.
func (s Selector) pattern() string {
	var b strings.Builder
	for _, r := range s.Chain {
		if c, ok := r.Data.(dns.CNAME); ok {
			target := string(c.Target)
			if rest, ok := strings.CutPrefix(target, s.Selector+"."); ok {
				target = "*." + rest
			}
			b.WriteString(target + "\n")
		}
	}
	for _, t := range s.Texts {
		b.WriteString("\x00" + t)
	}
	return b.String()
}
