package dns

import (
	"fmt"
	"net/netip"
	"strings"
)

// Data is the content of a record. All implementations are comparable with ==.
type Data interface {
	Type() Type
	String() string // as in a zone file, names absolute
}

// TXT holds the character-strings of a TXT record (RFC 1035 §3.3.14), each of at
// most 255 octets. They are kept apart because an update's prerequisite must
// name them exactly; most readers want them [TXT.Joined].
type TXT struct{ packed string } // length octet and string, repeated: the wire form

// MaxString is the longest character-string of a TXT record, in octets.
const MaxString = 255

// NewTXT builds a TXT record's data from its character-strings. A string over
// 255 octets is cut into several.
func NewTXT(strs ...string) TXT {
	var b strings.Builder
	for _, s := range strs {
		for len(s) > MaxString {
			b.WriteByte(MaxString)
			b.WriteString(s[:MaxString])
			s = s[MaxString:]
		}
		b.WriteByte(byte(len(s)))
		b.WriteString(s)
	}
	return TXT{b.String()}
}

// Strings returns the character-strings as octets.
func (d TXT) Strings() []string {
	var strs []string
	for p := d.packed; p != ""; {
		n := int(p[0])
		strs = append(strs, p[1:1+n])
		p = p[1+n:]
	}
	return strs
}

// Joined returns the strings joined with nothing between them, as SPF, DKIM and
// DMARC read them (RFC 7208 §3.3).
func (d TXT) Joined() string { return strings.Join(d.Strings(), "") }

// Type returns TypeTXT.
func (TXT) Type() Type { return TypeTXT }

// String returns the strings quoted, special octets escaped (RFC 1035 §5.1).
func (d TXT) String() string {
	var q []string
	for _, s := range d.Strings() {
		q = append(q, quote(s))
	}
	return strings.Join(q, " ")
}

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, "\\%03d", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// CNAME is an alias (RFC 1034 §3.6.2).
type CNAME struct{ Target Name }

// Type returns TypeCNAME.
func (CNAME) Type() Type { return TypeCNAME }

// String returns the target with its final dot.
func (d CNAME) String() string { return d.Target.Zone() }

// MX is a mail exchanger (RFC 1035 §3.3.9); Host is [Root] in a null MX.
type MX struct {
	Preference uint16
	Host       Name
}

// Type returns TypeMX.
func (MX) Type() Type { return TypeMX }

// String returns preference and host.
func (d MX) String() string { return fmt.Sprintf("%d %s", d.Preference, d.Host.Zone()) }

// Addr is an IPv4 or IPv6 address, of an A or AAAA record.
type Addr struct{ IP netip.Addr }

// Type returns TypeA or TypeAAAA, by the address.
func (d Addr) Type() Type {
	if d.IP.Is4() {
		return TypeA
	}
	return TypeAAAA
}

// String returns the address.
func (d Addr) String() string { return d.IP.String() }

// NS names an authoritative server.
type NS struct{ Host Name }

// Type returns TypeNS.
func (NS) Type() Type { return TypeNS }

// String returns the server's name with its final dot.
func (d NS) String() string { return d.Host.Zone() }

// PTR is the target of a reverse name.
type PTR struct{ Target Name }

// Type returns TypePTR.
func (PTR) Type() Type { return TypePTR }

// String returns the target with its final dot.
func (d PTR) String() string { return d.Target.Zone() }

// SOA starts a zone; Minimum is the negative TTL (RFC 2308 §4). Times are in
// seconds.
type SOA struct {
	MName, RName                            Name
	Serial, Refresh, Retry, Expire, Minimum uint32
}

// Type returns TypeSOA.
func (SOA) Type() Type { return TypeSOA }

// String returns the seven fields on one line.
func (d SOA) String() string {
	return fmt.Sprintf("%s %s %d %d %d %d %d", d.MName.Zone(), d.RName.Zone(), d.Serial, d.Refresh, d.Retry, d.Expire, d.Minimum)
}

// SRV is a service location (RFC 2782).
type SRV struct {
	Priority, Weight, Port uint16
	Target                 Name
}

// Type returns TypeSRV.
func (SRV) Type() Type { return TypeSRV }

// String returns the four fields.
func (d SRV) String() string {
	return fmt.Sprintf("%d %d %d %s", d.Priority, d.Weight, d.Port, d.Target.Zone())
}

// TLSA pins a certificate (RFC 6698); Data is the association in hexadecimal.
type TLSA struct {
	Usage, Selector, Matching uint8
	Data                      string
}

// Type returns TypeTLSA.
func (TLSA) Type() Type { return TypeTLSA }

// String returns the four fields.
func (d TLSA) String() string {
	return fmt.Sprintf("%d %d %d %s", d.Usage, d.Selector, d.Matching, d.Data)
}

// CAA restricts who may issue certificates (RFC 8659).
type CAA struct {
	Flags      uint8
	Tag, Value string
}

// Type returns TypeCAA.
func (CAA) Type() Type { return TypeCAA }

// String returns flags, tag and the quoted value.
func (d CAA) String() string { return fmt.Sprintf("%d %s %s", d.Flags, d.Tag, quote(d.Value)) }
