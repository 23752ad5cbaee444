package dkim

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// modulus returns an odd number of exactly that many bits. To size a key it
// need not be a product of primes, and none of 8192 bits must be searched for.
func modulus(bits int) *big.Int {
	r := rand.New(rand.NewPCG(1, uint64(bits)))
	n := new(big.Int)
	for n.BitLen() < bits-1 {
		n.Lsh(n, 1).SetBit(n, 0, uint(r.IntN(2))|b2u(n.BitLen() == 0))
	}
	n.Lsh(n, 1)
	return n.SetBit(n, 0, 1)
}

func b2u(b bool) uint {
	if b {
		return 1
	}
	return 0
}

func rsaKeys(t testing.TB, bits, exponent int) (spki, pkcs1 string) {
	t.Helper()
	key := &rsa.PublicKey{N: modulus(bits), E: exponent}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der), base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(key))
}

// 512 to 8192 bits in both encodings: RFC 8301 §3.2 draws the lines.
func TestRSASizes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		bits   int
		code   Code
		usable bool
	}{
		{512, TooShort, false},
		{768, TooShort, false},
		{1023, TooShort, false},
		{1024, Short, true},
		{1536, Short, true},
		{2047, Short, true},
		{2048, "", true},
		{3072, "", true},
		{4096, "", true},
		{4097, Long, true},
		{8192, Long, true},
	} {
		spki, pkcs1 := rsaKeys(t, tc.bits, 65537)
		for name, key := range map[string]string{"SubjectPublicKeyInfo": spki, "RSAPublicKey": pkcs1} {
			r := Parse("v=DKIM1; k=rsa; p=" + key)
			if r.KeyBits() != tc.bits || r.KeyType() != RSA || r.Usable() != tc.usable {
				t.Errorf("%d bits as %s: got %d bits, type %q, usable %v", tc.bits, name, r.KeyBits(), r.KeyType(), r.Usable())
			}
			if got := codes(r.Problems()); got != string(tc.code) {
				t.Errorf("%d bits as %s: problems %q, want %q", tc.bits, name, got, tc.code)
			}
		}
	}
}

