package message

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func parse(t testing.TB, text string) *Message {
	t.Helper()
	m, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestParse(t *testing.T) {
	t.Parallel()
	const plain = "From: a@b.example\nSubject: one\n two\n\nbody\n"
	for _, test := range []struct{ name, text string }{
		{"LF", plain},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"mbox", "From a@b.example Fri Nov 20 08:00:00 2026\n" + plain},
		{"byte order mark", "\xef\xbb\xbf" + plain},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := parse(t, test.text)
			if len(m.Fields) != 2 || m.Fields[1].Value != " one\r\n two" || m.Fields[1].Text() != "one two" || string(m.Body) != "body\r\n" {
				t.Errorf("got %+v, body %q", m.Fields, m.Body)
			}
		})
	}
	if m := parse(t, "From: a@b.example"); len(m.Fields) != 1 || len(m.Body) != 0 {
		t.Errorf("a header alone: %+v, %q", m.Fields, m.Body)
	}
	if m := parse(t, "From : a@b.example\n\n"); !m.Fields[0].Is("from") {
		t.Errorf("white space before the colon: %+v", m.Fields)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "it is empty"},
		{"no header", "\nbody\n", "it has no header"},
		{"continuation first", "  This is not a valid message.\n", "line 1"},
		{"no field", "From: a@b.example\nhello world\n\n", `line 2: "hello world" is no header field`},
		{"a blank in the name", "From: a@b.example\nhello world: x\n\n", "line 2"},
		{"an empty name", ": x\n\n", "line 1"},
		{"octets in the name", "Fr\xc3\xb6m: x\n\n", "line 1"},
		{"Outlook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .eml"},
		{"UTF-16", "\xff\xfeF\x00r\x00", "UTF-16"},
		{"long header", "X: " + strings.Repeat("a", maxHeader) + "\n\n", "the header is larger than 1 MB"},
		{"many fields", strings.Repeat("X: y\n", maxFields+1), "more than 20000 header fields"},
		{"large", "X: y\n\n" + strings.Repeat("a", MaxSize), "larger than 10 MB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Parse([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 300 {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Each signed message of the corpora can be read; the two that are none say so.
func TestParseCorpora(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("../../../shared/corpora/dkim/*/*")
	read := 0
	for _, file := range files {
		switch filepath.Ext(file) {
		case ".msg", ".mail", ".txt":
		default:
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(data)
		// The second has a line "Invalid header" in its header.
		if bad := strings.HasSuffix(file, "03-bad_message.msg") || strings.HasSuffix(file, "mail-dkim/test5.txt"); bad != (err != nil) {
			t.Errorf("%s: %v", file, err)
		}
		read++
	}
	if len(files) == 0 {
		t.Skip("the corpora are not here")
	}
	if read < 90 {
		t.Errorf("only %d messages were found", read)
	}
}

// FuzzParseMessage wants that what was read can be written and read again, and
// that everything that is made of it ends.
func FuzzParseMessage(f *testing.F) {
	f.Add([]byte("From x\nReceived: from a (b [192.0.2.1]) by c; Fri, 20 Nov 2026 08:00:00 +0100\nFrom: <a@b.example>\n\nbody"))
	f.Add([]byte("Return-Path: <>\r\nReceived-SPF: pass (x) client-ip=192.0.2.1;\r\nAuthentication-Results: a; spf=pass (\r\n\r\n"))
	f.Add([]byte("From: \"a;b\" <a@b.example>, c@d.example\nFrom:\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		for _, field := range m.Fields {
			fmt.Fprintf(&b, "%s:%s\r\n", field.Name, field.Value)
		}
		b.WriteString("\r\n")
		b.Write(m.Body)
		again, err := Parse(b.Bytes())
		if err != nil {
			if b.Len() > MaxSize || strings.HasPrefix(b.String(), "\xef\xbb\xbf") {
				return
			}
			t.Fatalf("%q: %v", b.Bytes(), err)
		}
		if len(again.Fields) != len(m.Fields) || !bytes.Equal(again.Body, m.Body) {
			t.Fatalf("%q became %q", data, b.Bytes())
		}
		for i, field := range again.Fields {
			if field.Field != m.Fields[i].Field {
				t.Errorf("%q became %q", m.Fields[i].Field, field.Field)
			}
		}
		j := Judge(nowhere{}, m, Options{})
		if strings.ContainsAny(j.AuthenticationResults("x.invalid"), "\r\n\x1b") {
			t.Errorf("%q in the field", j.AuthenticationResults("x.invalid"))
		}
	})
}
