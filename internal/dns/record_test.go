package dns

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestRecorder(t *testing.T) {
	t.Parallel()
	z := mustZones(t, "e."+soa+"a.e. TXT x\nb.e. CNAME a.e.\n;! servfail c.e TXT\n")
	rec := NewRecorder(z)
	asked := []Key{{"a.e", TypeTXT}, {"b.e", TypeTXT}, {"c.e", TypeTXT}, {"d.e", TypeA}, {"a.e", TypeA}}
	var wg sync.WaitGroup
	for range 4 {
		for _, k := range asked {
			wg.Go(func() { _, _ = rec.Lookup(context.Background(), k.Name, k.Type) })
		}
	}
	wg.Wait()
	replay := rec.Replay()
	for _, k := range asked {
		a, aerr := z.Lookup(t.Context(), k.Name, k.Type)
		b, berr := replay.Lookup(t.Context(), k.Name, k.Type)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(aerr, berr) {
			t.Errorf("%s: got %v, %v, want %v, %v", k, b, berr, a, aerr)
		}
	}
	if got := ask(t, replay, "a.e", TypeMX); got != "error not asked" {
		t.Error(got)
	}
	if got := fmt.Sprint(replay.Questions()); got != "[A a.e TXT a.e TXT b.e TXT c.e A d.e]" {
		t.Error(got)
	}
}

type alwaysFails Cause

func (c alwaysFails) Lookup(_ context.Context, n Name, t Type) (Answer, error) {
	return Answer{}, &Error{Key: Key{n, t}, Cause: Cause(c)}
}

// What was given up was not found out; the next run shall ask it.
func TestRecorderKeepsNoGivenUpQuestion(t *testing.T) {
	t.Parallel()
	for cause := ServFail; cause <= Lame; cause++ {
		rec := NewRecorder(alwaysFails(cause))
		_, _ = rec.Lookup(t.Context(), "a.e", TypeA)
		want := 1
		if cause == Canceled || cause == NotAsked {
			want = 0
		}
		if got := len(rec.Replay().Questions()); got != want {
			t.Errorf("%s: %d outcomes, want %d", cause, got, want)
		}
	}
}

const recordingExample = `{
  "schema": 1,
  "tool": "sendplan",
  "date": "2026-02-03",
  "meta": {
    "command": "check e"
  },
  "questions": [
    {
      "name": "a.e",
      "type": "A",
      "answer": {
        "exists": true,
        "secure": false,
        "negative": "e. 300 IN SOA ns.test. root.test. 1 7200 3600 1209600 300",
        "server": "zone"
      }
    },
    {
      "name": "b.e",
      "type": "TXT",
      "answer": {
        "chain": [
          "b.e. 3600 IN CNAME a.e."
        ],
        "records": [
          "a.e. 3600 IN TXT \"<x>\" \"\\\"\\000\""
        ],
        "exists": true,
        "secure": false,
        "server": "zone"
      }
    },
    {
      "name": "c.e",
      "type": "TXT",
      "error": {
        "cause": "SERVFAIL",
        "server": "zone",
        "detail": "planned fault"
      }
    }
  ]
}
`