func TestKeyFaults(t *testing.T) {
	t.Parallel()
	good, pkcs1 := rsaKeys(t, 2048, 65537)
	even, _ := rsaKeys(t, 2048, 65536)
	one, _ := rsaKeys(t, 2048, 1)
	three, _ := rsaKeys(t, 2048, 3)
	der, _ := base64.StdEncoding.DecodeString(good)
	b64 := base64.StdEncoding.EncodeToString
	const ed = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
	const edASN1 = "MCowBQYDK2VwAyEA3SUqa9UbfciWkk7tlcJ9P1VD5pXAasg0JUn/OgjVbKE="
	const ecASN1 = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExKk09mjFwlfJbtLaCf3/kG3vBVrhX36hpvAnMEGxQq9a7EqP4L+o0VDBm9AEdRRYAbmLNsqOgOYBm8ePLPcPWQ=="
	for _, tc := range []struct {
		name, text, codes string
		usable            bool
	}{
		{"ed25519", "k=ed25519; p=" + ed, "", true},
		{"ed25519 without padding", "k=ed25519; p=" + ed[:43], "base64-padding", true},
		{"ed25519 in ASN.1", "k=ed25519; p=" + edASN1, "key-encoding", false},
		{"ed25519 of 31 octets", "k=ed25519; p=" + b64(make([]byte, 31)), "key-encoding", false},
		{"RSA called ed25519", "k=ed25519; p=" + good, "key-type-mismatch", false},
		{"ed25519 called RSA", "v=DKIM1; k=rsa; p=" + ed, "key-type-mismatch", false},
		{"ed25519 in ASN.1 called RSA", "v=DKIM1; p=" + edASN1, "key-type-mismatch", false},
		{"elliptic curve called RSA", "v=DKIM1; p=" + ecASN1, "key-type-mismatch", false},
		{"unknown type", "v=DKIM1; k=dsa; p=" + good, "key-type-unknown", false},
		{"two types", "v=DKIM1; k=rsa:ed25519; p=" + good, "key-type-unknown", false},
		{"type in capitals", "v=DKIM1; k=RSA; p=" + good, "letter-case", true},
		{"exponent 3", "p=" + three, "", true},
		{"even exponent", "p=" + even, "key-exponent", false},
		{"exponent 1", "p=" + one, "key-exponent", false},
		{"half of it, as one string of two", "v=DKIM1; k=rsa; p=" + good[:216], "key-truncated", false},
		{"one octet short", "v=DKIM1; k=rsa; p=" + b64(der[:len(der)-1]), "key-truncated", false},
		{"four octets too many", "v=DKIM1; k=rsa; p=" + b64(append(append([]byte{}, der...), 1, 2, 3, 4)), "key-trailing", false},
		{"base64 pasted twice", "v=DKIM1; k=rsa; p=" + pkcs1 + pkcs1, "key-trailing", false},
		{"a digit missing", "v=DKIM1; k=rsa; p=" + good[:20] + good[21:], "base64-padding key-truncated", false},
		{"three digits missing", "v=DKIM1; k=rsa; p=" + good[:20] + good[23:], "base64", false},
		{"three equals signs", "p=" + ed + "==", "base64", false},
		{"one equals sign too many", "k=ed25519; p=" + ed + "=", "base64", false},
		{"base64 of the web", "k=ed25519; p=" + strings.ReplaceAll(ed, "/", "_"), "base64", false},
		{"PEM armour", "p=-----BEGIN PUBLIC KEY-----" + good + "-----END PUBLIC KEY-----", "base64", false},
		{"no DER", "p=" + b64([]byte("this is not a key, whatever it may look like")), "key-encoding", false},
		{"an empty sequence", "p=" + b64([]byte{0x30, 0}), "key-encoding", false},
		{"an indefinite length", "p=" + b64([]byte{0x30, 0x80, 2, 1, 1, 0, 0}), "key-encoding", false},
		{"a length of four octets", "p=" + b64([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}), "key-encoding", false},
		{"private key", "v=DKIM1; p=" + privateKey(t), "private-key", false},
		{"white space everywhere", "v = DKIM1 ; k = rsa ; p = " + strings.Join(strings.Split(good, ""), " \t\r\n"), "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := Parse(tc.text)
			if got := codes(r.Problems()); got != tc.codes || r.Usable() != tc.usable {
				t.Errorf("got %q, usable %v; want %q, %v\n%+v", got, r.Usable(), tc.codes, tc.usable, r.Problems())
			}
			checkSpans(t, r)
		})
	}
}

func privateKey(t *testing.T) string {
	t.Helper()
	// The example of RFC 8463's sibling in RFC 6376 appendix C, shortened to a
	// structure: version, modulus, exponent and the rest as small numbers.
	block, _ := pem.Decode([]byte("-----BEGIN RSA PRIVATE KEY-----\nMBsCAQACAQMCAQMCAQMCAQMCAQMCAQMCAQMCAQM=\n-----END RSA PRIVATE KEY-----\n"))
	if block == nil {
		t.Fatal("the test's private key cannot be read")
	}
	return base64.StdEncoding.EncodeToString(block.Bytes)
}

// Where base64 breaks is shown to the octet.
func TestBase64Place(t *testing.T) {
	t.Parallel()
	r := Parse("v=DKIM1; p=MIGf*A0G")
	p := r.Problems()[0]
	if p.Code != Base64 || r.Text()[p.Span.Start:p.Span.End] != "*" || !strings.Contains(p.Message, "octet 5") {
		t.Errorf("got %+v", p)
	}
}

// A key as TXT strings of at most 255 octets, joined with nothing between.
func TestSplitKey(t *testing.T) {
	t.Parallel()
	good, _ := rsaKeys(t, 2048, 65537)
	text := "v=DKIM1; k=rsa; p=" + good
	if r := Parse(text[:255] + text[255:]); !r.Usable() || r.KeyBits() != 2048 {
		t.Errorf("joined: %+v", r.Problems())
	}
	// A panel that keeps the quotation marks between the strings.
	r := Parse(text[:255] + `" "` + text[255:])
	if got := codes(r.Problems()); got != "quotes" || r.Usable() {
		t.Errorf("marks inside: %q, usable %v", got, r.Usable())
	}
}

func BenchmarkParse(b *testing.B) {
	good, _ := rsaKeys(b, 2048, 65537)
	text := "v=DKIM1; k=rsa; t=s; p=" + good
	for b.Loop() {
		Parse(text)
	}
}
