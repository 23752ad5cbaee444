package spf

import (
	"fmt"
	"net/netip"
	"strings"
)

// termParser reads one term. Spans are into text, the whole record.
type termParser struct {
	text   string
	index  int
	t      Term
	plain  bool // only whether the term is right is asked for
	errors []Fault
	doubts []Fault
}

func (p *termParser) fail(c Code, s Span, message, suggest string) {
	if !p.plain {
		if s == p.t.Span && suggest != "" && !validTerm(suggest) {
			suggest = ""
		}
		message += escapedText(s.Of(p.text))
	}
	p.errors = append(p.errors, Fault{c, s, p.index, message, suggest})
}

// escapedText notes a control character that was pasted as an escape sequence.
func escapedText(s string) string {
	for _, e := range []string{`\n`, `\r`, `\t`} {
		if strings.Contains(s, e) {
			return fmt.Sprintf(" (it holds the two characters %s, not what they stand for)", e)
		}
	}
	return ""
}

// missing reports an argument that is not there, at the term's end.
func (p *termParser) missing(example string) {
	p.fail(MissingArgument, p.t.Span, fmt.Sprintf("%s needs a value: %s", show(p.t.Text), example), "")
}

// kinds are the names of RFC 7208 §5 and §6, in lower case.
var kinds = map[string]Kind{
	"all": KindAll, "include": KindInclude, "a": KindA, "mx": KindMX, "ptr": KindPTR,
	"ip4": KindIP4, "ip6": KindIP6, "exists": KindExists, "redirect": KindRedirect, "exp": KindExp,
}

func (p *termParser) parse() {
	s := p.t.Span
	// RFC 7208 §4.6.1: a name with "=" right after it is a modifier.
	if n := modifierName(p.t.Text); n > 0 {
		p.modifier(Span{s.Start, s.Start + n})
		return
	}
	p.mechanism()
}

// modifierName returns the length of the name before "=", 0 if s is no
// modifier: name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ).
func modifierName(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '=':
			return i
		case alpha(c):
		case i > 0 && (digit(c) || c == '-' || c == '_' || c == '.'):
		default:
			return 0
		}
	}
	return 0
}

func alpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }

func (p *termParser) modifier(name Span) {
	t := &p.t
	t.NameSpan, t.Name = name, name.Of(p.text)
	t.DomainSpan = Span{name.End + 1, t.Span.End}
	t.Domain = t.DomainSpan.Of(p.text)
	switch k := kinds[strings.ToLower(t.Name)]; k {
	case KindRedirect, KindExp:
		t.Kind = k
		// RFC 7208 §6.1, §6.2
		if t.Domain == "" {
			p.missing(fmt.Sprintf("%s=_spf.example.com", k))
			return
		}
		p.domain()
	default:
		t.Kind = KindUnknownModifier
		// RFC 7208 §6: an unknown modifier is ignored, but must be well-formed.
		if _, bad := scanMacros(t.Domain, macroAny); bad != nil {
			p.macro(bad)
		}
		p.doubtful()
	}
}

func (p *termParser) macro(bad *macroError) {
	d := p.t.DomainSpan.Start
	p.fail(BadMacro, Span{d + bad.span.Start, d + bad.span.End}, bad.message, "")
}

func (p *termParser) mechanism() {
	t := &p.t
	at := t.Span.Start
	t.Qualifier = QualifierPass
	if strings.IndexByte("+-~?", p.text[at]) >= 0 {
		t.Qualifier, t.Explicit = Qualifier(p.text[at]), true
		at++
	}
	end := t.Span.End
	if i := strings.IndexAny(p.text[at:end], ":/"); i >= 0 {
		end = at + i
	}
	t.NameSpan = Span{at, end}
	t.Name = t.NameSpan.Of(p.text)
	t.DomainSpan = Span{end, end}
	k := kinds[strings.ToLower(t.Name)]
	if !k.Mechanism() {
		p.unknown()
		return
	}
	t.Kind = k
	p.argument(Span{end, t.Span.End})
}

