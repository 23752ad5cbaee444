package dkim

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	msgauth "github.com/emersion/go-msgauth/dkim"

	"sendplan/internal/dns"
	"sendplan/internal/dns/realserver"
)

// newKeys are one key of each type, with what is to be known of it.
var newKeys = map[KeyType]struct {
	bits, text int    // bits of the key, octets of the record
	algorithm  string // of the signatures
}{
	RSA:     {2048, len("v=DKIM1; k=rsa; p=") + 392, "rsa-sha256"},
	Ed25519: {256, len("v=DKIM1; k=ed25519; p=") + 44, "ed25519-sha256"},
}

func generated(t *testing.T, kind KeyType) Key {
	t.Helper()
	key, err := Generate(kind)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// privateOf reads the PEM as a signer's program does.
func privateOf(t *testing.T, key Key) crypto.Signer {
	t.Helper()
	block, rest := pem.Decode(key.PEM())
	if block == nil || len(rest) > 0 || block.Type != "PRIVATE KEY" || len(block.Headers) > 0 {
		t.Fatalf("no PEM of one PKCS #8 key: block %v, rest %q", block != nil, rest)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return private.(crypto.Signer)
}

func TestGenerateRecord(t *testing.T) {
	t.Parallel()
	for kind, want := range newKeys {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := generated(t, kind).Record()
			if !r.Usable() || len(r.Problems()) > 0 || r.KeyType() != kind || r.KeyBits() != want.bits || len(r.Text()) != want.text || r.Testing() {
				t.Errorf("%s: usable %v, problems %v, %s of %d bits, %d octets", r.Text(), r.Usable(), r.Problems(), r.KeyType(), r.KeyBits(), len(r.Text()))
			}
			if again := generated(t, kind).Record(); again.Text() == r.Text() {
				t.Error("two keys are the same")
			}
		})
	}
}

// What an ordinary signer signs with the PEM, verifiers find good by the record.
func TestGenerateSignsAndVerifies(t *testing.T) {
	t.Parallel()
	const text = "From: Joe <joe@contoso.example>\r\nTo: Sue <sue@fabrikam.example>\r\nSubject: dinner\r\n\r\nHi.\r\n"
	for kind, want := range newKeys {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			key, other := generated(t, kind), generated(t, kind)
			private := privateOf(t, key)
			var signed bytes.Buffer
			if err := msgauth.Sign(&signed, strings.NewReader(text), &msgauth.SignOptions{Domain: "contoso.example", Selector: "mta1", Signer: private, Hash: crypto.SHA256}); err != nil {
				t.Fatal(err)
			}
			m, err := cutMessage(signed.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			for record, outcome := range map[string]Outcome{key.Record().Text(): OutcomePass, other.Record().Text(): OutcomeFail} {
				got := Verify(context.Background(), publishedAt(t, record), m, noon)
				if len(got) != 1 || got[0].Outcome != outcome || got[0].Signature.Algorithm != want.algorithm {
					t.Errorf("%d signatures, the first %s %s (%s), want %s by %s", len(got), got[0].Signature.Algorithm, got[0].Outcome, got[0].Reason, outcome, want.algorithm)
				}
			}
		})
	}
}

func publishedAt(t *testing.T, record string) dns.Resolver {
	t.Helper()
	zones, err := dns.ParseZones(fmt.Sprintf(". 3600 IN SOA ns.root.example. admin.root.example. 1 7200 3600 1209600 300\nmta1._domainkey.contoso.example. IN TXT %s\n", dns.NewTXT(record)), "zone")
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

// OpenSSL reads the file and finds the same public key in it, hence so do the
// programs that read their keys with it.
func TestGenerateForOpenSSL(t *testing.T) {
	t.Parallel()
	openssl := realserver.Program(t, "openssl") // CI demands it
	for kind := range newKeys {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			key := generated(t, kind)
			c := exec.Command(openssl, "pkey", "-pubout", "-outform", "DER")
			c.Stdin = bytes.NewReader(key.PEM())
			public, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			p, _ := key.Record().Tag("p")
			published, err := base64.StdEncoding.DecodeString(p.Value)
			if err != nil || !bytes.HasSuffix(public, published) {
				t.Errorf("openssl finds %x, published is %x", public, published)
			}
		})
	}
}

// However a Key is printed, the private half is not in it.
func TestGenerateHidesThePrivateKey(t *testing.T) {
	t.Parallel()
	key := generated(t, RSA)
	d := privateOf(t, key).(*rsa.PrivateKey).D
	body := strings.Split(string(key.PEM()), "\n")[5] // amid the key
	for _, printed := range []string{
		fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s %q %x %d", key, key, key, key, key, key, key), fmt.Sprintf("%+v", struct{ K *Key }{&key}.K),
		fmt.Sprintf("%v", []Key{key}), fmt.Sprintf("%v", fmt.Errorf("no: %v", key)),
	} {
		for _, secret := range []string{body, d.String(), fmt.Sprintf("%x", d), "PRIVATE", fmt.Sprint(key.PEM()[40:60])} {
			if strings.Contains(printed, strings.Trim(secret, "[]")) {
				t.Errorf("%q is in %q", secret, printed)
			}
		}
	}
}

func TestGenerateUnknownType(t *testing.T) {
	t.Parallel()
	for _, kind := range []KeyType{"", "RSA", "dsa"} {
		if key, err := Generate(kind); err == nil || key.PEM() != nil {
			t.Errorf("%q: %v", kind, err)
		}
	}
}
