package zone

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"sendplan/internal/dns"
)

// changeBatch is the input of "aws route53 change-resource-record-sets", which
// carries out all of it or nothing.
type changeBatch struct {
	Comment string
	Changes []route53Change
}

type route53Change struct {
	// Action is DELETE, of a set with exactly these values, or CREATE, of one
	// that is not there. UPSERT would overwrite whatever is there.
	Action            string
	ResourceRecordSet route53Set
}

type route53Set struct {
	Name            string
	Type            string
	TTL             uint32
	ResourceRecords []route53Value
}

type route53Value struct{ Value string }

const (
	route53Delete = "DELETE"
	route53Create = "CREATE"
	// route53Comment and route53Text are the longest comment of a batch and the
	// longest value of a TXT record, quotes included, that Route 53 takes.
	route53Comment = 256
	route53Text    = 4000
)

func writeRoute53(w io.Writer, b Batch, o Options) error {
	batch := changeBatch{Comment: route53Remark(b, o), Changes: []route53Change{}}
	var creations []route53Change
	for _, c := range removalsFirst(b) {
		before, err := route53SetOf(c.Old)
		if err != nil {
			return err
		}
		after, err := route53SetOf(c.New)
		if err != nil {
			return err
		}
		if len(c.Old) > 0 {
			batch.Changes = append(batch.Changes, route53Change{route53Delete, before})
		}
		if len(c.New) > 0 {
			creations = append(creations, route53Change{route53Create, after})
		}
	}
	batch.Changes = append(batch.Changes, creations...)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(batch)
}

// route53Remark is the comment of a batch, the one place for words in it. What is
// not ASCII is left out, so that its length does not depend on how it is counted.
func route53Remark(b Batch, o Options) string {
	text := strings.Join(heading(b, o), "; ")
	text = strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, text)
	return text[:min(len(text), route53Comment)]
}

func route53SetOf(set []dns.Record) (route53Set, error) {
	var s route53Set
	for _, r := range set {
		value, err := route53ValueOf(r.Data)
		if err != nil {
			return s, refused(keyOf(r), err)
		}
		s = route53Set{octal(r.Name), r.Data.Type().String(), r.TTL, append(s.ResourceRecords, route53Value{value})}
	}
	return s, nil
}

func route53ValueOf(data dns.Data) (string, error) {
	switch d := data.(type) {
	case dns.Addr:
		return d.String(), nil
	case dns.CNAME:
		return octal(d.Target), nil
	case dns.MX:
		return fmt.Sprintf("%d %s", d.Preference, octal(d.Host)), nil
	case dns.TXT:
		if text := octalStrings(d, `" "`); len(text)+2 <= route53Text {
			return `"` + text + `"`, nil
		}
		return "", fmt.Errorf("the text is longer than the %d characters that Route 53 takes", route53Text)
	}
	return "", errType
}

// octal returns a name as Route 53 wants it: absolute, octets that are none of a
// host name's in octal, where zone files have decimals.
func octal(n dns.Name) string {
	if n == dns.Root {
		return "."
	}
	var labels []string
	for i, label := range n.Labels() {
		if label == "*" && i == 0 {
			labels = append(labels, label)
			continue
		}
		labels = append(labels, octalLabel(label))
	}
	return strings.Join(labels, ".") + "."
}

