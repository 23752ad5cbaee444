package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// contoso are the accepted domains of most tests.
var contoso = []dns.Name{"contoso.com"}

func readFile(t *testing.T, file string, opts Options) Report {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rep, err := Read(f, opts)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rep
}

// line is a suggestion in short.
func line(s Suggestion) string {
	parts := []string{s.Name, s.From}
	if s.MailFrom != "" {
		parts = append(parts, "mail_from="+s.MailFrom)
	}
	if s.Address.IsValid() {
		parts = append(parts, s.Address.String())
	}
	if s.Private {
		parts = append(parts, "private")
	}
	if s.IPv6 {
		parts = append(parts, "ipv6")
	}
	if s.Connector != "" {
		parts = append(parts, "by="+s.Connector)
	}
	return strings.Join(parts, " ") + fmt.Sprintf(" | %s %s auth=%s tls=%s to=%s n=%d day=%d/%d", s.Method, s.Confidence, s.Auth, s.TLS, s.Recipients, s.Messages, s.PerDay, s.RcptPerDay)
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file      string
		opts      Options
		kind      Kind
		encoding  Encoding
		separator rune
		span      string
		want      []string
		skipped   string
	}{
		{
			file: "smtp-auth-en.csv", opts: Options{Days: 7}, kind: SMTPAuth, encoding: UTF8, separator: ',', span: "..",
			want: []string{
				"alarm alarm@contoso.com | smtp-auth high auth=basic tls=1.0 to=unknown n=14 day=2/0",
				"erp erp@contoso.com | smtp-auth high auth=oauth tls=1.2 to=unknown n=380 day=55/0",
				"scan scan@contoso.com | smtp-auth high auth=basic tls=1.0 to=unknown n=1204 day=172/0",
				"scan-2 scan@contoso.com | smtp-auth high auth=oauth tls=1.2 to=unknown n=21 day=3/0",
			},
		},
		{
			file: "smtp-auth-de.csv", kind: SMTPAuth, encoding: UTF8, separator: ';', span: "..",
			want: []string{
				"drucker-eg drucker-eg@nordwind.example | smtp-auth high auth=basic tls=1.0 to=unknown n=1204 day=0/0",
				"zeiterfassung zeiterfassung@nordwind.example | smtp-auth high auth=oauth tls=1.2 to=unknown n=96 day=0/0",
			},
		},
		{
			file: "smtp-auth-2021-utf16.csv", opts: Options{Kind: SMTPAuth, Days: 7}, kind: SMTPAuth, encoding: UTF16LE, separator: '\t', span: "..",
			want: []string{"scan scan@contoso.com | smtp-auth medium auth=unknown tls=1.1 to=unknown n=70 day=10/0"},
		},
		{
			file: "trace-enhanced.csv", opts: Options{Accepted: contoso}, kind: Trace, encoding: UTF8, separator: ',', span: "2026-11-03..2026-11-05",
			want: []string{
				"anna-user anna.user@contoso.com 198.51.100.7 | unknown low auth=unknown tls= to=anyone n=1 day=1/2",
				"bob-user bob.user@contoso.com | unknown low auth=unknown tls= to=one-external n=1 day=1/1",
				"camera camera@contoso.com 192.168.1.20 private | direct-send medium auth=unknown tls= to=internal n=1 day=1/1",
				"erp erp@contoso.com 203.0.113.11 by=Devices HQ | connector low auth=unknown tls= to=one-external n=2 day=1/1",
				"orders orders@contoso.com 203.0.113.11 by=Devices HQ | connector low auth=unknown tls= to=one-domain n=2 day=2/2",
				"scan scan@contoso.com 203.0.113.10 | direct-send medium auth=unknown tls= to=internal n=3 day=2/3",
				"ups ups@contoso.com 2001:db8::7 ipv6 | direct-send medium auth=unknown tls= to=internal n=1 day=1/1",
			},
			skipped: "other domain 1 @9, no sender 1 @11, made for one message 1 @12, Exchange itself 1 @10",
		},
		{
			file: "trace-extended-utf16.csv", opts: Options{Accepted: contoso, Inbound: []string{"devices hq"}}, kind: Trace, encoding: UTF16LE, separator: ',', span: "2026-11-03..2026-11-03",
			want: []string{
				"alerts alerts@contoso.com mail_from=em.contoso.com 203.0.113.20 | direct-send medium auth=unknown tls= to=internal n=1 day=1/1",
				"scan scan@contoso.com 203.0.113.10 by=Devices HQ | connector high auth=unknown tls= to=one-external n=1 day=1/1",
			},
			skipped: "later event 2 @2",
		},
		{
			file: "trace-v2-de.csv", opts: Options{Accepted: []dns.Name{"nordwind.example"}}, kind: Trace, encoding: UTF8, separator: ';', span: "2026-11-03..2026-11-04",
			want:    []string{"drucker drucker@nordwind.example 203.0.113.10 | unknown low auth=unknown tls= to=one-external n=2 day=1/2"},
			skipped: "no plain address 1 @6",
		},
		{
			file: "trace-v2-en.csv", opts: Options{Accepted: contoso}, kind: Trace, encoding: UTF8, separator: ',', span: "2026-11-03..2026-11-13",
			want: []string{"scan scan@contoso.com 203.0.113.10 | unknown low auth=unknown tls= to=internal n=2 day=1/1"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			rep := readFile(t, tt.file, tt.opts)
			if rep.Kind != tt.kind || rep.Encoding != tt.encoding || rep.Separator != tt.separator || rep.First+".."+rep.Last != tt.span {
				t.Errorf("kind %s, %s, %q, %s..%s", rep.Kind, rep.Encoding, rep.Separator, rep.First, rep.Last)
			}
			var got []string
			for _, s := range Suggest(rep.Found, nil) {
				got = append(got, line(s))
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if got := skips(rep); got != tt.skipped {
				t.Errorf("skipped %q, want %q", got, tt.skipped)
			}
		})
	}
}

