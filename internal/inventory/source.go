package inventory

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a file, kept before it is parsed: the parser's work and the text
// of its errors grow with the square of a line's length, and its stack with the
// depth.
const (
	maxFile  = 1 << 20
	maxLine  = 4 << 10
	maxDepth = 20 // brackets that are open at once
	maxDent  = 80 // columns of indentation
)

const bom = "\ufeff"

// line is one line of a file and what ends it: "\n", "\r\n" or, for the last
// one, perhaps nothing.
type line struct {
	text string
	end  string
}

// source is the text of a file by its lines, so that edits leave each of them
// its own ending.
type source struct {
	bom   bool
	lines []line
}

// readSource splits a file into lines and refuses what no inventory holds.
func readSource(data []byte, file string) (source, error) {
	refuse := func(line, column int, format string, args ...any) (source, error) {
		return source{}, Errors{{file, line, column, fmt.Sprintf(format, args...)}}
	}
	if len(data) > maxFile {
		return refuse(1, 1, "the file has %d bytes, at most %d are read", len(data), maxFile)
	}
	data, hasBOM := bytes.CutPrefix(data, []byte(bom))
	s := source{bom: hasBOM}
	for text := range strings.Lines(string(data)) {
		l := splitEnd(text)
		s.lines = append(s.lines, l)
		if column, fault := lineFault(l.text); fault != "" {
			return refuse(len(s.lines), column, "%s", fault)
		}
	}
	return s, nil
}

func splitEnd(text string) line {
	for _, end := range []string{"\r\n", "\n"} {
		if t, ok := strings.CutSuffix(text, end); ok {
			return line{t, end}
		}
	}
	return line{text, ""}
}

// lineFault returns what a line must not hold, and its column.
func lineFault(text string) (column int, fault string) {
	if len(text) > maxLine {
		return 1, fmt.Sprintf("the line has %d bytes, at most %d are read", len(text), maxLine)
	}
	if dent := len(text) - len(strings.TrimLeft(text, " ")); dent > maxDent && dent < len(text) {
		return 1, fmt.Sprintf("the line is indented by %d spaces, at most %d are read", dent, maxDent)
	}
	comment := false
	for i, r := range text {
		column++
		switch {
		case r == utf8.RuneError && badByte(text[i:]):
			return column, "the text is not UTF-8: save the file as UTF-8"
		case r == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t'):
			comment = true
		case r == '\t' && !comment:
			return column, "a tab: YAML wants spaces"
		case r == '\t':
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == stand || unicode.Is(unicode.Bidi_Control, r):
			return column, fmt.Sprintf("the character %U is not allowed", r)
		}
	}
	return 0, ""
}

// badByte reports whether s begins with a byte that is no UTF-8, as opposed to
// a replacement character that was written.
func badByte(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size == 1
}

// stand is written for a colon inside a text while the text is parsed. It is a
// character for private use, which files must not hold.
const stand = '\ue000'

// yaml returns the text for the parser: without BOM, with LF. In braces the
// parser takes every colon for the end of a key, though only one before white
// space, or behind a quoted key, is (YAML 1.2.2 §7.3.3): it would read the list
// {rua: [mailto:a@b.example]} as fields. So the other colons are hidden from it.
func (s source) yaml() string {
	var b strings.Builder
	for _, l := range s.lines {
		for i := 0; i < len(l.text); i++ {
			if l.text[i] == ':' && inText(l.text, i) {
				b.WriteRune(stand)
			} else {
				b.WriteByte(l.text[i])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// inText reports whether the colon at i is a part of a plain text.
func inText(text string, i int) bool {
	if i+1 == len(text) || strings.IndexByte(" \t,[]{}", text[i+1]) >= 0 {
		return false
	}
	return i == 0 || text[i-1] != '"' && text[i-1] != '\''
}

// shown returns a text of the parser with its colons.
func shown(s string) string { return strings.ReplaceAll(s, string(stand), ":") }

// bytes returns the file.
func (s source) bytes() []byte {
	var b bytes.Buffer
	if s.bom {
		b.WriteString(bom)
	}
	for _, l := range s.lines {
		b.WriteString(l.text)
		b.WriteString(l.end)
	}
	return b.Bytes()
}

// newline returns the ending that new lines beside the line numbered at shall
// have.
func (s source) newline(at int) string {
	for i := min(at, len(s.lines)-1); i >= 0; i-- {
		if s.lines[i].end != "" {
			return s.lines[i].end
		}
	}
	return "\n"
}
