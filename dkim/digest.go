package dkim

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1" // to tell that a historic signature is whole, never to accept it
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"hash"
	"strings"
)

// Message is a message as signers and verifiers see it: octets.
type Message struct {
	Fields []Field // from the top
	Body   []byte  // with CRLF at the end of lines
}

// Field is one header field as it stands in the message.
type Field struct {
	Name  string // before the colon, white space there included
	Value string // after the colon, folds included, without the final CRLF
}

// Is reports whether the field has a name.
func (f Field) Is(name string) bool { return strings.EqualFold(strings.TrimRight(f.Name, " \t"), name) }

// match says whether a signature fits a message and a key, the best first.
type match uint8

const (
	matches       match = iota
	bodyDiffers         // the hash of the body is another than bh=
	headerDiffers       // the signature does not fit the header fields and the key
	incomputable        // the key is of a kind or size that cannot be computed with
)

// mathematics computes whether the signature fits, whatever policy says about
// its algorithm, its time and its length.
//
// go-msgauth does not tell: it refuses l= and rsa-sha1 unseen, and x= by the
// clock of the machine, so that a message of last year would be judged as of
// today.
func (s *Signature) mathematics(m Message, key Record) match {
	public := key.publicKey()
	if public == nil {
		return incomputable
	}
	if !bytes.Equal(s.hashBody(m.Body), s.bodyHash) {
		return bodyDiffers
	}
	sum := s.hashHeader(m.Fields)
	ok := false
	switch k := public.(type) {
	case *rsa.PublicKey:
		kind, _ := s.hash()
		ok = rsa.VerifyPKCS1v15(k, kind, sum, s.encoded) == nil
	case ed25519.PublicKey:
		ok = ed25519.Verify(k, sum, s.encoded) // RFC 8463 §3: over the hash
	}
	if !ok {
		return headerDiffers
	}
	return matches
}

func (s *Signature) hash() (crypto.Hash, hash.Hash) {
	if _, name, _ := s.method(); name == "sha1" {
		return crypto.SHA1, sha1.New()
	}
	return crypto.SHA256, sha256.New()
}

func (s *Signature) hashBody(body []byte) []byte {
	text := s.body.bodyText(body)
	if s.BodyLength != NoLength && s.BodyLength < int64(len(text)) {
		text = text[:s.BodyLength]
	}
	_, h := s.hash()
	h.Write(text)
	return h.Sum(nil)
}

// hashHeader hashes the signed fields and the signature's own.
//
// RFC 6376 §5.4.2: a name that is listed again means the next field upwards; one
// that is not there adds nothing.
func (s *Signature) hashHeader(fields []Field) []byte {
	_, h := s.hash()
	below := make(map[string][]int) // where the fields of a name are, the lowest last
	for i, f := range fields {
		name := strings.ToLower(strings.TrimRight(f.Name, " \t"))
		below[name] = append(below[name], i)
	}
	for _, name := range s.Signed {
		if at := below[name]; len(at) > 0 {
			f := fields[at[len(at)-1]]
			below[name] = at[:len(at)-1]
			h.Write([]byte(s.header.fieldText(f.Name, f.Value) + "\r\n"))
		}
	}
	h.Write([]byte(s.header.fieldText(s.field.Name, s.unsigned())))
	return h.Sum(nil)
}

// publicKey decodes the key of p=, nil if that is none to compute with: the
// standard library refuses RSA keys below 1024 bits, as verifiers must.
func (r Record) publicKey() crypto.PublicKey {
	t, _ := r.Tag("p")
	digits := strings.TrimRight(strings.Join(strings.FieldsFunc(t.Value, isSpace), ""), "=")
	octets, err := base64.RawStdEncoding.DecodeString(digits)
	switch {
	case err != nil || r.bits == 0 || r.keyType == RSA && r.bits < 1024:
		return nil
	case r.keyType == Ed25519:
		return ed25519.PublicKey(octets)
	}
	if key, err := x509.ParsePKIXPublicKey(octets); err == nil {
		if public, ok := key.(*rsa.PublicKey); ok {
			return public
		}
		return nil
	}
	if public, err := x509.ParsePKCS1PublicKey(octets); err == nil {
		return public
	}
	return nil
}