func skips(rep Report) string {
	var all []string
	for _, s := range rep.Skipped {
		words := strings.NewReplacer("the sender is of another", "other", "there is ", "", "the sender is an address ", "", "the sender is ", "", "the row is a ", "", " of a message", "").Replace(string(s.Reason))
		all = append(all, fmt.Sprintf("%s %d @%d", words, s.Rows, s.Line))
	}
	return strings.Join(all, ", ")
}

// Recipients and subjects reach no result, in no form.
func TestNothingPrivate(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"trace-enhanced.csv", "trace-extended-utf16.csv", "trace-v2-de.csv", "trace-v2-en.csv"} {
		rep := readFile(t, file, Options{Accepted: []dns.Name{"contoso.com", "nordwind.example"}})
		data, err := json.Marshal([]any{rep, Suggest(rep.Found, nil)})
		if err != nil {
			t.Fatal(err)
		}
		all := strings.ToLower(string(data) + fmt.Sprintf("%+v %#v", rep, rep))
		for _, private := range []string{"recipient.", "secret", "betreff", "fabrikam", "suedwind", "a.example"} {
			if strings.Contains(all, private) {
				t.Errorf("%s: %q is in the result: %s", file, private, all)
			}
		}
	}
}

// Nor do they reach an error when a row is shifted by a cell.
func TestNothingPrivateInErrors(t *testing.T) {
	t.Parallel()
	const head = "Received,SenderAddress,RecipientAddress,Subject,FromIP\n"
	for _, body := range []string{
		"recipient.anna@contoso.com,scan@contoso.com,Secret,x,y\n",
		"Secret plan,scan@contoso.com,recipient.anna@contoso.com,x,y\n",
		"Secret,scan@contoso.com,recipient.anna@contoso.com\n",
		"2026-11-03,scan@contoso.com,recipient.anna@contoso.com,\"Secret\"plan,y\n",
		"2026-11-03,scan@contoso.com,\"recipient.anna@contoso.com\n",
	} {
		_, err := Read(strings.NewReader(head+body), Options{Accepted: contoso})
		if err == nil {
			t.Errorf("%q is read", body)
			continue
		}
		if s := strings.ToLower(err.Error()); strings.Contains(s, "secret") || strings.Contains(s, "anna") {
			t.Errorf("the error tells: %v", err)
		}
	}
}

