package evidence

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// field is what a column is about.
type field int

const (
	fieldSender field = iota
	fieldDate
	fieldProtocol
	fieldTLS10
	fieldTLS11
	fieldTLS12
	fieldTLS13
	fieldMessages
	fieldRecipients
	fieldClientIP
	fieldConnector
	fieldDirection
	fieldNetworkID
	fieldMessageID
	fieldReturnPath
	fieldEvent
	fields // how many there are
)

// aliases returns the headings of a field as [loose] writes them, the better
// ones first. An extended trace has recipient_status too, but there it is an
// SMTP reply; an enhanced summary has recipients nowhere else. The names that
// are not English are those of Microsoft's translated pages.
func aliases(f field) []string {
	return [fields][]string{
		fieldSender:     {"senderaddress", "sender", "fromaddress", "absenderadresse", "absender", "indirizzodelmittente", "mittente"},
		fieldDate:       {"origintimestamputc", "origintimestamp", "datetimeutc", "datetime", "received", "receiveddatetime", "date", "empfangen", "datum"},
		fieldProtocol:   {"authenticationprotocol", "authprotocol", "authentication", "authenticationmethod", "authentifizierungsprotokoll", "protocollodiautenticazione"},
		fieldTLS10:      {"tls10"},
		fieldTLS11:      {"tls11"},
		fieldTLS12:      {"tls12"},
		fieldTLS13:      {"tls13"},
		fieldMessages:   {"messagessent", "messages", "messagecount", "gesendetenachrichten", "messaggiinviati"},
		fieldRecipients: {"recipientaddress", "recipientstatus", "recipients", "recipient", "empfängeradresse"},
		fieldClientIP:   {"originalclientip", "fromip"},
		fieldConnector:  {"connectorid", "connector", "connectorname"},
		fieldDirection:  {"directionality", "direction"},
		fieldNetworkID:  {"networkmessageid", "messagetraceid"},
		fieldMessageID:  {"messageid"},
		fieldReturnPath: {"returnpath"},
		fieldEvent:      {"eventid"},
	}[f]
}

// ofTrace and ofReport are the fields that only one of the exports has.
func ofTrace() []field {
	return []field{fieldRecipients, fieldClientIP, fieldConnector, fieldDirection, fieldNetworkID, fieldMessageID, fieldReturnPath, fieldEvent}
}

func ofReport() []field {
	return []field{fieldProtocol, fieldTLS10, fieldTLS11, fieldTLS12, fieldTLS13, fieldMessages}
}

// loose reduces a heading to its lower-case letters and digits: exports differ
// in case, spaces and underscores. What stands in brackets, as in "TLS 1.0
// (percentage)", is a remark.
func loose(head string) string {
	head, _, _ = strings.Cut(head, "(")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, head)
}

// header is which column holds what.
type header struct {
	line   int
	names  []string
	column [fields]int // -1: there is none
}

// newHeader matches the headings of a row.
func newHeader(r row) header {
	h := header{line: r.line}
	seen := make([]string, r.len())
	for i := range r.len() {
		h.names = append(h.names, strings.ToValidUTF8(string(r.cell(i)), ""))
		seen[i] = loose(h.names[i])
	}
	for f := range fields {
		h.column[f] = -1
		for _, alias := range aliases(f) {
			if i := slices.Index(seen, alias); i >= 0 {
				h.column[f] = i
				break
			}
		}
	}
	return h
}

func (h header) has(f field) bool { return h.column[f] >= 0 }

func (h header) any(fs []field) bool { return slices.ContainsFunc(fs, h.has) }

// known counts the fields that were found.
func (h header) known() int {
	n := 0
	for f := range fields {
		if h.has(f) {
			n++
		}
	}
	return n
}

// twice returns a column that has the heading of one that is used, or -1.
func (h header) twice() int {
	for i, name := range h.names {
		for f := range fields {
			if first := h.column[f]; first >= 0 && first != i && loose(h.names[first]) == loose(name) {
				return i
			}
		}
	}
	return -1
}

// keep tells the scanner which columns to take out of the file.
func (h header) keep() []bool {
	keep := make([]bool, len(h.names))
	for f := range fields {
		if h.has(f) {
			keep[h.column[f]] = true
		}
	}
	return keep
}

// kind is given, or told by the columns.
func (h header) kind(given Kind) (Kind, error) {
	trace, report := h.any(ofTrace()), h.any(ofReport())
	switch {
	case given != "" && given != SMTPAuth && given != Trace:
		return "", &Error{What: fmt.Sprintf("%q is no kind of export", given), Hint: "expected smtp-auth or trace"}
	case given == SMTPAuth && trace && !report:
		return "", &Error{Line: h.line, What: "the columns are those of a message trace", Hint: "read it as a trace"}
	case given == Trace && report && !trace:
		return "", &Error{Line: h.line, What: "the columns are those of the SMTP AUTH clients report", Hint: "read it as smtp-auth"}
	case given != "":
		return given, nil
	case trace == report:
		return "", &Error{Line: h.line, What: "the columns do not tell which export this is", Hint: "say smtp-auth or trace"}
	case trace:
		return Trace, nil
	}
	return SMTPAuth, nil
}

