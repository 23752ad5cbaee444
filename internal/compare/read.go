package compare

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf16"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

// schema is the number of the JSON form that is read.
const schema = 1

// maxFile bounds a file, in octets: more than a hundred thousand domains.
const maxFile = 512 << 20

// Read reads what "sendplan check" wrote with --format json or jsonl. Anything
// else is an error that says why.
func Read(r io.Reader) (Run, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return Run{}, err
	case len(text) > maxFile:
		return Run{}, fmt.Errorf("larger than %d MB", maxFile>>20)
	}
	results, date, err := decode(toUTF8(text))
	if err != nil {
		return Run{}, err
	}
	run := Run{Date: date}
	seen := make(map[dns.Name]bool)
	for i, raw := range results {
		result, err := raw.parse()
		if err != nil {
			return Run{}, fmt.Errorf("result %d: %w", i+1, err)
		}
		if seen[result.Domain] {
			return Run{}, fmt.Errorf("it holds %s twice", result.Domain)
		}
		seen[result.Domain] = true
		run.Results = append(run.Results, result)
	}
	return run, nil
}

// toUTF8 takes off a byte order mark, and turns UTF-16 into UTF-8: "sendplan >
// FILE" in Windows PowerShell 5 writes that.
func toUTF8(text []byte) []byte {
	switch {
	case bytes.HasPrefix(text, []byte{0xef, 0xbb, 0xbf}):
		return text[3:]
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		units := make([]uint16, len(text)/2-1)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(text[2*i+2:])
		}
		return []byte(string(utf16.Decode(units)))
	}
	return text
}

// documentJSON is the document of --format json, or a line of jsonl.
type documentJSON struct {
	Schema  int          `json:"schema"`
	Tool    string       `json:"tool"`
	Date    string       `json:"date"`
	Results []resultJSON `json:"results"`
	resultJSON
}

// resultJSON is an element of results, as far as it is compared.
type resultJSON struct {
	Domain   string        `json:"domain"`
	Status   check.Status  `json:"status"`
	Findings []findingJSON `json:"findings"`
	Baseline *struct{}     `json:"baseline"` // there if findings were left out
	factsJSON
}

type findingJSON struct {
	ID       finding.ID `json:"id"`
	Severity string     `json:"severity"`
	Status   string     `json:"status"`
	Subject  string     `json:"subject"`
	Record   string     `json:"record"`
	Span     struct {
		Start int `json:"start"`
		End   int `json:"end"`
	} `json:"span"`
	Message string `json:"message"`
}

var errForeign = errors.New("it is no output of sendplan check --format json or jsonl")

// decode reads a document, or lines.
func decode(text []byte) (results []resultJSON, date string, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	for n := 1; ; n++ {
		var doc documentJSON
		err := d.Decode(&doc)
		switch {
		case err == io.EOF && n > 1:
			return results, date, nil
		case err == io.EOF:
			return nil, "", errors.New("it is empty")
		case err != nil:
			return nil, "", fmt.Errorf("%w: %w", errForeign, err)
		case doc.Schema == 0:
			return nil, "", errForeign
		case doc.Schema != schema:
			return nil, "", fmt.Errorf("it has the schema %d, this sendplan reads %d", doc.Schema, schema)
		case doc.Tool == "sendplan" && doc.Results != nil && n == 1:
			results, date = doc.Results, doc.Date
			if _, err := d.Token(); err != io.EOF {
				return nil, "", errors.New("something follows the JSON document")
			}
			return results, date, nil
		case doc.Domain == "" || doc.Status == "" || doc.Findings == nil:
			return nil, "", errForeign
		}
		results = append(results, doc.resultJSON)
	}
}

func (j resultJSON) parse() (Result, error) {
	domain, err := dns.ParseName(j.Domain)
	if err != nil {
		return Result{}, err
	}
	switch j.Status {
	case check.StatusPass, check.StatusWarning, check.StatusUnknown, check.StatusFail:
	default:
		return Result{}, fmt.Errorf("%s has the status %.40q, which is none", domain, j.Status)
	}
	if j.Baseline != nil {
		return Result{}, fmt.Errorf("%s was checked with --baseline, so what was known is not in it", domain)
	}
	r := Result{Domain: domain, Status: j.Status, Facts: j.facts(domain)}
	for _, f := range j.Findings {
		parsed, err := f.parse()
		if err != nil {
			return Result{}, fmt.Errorf("%s: %w", domain, err)
		}
		r.Findings = append(r.Findings, parsed)
	}
	return r, nil
}

// validID is the form of all IDs, those of other versions too.
var validID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (j findingJSON) parse() (Finding, error) {
	f := Finding{ID: j.ID, Subject: j.Subject, Message: j.Message}
	if !validID.MatchString(string(j.ID)) || len(j.ID) > 64 {
		return f, fmt.Errorf("%.64q is no ID of a finding", j.ID)
	}
	var ok bool
	if f.Severity, ok = named(j.Severity, finding.Note, finding.Warning, finding.Error); !ok {
		return f, fmt.Errorf("%s has the severity %.40q, which is none", j.ID, j.Severity)
	}
	if f.Status, ok = named(j.Status, finding.Fail, finding.Unknown); !ok {
		return f, fmt.Errorf("%s has the status %.40q, which is none", j.ID, j.Status)
	}
	if j.Span.Start < 0 || j.Span.Start > j.Span.End || j.Span.End > len(j.Record) {
		return f, fmt.Errorf("%s marks what is outside its record", j.ID)
	}
	f.Marked = j.Record[j.Span.Start:j.Span.End]
	return f, nil
}

// named returns the value whose name is text.
func named[T fmt.Stringer](text string, values ...T) (value T, ok bool) {
	for _, v := range values {
		if v.String() == text {
			return v, true
		}
	}
	return value, false
}
