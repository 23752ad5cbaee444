package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"sendplan/internal/dns"
)

// Schema is the number of the JSON forms. It rises when a field changes its
// meaning or goes; new fields may come at any time.
const Schema = 1

func writeJSON(w io.Writer, _ Page, doc any, _ func(*Text)) error { return encode(w, doc, "  ") }

func writeJSONL(w io.Writer, _ Page, doc any, _ func(*Text)) error { return encode(w, doc, "") }

// encode writes doc and a line end. The output is pure ASCII, so that no
// control or bidirectional character in a record acts on a terminal that it is
// printed to.
func encode(w io.Writer, doc any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(toASCII(b.Bytes()))
	return err
}

// toASCII escapes what is not ASCII, and DEL, in encoded JSON. Only strings can
// hold it.
func toASCII(encoded []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(encoded) {
		switch {
		case r < 0x7f:
			b.WriteByte(byte(r))
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

// octets returns text from the DNS for a JSON string.
func octets(s string) string { return dns.UTF8(s) }
