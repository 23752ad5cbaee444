package dkim

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"sendplan/internal/dns"
)

// What go-msgauth signs, our own arithmetic takes too: the two agree on what is
// hashed.
func TestSignedByLibrary(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]signer{"rsa": newRSA(t, 2048), "ed25519": newEd25519(t)} {
		for _, can := range []dkim.Canonicalization{dkim.CanonicalizationSimple, dkim.CanonicalizationRelaxed} {
			for _, body := range []string{"", "\r\n\r\n", "Hi. \r\n\t x \r\n\r\n", "no line end"} {
				m := letter(t)
				m.Body = []byte(body)
				var b bytes.Buffer
				options := &dkim.SignOptions{Domain: "contoso.example", Selector: "s1", Signer: key.key, HeaderCanonicalization: can, BodyCanonicalization: can}
				if err := dkim.Sign(&b, bytes.NewReader(m.octets()), options); err != nil {
					t.Fatal(err)
				}
				signed, err := cutMessage(b.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				s := ParseSignature(signed.Fields[0])
				if got := s.mathematics(signed, Parse(key.record)); got != matches {
					t.Errorf("%s, %s, %q: %d", name, can, body, got)
				}
			}
		}
	}
}

// Whatever go-msgauth passes in the corpora, our own arithmetic passes.
func TestLibraryAgrees(t *testing.T) {
	t.Parallel()
	folder := inCorpus(t, "")
	files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	keys := fakeDNS(t, filepath.Join(folder, "mail-dkim", "FAKE_DNS.dat"))
	for name, texts := range chasquidKeys(t, filepath.Join(folder, "chasquid", "08-our_signature.dns")) {
		keys[name] = texts
	}
	passed := 0
	for _, file := range files {
		if ext := filepath.Ext(file); ext != ".msg" && ext != ".txt" && ext != ".mail" {
			continue
		}
		m, err := readMessage(t, file)
		if err != nil {
			continue
		}
		list := Keys(context.Background(), keys, Signatures(m))
		for i, ok := range consult(m, list) {
			if !ok {
				continue
			}
			passed++
			if got := list[i].Signature.mathematics(m, list[i].Key.Record); got != matches {
				t.Errorf("%s, signature %d: %d", file, i, got)
			}
		}
	}
	if passed < 20 {
		t.Errorf("go-msgauth passed %d signatures only", passed)
	}
}

// go-msgauth must see a failure as temporary, and an absence as permanent.
func TestKeysForLibrary(t *testing.T) {
	t.Parallel()
	failed := &dns.Error{Key: dns.Key{Name: "a._domainkey.b.example", Type: dns.TypeTXT}, Cause: dns.ServFail}
	lookup := keysOf([]Verification{{Key: Selector{Name: "a._domainkey.b.example", State: Unknown, Err: failed}}})
	_, err := lookup("a._domainkey.B.example")
	//lint:ignore SA1019 it is what go-msgauth asks
	if e, ok := err.(net.Error); !ok || !e.Temporary() {
		t.Errorf("a failure is %v", err)
	}
	_, err = lookup("c._domainkey.b.example")
	//lint:ignore SA1019 it is what go-msgauth asks
	if e, ok := err.(net.Error); !ok || e.Temporary() || !strings.Contains(err.Error(), "no key") {
		t.Errorf("an absence is %v", err)
	}
}
