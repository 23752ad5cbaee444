package dkim

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendplan/internal/dns"
)

// Signature is one DKIM-Signature field as written (RFC 6376 §3.5).
type Signature struct {
	Domain     dns.Name // d=, "" if there is none that can be read
	Selector   string   // s=
	Identity   string   // i=, or the default for it
	Algorithm  string   // a=, such as rsa-sha256
	Signed     []string // h=, in lower case
	BodyLength int64    // l=, or NoLength
	Time       time.Time
	Expires    time.Time // x=; the zero Time for a signature that does not

	// Fault says why no verifier can make anything of the field; "" if it is
	// well-formed.
	Fault string

	field             Field
	tags              Record // the tag list
	header, body      canonical
	bodyHash, encoded []byte
}

// NoLength is the BodyLength of a signature over the whole body.
const NoLength = -1

// ParseSignature reads a DKIM-Signature field. It never fails: see
// [Signature.Fault].
func ParseSignature(f Field) Signature {
	p := parser{Record: Record{text: f.Value}}
	p.split()
	p.duplicates()
	s := Signature{field: f, tags: p.Record, BodyLength: NoLength}
	for _, problem := range p.problems {
		if problem.Fatal {
			s.blame("%s", problem.Message)
		}
	}
	s.names()
	s.algorithms()
	s.values()
	return s
}

// blame keeps the first fault.
func (s *Signature) blame(format string, args ...any) {
	if s.Fault == "" {
		s.Fault = fmt.Sprintf(format, args...)
	}
}

// tag returns the value of a tag without white space, which none of the tags
// read here can hold in a meaningful place.
func (s *Signature) tag(name string) (value string, ok bool) {
	t, ok := s.tags.Tag(name)
	return strings.Join(strings.FieldsFunc(t.Value, isSpace), ""), ok
}

// names reads who signed.
func (s *Signature) names() {
	// RFC 6376 §6.1.1: the required tags; v= must be 1.
	for _, name := range []string{"v", "a", "b", "bh", "d", "h", "s"} {
		if v, ok := s.tag(name); !ok || v == "" {
			s.blame("the signature lacks the tag %s=", name)
		}
	}
	if v, _ := s.tag("v"); v != "1" {
		s.blame("the version is %s, it must be 1", quote(v))
	}
	s.Selector, _ = s.tag("s")
	d, _ := s.tag("d")
	name, err := dns.ParseName(d)
	if err != nil || name == dns.Root {
		s.blame("d=%s is no domain", quote(d))
		return
	}
	s.Domain = name
	// RFC 6376 §3.5: i= defaults to "@" and d=, and must be of it or below it.
	s.Identity = "@" + name.String()
	if i, ok := s.tag("i"); ok {
		s.Identity = unquotePrintable(i)
		if within, known := s.identityDomain(); !known || !within.Below(name) && within != name {
			s.blame("i=%s is not of the domain %s", quote(i), name)
		}
	}
}

// identityDomain returns the domain of i=.
func (s *Signature) identityDomain() (dns.Name, bool) {
	at := strings.LastIndexByte(s.Identity, '@')
	if at < 0 {
		return "", false
	}
	name, err := dns.ParseName(s.Identity[at+1:])
	return name, err == nil
}

// unquotePrintable decodes dkim-quoted-printable (RFC 6376 §2.11), which i= is
// written in. What is no =XX stays as it is.
func unquotePrintable(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if len(s) >= 3 && s[0] == '=' {
			if octet, err := hex.DecodeString(s[1:3]); err == nil {
				b.WriteByte(octet[0])
				s = s[3:]
				continue
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

// algorithms reads how it was signed.
func (s *Signature) algorithms() {
	s.Algorithm, _ = s.tag("a")
	if _, _, ok := s.method(); !ok {
		s.blame("the algorithm %s is none that verifiers know", quote(s.Algorithm))
	}
	// RFC 6376 §3.5: the default is simple/simple; one name alone is the header's.
	header, body, _ := strings.Cut(s.or("c", "simple/simple"), "/")
	var okHeader, okBody bool
	s.header, okHeader = canonicalOf(header)
	s.body, okBody = canonicalOf(body)
	if !okHeader || !okBody {
		s.blame("the canonicalization %s is none that verifiers know", quote(s.or("c", "")))
	}
	// RFC 6376 §3.5: q= lists ways to get the key; dns/txt is the only one.
	if !slices.Contains(strings.Split(s.or("q", "dns/txt"), ":"), "dns/txt") {
		s.blame("q=%s offers no way to get the key that verifiers know", quote(s.or("q", "")))
	}
}

func (s *Signature) or(name, otherwise string) string {
	if v, ok := s.tag(name); ok {
		return v
	}
	return otherwise
}

// method splits a=.
func (s *Signature) method() (key KeyType, hash string, ok bool) {
	k, h, _ := strings.Cut(s.Algorithm, "-")
	switch KeyType(k) {
	case RSA:
		ok = h == "sha256" || h == "sha1"
	case Ed25519:
		ok = h == "sha256"
	}
	return KeyType(k), h, ok
}

// values reads the rest: what is signed, when, and the signature itself.
func (s *Signature) values() {
	for _, name := range strings.Split(s.or("h", ""), ":") {
		s.Signed = append(s.Signed, strings.ToLower(name))
	}
	if !slices.Contains(s.Signed, "from") {
		s.blame("the signature does not cover the From field") // RFC 6376 §5.4
	}
	s.Time, s.Expires = s.seconds("t"), s.seconds("x")
	if l, ok := s.tag("l"); ok {
		n, err := strconv.ParseInt(l, 10, 64)
		if err != nil || n < 0 {
			s.blame("l=%s is no length", quote(l))
		}
		s.BodyLength = n
	}
	s.bodyHash, s.encoded = s.base64("bh"), s.base64("b")
}

func (s *Signature) seconds(name string) time.Time {
	v, ok := s.tag(name)
	if !ok {
		return time.Time{}
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 || n > maxSeconds {
		s.blame("%s=%s is no time", name, quote(v))
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// maxSeconds is the last second of the year 9999. RFC 6376 §3.5 lets t= and x=
// have twelve digits.
const maxSeconds = 253402300799

func (s *Signature) base64(name string) []byte {
	v, _ := s.tag(name)
	octets, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(v, "="))
	if err != nil {
		s.blame("%s= is not base64", name)
	}
	return octets
}

// unsigned returns the field's value without that of b=.
//
// RFC 6376 §3.7: with the value of the b= tag, including all surrounding white
// space, deleted.
func (s *Signature) unsigned() string {
	t, ok := s.tags.Tag("b")
	if !ok {
		return s.field.Value
	}
	value := s.field.Value
	start := t.NameSpan.End + strings.IndexByte(value[t.NameSpan.End:], '=') + 1
	end := len(value)
	if i := strings.IndexByte(value[start:], ';'); i >= 0 {
		end = start + i
	}
	return value[:start] + value[end:]
}