// table is an open file behind its header.
type table struct {
	scan scanner
	head header
	sep  byte
}

const (
	maxHeader   = 64 << 10
	maxPreamble = 20 // lines before the header
)

// open reads up to the header. Before it may stand Excel's "sep=;", the line
// "#TYPE ..." that PowerShell 5.1 writes, and blank lines.
func open(r *bufio.Reader) (*table, error) {
	line, sep := 1, byte(0)
	for range maxPreamble {
		text, n, err := headerLine(r, line)
		if err != nil {
			return nil, err
		}
		bare := strings.Trim(string(text), "\" \t,;")
		switch {
		case bare == "" && strings.TrimLeft(string(text), " ") == "", strings.HasPrefix(strings.ToUpper(bare), "#TYPE"):
		case sep == 0 && separator(text) != 0:
			sep = separator(text)
		default:
			head, sep, err := match(text, line, sep)
			if err != nil {
				return nil, err
			}
			return &table{scan: scanner{r: r, sep: sep, line: line + n, keep: head.keep()}, head: head, sep: sep}, nil
		}
		line += n
	}
	return nil, &Error{Line: line, What: fmt.Sprintf("there is no header in the first %d lines", maxPreamble)}
}

// headerLine reads a line, in which a quoted line end is none, and tells how
// many lines of the file it takes.
func headerLine(r *bufio.Reader, line int) ([]byte, int, error) {
	var text []byte
	for lines, quoted := 1, false; ; {
		c, err := r.ReadByte()
		switch {
		case err == io.EOF && len(text) == 0:
			return nil, 0, &Error{Line: line, What: "the file ends before a header", Hint: "export it again with its column names"}
		case err == io.EOF:
			return text, lines, nil
		case err != nil:
			return nil, 0, err
		case len(text) == maxHeader:
			return nil, 0, &Error{Line: line, What: fmt.Sprintf("the header is longer than %d octets", maxHeader)}
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return text, lines, nil
		case c == '\n':
			lines++
		case c == '\r' && !quoted:
			if next, err := r.ReadByte(); err == nil && next != '\n' {
				return text, lines, r.UnreadByte()
			}
			return text, lines, nil
		}
		text = append(text, c)
	}
}

// separator reads "sep=;"; 0 if the line is something else.
func separator(text []byte) byte {
	bare := strings.Trim(string(text), `"`)
	if len(bare) == len("sep=;") && strings.EqualFold(bare[:4], "sep=") && strings.IndexByte(",;\t|", bare[4]) >= 0 {
		return bare[4]
	}
	return 0
}

// match finds the separator by which the header makes most sense.
func match(text []byte, line int, given byte) (header, byte, error) {
	try := []byte{',', ';', '\t', '|'}
	if given != 0 {
		try = []byte{given}
	}
	var best header
	sep := byte(0)
	for _, c := range try {
		s := scanner{r: bufio.NewReader(bytes.NewReader(text)), sep: c, line: line}
		r, err := s.next()
		if err != nil { // quotes end elsewhere by another separator
			continue
		}
		if h := newHeader(r); sep == 0 || h.known() > best.known() {
			best, sep = h, c
		}
	}
	switch {
	case sep == 0 || !best.has(fieldSender):
		return header{}, 0, &Error{Line: line, What: "there is no column with the sender",
			Hint: `expected a header with "Sender address" (SMTP AUTH clients report), "sender_address" (trace) or "SenderAddress" (Get-MessageTraceV2)`}
	case best.twice() >= 0:
		i := best.twice()
		return header{}, 0, &Error{Line: line, Column: i + 1, Head: heading(best.names[i]), What: "the file has this column twice", Hint: "export it again"}
	}
	return best, sep, nil
}

// heading is a column's name for an error.
func heading(name string) string {
	name = printable(strings.TrimSpace(name))
	if r := []rune(name); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return name
}

// printable replaces what a terminal may act on.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// next returns the next row with as many cells as the header. Excel and others
// add empty cells at the end; a row that is too short is broken somewhere, and
// what looks like an empty connector may be another column.
func (t *table) next() (row, error) {
	r, err := t.scan.next()
	if err != nil {
		if e, ok := err.(*Error); ok && e.Column > 0 && e.Column <= len(t.head.names) {
			e.Head = heading(t.head.names[e.Column-1])
		}
		return row{}, err
	}
	if want := len(t.head.names); r.len() < want || r.len() > want && t.scan.full > want {
		return row{}, &Error{Line: r.line, What: fmt.Sprintf("the row has %d cells, the header has %d", r.len(), want),
			Hint: "a line end or a separator inside a cell needs quotes around the cell; export it again"}
	}
	return r, nil
}

// fault is about a cell of a row.
func (t *table) fault(r row, f field, what, hint string) error {
	c := t.head.column[f]
	return &Error{Line: r.at(c), Column: c + 1, Head: heading(t.head.names[c]), What: what, Hint: hint}
}

// cell returns the cell of a field without the space around it.
func (t *table) cell(r row, f field) []byte { return bytes.TrimSpace(r.cell(t.head.column[f])) }
