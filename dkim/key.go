package dkim

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
)

// key judges k= and p=.
func (p *parser) key() {
	known := p.setKeyType()
	t, ok := p.Tag("p")
	switch {
	case !ok:
		// RFC 6376 §3.6.1: p= is REQUIRED.
		p.fatal(NoKey, Span{0, len(p.text)}, "there is no p=, so the record holds no key")
		return
	case t.Value == "":
		// RFC 6376 §3.6.1: an empty value means that this public key has been revoked.
		p.revoked = !p.unreadable()
		p.fatal(Revoked, t.Span(), "p= is empty: the key has been revoked")
		return
	case p.quoted && strings.ContainsAny(t.Value, `"\`):
		return // quotes says it
	}
	octets, ok := p.base64(t)
	if !ok || !known {
		return
	}
	if p.keyType == Ed25519 {
		p.ed25519(t, octets)
		return
	}
	p.rsa(t, octets)
}

// unreadable reports whether verifiers discard the record whatever p= holds.
func (p *parser) unreadable() bool {
	for _, problem := range p.problems {
		switch problem.Code {
		case Syntax, Duplicate, Version, Quotes:
			return true
		}
	}
	return false
}

// setKeyType reads k=.
//
// RFC 6376 §3.6.1: the default is rsa; unrecognized key types MUST be ignored.
func (p *parser) setKeyType() (known bool) {
	t, ok := p.Tag("k")
	if !ok {
		return true
	}
	for _, want := range []KeyType{RSA, Ed25519} {
		if p.names(t, string(want)) && !strings.Contains(t.Value, ":") {
			p.keyType = want
			return true
		}
	}
	if !strings.ContainsAny(t.Value, `"\`) { // else quotes says it
		p.keyType = KeyType(t.Value)
		p.fatal(UnknownType, t.Span(), "verifiers know no key type %s; rsa and ed25519 are in use", quote(t.Value))
	}
	return false
}

// base64 decodes p=, in which white space may stand anywhere.
//
// RFC 6376 §2.10: the final equals signs are optional in DKIM's base64.
func (p *parser) base64(t Tag) (octets []byte, ok bool) {
	var digits strings.Builder
	pad := 0
	for i, c := range []byte(t.Value) {
		at := Span{t.ValueSpan.Start + i, t.ValueSpan.Start + i + 1}
		switch {
		case isSpace(rune(c)):
		case c == '=':
			pad++
		case !isBase64(c):
			p.fatal(Base64, at, "%s at octet %d of p= does not belong into base64", quote(t.Value[i:i+1]), i+1)
			return nil, false
		case pad > 0:
			p.fatal(Base64, at, "p= goes on after the equals sign that ends base64, at octet %d", i+1)
			return nil, false
		default:
			digits.WriteByte(c)
		}
	}
	n := digits.Len()
	switch {
	case n%4 == 1:
		p.fatal(Base64, t.ValueSpan, "p= has %d base64 digits, which is no whole number of octets: a digit is missing or too many", n)
		return nil, false
	case pad > 0 && (n+pad)%4 != 0 || pad > 2:
		p.fatal(Base64, t.ValueSpan, "p= ends in %d equals signs, it needs %d", pad, (4-n%4)%4)
		return nil, false
	case (n+pad)%4 != 0:
		p.note(Padding, t.ValueSpan, "p= lacks the final equals signs; some verifiers refuse that")
	}
	octets, err := base64.RawStdEncoding.DecodeString(digits.String())
	return octets, err == nil
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// RFC 8463 §4.2: the 32 octets of the key itself, in no ASN.1.
func (p *parser) ed25519(t Tag, octets []byte) {
	if len(octets) == ed25519.PublicKeySize {
		p.bits = 8 * ed25519.PublicKeySize
		return
	}
	if key, err := x509.ParsePKIXPublicKey(octets); err == nil {
		if _, ok := key.(ed25519.PublicKey); ok {
			p.fatal(Encoding, t.ValueSpan, "p= wraps the Ed25519 key in ASN.1; it must hold its 32 octets alone")
			return
		}
		p.fatal(Mismatch, t.ValueSpan, "k= says ed25519, but p= holds another kind of key")
		return
	}
	p.fatal(Encoding, t.ValueSpan, "an Ed25519 key has 32 octets, p= holds %d", len(octets))
}

// rsa reads an RSA key in either of two encodings. RFC 6376 §3.6.1 names the
// RSAPublicKey of PKCS #1; erratum 3017 has the SubjectPublicKeyInfo that
// everybody publishes.
func (p *parser) rsa(t Tag, octets []byte) {
	if len(octets) == ed25519.PublicKeySize {
		p.fatal(Mismatch, t.ValueSpan, "p= holds 32 octets, as an Ed25519 key does, but k= does not say ed25519")
		return
	}
	der, ok := p.outer(t, octets)
	if !ok {
		return
	}
	if p.isPrivate(der) {
		p.fatal(PrivateKey, t.ValueSpan, "p= holds a private key: it must be replaced, and no longer be used")
		return
	}
	var info struct {
		Algorithm struct {
			OID        asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err == nil {
		if !info.Algorithm.OID.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}) { // rsaEncryption
			p.fatal(Mismatch, t.ValueSpan, "p= holds a key of another kind than RSA (algorithm %v)", info.Algorithm.OID)
			return
		}
		if der, ok = p.outer(t, info.Key.RightAlign()); !ok {
			return
		}
	}
	p.rsaKey(t, der)
}

// outer cuts der to its outermost SEQUENCE and reports what is missing or too
// much.
func (p *parser) outer(t Tag, der []byte) ([]byte, bool) {
	header, length, ok := sequence(der)
	switch {
	case !ok:
		p.fatal(Encoding, t.ValueSpan, "p= decodes to %d octets that are no public key", len(der))
		return nil, false
	case length > len(der)-header:
		p.fatal(Truncated, t.ValueSpan, "the key is cut off: it announces %d octets, %d are there", header+length, len(der))
		return nil, false
	case length < len(der)-header:
		p.fatal(Trailing, t.ValueSpan, "%d octets follow the end of the key", len(der)-header-length)
	}
	return der[:header+length], true
}

const (
	derSequence = 0x30
	derLong     = 0x80 // the length octet tells how many octets hold the length
)

// sequence reads the header of a DER SEQUENCE (X.690 §8.1).
func sequence(der []byte) (header, length int, ok bool) {
	if len(der) < 2 || der[0] != derSequence {
		return 0, 0, false
	}
	if der[1] < derLong {
		return 2, int(der[1]), true
	}
	n := int(der[1] - derLong)
	if n == 0 || n > 3 || len(der) < 2+n { // three octets: far above any TXT record
		return 0, 0, false
	}
	for _, c := range der[2 : 2+n] {
		length = length<<8 | int(c)
	}
	return 2 + n, length, true
}

// isPrivate recognises the private keys of PKCS #1 and PKCS #8, which start
// with a version number of 0 where a public key has its modulus or algorithm.
func (p *parser) isPrivate(der []byte) bool {
	var key struct{ Version, Rest asn1.RawValue }
	_, err := asn1.Unmarshal(der, &key)
	return err == nil && key.Version.Tag == asn1.TagInteger && len(key.Version.Bytes) == 1 && key.Version.Bytes[0] == 0
}

// rsaKey reads the modulus and exponent of PKCS #1 and judges their size.
func (p *parser) rsaKey(t Tag, der []byte) {
	var key struct{ N, E *big.Int }
	_, err := asn1.Unmarshal(der, &key)
	if err != nil || key.N.Sign() <= 0 || key.N.Bit(0) == 0 {
		p.fatal(Encoding, t.ValueSpan, "p= decodes, but to no RSA public key")
		return
	}
	p.bits = key.N.BitLen()
	if key.E.Cmp(big.NewInt(3)) < 0 || key.E.Bit(0) == 0 {
		p.fatal(Exponent, t.ValueSpan, "the RSA exponent %s cannot be one", short(key.E))
	}
	p.size(t)
}

func short(n *big.Int) string {
	if n.BitLen() > 64 {
		return fmt.Sprintf("of %d bits", n.BitLen())
	}
	return n.String()
}

// RFC 8301 §3.2: verifiers MUST NOT take signatures of less than 1024 bits and
// MUST be able to validate 1024 to 4096; signers SHOULD use at least 2048.
func (p *parser) size(t Tag) {
	switch {
	case p.bits < 1024:
		p.fatal(TooShort, t.ValueSpan, "the RSA key has %d bits; verifiers must refuse less than 1024", p.bits)
	case p.bits < 2048:
		p.note(Short, t.ValueSpan, "the RSA key has %d bits; signers should use 2048", p.bits)
	case p.bits > 4096:
		p.note(Long, t.ValueSpan, "the RSA key has %d bits; verifiers need not take more than 4096", p.bits)
	}
}
