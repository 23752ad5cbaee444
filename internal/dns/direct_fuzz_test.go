package dns

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	mdns "github.com/miekg/dns"
)

// FuzzDirect feeds octets to the reader of authoritative answers. What it takes
// is about the name that was asked for, and can be recorded and read again.
func FuzzDirect(f *testing.F) {
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
		func(m *mdns.Msg) { m.Answer = rrs(`a.example. 5 IN TXT "v=spf1 -all"`) },
		func(m *mdns.Msg) { m.Answer = rrs("a.example. 5 IN CNAME b.example.", `b.example. 5 IN TXT "x"`) },
		func(m *mdns.Msg) { m.Rcode, m.Ns = mdns.RcodeNameError, rrs(soaLine) },
		func(m *mdns.Msg) {
			m.Ns = rrs("example. 5 IN NS ns.example.", "example. 5 IN NS ns2.example.")
			m.Extra = rrs("ns.example. 5 IN A 192.0.2.1", "ns.example. 5 IN AAAA 2001:db8::1")
		},
	} {
		f.Add(pack(response(asked, func(m *mdns.Msg) { m.Authoritative = true; edit(m) })))
	}
	f.Fuzz(func(t *testing.T, msg []byte) {
		msg = slices.Clone(msg)
		if len(msg) >= headerSize {
			copy(msg, q.wire[:2])
			msg[2] = msg[2]&^opcodeBits | responseBit
		}
		if q.mismatch(msg) != "" {
			return
		}
		r, failed := readDirect(msg, key)
		if failed != nil {
			if failed.Cause != Lame && (failed.Cause < ServFail || failed.Cause > Malformed) {
				t.Fatalf("cause %v", failed.Cause)
			}
			return
		}
		if len(r.Chain) > 1 || len(r.Chain) == 1 && !r.Void() {
			t.Fatalf("an alias was followed: %+v", r)
		}
		replay := &Replay{outcomes: map[Question]result{{"192.0.2.1:53", key}: {answer: r.Answer}}}
		var file bytes.Buffer
		if _, err := replay.WriteTo(&file); err != nil {
			t.Fatal(err)
		}
		back, err := ReadRecording(&file)
		if err != nil {
			t.Fatalf("%v: %+v", err, r)
		}
		a, err := back.Ask(t.Context(), Question{"192.0.2.1:53", key})
		if err != nil || len(a.Records) != len(r.Records) || !reflect.DeepEqual(a.Referral, r.Referral) {
			t.Fatalf("%+v became %+v, %v", r.Answer, a, err)
		}
	})
}