// semicolons writes a CSV file anew, as a German Excel does.
func semicolons(t *testing.T, text string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Neither encoding nor line ends nor separator change anything.
func TestEncodings(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/trace-enhanced.csv")
	if err != nil {
		t.Fatal(err)
	}
	units := utf16.Encode([]rune(string(data)))
	le, be := make([]byte, 0, 2*len(units)), make([]byte, 0, 2*len(units))
	for _, u := range units {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	want := readFile(t, "trace-enhanced.csv", Options{Accepted: contoso})
	for name, form := range map[string]string{
		"utf-8 with BOM": "\xef\xbb\xbf" + string(data), "lf": strings.ReplaceAll(string(data), "\r\n", "\n"), "cr": strings.ReplaceAll(string(data), "\r\n", "\r"),
		"le": string(le), "be": string(be), "le with BOM": "\xff\xfe" + string(le), "be with BOM": "\xfe\xff" + string(be),
		"no end of line": strings.TrimSuffix(string(data), "\r\n"), "blank lines": "\n\n" + string(data) + "\n\n,,,\n",
		"semicolons": semicolons(t, string(data)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Read(strings.NewReader(form), Options{Accepted: contoso})
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Found) != fmt.Sprint(want.Found) {
				t.Errorf("got %v\nwant %v", got.Found, want.Found)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const auth = "Sender address,Authentication Protocol,TLS 1.0,Messages sent\n"
	const trace = "Received,SenderAddress,RecipientAddress,FromIP\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "line 1: the file ends before a header"},
		{"blank", "\n\n\r\n", "line 4: the file ends before a header"},
		{"workbook", "PK\x03\x04....", "the file is an Excel workbook"},
		{"json", "\xef\xbb\xbf [{\"a\":1}]", "the file is JSON"},
		{"html", "<!DOCTYPE html>", "the file is XML or HTML"},
		{"no sender", "a,b,c\n1,2,3\n", "line 1: there is no column with the sender"},
		{"no kind", "Sender,Domain\na@b.example,b.example\n", "line 1: the columns do not tell which export"},
		{"twice", "Sender,Messages sent,messages_sent\n", "line 1, column 3 (messages_sent): the file has this column twice"},
		{"no address", auth + "scan@contoso.com,Basic,0,1\n=cmd|' /C calc'!A0,Basic,0,1\n", `line 3, column 1 (Sender address): "=cmd|' /C calc'!A0" is no address`},
		{"bad count", auth + "scan@contoso.com,Basic,0,1.5\n", `line 2, column 4 (Messages sent): "1.5" is no whole number; expected`},
		{"bad count text", auth + "scan@contoso.com,Basic,0,many words\n", "column 4 (Messages sent): a text of 10 octets is no whole number"},
		{"negative", auth + "scan@contoso.com,Basic,0,-4\n", `"-4" is no whole number`},
		{"huge count", auth + "scan@contoso.com,Basic,0,99999999999999999999\n", "is no whole number"},
		{"bad share", auth + "scan@contoso.com,Basic,x,1\n", "line 2, column 3 (TLS 1.0): a text of 1 octets is no share; expected a percentage"},
		{"short row", auth + "\nscan@contoso.com,Basic,0\n", "line 3: the row has 3 cells, the header has 4"},
		{"long row", auth + "scan@contoso.com,Basic,0,1,2\n", "line 2: the row has 5 cells, the header has 4"},
		{"open quote", auth + "scan@contoso.com,\"Basic,0,1\n\n\n", "line 2, column 2 (Authentication Protocol): the quote that opens here is never closed"},
		{"text after quote", auth + "scan@contoso.com,\"Basic\"x,0,1\n", "line 2, column 2 (Authentication Protocol): text follows the closing quote"},
		{"zero", auth + "scan@contoso.com,Ba\x00sic,0,1\n", "line 2, column 2 (Authentication Protocol): the cell holds a zero octet"},
		{"1 MB cell", auth + "scan@contoso.com," + strings.Repeat("x", 1<<20+1) + ",0,1\n", "line 2, column 2 (Authentication Protocol): the cell is longer than"},
		{"many columns", auth + strings.Repeat(",", 300) + "\n", "line 2: the row has more than 256 cells"},
		{"long header", strings.Repeat("x", 70000), "line 1: the header is longer"},
		{"half utf-16", "\xff\xfea\x00b", "ends in the middle of a UTF-16 character"},
		{"ambiguous", trace + "03/04/2026 08:00,scan@contoso.com,a@contoso.com,\n", `line 2, column 1 (Received): "03/04/2026 08:00" can be meant in two ways, and no row decides; say --dates dmy (day first) or --dates mdy`},
		{"contradiction", trace + "13/04/2026,scan@contoso.com,a@contoso.com,\n04/14/2026,scan@contoso.com,a@contoso.com,\n", `line 3, column 1 (Received): "04/14/2026" and "13/04/2026" of line 2 cannot both be right`},
		{"no such day", trace + "31/02/2026,scan@contoso.com,a@contoso.com,\n", "the calendar has no such day"},
		{"no such day", trace + "2026-02-30,scan@contoso.com,a@contoso.com,\n", `"2026-02-30" is no date`},
		{"two digits", trace + "03/14/26,scan@contoso.com,a@contoso.com,\n", `"03/14/26" is no date; expected`},
		{"month name", trace + "3 Nov 2026,scan@contoso.com,a@contoso.com,\n", "a text of 10 octets is no date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(strings.NewReader(tt.text), Options{Accepted: contoso})
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error is %v", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if len(err.Error()) > 400 {
				t.Errorf("the error has %d octets", len(err.Error()))
			}
		})
	}
}

// What is given and contradicts the file is an error too.
func TestGiven(t *testing.T) {
	t.Parallel()
	const trace = "Received,SenderAddress,RecipientAddress\n"
	tests := []struct {
		name, text string
		opts       Options
		want       string
	}{
		{"kind", trace, Options{Kind: "dkim"}, `"dkim" is no kind of export; expected smtp-auth or trace`},
		{"trace as report", trace, Options{Kind: SMTPAuth}, "the columns are those of a message trace"},
		{"report as trace", "Sender address,TLS 1.2\n", Options{Kind: Trace}, "the columns are those of the SMTP AUTH clients report"},
		{"no domains", trace, Options{}, "can only be read with the accepted domains"},
		{"dates", trace + "14/04/2026,a@contoso.com,b@contoso.com\n", Options{Accepted: contoso, Dates: MonthFirst}, `"14/04/2026" does not fit --dates mdy`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(strings.NewReader(tt.text), tt.opts)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		cells []string
		order DateOrder
		want  string
		utc   bool
	}{
		{"iso", []string{"2026-11-03T23:30:00.1234567Z", "2026-11-04 08:00"}, "", "2026-11-03..2026-11-04", true},
		{"iso offset", []string{"2026-11-03T23:30:00-05:00"}, "", "2026-11-04..2026-11-04", true},
		{"iso slashes", []string{"2026/11/03 8:15:00"}, "", "2026-11-03..2026-11-03", false},
		{"dots are day first", []string{"03.04.2026 08:15:00"}, "", "2026-04-03..2026-04-03", false},
		{"dots with dots in the time", []string{"3.4.2026 8.15.00"}, "", "2026-04-03..2026-04-03", false},
		{"a later row decides for dmy", []string{"03/04/2026 08:15", "25/04/2026"}, "", "2026-04-03..2026-04-25", false},
		{"a later row decides for mdy", []string{"3/4/2026 8:15:00 AM", "3/31/2026 8:15:00 p.m."}, "", "2026-03-04..2026-03-31", false},
		{"given dmy", []string{"03/04/2026"}, DayFirst, "2026-04-03..2026-04-03", false},
		{"given mdy", []string{"03-04-2026, 08:15"}, MonthFirst, "2026-03-04..2026-03-04", false},
		{"the same both ways", []string{"04/04/2026"}, "", "2026-04-04..2026-04-04", false},
		{"mixed", []string{"2026-04-03", "25/04/2026", "03/04/2026"}, "", "2026-04-03..2026-04-25", false},
		{"dots decide for slashes", []string{"03/04/2026", "03.04.2026"}, "", "2026-04-03..2026-04-03", false},
		{"none", []string{""}, "", "..", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := "Date,SenderAddress,RecipientAddress\n"
			for _, c := range tt.cells {
				text += `"` + c + `",a@contoso.com,b@contoso.com` + "\n"
			}
			rep, err := Read(strings.NewReader(text), Options{Accepted: contoso, Dates: tt.order})
			if err != nil {
				t.Fatal(err)
			}
			if got := rep.First + ".." + rep.Last; got != tt.want || rep.UTC != tt.utc {
				t.Errorf("got %s UTC %v, want %s UTC %v", got, rep.UTC, tt.want, tt.utc)
			}
		})
	}
}

// UTF-16 decodes as the standard library does it, halves of pairs included.
func TestUTF16(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOf(rapid.OneOf(rapid.Uint16(), rapid.Uint16Range(0xd800, 0xdfff))).Draw(t, "units")
		var data []byte
		for _, u := range units {
			data = append(data, byte(u>>8), byte(u))
		}
		got, err := io.ReadAll(&utf16Reader{r: bufio.NewReader(bytes.NewReader(data)), order: binary.BigEndian})
		if want := string(utf16.Decode(units)); err != nil || string(got) != want {
			t.Fatalf("%x: %q %v, want %q", units, got, err, want)
		}
	})
}