func TestRecordingFile(t *testing.T) {
	t.Parallel()
	rec := NewRecorder(mustZones(t, "e."+soa+`a.e. TXT "<x>" "\"\000"`+"\nb.e. CNAME a.e.\n;! servfail c.e TXT\n"))
	for _, k := range []Key{{"c.e", TypeTXT}, {"b.e", TypeTXT}, {"a.e", TypeA}} {
		_, _ = rec.Lookup(t.Context(), k.Name, k.Type)
	}
	replay := rec.Replay()
	replay.Date, replay.Meta = "2026-02-03", map[string]string{"command": "check e"}
	var buf bytes.Buffer
	n, err := replay.WriteTo(&buf)
	if err != nil || n != int64(buf.Len()) {
		t.Fatal(n, err)
	}
	if buf.String() != recordingExample {
		t.Errorf("got %s\nwant %s", buf.String(), recordingExample)
	}
	back, err := ReadRecording(&buf)
	if err != nil || !reflect.DeepEqual(back, replay) {
		t.Errorf("got %+v, %v\nwant %+v", back, err, replay)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestReadRecordingErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ old, new, want string }{
		"no JSON":            {"{", "", "not a recording"},
		"more after the end": {"\n}\n", "\n}\n{}", "not a recording"},
		"another schema":     {`"schema": 1`, `"schema": 2`, `recording of tool "sendplan" with schema 2: expected "sendplan" with schema 1`},
		"another tool":       {`"sendplan"`, `"dig"`, `recording of tool "dig"`},
		"an unknown field":   {`"secure"`, `"secured"`, `recording: json: unknown field "secured"`},
		"a bad date":         {"2026-02-03", "2026-02-30", `recording: date "2026-02-30": expected YYYY-MM-DD`},
		"a bad name":         {`"a.e"`, `"a..e"`, `recording, question 1: domain name "a..e" has an empty label`},
		"a name not ours":    {`"a.e"`, `"A.e."`, `recording, question 1: name "A.e.": expected "a.e"`},
		"an unknown type":    {`"A"`, `"SPF"`, `recording, question 1: type "SPF" of a.e is unknown`},
		"a type's number":    {`"A"`, `"TYPE1"`, `recording, question 1: type "TYPE1" of a.e is unknown`},
		"an unknown cause":   {"SERVFAIL", "broken", `recording, question 3 (TXT c.e): cause "broken" is unknown`},
		"answer and error":   {`"error": {`, `"answer": {"exists": true, "secure": true}, "error": {`, "recording, question 3 (TXT c.e): expected either an answer or an error"},
		"neither":            {`"error": {`, `"error": null, "answer": null}, {"name": "d.e", "type": "TXT", "error": {`, "recording, question 3 (TXT c.e): expected either"},
		"asked twice":        {`"name": "c.e"`, `"name": "b.e"`, "recording, question 3: TXT b.e is there twice"},
		"no record":          {"IN CNAME a.e.", "IN", `recording, question 2 (TXT b.e): "b.e. 3600 IN" is no record`},
		"a directive":        {"b.e. 3600 IN CNAME a.e.", "$INCLUDE /etc/passwd", `is no record`},
		"two records":        {"IN CNAME a.e.", `IN CNAME a.e.\nb.e. 3600 IN CNAME a.e.`, `recording, question 2 (TXT b.e): record "b.e. 3600 IN CNAME a.e.\nb.e`},
		"another spelling":   {"IN CNAME", "in cname", "expected"},
		"a string too long":  {"<x>", strings.Repeat("x", 256), "expected"},
		"not a chain":        {"b.e. 3600 IN CNAME", "x.e. 3600 IN CNAME", "is no link of a chain from b.e"},
		"chain of others":    {"IN CNAME a.e.", "IN PTR a.e.", "is no link of a chain from b.e"},
		"wrong owner":        {"a.e. 3600 IN TXT", "x.e. 3600 IN TXT", "is no TXT record of a.e"},
		"no SOA":             {"SOA ns.test. root.test. 1 7200 3600 1209600 300", "NS a.", "is no SOA record"},
		"records of nobody":  {"],\n        \"exists\": true", "],\n        \"exists\": false", "is said not to exist"},
		"a bad escape":       {"planned fault", `\\999`, `escape \999 is no octet`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(recordingExample, tt.old, tt.new, 1)
			if _, err := ReadRecording(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := ReadRecording(endless{}); err == nil || !strings.Contains(err.Error(), "more than 67108864 octets") {
		t.Error(err)
	}
	broken := errors.New("broken disk")
	if _, err := ReadRecording(io.MultiReader(strings.NewReader("{"), brokenReader{broken})); !errors.Is(err, broken) {
		t.Error(err)
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

// drawName draws names of any octets, such as come from the wire.
func drawName(t *rapid.T, label string) Name {
	n := Root
	for _, l := range rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 12), 0, 4).Draw(t, label) {
		child, err := n.Child(escapeLabel(string(l)))
		if err != nil {
			t.Fatal(err)
		}
		n = child
	}
	return n
}

func drawText(t *rapid.T, label string, most int) string {
	return string(rapid.SliceOfN(rapid.Byte(), 0, most).Draw(t, label))
}

func drawData(t *rapid.T, typ Type) Data {
	u8, u16, u32 := rapid.Uint8(), rapid.Uint16(), rapid.Uint32()
	switch typ {
	case TypeA:
		return Addr{netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "ip4")))}
	case TypeAAAA:
		return Addr{netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "ip6")))}
	case TypeTXT:
		var strs []string
		for range rapid.IntRange(1, 4).Draw(t, "strings") {
			strs = append(strs, drawText(t, "string", 255))
		}
		return NewTXT(strs...)
	case TypeMX:
		return MX{u16.Draw(t, "preference"), drawName(t, "host")}
	case TypeNS:
		return NS{drawName(t, "host")}
	case TypePTR:
		return PTR{drawName(t, "target")}
	case TypeSOA:
		return SOA{drawName(t, "mname"), drawName(t, "rname"), u32.Draw(t, "serial"), 1, 2, 3, u32.Draw(t, "minimum")}
	case TypeSRV:
		return SRV{u16.Draw(t, "priority"), 1, 2, drawName(t, "target")}
	case TypeTLSA:
		return TLSA{u8.Draw(t, "usage"), 1, 1, fmt.Sprintf("%x", rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "association"))}
	case TypeCAA:
		return CAA{u8.Draw(t, "flags"), "issue", drawText(t, "value", 255)}
	}
	return CNAME{drawName(t, "target")}
}