// argument reads what follows a mechanism's name, with its ":" or "/".
func (p *termParser) argument(arg Span) {
	switch p.t.Kind {
	case KindAll:
		if arg.Len() > 0 {
			p.fail(UnwantedArgument, arg, fmt.Sprintf("all takes no value, %s is one", show(arg.Of(p.text))), "")
		}
	case KindIP4, KindIP6:
		p.address(arg)
	case KindA, KindMX:
		arg = p.cidrs(arg)
		p.target(arg, true)
	case KindPTR:
		p.target(arg, true)
	default:
		p.target(arg, false)
	}
}

// target reads ":" domain-spec.
func (p *termParser) target(arg Span, optional bool) {
	t := &p.t
	switch s := arg.Of(p.text); {
	case s == "" && optional:
	case s == "", s == ":":
		p.missing(t.Kind.String() + ":example.com")
	case s[0] == '/':
		p.noCIDR(arg)
	default:
		t.DomainSpan = Span{arg.Start + 1, arg.End}
		t.Domain = t.DomainSpan.Of(p.text)
		p.domain()
	}
}

func (p *termParser) noCIDR(s Span) {
	p.fail(UnwantedArgument, s, fmt.Sprintf("%s takes no prefix length, %s is one", p.t.Kind, show(s.Of(p.text))), "")
}

// address reads the value of ip4 and ip6 (RFC 7208 §5.6).
func (p *termParser) address(arg Span) {
	t := &p.t
	if arg.Len() < 2 || p.text[arg.Start] != ':' {
		p.missing(map[Kind]string{KindIP4: "ip4:192.0.2.1", KindIP6: "ip6:2001:db8::1"}[t.Kind])
		return
	}
	t.AddrSpan = Span{arg.Start + 1, arg.End}
	slash := strings.IndexByte(t.AddrSpan.Of(p.text), '/')
	if slash >= 0 {
		t.AddrSpan.End = t.AddrSpan.Start + slash
	}
	text := t.AddrSpan.Of(p.text)
	ip, err := netip.ParseAddr(text)
	v4 := t.Kind == KindIP4
	if err != nil || ip.Zone() != "" || ip.Is4() != v4 {
		p.badAddress(text)
	}
	bits := 128
	if v4 {
		bits = 32
	}
	if slash >= 0 {
		bits = p.addressCIDR(Span{t.AddrSpan.End, arg.End}, bits)
	}
	if len(p.errors) == 0 {
		t.Prefix = netip.PrefixFrom(ip, bits).Masked()
	}
}

// addressCIDR reads "/" and a number, and returns it.
func (p *termParser) addressCIDR(s Span, most int) int {
	n, ok := cidr(p.text[s.Start+1:s.End], most)
	if !ok {
		p.badCIDR(s, most)
		return most
	}
	if most == 32 {
		p.t.CIDR4, p.t.CIDR4Span = n, s
	} else {
		p.t.CIDR6, p.t.CIDR6Span = n, s
	}
	return n
}

// cidr reads a prefix length: digits without leading zeros (RFC 7208 §5.6, and
// the ABNF of §12).
func cidr(s string, most int) (int, bool) {
	if s == "" || len(s) > 3 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, n <= most
}

// cidrs takes a dual-cidr-length off the end of the argument of a and mx and
// returns the rest. A "/" is allowed in a domain-spec too, so only what ends in
// slashes and digits is a prefix length (RFC 7208 §7.1).
func (p *termParser) cidrs(arg Span) Span {
	i := arg.End
	for i > arg.Start && (digit(p.text[i-1]) || p.text[i-1] == '/') {
		i--
	}
	slash := strings.IndexByte(p.text[i:arg.End], '/')
	if slash < 0 {
		return arg
	}
	i += slash
	four, six := Span{i, arg.End}, Span{arg.End, arg.End}
	if j := strings.Index(four.Of(p.text), "//"); j >= 0 {
		four.End = i + j
		six.Start = four.End
	}
	if four.Len() > 0 {
		if n, ok := cidr(p.text[four.Start+1:four.End], 32); ok {
			p.t.CIDR4, p.t.CIDR4Span = n, four
		} else {
			p.badCIDR(four, 32)
		}
	}
	if six.Len() > 0 {
		if n, ok := cidr(p.text[six.Start+2:six.End], 128); ok {
			p.t.CIDR6, p.t.CIDR6Span = n, six
		} else {
			p.badCIDR(six, 128)
		}
	}
	return Span{arg.Start, i}
}
