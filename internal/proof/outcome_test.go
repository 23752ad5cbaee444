package proof

import (
	"context"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sendplan/dmarc"
	"sendplan/internal/dns"
	"sendplan/internal/method"
	"sendplan/internal/provider"
	"sendplan/internal/survey"
	"sendplan/spf"
)

// The words by which the signer is told must be those that routes use.
func TestSignerWords(t *testing.T) {
	t.Parallel()
	last := func(in method.Input) method.Hop {
		hops := method.Route(in, in.Device.Method)
		return hops[len(hops)-1]
	}
	if got := last(office("smtp-auth", signing(method.True))).Signer.Text; got != signerMicrosoft {
		t.Errorf("the tenant signs as %q", got)
	}
	if got := last(office("own-server", signsAs("contoso.example"))).Signer.Text; got != signerDevice {
		t.Errorf("the device signs as %q", got)
	}
	h := last(office("relay:sendgrid", signsAs("contoso.example")))
	if e, ok := provider.ByID(h.Service); !ok || e.ShortName() != h.Signer.Text {
		t.Errorf("the service signs as %q", h.Signer.Text)
	}
	if h := last(office("smtp-auth")); !strings.HasPrefix(string(h.Service), "m365-") {
		t.Errorf("Microsoft is called %q", h.Service)
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	z := zones(t, published("v=spf1 include:spf.protection.outlook.com -all", reject)+exchange)
	got := At(z).Judge(mail(office("smtp-auth"))).Hops[1].Envelopes[0]
	var addrs []string
	for _, s := range got.Samples {
		addrs = append(addrs, s.Addr.String())
		if s.Result != spf.Pass || s.Lookups != 1 || !s.Block.Contains(s.Addr) {
			t.Errorf("sample %+v", s)
		}
	}
	if want := []string{"192.0.2.0", "192.0.2.255", "2001:db8:365::", "2001:db8:365:ffff:ffff:ffff:ffff:ffff"}; !slices.Equal(addrs, want) {
		t.Errorf("samples %v, want %v", addrs, want)
	}
	if got.Term != "include:spf.protection.outlook.com" || got.Lookups != 1 || !got.Complete || got.Domain != "contoso.example" {
		t.Errorf("%+v", got)
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	for block, want := range map[string]string{
		"192.0.2.9/32":       "192.0.2.9",
		"192.0.2.8/29":       "192.0.2.8 192.0.2.9 192.0.2.10 192.0.2.11 192.0.2.12 192.0.2.13 192.0.2.14 192.0.2.15",
		"192.0.2.0/28":       "192.0.2.0 192.0.2.15",
		"255.255.255.254/31": "255.255.255.254 255.255.255.255",
		"198.18.0.0/15":      "198.18.0.0 198.19.255.255",
		"2001:db8::/33":      "2001:db8:: 2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
		"2001:db8::8/127":    "2001:db8::8 2001:db8::9",
	} {
		var got []string
		for _, a := range ends(netip.MustParsePrefix(block)) {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", block, got, want)
		}
	}
}

func TestMacros(t *testing.T) {
	t.Parallel()
	for term, want := range map[string]string{
		"exists:%{L}.%{d2r}.x.example": "dl",
		"exists:%%{l}.%_%{i}":          "i",
		"include:plain.example":        "",
		"exists:%{":                    "",
		"%":                            "",
	} {
		if got := string(macros(term)); got != want {
			t.Errorf("%s: %q, want %q", term, got, want)
		}
	}
}

// Receivers of RFC 7489 ask less of the mail that fails where pct is set; both
// say that it fails.
func TestTwoStandards(t *testing.T) {
	t.Parallel()
	z := zones(t, published("v=spf1 -all", "v=DMARC1; p=reject; pct=10"))
	got := At(z).Judge(mail(office("direct-send"))).Hops[0].Authors[0]
	if d := got.DMARC; d.Verdict != Fail || d.Policy != dmarc.Reject || d.PCT != 100 || d.Found != "contoso.example" {
		t.Errorf("RFC 9989: %+v", d)
	}
	if d := got.DMARC7489; d.Verdict != Fail || d.Policy != dmarc.Reject || d.PCT != 10 {
		t.Errorf("RFC 7489: %+v", d)
	}
}

// The worse of the two standards counts.
func TestWorseStandard(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, zone       string
		from, mailFrom   string
		newer, older     Verdict
		verdict          Verdict
		right            method.Truth
		standardsVerdict string
	}{
		{
			"psd=n parts the organisation for RFC 9989",
			txt("_dmarc.dept.contoso.example", "v=DMARC1; p=reject; psd=n") + txt("_dmarc.contoso.example", reject) + txt("b.contoso.example", "v=spf1 ip4:198.51.100.10 -all"),
			"x@dept.contoso.example", "b.contoso.example", Fail, Pass, Fail, method.False, "RFC 9989",
		},
		{
			"the public suffix list parts it for RFC 7489",
			txt("_dmarc.azurewebsites.net", reject) + txt("_dmarc.a.azurewebsites.net", reject) + txt("b.azurewebsites.net", "v=spf1 ip4:198.51.100.10 -all"),
			"x@a.azurewebsites.net", "b.azurewebsites.net", Pass, Fail, Fail, method.False, "RFC 7489",
		},
		{
			"a policy that only RFC 9989 finds",
			txt("_dmarc.azurewebsites.net", reject) + txt("a.azurewebsites.net", "v=spf1 ip4:198.51.100.10 -all"),
			"x@a.azurewebsites.net", "", Pass, None, None, method.True, "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := office("direct-send", mailFrom(tc.mailFrom))
			in.Device.From = []string{tc.from}
			got := At(zones(t, tc.zone)).Judge(mail(in))
			a := got.Hops[0].Authors[0]
			if a.DMARC.Verdict != tc.newer || a.DMARC7489.Verdict != tc.older || got.DMARC != tc.verdict || got.Right != tc.right {
				t.Errorf("%s and %s: %s: %s", a.DMARC.Verdict, a.DMARC7489.Verdict, sketch(got), got.Why)
			}
			if !strings.Contains(got.Why, tc.standardsVerdict) {
				t.Errorf("why: %s", got.Why)
			}
		})
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	z := zones(t, published("v=spf1 ip4:198.51.100.0/24 -all", reject))
	for want, networks := range map[string][]netip.Prefix{
		"pass none pass true":          {netip.MustParsePrefix("198.51.100.0/28")},
		"fail none fail false":         {netip.MustParsePrefix("203.0.113.7/32")},
		"depends none fail false":      {netip.MustParsePrefix("198.51.100.7/32"), netip.MustParsePrefix("203.0.113.7/32")},
		"unknown none unknown unknown": {{}},
	} {
		if got := At(z).Source("contoso.example", networks); sketch(got) != want {
			t.Errorf("%v: %s, want %s", networks, sketch(got), want)
		}
	}
}

// A hop that may be judged spoils nothing for certain.
func TestMayBeJudged(t *testing.T) {
	t.Parallel()
	m := mail(office("direct-send"))
	m.Hops[0].Judged = method.Unknown
	got := At(zones(t, published("v=spf1 ip4:198.51.100.10 -all", reject))).Judge(m)
	if sketch(got) != "pass unknown pass true" {
		t.Errorf("listed: %s", sketch(got))
	}
	got = At(zones(t, published("v=spf1 -all", reject))).Judge(m)
	if sketch(got) != "unknown unknown unknown unknown" || got.Hops[0].DMARC != Fail || !strings.Contains(got.Why, "if the hop is judged") {
		t.Errorf("not listed: %s, %s: %s", sketch(got), got.Hops[0].DMARC, got.Why)
	}
}

// Of several hops the worst counts: a failure of DMARC before what is not known,
// but what is not known before another result of SPF.
func TestSeveralHops(t *testing.T) {
	t.Parallel()
	hop := func(from dns.Name, addresses ...string) method.Hop {
		return method.Hop{
			Judged: method.True, Addresses: prefixes(addresses...), MailFrom: method.MailFrom{Known: method.True, Domains: []dns.Name{from}},
			Signer: method.Signer{Signed: method.False},
		}
	}
	z := zones(t, published("v=spf1 ip4:198.51.100.10 -all", reject)+txt("bad.contoso.example", "v=spf1 nonsense"))
	pass, fail, open, broken := hop("contoso.example", "198.51.100.10/32"), hop("contoso.example", "203.0.113.1/32"), hop("contoso.example"), hop("bad.contoso.example", "198.51.100.10/32")
	for _, tc := range []struct {
		hops []method.Hop
		want string
	}{
		{[]method.Hop{pass, pass}, "pass none pass true"},
		{[]method.Hop{pass, fail}, "fail none fail false"},
		{[]method.Hop{open, pass}, "unknown none unknown unknown"},
		{[]method.Hop{open, broken}, "unknown none fail false"},
		{[]method.Hop{fail, open}, "unknown none fail false"},
		{[]method.Hop{fail, broken}, "permerror none fail false"},
	} {
		if got := At(z).Judge(Mail{From: []dns.Name{"contoso.example"}, Hops: tc.hops}); sketch(got) != tc.want {
			t.Errorf("%s, want %s: %s", sketch(got), tc.want, got.Why)
		}
	}
}

// A plan that adds the address makes the device right.
func TestAfterPlan(t *testing.T) {
	t.Parallel()
	z := zones(t, published("v=spf1 -all", reject))
	m := mail(office("direct-send"))
	if got := At(z).Judge(m); got.Right != method.False {
		t.Errorf("before: %s", sketch(got))
	}
	record := func(text string) []dns.Record {
		return []dns.Record{{Name: "contoso.example", TTL: 3600, Data: dns.NewTXT(text)}}
	}
	plan := []dns.Change{{Zone: "example", Key: dns.Key{Name: "contoso.example", Type: dns.TypeTXT}, Old: record("v=spf1 -all"), New: record("v=spf1 ip4:198.51.100.10 -all")}}
	if got := At(dns.NewOverlay(z, plan)).Judge(m); got.Right != method.True {
		t.Errorf("after: %s: %s", sketch(got), got.Why)
	}
}

// A survey that asks only what judging wants gives the same outcome.
func TestSurvey(t *testing.T) {
	t.Parallel()
	for _, tc := range worked() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			z, m := zones(t, tc.zone), tc.Mail()
			s := survey.Gather(context.Background(), z, survey.Options{}, func(r dns.Resolver) { At(r).Judge(m) })
			if got, want := At(s).Judge(m), At(z).Judge(m); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, want %s: %s", sketch(got), sketch(want), got.Why)
			}
			if lacking := s.Lacking(); len(lacking) > 0 {
				t.Errorf("still lacking %v", lacking)
			}
		})
	}
}