var dataTypes = []Type{TypeA, TypeAAAA, TypeTXT, TypeMX, TypeNS, TypePTR, TypeSOA, TypeSRV, TypeTLSA, TypeCAA, TypeCNAME}

func drawAnswer(t *rapid.T, k Key) Answer {
	if rapid.IntRange(0, 3).Draw(t, "refers") == 0 {
		return Answer{Exists: true, Referral: []Record{
			{k.Name.Parent(), 1, drawData(t, TypeNS)}, {k.Name.Parent(), 1, drawData(t, TypeNS)}, {drawName(t, "host"), 1, drawData(t, TypeA)},
		}}
	}
	a := Answer{Secure: rapid.Bool().Draw(t, "secure"), Server: drawText(t, "server", 9), Exists: rapid.Bool().Draw(t, "exists")}
	if k.Type != TypeCNAME {
		for range rapid.IntRange(0, 2).Draw(t, "links") {
			a.Chain = append(a.Chain, Record{a.Target(k.Name), 1, CNAME{drawName(t, "alias")}})
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "records") {
		a.Exists = true
		a.Records = append(a.Records, Record{a.Target(k.Name), rapid.Uint32().Draw(t, "ttl"), drawData(t, k.Type)})
	}
	if rapid.Bool().Draw(t, "negative") {
		a.Negative = &Record{"e", 5, drawData(t, TypeSOA)}
	}
	return a
}

func TestRecordingRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		replay := &Replay{outcomes: map[Question]result{}}
		for range rapid.IntRange(0, 3).Draw(t, "questions") {
			k := Key{drawName(t, "name"), rapid.SampledFrom(dataTypes).Draw(t, "type")}
			source := rapid.SampledFrom([]Source{Given, Trusted, "192.0.2.1:53", "[2001:db8::1]:53"}).Draw(t, "source")
			replay.outcomes[Question{source, k}] = result{answer: drawAnswer(t, k)}
			if rapid.Bool().Draw(t, "fails") {
				k.Type = 43
				cause := Cause(rapid.IntRange(int(ServFail), int(Lame)).Draw(t, "cause"))
				replay.outcomes[Question{source, k}] = result{failure: &Error{k, cause, drawText(t, "server", 9), drawText(t, "detail", 99)}}
			}
		}
		var first, second bytes.Buffer
		if _, err := replay.WriteTo(&first); err != nil {
			t.Fatal(err)
		}
		text := first.String()
		back, err := ReadRecording(&first)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if !reflect.DeepEqual(back.outcomes, replay.outcomes) {
			t.Fatalf("got %v, want %v", back.outcomes, replay.outcomes)
		}
		if _, err := back.WriteTo(&second); err != nil || second.String() != text {
			t.Fatalf("written again: %v %s, want %s", err, second.String(), text)
		}
	})
}

func FuzzReadRecording(f *testing.F) {
	f.Add([]byte(recordingExample))
	f.Add([]byte(`{"schema":1,"tool":"sendplan","questions":[{"name":".","type":"TYPE9","error":{"cause":"timeout"}}]}`))
	f.Add([]byte(`{"schema":1,"tool":"sendplan","questions":[{"name":"a","type":"A","answer":{"records":["$GENERATE 1-9 a. 1 IN A 192.0.2.$"],"exists":true}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ReadRecording(bytes.NewReader(text))
		if err != nil {
			return
		}
		for _, q := range p.Questions() {
			if a, err := p.Ask(t.Context(), q); err == nil {
				a.Target(q.Key.Name)
			}
		}
		var first, second bytes.Buffer
		if _, err := p.WriteTo(&first); err != nil {
			t.Fatal(err)
		}
		once := first.String()
		back, err := ReadRecording(&first)
		if err != nil {
			t.Fatalf("%v in %s", err, once)
		}
		if _, err := back.WriteTo(&second); err != nil || second.String() != once {
			t.Fatalf("%v: %s became %s", err, once, second.String())
		}
	})
}

func BenchmarkReadRecording(b *testing.B) {
	rec := NewRecorder(mustZones(b, "e."+soa+"*.e. TXT \"v=spf1 include:spf.protection.outlook.com -all\"\n"))
	for i := range 500 {
		_, _ = rec.Lookup(b.Context(), Name(fmt.Sprintf("h%d.e", i)), TypeTXT)
	}
	var buf bytes.Buffer
	if _, err := rec.Replay().WriteTo(&buf); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if _, err := ReadRecording(bytes.NewReader(buf.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
