package zone

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"sendplan/internal/dns"
)

// jsonBatch is a batch as JSON, schema 1. Fields may be added to a schema; none
// is taken away or changes its meaning.
type jsonBatch struct {
	Schema  int          `json:"schema"`
	Zone    string       `json:"zone"`
	Stage   string       `json:"stage"`
	Date    string       `json:"date,omitempty"` // of the plan, YYYY-MM-DD
	Changes []jsonChange `json:"changes"`
	Held    []jsonHeld   `json:"held"` // changes that are not in here
}

type jsonChange struct {
	Name string       `json:"name"` // absolute, without its final dot
	Type string       `json:"type"`
	Old  []jsonRecord `json:"old"` // the whole set; empty: it is new
	New  []jsonRecord `json:"new"` // the whole set; empty: it goes
	Why  []string     `json:"why"`
}

// jsonRecord is one record. Data says everything; the other fields are the same
// in parts, for the types that mail is about.
type jsonRecord struct {
	TTL        uint32   `json:"ttl"`
	Data       string   `json:"data"`                 // as in a zone file
	Strings    []string `json:"strings,omitempty"`    // of TXT, if they are UTF-8
	Target     string   `json:"target,omitempty"`     // of CNAME
	Preference *uint16  `json:"preference,omitempty"` // of MX
	Host       string   `json:"host,omitempty"`       // of MX
	Address    string   `json:"address,omitempty"`    // of A and AAAA
}

type jsonHeld struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Why  string `json:"why"`
}

const jsonSchema = 1

func writeJSON(w io.Writer, b Batch, o Options) error {
	out := jsonBatch{Schema: jsonSchema, Zone: b.Zone.String(), Stage: b.Stage, Changes: []jsonChange{}, Held: []jsonHeld{}}
	if !o.Date.IsZero() {
		out.Date = o.Date.Format("2006-01-02")
	}
	for _, c := range b.Changes {
		out.Changes = append(out.Changes, jsonChange{c.Key.Name.String(), c.Key.Type.String(), jsonRecords(c.Old), jsonRecords(c.New), append([]string{}, c.Why...)})
	}
	for _, h := range b.Held {
		out.Held = append(out.Held, jsonHeld{h.Key.Name.String(), h.Key.Type.String(), h.Why})
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, onlyASCII(string(text)))
	return err
}

// onlyASCII writes what a terminal may take for more than text as the escapes
// that JSON has for it (RFC 8259 §7).
func onlyASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x7f {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, "\\u%04x", unit)
		}
	}
	return b.String()
}

func jsonRecords(records []dns.Record) []jsonRecord {
	list := []jsonRecord{}
	for _, r := range records {
		list = append(list, jsonRecordOf(r))
	}
	return list
}

func jsonRecordOf(r dns.Record) jsonRecord {
	out := jsonRecord{TTL: r.TTL, Data: r.Data.String()}
	switch d := r.Data.(type) {
	case dns.TXT:
		if allUTF8(d.Strings()) {
			out.Strings = d.Strings()
		}
	case dns.CNAME:
		out.Target = d.Target.String()
	case dns.MX:
		out.Preference, out.Host = &d.Preference, d.Host.String()
	case dns.Addr:
		out.Address = d.IP.String()
	}
	return out
}

// allUTF8 reports whether all strings are UTF-8, each by itself.
func allUTF8(strs []string) bool {
	for _, s := range strs {
		if !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

func readJSON(text []byte, b Batch) ([]Set, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var in jsonBatch
	if err := d.Decode(&in); err != nil {
		return nil, err
	}
	if in.Schema != jsonSchema || in.Zone != b.Zone.String() {
		return nil, fmt.Errorf("schema %d, zone %q", in.Schema, in.Zone)
	}
	var sets []Set
	for _, c := range in.Changes {
		s, err := c.set()
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	return sets, nil
}

func (c jsonChange) set() (Set, error) {
	name, err := dns.NameFromZone(c.Name)
	if err != nil {
		return Set{}, err
	}
	t, ok := dns.ParseType(c.Type)
	if !ok {
		return Set{}, fmt.Errorf("type %q", c.Type)
	}
	s := Set{Key: dns.Key{Name: name, Type: t}}
	if s.Old, err = readJSONRecords(s.Key, c.Old); err != nil {
		return s, err
	}
	s.New, err = readJSONRecords(s.Key, c.New)
	return s, err
}

// readJSONRecords reads records, and holds the fields in parts against the data.
func readJSONRecords(k dns.Key, list []jsonRecord) ([]dns.Record, error) {
	var records []dns.Record
	for _, in := range list {
		r, err := readData(k, in.TTL, in.Data)
		if err != nil {
			return nil, err
		}
		want, err := json.Marshal(jsonRecordOf(r))
		if err != nil {
			return nil, err
		}
		if got, err := json.Marshal(in); err != nil || !bytes.Equal(got, want) {
			return nil, fmt.Errorf("%s: its fields disagree: %s", k, got)
		}
		records = append(records, r)
	}
	return records, nil
}