// octalLabel turns the escapes of a zone file (RFC 1035 §5.1) into octal ones.
func octalLabel(label string) string {
	var b strings.Builder
	for len(label) > 0 {
		c, n := unescape(label)
		label = label[n:]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	return b.String()
}

// unescape returns the first octet of a name's label and how long it is written:
// the escapes are those of [dns.Name], which are well formed.
func unescape(label string) (c byte, n int) {
	if label[0] != '\\' || len(label) < 2 {
		return label[0], 1
	}
	if len(label) >= 4 {
		if v, err := strconv.ParseUint(label[1:4], 10, 8); err == nil {
			return byte(v), 4
		}
	}
	return label[1], 2
}

// octalStrings returns the strings of a TXT record without the outer quotes, in
// the escapes of Route 53: \" and \\, and \ooo in octal for octets that do not
// print.
func octalStrings(d dns.TXT, between string) string {
	var quoted []string
	for _, s := range d.Strings() {
		var b strings.Builder
		for _, c := range []byte(s) {
			switch {
			case c == '"' || c == '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case c < ' ' || c > '~':
				fmt.Fprintf(&b, `\%03o`, c)
			default:
				b.WriteByte(c)
			}
		}
		quoted = append(quoted, b.String())
	}
	return strings.Join(quoted, between)
}

func readRoute53(text []byte, _ Batch) ([]Set, error) {
	var batch changeBatch
	if err := json.Unmarshal(text, &batch); err != nil {
		return nil, err
	}
	var got collected
	for _, c := range batch.Changes {
		set, err := c.ResourceRecordSet.records()
		if err != nil {
			return nil, err
		}
		for _, r := range set {
			switch c.Action {
			case route53Delete:
				got.old(r)
			case route53Create:
				got.new(r)
			default:
				return nil, fmt.Errorf("unexpected action %q", c.Action)
			}
		}
	}
	return got.sets, nil
}

func (s route53Set) records() ([]dns.Record, error) {
	name, err := fromOctal(s.Name)
	if err != nil {
		return nil, err
	}
	t, ok := dns.ParseType(s.Type)
	if !ok || len(s.ResourceRecords) == 0 {
		return nil, fmt.Errorf("%s: not a set of known type with values", s.Name)
	}
	var set []dns.Record
	for _, v := range s.ResourceRecords {
		data, err := route53Data(t, v.Value)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", s.Type, s.Name, err)
		}
		set = append(set, dns.Record{Name: name, TTL: s.TTL, Data: data})
	}
	return set, nil
}

func route53Data(t dns.Type, value string) (dns.Data, error) {
	switch t {
	case dns.TypeTXT:
		return textFromOctal(value)
	case dns.TypeCNAME:
		target, err := fromOctal(value)
		return dns.CNAME{Target: target}, err
	case dns.TypeMX:
		number, rest, _ := strings.Cut(value, " ")
		preference, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return nil, err
		}
		host, err := fromOctal(rest)
		return dns.MX{Preference: uint16(preference), Host: host}, err
	case dns.TypeA, dns.TypeAAAA:
		ip, err := netip.ParseAddr(value)
		return dns.Addr{IP: ip}, err
	}
	return nil, errType
}

// fromOctal reads a name as [octal] writes it.
func fromOctal(s string) (dns.Name, error) {
	var b strings.Builder
	for len(s) > 0 {
		if v, ok := octalEscape(s); ok {
			fmt.Fprintf(&b, `\%03d`, v)
			s = s[4:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return dns.NameFromZone(b.String())
}

// octalEscape reads \ooo at the beginning of s.
func octalEscape(s string) (byte, bool) {
	if len(s) < 4 || s[0] != '\\' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:4], 8, 8)
	return byte(v), err == nil
}

// textFromOctal reads the quoted strings of a TXT record's value.
func textFromOctal(value string) (dns.TXT, error) {
	var strs []string
	for rest := value; rest != ""; {
		s, n, ok := stringFromOctal(rest)
		if !ok || len(s) > dns.MaxString {
			return dns.TXT{}, fmt.Errorf("%q: not strings of at most %d octets in quotes", value, dns.MaxString)
		}
		strs, rest = append(strs, s), strings.TrimPrefix(rest[n:], " ")
	}
	return dns.NewTXT(strs...), nil
}

// stringFromOctal reads one quoted string at the beginning of s, and how long it
// is written.
func stringFromOctal(s string) (text string, n int, ok bool) {
	if s[0] != '"' {
		return "", 0, false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		v, isOctal := octalEscape(s[i:])
		switch {
		case isOctal:
			b.WriteByte(v)
			i += 3
		case s[i] == '\\' && i+1 < len(s):
			b.WriteByte(s[i+1])
			i++
		case s[i] == '"':
			return b.String(), i + 1, true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, false
}
