package spf

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"sendplan/internal/dns"
)

// macroEvaluator is the message of the examples in RFC 7208 §7.4.
func macroEvaluator(ip string) (*evaluator, *frame) {
	e := &evaluator{ip: netip.MustParseAddr(ip), local: "strong-bad", senderDomain: "email.example.com",
		q: Query{Helo: "mx.example.org", Receiver: "mail.example.net", Time: time.Unix(1234567890, 0)}}
	return e, &frame{target: target{"email.example.com", "email.example.com"}}
}

func TestMacros(t *testing.T) {
	tests := []struct{ ip, in, want string }{
		// RFC 7208 §7.4
		{"192.0.2.3", "%{s}", "strong-bad@email.example.com"},
		{"192.0.2.3", "%{o}", "email.example.com"},
		{"192.0.2.3", "%{d}", "email.example.com"},
		{"192.0.2.3", "%{d4}", "email.example.com"},
		{"192.0.2.3", "%{d3}", "email.example.com"},
		{"192.0.2.3", "%{d2}", "example.com"},
		{"192.0.2.3", "%{d1}", "com"},
		{"192.0.2.3", "%{dr}", "com.example.email"},
		{"192.0.2.3", "%{d2r}", "example.email"},
		{"192.0.2.3", "%{l}", "strong-bad"},
		{"192.0.2.3", "%{l-}", "strong.bad"},
		{"192.0.2.3", "%{lr}", "strong-bad"},
		{"192.0.2.3", "%{lr-}", "bad.strong"},
		{"192.0.2.3", "%{l1r-}", "strong"},
		{"192.0.2.3", "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
		{"192.0.2.3", "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
		{"192.0.2.3", "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
		{"192.0.2.3", "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
		{"192.0.2.3", "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
		{"2001:db8::cb01", "%{ir}.%{v}._spf.%{d2}", "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com"},

		{"192.0.2.3", "%{H}", "mx.example.org"},
		{"192.0.2.3", "%%%_%-", "% %20"},
		{"192.0.2.3", "%{S}", "strong-bad%40email.example.com"},
		{"192.0.2.3", "%{d200}", "email.example.com"},
		{"192.0.2.3", "%{d99999999999999999999}", "email.example.com"},
		{"192.0.2.3", "%{s-.@}", ""}, // no delimiter: the syntax check refuses it
		{"192.0.2.3", "%{s.-}", "strong.bad@email.example.com"},
	}
	for _, tt := range tests {
		e, f := macroEvaluator(tt.ip)
		if _, bad := scanMacros(tt.in, macroDomain); bad != nil {
			if tt.want != "" {
				t.Errorf("%s: %s", tt.in, bad.message)
			}
			continue
		}
		if got, stop := expandDomain(tt.in, e.values(f, Span{})); got != tt.want || stop != nil {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExplanationMacros(t *testing.T) {
	e, f := macroEvaluator("2001:db8::1")
	parts, bad := scanMacros("%{c} %{r} %{t} %{C}", macroExplain)
	if bad != nil {
		t.Fatal(bad.message)
	}
	got, _ := expandText(parts, e.values(f, Span{}))
	if want := "2001:db8::1 mail.example.net 1234567890 2001%3Adb8%3A%3A1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	e.q = Query{}
	if got, _ := expandText(parts[2:5], e.values(f, Span{})); got != "unknown 0 " && !strings.HasPrefix(got, "unknown 0") {
		t.Errorf("got %q", got)
	}
	parts, _ = scanMacros(strings.Repeat("%{s}", 5000), macroExplain)
	if got, _ := expandText(parts, e.values(f, Span{})); len(got) != maxExplanation {
		t.Errorf("%d octets", len(got))
	}
}

// Labels are dropped on the left until 253 octets are left (RFC 7208 §7.3).
func TestCutLeft(t *testing.T) {
	label := strings.Repeat("a", 49) + "." // 50 octets
	for in, want := range map[string]int{
		strings.Repeat(label, 5) + "com":        253,
		"x" + strings.Repeat(label, 5) + "com":  203,
		"x." + strings.Repeat(label, 5) + "com": 253,
		strings.Repeat(label, 9) + "com":        253,
		strings.Repeat("a", 253):                253,
		strings.Repeat("a", 254):                0,
		"x." + strings.Repeat("a", 253):         253,
	} {
		got := cutLeft(in)
		if len(got) != want || !strings.HasSuffix(in, got) {
			t.Errorf("%q: got %d octets, want %d", in, len(got), want)
		}
		// Expansion from the right gives the same.
		spec := strings.ReplaceAll(in, "x.", "%{l}.")
		e, f := macroEvaluator("192.0.2.1")
		e.local = "x"
		if text, _ := expandDomain(spec, e.values(f, Span{})); text != got {
			t.Errorf("%q: expansion gives %d octets", spec, len(text))
		}
	}
}

func FuzzMacro(f *testing.F) {
	for _, s := range []string{"%{ir}.%{v}._spf.%{d2}", "%{L1r-+}%%%_%-x", "%{p}", "%{d", "%{s300r.-+,/_=}", "%"} {
		f.Add(s, "strong-bad", "192.0.2.3")
		f.Add(s, "a.b+c@d", "2001:db8::1")
	}
	f.Fuzz(func(t *testing.T, spec, local, client string) {
		ip, err := netip.ParseAddr(client)
		if err != nil {
			return
		}
		e, fr := macroEvaluator("192.0.2.3")
		e.ip, e.local, e.limits = ip.Unmap().WithZone(""), local, Limits{}.resolved()
		e.r = survey{}
		for _, use := range []macroUse{macroDomain, macroExplain, macroAny} {
			parts, bad := scanMacros(spec, use)
			if bad != nil {
				if bad.message == "" || bad.span.Start < 0 || bad.span.Start > bad.span.End || bad.span.End > len(spec) {
					t.Fatalf("%q: %+v", spec, bad)
				}
				continue
			}
			if spec != "" && len(parts) == 0 {
				t.Fatalf("%q has no parts", spec)
			}
			if text, _ := expandText(parts, e.values(fr, Span{})); len(text) > maxExplanation {
				t.Fatalf("%q: %d octets", spec, len(text))
			}
		}
		if _, bad := scanMacros(spec, macroDomain); bad != nil {
			return
		}
		text, stop := expandDomain(spec, e.values(fr, Span{}))
		if len(text) > maxName || stop != nil && stop.cause.Cause != dns.NotAsked {
			t.Fatalf("%q: %q %+v", spec, text, stop)
		}
	})
}
