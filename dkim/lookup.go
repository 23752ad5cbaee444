package dkim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
)

// ParseSelector reads a selector as people type it: one or more labels. It
// refuses what no signature's s= can name (RFC 6376 §3.1), but allows the
// underscores that some providers use. U-labels become A-labels (RFC 8616 §5).
func ParseSelector(s string) (string, error) {
	n, err := dns.ParseName(s)
	if err != nil || n == dns.Root || strings.HasSuffix(s, ".") {
		return "", fmt.Errorf("%q is no selector: a name such as selector1, dots may be inside", s)
	}
	for _, c := range []byte(n) {
		if c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return "", fmt.Errorf("%q is no selector: it holds %q, only letters, digits, hyphens and dots are allowed", s, string(rune(c)))
		}
	}
	if slices.Contains(n.Labels(), "_domainkey") {
		return "", fmt.Errorf("%q is no selector but a whole name; the selector is what stands before ._domainkey", s)
	}
	return string(n), nil
}

// Lookup asks for the TXT records at selector._domainkey.domain, one question,
// and judges the answer. A selector of which no DNS name can be made is Missing:
// nothing can be published there.
func Lookup(ctx context.Context, r dns.Resolver, domain dns.Name, selector string) Selector {
	parsed, err := ParseSelector(selector)
	var name dns.Name
	if err == nil {
		name, err = domain.Child(parsed + "._domainkey") // RFC 6376 §3.6.2.1
	}
	if err != nil {
		return Selector{Selector: selector, State: Missing, Problems: []Problem{{Code: BadSelector, Message: err.Error(), Fatal: true}}}
	}
	answer, err := r.Lookup(ctx, name, dns.TypeTXT)
	return Judge(parsed, name, answer, err)
}

// Judge says what the answer to the TXT question for name, the name of
// selector, means. It needs no network.
func Judge(selector string, name dns.Name, answer dns.Answer, err error) Selector {
	s := Selector{Selector: selector, Name: name, Chain: answer.Chain}
	if len(s.Chain) > 0 {
		if c, ok := s.Chain[0].Data.(dns.CNAME); ok {
			s.Target = c.Target
		}
	}
	if err != nil {
		s.State = Unknown
		if s.Err = dns.AsError(err); s.Err == nil {
			s.Err = &dns.Error{Key: dns.Key{Name: name, Type: dns.TypeTXT}, Cause: dns.Malformed, Detail: err.Error()}
		}
		return s
	}
	for _, r := range answer.Records {
		if txt, ok := r.Data.(dns.TXT); ok {
			s.Texts = append(s.Texts, txt.Joined())
		}
	}
	slices.Sort(s.Texts) // servers rotate the order
	s.judgeTexts()
	return s
}

// judgeTexts sets the state by the TXT records found.
func (s *Selector) judgeTexts() {
	texts := slices.Compact(slices.Clone(s.Texts))
	keys, target := keyRecords(texts), ""
	for _, text := range texts {
		if target == "" {
			target = nameAsText(text)
		}
	}
	switch {
	case len(texts) == 0 && len(s.Chain) > 0:
		s.State = Dangling
		return
	case len(texts) == 0:
		s.State = Missing
		return
	case len(keys) > 0:
		s.judgeKey(keys[0])
	case target != "":
		s.State = WrongType
		s.Record = Parse(target)
		s.Problems = []Problem{{TargetText, Span{0, len(target)}, fmt.Sprintf("a TXT record holds the name %s, which should be the target of a CNAME record", quote(target)), true}}
	default:
		s.State = Invalid
		s.Record = Parse(texts[0])
		s.Problems = s.Record.Problems()
	}
	s.several(len(texts), len(keys))
}

func keyRecords(texts []string) []Record {
	var keys []Record
	for _, text := range texts {
		if r := Parse(text); r.KeyType() != "" {
			keys = append(keys, r)
		}
	}
	return keys
}

// judgeKey takes over what the key record says.
func (s *Selector) judgeKey(r Record) {
	s.Record, s.KeyType, s.KeyBits, s.Testing = r, r.KeyType(), r.KeyBits(), r.Testing()
	s.Problems = slices.Clone(r.Problems())
	switch {
	case r.Revoked():
		s.State = KeyRevoked
	case r.Usable():
		s.State = Live
	default:
		s.State = Invalid
	}
}

// several judges a name with more than one TXT record.
//
// RFC 6376 §3.6.2.2: TXT RRs MUST be unique for a particular selector name; if
// there are multiple records in an RRset, the results are undefined. Two key
// records are two answers to the same question, so none of them counts. One key
// beside foreign text (a wildcard's SPF record, a proof of ownership) is
// different: verifiers that try each record find exactly that key, so the key
// is judged as it is and the disorder is noted.
func (s *Selector) several(texts, keys int) {
	switch {
	case keys > 1:
		s.State = Invalid
		s.Problems = append(s.Problems, Problem{SeveralTexts, Span{}, fmt.Sprintf("there are %d key records at the name, which verifier takes which is undefined", keys), true})
	case texts > 1:
		s.Problems = append(s.Problems, Problem{SeveralTexts, Span{}, fmt.Sprintf("there are %d TXT records at the name, only one is allowed", texts), false})
	}
}

// nameAsText returns text without quotation marks if it is a domain name such
// as a CNAME's target and nothing else, or "".
func nameAsText(text string) string {
	t := strings.Trim(strings.TrimFunc(text, isSpace), `"`)
	n, err := dns.ParseName(t)
	if err != nil || strings.ContainsAny(t, "=+") {
		return ""
	}
	labels := n.Labels()
	if slices.Contains(labels, "_domainkey") {
		return t
	}
	if len(labels) < 3 || !isTopLevel(labels[len(labels)-1]) {
		return ""
	}
	return t
}

// isTopLevel reports whether a label could be a top-level domain: letters, or
// an A-label.
func isTopLevel(label string) bool {
	if strings.HasPrefix(label, "xn--") {
		return true
	}
	for _, c := range []byte(label) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(label) >= 2
}
