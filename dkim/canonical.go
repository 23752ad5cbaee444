package dkim

import (
	"bytes"
	"strings"
)

// canonical is one of the two forms in which header or body are hashed (RFC 6376
// §3.4).
type canonical uint8

const (
	simple canonical = iota
	relaxed
)

// canonicalOf reads a name of c=. An empty one is the default.
func canonicalOf(name string) (c canonical, ok bool) {
	switch name {
	case "simple", "":
		return simple, true
	case "relaxed":
		return relaxed, true
	}
	return simple, false
}

// fieldText returns one header field as it is hashed, without its final line
// end. The field comes as it stands in the message, folds included.
func (c canonical) fieldText(name, value string) string {
	if c == simple { // RFC 6376 §3.4.1
		return name + ":" + value
	}
	// RFC 6376 §3.4.2: name in lower case, unfolded, white space runs as one
	// blank, none at the ends.
	name = strings.TrimRight(strings.ToLower(name), " \t")
	return name + ":" + strings.Join(strings.FieldsFunc(value, isSpace), " ")
}

// bodyText returns the body as it is hashed. Its lines end in CRLF.
func (c canonical) bodyText(body []byte) []byte {
	if c == relaxed {
		body = squeeze(body)
	}
	end := len(body)
	for end >= 2 && body[end-2] == '\r' && body[end-1] == '\n' {
		end -= 2
	}
	if end == 0 && c == relaxed {
		return nil // RFC 6376 §3.4.4: an empty body stays empty
	}
	// RFC 6376 §3.4.3: the empty lines at the end are one line end.
	return append(bytes.Clone(body[:end]), '\r', '\n')
}

// squeeze reduces white space within lines to one blank and removes it at their
// ends (RFC 6376 §3.4.4).
func squeeze(body []byte) []byte {
	out := make([]byte, 0, len(body))
	blank := false
	for i, c := range body {
		switch {
		case c == ' ' || c == '\t':
			blank = true
			continue
		case c == '\r' && i+1 < len(body) && body[i+1] == '\n':
			blank = false
		case blank:
			out = append(out, ' ')
			blank = false
		}
		out = append(out, c)
	}
	return out
}
