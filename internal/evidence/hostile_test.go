package evidence

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

var deviceName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// checkReport holds what is true of every result.
func checkReport(t interface{ Errorf(string, ...any) }, rep Report) {
	sum := 0
	for _, f := range rep.Found {
		sum += f.Messages
		if rep.Kind == Trace && (f.Messages < 1 || f.PerDay > f.Messages || f.Days > rep.Days || f.First > f.Last) {
			t.Errorf("impossible: %+v", f)
		}
		if !utf8.ValidString(f.Connector) || len(f.Connector) > maxName || printable(f.Connector) != f.Connector {
			t.Errorf("connector %q", f.Connector)
		}
	}
	for _, s := range rep.Skipped {
		sum += s.Rows
		if s.Line < 2 || s.Rows < 1 {
			t.Errorf("skipped %+v", s)
		}
	}
	if rep.Kind == Trace && sum > rep.Rows {
		t.Errorf("%d rows became %d messages", rep.Rows, sum)
	}
	seen := map[string]bool{}
	for _, s := range Suggest(rep.Found, []string{"scan"}) {
		if seen[s.Name] || s.Name == "scan" || !deviceName.MatchString(s.Name) {
			t.Errorf("name %q", s.Name)
		}
		seen[s.Name] = true
		if _, ok := parseAddress([]byte(s.From)); !ok || s.Why[0] == "" || s.Confidence == "" || s.Method == "" {
			t.Errorf("%+v", s)
		}
		if strings.ContainsAny(strings.Join(s.Why, ""), "\x00\x1b\n\r\u202e") {
			t.Errorf("unsafe: %q", s.Why)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "")
	}
	f.Add([]byte("Received,SenderAddress,RecipientAddress\n03/04/2026,a@contoso.com,b@x.example\n"), "dmy")
	f.Add([]byte("sep=|\nSender|TLS 1.0\na@contoso.com|\"1\"\n"), "mdy")
	f.Fuzz(func(t *testing.T, data []byte, order string) {
		opts := Options{Accepted: []dns.Name{"contoso.com", "nordwind.example"}, Dates: DateOrder(order)}
		if opts.Dates != DayFirst && opts.Dates != MonthFirst {
			opts.Dates = ""
		}
		rep, err := Read(bytes.NewReader(data), opts)
		again, errAgain := Read(iotest.OneByteReader(bytes.NewReader(data)), opts)
		if fmt.Sprint(err) != fmt.Sprint(errAgain) || fmt.Sprintf("%+v", rep) != fmt.Sprintf("%+v", again) {
			t.Errorf("read in one go and octet by octet differ:\n%+v %v\n%+v %v", rep, err, again, errAgain)
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Line < 0 || len(e.Error()) > 1000 || !utf8.ValidString(e.Error()) || strings.ContainsAny(e.Error(), "\x00\x1b\n") {
				t.Errorf("error %q", err)
			}
			return
		}
		checkReport(t, rep)
	})
}

// Where encoding/csv accepts a file that is within our bounds, the cells are the same.
func FuzzScanner(f *testing.F) {
	f.Add("a,b\n\"c\"\"d\",\"e\nf\"\n\n,\n")
	f.Add("\"\"\n\"\"\"\"")
	f.Add("a" + strings.Repeat(",", maxColumns) + "b")
	f.Add(strings.Repeat(",", maxColumns) + "\nb")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\x00") { // encoding/csv changes and accepts these
			t.Skip()
		}
		s := scanner{r: bufio.NewReader(strings.NewReader(text)), sep: ',', line: 1}
		std := csv.NewReader(strings.NewReader(text))
		std.FieldsPerRecord = -1
		for {
			want, errWant := std.Read()
			wide := len(want) > maxColumns
			for errWant == nil && !slices.ContainsFunc(want, func(c string) bool { return c != "" }) {
				want, errWant = std.Read() // a row without text is blank here
				wide = wide || len(want) > maxColumns
			}
			if errWant != nil && errWant != io.EOF {
				return // a bare quote: stricter than we are
			}
			got, err := s.next()
			if wide {
				if err == nil {
					t.Fatalf("%q: a row of more than %d cells is taken", text, maxColumns)
				}
				return
			}
			if err != errWant {
				t.Fatalf("%q: %v, encoding/csv %v", text, err, errWant)
			}
			if err != nil {
				return
			}
			cells := make([]string, got.len())
			for i := range cells {
				cells[i] = string(got.cell(i))
			}
			if line, _ := std.FieldPos(0); !slices.Equal(cells, want) || got.line != line {
				t.Fatalf("%q: line %d %q, encoding/csv line %d %q", text, got.line, cells, line, want)
			}
		}
	})
}

