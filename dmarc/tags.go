package dmarc

import (
	"slices"
	"strconv"
	"strings"
)

// known are the tags of RFC 9989 §4.7.
var known = []string{"v", "p", "sp", "np", "adkim", "aspf", "psd", "t", "rua", "ruf", "fo"}

// removed are the tags that RFC 9989 §9.3 made historic, and what they meant.
var removed = []string{"pct", "rf", "ri"}

func isKnown(name string) bool { return slices.Contains(known, name) }

var policyWords = policyNames[None:Unknown]

// tags reads the tags in order; of duplicates the first counts.
func (p *parser) tags() {
	for _, s := range p.bare {
		if s.Start == s.End {
			p.problem(EmptyTag, s, "nothing stands between two semicolons")
		} else {
			p.problem(Junk, s, "%q is not of the form tag=value: receivers ignore it", brief(p.at(s)))
		}
	}
	seen := map[string]bool{}
	for i, t := range p.rec.Tags {
		name := lower(t.Name)
		p.missingSemicolon(t)
		if seen[name] {
			p.problem(DuplicateTag, Span{t.NameSpan.Start, t.ValueSpan.End}, "%q stands there a second time: some receivers use the first, some drop the whole record", brief(t.Name))
			continue
		}
		seen[name] = true
		if name != t.Name && (isKnown(name) || slices.Contains(removed, name)) {
			p.problem(TagCase, t.NameSpan, "%q is not in lower case: some receivers do not know it", t.Name)
		}
		if name == "p" && i != 1 && p.rec.DMARC {
			// RFC 7489 §6.4: in that grammar p follows v.
			p.problem(PolicyNotSecond, t.NameSpan, "p does not stand right after v: some receivers that follow RFC 7489 drop such a record")
		}
		p.value(name, t)
	}
}

// value reads one tag.
func (p *parser) value(name string, t Tag) {
	if t.Value == "" && isKnown(name) && !strings.HasSuffix(name, "p") { // see policyProblems
		p.problem(InvalidValue, Span{t.NameSpan.Start, t.ValueSpan.End}, "%q has no value", name)
	}
	switch name {
	case "v":
	case "p":
		p.rec.p = p.policy(t)
	case "sp":
		p.rec.sp = p.policy(t)
	case "np":
		p.rec.np = p.policy(t)
	case "adkim":
		p.rec.ADKIM = Mode(p.letter(t, "rs"))
	case "aspf":
		p.rec.ASPF = Mode(p.letter(t, "rs"))
	case "psd":
		p.rec.PSD = PSD(p.letter(t, "uyn"))
	case "t":
		p.rec.T = p.letter(t, "ny") == 1
	case "rua":
		p.rec.RUA = p.uris(t)
	case "ruf":
		p.rec.RUF = p.uris(t)
	case "fo":
		p.failureOptions(t)
	case "pct", "rf", "ri":
		p.removedTag(name, t)
	default:
		p.unknown(t)
	}
}

// policy reads the value of p, sp or np.
func (p *parser) policy(t Tag) declared {
	policy, ok := parsePolicy(lower(t.Value))
	if ok && policy.String() != t.Value {
		p.problem(ValueCase, t.ValueSpan, "%q is not in lower case: some receivers do not know it", t.Value)
	}
	return declared{present: true, policy: policy}
}

// letter reads a value of one letter and returns its index in letters, whose
// first is the default. RFC 9989 §4.8: a syntax error after v is discarded in
// favour of the default.
func (p *parser) letter(t Tag, letters string) int {
	i := strings.Index(letters, lower(t.Value))
	if len(t.Value) == 1 && i >= 0 {
		if letters[i:i+1] != t.Value {
			p.problem(ValueCase, t.ValueSpan, "%q is not in lower case: some receivers do not know it", t.Value)
		}
		return i
	}
	if t.Value != "" {
		p.problem(InvalidValue, t.ValueSpan, "%q is no value of %s, which may be %s: receivers use %q",
			brief(t.Value), lower(t.Name), strings.Join(strings.Split(letters, ""), " or "), letters[:1])
	}
	return 0
}

// failureOptions reads fo. RFC 9989 §4.8: 0 and 1 exclude each other, d and s
// may stand beside either, each option once.
func (p *parser) failureOptions(t Tag) {
	if t.Value == "" {
		return
	}
	options := strings.Split(lower(t.Value), ":")
	seen := map[string]bool{}
	for i, o := range options {
		options[i] = strings.Trim(o, wsp)
		if o := options[i]; len(o) != 1 || !strings.Contains("01ds", o) || seen[o] {
			p.problem(InvalidValue, t.ValueSpan, "%q is no value of fo, which is a list of 0 or 1, d and s, with colons between: receivers use \"0\"", brief(t.Value))
			return
		}
		seen[options[i]] = true
	}
	if seen["0"] && seen["1"] {
		p.problem(InvalidValue, t.ValueSpan, "fo asks for 0 and for 1, which exclude each other: receivers may use \"0\"")
		return
	}
	p.rec.FO = strings.Join(options, ":")
}

