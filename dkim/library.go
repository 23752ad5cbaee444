package dkim

import (
	"bytes"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"sendplan/internal/dns"
)

// maxPicks bounds header fields times signed names, which is what go-msgauth
// walks through for one message.
const maxPicks = 2_000_000

// consult asks go-msgauth which signatures pass. It gets the keys that were
// looked up, so that it asks nobody; a key that could not be looked up is a
// temporary failure to it. What does not pass is computed again, for the reason:
// see [Signature.mathematics].
func consult(m Message, list []Verification) []bool {
	passed := make([]bool, len(list))
	picks, open := 0, false
	for _, v := range list[:min(len(list), maxSignatures)] {
		picks += len(v.Signature.Signed) * len(m.Fields)
		open = open || v.Outcome == ""
	}
	if !open || picks > maxPicks {
		return passed
	}
	options := &dkim.VerifyOptions{LookupTXT: keysOf(list), MaxVerifications: maxSignatures}
	// Its error is about signatures beyond the maximum, which are not ours to
	// judge, or about reading, which cannot fail.
	results, _ := dkim.VerifyWithOptions(bytes.NewReader(m.octets()), options)
	for i, result := range results {
		passed[i] = result != nil && result.Err == nil
	}
	return passed
}

// octets returns the message whole.
func (m Message) octets() []byte {
	var b bytes.Buffer
	for _, f := range m.Fields {
		b.WriteString(f.Name + ":" + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(m.Body)
	return b.Bytes()
}

// keysOf answers go-msgauth's questions from what was looked up. It tells a
// failure from an absence by net.Error's Temporary, without errors.As, so the
// [*dns.Error] goes to it as it is.
func keysOf(list []Verification) func(string) ([]string, error) {
	keys := make(map[dns.Name]Selector)
	for _, v := range list {
		if v.Key.Name != "" {
			keys[v.Key.Name] = v.Key
		}
	}
	return func(asked string) ([]string, error) {
		name, err := dns.ParseName(asked)
		key, ok := keys[name]
		switch {
		case err == nil && ok && key.Err != nil:
			return nil, key.Err
		case err == nil && ok && key.State == Live:
			return []string{strings.TrimSpace(key.Record.Text())}, nil
		}
		return nil, &net.DNSError{Err: "no key", Name: asked, IsNotFound: true}
	}
}
