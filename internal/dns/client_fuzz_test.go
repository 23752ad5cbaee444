package dns

import (
	"encoding/binary"
	"slices"
	"testing"

	mdns "github.com/miekg/dns"
)

// FuzzReply feeds octets to everything that reads a reply. An answer must be to
// our question, whole, and about the names of the chain only.
func FuzzReply(f *testing.F) {
	key := Key{"a.example", TypeTXT}
	q, failed := newQuery(key, true)
	if failed != nil {
		f.Fatal(failed)
	}
	asked := new(mdns.Msg)
	if err := asked.Unpack(q.wire); err != nil {
		f.Fatal(err)
	}
	for _, edit := range []func(m *mdns.Msg){
		func(*mdns.Msg) {},
		func(m *mdns.Msg) { m.Answer = rrs(`a.example. 5 IN TXT "v=spf1 -all"`, `a.example. 5 IN TXT ""`) },
		func(m *mdns.Msg) { m.Answer = rrs("a.example. 5 IN CNAME b.example.", `b.example. 5 IN TXT "x"`) },
		func(m *mdns.Msg) { m.Rcode, m.Ns = mdns.RcodeNameError, rrs(soaLine) },
		func(m *mdns.Msg) { m.Ns = rrs("example. 5 IN NS ns.example.") },
		func(m *mdns.Msg) {
			m.Rcode = mdns.RcodeServerFailure
			m.SetEdns0(1232, false)
			m.IsEdns0().Option = []mdns.EDNS0{&mdns.EDNS0_EDE{InfoCode: 6, ExtraText: "x"}}
		},
	} {
		f.Add(pack(response(asked, edit)), true)
	}
	f.Add(q.wire, false)
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), true)
	f.Fuzz(func(t *testing.T, msg []byte, ours bool) {
		msg = slices.Clone(msg)
		if ours && len(msg) >= headerSize { // so that the fuzzer gets past the ID
			copy(msg, q.wire[:2])
			msg[2] = msg[2]&^opcodeBits | responseBit
		}
		if q.mismatch(msg) != "" {
			return
		}
		refusesEDNS(msg)
		r, failed := readReply(msg, key)
		if failed != nil {
			if failed.Cause < ServFail || failed.Cause > Malformed {
				t.Fatalf("cause %v", failed.Cause)
			}
			return
		}
		checkReply(t, msg, key, r)
	})
}

func checkReply(t *testing.T, msg []byte, key Key, r reply) {
	m := new(mdns.Msg)
	if err := m.Unpack(msg); err != nil || len(m.Question) != 1 {
		t.Fatalf("answer from what is no answer: %v", err)
	}
	if n, err := nameFromWire(m.Question[0].Name); err != nil || n != key.Name || Type(m.Question[0].Qtype) != key.Type || m.Id != binary.BigEndian.Uint16(msg) {
		t.Fatalf("answer to %v", m.Question)
	}
	owner := key.Name
	for _, link := range r.Chain {
		if link.Name != owner {
			t.Fatalf("chain %v is not one of %s", r.Chain, key.Name)
		}
		owner = link.Data.(CNAME).Target
	}
	for _, rec := range r.Records {
		if rec.Name != owner || rec.Data.Type() != key.Type {
			t.Fatalf("record %v for %s", rec, owner)
		}
	}
	if !r.Void() && (!r.Exists || !r.complete || r.Negative != nil) || !r.Exists && !r.complete {
		t.Fatalf("contradiction in %+v", r)
	}
	if r.Negative != nil && !owner.Below(r.Negative.Name) {
		t.Fatalf("SOA %v is not about %s", r.Negative, owner)
	}
}

func BenchmarkExchange(b *testing.B) {
	reply := rrs(`a.example. 5 IN TXT "v=spf1 include:spf.protection.outlook.com -all"`)
	c := patient(b, serve(b, says(func(m *mdns.Msg) { m.Answer = reply })).Server)
	for b.Loop() {
		if _, err := c.Lookup(b.Context(), "a.example", TypeTXT); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadReply(b *testing.B) {
	key := Key{"a.example", TypeTXT}
	q, _ := newQuery(key, true)
	asked := new(mdns.Msg)
	if err := asked.Unpack(q.wire); err != nil {
		b.Fatal(err)
	}
	msg := pack(response(asked, func(m *mdns.Msg) {
		m.Answer = rrs("a.example. 5 IN CNAME b.example.", `b.example. 5 IN TXT "v=spf1 -all"`, `b.example. 5 IN TXT "MS=ms12345678"`)
	}))
	for b.Loop() {
		if _, failed := readReply(msg, key); failed != nil {
			b.Fatal(failed)
		}
	}
}
