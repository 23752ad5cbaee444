package zone

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"sendplan/internal/dns"
)

// csvColumns are the columns. New ones come at the end.
var csvColumns = []string{"zone", "name", "type", "ttl", "action", "old", "new"}

// The actions of a line.
const (
	csvKeep   = "keep"
	csvRemove = "remove"
	csvAdd    = "add"
)

// writeCSV writes a line for each record (RFC 4180): those that go, those that
// come, and those of the same set that stay. A record is in the form that zone
// files have.
func writeCSV(w io.Writer, b Batch, _ Options) error {
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	c.UseCRLF = true // RFC 4180 §2
	rows := [][]string{csvColumns}
	for _, change := range b.Changes {
		p := part(change)
		for _, r := range p.kept {
			rows = append(rows, csvRow(b.Zone, r, csvKeep, r.Data.String(), r.Data.String()))
		}
		for _, r := range p.gone {
			rows = append(rows, csvRow(b.Zone, r, csvRemove, r.Data.String(), ""))
		}
		for _, r := range p.come {
			rows = append(rows, csvRow(b.Zone, r, csvAdd, "", r.Data.String()))
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

func csvRow(zone dns.Name, r dns.Record, action, old, now string) []string {
	row := []string{zone.String(), r.Name.String(), r.Data.Type().String(), strconv.FormatUint(uint64(r.TTL), 10), action, old, now}
	for i := range row {
		row[i] = guard(row[i])
	}
	return row
}

// formula is a start of a cell that spreadsheets calculate. Where the list
// separator is a semicolon they take a file apart at those too, quotes or not.
// guarded is the same with the apostrophe that makes it text.
var (
	formula = regexp.MustCompile(`(^|;)([\s"']*[=+\-@])`)
	guarded = regexp.MustCompile(`(^|;)'([\s"']*[=+\-@])`)
)

// guard makes a cell safe for spreadsheets. What is written is ASCII, so the wide
// signs are never in it.
func guard(s string) string { return formula.ReplaceAllString(s, `$1'$2`) }

// unguard is the reverse of [guard].
func unguard(s string) string { return guarded.ReplaceAllString(s, `$1$2`) }

func readCSV(text []byte, b Batch) ([]Set, error) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !slices.Equal(rows[0], csvColumns) {
		return nil, errors.New("the columns are missing")
	}
	var sets collected
	for _, row := range rows[1:] {
		for i := range row {
			row[i] = unguard(row[i])
		}
		if err := sets.csvRow(row, b.Zone); err != nil {
			return nil, fmt.Errorf("%q: %w", row, err)
		}
	}
	return sets.sets, nil
}

func (sets *collected) csvRow(row []string, zone dns.Name) error {
	name, err := dns.NameFromZone(row[1])
	t, known := dns.ParseType(row[2])
	ttl, bad := strconv.ParseUint(row[3], 10, 31)
	if err != nil || !known || bad != nil || row[0] != zone.String() {
		return errors.New("not a record of the zone")
	}
	action, old, now := row[4], row[5], row[6]
	switch {
	case action == csvKeep && old == now, action == csvRemove && now == "", action == csvAdd && old == "":
	default:
		return errors.New("its columns disagree")
	}
	data := old
	if action == csvAdd {
		data = now
	}
	r, err := readData(dns.Key{Name: name, Type: t}, uint32(ttl), data)
	if err != nil {
		return err
	}
	if action != csvAdd {
		sets.old(r)
	}
	if action != csvRemove {
		sets.new(r)
	}
	return nil
}