// Files made at random are read as a model counts them, whatever their form.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type key struct{ sender, addr, connector string }
		sep := rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "separator")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = sep
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		columns := rapid.Permutation([]string{"origin_timestamp_utc", "sender_address", "Recipient_status", "message_subject", "original_client_ip", "directionality", "connector_id", "network_message_id"}).Draw(t, "columns")
		_ = w.Write(columns)
		messages := map[key]int{}
		outside := map[key]map[string]bool{}
		for i := range rapid.IntRange(1, 40).Draw(t, "rows") {
			k := key{
				sender:    rapid.SampledFrom([]string{"scan@contoso.com", "erp@contoso.com"}).Draw(t, "sender"),
				addr:      rapid.SampledFrom([]string{"203.0.113.10", "2001:db8::1"}).Draw(t, "address"),
				connector: rapid.SampledFrom([]string{"", "HQ", "=1+1", `quo"te; x,y`}).Draw(t, "connector"),
			}
			to := rapid.SliceOfN(rapid.SampledFrom([]string{"Leak.a@contoso.com", "leak.b@one.example", "leak.c@one.example", "leak.d@two.example"}), 1, 3).Draw(t, "recipients")
			messages[k]++
			if outside[k] == nil {
				outside[k] = map[string]bool{}
			}
			cells := map[string]string{
				"origin_timestamp_utc": fmt.Sprintf("2026-11-%02dT08:00:00Z", 1+i%5), "sender_address": k.sender, "original_client_ip": k.addr, "directionality": "1",
				"connector_id": k.connector, "network_message_id": fmt.Sprint(i), "Recipient_status": strings.Join(to, "##Receive, Deliver;") + "##Receive, Fail",
				"message_subject": rapid.SampledFrom([]string{"leak", "leak \"x\"", "leak;,\t|", "leak\nleak", "=leak()"}).Draw(t, "subject"),
			}
			for _, r := range to {
				if !strings.HasSuffix(r, "@contoso.com") {
					outside[k][r] = true
				}
			}
			var record []string
			for _, c := range columns {
				record = append(record, cells[c])
			}
			_ = w.Write(record)
		}
		w.Flush()
		rep, err := Read(strings.NewReader(b.String()), Options{Accepted: contoso})
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		checkReport(t, rep)
		if len(rep.Found) != len(messages) {
			t.Fatalf("%d found, want %d", len(rep.Found), len(messages))
		}
		for _, f := range rep.Found {
			k := key{f.Sender, f.Address.String(), f.Connector}
			want := map[int]Scope{0: ScopeInternal, 1: ScopeOneExternal, 2: ScopeOneDomain, 3: ScopeAnyone}[len(outside[k])]
			if len(outside[k]) == 2 && outside[k]["leak.d@two.example"] {
				want = ScopeAnyone
			}
			if f.Messages != messages[k] || f.Recipients != want {
				t.Errorf("%v: %d to %s, want %d to %s", k, f.Messages, f.Recipients, messages[k], want)
			}
		}
		if out, _ := json.Marshal([]any{rep, Suggest(rep.Found, nil)}); strings.Contains(strings.ToLower(string(out)), "leak") {
			t.Errorf("a recipient or a subject is in %s", out)
		}
	})
}

