package dmarc

import (
	"net/url"
	"strings"

	"sendplan/internal/dns"
)

// uris reads rua or ruf: URIs with commas between. RFC 9989 §4.8: a comma or
// an exclamation mark inside a URI must be percent-encoded.
func (p *parser) uris(t Tag) []URI {
	if t.Value == "" {
		return nil
	}
	var uris []URI
	for start := t.ValueSpan.Start; start <= t.ValueSpan.End; {
		end := t.ValueSpan.End
		if i := strings.IndexByte(p.rec.text[start:end], ','); i >= 0 {
			end = start + i
		}
		span := trim(p.rec.text, Span{start, end})
		start = end + 1
		if span.Start == span.End {
			p.problem(URIInvalid, span, "the list of %s has an empty element", lower(t.Name))
			continue
		}
		uris = append(uris, p.uri(span))
	}
	return uris
}

// uri reads one URI and notes what is wrong with it.
func (p *parser) uri(span Span) URI {
	u := URI{Text: p.at(span), Span: span}
	body, size := cutSize(u.Text)
	if size != "" {
		p.problem(URISize, Span{span.End - len(size), span.End}, "the size limit %q is obsolete: receivers ignore it", size)
	}
	scheme, rest, ok := strings.Cut(body, ":")
	if !ok || !isScheme(scheme) {
		if strings.Contains(body, "@") {
			p.problem(URINoScheme, span, "%q lacks mailto: in front, so it is no URI: no reports are sent there", brief(u.Text))
		} else {
			p.problem(URIInvalid, span, "%q is no URI: no reports are sent there", brief(u.Text))
		}
		return u
	}
	u.Scheme = lower(scheme)
	if u.Scheme != "mailto" {
		p.otherScheme(&u, body)
		return u
	}
	address, host, wrong := mailto(rest)
	if wrong != "" {
		p.problem(URIInvalid, span, "%q is no usable mailto: URI, %s: no reports are sent there", brief(u.Text), wrong)
		return u
	}
	u.Address, u.Host, u.Valid = address, host, true
	return u
}

// otherScheme reads a URI that is not mailto. RFC 9989 §4.7, rua: any URI is
// allowed, those that a receiver does not support are ignored; mailto is the
// only one that all support.
func (p *parser) otherScheme(u *URI, body string) {
	parsed, err := url.Parse(body)
	if err != nil || !uriOctets(body) || parsed.Host == "" && parsed.Opaque == "" && parsed.Path == "" {
		p.problem(URIInvalid, u.Span, "%q is no URI: no reports are sent there", brief(u.Text))
		return
	}
	u.Valid = true
	if host, err := dns.ParseName(parsed.Hostname()); err == nil {
		u.Host = host
	}
	hint := ""
	if near(u.Scheme, []string{"mailto"}) != "" {
		hint = ": mailto was probably meant"
	}
	p.problem(URINotMailto, u.Span, "%q is not a mailto: URI, receivers need not support %q and hardly one does%s", brief(u.Text), brief(u.Scheme), hint)
}

// cutSize splits the obsolete size limit off a URI. RFC 9989 §4.8,
// obs-dmarc-report-size: to be ignored.
func cutSize(s string) (uri, size string) {
	i := strings.LastIndexByte(s, '!')
	if i < 0 {
		return s, ""
	}
	digits := s[i+1:]
	if n := len(digits); n > 0 && strings.IndexByte("kmgtKMGT", digits[n-1]) >= 0 {
		digits = digits[:n-1]
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return s, ""
	}
	return s[:i], s[i:]
}

// isScheme: RFC 3986 §3.1.
func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isLetter(c) && (i == 0 || strings.IndexByte("0123456789+-.", c) < 0) {
			return false
		}
	}
	return s != ""
}

// uriOctets reports whether s holds only what a URI may (RFC 3986 §2), and no
// "!", which DMARC wants encoded.
func uriOctets(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isLetter(c) && strings.IndexByte("0123456789-._~:/?#[]@$&'()*+,;=%", c) < 0 {
			return false
		}
	}
	return true
}

// mailto reads what follows mailto: (RFC 6068 §2), of which a report needs one
// address. wrong says what is wrong with it.
func mailto(s string) (address string, host dns.Name, wrong string) {
	s, _, _ = strings.Cut(s, "?")
	local, domain, ok := strings.Cut(s, "@")
	switch {
	case strings.ContainsAny(s, wsp):
		return "", "", "it holds white space"
	case strings.Contains(s, "!"):
		return "", "", "\"!\" must be written %21"
	case !uriOctets(s) || strings.ContainsAny(s, "/#[]"):
		return "", "", "it holds a character that a URI may not"
	case !ok || local == "" || domain == "":
		return "", "", "it lacks an address"
	}
	local, err := url.PathUnescape(local)
	if err != nil || strings.ContainsFunc(local, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return "", "", "its local part is no ASCII text" // RFC 8616 §6
	}
	host, err = dns.ParseName(domain)
	if err != nil || strings.HasSuffix(domain, ".") || strings.Contains(domain, "%") {
		return "", "", "its domain is not a domain name"
	}
	return local + "@" + domain, host, ""
}
