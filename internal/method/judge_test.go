package method

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"sendplan/internal/dns"
	"sendplan/internal/provider"

	"pgregory.net/rapid"
)

// Basic authentication as it stands on a day.
func TestBasicAuthByDate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		date    time.Time
		basic   Truth
		created time.Time
		want    State
	}{
		{november, Unknown, time.Time{}, Free},
		{november, False, time.Time{}, Vetoed},
		{day(2026, time.December, 30), Unknown, time.Time{}, Free},
		{day(2026, time.December, 31), Unknown, time.Time{}, Free},
		{day(2027, time.January, 1), Unknown, time.Time{}, Depends},
		{day(2027, time.January, 1), True, time.Time{}, Free},
		{day(2027, time.January, 1), False, time.Time{}, Vetoed},
		{day(2027, time.March, 1), Unknown, day(2026, time.December, 31), Depends},
		{day(2027, time.March, 1), Unknown, day(2027, time.January, 1), Vetoed},
		{day(2027, time.March, 1), True, day(2027, time.January, 1), Free},
		{day(2028, time.January, 1), True, time.Time{}, Depends},
		{day(2028, time.January, 1), Unknown, time.Time{}, Depends},
	} {
		in := office()
		in.Tenant.BasicSMTP, in.Tenant.Created = tc.basic, tc.created
		if got := Judge(in, SMTPAuthID, AuthBasic, tc.date); got.State != tc.want {
			t.Errorf("%v basic %q made %v: %s, want %s", tc.date, tc.basic, tc.created, got.State, tc.want)
		}
	}
}

func TestHVEByDate(t *testing.T) {
	t.Parallel()
	for date, want := range map[time.Time]State{
		november: Free, day(2028, time.August, 31): Free, day(2028, time.September, 1): Depends,
		day(2028, time.September, 30): Depends, day(2028, time.October, 1): Vetoed,
	} {
		if got := Judge(office(), ID(HVE), "", date); got.State != want {
			t.Errorf("%v: %s, want %s", date, got.State, want)
		}
	}
}

// A relay on the LAN is as good as what it hands on by.
func TestVia(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		relay  Device
		rcpt   Recipients
		date   time.Time
		want   State
		reason string
	}{
		{"Direct Send reaches no others", Device{Name: "mx1", Method: "direct-send"}, Anyone, november, Vetoed, "mx1 hands on by direct-send: it writes to anyone"},
		{"Direct Send to the tenant", Device{Name: "mx1", Method: "direct-send"}, Internal, november, Free, ""},
		{"a connector", Device{Name: "mx1", Method: "connector-ip"}, Anyone, november, Free, ""},
		{"a password", Device{Name: "mx1", Method: "smtp-auth", Auth: AuthBasic, TLS: TLS12}, Anyone, november, Free, ""},
		{"a password, too late", Device{Name: "mx1", Method: "smtp-auth", Auth: AuthBasic, TLS: TLS12}, Anyone, day(2027, time.January, 1), Depends, ""},
		{"its TLS is not known", Device{Name: "mx1", Method: "acs", Auth: AuthBasic}, Anyone, november, Depends, ""},
		{"its method is not known", Device{Name: "mx1"}, Anyone, november, Depends, ""},
		{"an open relay", Device{Name: "mx1", Now: "open-relay"}, Anyone, november, Vetoed, "mx1 hands on by open-relay: an open relay must go"},
		{"itself", Device{Name: "mx1", Method: "via:mx1"}, Anyone, november, Depends, ""},
	} {
		in := office()
		in.Device.Recipients, in.Device.Auth, in.Device.TLS = tc.rcpt, AuthNone, TLSNone
		in.Others = []Neighbour{{tc.relay, in.Site}}
		o := Judge(in, "via:MX1", "", tc.date)
		if o.State != tc.want || tc.want == Vetoed && (o.Vetoes[0].ID != VetoUpstream || o.Vetoes[0].Reason != tc.reason) {
			t.Errorf("%s: %s %+v", tc.name, o.State, o.Vetoes)
		}
	}
}

