package message

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sendplan/dkim"
	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/world"
	"sendplan/spf"
)

// nowhere is a DNS in which nothing exists.
type nowhere struct{}

func (nowhere) Lookup(context.Context, dns.Name, dns.Type) (dns.Answer, error) {
	return dns.Answer{}, nil
}

// faulty fails for one question and keeps what was asked.
type faulty struct {
	dns.Resolver
	fail  dns.Key
	cause dns.Cause
	asked map[dns.Key]bool
}

func (f *faulty) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	key := dns.Key{Name: name, Type: t}
	f.asked[key] = true
	if key == f.fail {
		return dns.Answer{}, &dns.Error{Key: key, Cause: f.cause}
	}
	return f.Resolver.Lookup(ctx, name, t)
}

func theWorld(t testing.TB) dns.Resolver {
	t.Helper()
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

func demo(t testing.TB) *Message {
	t.Helper()
	return parse(t, string(world.Message()))
}

func TestDemo(t *testing.T) {
	t.Parallel()
	r := theWorld(t)
	// The signature has expired by now; when it was received, it had not.
	j := Judge(r, demo(t), Options{Date: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	if j.SPF.Result != spf.Pass || j.DKIM[0].Outcome != dkim.OutcomePass || j.DMARC.Status != dmarc.StatusPass || j.Old.Status != dmarc.StatusPass || j.Unknown() {
		t.Errorf("SPF %s, DKIM %s, DMARC %s and %s", j.SPF.Result, j.DKIM[0].Outcome, j.DMARC.Status, j.Old.Status)
	}
	if j.Client.Hop != 2 || len(j.Hops) != 3 {
		t.Errorf("hop %d of %d", j.Client.Hop, len(j.Hops))
	}
	for _, c := range j.Carried {
		if c.Agreement != Agrees {
			t.Errorf("%s: %s, %s", c.Method, c.Agreement, c.Why)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	r := theWorld(t)
	null := Sender{Known: true, Address: "<>"}
	for _, test := range []struct {
		name   string
		opts   Options
		want   string // SPF result and domain
		status dmarc.Status
	}{
		{"hop", Options{Hop: 3}, "fail nordwind.example", dmarc.StatusPass},
		{"address", Options{IP: netip.MustParseAddr("192.0.2.99")}, "fail nordwind.example", dmarc.StatusPass},
		{"sender", Options{MailFrom: Sender{Known: true, Address: "x@parked.example"}}, "fail parked.example", dmarc.StatusPass},
		{"null sender", Options{MailFrom: null}, "none gw.nordwind.example", dmarc.StatusPass},
		{"null sender and HELO", Options{MailFrom: null, HELO: "nordwind.example"}, "pass nordwind.example", dmarc.StatusPass},
	} {
		j := Judge(r, demo(t), test.opts)
		if got := fmt.Sprintf("%s %s", j.SPF.Result, j.SPF.Domain); got != test.want && got != strings.Replace(test.want, "fail", "softfail", 1) || j.DMARC.Status != test.status {
			t.Errorf("%s: %s, DMARC %s; want %s, %s", test.name, got, j.DMARC.Status, test.want, test.status)
		}
	}
	m := demo(t)
	for n, ok := range map[int]bool{1: true, 3: true, 0: false, 4: false} {
		if err := m.CheckHop(n); (err == nil) != ok {
			t.Errorf("hop %d: %v", n, err)
		}
	}
}

// A changed body breaks the signature; DMARC then rests on SPF.
func TestForgery(t *testing.T) {
	t.Parallel()
	r := theWorld(t)
	text := strings.Replace(string(world.Message()), "1187 vom", "9999 vom", 1)
	j := Judge(r, parse(t, text), Options{})
	if j.DKIM[0].Outcome != dkim.OutcomeFail || j.DMARC.Status != dmarc.StatusPass {
		t.Errorf("DKIM %s, DMARC %s", j.DKIM[0].Outcome, j.DMARC.Status)
	}
	if c := j.Carried[1]; c.Method != "dkim" || c.Agreement != Differs {
		t.Errorf("the carried %s=%s %s", c.Method, c.Result, c.Agreement)
	}
	j = Judge(r, parse(t, text), Options{IP: netip.MustParseAddr("192.0.2.99")})
	if j.DMARC.Status != dmarc.StatusFail || j.DMARC.Disposition != dmarc.Reject {
		t.Errorf("DMARC %s, %s", j.DMARC.Status, j.DMARC.Disposition)
	}
	j = Judge(r, parse(t, strings.Replace(text, "Return-Path: <rechnung@nordwind.example>\n", "", 1)), Options{IP: netip.MustParseAddr("192.0.2.99"), MailFrom: Sender{}})
	if !j.Sender.Known {
		t.Error("Authentication-Results has the sender")
	}
}

// What is not known about SPF leaves DMARC open, unless DKIM decides.
func TestUnknownSPF(t *testing.T) {
	t.Parallel()
	r := theWorld(t)
	j := Judge(r, parse(t, "From: a@nordwind.example\n\nx\n"), Options{})
	if j.SPF.Known || j.DMARC.Status != dmarc.StatusUnknown || !j.Unknown() {
		t.Errorf("SPF known %v, DMARC %s", j.SPF.Known, j.DMARC.Status)
	}
	if got := j.AuthenticationResults("x.invalid"); got != "x.invalid; dkim=none; dmarc=temperror header.from=nordwind.example" {
		t.Errorf("got %s", got)
	}
	// A sender of another domain cannot help.
	j = Judge(r, parse(t, "Return-Path: <a@parked.example>\nFrom: a@nordwind.example\n\nx\n"), Options{})
	if j.SPF.Known || j.DMARC.Status != dmarc.StatusFail {
		t.Errorf("SPF known %v, DMARC %s", j.SPF.Known, j.DMARC.Status)
	}
}

// Whatever question fails, no verdict becomes worse than unknown: a failure of
// the DNS never makes a fail, nor takes a pass for anything but unknown.
func TestFailuresNeverFail(t *testing.T) {
	t.Parallel()
	forged := strings.Replace(string(world.Message()), "1187 vom", "9999 vom", 1)
	for name, text := range map[string]string{"good": string(world.Message()), "forged": forged} {
		m := parse(t, text)
		base := &faulty{Resolver: theWorld(t), asked: map[dns.Key]bool{}}
		want := Judge(base, m, Options{})
		for key := range base.asked {
			for _, cause := range []dns.Cause{dns.ServFail, dns.Timeout, dns.Refused} {
				got := Judge(&faulty{base.Resolver, key, cause, map[dns.Key]bool{}}, m, Options{})
				what := fmt.Sprintf("%s, %s %s", name, key, cause)
				if got.SPF.Result != want.SPF.Result && got.SPF.Result != spf.TempError {
					t.Errorf("%s: SPF became %s", what, got.SPF.Result)
				}
				if o := got.DKIM[0].Outcome; o != want.DKIM[0].Outcome && o != dkim.OutcomeTempError {
					t.Errorf("%s: DKIM became %s", what, o)
				}
				if s := got.DMARC.Status; s != want.DMARC.Status && s != dmarc.StatusUnknown {
					t.Errorf("%s: DMARC became %s", what, s)
				}
				if s := got.Old.Status; s != want.Old.Status && s != dmarc.StatusUnknown {
					t.Errorf("%s: DMARC of RFC 7489 became %s", what, s)
				}
			}
		}
		if len(base.asked) < 3 {
			t.Errorf("only %d questions were asked", len(base.asked))
		}
	}
}

// Look asks all that Judge reads.
func TestLookIsEnough(t *testing.T) {
	t.Parallel()
	for _, text := range []string{string(world.Message()), strings.ReplaceAll(string(world.Message()), "d=nordwind", "d=mail.nordwind")} {
		m := parse(t, text)
		look, judge := &faulty{Resolver: theWorld(t), asked: map[dns.Key]bool{}}, &faulty{Resolver: theWorld(t), asked: map[dns.Key]bool{}}
		Look(look, m, Options{})
		Judge(judge, m, Options{})
		for key := range judge.asked {
			if !look.asked[key] {
				t.Errorf("Look did not ask %s", key)
			}
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, "Received: from x%d (10.0.0.%d) by \x1b[2J\u202ey; now\n", i, i%256)
	}
	for i := range 200 {
		fmt.Fprintf(&b, "DKIM-Signature: v=1; a=rsa-sha256; d=nordwind.example; s=erp2026; h=%s; bh=x; b=x%d\n", strings.Repeat("a:", 500)+"from", i)
		fmt.Fprintf(&b, "Authentication-Results: x; %s\n", strings.Repeat("spf=pass;", 100))
	}
	b.WriteString("From: \x1b[31m\u202e <a@nordwind.example>\nReturn-Path: <\"a;\\\"\x1b\u202e=b\"@nordwind.example>\n\n")
	m := parse(t, b.String())
	start := time.Now()
	j := Judge(theWorld(t), m, Options{IP: netip.MustParseAddr("203.0.113.10")})
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("it took %v", d)
	}
	if len(j.Hops) != 10_000 || len(j.DKIM) != 200 || len(j.Carried) != maxCarried {
		t.Errorf("%d hops, %d signatures, %d carried", len(j.Hops), len(j.DKIM), len(j.Carried))
	}
	for _, r := range j.AuthenticationResults("x.invalid") {
		if r < ' ' || r >= 0x7f {
			t.Fatalf("%U in the field", r)
		}
	}
}

func TestCarried(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ field, want string }{
		{"Authentication-Results: mx.b.example; spf=pass smtp.mailfrom=a@nordwind.example", "spf=pass a@nordwind.example mx.b.example"},
		{"Authentication-Results: mx.b.example 1; none", ""},
		{"Authentication-Results: mx.b.example (a; b) 1; spf=pass (c; d=\"e) smtp.mailfrom=x.example; dkim=fail reason=\"a; spf=fail\" header.d=y.example", "spf=pass x.example mx.b.example, dkim=fail y.example mx.b.example"},
		{"Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=x.example; dkim=none (message not signed)\n header.d=none;dmarc=bestguesspass action=none header.from=x.example;compauth=pass reason=109", "spf=pass x.example , dkim=none none , dmarc=bestguesspass x.example , compauth=pass  "},
		{"ARC-Authentication-Results: i=2; mx.b.example; arc=pass header.oldest-pass=0; spf=softfail smtp.mailfrom=x.example", "spf=softfail x.example mx.b.example"},
		{"Received-SPF: Pass (x: y) receiver=mx.b.example; client-ip=192.0.2.1; envelope-from=\"a@x.example\"", "spf=pass a@x.example mx.b.example"},
		{"Received-SPF: (no result) x", "spf=  "},
	} {
		var got []string
		j := Judge(nowhere{}, parse(t, test.field+"\n\n"), Options{})
		for _, c := range j.Carried {
			got = append(got, fmt.Sprintf("%s=%s %s %s", c.Method, c.Result, c.About, c.Server))
			if c.Agreement == "" || c.Line != 1 {
				t.Errorf("%s: %+v", test.field, c)
			}
		}
		if s := strings.Join(got, ", "); s != test.want {
			t.Errorf("%s: got %q, want %q", test.field, s, test.want)
		}
	}
}
