package dns

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	mdns "github.com/miekg/dns"
)

const (
	recordingSchema = 1
	recordingTool   = "sendplan"
	// maxRecording bounds the file that ReadRecording takes, in octets.
	maxRecording = 64 << 20
)

// recordingFile is the JSON form of a Replay. Records are lines of a zone file
// exactly as Record.String prints them, so nothing of a record is lost; detail
// and server are escaped like character-strings, because they may hold octets
// that JSON cannot.
type recordingFile struct {
	Schema    int               `json:"schema"`
	Tool      string            `json:"tool"`
	Date      string            `json:"date,omitempty"`
	Meta      map[string]string `json:"meta,omitempty"`
	Questions []questionFile    `json:"questions"`
}

type questionFile struct {
	Source string      `json:"source,omitempty"` // who was asked, if not the given resolver
	Name   string      `json:"name"`
	Type   string      `json:"type"`
	Answer *answerFile `json:"answer,omitempty"`
	Error  *errorFile  `json:"error,omitempty"`
}

type answerFile struct {
	Chain    []string `json:"chain,omitempty"`
	Records  []string `json:"records,omitempty"`
	Exists   bool     `json:"exists"`
	Secure   bool     `json:"secure"`
	Negative string   `json:"negative,omitempty"`
	Referral []string `json:"referral,omitempty"`
	Server   string   `json:"server,omitempty"`
}

