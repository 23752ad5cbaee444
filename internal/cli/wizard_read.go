package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"sendplan/internal/evidence"
	"sendplan/internal/intake"
	"sendplan/internal/inventory"
	"sendplan/internal/inventory/exchange"
	"sendplan/internal/render"
	"sendplan/planner/interview"
)

// Read reads what was pasted: the name of a file, or what such a file holds.
func (w *wizard) Read(s interview.State, pasted string) (interview.Import, error) {
	path, err := fileNamed(pasted)
	if err != nil {
		return interview.Import{}, err
	}
	if path == "" {
		return readPasted(s, "what was pasted", strings.NewReader(pasted))
	}
	file, err := os.Open(path)
	if err != nil {
		return interview.Import{}, err
	}
	defer file.Close()
	return readPasted(s, path, file)
}

// fileNamed returns the file that a single line names, "" if it names none. What
// looks like the name of a file that is not there is a mistake: nobody means it
// for a device.
func fileNamed(pasted string) (string, error) {
	line := strings.TrimSpace(pasted)
	if line == "" || strings.ContainsAny(line, "\r\n\x00") {
		return "", nil
	}
	path := unquoted(line)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().IsRegular():
		return path, nil
	case err == nil && looksLikeFile(line):
		return "", fmt.Errorf("%q is no ordinary file: name a file, or paste what it holds", path)
	case errors.Is(err, os.ErrNotExist) && looksLikeFile(line):
		return "", fmt.Errorf("there is no file %q: name another, or paste what it holds", path)
	case err != nil && looksLikeFile(line):
		return "", err
	}
	return "", nil
}

// unquoted takes the quotes away that terminals put around the name of a file
// that is dragged into them.
func unquoted(line string) string {
	if n := len(line); n > 1 && line[0] == line[n-1] && (line[0] == '\'' || line[0] == '"') {
		return line[1 : n-1]
	}
	return line
}

// looksLikeFile reports whether a line is written as the name of a file.
func looksLikeFile(line string) bool {
	name := unquoted(line)
	for _, start := range []string{"/", "./", "../", "~/", `.\`, `..\`} {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".json", ".txt", ".tsv", ".xlsx", ".xls":
		return !strings.ContainsAny(name, "@,;\t")
	}
	return false
}

// maxList is how much is read of a list of devices, in octets.
const maxList = 1 << 20

// readPasted finds out what a text is, and reads it.
func readPasted(s interview.State, name string, r io.Reader) (interview.Import, error) {
	text := bufio.NewReaderSize(r, 64<<10)
	head, err := text.Peek(64 << 10)
	if err != nil && err != io.EOF {
		return interview.Import{}, err
	}
	if evidence.Recognized(bytes.NewReader(head)) {
		return readSenders(s, name, text)
	}
	data, err := io.ReadAll(io.LimitReader(text, maxExport+1))
	if err != nil {
		return interview.Import{}, err
	}
	export, err := exchange.Read(data, name, exchange.Unknown)
	switch {
	case len(data) > maxExport:
		return interview.Import{}, fmt.Errorf("%s has more than %d MB: save the output of one cmdlet at a time", name, maxExport>>20)
	case err == nil:
		return takeExport(s, name, export)
	case isJSON(data):
		return interview.Import{}, err
	case !isText(data): // it knows the formats that are given by mistake
		_, err := evidence.Read(bytes.NewReader(data), evidence.Options{})
		return interview.Import{}, fmt.Errorf("%s: %v", name, err)
	case len(data) > maxList:
		return interview.Import{}, fmt.Errorf("%s has more than %d MB: that is no list of devices", name, maxList>>20)
	}
	return s.ParseDevices(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))), nil
}

func isJSON(data []byte) bool {
	bare := bytes.TrimLeft(data, "\xef\xbb\xbf \t\r\n")
	return len(bare) > 0 && (bare[0] == '{' || bare[0] == '[')
}

func isText(data []byte) bool { return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 }

// takeExport writes what Exchange says of the tenant into the draft.
func takeExport(s interview.State, name string, export *exchange.Export) (interview.Import, error) {
	var in interview.Import
	draft, err := inventory.Parse(s.Draft.Bytes(), "the draft", intake.Catalogue)
	if err == nil {
		err = export.Apply(draft)
	}
	if err != nil {
		return in, fmt.Errorf("%s: %v", name, err)
	}
	in.Draft = draft
	in.Lead, err = exportLines(export)
	return in, err
}

// exportLines says what an export says, as "sendplan import exchange" does.
func exportLines(export *exchange.Export) ([]interview.Line, error) {
	format, _ := render.FormatByName("text")
	var text bytes.Buffer
	if err := format.Exchange(&text, render.Page{Width: 1 << 10}, export, false); err != nil {
		return nil, err
	}
	var lines []interview.Line
	for line := range strings.Lines(text.String()) {
		bare := strings.TrimSpace(line)
		one := interview.Line{Text: bare}
		switch note, ok := strings.CutPrefix(bare, "note: "); {
		case ok:
			one = interview.Line{Mark: interview.Note, Text: note}
		case strings.HasPrefix(line, " "):
			one.Indent = 1
		}
		lines = append(lines, one)
	}
	return lines, nil
}

// readSenders reads a report of Exchange of who sends, as devices to choose from.
func readSenders(s interview.State, name string, r io.Reader) (interview.Import, error) {
	inv := &s.Draft.Inventory
	report, err := evidence.Read(r, evidence.Options{Accepted: ownDomains(inv), Inbound: connectorNames(inv)})
	if err != nil {
		return interview.Import{}, fmt.Errorf("%s: %v", name, err)
	}
	in := interview.Import{Lead: reportLines(name, report)}
	for _, p := range intake.Propose(inv, report.Found) {
		in.Devices = append(in.Devices, offered(p))
	}
	return in, nil
}

func reportLines(name string, report evidence.Report) []interview.Line {
	what := map[evidence.Kind]string{evidence.SMTPAuth: "the SMTP AUTH clients report", evidence.Trace: "a message trace"}[report.Kind]
	when := ""
	if report.First != "" {
		when = ", " + report.First + " to " + report.Last
	}
	lines := []interview.Line{{Text: fmt.Sprintf("%s is %s: %d rows%s, %d senders", name, what, report.Rows, when, len(report.Found))}}
	for _, skip := range report.Skipped {
		lines = append(lines, interview.Line{Mark: interview.Muted, Text: fmt.Sprintf("left out: %d rows (the first on line %d): %s", skip.Rows, skip.Line, skip.Reason)})
	}
	for _, note := range report.Notes {
		lines = append(lines, interview.Line{Mark: interview.Note, Text: note})
	}
	return lines
}

// offered is a sender that was seen as a device to choose.
func offered(p intake.Proposal) interview.Offered {
	o := interview.Offered{Title: p.Seen.From, Take: p.IsDevice(), Refused: !p.New()}
	why := append([]string{fmt.Sprintf("%s, %s confidence", p.Seen.Method, p.Seen.Confidence)}, p.Seen.Why...)
	switch {
	case p.Problem != "":
		why = []string{"cannot stand in an inventory: " + p.Problem}
	case len(p.Known) > 0:
		why = []string{"in the inventory already, as " + strings.Join(p.Known, ", ")}
	case !p.IsDevice():
		why = append([]string{"a device or a person"}, why...)
	}
	o.Why = strings.Join(why, "; ")
	if p.New() {
		o.Title += ", as " + p.Device.Name
		o.Answers = interview.DeviceAnswers(p.Device)
	}
	return o
}
