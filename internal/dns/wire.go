package dns

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"

	mdns "github.com/miekg/dns"
)

// fromRR turns a record that the DNS library read from the wire into ours. It fails on other classes
// than IN, on types that have no [Data], and on data that does not hold what
// its type needs, such as an address record without an address.
func fromRR(rr mdns.RR) (Record, error) {
	h := rr.Header()
	name, err := nameFromWire(h.Name)
	if err != nil {
		return Record{}, err
	}
	if h.Class != mdns.ClassINET {
		return Record{}, fmt.Errorf("%s: class %s, only IN is known", name, mdns.Class(h.Class))
	}
	d, err := dataFromRR(rr)
	if err != nil {
		return Record{}, fmt.Errorf("%s %s: %w", name, Type(h.Rrtype), err)
	}
	return Record{Name: name, TTL: h.Ttl, Data: d}, nil
}

// fromText is [fromRR] for records that the library read from zone text. It
// differs where the library keeps text as it stands, but octets of the wire
// without escapes.
func fromText(rr mdns.RR) (Record, error) {
	if caa, ok := rr.(*mdns.CAA); ok {
		value, err := unescape(caa.Value)
		if err != nil {
			return Record{}, fmt.Errorf("%s CAA: %w", caa.Hdr.Name, err)
		}
		raw := *caa
		raw.Value = value
		rr = &raw
	}
	return fromRR(rr)
}

func dataFromRR(rr mdns.RR) (Data, error) {
	switch rr := rr.(type) {
	case *mdns.A:
		return addrData(rr.A, 4)
	case *mdns.AAAA:
		return addrData(rr.AAAA, 16)
	case *mdns.TXT:
		return txtData(rr.Txt)
	case *mdns.CNAME:
		n, err := nameFromWire(rr.Target)
		return CNAME{n}, err
	case *mdns.NS:
		n, err := nameFromWire(rr.Ns)
		return NS{n}, err
	case *mdns.PTR:
		n, err := nameFromWire(rr.Ptr)
		return PTR{n}, err
	case *mdns.MX:
		n, err := nameFromWire(rr.Mx)
		return MX{rr.Preference, n}, err
	case *mdns.SRV:
		n, err := nameFromWire(rr.Target)
		return SRV{rr.Priority, rr.Weight, rr.Port, n}, err
	case *mdns.SOA:
		return soaData(rr)
	case *mdns.TLSA:
		return tlsaData(rr)
	case *mdns.CAA:
		return caaData(rr)
	}
	return nil, errors.New("this type is not read")
}

// addrData reads an address of n octets. The library keeps IPv4 addresses of
// zone text in 16 octets, those of the wire in 4.
func addrData(ip []byte, n int) (Data, error) {
	a, ok := netip.AddrFromSlice(ip)
	if ok && n == 4 {
		a = a.Unmap()
	}
	if !ok || a.BitLen() != n*8 {
		return nil, fmt.Errorf("no address of %d octets", n)
	}
	return Addr{a}, nil
}

// RFC 1035 §3.3.14: TXT-DATA is one or more strings.
func txtData(txt []string) (Data, error) {
	if len(txt) == 0 {
		return nil, errors.New("no character-string")
	}
	strs := make([]string, len(txt))
	for i, s := range txt {
		raw, err := unescape(s)
		if err != nil {
			return nil, err
		}
		if len(raw) > MaxString {
			return nil, fmt.Errorf("character-string of %d octets, at most %d are allowed", len(raw), MaxString)
		}
		strs[i] = raw
	}
	return NewTXT(strs...), nil
}

func soaData(rr *mdns.SOA) (Data, error) {
	m, err := nameFromWire(rr.Ns)
	if err != nil {
		return nil, err
	}
	r, err := nameFromWire(rr.Mbox)
	if err != nil {
		return nil, err
	}
	return SOA{m, r, rr.Serial, rr.Refresh, rr.Retry, rr.Expire, rr.Minttl}, nil
}

func tlsaData(rr *mdns.TLSA) (Data, error) {
	if _, err := hex.DecodeString(rr.Certificate); err != nil || rr.Certificate == "" {
		return nil, errors.New("no certificate association in hexadecimal")
	}
	return TLSA{rr.Usage, rr.Selector, rr.MatchingType, strings.ToLower(rr.Certificate)}, nil
}

// RFC 8659 §4.1: the tag is letters and digits, the value any octets.
func caaData(rr *mdns.CAA) (Data, error) {
	if rr.Tag == "" || strings.TrimFunc(rr.Tag, alphanumeric) != "" {
		return nil, errors.New("no tag of letters and digits")
	}
	return CAA{rr.Flag, rr.Tag, rr.Value}, nil
}

func alphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// NameFromZone reads a name in the form that [Name.Zone] and zone files have,
// with escapes; unlike those that [ParseName] takes its labels may hold any
// octet. The final dot may be missing.
func NameFromZone(s string) (Name, error) { return nameFromWire(s) }

// nameFromWire reads a name in the presentation form that the DNS library gives
// to names from the wire and from zone text (\DDD and \X, RFC 1035 §5.1). A
// missing final dot is added. Labels may hold any octet, the dot included.
func nameFromWire(s string) (Name, error) {
	if s == "." {
		return Root, nil
	}
	var labels []string
	var label []byte
	total := -1 // the first label has no dot before it
	for i := 0; i <= len(s); {
		if i == len(s) || s[i] == '.' {
			if i == len(s) && len(labels) > 0 && len(label) == 0 {
				break // the final dot
			}
			if err := checkLabel(s, label); err != nil {
				return "", err
			}
			total += 1 + len(label)
			labels = append(labels, escapeLabel(string(label)))
			label = label[:0]
			i++
			continue
		}
		c, n, err := octet(s[i:])
		if err != nil {
			return "", err
		}
		label = append(label, c)
		i += n
	}
	if total > maxName {
		return "", fmt.Errorf("domain name of %d octets, at most %d are allowed", total, maxName)
	}
	return Name(strings.Join(labels, ".")), nil
}

// checkLabel holds a label of the name s against RFC 1035 §2.3.4.
func checkLabel(s string, label []byte) error {
	switch {
	case len(label) == 0:
		return fmt.Errorf("domain name %q has an empty label", s)
	case len(label) > maxLabel:
		return fmt.Errorf("domain name %q has a label of %d octets, at most %d are allowed", s, len(label), maxLabel)
	}
	return nil
}

// octet reads the first octet of s in presentation form and says how many
// characters it takes.
func octet(s string) (c byte, n int, err error) {
	switch {
	case s[0] != '\\':
		return s[0], 1, nil
	case len(s) >= 4 && digit(s[1]) && digit(s[2]) && digit(s[3]):
		v := int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
		if v > 255 {
			return 0, 0, fmt.Errorf("escape %s is no octet", s[:4])
		}
		return byte(v), 4, nil
	case len(s) >= 2 && !digit(s[1]):
		return s[1], 2, nil
	}
	return 0, 0, fmt.Errorf("incomplete escape %q", s[:min(len(s), 4)])
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// unescape reads a character-string in presentation form.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	raw := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c, n, err := octet(s[i:])
		if err != nil {
			return "", err
		}
		raw = append(raw, c)
		i += n
	}
	return string(raw), nil
}

// escapeString is the reverse of [unescape].
func escapeString(s string) string {
	q := quote(s)
	return q[1 : len(q)-1]
}
