package dkim

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
)

// rsaBits is the size of new RSA keys. RFC 8301 §3.2: signers SHOULD use at
// least 2048 bits.
const rsaBits = 2048

// Key is a new key to sign with, and the record to verify with. Only
// [Key.PEM] gives the private half away: printed, a Key is its record.
type Key struct {
	pem    []byte
	record Record
}

// Generate makes a key of a type. It takes no source of randomness: Go's RSA
// keys come from a secure one whatever they are given, and tests have
// testing/cryptotest.
func Generate(t KeyType) (Key, error) {
	pair, err := newPair(t)
	if err != nil {
		return Key{}, fmt.Errorf("dkim: no %s key could be made: %v", t, err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		return Key{}, fmt.Errorf("dkim: the %s key cannot be written: %v", t, err)
	}
	published, err := publicOctets(pair.Public())
	if err != nil {
		return Key{}, fmt.Errorf("dkim: the %s key cannot be published: %v", t, err)
	}
	return Key{
		pem:    pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), // RFC 7468 §10
		record: Parse("v=DKIM1; k=" + string(t) + "; p=" + base64.StdEncoding.EncodeToString(published)),
	}, nil
}

func newPair(t KeyType) (crypto.Signer, error) {
	switch t {
	case RSA:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case Ed25519:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	}
	return nil, fmt.Errorf("there is no such type of key")
}

// publicOctets returns what p= holds of a public key: the 32 octets alone of an
// Ed25519 key (RFC 8463 §4.2), the SubjectPublicKeyInfo of an RSA key, which
// everybody publishes (RFC 6376 §3.6.1, erratum 3017).
func publicOctets(public crypto.PublicKey) ([]byte, error) {
	if key, ok := public.(ed25519.PublicKey); ok {
		return key, nil
	}
	return x509.MarshalPKIXPublicKey(public)
}

// PEM returns the private key for a file: PKCS #8 in PEM (RFC 5958, RFC 7468
// §10).
func (k Key) PEM() []byte { return k.pem }

// Record returns what to publish at the selector.
func (k Key) Record() Record { return k.record }

// Format writes the record, whatever the verb: no log may hold the private key.
func (k Key) Format(s fmt.State, _ rune) { fmt.Fprint(s, k.record.Text()) }
