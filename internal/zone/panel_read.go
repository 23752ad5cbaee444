package zone

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// readPanel puts the records together again from their fields, TXT records from
// both ways in which they are written.
func readPanel(text []byte, b Batch) ([]Set, error) {
	var sets collected
	var block panelBlock
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "     "):
			label, value := strings.TrimRight(line[5:min(17, len(line))], " "), line[min(18, len(line)):]
			if block.fields[label] != "" || block.fields == nil {
				return nil, fmt.Errorf("%q belongs to no record", line)
			}
			block.fields[label] = value
		case slices.Contains([]string{panelKeep, panelDelete, panelAdd, panelReplace, panelBy}, strings.TrimPrefix(line, "   ")):
			if err := block.into(&sets, b.Zone); err != nil {
				return nil, err
			}
			block = panelBlock{action: strings.TrimPrefix(line, "   "), fields: map[string]string{}}
		}
	}
	err := block.into(&sets, b.Zone)
	return sets.sets, err
}

// panelBlock is one record while it is read.
type panelBlock struct {
	action string
	fields map[string]string
}

func (p panelBlock) into(sets *collected, zone dns.Name) error {
	if p.action == "" {
		return nil
	}
	r, err := p.record(zone)
	if err != nil {
		return fmt.Errorf("%s: %w", p.action, err)
	}
	if p.action != panelAdd && p.action != panelBy {
		sets.old(r)
	}
	if p.action != panelDelete && p.action != panelReplace {
		sets.new(r)
	}
	return nil
}

func (p panelBlock) record(zone dns.Name) (dns.Record, error) {
	t, ok := dns.ParseType(p.fields[panelType])
	ttl, bad := strconv.ParseUint(p.fields[panelTTL], 10, 31)
	if !ok || bad != nil {
		return dns.Record{}, fmt.Errorf("type %q, TTL %q", p.fields[panelType], p.fields[panelTTL])
	}
	name, err := absolute(p.fields[panelHost], zone)
	if err != nil {
		return dns.Record{}, err
	}
	data := p.fields[panelValue]
	switch t {
	case dns.TypeTXT:
		data = p.fields[panelQuoted]
	case dns.TypeMX:
		data = p.fields[panelPreference] + " " + dns.Name(p.fields[panelServer]).Zone()
	case dns.TypeCNAME:
		data = dns.Name(data).Zone()
	}
	r, err := readData(dns.Key{Name: name, Type: t}, uint32(ttl), data)
	if txt, ok := r.Data.(dns.TXT); err == nil && ok && visible(txt.Joined()) && txt.Joined() != p.fields[panelValue] {
		err = fmt.Errorf("the value %q is not that of %s", p.fields[panelValue], data)
	}
	return r, err
}