// Cells that attack what shows or opens them stay text or are left out.
func TestHostileCells(t *testing.T) {
	t.Parallel()
	text := "origin_timestamp,sender_address,recipient_status,original_client_ip,directionality,connector_id\n"
	for _, sender := range []string{"=cmd@contoso.com", "+1@contoso.com", "@contoso.com", "\"a b\"@contoso.com", "a\x1b[31m@contoso.com", "a@contoso.com\u202e", "a@b@contoso.com", "\xff@contoso.com",
		strings.Repeat("x", 65) + "@contoso.com", "0123@contoso.com", "true@contoso.com", "../../etc@contoso.com", "a..b@contoso.com"} {
		text += "2026-11-03,\"" + strings.ReplaceAll(sender, `"`, `""`) + "\",x@contoso.com,203.0.113.1%evil,1,\"\x1b]0;title\x07HQ\u202e\"\n"
	}
	rep, err := Read(strings.NewReader(text), Options{Accepted: contoso})
	if err != nil {
		t.Fatal(err)
	}
	checkReport(t, rep)
	var got []string
	for _, s := range Suggest(rep.Found, []string{"Device-0123"}) {
		got = append(got, s.Name+" "+s.From)
		if s.Address.IsValid() || s.Connector != "\ufffd]0;title\ufffdHQ\ufffd" {
			t.Errorf("%+v", s)
		}
	}
	want := "device-1 +1@contoso.com, device-0123-2 0123@contoso.com, device-true true@contoso.com"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// generated is a trace of any length that takes no memory.
type generated struct {
	head string
	row  func(i int) string
	rows int
	next int
	rest string
}

func (g *generated) Read(p []byte) (int, error) {
	if g.rest == "" {
		if g.next > g.rows {
			return 0, io.EOF
		}
		if g.rest = g.head; g.next > 0 {
			g.rest = g.row(g.next)
		}
		g.next++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

const enhanced = "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality,connector_id,delivery_priority\r\n"

// enhancedRows are rows of a company with devices, users and strangers.
func enhancedRows(rows int) *generated {
	return &generated{head: enhanced, rows: rows, row: func(i int) string {
		sender := fmt.Sprintf("device%d@contoso.com", i%200)
		if i%3 == 0 {
			sender = fmt.Sprintf("stranger%d@fabrikam.example", i)
		}
		return fmt.Sprintf("2026-11-%02dT08:15:%02d.1234567Z,%s,someone%d@contoso.com##Receive; Deliver,\"A subject, of some length\",48213,<%d@device.contoso.com>,%032x,203.0.113.%d,1,Devices HQ,Normal\r\n",
			1+i%20, i%60, sender, i%5000, i, i, i%200)
	}}
}

func BenchmarkTrace(b *testing.B) {
	const rows = 100_000
	var text bytes.Buffer
	if _, err := text.ReadFrom(enhancedRows(rows)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		rep, err := Read(bytes.NewReader(text.Bytes()), Options{Accepted: contoso})
		if err != nil || rep.Rows != rows || len(rep.Found) != 200 {
			b.Fatal(rep.Rows, len(rep.Found), err)
		}
	}
}

// live is how much memory is in use, after a collection.
func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The memory goes with the messages of own senders, not with the file: long
// rows and strangers cost nothing, and a message some 200 octets.
func TestMemory(t *testing.T) { // not parallel: it looks at the heap
	long := strings.Repeat("x", 2000)
	for _, tt := range []struct {
		name, domain string
		most         int64
	}{
		{"strangers", "fabrikam.example", 1 << 20},
		{"own", "contoso.com", 5_000*300 + 1<<20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const rows = 5_000
			before, during := live(), int64(0)
			file := &generated{head: enhanced, rows: rows, row: func(i int) string {
				if i == rows {
					during = live()
				}
				return fmt.Sprintf("2026-11-03T08:15:00Z,device%d@%s,a@contoso.com##Receive,%s,1,<%d>,%d,203.0.113.1,1,,Normal\r\n", i%50, tt.domain, long, i, i)
			}}
			rep, err := Read(file, Options{Accepted: contoso})
			if err != nil || rep.Rows != rows {
				t.Fatal(rep.Rows, err)
			}
			t.Logf("%d octets in use", during-before)
			if during-before > tt.most {
				t.Errorf("%d octets are in use, at most %d are expected", during-before, tt.most)
			}
		})
	}
}

func TestTooManyRows(t *testing.T) {
	t.Parallel()
	table, err := open(bufio.NewReader(strings.NewReader("SenderAddress,RecipientAddress\n" + strings.Repeat("a@contoso.com,c@d.example\n", 11))))
	if err != nil {
		t.Fatal(err)
	}
	in := newReading(table, Options{Accepted: contoso})
	if in.most != maxRows {
		t.Errorf("%d rows are allowed", in.most)
	}
	in.most = 10
	_, err = in.trace()
	if want := "line 12: the file has more than 10 rows; export a shorter time"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
