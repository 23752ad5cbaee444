package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a file writes its characters.
type Encoding string

// The encodings that Exchange, PowerShell and Excel write. An old 8-bit code
// page reads as UTF8: it differs in letters that no column needs.
const (
	UTF8    Encoding = "UTF-8"
	UTF16LE Encoding = "UTF-16 LE"
	UTF16BE Encoding = "UTF-16 BE"
)

const (
	readBuffer = 64 << 10
	sniffed    = 512 // octets that the encoding is told by
)

// decode finds out the encoding and returns the file as UTF-8 without its byte
// order mark.
func decode(r io.Reader) (*bufio.Reader, Encoding, error) {
	b := bufio.NewReaderSize(r, readBuffer)
	head, err := b.Peek(sniffed)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	if what := foreign(head); what != "" {
		return nil, "", &Error{What: "the file is " + what, Hint: "save it as CSV"}
	}
	enc, mark := sniff(head)
	if _, err := b.Discard(mark); err != nil {
		return nil, "", err
	}
	switch enc {
	case UTF16LE:
		return bufio.NewReaderSize(&utf16Reader{r: b, order: binary.LittleEndian}, readBuffer), enc, nil
	case UTF16BE:
		return bufio.NewReaderSize(&utf16Reader{r: b, order: binary.BigEndian}, readBuffer), enc, nil
	}
	return b, enc, nil
}

// foreign names the file formats that are given by mistake.
func foreign(head []byte) string {
	trimmed := bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "an Excel workbook or a ZIP archive"
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return "an old Excel workbook"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return "compressed"
	case bytes.HasPrefix(trimmed, []byte("<")):
		return "XML or HTML"
	case bytes.HasPrefix(trimmed, []byte("{")), bytes.HasPrefix(trimmed, []byte("[")):
		return "JSON"
	}
	return ""
}

// sniff tells the encoding, and how long the byte order mark is. Downloads of
// traces are UTF-16 without one: then a zero is half of each ASCII character.
func sniff(head []byte) (Encoding, int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE, 2
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return UTF8, 3
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch quarter := len(head) / 4; {
	case zeros[1] > quarter && zeros[0] < zeros[1]/4:
		return UTF16LE, 0
	case zeros[0] > quarter && zeros[1] < zeros[0]/4:
		return UTF16BE, 0
	}
	return UTF8, 0
}

// utf16Reader turns UTF-16 into UTF-8. Half a surrogate pair becomes U+FFFD.
type utf16Reader struct {
	r     *bufio.Reader
	order binary.ByteOrder
	out   []byte // decoded and not yet handed out
	high  uint16 // first half of a pair, 0 if none
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// fill decodes some more units.
func (u *utf16Reader) fill() {
	u.out = u.out[:0]
	for len(u.out) < 4096 {
		var unit [2]byte
		if n, err := io.ReadFull(u.r, unit[:]); err != nil {
			u.end(n, err)
			return
		}
		u.unit(u.order.Uint16(unit[:]))
	}
}

// end notes why there are no more units; n octets of one are left.
func (u *utf16Reader) end(n int, err error) {
	u.err = err
	if n > 0 && err == io.ErrUnexpectedEOF {
		u.err = &Error{What: "the file ends in the middle of a UTF-16 character", Hint: "export it again"}
	}
	if u.high != 0 {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		u.high = 0
	}
}

func (u *utf16Reader) unit(c uint16) {
	if u.high != 0 {
		r := utf16.DecodeRune(rune(u.high), rune(c)) // U+FFFD if they are no pair
		u.high = 0
		u.out = utf8.AppendRune(u.out, r)
		if r != utf8.RuneError {
			return
		}
	}
	switch {
	case c >= 0xd800 && c < 0xdc00:
		u.high = c
	default:
		u.out = utf8.AppendRune(u.out, rune(c)) // a lone second half becomes U+FFFD
	}
}