// drawInput makes any input, with much that is not known.
func drawInput(t *rapid.T) Input {
	truth := rapid.SampledFrom([]Truth{Unknown, True, False})
	methods := rapid.SampledFrom([]ID{"", "smtp-auth", "direct-send", "connector-ip", "hve", "relay:sendgrid", "relay:none", "via:mx1", "hoster:ionos", "open-relay", "nonsense", "via"})
	senders := rapid.SliceOfN(rapid.SampledFrom([]string{"a@contoso.example", "b@sub.contoso.example", "c@fabrikam.example", "d@contoso.onmicrosoft.com", "no address", "@"}), 0, 3)
	prefixes := rapid.SliceOfN(rapid.SampledFrom([]netip.Prefix{netip.MustParsePrefix("203.0.113.10/32"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("2001:db8::/64")}), 0, 2)
	numbers := rapid.SampledFrom([]int{0, 1, 31, 101, 5000, 10001, 1000000})
	in := office()
	in.Device = Device{
		Name: "x", Kind: rapid.SampledFrom([]string{"", "scanner", "application", "service"}).Draw(t, "kind"),
		Method: methods.Draw(t, "method"), Now: methods.Draw(t, "now"), From: senders.Draw(t, "from"),
		FromVaries: truth.Draw(t, "varies"), MailFrom: rapid.SampledFrom([]string{"", "<>", "b.contoso.example", "x@fabrikam.example"}).Draw(t, "mailfrom"),
		Recipients: rapid.SampledFrom([]Recipients{RecipientsUnknown, Internal, OneExternal, OneDomain, Anyone}).Draw(t, "recipients"),
		Auth:       rapid.SampledFrom([]Auth{AuthUnknown, AuthNone, AuthBasic, AuthOAuth}).Draw(t, "auth"),
		TLS:        rapid.SampledFrom([]TLS{TLSUnknown, TLSNone, TLS10, TLS11, TLS12, TLS13}).Draw(t, "tls"),
		HTTPS:      truth.Draw(t, "https"), Certificate: truth.Draw(t, "certificate"), ThirdParty: truth.Draw(t, "hosted"),
		PerDay: numbers.Draw(t, "perday"), PerMinute: numbers.Draw(t, "perminute"),
	}
	in.Site = Site{Addresses: prefixes.Draw(t, "addresses"), Static: truth.Draw(t, "static"), Shared: truth.Draw(t, "shared"), IPv6: truth.Draw(t, "ipv6"), Port25: truth.Draw(t, "port25"), Methods: []ID{methods.Draw(t, "site")}}
	in.Tenant.Cloud = rapid.SampledFrom([]provider.Cloud{"", provider.Worldwide, provider.GCCHigh, provider.DoD, provider.China}).Draw(t, "cloud")
	in.Tenant.RejectDirectSend, in.Tenant.SecurityDefaults, in.Tenant.InboundLocked = truth.Draw(t, "reject"), truth.Draw(t, "defaults"), truth.Draw(t, "locked")
	in.Tenant.Licences, in.Tenant.ExternalPerDay = numbers.Draw(t, "licences"), numbers.Draw(t, "external")
	in.Tenant.Outbound = rapid.SampledFrom([]Path{"", PathDirect, "gateway:mimecast", "own-server:mx1", "gateway:none"}).Draw(t, "outbound")
	in.Tenant.Accepted = rapid.SampledFrom([][]dns.Name{nil, {"contoso.example"}}).Draw(t, "accepted")
	if truth.Draw(t, "connector") == True {
		in.Tenant.Connectors = []Connector{{Name: "c", Type: rapid.SampledFrom([]ConnectorType{OnPremises, Partner}).Draw(t, "type"), Enabled: truth.Draw(t, "enabled"), Addresses: prefixes.Draw(t, "held"),
			SenderDomains: rapid.SampledFrom([][]string{{"*"}, {"contoso.example"}, {"smtp:*.contoso.example;1"}, nil}).Draw(t, "scope"), RestrictToIP: truth.Draw(t, "restrict")}}
	}
	if truth.Draw(t, "others") == True {
		in.Others = []Neighbour{{Device{Name: "mx1", Method: methods.Draw(t, "relay"), Auth: in.Device.Auth}, in.Site}}
	}
	return in
}

// Whatever is known: nothing vetoed is recommended, what is recommended needs
// no answer, every value has its source, and twice the same gives the same.
func TestAdviseHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInput(rt)
		date := rapid.SampledFrom([]time.Time{november, basicOff, day(2027, time.January, 1), day(2028, time.March, 1), hveBasicOut}).Draw(rt, "date")
		a := Advise(in, date)
		checkFacts(t, a)
		if a.Recommended != "" {
			first := a.Options[0]
			if first.Method != a.Recommended || first.State != Free || len(a.Questions) > 0 || a.Meanwhile != "" {
				rt.Fatalf("recommends %q: %+v, asks %v", a.Recommended, first, a.Questions)
			}
		}
		if a.Recommended.Kind().Dead() || a.Meanwhile.Kind().Dead() {
			rt.Fatal("recommends what is dead")
		}
		if b := Advise(in, date); fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
			rt.Fatal("differs from run to run")
		}
		for _, o := range a.Options {
			Route(in, o.Method)
			for _, s := range Settings(in, o.Method, o.Auth) {
				checkFact(t, s.Name, s.Value)
			}
		}
		Route(in, in.Device.Method)
	})
}