// A file that cannot be read to its end is no result.
func TestReadFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	data, err := os.ReadFile("testdata/trace-enhanced.csv")
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(data); n += 37 {
		rep, err := Read(io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(broken)), Options{Accepted: contoso})
		if !errors.Is(err, broken) || rep.Rows != 0 {
			t.Fatalf("after %d octets: %d rows, %v", n, rep.Rows, err)
		}
	}
}

// The return path counts only where all rows agree.
func TestMailFrom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		paths []string
		want  string
	}{
		{[]string{"<>"}, "<>"},
		{[]string{"<scan@contoso.com>"}, ""},
		{[]string{"bounce+x=y@em.contoso.com", "bounce+z=y@EM.contoso.com"}, "em.contoso.com"},
		{[]string{"a@one.example", "a@two.example"}, ""},
		{[]string{"<>", "a@two.example"}, ""},
		{[]string{"", "a@two.example"}, "two.example"},
		{[]string{"nonsense"}, ""},
	} {
		text := "SenderAddress,return_path\n"
		for _, p := range tt.paths {
			text += "scan@contoso.com," + p + "\n"
		}
		rep, err := Read(strings.NewReader(text), Options{Accepted: contoso})
		if err != nil || len(rep.Found) != 1 {
			t.Fatal(rep.Found, err)
		}
		if got := Suggest(rep.Found, nil)[0].MailFrom; got != tt.want {
			t.Errorf("%q: %q, want %q", tt.paths, got, tt.want)
		}
	}
}
