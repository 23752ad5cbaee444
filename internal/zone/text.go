package zone

import (
	"fmt"
	"slices"
	"strings"

	"sendplan/internal/dns"
	"sendplan/internal/term"
)

// remark makes any text one line that ends no comment. Words of people and of
// the DNS come into a form only through it, or as data.
func remark(s string) string {
	s = term.Safe(s)
	for _, end := range []string{"*/", "-->", "#>"} {
		s = strings.ReplaceAll(s, end, end[:1]+" "+end[1:])
	}
	return s
}

// heading returns what stands on top of a written batch, line by line and safe
// as comments: where it belongs, and what is not in it.
func heading(b Batch, o Options) []string {
	first := fmt.Sprintf("sendplan: zone %s, %s", b.Zone, b.Stage)
	if !o.Date.IsZero() {
		first += ", planned on " + o.Date.Format("2006-01-02")
	}
	lines := []string{remark(first)}
	for _, h := range b.Held {
		lines = append(lines, remark(fmt.Sprintf("held back, so not in here: %s: %s", h.Key, h.Why)))
	}
	return lines
}

// reasons returns what a change is for, line by line and safe as comments.
func reasons(c dns.Change) []string {
	var lines []string
	for _, why := range c.Why {
		lines = append(lines, remark("for: "+why))
	}
	return lines
}

// parted is what becomes of the records of a set.
type parted struct {
	kept []dns.Record // as they are, TTL and all
	gone []dns.Record
	come []dns.Record
}

func part(c dns.Change) parted {
	var p parted
	for _, r := range c.Old {
		if slices.Contains(c.New, r) {
			p.kept = append(p.kept, r)
		} else {
			p.gone = append(p.gone, r)
		}
	}
	for _, r := range c.New {
		if !slices.Contains(c.Old, r) {
			p.come = append(p.come, r)
		}
	}
	return p
}

// relative returns a name as hosts want it that know the zone: "@" for its own
// name.
func relative(name, zone dns.Name) string {
	if name == zone {
		return "@"
	}
	if zone == dns.Root {
		return name.String()
	}
	return strings.TrimSuffix(name.String(), "."+zone.String())
}

// absolute is the reverse of [relative].
func absolute(host string, zone dns.Name) (dns.Name, error) {
	if host == "@" {
		return zone, nil
	}
	if zone == dns.Root {
		return dns.NameFromZone(host)
	}
	return dns.NameFromZone(host + "." + zone.String())
}

// zoneLine writes a record as one line of a zone file.
func zoneLine(r dns.Record) string {
	return fmt.Sprintf("%s %d IN %s %s", zoneName(r.Name), r.TTL, r.Data.Type(), zoneData(r.Data))
}

// zoneName writes a name as all servers read it. RFC 1035 §5.1 leaves open which
// characters of a name need an escape; Knot takes few without.
func zoneName(n dns.Name) string { return escapeNames(n.Zone()) }

// zoneData writes data as all servers read it.
func zoneData(d dns.Data) string {
	switch d.(type) {
	case dns.CNAME, dns.MX, dns.NS, dns.PTR, dns.SRV:
		return escapeNames(d.String())
	}
	return d.String()
}

// escapeNames puts a backslash before what is neither usual in a name nor escaped
// already; numbers and spaces between names stay.
func escapeNames(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		usual := 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("_-*. ", c) >= 0
		if c == '\\' && i+1 < len(s) && s[i+1] == '\\' {
			b.WriteString(`\092`) // NSD takes \\ before a dot for an escaped dot
			i++
			continue
		}
		if !usual {
			b.WriteByte('\\')
		}
		if c == '\\' && i+1 < len(s) {
			i++ // of three digits, the others are usual
			c = s[i]
		}
		b.WriteByte(c)
	}
	return b.String()
}

// readRecord reads one line of a zone file, its name absolute.
func readRecord(line string) (dns.Record, error) {
	if strings.ContainsAny(line, "\r\n") {
		return dns.Record{}, fmt.Errorf("record of several lines: %q", line)
	}
	// The text needs a zone to belong to.
	zones, err := dns.ParseZones(". 0 IN SOA . . 0 0 0 0 0\n"+line+"\n", "record")
	if err != nil {
		return dns.Record{}, err
	}
	records := zones.Records(dns.Root)
	if len(records) != 2 {
		return dns.Record{}, fmt.Errorf("no record: %q", line)
	}
	return records[1], nil
}

// readData reads the data of a record as a zone file has it.
func readData(k dns.Key, ttl uint32, data string) (dns.Record, error) {
	r, err := readRecord(fmt.Sprintf("%s %d IN %s %s", k.Name.Zone(), ttl, k.Type, data))
	if err == nil && (r.Name != k.Name || r.Data.Type() != k.Type) {
		err = fmt.Errorf("a record of another set: %s", r)
	}
	return r, err
}

// collected puts records into sets, in the order in which they come.
type collected struct{ sets []Set }

func (c *collected) set(k dns.Key) *Set {
	at := slices.IndexFunc(c.sets, func(s Set) bool { return s.Key == k })
	if at < 0 {
		at, c.sets = len(c.sets), append(c.sets, Set{Key: k})
	}
	return &c.sets[at]
}

func keyOf(r dns.Record) dns.Key { return dns.Key{Name: r.Name, Type: r.Data.Type()} }

func (c *collected) old(r dns.Record) { s := c.set(keyOf(r)); s.Old = append(s.Old, r) }

func (c *collected) new(r dns.Record) { s := c.set(keyOf(r)); s.New = append(s.New, r) }