// removedTag reads a tag that RFC 9989 §9.3 made historic.
func (p *parser) removedTag(name string, t Tag) {
	span := Span{t.NameSpan.Start, t.ValueSpan.End}
	switch name {
	case "rf":
		p.problem(RemovedTag, span, "rf (format of failure reports) is no longer part of DMARC: receivers ignore it")
		return
	case "ri":
		p.problem(RemovedTag, span, "ri (seconds between aggregate reports) is no longer part of DMARC: receivers ignore it")
		return
	}
	n, err := strconv.Atoi(t.Value)
	if err != nil || n < 0 || n > 100 || t.Value[0] == '+' {
		p.problem(RemovedTag, span, "pct (percentage of failing mail that the policy is for) is no longer part of DMARC, and %q was no value of it", brief(t.Value))
		return
	}
	p.rec.PCT = n
	if n == 100 {
		p.problem(RemovedTag, span, "pct=100 is no longer part of DMARC and was the default: it can go")
		return
	}
	p.problem(RemovedTag, span, "pct is no longer part of DMARC: receivers that follow RFC 9989 apply the policy to all failing mail, older ones to %d percent", n)
}

// unknown notes a tag without meaning. RFC 9989 §4.7: it is ignored.
func (p *parser) unknown(t Tag) {
	if len(p.rec.Problems) >= maxProblems {
		return // spelling is not cheap
	}
	hidden := strings.TrimFunc(lower(t.Name), func(r rune) bool { return r <= ' ' || r >= 0x7f })
	if hidden != t.Name && isKnown(hidden) {
		p.problem(UnknownTag, t.NameSpan, "%q is not %q: a character that no record may hold stands beside the name and hides the tag from receivers that read strictly", brief(t.Name), hidden)
		return
	}
	if s := near(lower(t.Name), slices.Concat(known, removed)); s != "" {
		p.problem(UnknownTag, t.NameSpan, "%q is no tag of DMARC, receivers ignore it: %q was probably meant", brief(t.Name), s)
		return
	}
	p.problem(UnknownTag, t.NameSpan, "%q is no tag of DMARC: receivers ignore it", brief(t.Name))
}

// missingSemicolon finds tags swallowed by the value before them, as in
// "p=reject rua=mailto:...": separated by a blank or a comma, but by no
// semicolon.
func (p *parser) missingSemicolon(t Tag) {
	v := t.Value
	for i := strings.IndexByte(v, '='); i >= 0; i = next(v, i+1) {
		end := len(strings.TrimRight(v[:i], wsp))
		start := end
		for start > 0 && isLetter(v[start-1]) {
			start--
		}
		name := lower(v[start:end])
		gap := len(strings.TrimRight(v[:start], wsp+",:"))
		if gap == start || !isKnown(name) && !slices.Contains(removed, name) {
			continue
		}
		p.problem(MissingSemicolon, Span{t.ValueSpan.Start + gap, t.ValueSpan.Start + end},
			"a semicolon is missing before %q: receivers take it for a part of the value of %s", name+"=", brief(lower(t.Name)))
	}
}

func next(s string, from int) int {
	if i := strings.IndexByte(s[from:], '='); i >= 0 {
		return from + i
	}
	return -1
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// policyProblems says what missing and invalid policies lead to (RFC 9989
// §4.10.1).
func (p *parser) policyProblems() {
	if !p.rec.DMARC {
		return
	}
	effect := "receivers apply no DMARC at all"
	if p.rec.Use == UseAsNone {
		effect = "receivers act as if the record said p=none"
	}
	if !p.rec.p.present {
		v := p.rec.Tags[0]
		p.problem(PolicyMissing, Span{v.NameSpan.Start, v.ValueSpan.End}, "there is no policy (p=): %s", effect)
	}
	for _, name := range []string{"p", "sp", "np"} {
		t, ok := p.rec.Tag(name)
		if !ok {
			continue
		}
		if _, ok := parsePolicy(lower(t.Value)); ok {
			continue
		}
		hint := ""
		if s := near(lower(t.Value), policyWords); s != "" {
			hint = ", " + strconv.Quote(s) + " was probably meant"
		}
		p.problem(PolicyInvalid, t.ValueSpan, "%s is %q, it must be none, quarantine or reject%s: %s", name, brief(t.Value), hint, effect)
	}
}

// effects notes tags that are in order but do nothing in this record.
func (p *parser) effects() {
	ruf, hasRUF := p.rec.Tag("ruf")
	if fo, ok := p.rec.Tag("fo"); ok && !hasRUF {
		// RFC 9989 §4.7, fo
		p.problem(NoEffect, Span{fo.NameSpan.Start, fo.ValueSpan.End}, "fo is ignored in a record without ruf")
	}
	if hasRUF && p.rec.PSD == PSDYes {
		// RFC 9991 §2
		p.problem(NoEffect, Span{ruf.NameSpan.Start, ruf.ValueSpan.End}, "ruf is ignored in a record with psd=y")
	}
}