type errorFile struct {
	Cause  string `json:"cause"`
	Server string `json:"server,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// WriteTo writes the recording as JSON. The same questions and outcomes give
// the same octets.
func (p *Replay) WriteTo(w io.Writer) (int64, error) {
	f := recordingFile{Schema: recordingSchema, Tool: recordingTool, Date: p.Date, Meta: p.Meta, Questions: []questionFile{}}
	for _, asked := range p.Questions() {
		q := questionFile{Source: string(asked.Source), Name: asked.Key.Name.String(), Type: asked.Key.Type.String()}
		if o := p.outcomes[asked]; o.failure != nil {
			q.Error = &errorFile{o.failure.Cause.String(), escapeString(o.failure.Server), escapeString(o.failure.Detail)}
		} else {
			q.Answer = answerLines(o.answer)
		}
		f.Questions = append(f.Questions, q)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(f); err != nil {
		return 0, err
	}
	return buf.WriteTo(w)
}

func answerLines(a Answer) *answerFile {
	f := &answerFile{Chain: lines(a.Chain), Records: lines(a.Records), Exists: a.Exists, Secure: a.Secure, Server: escapeString(a.Server), Referral: lines(a.Referral)}
	if a.Negative != nil {
		f.Negative = a.Negative.String()
	}
	return f
}

func lines(records []Record) []string {
	var s []string
	for _, r := range records {
		s = append(s, r.String())
	}
	return s
}

// ReadRecording reads what [Replay.WriteTo] wrote. It refuses what that cannot
// have written, such as unknown fields, a question that is there twice, or an
// answer that does not answer its question.
func ReadRecording(r io.Reader) (*Replay, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxRecording+1))
	if err != nil {
		return nil, fmt.Errorf("reading the recording: %w", err)
	}
	if len(text) > maxRecording {
		return nil, fmt.Errorf("recording of more than %d octets", maxRecording)
	}
	f, err := decodeRecording(text)
	if err != nil {
		return nil, err
	}
	p := &Replay{Date: f.Date, Meta: f.Meta, outcomes: make(map[Question]result, len(f.Questions))}
	for i, q := range f.Questions {
		k, err := q.question()
		if err != nil {
			return nil, fmt.Errorf("recording, question %d: %w", i+1, err)
		}
		if _, twice := p.outcomes[k]; twice {
			return nil, fmt.Errorf("recording, question %d: %s is there twice", i+1, k)
		}
		if p.outcomes[k], err = q.result(k.Key); err != nil {
			return nil, fmt.Errorf("recording, question %d (%s): %w", i+1, k, err)
		}
	}
	return p, nil
}

func decodeRecording(text []byte) (recordingFile, error) {
	var head struct {
		Schema int    `json:"schema"`
		Tool   string `json:"tool"`
	}
	// A file of another version may hold anything, so its number comes first.
	if err := json.Unmarshal(text, &head); err != nil {
		return recordingFile{}, fmt.Errorf("not a recording: %w", err)
	}
	if head.Tool != recordingTool || head.Schema != recordingSchema {
		return recordingFile{}, fmt.Errorf("recording of tool %q with schema %d: expected %q with schema %d", head.Tool, head.Schema, recordingTool, recordingSchema)
	}
	var f recordingFile
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, fmt.Errorf("recording: %w", err)
	}
	if _, err := time.Parse(time.DateOnly, f.Date); f.Date != "" && err != nil {
		return f, fmt.Errorf("recording: date %q: expected YYYY-MM-DD", f.Date)
	}
	return f, nil
}

func (q questionFile) question() (Question, error) {
	source, err := parseSource(q.Source)
	if err != nil {
		return Question{}, err
	}
	k, err := q.key()
	return Question{source, k}, err
}

func (q questionFile) key() (Key, error) {
	n, err := nameFromWire(q.Name)
	if err != nil {
		return Key{}, err
	}
	if n.String() != q.Name {
		return Key{}, fmt.Errorf("name %q: expected %q", q.Name, n)
	}
	t, ok := ParseType(q.Type)
	if !ok {
		v, err := strconv.ParseUint(strings.TrimPrefix(q.Type, "TYPE"), 10, 16)
		if t = Type(v); err != nil || t.String() != q.Type {
			return Key{}, fmt.Errorf("type %q of %s is unknown", q.Type, n)
		}
	}
	return Key{n, t}, nil
}

func (q questionFile) result(k Key) (result, error) {
	switch {
	case (q.Answer == nil) == (q.Error == nil):
		return result{}, errors.New("expected either an answer or an error")
	case q.Error != nil:
		e, err := q.Error.failure(k)
		return result{failure: e}, err
	}
	a, err := q.Answer.answer()
	if err != nil {
		return result{}, err
	}
	return result{answer: a}, checkAnswer(k, a)
}

func (f errorFile) failure(k Key) (*Error, error) {
	cause, ok := ParseCause(f.Cause)
	if !ok {
		return nil, fmt.Errorf("cause %q is unknown", f.Cause)
	}
	server, err := unescape(f.Server)
	if err != nil {
		return nil, err
	}
	detail, err := unescape(f.Detail)
	return &Error{Key: k, Cause: cause, Server: server, Detail: detail}, err
}

func (f answerFile) answer() (a Answer, err error) {
	a.Exists, a.Secure = f.Exists, f.Secure
	if a.Chain, err = recordsFrom(f.Chain); err != nil {
		return a, err
	}
	if a.Records, err = recordsFrom(f.Records); err != nil {
		return a, err
	}
	if a.Referral, err = recordsFrom(f.Referral); err != nil {
		return a, err
	}
	if f.Negative != "" {
		soa, err := recordFrom(f.Negative)
		if err != nil {
			return a, err
		}
		a.Negative = &soa
	}
	a.Server, err = unescape(f.Server)
	return a, err
}

// checkAnswer refuses answers that no resolver gives, so that nobody who is
// handed a recording must reckon with them.
func checkAnswer(k Key, a Answer) error {
	at := k.Name
	for _, r := range a.Chain {
		alias, ok := r.Data.(CNAME)
		if !ok || r.Name != at || k.Type == TypeCNAME {
			return fmt.Errorf("%q is no link of a chain from %s", r, at)
		}
		at = alias.Target
	}
	if len(a.Referral) > 0 {
		return checkReferral(k, a)
	}
	if len(a.Chain) > maxChain {
		return fmt.Errorf("chain of %d links, at most %d are followed", len(a.Chain), maxChain)
	}
	for _, r := range a.Records {
		if r.Name != at || r.Data.Type() != k.Type {
			return fmt.Errorf("%q is no %s record of %s", r, k.Type, at)
		}
	}
	if len(a.Records) > 0 && !a.Exists {
		return fmt.Errorf("%s has records, but is said not to exist", at)
	}
	if a.Negative != nil && a.Negative.Data.Type() != TypeSOA {
		return fmt.Errorf("%q is no SOA record", a.Negative)
	}
	return nil
}

// checkReferral refuses what is no reference to the servers of one zone that
// holds the name.
func checkReferral(k Key, a Answer) error {
	if len(a.Chain)+len(a.Records) > 0 || a.Negative != nil || !a.Exists {
		return errors.New("it refers to others and answers as well")
	}
	zone := a.Referral[0].Name
	for _, r := range a.Referral {
		_, address := r.Data.(Addr)
		if r.Data.Type() != TypeNS && !address || !address && (r.Name != zone || !k.Name.Below(zone)) {
			return fmt.Errorf("%q refers nobody to the servers of %s", r, k.Name)
		}
	}
	if a.Referral[0].Data.Type() != TypeNS {
		return fmt.Errorf("%q comes before the names of the servers", a.Referral[0])
	}
	return nil
}

func recordsFrom(lines []string) ([]Record, error) {
	var records []Record
	for _, line := range lines {
		r, err := recordFrom(line)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// recordFrom reads a line that [Record.String] wrote, and no other: directives,
// comments and other spellings of the same record are refused.
func recordFrom(line string) (Record, error) {
	rr, ok := mdns.NewZoneParser(strings.NewReader(line+"\n"), "", "").Next()
	if !ok {
		return Record{}, fmt.Errorf("%q is no record", line)
	}
	r, err := fromText(rr)
	if err != nil {
		return Record{}, err
	}
	if s := r.String(); s != line {
		return Record{}, fmt.Errorf("record %q: expected %q", line, s)
	}
	return r, nil
}