// What was remembered for one mail does not change another.
func TestMemory(t *testing.T) {
	t.Parallel()
	text := published("v=spf1 include:spf.protection.outlook.com exists:%{h}.hosts.example -all", reject) + exchange + microsoftKeys +
		"known.example.hosts.example. A 127.0.0.2\n"
	z := zones(t, text)
	mails := []Mail{
		mail(office("direct-send")), mail(office("direct-send", helo("known.example"))), mail(office("direct-send", mailFrom("<>"), helo("contoso.example"))),
		mail(office("smtp-auth", signing(method.True))), mail(office("smtp-auth")), withSelector(office("own-server", signsAs("contoso.example")), "selector1"),
		mail(office("own-server", signsAs("contoso.example"))),
	}
	shared := At(z)
	seen := map[string]bool{}
	for range 2 {
		for i, m := range mails {
			got, want := shared.Judge(m), At(z).Judge(m)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("mail %d: %s, alone %s", i, sketch(got), sketch(want))
			}
			seen[sketch(want)] = true
		}
	}
	if len(seen) < 4 {
		t.Errorf("the mails are too much alike: %v", seen)
	}
}

// Hostile records of a service are bounded and prove nothing.
func TestHostileService(t *testing.T) {
	t.Parallel()
	blocks := ""
	for i := range 200 {
		blocks += fmt.Sprintf(" ip4:203.0.%d.0/24", i)
	}
	for _, tc := range []struct {
		name, record string
		samples      int
		spf          Verdict
	}{
		{"everything", "v=spf1 +all", 0, Unknown},
		{"nothing", "v=spf1 -all", 0, Unknown},
		{"private addresses", "v=spf1 ip4:10.0.0.0/8 -all", 0, Unknown},
		{"private ones beside others", "v=spf1 ip4:10.0.0.0/8 ip4:192.0.2.0/24 -all", 2, Pass},
		{"the same again", "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.0/24 -all", 2, Pass},
		{"itself", "v=spf1 include:spf.hornetsecurity.com ip4:192.0.2.0/24 -all", 2, PermError},
		{"many", "v=spf1" + blocks + " -all", maxSamples, Pass},
		{"a part that cannot be asked", "v=spf1 ip4:192.0.2.0/24 a:gone.example -all", 2, Unknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			z := zones(t, published("v=spf1 include:spf.hornetsecurity.com -all", reject)+txt("spf.hornetsecurity.com", tc.record)+";! servfail gone.example. AAAA\n")
			o := At(z).Judge(mail(office("smtp-auth", outbound("gateway:hornetsecurity"))))
			if got := o.Hops[2].Envelopes[0]; got.Verdict != tc.spf || len(got.Samples) != tc.samples {
				t.Errorf("%s with %d samples: %s", got.Verdict, len(got.Samples), got.Why)
			}
		})
	}
}

func TestManyBlocks(t *testing.T) {
	t.Parallel()
	var s source
	for i := range 1000 {
		s.add(netip.PrefixFrom(netip.AddrFrom4([4]byte{203, byte(i >> 8), byte(i), 0}), 24))
	}
	first, last := s.points[0], s.points[len(s.points)-1]
	s.thin(maxSamples)
	if len(s.points) != maxSamples || s.points[0] != first || s.points[maxSamples-1] != last || len(s.notes) != 1 {
		t.Errorf("%d points, %v", len(s.points), s.notes)
	}
}