// fillings answer what may not be known. The kind of a device stands for an
// answer on HTTPS, so that one is left out.
var fillings = []func(*Input, Truth){
	func(in *Input, v Truth) { in.Site.Static = fill(in.Site.Static, v) },
	func(in *Input, v Truth) { in.Site.Shared = fill(in.Site.Shared, v) },
	func(in *Input, v Truth) { in.Site.Port25 = fill(in.Site.Port25, v) },
	func(in *Input, v Truth) { in.Tenant.RejectDirectSend = fill(in.Tenant.RejectDirectSend, v) },
	func(in *Input, v Truth) { in.Tenant.SecurityDefaults = fill(in.Tenant.SecurityDefaults, v) },
	func(in *Input, v Truth) { in.Device.Certificate = fill(in.Device.Certificate, v) },
	func(in *Input, v Truth) { in.Device.FromVaries = fill(in.Device.FromVaries, v) },
}

func fill(old, answer Truth) Truth {
	if old == Unknown {
		return answer
	}
	return old
}

// A veto is never a guess: what is vetoed while something is not known stays so
// whatever the answer.
func TestVetoesAreNoGuesses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInput(rt)
		more := in
		rapid.SampledFrom(fillings).Draw(rt, "field")(&more, rapid.SampledFrom([]Truth{True, False}).Draw(rt, "answer"))
		if in.Device.Recipients == RecipientsUnknown {
			more.Device.Recipients = rapid.SampledFrom([]Recipients{Internal, OneExternal, Anyone}).Draw(rt, "answer")
		}
		if in.Device.Auth == AuthUnknown {
			more.Device.Auth = rapid.SampledFrom([]Auth{AuthNone, AuthBasic, AuthOAuth}).Draw(rt, "answer")
		}
		before, after := vetoSet(Advise(in, november)), vetoSet(Advise(more, november))
		for _, v := range before {
			if !slices.Contains(after, v) {
				rt.Fatalf("%s is vetoed only while something is not known\n%+v\n%+v", v, in, more)
			}
		}
	})
}

// A recommendation holds for every answer to what was not asked.
func TestRecommendationHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInput(rt)
		a := Advise(in, november)
		if a.Recommended == "" {
			return
		}
		for _, g := range gaps {
			if !g.open(in) {
				continue
			}
			for _, answer := range g.answers {
				more := in
				answer(&more)
				if b := Advise(more, november); b.Options[0].Method != a.Recommended {
					rt.Fatalf("%s, but %s after an answer on %s", a.Recommended, b.Options[0].Method, g.ask.Field)
				}
			}
		}
	})
}

func BenchmarkAdvise(b *testing.B) {
	in := office()
	in.Site.Static, in.Device.Auth = Unknown, AuthUnknown
	for b.Loop() {
		Advise(in, november)
	}
}
