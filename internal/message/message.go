// Package message judges a message as it was received: who handed it over, what
// SPF, DKIM and DMARC say about it, and what the servers on its way said.
//
// Everything in a message is hostile text until a server that one trusts wrote
// it, and a file does not tell which those are. So what is guessed here comes
// with its reason, and each guess can be replaced.
package message

import (
	"bytes"
	"fmt"
	"strings"

	"sendplan/dkim"
)

// The bounds of what is read.
const (
	MaxSize   = 10 << 20 // octets of a message
	maxHeader = 1 << 20  // octets of its header
	maxFields = 20_000
)

// Field is one header field.
type Field struct {
	dkim.Field     // as it stands in the message
	Line       int // where it starts, from 1
}

// Text returns the field's value unfolded, without white space at its ends.
func (f Field) Text() string {
	// RFC 5322 §2.2.3: unfolding removes the line end before white space.
	return strings.TrimSpace(strings.NewReplacer("\r\n", "", "\n", "").Replace(f.Value))
}

// Message is a message in octets, with CRLF at the end of each line.
type Message struct {
	Fields []Field // from the top
	Body   []byte
}

// Parse reads a message as a file holds it: with CRLF or LF, after a byte order
// mark or an mbox line ("From ..."), or without. Its errors name the line.
func Parse(data []byte) (*Message, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("it is larger than %d MB", MaxSize>>20)
	}
	if err := otherFile(data); err != nil {
		return nil, err
	}
	p := parser{rest: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	if err := p.header(); err != nil {
		return nil, err
	}
	if len(p.m.Fields) == 0 {
		return nil, fmt.Errorf("it has no header")
	}
	p.m.Body = crlf(p.rest)
	return &p.m, nil
}

// otherFile recognises files that hold messages in other forms.
func otherFile(data []byte) error {
	switch {
	case len(data) == 0:
		return fmt.Errorf("it is empty")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return fmt.Errorf("it is an Outlook item (.msg), which holds no message as it was sent: save it as .eml, or forward it as attachment")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fmt.Errorf("it is text in UTF-16: save the message itself, as .eml")
	}
	return nil
}

type parser struct {
	m    Message
	rest []byte
	line int
	used int // octets of the header
}

// next cuts off one line, without its end; ok is false at the end of the file.
func (p *parser) next() (line string, ok bool) {
	if len(p.rest) == 0 {
		return "", false
	}
	cut, rest, _ := bytes.Cut(p.rest, []byte("\n"))
	p.rest = rest
	p.line++
	p.used += len(cut) + 1
	return string(bytes.TrimSuffix(cut, []byte("\r"))), true
}

func (p *parser) header() error {
	for {
		line, ok := p.next()
		switch {
		case !ok || line == "":
			return nil
		case p.used > maxHeader:
			return fmt.Errorf("line %d: the header is larger than %d MB", p.line, maxHeader>>20)
		case p.line == 1 && mboxLine(line):
			continue
		case line[0] == ' ' || line[0] == '\t':
			if len(p.m.Fields) == 0 {
				return fmt.Errorf("line %d: %s continues a header field, but there is none before it", p.line, quote(line))
			}
			last := &p.m.Fields[len(p.m.Fields)-1]
			last.Value += "\r\n" + line
			continue
		}
		if err := p.field(line); err != nil {
			return err
		}
	}
}

// mboxLine recognises the line that precedes a message in an mbox file (RFC
// 4155), which is not a From field with white space before its colon.
func mboxLine(line string) bool {
	rest, ok := strings.CutPrefix(line, "From ")
	return ok && !strings.HasPrefix(strings.TrimLeft(rest, " \t"), ":")
}

// field reads the first line of a field.
//
// RFC 5322 §2.2: a name of printable ASCII, a colon; §4.5.8 allows white space
// between the two.
func (p *parser) field(line string) error {
	name, value, ok := strings.Cut(line, ":")
	bare := strings.TrimRight(name, " \t")
	for i := 0; ok && i < len(bare); i++ {
		ok = bare[i] > ' ' && bare[i] < 0x7f
	}
	if !ok || bare == "" {
		return fmt.Errorf("line %d: %s is no header field, and no empty line ended the header before it", p.line, quote(line))
	}
	if len(p.m.Fields) == maxFields {
		return fmt.Errorf("line %d: there are more than %d header fields", p.line, maxFields)
	}
	p.m.Fields = append(p.m.Fields, Field{dkim.Field{Name: name, Value: value}, p.line})
	return nil
}

// crlf makes every line end CRLF, as it was when the message was signed.
func crlf(body []byte) []byte {
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(body, []byte("\n"), []byte("\r\n"))
}

// quote quotes text from a message, cut to a bearable length.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%q...", s[:most])
	}
	return fmt.Sprintf("%q", s)
}

// all returns the fields of a name, from the top.
func (m *Message) all(name string) []Field {
	var list []Field
	for _, f := range m.Fields {
		if f.Is(name) {
			list = append(list, f)
		}
	}
	return list
}

// signed returns the message as DKIM sees it.
func (m *Message) signed() dkim.Message {
	s := dkim.Message{Body: m.Body}
	for _, f := range m.Fields {
		s.Fields = append(s.Fields, f.Field)
	}
	return s
}
