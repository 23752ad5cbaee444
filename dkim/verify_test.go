package dkim

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
)

// signer makes signatures for tests.
type signer struct {
	key    crypto.Signer
	record string // to publish
}

func newRSA(t testing.TB, bits int) signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)}
}

func newEd25519(t testing.TB) signer {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}
}

// sign puts a signature with these tags on top of a message; bh= and b= are
// computed.
func (s signer) sign(t testing.TB, m Message, tags string) Message {
	t.Helper()
	own := Field{"DKIM-Signature", " " + tags + "; bh=; b="}
	parsed := ParseSignature(own)
	bh := base64.StdEncoding.EncodeToString(parsed.hashBody(m.Body))
	own.Value = " " + tags + "; bh=" + bh + "; b="
	parsed = ParseSignature(own)
	kind, _ := parsed.hash()
	if _, ok := s.key.(ed25519.PrivateKey); ok {
		kind = crypto.Hash(0)
	}
	b, err := s.key.Sign(rand.Reader, parsed.hashHeader(m.Fields), kind)
	if err != nil {
		t.Fatal(err)
	}
	own.Value += base64.StdEncoding.EncodeToString(b)
	m.Fields = append([]Field{own}, m.Fields...)
	return m
}

func letter(t testing.TB) Message {
	t.Helper()
	m, err := cutMessage([]byte("From: Joe <joe@contoso.example>\nTo: Sue <sue@fabrikam.example>\nSubject:  dinner\n\tat eight \nDate: Fri, 20 Nov 2026 08:00:00 +0100\n\nHi. \n\n  Joe\n\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const plainTags = "v=1; a=rsa-sha256; d=contoso.example; s=s1; h=from:from:to:subject:date"

const keyName = dns.Name("s1._domainkey.contoso.example")

func verifyOne(t *testing.T, m Message, keys answers) Verification {
	t.Helper()
	list := Verify(context.Background(), keys, m, noon)
	if len(list) == 0 {
		t.Fatal("no signature was found")
	}
	return list[0]
}

func TestVerify(t *testing.T) {
	t.Parallel()
	key, small, ed := newRSA(t, 2048), newRSA(t, 1024), newEd25519(t)
	good := answers{keyName: {key.record}}
	body := func(text string) func(*Message) { return func(m *Message) { m.Body = []byte(text) } }
	value := func(name, v string) func(*Message) {
		return func(m *Message) {
			for i := range m.Fields {
				if m.Fields[i].Is(name) {
					m.Fields[i].Value = v
				}
			}
		}
	}
	more := func(f Field) func(*Message) { return func(m *Message) { m.Fields = append([]Field{f}, m.Fields...) } }
	for _, test := range []struct {
		name   string
		signer signer
		tags   string
		keys   answers
		after  func(*Message) // what happens on the way
		want   Outcome
		says   string // a part of the reason or of a note
	}{
		{"simple", key, plainTags, good, nil, OutcomePass, ""},
		{"relaxed", key, plainTags + "; c=relaxed/relaxed", good, nil, OutcomePass, ""},
		{"ed25519", ed, strings.Replace(plainTags, "rsa", "ed25519", 1), answers{keyName: {ed.record}}, nil, OutcomePass, ""},
		{"short but allowed key", small, plainTags, answers{keyName: {small.record}}, nil, OutcomePass, "1024 bits"},
		{"i= in other letters", key, plainTags + "; i=Joe@CONTOSO.example", good, nil, OutcomePass, ""},
		{"i= below d=", key, plainTags + "; i=@mail.contoso.example", good, nil, OutcomePass, ""},
		{"i= elsewhere", key, plainTags + "; i=@fabrikam.example", good, nil, OutcomePermError, "not of the domain"},
		{"i= that ends alike", key, plainTags + "; i=@notcontoso.example", good, nil, OutcomePermError, "not of the domain"},
		{"text like b= in another tag", key, plainTags + "; z=Subject:crab=20cake", good, nil, OutcomePass, ""},
		{"trailing lines do not count", key, plainTags, good, body("Hi. \r\n\r\n  Joe\r\n"), OutcomePass, ""},
		{"body changed", key, plainTags, good, body("Hi\r\n"), OutcomeFail, "the body"},
		{"white space at line ends, simple", key, plainTags, good, body("Hi.\r\n\r\n  Joe\r\n"), OutcomeFail, "the body"},
		{"white space, relaxed", key, plainTags + "; c=relaxed/relaxed", good, body("Hi.\r\n\r\n\tJoe\r\n"), OutcomePass, ""},
		{"header changed", key, plainTags, good, value("Subject", " lunch"), OutcomeFail, "header"},
		{"header refolded, relaxed", key, plainTags + "; c=relaxed", good, value("subject", " dinner at\r\n\teight"), OutcomePass, ""},
		{"header refolded, simple", key, plainTags, good, value("subject", " dinner at\r\n\teight"), OutcomeFail, "header"},
		{"second From, oversigned", key, plainTags, good, more(Field{"From", " x@evil.example"}), OutcomeFail, "header"},
		{"second From, not oversigned", key, strings.Replace(plainTags, "from:from", "from", 1), good, more(Field{"From", " x@evil.example"}), OutcomePass, "2 From fields"},
		{"Received added", key, plainTags, good, more(Field{"Received", " from x by y"}), OutcomePass, ""},
		{"length", key, plainTags + "; l=3", good, nil, OutcomePass, "octets of the body unsigned"},
		{"length, text appended", key, plainTags + "; l=3", good, body("Hi. buy this\r\n"), OutcomePass, "anybody can replace"},
		{"length beyond the body", key, plainTags + "; l=3000", good, nil, OutcomePass, "append"},
		{"expired", key, plainTags + "; x=1795132800", good, nil, OutcomePermError, "expired"},
		{"not yet expired", key, plainTags + "; x=1795219200", good, nil, OutcomePass, ""},
		{"expired for the machine, not for the message", key, plainTags + "; t=946684800; x=4102444800", good, nil, OutcomePass, ""},
		{"expired and changed", key, plainTags + "; x=1795132800", good, body("Hi"), OutcomeFail, "the body"},
		{"no key", key, plainTags, answers{}, nil, OutcomePermError, "no key at"},
		{"another key", key, plainTags, answers{keyName: {small.record}}, nil, OutcomeFail, "another key"},
		{"revoked key", key, plainTags, answers{keyName: {"v=DKIM1; p="}}, nil, OutcomePermError, "revoked"},
		{"key for ed25519", key, plainTags, answers{keyName: {ed.record}}, nil, OutcomePermError, "the key is for ed25519"},
		{"two keys, one fits", key, plainTags, answers{keyName: {ed.record, key.record}}, nil, OutcomePass, "2 key records"},
		{"key among other texts", key, plainTags, answers{keyName: {"v=spf1 -all", key.record}}, nil, OutcomePass, "2 TXT records"},
		{"testing", key, plainTags, answers{keyName: {key.record + "; t=y"}}, nil, OutcomePass, "tests DKIM"},
		{"strict key and i= below", key, plainTags + "; i=@mail.contoso.example", answers{keyName: {key.record + "; t=s"}}, nil, OutcomePermError, "t=s"},
		{"strict key", key, plainTags, answers{keyName: {key.record + "; t=s"}}, nil, OutcomePass, ""},
		{"SHA-1", key, strings.Replace(plainTags, "sha256", "sha1", 1), good, nil, OutcomePolicy, "SHA-1"},
		{"servfail", key, plainTags, answers{keyName: {dns.ServFail.String()}}, nil, OutcomeTempError, "SERVFAIL"},
		{"timeout", key, plainTags, answers{keyName: {dns.Timeout.String()}}, nil, OutcomeTempError, "timeout"},
		{"refused", key, plainTags, answers{keyName: {dns.Refused.String()}}, nil, OutcomeTempError, "REFUSED"},
		{"servfail and changed", key, plainTags, answers{keyName: {dns.ServFail.String()}}, body("Hi"), OutcomeTempError, "SERVFAIL"},
		{"unknown version", key, strings.Replace(plainTags, "v=1", "v=2", 1), good, nil, OutcomePermError, "version"},
		{"From not signed", key, strings.Replace(plainTags, "from:from:", "", 1), good, nil, OutcomePermError, "From"},
		{"a tag twice", key, plainTags + "; s=s1", good, nil, OutcomePermError, "twice"},
		{"unknown query", key, plainTags + "; q=http", good, nil, OutcomePermError, "q="},
		{"unknown canonicalization", key, plainTags + "; c=nowsp", good, nil, OutcomePermError, "canonicalization"},
		{"no time", key, plainTags + "; t=soon", good, nil, OutcomePermError, "t="},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := test.signer.sign(t, letter(t), test.tags)
			if test.after != nil {
				test.after(&m)
			}
			v := verifyOne(t, m, test.keys)
			if said := v.Reason + "\n" + strings.Join(v.Notes, "\n"); v.Outcome != test.want || !strings.Contains(said, test.says) {
				t.Errorf("%s: %s; want %s and %q", v.Outcome, said, test.want, test.says)
			}
		})
	}
}

// A failure of the DNS never becomes anything but temperror, whatever the
// message looks like.
func TestFailureIsTemporary(t *testing.T) {
	t.Parallel()
	key := newRSA(t, 1024)
	for cause := dns.ServFail; cause <= dns.NotAsked; cause++ {
		m := key.sign(t, letter(t), plainTags)
		for _, after := range []func(){func() {}, func() { m.Body = nil }, func() { m.Fields = m.Fields[:2] }} {
			after()
			if v := verifyOne(t, m, answers{keyName: {cause.String()}}); v.Outcome != OutcomeTempError {
				t.Errorf("%s: %s, %s", cause, v.Outcome, v.Reason)
			}
		}
	}
}

func TestSignaturesAreBounded(t *testing.T) {
	t.Parallel()
	key := newRSA(t, 1024)
	m := key.sign(t, letter(t), plainTags)
	for range 100 {
		m.Fields = append(m.Fields[:1:1], m.Fields...)
	}
	list := Verify(context.Background(), answers{keyName: {key.record}}, m, noon)
	for i, v := range list {
		if want := i < maxSignatures; (v.Outcome == OutcomePass) != want || (v.Outcome == OutcomeNeutral) == want {
			t.Fatalf("signature %d: %s", i, v.Outcome)
		}
	}
}

// FuzzVerify wants that no signature field panics, and that one that is not the
// signer's never passes.
func FuzzVerify(f *testing.F) {
	key := newRSA(f, 1024)
	keys := answers{keyName: {key.record}}
	good := key.sign(f, letter(f), plainTags)
	f.Add(good.Fields[0].Value)
	for _, tags := range []string{plainTags + "; l=5; x=99999999999", "v=1; b=; bh=", "b = ; b", "v=1;a=rsa-sha256;d=.;s=\x00;h=:;b==;bh==", ""} {
		f.Add(tags)
	}
	f.Fuzz(func(t *testing.T, value string) {
		m := letter(t)
		m.Fields = append([]Field{{"DKIM-Signature", value}}, m.Fields...)
		s := ParseSignature(m.Fields[0])
		if s.Fault == "" && (s.Domain == "" || len(s.Signed) == 0) {
			t.Errorf("%q has no fault and no domain", value)
		}
		v := verifyOne(t, m, keys)
		if v.Outcome == "" || v.Reason == "" {
			t.Errorf("%q: %q, %q", value, v.Outcome, v.Reason)
		}
		if v.Outcome == OutcomePass && fmt.Sprint(s.encoded) != fmt.Sprint(ParseSignature(good.Fields[0]).encoded) {
			t.Errorf("%q passes", value)
		}
	})
}
