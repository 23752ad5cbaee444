package dns

import (
	"bytes"
	"net"
	"strings"
	"testing"

	mdns "github.com/miekg/dns"
	"pgregory.net/rapid"
)

func TestNameFromWire(t *testing.T) {
	t.Parallel()
	l63 := strings.Repeat("a", 63)
	for _, tt := range []struct{ in, want string }{
		{".", "."}, {"example.", "example"}, {"Example.COM", "example.com"},
		{`a\.b.example.`, `a\.b.example`}, {`\065.e.`, "a.e"}, {`\a.e.`, "a.e"},
		{`\000\255.e.`, `\000\255.e`}, {`a\032b.e.`, `a\032b.e`}, {`a b.e.`, `a\032b.e`},
		{`\..e.`, `\..e`}, {`\\.e.`, `\\.e`}, {`a\\\..e.`, `a\\\..e`}, {`it\'s.e.`, "it's.e"}, {`*.e.`, "*.e"}, {`\046.e`, `\..e`},
		{l63 + ".e.", l63 + ".e"}, {strings.Repeat(`\001`, 63) + ".e.", strings.Repeat(`\001`, 63) + ".e"},
		{strings.Repeat(l63+".", 3) + strings.Repeat("b", 61) + ".", strings.Repeat(l63+".", 3) + strings.Repeat("b", 61)},
	} {
		if got, err := nameFromWire(tt.in); err != nil || string(got) != tt.want {
			t.Errorf("%q: got %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
	for in, want := range map[string]string{
		"": "empty label", "..": "empty label", "a..b": "empty label", ".a": "empty label",
		l63 + "a.e.": "label of 64 octets", `\256.e.`: "no octet", `a\`: "incomplete escape", `a\1.e.`: "incomplete escape", `\12`: "incomplete escape",
		strings.Repeat(l63+".", 3) + strings.Repeat("b", 62) + ".": "domain name of 254 octets",
	} {
		if got, err := nameFromWire(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %q, %v, want %s", in, got, err, want)
		}
	}
}

func TestFromRRErrors(t *testing.T) {
	t.Parallel()
	in := func(typ uint16) mdns.RR_Header {
		return mdns.RR_Header{Name: "a.e.", Rrtype: typ, Class: mdns.ClassINET}
	}
	for want, rr := range map[string]mdns.RR{
		"a.e A: no address of 4 octets":                       &mdns.A{Hdr: in(1)},
		"a.e AAAA: no address of 16 octets":                   &mdns.AAAA{Hdr: in(28), AAAA: net.IPv4(1, 2, 3, 4).To4()},
		"a.e TXT: no character-string":                        &mdns.TXT{Hdr: in(16)},
		`a.e MX: domain name "" has an empty label`:           &mdns.MX{Hdr: in(15)},
		`a.e CNAME: domain name "" has an empty label`:        &mdns.CNAME{Hdr: in(5)},
		`a.e SOA: domain name "" has an empty label`:          &mdns.SOA{Hdr: in(6), Ns: "a."},
		"a.e CAA: no tag of letters and digits":               &mdns.CAA{Hdr: in(257)},
		"a.e TLSA: no certificate association in hexadecimal": &mdns.TLSA{Hdr: in(52)},
		"a.e TYPE47: this type is not read":                   &mdns.NSEC{Hdr: in(47)},
		"a.e: class CH, only IN is known":                     &mdns.TXT{Hdr: mdns.RR_Header{Name: "a.e.", Rrtype: 16, Class: mdns.ClassCHAOS}, Txt: []string{"x"}},
		`domain name "" has an empty label`:                   &mdns.TXT{Txt: []string{"x"}},
	} {
		if _, err := fromRR(rr); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func packRR(t *rapid.T, rr mdns.RR) []byte {
	buf := make([]byte, 4096)
	n, err := mdns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		t.Fatalf("%v: %v", rr, err)
	}
	return buf[:n]
}

// A record's text is the same record on the wire, and what we read from the wire
// is the same there again.
func TestRecordOnTheWire(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(dataTypes).Draw(t, "type")
		r := Record{drawName(t, "owner"), rapid.Uint32().Draw(t, "ttl"), drawData(t, typ)}
		written, err := mdns.NewRR(r.String())
		if err != nil {
			t.Fatal(err)
		}
		wire := packRR(t, written)
		unpacked, n, err := mdns.UnpackRR(wire, 0)
		if err != nil || n != len(wire) {
			t.Fatalf("%v: %d of %d octets, %v", written, n, len(wire), err)
		}
		back, err := fromRR(unpacked)
		if err != nil || back != r {
			t.Fatalf("got %#v, %v, want %#v", back, err, r)
		}
	})
}

// fixedRR is the wire form of a record but for its type and content.
const fixedRR = "\x01A\x03e\\.\x00\x00\x10\x00\x01\x00\x00\x00\x05\x00"

// Whatever the wire holds, the record that we make of it is the same on the wire
// again, but for the case of names.
func FuzzFromRR(f *testing.F) {
	f.Add(uint16(16), []byte("\x01a\x00\x02\"\\"))
	f.Add(uint16(15), []byte("\x00\x0a\x04Mail\x01\xff\x00"))
	f.Add(uint16(257), []byte("\x00\x05issue\x00\xff"))
	f.Add(uint16(33), []byte("\x00\x01\x00\x02\x00\x03\x00"))
	f.Fuzz(func(t *testing.T, typ uint16, data []byte) {
		if len(data) > 255 {
			return
		}
		wire := append([]byte(fixedRR), byte(len(data)))
		wire = append(wire, data...)
		wire[len("\x01A\x03e\\.\x00")], wire[len("\x01A\x03e\\.\x00")+1] = byte(typ>>8), byte(typ)
		rr, n, err := mdns.UnpackRR(wire, 0)
		if err != nil || n != len(wire) {
			return
		}
		r, err := fromRR(rr)
		if err != nil {
			return
		}
		written, err := mdns.NewRR(r.String())
		if err != nil {
			t.Fatalf("%v: %v", r, err)
		}
		got := make([]byte, 1024)
		end, err := mdns.PackRR(written, got, 0, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		want := wire
		if strings.Contains("TXT CAA TLSA A AAAA", r.Data.Type().String()) {
			want = bytes.Replace(want, []byte("\x01A"), []byte("\x01a"), 1)
		} else { // names may be compressed, have any case
			want, got = foldCase(repack(t, rr)), foldCase(got)
		}
		if !bytes.Equal(got[:end], want) {
			t.Fatalf("% x became %v: % x", want, r, got[:end])
		}
	})
}

func repack(t *testing.T, rr mdns.RR) []byte {
	buf := make([]byte, 1024)
	n, err := mdns.PackRR(rr, buf, 0, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return buf[:n]
}

// Names of any octets on the wire become names of ours and the same octets
// again, but for case.
func FuzzNameFromWire(f *testing.F) {
	f.Add([]byte("\x07Example\x03com\x00"))
	f.Add([]byte("\x03a.b\x02\x00\xff\x01\\\x00"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		s, n, err := mdns.UnpackDomainName(wire, 0)
		if err != nil || n != len(wire) {
			return
		}
		name, err := nameFromWire(s)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		for _, c := range []byte(name) {
			if c <= ' ' || c >= 0x7f {
				t.Fatalf("%q holds %q", name, c)
			}
		}
		want := make([]byte, 300) // without compression
		size, err := mdns.PackDomainName(s, want, 0, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 300)
		end, err := mdns.PackDomainName(name.Zone(), got, 0, nil, false)
		if err != nil || !bytes.Equal(got[:end], foldCase(want[:size])) {
			t.Fatalf("% x became %q: % x, %v", want[:size], name, got[:end], err)
		}
	})
}

// foldCase folds the ASCII letters; no length octet is one.
func foldCase(wire []byte) []byte {
	folded := bytes.Clone(wire)
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return folded
}
