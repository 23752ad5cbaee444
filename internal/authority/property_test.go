package authority

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sendplan/internal/dns"
)

// said is what one server is made to say: data and TTLs, or a failure.
type said struct {
	ttls   map[string]uint32
	failed bool
}

func drawSaid(t *rapid.T, what string) said {
	return said{
		ttls:   rapid.MapOfN(rapid.SampledFrom([]string{"a", "b"}), rapid.SampledFrom([]uint32{60, 300}), 0, 2).Draw(t, what),
		failed: rapid.IntRange(0, 4).Draw(t, what+" fails") == 0,
	}
}

// answer holds the records in an order of the source's own.
func (s said) answer(q dns.Question) dns.Answer {
	a := dns.Answer{Exists: true}
	for _, text := range slices.Sorted(maps.Keys(s.ttls)) {
		a.Records = append(a.Records, dns.Record{Name: q.Key.Name, TTL: s.ttls[text], Data: dns.NewTXT(text)})
	}
	if q.Source == two {
		slices.Reverse(a.Records)
	}
	return a
}

// A set is told exactly if each host answered and those who answered have the
// same data; then it is that data with the largest TTLs.
func TestAgreement(t *testing.T) {
	t.Parallel()
	k := key("TXT contoso.example")
	base := internet(t, contosoText, contosoText)
	rapid.Check(t, func(t *rapid.T) {
		says := map[dns.Source]said{one: drawSaid(t, "ns1"), six: drawSaid(t, "ns1 by IPv6"), two: drawSaid(t, "ns2")}
		w := &servers{given: base.given, at: base.at, asked: map[dns.Question]int{}}
		w.outcome = func(q dns.Question) *dns.Error {
			if q.Key == k && says[q.Source].failed {
				return &dns.Error{Key: k, Cause: dns.Timeout, Server: string(q.Source)}
			}
			return nil
		}
		l := liar{w, k, func(q dns.Question) dns.Answer { return says[q.Source].answer(q) }}
		got := New(l, Options{Own: []dns.Name{"contoso.example"}}).Set(k)

		want := map[string]uint32{}
		var first []string
		heard, agree := 0, true
		for _, s := range says {
			if s.failed {
				continue
			}
			texts := slices.Sorted(maps.Keys(s.ttls))
			if heard++; heard == 1 {
				first = texts
			}
			agree = agree && slices.Equal(first, texts)
			for text, ttl := range s.ttls {
				want[text] = max(want[text], ttl)
			}
		}
		whole := !says[two].failed && !(says[one].failed && says[six].failed)
		if (got.Err == nil) != whole || whole && (got.Differs == "") != agree {
			t.Fatalf("%+v: error %v, differs %q", says, got.Err, got.Differs)
		}
		if got.Problem() != "" {
			return
		}
		have := map[string]uint32{}
		for _, r := range got.Records {
			have[r.Data.(dns.TXT).Joined()] = r.TTL
		}
		if !maps.Equal(have, want) || len(got.Records) != len(want) {
			t.Fatalf("%+v: %v", says, got.Records)
		}
	})
}
