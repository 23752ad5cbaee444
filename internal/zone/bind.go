package zone

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"sendplan/internal/dns"
)

// oldLine begins the lines of records as they were.
const oldLine = ";- "

// writeBIND writes each set whole, as lines of a zone file (RFC 1035 §5.1) with
// absolute names, below the lines that it replaces as comments.
func writeBIND(w io.Writer, b Batch, o Options) error {
	var out bytes.Buffer
	for _, line := range append(heading(b, o),
		"Replace these sets in the zone file, do not append: each stands here whole.",
		"Lines that begin with \""+oldLine+"\" are in the zone now and go. Raise the serial of the SOA record.") {
		fmt.Fprintln(&out, ";", line)
	}
	for _, c := range b.Changes {
		fmt.Fprintf(&out, "\n; %s: %s\n", remark(c.Key.String()), whatHappens(c))
		for _, line := range reasons(c) {
			fmt.Fprintln(&out, ";", line)
		}
		for _, r := range c.Old {
			fmt.Fprintln(&out, oldLine+zoneLine(r))
		}
		for _, r := range c.New {
			fmt.Fprintln(&out, zoneLine(r))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func whatHappens(c dns.Change) string {
	switch {
	case len(c.Old) == 0:
		return "a new set"
	case len(c.New) == 0:
		return "this set goes, nothing takes its place"
	}
	return "this set is replaced"
}

func readBIND(text []byte, _ Batch) ([]Set, error) {
	var sets collected
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		old, was := strings.CutPrefix(line, oldLine)
		switch {
		case was:
			r, err := readRecord(old)
			if err != nil {
				return nil, err
			}
			sets.old(r)
		case line != "" && line[0] != ';':
			r, err := readRecord(line)
			if err != nil {
				return nil, err
			}
			sets.new(r)
		}
	}
	return sets.sets, nil
}
