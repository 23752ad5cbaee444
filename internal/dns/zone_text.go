package dns

import (
	"io"
	"strings"

	mdns "github.com/miekg/dns"
)

// maxZoneText bounds the text of ParseZones, in octets.
const maxZoneText = 64 << 20

// readEntries reads the records of the text; long are the character-strings
// over 255 octets in it, in order.
func readEntries(text, file string, origin Name, long []longString) ([]entry, error) {
	r := &textReader{text: text + "\n", line: 1}
	parser := mdns.NewZoneParser(r, "", "")
	if origin != "" {
		parser = mdns.NewZoneParser(r, origin.Zone(), "")
	}
	parser.SetDefaultTTL(3600)
	var entries []entry
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		at := position{file, r.line}
		// The parser cuts such strings silently; which ones, only the text tells.
		for len(long) > 0 && long[0].offset < r.next {
			if rr.Header().Rrtype == mdns.TypeTXT {
				return nil, long[0].at.errorf("character-string of %d octets, at most %d are allowed: quote it in several parts", long[0].octets, MaxString)
			}
			long = long[1:]
		}
		e, err := entryFrom(rr)
		if err != nil {
			return nil, at.errorf("%v", err)
		}
		e.at = at
		if entries = append(entries, e); len(entries) > maxZoneRecords {
			return nil, at.errorf("more than %d records", maxZoneRecords)
		}
	}
	if err := parser.Err(); err != nil {
		return nil, parserError(err, position{file, r.line})
	}
	return entries, nil
}

func entryFrom(rr mdns.RR) (entry, error) {
	t := Type(rr.Header().Rrtype)
	if _, known := typeNames[t]; known {
		r, err := fromText(rr)
		return entry{Record: r, Type: t}, err
	}
	n, err := nameFromWire(rr.Header().Name)
	return entry{Record: Record{Name: n, TTL: rr.Header().Ttl}, Type: t}, err
}

// parserError puts a position of ours on the parser's error, because it counts
// the lines of a $GENERATE on their own.
func parserError(err error, at position) error {
	s := strings.TrimPrefix(err.Error(), "dns: ")
	if strings.HasPrefix(s, "unexpected newline") {
		at.line-- // the parser has looked into the next line
		return at.errorf("record without data")
	}
	if i := strings.LastIndex(s, " at line: "); i >= 0 {
		s = s[:i]
	}
	return at.errorf("%s", s)
}

// textReader hands out the text octet by octet and so knows, when the parser
// returns a record, which line held it.
type textReader struct {
	text string
	next int
	line int // of the octet read last
}

func (r *textReader) ReadByte() (byte, error) {
	if r.next >= len(r.text) {
		return 0, io.EOF
	}
	if r.next > 0 && r.text[r.next-1] == '\n' {
		r.line++
	}
	r.next++
	return r.text[r.next-1], nil
}

// Read is there because the parser asks for an io.Reader; it uses ReadByte.
func (r *textReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// marks are what the record parser does not tell.
type marks struct {
	faults map[Key]Cause
	signed map[Name]bool
	long   []longString
}

// longString is a character-string of over 255 octets.
type longString struct {
	offset, octets int
	at             position
}

// scanText walks over the text's strings and comments. It refuses a quoted
// string that does not end on its line, as BIND does, because what was meant
// after a forgotten quote is anyone's guess.
func scanText(text, file string) (marks, error) {
	m := marks{faults: map[Key]Cause{}, signed: map[Name]bool{}}
	if len(text) > maxZoneText {
		return m, position{file, 1}.errorf("zone text of %d octets, at most %d are read", len(text), maxZoneText)
	}
	at := position{file, 1}
	for i := 0; i < len(text); {
		switch text[i] {
		case '\n':
			at.line++
			i++
		case ';':
			comment, _, _ := strings.Cut(text[i+1:], "\n")
			if err := m.comment(comment, at); err != nil {
				return m, err
			}
			i += 1 + len(comment)
		case ' ', '\t', '\r', '(', ')':
			i++
		default:
			n, octets, closed := scanString(text[i:])
			if !closed {
				return m, at.errorf("quoted string does not end on its line")
			}
			if octets > MaxString {
				m.long = append(m.long, longString{i, octets, at})
			}
			i += n
		}
	}
	return m, nil
}

// scanString measures the string that s begins with: its length in the text and
// in octets, and whether its quotes are closed.
func scanString(s string) (n, octets int, closed bool) {
	quoted := s[0] == '"'
	if quoted {
		n = 1
	}
	for n < len(s) {
		switch c := s[n]; {
		case c == '\n':
			return n, octets, !quoted
		case c == '"' && quoted:
			return n + 1, octets, true
		case !quoted && strings.IndexByte(" \t\r();\"", c) >= 0:
			return n, octets, true
		case c == '\\' && n+1 < len(s) && s[n+1] != '\n':
			_, size, err := octet(s[n:])
			if err != nil {
				size = 2 // the record parser will say so
			}
			n += size
		default:
			n++
		}
		octets++
	}
	return n, octets, !quoted
}

var faultWords = map[string]Cause{
	"servfail": ServFail, "timeout": Timeout, "refused": Refused, "malformed": Malformed,
}

// comment reads a planned fault; other comments are none of its business.
func (m marks) comment(s string, at position) error {
	plan, ok := strings.CutPrefix(s, "!")
	if !ok {
		return nil
	}
	words := strings.Fields(plan)
	if len(words) == 2 && words[0] == "signed" {
		zone, err := nameFromWire(words[1])
		m.signed[zone] = true
		return err
	}
	if len(words) != 3 {
		return at.errorf("%q is no fault: expected \";! servfail NAME TYPE\"", ";"+s)
	}
	cause, ok := faultWords[words[0]]
	if !ok {
		return at.errorf("fault %q: expected servfail, timeout, refused or malformed", words[0])
	}
	name, err := nameFromWire(words[1])
	if err != nil {
		return at.errorf("fault: %v", err)
	}
	t, ok := ParseType(words[2])
	if words[2] != "ANY" && !ok {
		return at.errorf("fault: %q is no type that is read, nor ANY", words[2])
	}
	m.faults[Key{name, t}] = cause
	return nil
}
